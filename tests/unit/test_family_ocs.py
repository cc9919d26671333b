"""Tori over optical circuit switches: circuits against the graph of chips, patches as data, light, planted faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import networkx as nx
import numpy as np
import pytest

from optidsl.diag import Sink
from optidsl.emit.registry import emit_all
from optidsl.fabric.families.ocs_network import Cubes
from optidsl.plan.explain import explain
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.statistics import statistics
from optidsl.plan.verify import verify
from tests.support import networks

TEXT = """optd 1
server_model cube {{
  gpus  = {chips}
  units = 1U
  scale_up mesh {{ {mesh} }}
  nic ici {{
    rate       = 400Gbps
    lanes      = 4x100Gbps
    accepts    = [own]
    cage_power = 20W
    protocols  = [ici]
    for n in 1..{ports} {{ port "p{{n}}" {{ cage = "{{n}}" }} }}
  }}
}}
switch_model ocs {{
  protocols = [ici]
  cages     = 32
  lanes     = 4x100Gbps
  accepts   = [face]
  breakout  = [1x400Gbps]
  port_name = "{{{{cage}}}}"
  {loss}
}}
transceiver optic {{ form_factor = own, power_max = 9W, {optic} }}
transceiver face {{ form_factor = face, built_in = true, {optic} }}
fiber_cable jumper {{ grade = os2, medium = singlemode, connector = lc-upc, lengths = [30m, 300m] }}
design d {{
  policy {{ unknown {{ overload = warn }} }}
  node c[1..{cubes}] {{ model = cube }}
  fabric net {{
    kind      = ocs_torus
    protocol  = ici
    endpoints = c.nic.ici
    tier switch {{ model = ocs{tier} }}
    connect endpoints -- switch {{ length = {length} }}
    {body}
  }}
}}
"""
OPTIC = (
    'lanes = 4x100Gbps, modulation = pam4, pmd = "own", medium = singlemode, connector = lc-upc, protocols = [ici], '
    "over os2 { reach = 500m, loss = 4dB }"
)


def text_of(
    body: str = "slice all { dims = [4, 4, 2] }",
    *,
    mesh: str = "kind = mesh, dims = [2, 2, 2], links = 6",
    cubes: int = 4,
    chips: int = 8,
    ports: int = 24,
    tier: str = "",
    length: str = "30m",
    loss: str = "insertion_loss = 2dB",
) -> str:
    """Return the source of a fabric of cubes of 2 x 2 x 2 chips."""
    optic = OPTIC.replace(", over", "\n  over")
    return TEXT.format(
        body=body.replace("; ", "\n    "),
        mesh=mesh,
        cubes=cubes,
        chips=chips,
        ports=ports,
        tier=tier,
        length=length,
        loss=loss,
        optic=optic,
    )


PLAN = networks.plan_of(text_of())


def chips_of(network: Cubes, members: list[int], size: tuple[int, ...]) -> nx.Graph[tuple[int, ...]]:
    """Return the graph of chips by coordinates: cubes inside, and faces that circuits join."""
    graph: nx.Graph[tuple[int, ...]] = nx.Graph()
    edges = network.edges
    origin: dict[int, tuple[int, ...]] = {}
    for at, cube in enumerate(members):
        place, rest = [], at
        for axis, length in enumerate(size):
            place.append(rest % length * edges[axis])
            rest //= length
        origin[cube] = tuple(place)
    for place in origin.values():
        inside = nx.grid_graph(edges[::-1])
        for one, other in inside.edges():
            graph.add_edge(tuple(np.add(place, one).tolist()), tuple(np.add(place, other).tolist()))
    for axis in range(len(edges)):
        plus, minus = network.circuits(axis, members, size)
        others = [range(edge) if number != axis else [0] for number, edge in enumerate(edges)]
        for one, other in zip(plus.tolist(), minus.tolist(), strict=True):
            for spot in product(*others):
                far = [*spot]
                far[axis] = edges[axis] - 1
                graph.add_edge(tuple(np.add(origin[one], far).tolist()), tuple(np.add(origin[other], spot).tolist()))
    return graph


@pytest.mark.parametrize("seed", range(40))
def test_circuits_make_the_torus(seed: int) -> None:
    rng = random.Random(seed)
    axes = rng.randint(1, 3)
    edges = tuple(rng.randint(2, 4) for _ in range(axes))
    size = tuple(rng.randint(1, 3) for _ in range(axes))
    network = Cubes(prod(size) + rng.randint(0, 4), edges)
    members = rng.sample(range(network.cubes), prod(size))
    graph = chips_of(network, members, size)
    torus = nx.grid_graph([edge * cubes for edge, cubes in zip(edges, size, strict=True)][::-1], periodic=True)
    named = {frozenset((one if isinstance(one, tuple) else (one,)) for one in edge) for edge in torus.edges()}
    assert {frozenset(edge) for edge in graph.edges()} == named


@pytest.mark.parametrize("seed", range(40))
def test_a_port_has_one_link(seed: int) -> None:
    rng = random.Random(seed)
    network = Cubes(rng.randint(1, 9), tuple(rng.randint(1, 5) for _ in range(rng.randint(1, 4))))
    ties = network.links()
    assert len(ties.a) == network.cubes * network.ends
    assert len(set(zip(ties.a.tolist(), ties.a_port.tolist(), strict=True))) == len(ties.a)
    ends = set(zip(ties.z.tolist(), ties.z_port.tolist(), strict=True))
    assert ends == set(product(range(network.switches), range(network.ports)))


def test_published_pod() -> None:
    """64 cubes of 4 x 4 x 4: 48 switches of 128 ports, 96 links a cube (TPU v4)."""
    network = Cubes(64, (4, 4, 4))
    assert (network.switches, network.ports, network.ends, network.faces) == (48, 128, 96, (16, 16, 16))
    assert len(network.links().a) == 6144


def test_the_patch_is_in_the_plan() -> None:
    assert [(each.axis, each.first, each.count) for each in PLAN.patches] == [("x", 0, 4), ("y", 4, 4), ("z", 8, 4)]
    x, y, z = PLAN.patches
    assert (x.plus, x.minus) == ((0, 1, 2, 3), (5, 4, 7, 6))
    assert (y.plus, y.minus) == ((0, 1, 2, 3), (6, 7, 4, 5))
    assert (z.plus, z.minus) == ((0, 1, 2, 3), (4, 5, 6, 7))
    assert load(dump(PLAN)).patches == PLAN.patches


def test_figures_of_a_slice() -> None:
    (own,) = statistics(PLAN).fabrics[0].slices
    assert (own.chips, own.dims, own.cubes, own.circuits, own.bisection_tbps) == (32, (4, 4, 2), 4, 48, 6.4)
    text = explain(PLAN, "net") or ""
    assert "slice all     32 chips as 4 x 4 x 2, 4 cubes, 48 circuits" in text


def test_another_patch_changes_no_cable() -> None:
    """The same cubes as 4 x 4 x 2, as 8 x 2 x 2, and as two slices: only the table of circuits differs."""
    files = [
        emit_all(networks.plan_of(text_of(body)), None, Sink())
        for body in (
            "slice all { dims = [4, 4, 2] }",
            "slice all { dims = [8, 2, 2] }",
            "slice a { dims = [4, 2, 2] }; slice b { dims = [2, 2, 4], cubes = [4, 1] }",
        )
    ]
    for other in files[1:]:
        assert {path for path in other if other[path] != files[0][path]} == {"circuits/net.csv"}
    assert "net-switch001,1,8,x" not in files[2]["circuits/net.csv"]
    assert files[2]["circuits/net.csv"].splitlines()[1] == "net-switch001,2,7,x,a,c-2,p1,c-3,p5"


def test_cubes_without_a_slice_are_dark() -> None:
    plan = networks.plan_of(text_of("slice one { dims = [2, 2, 2], cubes = [3] }"))
    assert all(len(each.plus) == 1 for each in plan.patches)
    assert "dark          3 cubes without circuits" in (explain(plan, "net") or "")
    none = networks.plan_of(text_of(""))
    assert (none.patches, none.slices) == ((), ())


def test_the_longest_path_is_one_of_chips() -> None:
    """Of a 4 x 4 x 2 torus 2 + 2 + 1 links; of cubes alone the three of a 2 x 2 x 2 mesh."""
    assert PLAN.fabrics[0].hops == 6
    assert networks.plan_of(text_of("")).fabrics[0].hops == 4
    assert "longest path  6 chips" in (explain(PLAN, "net") or "")
    text = explain(PLAN, "net.latency") or ""
    assert "missing: forwarding time of a server" in text
    assert "cables       not known" in text


def test_nothing_routes_and_nothing_simulates() -> None:
    files = emit_all(PLAN, None, Sink())
    assert not [path for path in files if path.startswith(("configs", "simulators", "infiniband"))]
    assert not PLAN.devices.asn.any()


REFUSALS = [
    (
        text_of("slice odd { dims = [3, 2, 2] }"),
        "slice-not-possible",
        "slice `odd` of [3, 2, 2] chips is not made of whole cubes of 2 x 2 x 2",
        ("`dims = [4, 2, 2]` would work",),
    ),
    (
        text_of("slice flat { dims = [4, 4] }"),
        "slice-not-possible",
        "slice `flat` of [4, 4] chips is not made of whole cubes of 2 x 2 x 2",
        ("write 3 sizes, as `dims = [2, 2, 2]`",),
    ),
    (
        text_of("slice big { dims = [4, 4, 4] }"),
        "slice-not-possible",
        "slice `big` needs 8 cubes, and 4 of 4 are left: 4 too few",
        ("make it smaller, or another slice",),
    ),
    (
        text_of("slice a { dims = [2, 2, 2], cubes = [2] }; slice b { dims = [4, 2, 2], cubes = [1, 2] }"),
        "slice-not-possible",
        "slice `b`: cube 2 is in slice `a`",
        ("leave `cubes` out for any free ones",),
    ),
    (
        text_of("slice a { dims = [2, 2, 2], cubes = [5] }"),
        "slice-not-possible",
        "slice `a`: cube 5 is not among 1 to 4",
        ("leave `cubes` out for any free ones",),
    ),
    (
        text_of("slice a { dims = [4, 2, 2], cubes = [1] }"),
        "slice-not-possible",
        "slice `a`: 1 cube named, and 2 needed",
        ("leave `cubes` out for any free ones",),
    ),
    (
        text_of(ports=20),
        "cube-not-possible",
        "a cube of 2 x 2 x 2 has 24 links on its faces, and a `cube` has 20 ports in `net`",
        ("give the NIC 24 ports, or state other `dims` of the `scale_up`",),
    ),
    (
        text_of(mesh="links = 6"),
        "cube-not-possible",
        "`net` joins cubes of one shape, and `cube` has no mesh of chips inside",
        ("state `scale_up NAME { kind = mesh, dims = [4, 4, 4] }` in the server model",),
    ),
    (
        text_of("planes = 2"),
        "cube-not-possible",
        "`net` asks for 2 planes, and the faces of a cube are one network",
        ("leave `planes` out",),
    ),
    (
        text_of(tier=", count = 10"),
        "count-not-possible",
        "tier `switch` of `net` has `count` 12 by its cubes, and asks for 10",
        ("set `count = 12`, or leave it out",),
    ),
    (
        text_of("", cubes=17),
        "radix-exceeded",
        "a switch of `net` needs 2 ports for each of 17 cubes, and a `ocs` has 32: 2 too few",
        ("join at most 16 cubes, or name a model with more ports",),
    ),
]


@pytest.mark.parametrize(("text", "name", "message", "helps"), REFUSALS)
def test_refusals(text: str, name: str, message: str, helps: tuple[str, ...]) -> None:
    assert networks.errors_of(text) == [(name, message, helps)]


# ------------------------------------------------------------------ light


def told(text: str) -> list[str]:
    with pytest.raises(AssertionError) as caught:
        networks.plan_of(text)
    found: list[str] = [each for each in caught.value.args[0] if "circuit" in each]
    return found


def test_a_circuit_has_two_cables_and_the_switch() -> None:
    checks = {check.name: check for check in PLAN.checks}
    each = PLAN.classes[0].loss_mdb or 0
    assert checks["circuit-loss"].margin == 4000 - 2 * each - 2000
    assert checks["circuit-reach"].margin == 500_000 - 60_000


def test_a_circuit_may_lose_too_much() -> None:
    assert told(text_of(loss="insertion_loss = 3.5dB")) == [
        "circuit-loss: circuits of `net: endpoints -- switch` exceed what their modules bear by 0.524 dB: two cables "
        "and ocs lose 4.524 dB (2 x 0.512 + 3.5), and the modules bear 4 dB"
    ]


def test_a_circuit_may_be_too_long() -> None:
    assert told(text_of(length="300m", loss="insertion_loss = 1dB")) == [
        "circuit-reach: circuits of `net: endpoints -- switch` exceed what their modules bear by 100 m: two cables are "
        "600 m, and the modules reach 500 m"
    ]


def test_without_the_loss_of_the_switch_nothing_is_concluded() -> None:
    assert told(text_of(loss="")) == [
        "cannot-conclude: cannot conclude on circuit-loss of `net: endpoints -- switch`: no usable number for "
        "ocs.insertion_loss"
    ]


# ------------------------------------------------------------------ planted faults


def swapped(one: int, other: int) -> Plan:
    """Exchange the z plugs of two cables."""
    columns: dict[str, Any] = {}
    for name in ("z_device", "z_port"):
        column = getattr(PLAN.links, name).copy()
        column[[one, other]] = column[[other, one]]
        columns[name] = column
    return replace(PLAN, links=replace(PLAN.links, **columns))


def patched(**changes: Any) -> Plan:
    return replace(PLAN, patches=(PLAN.patches[0].model_copy(update=changes), *PLAN.patches[1:]))


def checked(which: str, **changes: Any) -> Plan:
    checks = tuple(check.model_copy(update=changes) if check.name == which else check for check in PLAN.checks)
    return replace(PLAN, checks=checks)


FAULTS: list[tuple[Callable[[], Plan], str]] = [
    (lambda: swapped(0, 1), "net-switch001 has links of several positions of faces, and each has its own switch"),
    (lambda: swapped(0, 4), "net-switch001 joins faces that do not meet, at ports 0 and 5"),
    (lambda: swapped(0, 24), "net-switch001 joins cubes 2 and 2, no neighbours on axis x"),
    (lambda: patched(minus=(4, 5, 6, 7)), "net-switch001 joins cubes 1 and 1, no neighbours on axis x"),
    (lambda: patched(plus=(0, 1, 2, 2)), "the patch of axis x uses port 2 twice"),
    (lambda: patched(plus=(0, 1), minus=(5, 4)), "its patches make 40 circuits, its slices need 48"),
    (
        lambda: patched(plus=(5, 4, 7, 6), minus=(0, 1, 2, 3)),
        "net-switch001 joins faces that do not meet, at ports 5 and 0",
    ),
    (
        lambda: checked("circuit-loss", margin=900),
        "what circuits have left of the budget is 0.976 dB, and the plan records that it holds",
    ),
    (
        lambda: replace(PLAN, fabrics=(PLAN.fabrics[0].model_copy(update={"hops": 1}),)),
        "its longest path passes 6 chips, its shape says 1",
    ),
    (lambda: checked("circuit-loss", name="other"), "nothing in the plan says what its circuits lose"),
]


def test_cubes_of_another_shape_damage_the_plan() -> None:
    fabric = PLAN.fabrics[0].model_copy(update={"parameters": {"cubes": 4, "cube": (2, 2)}})
    (found,) = verify(replace(PLAN, fabrics=(fabric,)))
    assert found.message == "the plan is damaged: slices.0 is no torus of cubes of its fabric"


def test_cubes_with_other_ports_are_named() -> None:
    fabric = PLAN.fabrics[0].model_copy(update={"parameters": {"cubes": 4, "cube": (2, 2)}})
    found = [each.message for each in verify(replace(PLAN, fabrics=(fabric,), slices=(), patches=()))]
    assert "fabric net: a cube has other than the 8 links of its faces" in found


def test_a_good_plan_has_no_findings() -> None:
    assert verify(PLAN) == []


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_planted_fault_is_named(fault: Callable[[], Plan], message: str) -> None:
    found = [each.message for each in verify(fault()) if each.name == "shape-mismatch"]
    assert f"fabric net: {message}" in found
