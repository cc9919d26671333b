"""Which elements of a kind are measured: one of each that are alike, within a bound on work."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.proofs.alike import alike
from optidsl.proofs.elements import Elements
from optidsl.proofs.figures import MEASURES, Figures

_MOST_WORK = 5_000_000_000
"""Neighbours to look at for one figure over all elements of a kind: about ten seconds; at least 64 are measured."""

_OF_TRAFFIC = frozenset({"load_balance", "max_link_load"})


@record(frozen=True, slots=True)
class Choice:
    """Elements to measure, and how many there are that differ."""

    rows: list[int]
    different: int


def chosen(whole: Figures, elements: Elements, measures: set[str]) -> Choice:
    """Return one element of each that are alike, or as many of them, evenly spread, as the work allows."""
    network = whole.network
    is_of_pair = any(measure not in MEASURES for measure in measures)  # then exchanging devices changes the figure
    same = np.arange(elements.count) if is_of_pair else alike(network, elements, measures)
    _, first = np.unique(same, return_index=True)
    rows = np.sort(first).tolist()
    n_cuts = 4 if network.fabric.dimensions and "bisection_mbps" in measures else 1  # many cuts are tried
    n_cuts *= 1 if measures.isdisjoint(_OF_TRAFFIC) else 20
    cost = max(1, len(network.a)) * max(network.size // 64, 50) * n_cuts
    most = max(64, _MOST_WORK // cost)
    return Choice(rows if len(rows) <= most else rows[:: -(-len(rows) // most)], len(rows))
