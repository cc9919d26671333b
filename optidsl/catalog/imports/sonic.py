"""SONiC platforms (`device/<vendor>/<platform>/platform.json`) to switches.

Source: SONiC, "Dynamic Port Breakout" design: `interfaces` maps a cage's first port to its front `index`, its ASIC
`lanes`, and its `breakout_modes`, each `PORTSxRATE[other rates](lanes)` with one alias for each port.
"""

from __future__ import annotations

import re

from optidsl._record import record
from optidsl.catalog.imports.model import Finding, Imported, ImportedSwitch, listed, unreadable
from optidsl.catalog.imports.sonic_cages import Chosen, SonicCage, SonicMode, choose
from optidsl.catalog.imports.sonic_lints import lint_cages, lint_repeats
from optidsl.catalog.imports.templates import PortName, fit
from optidsl.catalog.parts import BreakoutMode, Lanes

_MODE = re.compile(r"^([0-9]{1,3})x([0-9]{1,5})G(?:\[[0-9G, ]*\])?(?:\(([1-9][0-9]{0,2})\))?$")
_NUMBER = re.compile(r"^\s*[0-9]{1,9}\s*$")
_PLATFORM = re.compile(r"(x86_64|arm64|armhf)-([a-z0-9]+)_[A-Za-z0-9_-]+")
_VENDORS = {
    "arista": "Arista",
    "celestica": "Celestica",
    "dell": "Dell",
    "accton": "Edgecore",
    "micas": "Micas",
    "mlnx": "NVIDIA",
    "nexthop": "Nexthop",
    "nokia": "Nokia",
    "nvidia": "NVIDIA",
    "supermicro": "Supermicro",
    "ufispace": "UfiSpace",
}
"""Makers by the word that SONiC's platform names begin with."""


@record(frozen=True, slots=True)
class _Names:
    port_name: str
    port_alias: str


def import_sonic(content: object, path: str, repeated: list[str]) -> Imported:
    """Return the switch that a parsed `platform.json` describes.

    Args:
        content: what the JSON says.
        path: the file as the user named it.
        repeated: keys that an object of the file has twice.

    Returns:
        The switch, unless a finding is an error, and the findings.
    """
    if not isinstance(content, dict) or not isinstance(content.get("interfaces"), dict):
        return unreadable("the file is no SONiC platform.json: it has no map `interfaces`")
    if not content["interfaces"]:
        message = "the platform lists no interfaces, so nothing is known of its cages"
        helps = ("such a platform keeps its ports in a port_config.ini, which has no breakout modes",)
        return Imported(None, (Finding("import-no-ports", "error", message, '"interfaces"', "empty", helps=helps),))
    findings: list[Finding] = []
    cages: list[SonicCage] = []
    unread: dict[str, list[str]] = {}
    for name, value in content["interfaces"].items():
        cage = _cage(str(name), value, unread)
        if cage is None:
            return unreadable(f"interface {name} has no `index`, `lanes` and `breakout_modes` in the known form", name)
        cages.append(cage)
    for text, names in unread.items():
        message = f"{listed(names, 2)} can run as `{text}`, which `breakout` cannot say: the block leaves the mode out"
        findings.append(Finding("import-incomplete", "note", message, text, "left out"))
    findings.extend(lint_repeats(cages, repeated))
    chosen = choose(cages, findings)
    if chosen is None:
        message = f"none of the {len(cages)} interfaces has a breakout mode that can be read"
        return Imported(None, (*findings, Finding("import-no-ports", "error", message)))
    findings.extend(lint_cages(cages, chosen))
    return Imported(_switch(content, path, chosen, findings), tuple(findings))


def _switch(content: dict[object, object], path: str, chosen: Chosen, findings: list[Finding]) -> ImportedSwitch:
    found = _PLATFORM.search(path)
    platform = found[0] if found else None
    chassis = content.get("chassis")
    name = chassis.get("name") if isinstance(chassis, dict) else None
    model = name if isinstance(name, str) and name.strip() else platform or "switch"
    names = _names(chosen, findings)
    message = f"the file does not say which plugs the cages of {model} take: the block accepts none"
    helps = ("list them in `accepts`, inside a `cite` with the document that says so",)
    findings.append(Finding("import-incomplete", "warning", message, helps=helps))
    return ImportedSwitch(
        model=model,
        origin=f"SONiC platform.json of {platform or model}",
        confidence="vendor-doc",
        vendor=_VENDORS.get(found[2], "") if found else "",
        protocols=("ethernet",),
        cages=len(chosen.cages),
        lanes=Lanes(chosen.lanes, chosen.lane_mbps),
        accepts=(),
        breakout=tuple(BreakoutMode(*mode) for mode in chosen.modes),
        port_name=names.port_name,
        port_alias=names.port_alias,
        part_numbers=(model,) if name else (),
        sonic_platform=platform,
    )


def _names(chosen: Chosen, findings: list[Finding]) -> _Names:
    """Return templates of the ports' names and aliases, and report what no template explains."""
    keys = [PortName(cage.name, i, 0, 1, i * chosen.lanes) for i, cage in enumerate(chosen.cages)]
    aliases = [
        PortName(alias, i, bore, mode.ports, i * chosen.lanes + bore * (chosen.lanes // mode.ports))
        for i, cage in enumerate(chosen.cages)
        for mode in cage.modes
        if mode.key in chosen.modes
        for bore, alias in enumerate(mode.aliases)
    ]
    port_name, alias = fit(keys), fit(aliases)
    if port_name is None:
        names = listed([cage.name for cage in chosen.cages], 3)
        message = f"the names {names} follow no template; the block calls the ports `{{cage}}/{{bore}}`"
        findings.append(Finding("import-incomplete", "warning", message, chosen.cages[0].name, "the first of them"))
    if alias is None and aliases:
        names = listed([port.name for port in aliases], 4)
        message = f"the aliases {names} follow no template; the block leaves `port_alias` out"
        findings.append(Finding("import-incomplete", "warning", message, aliases[0].name, "the first of them"))
    return _Names(port_name or "{cage}/{bore}", alias or "")


# ------------------------------------------------------------------ reading one interface


def _cage(name: str, value: object, unread: dict[str, list[str]]) -> SonicCage | None:
    if not isinstance(value, dict):
        return None
    index, lanes, modes = _numbers(value.get("index")), _numbers(value.get("lanes")), value.get("breakout_modes")
    if not index or not lanes or not isinstance(modes, dict):
        return None
    read: list[SonicMode] = []
    for text, aliases in modes.items():
        mode = _mode(str(text), aliases)
        if mode is None:
            unread.setdefault(str(text), []).append(name)
        else:
            read.append(mode)
    return SonicCage(name, index, lanes, tuple(read))


def _numbers(value: object) -> tuple[int, ...]:
    """Return `"1,1,1"` or `1` as numbers; nothing for anything else."""
    parts = str(value).split(",") if isinstance(value, (str, int)) else []
    return tuple(int(part) for part in parts) if all(_NUMBER.match(part) for part in parts) else ()


def _mode(text: str, aliases: object) -> SonicMode | None:
    found = _MODE.match(text.strip())
    if found is None or int(found[1]) == 0 or not isinstance(aliases, list):
        return None
    rate_mbps = int(found[2]) * 1000
    lanes = int(found[3]) if found[3] else None
    return SonicMode(text, int(found[1]), rate_mbps, lanes, tuple(str(alias) for alias in aliases))
