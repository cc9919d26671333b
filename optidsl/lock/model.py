"""The records of a lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from optidsl._pins import Cable, identity
from optidsl._record import field, record

if TYPE_CHECKING:
    from optidsl.plan.model import Plan, PlanFabric


@record(frozen=True, slots=True)
class Lock:
    """What an earlier plan decided. Devices are called by the names that they had then; `names` tells who that is.

    Attributes:
        picks: candidate (`sr8 + mm-mpo + sr8`) by name of the link class.
        shapes: what a fabric or a tier of it was built as, by `fabric` or `fabric.tier`.
        counts: switches by `fabric.tier`.
        naming: naming templates that made the names, by `switch` and `node`.
        names: device name by identity (`compute.leaf[3]`).
        places: rack and lowest unit (0: not known) by device name.
        asns: autonomous system number by device name.
        loopbacks: IPv4 address as an integer by device name.
        cables: part and ordered length (`mm-mpo 10m`) by device and port of both ends.
        p2p: even IPv4 address of a /31 as an integer by device and port of both ends.
        free: what nobody has any longer, by kind (`name`, `asn`, `addr`, `p2p`) and identity of whose it was; of a
            /31, identity and port of both ends.
    """

    picks: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    naming: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    asns: dict[str, int] = field(default_factory=dict)
    loopbacks: dict[str, int] = field(default_factory=dict)
    cables: dict[Cable, str] = field(default_factory=dict)
    p2p: dict[Cable, int] = field(default_factory=dict)
    free: dict[tuple[str, tuple[str, ...]], Freed] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Freed:
    """What something had that is gone: a name, or a number; `since` is the day of that, "" where nobody said."""

    value: str | int
    since: str = ""


def lock_picks(lock: Lock | None) -> dict[str, str]:
    """Return the candidate in service by name of the link class, for the chooser to keep."""
    return {} if lock is None else dict(lock.picks)


def lock_of(plan: Plan) -> Lock:
    """Return the lock of a plan."""
    devices, links = plan.devices, plan.links
    keys = _ends(plan)
    parts = [link_class.direct or link_class.fiber for link_class in plan.classes]
    cables = _cables(parts, links.link_class.tolist(), links.ordered_mm.tolist())
    groups = [plan.groups[index].name for index in devices.group.tolist()]
    return Lock(
        picks={link_class.name: link_class.candidate for link_class in plan.classes},
        shapes=_shapes(plan),
        counts={
            f"{fabric.name}.{tier}": count
            for fabric in plan.fabrics
            for tier, count in zip(fabric.tiers, fabric.counts, strict=True)
        },
        naming=dict(plan.header.naming),
        names={identity(g, k): n for g, k, n in zip(groups, devices.key, devices.name, strict=True)},
        places=_places(plan),
        asns={name: asn for name, asn in zip(devices.name, devices.asn.tolist(), strict=True) if asn > 0},
        loopbacks={name: ip for name, ip in zip(devices.name, devices.loopback.tolist(), strict=True) if ip >= 0},
        cables=dict(zip(keys, cables, strict=True)),
        p2p={key: ip for key, ip in zip(keys, links.p2p.tolist(), strict=True) if ip >= 0},
    )


def _ends(plan: Plan) -> list[Cable]:
    """Return the names of the devices and ports at the ends of every link."""
    devices, links = plan.devices, plan.links
    first, ports = [0], list[str]()
    for group in plan.groups:
        ports += group.ports.name
        first.append(len(ports))
    columns: list[list[str]] = []
    for device, port in (
        (links.a_device.tolist(), links.a_port.tolist()),
        (links.z_device.tolist(), links.z_port.tolist()),
    ):
        starts = [first[group] for group in devices.group.tolist()]
        columns.append([devices.name[row] for row in device])
        columns.append([ports[starts[row] + at] for row, at in zip(device, port, strict=True)])
    return list(zip(*columns, strict=True))


def _shapes(plan: Plan) -> dict[str, str]:
    """Return how every fabric and tier is built, in words that a person reviews and a later choice reads."""
    found: dict[str, str] = {}
    for fabric in plan.fabrics:
        found[fabric.name] = f"kind {fabric.kind}, tiers {len(fabric.tiers)}, planes {fabric.planes}"
        models = {group.tier: group.model for group in plan.groups if group.fabric == fabric.name}
        for tier in fabric.tiers:
            found[f"{fabric.name}.{tier}"] = f"model {models[tier]}"
        for tier, (down, up) in zip(fabric.tiers, fabric.oversubscription, strict=False):
            if up:
                found[f"{fabric.name}.{tier}"] += f", ratio {down / up:g}:1"
        for tier, words in _sizes(fabric):
            found[f"{fabric.name}.{tier}"] += words
    return found


def _sizes(fabric: PlanFabric) -> Iterator[tuple[str, str]]:
    """Yield the sizes of each tier of a tree that another one could have: ports down of a leaf, up, parallel links."""
    if fabric.kind not in ("clos", "rail_optimized"):
        return
    of_plane = [count // fabric.planes for count in fabric.counts]
    above = [of_plane[1] // fabric.pods, 0] if len(of_plane) > 1 else [0]
    if len(of_plane) > 2:
        above[1:] = [of_plane[2] // above[0], 0]
    for at, (tier, up, switches) in enumerate(zip(fabric.tiers, fabric.up, above, strict=True)):
        words = "" if at else f", down {fabric.down[0]}"
        if up and switches:
            words += f", up {up}" + (f", parallel {up // switches}" if up % switches == 0 else "")
        yield tier, words


def _places(plan: Plan) -> dict[str, tuple[str, int]]:
    """Return where devices stand; a rack whose name several sites have is told with its site."""
    devices, number = plan.devices, Counter(rack.name for rack in plan.racks)
    racks = [rack.name if number[rack.name] == 1 else f"{rack.site}/{rack.name}" for rack in plan.racks]
    return {
        name: (racks[rack], unit)
        for name, rack, unit in zip(devices.name, devices.rack.tolist(), devices.unit.tolist(), strict=True)
        if rack >= 0
    }


def _cables(parts: list[str], classes: list[int], lengths_mm: list[int]) -> list[str]:
    """Return `part length` for every link; few pairs differ, so each is written once."""
    texts: dict[tuple[int, int], str] = {}
    for pair in set(zip(classes, lengths_mm, strict=True)):
        length = f"{pair[1] / 1000:g}m" if pair[1] >= 0 else "?"
        texts[pair] = f"{parts[pair[0]]} {length}"
    return [texts[pair] for pair in zip(classes, lengths_mm, strict=True)]
