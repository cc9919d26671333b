"""Keys and seats: what a missing key keeps free, and when there is no room for that."""

from __future__ import annotations

import numpy as np
import pytest

from optidsl import pipeline
from optidsl.fabric.demand import Demand, LeafSizes
from optidsl.fabric.edge import Edge
from optidsl.fabric.seating import seats
from optidsl.fabric.synthesize import synthesize
from optidsl.fabric.tables import FabricTables
from tests.support.compiled import PARTS
from tests.support.programs import context_of


def edge_of(*groups: list[int], ports: int = 1, rails: int = 0) -> Edge:
    """Return the ports of groups of nodes with these keys; with rails, one port on each."""
    per_node = rails or ports
    keys = [key for group in groups for key in group]
    term = [at for at, group in enumerate(groups) for _ in group]
    n = len(keys)
    rail = np.tile(np.arange(per_node) if rails else np.full(per_node, -1), n)
    index = np.tile(np.arange(per_node), n)
    device = np.repeat(np.arange(n), per_node)
    return Edge(
        device.astype(np.int32),
        index.astype(np.int32),
        rail.astype(np.int32),
        index.astype(np.int32),
        np.repeat(term, per_node).astype(np.int32),
        np.repeat(keys, per_node).astype(np.int64),
    )


def taken(edge: Edge, count: int, down: int, slots: list[int] | None = None) -> list[tuple[int, int]]:
    """Return leaf and port of every endpoint port."""
    leaf = LeafSizes(count, down, down, 0, 0)
    found = seats(edge, Demand(len(edge.device)), leaf, None if slots is None else np.array(slots))
    return list(zip(found.leaf.tolist(), found.port.tolist(), strict=True))


def test_keys_without_holes_fill_leaf_after_leaf() -> None:
    assert taken(edge_of([1, 2, 3, 4]), 2, 2) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_hole_keeps_its_port_free_where_there_is_room() -> None:
    assert taken(edge_of([1, 3, 4]), 2, 2) == [(0, 0), (1, 0), (1, 1)]
    assert taken(edge_of([2, 3, 4]), 2, 2) == [(0, 1), (1, 0), (1, 1)]


def test_a_hole_without_room_is_closed() -> None:
    assert taken(edge_of([1, 3, 9]), 2, 2) == [(0, 0), (0, 1), (1, 0)]


def test_far_keys_count_from_the_least() -> None:
    assert taken(edge_of([101, 103, 104]), 2, 2) == [(0, 0), (1, 0), (1, 1)]


def test_ports_of_a_node_stay_together() -> None:
    assert taken(edge_of([1, 3], ports=2), 3, 2) == [(0, 0), (0, 1), (2, 0), (2, 1)]


def test_keys_that_go_on_count_on_and_others_begin_anew() -> None:
    assert taken(edge_of([1, 2], [4, 5]), 3, 2) == [(0, 0), (0, 1), (1, 1), (2, 0)]
    assert taken(edge_of([1, 2], [1, 2]), 2, 2) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_the_order_of_keys_is_not_that_of_the_source() -> None:
    assert taken(edge_of([3, 1, 2]), 2, 2) == [(1, 0), (0, 0), (0, 1)]


def test_a_retired_leaf_keeps_its_ports() -> None:
    assert taken(edge_of([1, 2, 5, 6]), 2, 2, [0, 2]) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    dense = taken(edge_of([1, 2, 3, 4]), 2, 2, [0, 2])  # the keys of servers say nothing of leaf 2: rank after rank
    assert dense == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_the_first_leaf_may_be_retired_with_its_servers() -> None:
    assert taken(edge_of([3, 4, 7, 8]), 2, 2, [1, 3]) == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("keys", "slots", "units"),
    [
        ([1, 2, 3, 4], [0, 1, 2, 3], [0, 0, 1, 1]),
        ([1, 2, 4], [0, 1, 2, 3], [0, 0, 1]),
        ([1, 2, 5, 6], [0, 1, 4, 5], [0, 0, 1, 1]),  # unit 2 is gone, with both of its leaves
        ([1, 2, 5, 6], [0, 1, 3, 4], [0, 0, 1, 1]),  # no whole unit: by rank
        ([1, 2, 9], [0, 1, 2, 3], [0, 0, 1]),  # no room: by rank
    ],
)
def test_units_by_key(keys: list[int], slots: list[int], units: list[int]) -> None:
    edge = edge_of(keys, rails=2)
    demand = Demand(2 * len(keys), 2, len(keys), 2 * len(keys), 1)
    found = seats(edge, demand, LeafSizes(4, 2, 2, 2, 2), np.array(slots))
    assert (found.leaf // 2).tolist() == [unit for unit in units for _ in range(2)]
    assert (found.leaf % 2).tolist() == [0, 1] * len(keys)


# ------------------------------------------------------------------ keys

DESIGN = """optd 1
use "./ours.optd" {{ box, sw }}
design d {{
  node n[1..{nodes}] {{ model = box }}
  fabric f {{
    kind      = {kind}
    protocol  = ethernet
    endpoints = n.nic.compute
    {body}
  }}
}}
"""


def checked(body: str, nodes: int = 16, kind: str = "clos") -> tuple[FabricTables | None, list[tuple[str, str, str]]]:
    """Return the tables, and what was said of retired keys."""
    parts = PARTS.replace("NIC", "").replace("MODULE", "").replace("SWITCH", "")
    files = {"design.optd": DESIGN.format(nodes=nodes, body=body, kind=kind), "ours.optd": parts}
    context = context_of(files)
    static = pipeline.elaborate("design.optd", context)
    return None if static is None else synthesize(static[1], context), [
        (each.severity, each.name, each.message) for each in context.sink.sorted() if each.name == "keys-retired"
    ]


def test_keys_skip_the_retired_and_name_the_switches() -> None:
    tables, said = checked(
        "oversubscription <= 4:1\n tier leaf { model = sw, count = 3, down = 8, up = 2, retired = [2] }\n "
        "tier spine { model = sw }"
    )
    assert said == []
    assert tables is not None
    leaves, spines = (group for group in tables.groups if group.kind == "switch")
    rows = slice(leaves.first, leaves.first + leaves.count)
    assert tables.devices.key[rows] == ("1", "3", "4")
    assert tables.devices.name[rows] == ("f-leaf001", "f-leaf003", "f-leaf004")
    up = tables.links.segment == 1
    ports = sorted(set(tables.links.z_port[up].tolist()))
    assert ports == [0, 1, 4, 5, 6, 7]  # those of leaf 2 stay free
    assert spines.order is not None
    assert spines.order.down == 8


def test_a_key_far_beyond_the_last_is_told() -> None:
    tier = "tier leaf {{ model = sw, count = 2, down = 8, up = 2, retired = {} }}"
    body = f"oversubscription <= 4:1\n {tier}\n tier spine {{{{ model = sw, count = 2 }}}}"
    assert checked(body.format("[3]"))[1] == []  # switch 3 is gone, and was the last
    assert checked(body.format("[7]"))[1] == [
        (
            "warning",
            "keys-retired",
            "`retired` of tier `leaf` of `f` names 7, and its keys end at 2: no switch had that key",
        )
    ]


def test_switches_of_pods_are_alike() -> None:
    body = "k = 4\n tier leaf { model = sw }\n tier spine { model = sw, retired = [2] }\n tier core { model = sw }"
    assert checked(body, kind="fat_tree")[1] == [
        (
            "error",
            "keys-retired",
            "tier `spine` of `f` retires 1 key, and its pods are alike: a switch of one cannot go alone",
        )
    ]


def test_a_coordinate_is_not_retired() -> None:
    body = "dims = [2, 2]\n tier router { model = sw, retired = [2] }"
    assert checked(body, nodes=4, kind="torus")[1] == [
        ("error", "keys-retired", "tier `router` of `f` has `retired`, which is for trees: here a key is a coordinate")
    ]
