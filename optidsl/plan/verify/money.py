"""Money, stock and latency counted again: the bill of material's sums, the fees' ports, the longest path's cables."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanFabric
from optidsl.plan.verify.view import View, finding

_FIBER_PS_PER_MM = {"singlemode": Fraction(49, 10), "multimode": Fraction(99, 20), "aoc": Fraction(99, 20)}
_COPPER_PS_PER_MM = Fraction(9, 2)


def money_findings(view: View) -> list[Diagnostic]:
    """Report sums of the bill of material that do not add up, and cable latencies that the columns contradict."""
    findings = []
    for line in view.plan.bom:
        if line.price and Fraction(line.price) * line.quantity != Fraction(line.price_total or 0):
            message = f"{line.quantity} x {line.part} at {line.price} are not {line.price_total or 'nothing'}"
            findings.append(finding("bom-mismatch", f"the bill of material says that {message}"))
        if line.price and Fraction(line.price) * (line.spares or 0) != Fraction(line.spares_total or 0):
            message = f"{line.spares} spares of {line.part} at {line.price} are not {line.spares_total or 'nothing'}"
            findings.append(finding("bom-mismatch", f"the bill of material says that {message}"))
        wanted = line.quantity + (line.spares or 0)
        if line.stock is not None and line.to_buy != max(0, wanted - line.stock):
            message = f"buys {line.to_buy} x {line.part}, with {line.stock} of {wanted} there"
            findings.append(finding("bom-mismatch", f"the bill of material {message}"))
    for fabric in view.plan.fabrics:
        findings += _cables(view, fabric)
    return findings


def fee_ports(view: View) -> Counter[tuple[str, str, int]]:
    """Count the switch ports in use of each protocol that the bill of material charges a fee for."""
    charged = {line.part for line in view.plan.bom if line.category == "fee"}
    ports: Counter[tuple[str, str, int]] = Counter()
    links, kinds = view.plan.links, np.array([group.kind == "switch" for group in view.plan.groups])
    for fabric in view.plan.fabrics:
        if fabric.protocol not in charged:
            continue
        own = [at for at, segment in enumerate(view.plan.segments) if segment.fabric == fabric.name]
        rows = np.flatnonzero(np.isin(links.segment, own))
        for device in (links.a_device, links.z_device):
            ports["fee", fabric.protocol, 0] += int(kinds[view.plan.devices.group[device[rows]]].sum())
    return +ports


def _cables(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Recompute what the cables of the longest path take: twice the slowest of each segment up and down a tree."""
    if fabric.cable_latency_ps is None:
        return []
    by_segment: dict[int, int] = {}
    for row, each in enumerate(view.plan.classes):
        if view.plan.segments[each.segment].fabric != fabric.name:
            continue
        grade = view.plan.parts.get(each.grade)
        stated = None if grade is None else grade.facts.get("latency_ns")
        speed = _FIBER_PS_PER_MM.get(each.medium, _COPPER_PS_PER_MM)
        if stated is not None and isinstance(stated.value, int) and stated.confidence != "unverified":
            speed = Fraction(stated.value, 1000)
        longest = int(view.plan.links.ordered_mm[view.rows(row)].max(initial=0))
        delay = -(-(speed * longest).numerator // (speed * longest).denominator)
        by_segment[each.segment] = max(by_segment.get(each.segment, 0), delay)
    delays = [by_segment[at] for at in sorted(by_segment)]
    if fabric.hops == 2 * len(fabric.tiers) - 1:
        total = 2 * sum(delays)
    else:
        total = 2 * sum(delays[:1]) + (fabric.hops - 1) * max(delays[1:], default=0)
    if total == fabric.cable_latency_ps:
        return []
    message = (
        f"the cables of {fabric.name}'s longest path take {total / 1000:.1f} ns, the plan says "
        f"{fabric.cable_latency_ps / 1000:.1f} ns"
    )
    return [finding("latency-mismatch", message)]
