"""An imported switch as a file of the language."""

from __future__ import annotations

import re

from optidsl.catalog.imports.model import ImportedSwitch, rate_text
from optidsl.diag import UsageError
from optidsl.syntax.printer import format_source


def render(switch: ImportedSwitch, path: str, name: str | None = None) -> str:
    """Return a source text with a `source` and a `switch_model`.

    Args:
        switch: what to print; what it does not know is left out, or said in a comment where the language needs it.
        path: the file as the user named it, for the source's `at`.
        name: the model's name; made of the model when None.

    Returns:
        The text, in canonical form.

    Raises:
        UsageError: `name` is not a name of the language.
    """
    chosen = _name(switch) if name is None else name
    text = format_source("\n".join(_lines(switch, path, chosen)))
    if text is None:
        raise UsageError(f"--name {chosen}: a name starts with a letter and has letters, digits, `-` and `_`")
    return text


def _lines(switch: ImportedSwitch, path: str, name: str) -> list[str]:
    whole = [mode for mode in switch.breakout if not mode.lanes] or list(switch.breakout)
    modes = ", ".join(f"{mode.ports}x{rate_text(mode.rate_mbps)}bps" for mode in whole)
    lines = ["optd 1", "", f"source {name}-file {{", f"title = {_string(switch.origin)}", f"at = {_string(path)}"]
    lines += [f"confidence = {switch.confidence}", "}", "", f"switch_model {name} {{"]
    if switch.vendor:
        lines.append(f"vendor = {_string(switch.vendor)}")
    if switch.part_numbers:
        lines.append(f"part_numbers = [{', '.join(_string(number) for number in switch.part_numbers)}]")
    lines.append(f"protocols = [{', '.join(switch.protocols)}]")
    lines.append(f"port_name = {_string(switch.port_name)}")
    if switch.port_alias:
        lines.append(f"port_alias = {_string(switch.port_alias)}")
    lines += [f"cite {name}-file {{", f"cages = {switch.cages}"]
    lines.append(f"lanes = {switch.lanes.count}x{rate_text(switch.lanes.rate_mbps)}bps")
    if not switch.accepts:
        lines.append("# The file does not say which plugs the cages take: no module fits until this list names them.")
    lines += [f"accepts = [{', '.join(switch.accepts)}]", f"breakout = [{modes}]"]
    lines += [
        f"mode {{ run = {mode.ports}x{rate_text(mode.rate_mbps)}bps, lanes = {mode.lanes} }}"
        for mode in switch.breakout
        if mode not in whole
    ]
    if switch.units is not None:
        lines.append(f"units = {switch.units}U")
    if switch.power_max_w is not None:
        lines.append(f"power_max = {switch.power_max_w}W  # the sum of what its supplies draw: an upper bound")
    if switch.sonic_platform is not None:
        lines.append(f"sonic_platform = {_string(switch.sonic_platform)}")
    return [*lines, "}", "}", ""]


def _name(switch: ImportedSwitch) -> str:
    """Return the model as a name: `DCS-7060X6-64PE` is `dcs-7060x6-64pe`."""
    slug = re.sub(r"[^a-z0-9]+", "-", switch.model.lower()).strip("-") or "switch"
    if slug[0].isdigit():
        maker = re.sub(r"[^a-z]+", "", switch.vendor.lower()) or "model"
        return f"{maker}-{slug}"
    return slug


def _string(text: str) -> str:
    plain = " ".join(text.split()) if "\n" in text else text
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("}", "}}")
    return f'"{escaped}"'
