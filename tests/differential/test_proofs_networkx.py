"""Every figure of a network equals what networkx finds on the same graph, whole and with anything failed."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import prod

import networkx as nx
import numpy as np
import pytest

from optidsl.plan.model import Plan
from optidsl.proofs.alike import alike
from optidsl.proofs.elements import KINDS, elements_of
from optidsl.proofs.faults import faults
from optidsl.proofs.figures import Figures
from optidsl.proofs.network import Failure, network_of, no_failure
from tests.support.proof_plans import Drawing, drawn, plan_of


class Reference:
    """The figures of a drawing with devices and links failed, by name of device and row of link, from networkx."""

    def __init__(self, drawing: Drawing, plan: Plan, failure: Failure) -> None:
        names = dict(zip(plan.devices.name, range(len(plan.devices.name)), strict=True))
        self.drawing = drawing
        self.before = drawing.graph()
        self.row = {v: names[f"s{v}"] for v in self.before}
        self.alive = {v for v in self.before if not failure.devices[names[f"s{v}"]]}
        n_seats = sum(map(len, drawing.nodes))
        self.graph = self.before.subgraph(self.alive).copy()
        self.graph.remove_edges_from([e for e in self.graph.edges(keys=True) if failure.links[n_seats + e[2]]])
        seats = [(node, leaf) for node, leaves in enumerate(drawing.nodes) for leaf in leaves]
        self.seats = [
            (node, leaf, leaf in self.alive and not failure.links[row] and not failure.devices[node])
            for row, (node, leaf) in enumerate(seats)
        ]

    def planes(self) -> list[set[int]]:
        numbers = sorted({self.drawing.planes[v] for v in self.alive})
        return [{v for v in self.alive if self.drawing.planes[v] == number} for number in numbers]

    def lost(self) -> list[bool]:
        joined: dict[int, int] = {}
        for home in nx.connected_components(self.before):
            parts = list(nx.connected_components(self.graph.subgraph(home & self.alive)))
            sizes = [sum(up and leaf in part for _, leaf, up in self.seats) for part in parts]
            nodes = [len({node for node, leaf, up in self.seats if up and leaf in part}) for part in parts]
            rows = [min(self.row[v] for v in part) for part in parts]
            best = max(range(len(parts)), key=lambda i: (sizes[i], nodes[i], -rows[i]), default=None)
            joined.update({v: i == best for i, part in enumerate(parts) for v in part})
        return [not up or not joined[leaf] for _, leaf, up in self.seats]

    def values(self) -> dict[str, object]:
        lost = self.lost()
        kept = {node for (node, _, _), is_lost in zip(self.seats, lost, strict=True) if not is_lost}
        found: dict[str, object] = {
            "lost_endpoints": sum(lost),
            "lost_nodes": len(self.drawing.nodes) - len(kept),
            "links": self.graph.number_of_edges() + sum(up for _, _, up in self.seats),
            "reachable": self.reachable(),
            "uplink_share": self.uplinks(),
        }
        if self.alive:
            found["degree_min"] = min(dict(self.graph.degree).values())
            found["degree_max"] = max(dict(self.graph.degree).values())
            found |= self.paths()
        return found

    def reachable(self) -> Fraction | None:
        planes = self.drawing.planes
        per_plane = [sum(planes[leaf] == p for _, leaf, _ in self.seats) for p in set(planes)]
        pairs = sum(count * (count - 1) for count in per_plane)
        joined = sum(
            one[2] and other[2] and nx.has_path(self.graph, one[1], other[1])
            for i, one in enumerate(self.seats)
            for j, other in enumerate(self.seats)
            if i != j
        )
        return Fraction(joined, pairs) if pairs else None

    def uplinks(self) -> Fraction | None:
        levels = self.drawing.levels

        def up(graph: nx.MultiGraph[int], v: int) -> int:
            return sum(levels[v] <= levels[z if a == v else a] for a, z in graph.edges(v))

        shares = [Fraction(up(self.graph, v), up(self.before, v)) for v in self.alive if up(self.before, v)]
        return min(shares, default=None)

    def paths(self) -> dict[str, object]:
        simple = nx.Graph(self.graph)
        planes = [simple.subgraph(vertices) for vertices in self.planes()]
        if not all(nx.is_connected(plane) for plane in planes):
            return {"diameter": "endless", "mean_distance": "endless"}
        totals = [sum(sum(d.values()) for _, d in nx.all_pairs_shortest_path_length(plane)) for plane in planes]
        pairs = sum(len(plane) * (len(plane) - 1) for plane in planes)
        ends = {leaf for _, leaf, up in self.seats if up}
        fewest = [
            sum(
                prod(self.graph.number_of_edges(a, z) for a, z in pairwise(path))
                for path in nx.all_shortest_paths(simple, a, z)
            )
            for plane in planes
            for a, z in combinations(sorted(ends & set(plane)), 2)
        ]
        spans = [nx.shortest_path_length(simple, a, z) for p in planes for a in ends & set(p) for z in ends & set(p)]
        return {
            "diameter": max(nx.diameter(plane) for plane in planes),
            "mean_distance": Fraction(sum(totals), pairs) if pairs else 0,
            "path_diversity": min(fewest, default=None),
            "hops": max(spans, default=0) + 1,
        }


def check(drawing: Drawing, plan: Plan, failure: Failure, whole: Figures, is_whole: bool = False) -> None:
    figures = whole if is_whole else Figures(whole.network, failure, whole)
    for name, wanted in Reference(drawing, plan, failure).values().items():
        found = figures.get(name)
        if wanted == "endless":
            assert found.is_endless, name
        else:
            assert (found.value, found.is_endless) == (wanted, False), (name, found, wanted)


@pytest.mark.parametrize("seed", range(60))
def test_whole_and_random_failures(seed: int) -> None:
    drawing = drawn(seed)
    plan = plan_of(drawing)
    whole = Figures(network_of(plan, plan.fabrics[0]))
    check(drawing, plan, no_failure(plan), whole, is_whole=True)
    rng = np.random.default_rng(seed)
    for _ in range(4):
        failure = no_failure(plan)
        failure.devices[:] = rng.random(len(failure.devices)) < 0.15
        failure.links[:-1] = rng.random(len(failure.links) - 1) < 0.15
        check(drawing, plan, failure, whole)


@pytest.mark.parametrize("seed", range(60))
def test_every_single_failure(seed: int) -> None:
    """Each element by brute force; elements called alike do the same; the worst is what `faults` reports."""
    drawing = drawn(seed)
    plan = plan_of(drawing)
    whole = Figures(network_of(plan, plan.fabrics[0]))
    lines = {line.kind: line for line in faults(plan).lines}
    for kind in KINDS:
        elements = elements_of(whole.network, kind)
        values = []
        for element in range(elements.count):
            failure = elements.failure(plan, element)
            check(drawing, plan, failure, whole)
            values.append(Reference(drawing, plan, failure).values())
        for measure in ("lost_endpoints", "lost_nodes", "uplink_share", "reachable", "diameter", "path_diversity"):
            numbers = alike(whole.network, elements, {measure}) if elements.count else np.zeros(0)
            for number in set(numbers.tolist()):
                same = [values[row].get(measure) for row in np.flatnonzero(numbers == number)]
                assert len(set(same)) == 1, (kind, measure, same)
        if kind not in lines:
            continue
        line = lines[kind]
        assert line.elements == elements.count
        for measure, worst in (("lost_endpoints", max), ("lost_nodes", max), ("uplink_share", min)):
            loss, known = getattr(line, measure), [v[measure] for v in values if v[measure] is not None]
            assert (None if loss is None else Fraction(loss.value)) == (worst(known) if known else None), (
                kind,
                measure,
            )
