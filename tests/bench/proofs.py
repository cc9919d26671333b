"""Measure proofs on networks of 10,000 switches, in CPU seconds: every figure, and the worst failure of every kind.

Not a gate. Run `python tests/bench/proofs.py`; it prints a table.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from optidsl.plan.model import Plan
from optidsl.proofs.elements import KINDS
from optidsl.proofs.faults import faults
from optidsl.proofs.figures import MEASURES, Figures
from optidsl.proofs.network import network_of
from tests.support.proof_plans import Drawing, plan_of


def fat_tree() -> Drawing:
    """Return a fat tree of 64 ports: 64 pods, 5,120 switches, 65,536 endpoints of one port."""
    half = 32
    leaves, spines = 2 * half * half, 2 * half * half
    levels = [1] * leaves + [2] * spines + [3] * half * half
    pods = [v // half for v in range(leaves)] * 2 + [-1] * half * half
    links = [
        (pod * half + i, leaves + pod * half + j) for pod in range(2 * half) for i in range(half) for j in range(half)
    ]
    links += [
        (leaves + pod * half + i, leaves + spines + i * half + j)
        for pod in range(2 * half)
        for i in range(half)
        for j in range(half)
    ]
    nodes = [[leaf] for leaf in range(leaves) for _ in range(half)]
    racks = [v % 4 for v in range(len(levels))]
    return Drawing(levels, links, nodes, pods=pods, racks=racks, node_racks=[0] * len(nodes), bisection_mbps=3_276_800)


def direct(size: int = 10_000, degree: int = 30) -> Drawing:
    """Return switches on a ring with chords, 10 endpoints each."""
    steps = [1 + (7 * k * k) % (size // 2 - 1) for k in range(degree // 2)]
    pairs = ((v, (v + step) % size) for v in range(size) for step in steps)
    links = sorted({(min(pair), max(pair)) for pair in pairs})
    nodes = [[v] for v in range(size) for _ in range(10)]
    return Drawing(
        [1] * size, links, nodes, racks=[v % 4 for v in range(size)], node_racks=[0] * len(nodes), dimension="x"
    )


def _print(what: str, start: float) -> None:
    print(f"  {time.process_time() - start:6.2f} s  {what}")


def main() -> None:
    """Measure both networks and print a table."""
    for name, drawing in (("fat tree", fat_tree()), ("direct", direct())):
        plan: Plan = plan_of(drawing)
        print(
            f"{name}: {len(drawing.levels):,} switches, {len(drawing.links):,} links, {len(drawing.nodes):,} endpoints"
        )
        start = time.process_time()
        whole = Figures(network_of(plan, plan.fabrics[0]))
        _print("graph", start)
        for measure in MEASURES:
            start = time.process_time()
            found = whole.get(measure).value
            _print(f"{measure} = {found}", start)
        for kind in KINDS:
            start = time.process_time()
            faults(plan, (kind,))
            _print(f"faults, any {kind}", start)


if __name__ == "__main__":
    main()
