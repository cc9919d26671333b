"""The interfaces of a NetBox device type as a front panel: cages, each with the same number of ports."""

from __future__ import annotations

import re
from collections import Counter

from optidsl._record import record
from optidsl.catalog.imports.model import LANE_RATES_MBPS, Finding, listed
from optidsl.catalog.parts import Lanes

_ETHERNET = re.compile(r"^([0-9]{1,5})gbase-x-([a-z0-9-]+)$|^([0-9](?:\.[0-9])?)tbase-x-([a-z0-9-]+)$")
_INFINIBAND_MBPS = {"edr": 100_000, "hdr": 200_000, "ndr": 400_000, "xdr": 800_000}
"""Rates of a port of four lanes (4X), the width of every switch port of these generations."""

_PLUGS: dict[str, tuple[str, int]] = {
    "sfpp": ("sfp-plus", 1),
    "sfp28": ("sfp28", 1),
    "sfp56": ("sfp56", 1),
    "qsfpp": ("qsfp-plus", 4),
    "qsfp28": ("qsfp28", 4),
    "qsfp56": ("qsfp56", 4),
    "qsfp112": ("qsfp112", 4),
    "qsfpdd": ("qsfp-dd", 8),
    "osfp": ("osfp", 8),
    "osfp-rhs": ("osfp-rhs", 8),
}
"""Our word for NetBox's, and how many lanes the plug has."""

_MOST_BORES = 4
_MOST_CAGES = 1024
"""Numbers that run further than this count something else than cages."""

_NUMBER = re.compile(r"[0-9]{1,9}")


@record(frozen=True, slots=True)
class PortType:
    """What a NetBox type says: the protocol, the rate of the port, its plug and the plug's lanes if it names one."""

    protocol: str
    rate_mbps: int
    plug: str | None
    lanes: int


@record(frozen=True, slots=True)
class NetboxPort:
    """An interface; `type` is None when its words are not those of a cage of the fabric."""

    name: str
    kind: str
    is_management: bool
    type: PortType | None


@record(frozen=True, slots=True)
class Panel:
    """Cages that are alike. `places` has each port with its cage and its bore, both from 0; `missing` are names."""

    protocol: str
    kind: str
    plug: str | None
    cages: int
    bores: int
    rate_mbps: int
    lanes: Lanes
    places: tuple[tuple[NetboxPort, int, int], ...]
    missing: tuple[str, ...]


def port_type(kind: str) -> PortType | None:
    """Return what an interface type of NetBox's choice set says, or None when it is not known here."""
    if kind.startswith("infiniband-"):
        rate_mbps = _INFINIBAND_MBPS.get(kind.removeprefix("infiniband-"))
        return None if rate_mbps is None else PortType("infiniband", rate_mbps, None, 4)
    found = _ETHERNET.match(kind)
    if found is None:
        return None
    plug = _PLUGS.get(found[2] or found[4])
    if plug is None:
        return None
    rate_mbps = int(found[1]) * 1000 if found[1] else round(float(found[3]) * 1_000_000)
    word = "qsfp-dd800" if plug[0] == "qsfp-dd" and rate_mbps == 800_000 else plug[0]
    return PortType("ethernet", rate_mbps, word, plug[1])


def arrange(ports: tuple[NetboxPort, ...], findings: list[Finding]) -> Panel | None:
    """Return the panel of the ports that carry most; None when none can be read. What is left out is reported.

    Ports belong together when their names differ in numbers only. Of the numbers that vary the first is the cage, the
    second the port in it.
    """
    groups: dict[tuple[str, str], list[NetboxPort]] = {}
    for port in ports:
        if port.type is not None and not port.is_management:
            groups.setdefault((_NUMBER.sub("#", port.name), port.kind), []).append(port)
    if not groups:
        return None
    main = max(groups.values(), key=lambda group: sum(port.type.rate_mbps for port in group if port.type))
    chosen = {port.name for port in main}
    _report_others([port for port in ports if port.name not in chosen], main[0], findings)
    return _panel(main, findings)


def _panel(main: list[NetboxPort], findings: list[Finding]) -> Panel | None:
    kind = main[0].type
    if kind is None:
        return None
    varying, keys = _keys(main)
    first, low = min(key[0] for key in keys), min(key[1] for key in keys)
    cages, bores = max(key[0] for key in keys) - first + 1, max(key[1] for key in keys) - low + 1
    places = tuple((port, key[0] - first, key[1] - low) for port, key in zip(main, keys, strict=True))
    lanes = _lanes(kind, bores)
    if lanes is None:
        gbps = bores * kind.rate_mbps / 1000
        message = f"{bores} x {kind.rate_mbps // 1000}G on the {kind.lanes} lanes of {kind.plug}: no lane has that rate"
        findings.append(Finding("import-mode-misfit", "error", message, main[0].kind, f"{gbps:g}G in a cage"))
        return None
    there = {(cage, bore) for _, cage, bore in places}
    absent = [(cage, bore) for cage in range(cages) for bore in range(bores) if (cage, bore) not in there]
    missing = tuple(_rename(main[0].name, varying, (cage + first, bore + low)) for cage, bore in absent)
    return Panel(kind.protocol, main[0].kind, kind.plug, cages, bores, kind.rate_mbps, lanes, places, missing)


def _keys(main: list[NetboxPort]) -> tuple[list[int], list[tuple[int, int]]]:
    """Return which numbers of the names vary, and the cage and the port of each name as it counts them."""
    numbers = [[int(text) for text in _NUMBER.findall(port.name)] for port in main]
    varying = [i for i in range(len(numbers[0])) if len({row[i] for row in numbers}) > 1]
    spans = [max(row[i] for row in numbers) - min(row[i] for row in numbers) for i in varying]
    if max(spans, default=0) > _MOST_CAGES:
        return [], [(i, 0) for i in range(len(main))]
    if len(varying) == 2 and spans[1] < _MOST_BORES:
        return varying, [(row[varying[0]], row[varying[1]]) for row in numbers]
    if len(varying) <= 1 and numbers[0]:
        cage = varying[0] if varying else len(numbers[0]) - 1
        return [cage], [(row[cage], 0) for row in numbers]
    return [], [(i, 0) for i in range(len(main))]


def _lanes(kind: PortType, bores: int) -> Lanes | None:
    """Return the lanes of a cage: as many as its plug has, or four for each InfiniBand port."""
    count = kind.lanes if kind.plug else kind.lanes * bores
    total = bores * kind.rate_mbps
    return Lanes(count, total // count) if total % count == 0 and total // count in LANE_RATES_MBPS else None


def _rename(name: str, varying: list[int], values: tuple[int, int]) -> str:
    """Return the name with its varying numbers replaced."""
    texts = {position: str(value) for position, value in zip(varying, values, strict=False)}
    counter = iter(range(len(name)))
    return _NUMBER.sub(lambda found: texts.get(next(counter), found[0]), name)


def _report_others(others: list[NetboxPort], main: NetboxPort, findings: list[Finding]) -> None:
    """Report cages of another kind, and, as a note, the ports that are for management."""
    main_mbps = main.type.rate_mbps if main.type else 0
    cages = [port for port in others if port.type and not port.is_management and port.type.rate_mbps * 4 > main_mbps]
    few = len(cages) <= 1
    rest = others if few else [port for port in others if port not in cages]
    if rest:
        names = listed([port.name for port in rest])
        message = f"{names} {'is' if len(rest) == 1 else 'are'} no part of the fabric: not in the block"
        findings.append(Finding("import-ports-left-out", "note", message, rest[0].name, rest[0].kind))
    if not few:
        counts = Counter(port.kind for port in cages)
        kinds = listed([f"{count} of {kind}" for kind, count in counts.items()])
        message = f"the cages are not alike: the block describes those of {main.kind} and leaves out {kinds}"
        helps = ("describe the others in a model of their own, if the fabric uses them",)
        label = "the first of the others"
        findings.append(Finding("import-cages-differ", "warning", message, cages[0].name, label, helps=helps))
