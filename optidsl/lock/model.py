"""The records of a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._record import field, record
from optidsl.plan.link_keys import end_names, link_keys
from optidsl.plan.pins import Pins, identity

if TYPE_CHECKING:
    from optidsl.plan.model import Plan


@record(frozen=True, slots=True)
class Lock:
    """What an earlier plan decided.

    Attributes:
        picks: candidate (`sr8 + mm-mpo + sr8`) by name of the link class.
        counts: switches by `fabric.tier`.
        naming: naming templates that made the names, by `switch` and `node`.
        names: device name by identity (`compute.leaf[3]`).
        asns: autonomous system number by device name.
        loopbacks: IPv4 address as an integer by device name.
        cables: part and ordered length (`mm-mpo 10m`) by link key (`a-device a-port -- z-device z-port`).
        p2p: even IPv4 address of a /31 as an integer by link key.
    """

    picks: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    naming: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    asns: dict[str, int] = field(default_factory=dict)
    loopbacks: dict[str, int] = field(default_factory=dict)
    cables: dict[str, str] = field(default_factory=dict)
    p2p: dict[str, int] = field(default_factory=dict)


def pins_of(lock: Lock | None) -> Pins:
    """Return the numbers and names that a new plan keeps; none without a lock."""
    if lock is None:
        return Pins()
    return Pins(loopbacks=lock.loopbacks, asns=lock.asns, p2p=lock.p2p, names=lock.names, naming=lock.naming)


def lock_picks(lock: Lock | None) -> dict[str, str]:
    """Return the candidate in service by name of the link class, for the chooser to keep."""
    return {} if lock is None else dict(lock.picks)


def lock_of(plan: Plan) -> Lock:
    """Return the lock of a plan."""
    devices, links = plan.devices, plan.links
    ports = [group.ports.name for group in plan.groups]
    keys = link_keys(
        end_names(links.a_device, links.a_port, devices.name, devices.group, ports),
        end_names(links.z_device, links.z_port, devices.name, devices.group, ports),
    )
    parts = [link_class.direct or link_class.fiber for link_class in plan.classes]
    cables = _cables(parts, links.link_class.tolist(), links.ordered_mm.tolist())
    groups = [plan.groups[index].name for index in devices.group.tolist()]
    return Lock(
        picks={link_class.name: link_class.candidate for link_class in plan.classes},
        counts={
            f"{fabric.name}.{tier}": count
            for fabric in plan.fabrics
            for tier, count in zip(fabric.tiers, fabric.counts, strict=True)
        },
        naming=dict(plan.header.naming),
        names={identity(g, k): n for g, k, n in zip(groups, devices.key, devices.name, strict=True)},
        asns={name: asn for name, asn in zip(devices.name, devices.asn.tolist(), strict=True) if asn > 0},
        loopbacks={name: ip for name, ip in zip(devices.name, devices.loopback.tolist(), strict=True) if ip >= 0},
        cables=dict(zip(keys, cables, strict=True)),
        p2p={key: ip for key, ip in zip(keys, links.p2p.tolist(), strict=True) if ip >= 0},
    )


def _cables(parts: list[str], classes: list[int], lengths_mm: list[int]) -> list[str]:
    """Return `part length` for every link; few pairs differ, so each is written once."""
    texts: dict[tuple[int, int], str] = {}
    for pair in set(zip(classes, lengths_mm, strict=True)):
        length = f"{pair[1] / 1000:g}m" if pair[1] >= 0 else "?"
        texts[pair] = f"{parts[pair[0]]} {length}"
    return [texts[pair] for pair in zip(classes, lengths_mm, strict=True)]
