"""Figures of networks: known values, planted faults, bisection against every split, and what may not be concluded."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from optidsl._record import replace
from optidsl.plan.model import Plan
from optidsl.proofs import distances as distances_of
from optidsl.proofs.alike import alike
from optidsl.proofs.bisection import bisection
from optidsl.proofs.distances import distances, fewest_paths
from optidsl.proofs.elements import elements_of
from optidsl.proofs.faults import faults
from optidsl.proofs.figures import Figures
from optidsl.proofs.graph import graph_of, twins_of
from optidsl.proofs.network import Failure, network_of, no_failure, survivors_of
from tests.support.plans import ethernet_clos
from tests.support.proof_plans import RATE, Drawing, plan_of


def clos(leaves: int, spines: int, parallel: int = 1, down: int = 4) -> Drawing:
    links = [(leaf, leaves + spine) for leaf in range(leaves) for spine in range(spines) for _ in range(parallel)]
    nodes = [[leaf] for leaf in range(leaves) for _ in range(down)]
    total = min(leaves * down, len(links)) * RATE // 2
    return Drawing([1] * leaves + [2] * spines, links, nodes, [0] * (leaves + spines), bisection_mbps=total)


def ring(size: int) -> Drawing:
    links = [(v, v + 1) for v in range(size - 1)] + [(0, size - 1)]
    nodes = [[v] for v in range(size)]
    return Drawing([1] * size, links, nodes, [0] * size, bisection_mbps=2 * RATE, dimension="x")


def figures_of(drawing: Drawing) -> Figures:
    plan = plan_of(drawing)
    return Figures(network_of(plan, plan.fabrics[0]))


def after(drawing: Drawing, links: list[int]) -> Figures:
    """Return the figures with links failed, by their place in the drawing."""
    whole = figures_of(drawing)
    failure = no_failure(whole.network.plan)
    failure.links[[link + sum(map(len, drawing.nodes)) for link in links]] = True
    return Figures(whole.network, failure, whole)


# ------------------------------------------------------------------ known values


def test_a_ring() -> None:
    ten = figures_of(ring(10))
    assert [ten.get(name).value for name in ("diameter", "degree_min", "path_diversity", "hops")] == [5, 2, 1, 6]
    assert ten.get("mean_distance").value == Fraction(25, 9)
    cut = after(ring(10), [3])
    assert cut.get("diameter").value == 9
    assert cut.get("bisection_mbps").value == RATE
    assert (cut.get("bisection_mbps").is_bound, cut.get("bisection_mbps").is_open) == (True, False)


def test_plans_of_two_tiers() -> None:
    plan = ethernet_clos(n_spines=3, n_leaves=6, n_servers=12, n_parallel=2)
    figures = Figures(network_of(plan, plan.fabrics[0]))
    assert [figures.get(name).value for name in ("diameter", "path_diversity", "reachable")] == [2, 12, 1]


def test_links_between_groups_and_rails() -> None:
    drawing = Drawing([1] * 6, [(0, 2), (1, 3), (0, 4), (2, 4), (3, 5), (4, 5)], [[v] for v in range(6)], [0] * 6)
    drawing.pods, drawing.dimension = [0, 0, 1, 1, 2, 2], "global"
    figures = figures_of(drawing)
    assert (figures.get("group_links_min").value, figures.get("group_links_max").value) == (1, 2)
    plan = plan_of(clos(4, 2))
    rails = plan.links.rail.copy()
    rails[:16] = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 2]
    railed = replace(plan, links=replace(plan.links, rail=rails))
    assert Figures(network_of(railed, plan.fabrics[0])).get("rail_alignment").value == Fraction(3, 4)


# ------------------------------------------------------------------ planted faults


def test_a_link_moved_in_the_columns_is_found() -> None:
    plan = plan_of(clos(6, 3))
    assert _of(plan, "degree_min") == 3
    ends = plan.links.z_device.copy()
    ends[-1] = ends[-2]
    moved = replace(plan, links=replace(plan.links, z_device=ends))
    assert (_of(moved, "degree_min"), _of(moved, "degree_max"), _of(moved, "path_diversity")) == (3, 7, 3)
    assert _of(moved, "diameter") == 3


def test_a_link_gone_from_the_columns_is_found() -> None:
    plan = plan_of(clos(6, 1))
    assert (_of(plan, "diameter"), _of(plan, "reachable")) == (2, 1)
    ends = plan.links.z_device.copy()
    ends[-1] = plan.links.a_device[-1]
    gone = replace(plan, links=replace(plan.links, z_device=ends))
    figures = Figures(network_of(gone, plan.fabrics[0]))
    assert figures.get("diameter").is_endless
    assert figures.get("diameter").note == "no path leads from s5 to s0"
    assert figures.get("reachable").value == Fraction(20 * 19 + 4 * 3, 24 * 23)


def _of(plan: Plan, name: str) -> Fraction | None:
    return Figures(network_of(plan, plan.fabrics[0])).get(name).value


# ------------------------------------------------------------------ bisection


def worst_split(drawing: Drawing, links: list[int], leaves: list[int]) -> int:
    """Return the least bandwidth between halves of some leaves, over every even split."""
    least = None
    for half in combinations(leaves, len(leaves) // 2):
        sides: dict[int, list[int]] = {}
        for row, (leaf, spine) in enumerate(drawing.links):
            if row not in links and leaf in leaves:
                sides.setdefault(spine, [0, 0])[leaf in half] += RATE
        total = sum(min(side) for side in sides.values())
        least = total if least is None else min(least, total)
    return least or 0


@pytest.mark.parametrize("seed", range(80))
def test_bisection_of_a_tree_is_that_of_the_worst_split(seed: int) -> None:
    rng = random.Random(seed)
    drawing = clos(rng.choice([4, 6, 8]), rng.randint(1, 4), rng.randint(1, 2), down=8)
    count = rng.randint(1, 4)
    failed = rng.sample(range(len(drawing.links)), min(count, len(drawing.links)))
    if rng.random() < 0.3:
        spine = drawing.links[failed[0]][1]
        failed = [row for row, link in enumerate(drawing.links) if link[1] == spine]
    figures = after(drawing, failed)
    found = figures.get("bisection_mbps")
    joined = {int(v) for v in figures.network.seat[~figures.cut_off()]}
    leaves = sorted(joined)
    if len(leaves) < 2 or len(leaves) % 2:
        return
    wanted = min(worst_split(drawing, failed, leaves), len(leaves) * 8 * RATE // 2, drawing.bisection_mbps or 0)
    assert found.value is not None
    assert found.value >= wanted
    if not found.is_bound:
        assert found.value == wanted


def fat_tree(k: int) -> Drawing:
    """Return a fat tree of k-port switches: k pods of k / 2 leaves and spines, and k / 2 squared cores."""
    half, leaves = k // 2, k * k // 2
    pods = [v // half for v in range(leaves)] * 2 + [-1] * half * half
    inside = [(p * half + i, leaves + p * half + j) for p in range(k) for i in range(half) for j in range(half)]
    above = [
        (leaves + p * half + i, 2 * leaves + i * half + j) for p in range(k) for i in range(half) for j in range(half)
    ]
    nodes = [[leaf] for leaf in range(leaves) for _ in range(half)]
    levels = [1] * leaves + [2] * leaves + [3] * half * half
    total = leaves * half * RATE // 2
    return Drawing(levels, inside + above, nodes, [0] * len(levels), pods=pods, bisection_mbps=total)


@pytest.mark.parametrize("drawing", [fat_tree(4), fat_tree(6), clos(4, 3), clos(6, 2, 2), clos(5, 4)])
@pytest.mark.parametrize("kind", ["link", "switch"])
def test_alike_elements_leave_the_same_bisection(drawing: Drawing, kind: str) -> None:
    whole = figures_of(drawing)
    elements = elements_of(whole.network, kind)
    numbers = alike(whole.network, elements, {"bisection_mbps"})
    left = [
        Figures(whole.network, elements.failure(whole.network.plan, row), whole).get("bisection_mbps").value
        for row in range(elements.count)
    ]
    assert len(set(numbers.tolist())) <= 4
    assert len(set(zip(numbers.tolist(), left, strict=True))) == len(set(numbers.tolist()))


def test_whole_networks_keep_the_bisection_of_the_plan() -> None:
    for drawing in (clos(4, 2), clos(5, 3), clos(8, 4, 2), ring(8)):
        network = figures_of(drawing).network
        nothing: Failure = no_failure(network.plan)
        cut = bisection(network, survivors_of(network, nothing), np.ones(len(network.seat), dtype=bool))
        assert cut.mbps == drawing.bisection_mbps


# ------------------------------------------------------------------ what is not concluded


def test_unknown_bisection_stays_open() -> None:
    drawing = ring(8)
    drawing.bisection_mbps = None
    assert figures_of(drawing).get("bisection_mbps").value is None
    assert after(drawing, [0]).get("bisection_mbps").is_open


def test_paths_searched_in_part_are_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    ties = [(v, (v + step) % 300) for v in range(300) for step in (1, 2)]
    a, z = (np.array(side, dtype=np.int64) for side in zip(*ties, strict=True))
    graph = graph_of(300, a, z)
    assert fewest_paths(graph, np.arange(300), 10**9) == (1, True)
    doubled = graph_of(300, np.concatenate([a, a]), np.concatenate([z, z]))
    assert fewest_paths(doubled, np.arange(300), 1) == (2, False)
    assert fewest_paths(doubled, np.arange(300), 10**9) == (2, True)


def test_blocks_of_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches in several blocks give what one gives."""
    rng = np.random.default_rng(7)
    graph = graph_of(500, rng.integers(0, 500, 3000), rng.integers(0, 500, 3000))
    whole = distances(graph)
    monkeypatch.setattr(distances_of, "_WORDS", 2)
    assert distances(graph) == whole


def test_twins_with_one_sum_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vertices whose neighbour lists have one hash and differ stand for themselves."""
    monkeypatch.setattr("optidsl.proofs.graph._mixed", lambda values: values * 0)
    graph = graph_of(6, np.array([0, 1, 2]), np.array([3, 4, 3]))
    assert twins_of(graph).tolist() == [0, 1, 0, 3, 4, 5]


def test_faults_say_how_many_were_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optidsl.proofs.choice._MOST_WORK", 1)
    line = next(each for each in faults(plan_of(ring(100))).lines if each.kind == "switch")
    assert line.bisection_mbps is not None and line.lost_endpoints is not None
    assert (line.bisection_mbps.measured, line.bisection_mbps.different) == (50, 100)
    assert (line.lost_endpoints.measured, line.lost_endpoints.different) == (1, 1)
