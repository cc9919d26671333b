"""The bill of material equals what the columns need, and keeps the policy's limits on SKUs."""

from __future__ import annotations

from collections import Counter

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.assemblies import near_ends
from optidsl.plan.verify.money import fee_ports, money_findings
from optidsl.plan.verify.view import View, finding, number, text

Need = tuple[str, str, int]
"""Category, part, length in mm (0 without)."""


def purchase_findings(view: View) -> list[Diagnostic]:
    """Count everything again and compare it with the bill of material and the policy."""
    needed = _boxes(view) + _modules(view) + _cables(view) + _attenuators(view) + _lines(view) + fee_ports(view)
    listed: Counter[Need] = Counter()
    for line in view.plan.bom:
        listed[line.category, line.part, line.length_mm] += line.quantity
    findings = []
    for need in sorted(needed.keys() | listed.keys()):
        if needed[need] != listed[need]:
            category, part, length_mm = need
            length = f" of {length_mm / 1000:g} m" if length_mm else ""
            message = f"the bill of material lists {listed[need]} x {part}{length}, the plan needs {needed[need]}"
            findings.append(finding("bom-mismatch", message, f"category {category}"))
    return findings + _sku_limits(view, needed) + money_findings(view)


def _boxes(view: View) -> Counter[Need]:
    boxes: Counter[Need] = Counter()
    for group in view.plan.groups:
        boxes["switch" if group.kind == "switch" else "server", group.model, 0] += group.count
    return +boxes


def _modules(view: View) -> Counter[Need]:
    """Count a module per cage, not per link."""
    cages: dict[str, list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
    for row, each in enumerate(view.plan.classes):
        rows = view.rows(row)
        if not each.direct:
            cages.setdefault(each.a_module, []).append(view.a.cage_id[rows])
            cages.setdefault(each.z_module, []).append(view.z.cage_id[rows])
    counted = {
        ("transceiver", part, 0): len(set(np.concatenate(ids).tolist()))
        for part, ids in cages.items()
        if number(view.part(part), "built_in") is None
    }
    return +Counter(counted)


def _cables(view: View) -> Counter[Need]:
    """Count a cable per link, or per near end where it serves several links."""
    cables: Counter[Need] = Counter()
    ordered, row = view.plan.links.ordered_mm, view.plan.links.link_class
    _, first = np.unique(near_ends(view), return_index=True)
    for index, each in enumerate(view.plan.classes):
        if each.line:
            continue
        lengths, counts = np.unique(np.maximum(ordered[first][row[first] == index], 0), return_counts=True)
        for length, count in zip(lengths.tolist(), counts.tolist(), strict=True):
            cables["cable", each.direct or each.fiber, length] += count
    return cables


def _attenuators(view: View) -> Counter[Need]:
    """Count an attenuator for each link at each end that has one."""
    found: Counter[Need] = Counter()
    for row, each in enumerate(view.plan.classes):
        for name in (each.a_attenuator, each.z_attenuator):
            if name:
                found["attenuator", name, 0] += int(view.rows(row).size)
    return +found


def _lines(view: View) -> Counter[Need]:
    """Count the amplifiers of both directions and the multiplexers of both ends."""
    found: Counter[Need] = Counter()
    for line in view.plan.lines:
        found["mux", line.mux, 0] += 2
        found.update(("amplifier", each.model, 0) for each in (*line.amplifiers, *line.amplifiers))
    return found


def _sku_limits(view: View, needed: Counter[Need]) -> list[Diagnostic]:
    policy, findings = view.plan.policy, []
    for category, limit, what in (
        ("transceiver", policy.optic_skus_max, "optics"),
        ("cable", policy.cable_skus_max, "cables"),
    ):
        skus = [need for need in needed if need[0] == category]
        if limit is not None and len(skus) > limit:
            message = f"the plan buys {len(skus)} different {what}, the policy allows {limit}"
            findings.append(finding("sku-limit", message))
    assemblies = {each.fiber for each in view.plan.classes if each.fiber and not each.line}
    types = {(text(view.part(name), "grade"), text(view.part(name), "connector")) for name in assemblies}
    if policy.fiber_types_max is not None and len(types) > policy.fiber_types_max:
        message = f"the plan buys {len(types)} types of fibre, the policy allows {policy.fiber_types_max}"
        findings.append(finding("sku-limit", message))
    return findings
