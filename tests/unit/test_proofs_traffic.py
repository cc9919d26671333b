"""Links under uniform traffic, and paths between two devices: known values, networkx, failures, and what is said."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from optidsl.cli.main import main
from optidsl.proofs import traffic
from optidsl.proofs.figures import Figures
from optidsl.proofs.graph import Graph, graph_of
from optidsl.proofs.link_table import LoadTable, load_table, loads_text
from optidsl.proofs.network import network_of
from optidsl.proofs.traffic import uniform_traffic
from tests.support.proof_plans import Drawing, drawn, plan_of
from tests.unit.test_proofs_figures import after, clos, ring
from tests.unit.test_proofs_tests import files

Links = list[tuple[int, int]]


def reference(n: int, links: Links, seats: list[int], sent: list[int]) -> dict[tuple[int, int], Fraction]:
    """Return what one link carries from a vertex to a neighbour: one source and one destination after the other."""
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(links)
    carried: dict[tuple[int, int], Fraction] = {}
    for end in range(n):
        away = nx.single_source_shortest_path_length(graph, end)
        for start in away:
            amount = {start: Fraction(sent[start] * seats[end])}
            for vertex in sorted(away, key=lambda v: -away[v]):
                ways = [(far, key) for _, far, key in graph.edges(vertex, keys=True) if away[far] == away[vertex] - 1]
                share = amount.get(vertex, Fraction(0)) / max(len(ways), 1)
                for far, key in ways:
                    amount[far] = amount.get(far, Fraction(0)) + share
                    if key == 0:
                        carried[vertex, far] = carried.get((vertex, far), Fraction(0)) + share
    return carried


def random_network(seed: int) -> tuple[int, Links, list[int]]:
    """Return vertices, links with parallel ones, and endpoints at every vertex; every third is a tree of two tiers."""
    rng = random.Random(seed)
    if seed % 3 == 0:
        leaves, spines = rng.randint(2, 6), rng.randint(1, 4)
        pairs = [(a, leaves + z) for a in range(leaves) for z in range(spines)]
        seats = [rng.choice([2, 2, 3]) for _ in range(leaves)] + [0] * spines
        return leaves + spines, [pair for pair in pairs for _ in range(rng.choice([1, 1, 2]))], seats
    n = rng.randint(2, 12)
    pairs = [(a, z) for a in range(n) for z in range(a + 1, n) if rng.random() < 0.35]
    return (
        n,
        [pair for pair in pairs for _ in range(rng.choice([1, 1, 2]))],
        [rng.choice([0, 1, 1, 2]) for _ in range(n)],
    )


def graph(n: int, links: Links) -> Graph:
    columns = np.array(links, dtype=np.int64).reshape(-1, 2)
    return graph_of(n, columns[:, 0], columns[:, 1])


@pytest.mark.parametrize("seed", range(60))
def test_every_link_carries_what_networkx_says(seed: int) -> None:
    n, links, seats = random_network(seed)
    sent = [100 * each for each in seats]
    wanted = reference(n, links, seats, sent)
    built = graph(n, links)
    near = np.repeat(np.arange(n), built.degree).tolist()
    exact = uniform_traffic(built, np.array(seats), np.array(sent))
    rounded = uniform_traffic(built, np.array(seats), np.array(sent), most_exact=-1)
    assert exact is not None
    assert rounded is not None
    assert (exact.is_exact, rounded.is_exact) == (True, False)
    assert exact.amounts == [wanted.get(pair, 0) for pair in zip(near, built.far.tolist(), strict=True)]
    assert [float(each) for each in rounded.amounts] == pytest.approx(
        [float(each) for each in exact.amounts], rel=1e-11
    )


def test_batches_of_destinations_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    built = graph(9, [(v, (v + step) % 9) for v in range(9) for step in (1, 2)])
    ones = np.ones(9, dtype=np.int64)
    whole = uniform_traffic(built, ones, ones, most_exact=-1)
    monkeypatch.setattr(traffic, "_BATCH", 1)
    assert uniform_traffic(built, ones, ones, most_exact=-1) == whole


def test_too_much_work_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "MOST_WORK", 10)
    figure = figures_of(ring(10)).get("max_link_load")
    assert figure.value is None
    assert figure.note == "the network is too large to add up the traffic of all pairs"


def figures_of(drawing: Drawing) -> Figures:
    plan = plan_of(drawing)
    return Figures(network_of(plan, plan.fabrics[0]))


def test_a_ring_and_a_tree() -> None:
    # of 10 in a ring: 1 + 2 + 3 + 4 + 5/2 pairs a direction, a ninth of the rate each
    ten = figures_of(ring(10))
    assert ten.get("max_link_load").value == Fraction(25, 2) / 9
    assert ten.get("load_balance").value == 1
    # of 4 leaves with 4 endpoints and 2 spines: 12 of 15 of the others are elsewhere, 4 send over 2 links
    tree = figures_of(clos(4, 2))
    assert tree.get("max_link_load").value == Fraction(4 * 12, 15 * 2)
    assert tree.get("max_link_load").note == "from s0 to s4"


def test_without_links_or_endpoints() -> None:
    alone = Drawing([1], [], [[0], [0]], [0])
    assert figures_of(alone).get("max_link_load").note == "no link joins two switches"
    lone = Drawing([1, 2], [(0, 1)], [[0]], [0, 0])
    assert figures_of(lone).get("load_balance").note == "no link between switches carries anything"


# ------------------------------------------------------------------ between two devices


def named(kind: str, end: str, far: str) -> str:
    """Return a metric of two devices by name."""
    ends = json.dumps([["device", f'"{each}"', [each], None, None] for each in (end, far)])
    return f"{kind}({ends})"


@pytest.mark.parametrize("seed", range(40))
def test_distances_are_those_of_networkx(seed: int) -> None:
    drawing = drawn(seed)
    figures = figures_of(drawing)
    links: nx.Graph[str] = nx.Graph()
    links.add_nodes_from([f"s{v}" for v in range(len(drawing.levels))])
    links.add_edges_from((f"s{a}", f"s{z}") for a, z in drawing.links)
    switches = nx.Graph(links)
    names = [f"s{v}" for v in range(len(drawing.levels))]
    homes = {f"n-{i + 1}": [f"s{leaf}" for leaf in leaves] for i, leaves in enumerate(drawing.nodes)}
    for a in [*names, *homes]:
        for z in [*names, *homes]:
            more = (a in homes) + (z in homes)
            found = [
                nx.shortest_path_length(switches, one, other) + more
                for one in homes.get(a, [a])
                for other in homes.get(z, [z])
                if nx.has_path(switches, one, other)
            ]
            figure = figures.get(named("distance", a, z))
            assert figure.value == (0 if a == z else min(found, default=None)), (a, z)
            assert figure.is_endless == (a != z and not found)


def design(folder: Path, body: str) -> str:
    for name, text in files(body).items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder / "design.optd")


HOLDS = """
  test pairs {
    expect distance(f, f.leaf[1], f.leaf[2]) == 2 and distance(f, f.leaf[1], f.spine[1]) == 1
    expect distance(f, n[1], n[2]) == 2 and distance(f, n[1], f.spine[1]) == 2 and distance(f, n[1], n[1]) == 0
    expect link_load(f, f.leaf[1], f.spine[2]) == max_link_load(f) and load_balance(f) == 100%
    expect distance(f, "f-leaf001", "f-leaf002") == 2
  }
  test after { fail = [f.spine], expect distance(f, f.leaf[1], f.leaf[2]) >= 1000 }
"""


def test_pairs_in_a_design(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", design(tmp_path, HOLDS)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ("distance(f, n[1], n[2]) == 3", "`distance(f, n[1], n[2]) == 3` is 2, wanted 3, 1 too little"),
        ("link_load(f, f.leaf[1], f.leaf[2]) <= 1", "no link joins f.leaf[1] and f.leaf[2]"),
        ('distance(f, "nobody", n[1]) == 1', '"nobody" is nothing in the fabric'),
        ("distance(f, f.leaf[99], n[1]) == 1", "f.leaf[99] is nothing in the fabric"),
    ],
)
def test_what_does_not_hold(expectation: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", design(tmp_path, f"  test t {{ expect {expectation} }}\n")]) == 1
    assert message in capsys.readouterr().err


def test_devices_that_are_named_are_like_no_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "  test t { fail_any = switch, expect distance(f, f.leaf[2], f.spine[1]) <= 1 }\n"
    assert main(["test", design(tmp_path, body)]) == 1
    assert "f-leaf002 has failed" in capsys.readouterr().err


def test_more_load_on_what_is_left() -> None:
    # a path of 10: 5 send to 5 over its middle, a ninth of the rate each
    assert after(ring(10), [3]).get("max_link_load").value == Fraction(25, 9)


# ------------------------------------------------------------------ the command


def test_loads_as_text_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = design(tmp_path, "")
    assert main(["loads", path]) == 0
    text = capsys.readouterr().out.splitlines()
    assert text[0].startswith("fabric f: when all send to all at full rate, the busiest link carries ")
    assert text[1].startswith("  f-leaf001 -> f-spine001 ")
    assert text[-1].endswith(" more carry as much or less")
    assert main(["loads", path, "--all"]) == 0
    every = capsys.readouterr().out.splitlines()
    assert main(["loads", path, "--format", "json"]) == 0
    shown = capsys.readouterr().out
    table = LoadTable.model_validate_json(shown)
    assert table.to_json() == shown
    assert len(table.fabrics[0].directions) == len(every) - 1
    assert {each.of_busiest for each in table.fabrics[0].directions} == {"1"}


def test_loads_of_one_switch() -> None:
    table = load_table(plan_of(Drawing([1], [], [[0], [0]], [0])))
    assert loads_text(table, None) == "fabric f: no link joins two switches\n"
