"""Do the ports of every switch keep what its cages can run: the modes, the pipelines, the cages that split, the box?"""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanGroup, PlanPart
from optidsl.plan.verify.view import View, finding, gbps, number, numbers, words


def cage_findings(view: View) -> list[Diagnostic]:
    """Check the port columns of every group of switches."""
    findings: list[Diagnostic] = []
    for group in view.plan.groups:
        if group.kind == "switch" and len(group.ports.cage):
            findings += _modes(group, view.part(group.model)) + _counts(group, view.part(group.model))
    return findings


def _counts(group: PlanGroup, part: PlanPart) -> list[Diagnostic]:
    """Count the ports of each cage, each pipeline and the box."""
    findings: list[Diagnostic] = []
    per_cage = np.bincount(np.array(group.ports.cage, dtype=np.int64))
    most = number(part, "max_ports")
    if most is not None and per_cage.sum() > most:
        message = f"{group.name}: its ports are {int(per_cage.sum())}, a {part.name} runs at most {most}"
        findings.append(_exceeded(message))
    split = numbers(part, "split_cages")
    wrong = [cage for cage in range(len(per_cage)) if split and per_cage[cage] > 1 and cage + 1 not in split]
    if wrong:
        told = f"cage {wrong[0] + 1} runs {int(per_cage[wrong[0]])} ports"
        findings.append(_exceeded(f"{group.name}: {told}, on a {part.name} it runs one"))
    of_cage, limits = numbers(part, "pipeline"), numbers(part, "pipeline_max_ports")
    for pipeline, limit in enumerate(limits):
        cages = [cage for cage, at in enumerate(of_cage) if at == pipeline and cage < len(per_cage)]
        used = sum(int(per_cage[cage]) for cage in cages)
        if used > limit:
            where = f"cages {cages[0] + 1} to {cages[-1] + 1}"
            findings.append(_exceeded(f"{group.name}: {where} run {used} ports, their pipeline at most {limit}"))
            break
    return findings


def _exceeded(message: str) -> Diagnostic:
    return finding("cage-ports-exceeded", message)


def _modes(group: PlanGroup, part: PlanPart) -> list[Diagnostic]:
    """Compare how each cage runs with the modes of the model."""
    offered = words(part, "breakout")
    lanes = numbers(part, "lanes")
    if not offered or len(lanes) != 2:
        return []
    ports = group.ports
    run: dict[int, list[int]] = {}
    for index, cage in enumerate(ports.cage):
        run.setdefault(cage, []).append(index)
    for cage, inside in run.items():
        rates = {ports.rate_mbps[index] for index in inside}
        used = sum(ports.lanes[index] for index in inside)
        mode = f"{len(inside)}x{min(rates)}"
        fits = (mode in offered and used == lanes[0]) or f"{mode}/{used}" in offered
        if len(rates) > 1 or not fits:
            shown = f"{len(inside)}x{gbps(min(rates))} on {used} lanes"
            return [
                finding("cage-mode-unknown", f"{group.name}: cage {cage + 1} runs {shown}, no mode of a {part.name}")
            ]
    return []
