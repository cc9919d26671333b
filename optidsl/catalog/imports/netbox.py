"""NetBox device types (YAML) to switches.

Source: NetBox device type library: `manufacturer`, `model`, `u_height`, `power-ports` with `maximum_draw`, and
`interfaces`, each with a `name`, a `type` of NetBox's choice set (`400gbase-x-osfp`) and perhaps `mgmt_only`.
"""

from __future__ import annotations

from optidsl._record import record
from optidsl.catalog.imports.model import Finding, Imported, ImportedSwitch, unreadable
from optidsl.catalog.imports.netbox_lints import lint_height, lint_ports, lint_protocol
from optidsl.catalog.imports.netbox_ports import NetboxPort, Panel, arrange, port_type
from optidsl.catalog.imports.templates import PortName, fit
from optidsl.catalog.parts import BreakoutMode


@record(frozen=True, slots=True)
class DeviceType:
    """What is read of a device type; `words` is every text that may tell its family, `draws` W of each supply."""

    manufacturer: str
    model: str
    part_number: str
    u_height: float | None
    words: str
    draws: tuple[int | None, ...]
    ports: tuple[NetboxPort, ...]


def import_netbox(content: object) -> Imported:
    """Return the switch that a parsed device type describes.

    Args:
        content: what the YAML says.

    Returns:
        The switch, unless a finding is an error, and the findings.
    """
    if not isinstance(content, dict) or "model" not in content:
        return unreadable("the file is no NetBox device type: it has no `model`")
    device = _device(content)
    if device is None:
        return unreadable("`interfaces` is not a list of interfaces, each with a `name` and a `type`", "interfaces")
    findings: list[Finding] = []
    panel = arrange(device.ports, findings)
    if panel is None:
        what = f"none of the {len(device.ports)} interfaces" if device.ports else "no interface"
        message = f"{what} of {device.model} has a type whose lanes are known"
        return Imported(None, (*findings, Finding("import-no-ports", "error", message, "interfaces", "see these")))
    findings.extend(lint_ports(panel))
    protocol, doubts = lint_protocol(panel.protocol, device.model, device.words)
    findings.extend(doubts)
    units, doubts = lint_height(device.u_height, panel)
    findings.extend(doubts)
    return Imported(_switch(device, panel, protocol, units, findings), tuple(findings))


def _switch(
    device: DeviceType, panel: Panel, protocol: str, units: int | None, findings: list[Finding]
) -> ImportedSwitch:
    names = [PortName(port.name, cage, bore, panel.bores, 0) for port, cage, bore in panel.places]
    port_name = fit(names)
    if port_name is None:
        message = f"the names like {names[0].name} follow no template; the block calls the ports `{{cage}}/{{bore}}`"
        findings.append(Finding("import-incomplete", "warning", message, names[0].name, "the first of them"))
    if panel.plug is None:
        message = f"the types do not say which plugs the cages of {device.model} take: the block accepts none"
        helps = ("list them in `accepts`, inside a `cite` with the document that says so",)
        findings.append(Finding("import-incomplete", "warning", message, panel.kind, "names no plug", helps=helps))
    draws = [draw for draw in device.draws if draw is not None]
    return ImportedSwitch(
        model=device.model,
        origin=f"NetBox device type {device.manufacturer} {device.model}".replace("  ", " "),
        confidence="secondary",
        vendor=device.manufacturer,
        protocols=(protocol,),
        cages=panel.cages,
        lanes=panel.lanes,
        accepts=() if panel.plug is None else (panel.plug,),
        breakout=(BreakoutMode(panel.bores, panel.rate_mbps),),
        port_name=port_name or "{cage}/{bore}",
        units=units,
        power_max_w=sum(draws) if draws and len(draws) == len(device.draws) else None,
        part_numbers=tuple(dict.fromkeys(name for name in (device.model, device.part_number) if name)),
    )


# ------------------------------------------------------------------ reading the file


def _device(content: dict[object, object]) -> DeviceType | None:
    interfaces = content.get("interfaces") or []
    if not isinstance(interfaces, list):
        return None
    ports: list[NetboxPort] = []
    for entry in interfaces:
        if not isinstance(entry, dict) or "name" not in entry or "type" not in entry:
            return None
        kind = str(entry["type"])
        ports.append(NetboxPort(str(entry["name"]), kind, entry.get("mgmt_only") is True, port_type(kind)))
    height = content.get("u_height")
    told = ("model", "slug", "part_number", "comments", "description")
    return DeviceType(
        manufacturer=_text(content.get("manufacturer")),
        model=_text(content.get("model")),
        part_number=_text(content.get("part_number")),
        u_height=float(height) if isinstance(height, (int, float)) and not isinstance(height, bool) else None,
        words=" ".join(_text(content.get(key)) for key in told),
        draws=_draws(content.get("power-ports")),
        ports=tuple(ports),
    )


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _draws(value: object) -> tuple[int | None, ...]:
    """Return the most that each supply draws, in W; None for one that does not say."""
    entries = value if isinstance(value, list) else []
    draws = [entry.get("maximum_draw") if isinstance(entry, dict) else None for entry in entries]
    return tuple(draw if isinstance(draw, int) and not isinstance(draw, bool) and draw > 0 else None for draw in draws)
