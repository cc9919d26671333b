"""Phases of growth, judged from the plan alone: what stands hangs together, only adds, and is counted right."""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.bom_model import PlanBomLine
from optidsl.plan.growth_model import PlanPhase
from optidsl.plan.verify.view import View, finding, number


def growth_findings(view: View) -> list[Diagnostic]:
    """Report switches that come too early or too late, and figures of phases that the columns contradict."""
    plan, phases = view.plan, view.plan.growth
    column = plan.devices.phase
    if phases is None or column is None:
        if (phases is None) == (column is None):
            return []
        return [finding("growth-mismatch", "the plan has phases without the devices of each, or the other way round")]
    if column.size and (int(column.min()) < 0 or int(column.max()) >= len(phases)):
        return [finding("growth-mismatch", f"a device stands in a phase that is not one of the {len(phases)}")]
    findings = _order(phases) + _needs(view)
    things: dict[tuple[str, int], list[PlanBomLine]] = {}
    for line in plan.bom:
        things.setdefault((line.part, line.length_mm), []).append(line)
    for lines in things.values():
        findings += _bought(lines, len(phases))
    for at, phase in enumerate(phases):
        findings += _figures(view, at, phase)
    return findings


def _bought(lines: list[PlanBomLine], n_phases: int) -> list[Diagnostic]:
    """Compare what phases add of a thing with its totals, and what they buy with the stock that is left to each."""
    part = lines[0].part
    counts = [("", "quantity", "by_phase"), ("spares of ", "spares", "spares_by_phase")]
    counts += [("to buy of ", "to_buy", "to_buy_by_phase")]
    findings, until = [], {}
    for what, field, by_phase in counts:
        told = [line for line in lines if getattr(line, field) is not None or getattr(line, by_phase)]
        columns = [getattr(line, by_phase) for line in told]
        total = sum(getattr(line, field) or 0 for line in told)
        added = [sum(each) for each in zip(*columns, strict=False)]
        until[field] = np.cumsum(added or [0] * n_phases)
        if told and (len(added) != n_phases or sum(added) != total or min(map(min, columns)) < 0):
            message = f"{total} x {what}{part} are not the {added} that the phases add"
            findings.append(finding("growth-mismatch", message))
    stock = lines[0].stock
    if findings or stock is None:
        return findings
    wanted = until["quantity"] + until["spares"]
    for at in np.flatnonzero(np.maximum(wanted - stock, 0) != until["to_buy"]).tolist():
        message = f"{until['to_buy'][at]} x {part} are bought for {wanted[at]} until phase {at + 1}, {stock} are there"
        findings.append(finding("growth-mismatch", message))
    return findings


def _order(phases: tuple[PlanPhase, ...]) -> list[Diagnostic]:
    days = [phase.ready for phase in phases]
    return [] if days == sorted(days) else [finding("growth-mismatch", "the phases do not follow their days")]


def _needs(view: View) -> list[Diagnostic]:
    """Compare the phase of every switch with the first of those of what hangs on it from below."""
    plan, column = view.plan, view.plan.devices.phase
    if column is None:
        return []
    below: dict[int, int] = {}
    levels = [plan.groups[group].level for group in plan.devices.group.tolist()]
    for a, z in set(zip(view.a.device.tolist(), view.z.device.tolist(), strict=True)):
        low, high = (a, z) if levels[a] < levels[z] else (z, a)
        if levels[low] != levels[high]:
            below[high] = min(below.get(high, len(plan.growth or ())), int(column[low]))
    findings = []
    for switch, wanted in sorted(below.items()):
        if int(column[switch]) != wanted:
            name = plan.devices.name[switch]
            message = f"{name} comes in phase {int(column[switch]) + 1}, what hangs on it from phase {wanted + 1} on"
            findings.append(finding("growth-mismatch", message))
    return findings[:5]


def _figures(view: View, at: int, phase: PlanPhase) -> list[Diagnostic]:
    plan, column = view.plan, view.plan.devices.phase
    if column is None:
        return []
    kinds = np.array([group.kind == "switch" for group in plan.groups], dtype=bool)[plan.devices.group]
    there = column <= at
    links = there[view.a.device] & there[view.z.device]
    ports = np.array([sum(role != "unused" for role in group.ports.role) for group in plan.groups], dtype=np.int64)
    used = sum(int(np.count_nonzero(kinds[side.device[links]])) for side in (view.a, view.z))
    counted = {
        "nodes": int(np.count_nonzero(there & ~kinds)),
        "switches": int(np.count_nonzero(there & kinds)),
        "modules": _modules(view, links),
        "ports_free": int(ports[plan.devices.group[there & kinds]].sum()) - used,
    }
    if plan.links.assembly is not None:
        counted["cables"] = len(set(plan.links.assembly[links].tolist()))
    return [
        finding("growth-mismatch", f"phase {phase.name} has {getattr(phase, name)} {name}, the columns have {count}")
        for name, count in counted.items()
        if getattr(phase, name) != count
    ]


def _modules(view: View, links: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Count the cages with a module that is bought, at either end of the links that stand."""
    cages: set[int] = set()
    for row, each in enumerate(view.plan.classes):
        rows = view.rows(row)
        rows = rows[links[rows]]
        for module, side in ((each.a_module, view.a), (each.z_module, view.z)):
            if module and number(view.part(module), "built_in") is None:
                cages.update(side.cage_id[rows].tolist())
    return len(cages)
