"""Co-packaged optics: which ports fail together, because one optical engine or one laser module serves them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl._record import record
from optidsl.plan.model import Plan, PlanGroup

KINDS: tuple[tuple[str, str], ...] = (("engine_ports", "optical engine"), ("laser_ports", "laser module"))
"""The fact that gives the size of a domain, and what the domain is called."""


@record(frozen=True, slots=True)
class FailureDomain:
    """Alike domains of a group's switches: `n_each` on a switch, of `ports` front ports each.

    `links` and `rate_mbps` are what the loss of one takes away at worst, with the device and the domain (from 1) where.
    """

    kind: str
    group: str
    model: str
    n_each: int
    ports: int
    links: int
    rate_mbps: int
    device: str
    number: int


def failure_domains(plan: Plan) -> tuple[FailureDomain, ...]:
    """Return the domains of every group of switches with co-packaged optics; none where there are no such boxes."""
    return tuple(
        _worst(plan, row, kind, size) for row, group in enumerate(plan.groups) for kind, size in _sizes(plan, group)
    )


def _sizes(plan: Plan, group: PlanGroup) -> Iterator[tuple[str, int]]:
    if group.kind != "switch":
        return
    facts = plan.parts[group.model].facts
    for field, kind in KINDS:
        if field in facts and isinstance(size := facts[field].value, int):
            yield kind, size


def _worst(plan: Plan, row: int, kind: str, size: int) -> FailureDomain:
    group = plan.groups[row]
    n_each = -(-_cages(plan, group) // size)
    links, rates = np.zeros((group.count, n_each), np.int64), np.zeros((group.count, n_each), np.int64)
    cage = np.array(group.ports.cage, dtype=np.int64)
    rate = np.array([segment.rate_mbps for segment in plan.segments], dtype=np.int64)[plan.links.segment]
    for device, port in ((plan.links.a_device, plan.links.a_port), (plan.links.z_device, plan.links.z_port)):
        inside = np.flatnonzero(plan.devices.group[device] == row)
        at = (device[inside] - group.first, cage[port[inside]] // size)
        np.add.at(links, at, 1)
        np.add.at(rates, at, rate[inside])
    device_at, number = np.unravel_index(int(np.argmax(rates)), rates.shape)
    return FailureDomain(
        kind,
        group.name,
        group.model,
        n_each,
        size,
        int(links[device_at, number]),
        int(rates[device_at, number]),
        plan.devices.name[group.first + int(device_at)],
        int(number) + 1,
    )


def _cages(plan: Plan, group: PlanGroup) -> int:
    fact = plan.parts[group.model].facts.get("cages")
    return fact.value if fact is not None and isinstance(fact.value, int) else 1 + max(group.ports.cage, default=0)


def domain_line(domain: FailureDomain) -> str:
    """Return what the loss of one domain takes away, for a report."""
    lost = f"{domain.links} link{'' if domain.links == 1 else 's'}, {domain.rate_mbps / 1_000:,.10g} Gbit/s"
    return f"one {domain.kind} takes {domain.ports} ports: {lost} at worst ({domain.device}, {domain.number})"


def device_domains(plan: Plan, device: int) -> list[str]:
    """Return the domains of one device as lines: the ports of each, and the links that it takes."""
    group = plan.groups[int(plan.devices.group[device])]
    lines: list[str] = []
    for kind, size in _sizes(plan, group):
        lines.append(f"  one {kind} for {size} ports")
        used = np.zeros(len(group.ports.name), dtype=np.int64)
        for end, port in ((plan.links.a_device, plan.links.a_port), (plan.links.z_device, plan.links.z_port)):
            np.add.at(used, port[end == device], 1)
        domain = np.array(group.ports.cage, dtype=np.int64) // size
        for number in range(-(-_cages(plan, group) // size)):
            ports = np.flatnonzero(domain == number)
            if not ports.size:
                continue
            names = [group.ports.name[port] for port in (int(ports[0]), int(ports[-1]))]
            n_links = int(used[ports].sum())
            shown = names[0] if names[0] == names[1] else f"{names[0]} … {names[1]}"
            links = f"{n_links} link{'' if n_links == 1 else 's'}"
            lines.append(f"    {kind} {number + 1:<3} {shown}: {links}")
    return lines
