"""Cables of a lock at their ports: as many as any assignment keeps, by counting against trying all."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from optidsl._context import Context
from optidsl._pins import Cable, Pins
from optidsl.fabric import synthesize
from optidsl.fabric.banks import DOWN, IDLE, UP
from optidsl.fabric.box import Box
from optidsl.fabric.identity import device_identities, link_identities
from optidsl.fabric.keep import keep
from optidsl.fabric.keep_cages import seats_for
from optidsl.fabric.keep_homes import fill
from optidsl.fabric.order import cage_order
from optidsl.fabric.tables import FabricTables
from optidsl.pipeline import elaborate
from tests.support import designs
from tests.support.designs import DictLoader
from tests.support.spec_cases import PARTS

# ------------------------------------------------------------------ bins


@pytest.mark.parametrize("seed", range(60))
def test_fill_keeps_as_many_as_any_assignment(seed: int) -> None:
    rng = random.Random(seed)
    bins = rng.randint(1, 3)
    items = rng.randint(1, 6)
    wanted = [rng.randrange(bins) for _ in range(items)]
    held = [rng.randrange(-1, bins) for _ in range(items)]
    capacity = [rng.randint(0, 4) for _ in range(bins)]
    capacity[rng.randrange(bins)] += max(0, items - sum(capacity))
    found = fill(np.array(wanted), np.array(held), np.array(capacity)).tolist()
    assert all(found.count(each) <= room for each, room in enumerate(capacity))
    assert all(0 <= each < bins for each in found)
    best = max(
        sum(a == b for a, b in zip(way, held, strict=True))
        for way in itertools.product(range(bins), repeat=items)
        if all(way.count(each) <= room for each, room in enumerate(capacity))
    )
    assert sum(a == b for a, b in zip(found, held, strict=True)) == best


def test_fill_without_a_lock_is_the_scheme() -> None:
    wanted = np.array([0, 0, 1, 2, 2])
    assert fill(wanted, np.full(5, -1), np.array([2, 2, 2])).tolist() == wanted.tolist()


# ------------------------------------------------------------------ fabrics


LEAVES = "tier leaf {{ model = sw, down = {}, up = {} }}"
SPINES = "tier spine {{ model = sw{} }}"
ROUTERS = "tier router {{ model = sw{} }}"
KINDS = {
    "clos": ("kind = clos", LEAVES.format("DOWN", "UP"), SPINES.format(", count = SPINES")),
    "split": ("kind = clos", LEAVES.format(7, 3), SPINES.format(", count = 3")),
    "rails": ("kind = rail_optimized", LEAVES.format(8, 4), SPINES.format("")),
    "rails, a leaf gone": (
        "kind = rail_optimized",
        "tier leaf { model = sw, down = 8, up = 4, retired = [2] }",
        SPINES.format(""),
    ),
    "planes": ("kind = clos", "planes = 2", LEAVES.format(4, 4), SPINES.format("")),
    "homes": ("kind = clos", "homes = 2", LEAVES.format(8, 4), SPINES.format("")),
    "apart": ("kind = rail_only", LEAVES.format(8, 4), SPINES.format("")),
    "torus": ("kind = torus", "dims = [4, 4]", ROUTERS.format("")),
    "hyperx": ("kind = hyperx", "dims = [3, 3]", ROUTERS.format("")),
    "full_mesh": ("kind = full_mesh", ROUTERS.format(", count = 6")),
    "jellyfish": ("kind = jellyfish", "degree = 4", ROUTERS.format(", count = 12")),
}


def built(
    kind: str, keys: list[int], sizes: tuple[int, int, int] = (4, 8, 4), pins: Pins | None = None
) -> FabricTables:
    ratio = "oversubscription = 8:1" if any("tier leaf" in words for words in KINDS[kind]) else ""
    body = "\n".join((ratio, *KINDS[kind]))
    for word, size in zip(("SPINES", "DOWN", "UP"), sizes, strict=True):
        body = body.replace(word, str(size))
    text = (
        'optd 1\nuse "./parts.optd" { box, sw }\ndesign d {\n'
        f" node n[{', '.join(map(str, keys))}] {{ model = box }}\n"
        f" fabric f {{ protocol = ethernet\n endpoints = n.nic.compute\n {body} }}\n}}\n"
    )
    loader = DictLoader({"design.optd": text, "parts.optd": PARTS.read_text(encoding="utf-8")})
    context = Context(loader)
    context.pins = pins or Pins()
    static = elaborate("design.optd", context)
    assert static is not None, designs.messages(context)
    tables = synthesize(static[1], context)
    assert tables is not None, designs.messages(context)
    return tables


def pins_of(tables: FabricTables) -> Pins:
    return Pins(cables=dict.fromkeys(link_identities(tables), "x 1m"))


def unordered(cable: Cable) -> frozenset[tuple[str, str]]:
    return frozenset({cable[:2], cable[2:]})


def kept(before: FabricTables, after: FabricTables) -> int:
    return len(
        {unordered(each) for each in link_identities(before)} & {unordered(each) for each in link_identities(after)}
    )


def bound(before: FabricTables, after: FabricTables) -> int:
    """Return the most cables that links between the same devices could keep: by pair, and by port of a server."""
    total = 0
    counts: dict[object, list[int]] = {}
    for which, tables in enumerate((before, after)):
        for a, a_port, z, _ in link_identities(tables):
            key = (a, a_port, z) if a.startswith("n[") else frozenset({a, z})
            counts.setdefault(key, [0, 0])[which] += 1
    for old, new in counts.values():
        total += min(old, new)
    return total


def assert_sound(tables: FabricTables) -> None:
    """Assert that no port has two cables and that every port has the role of its end."""
    links, groups = tables.links, tables.groups
    used = set()
    for device, port in ((links.a_device, links.a_port), (links.z_device, links.z_port)):
        for row, at in zip(device.tolist(), port.tolist(), strict=True):
            assert (row, at) not in used
            assert 0 <= at < len(groups[tables.devices.group[row]].ports.name)
            used.add((row, at))
    peers = np.array([segment.a == segment.z for segment in tables.segments])[links.segment]
    for device, port, role in (
        (links.a_device, links.a_port, np.where(links.a_device < groups[0].count, 0, 1)),
        (links.z_device, links.z_port, np.where(peers, 1, 0)),
    ):
        for row, at, wanted in zip(device.tolist(), port.tolist(), role.tolist(), strict=True):
            assert groups[tables.devices.group[row]].ports.role[at] == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_is_a_fixed_point(kind: str) -> None:
    first = built(kind, list(range(1, 17)))
    again = built(kind, list(range(1, 17)), pins=pins_of(first))
    assert link_identities(again) == link_identities(first)
    assert [group.order for group in again.groups] == [group.order for group in first.groups]
    assert again.shapes == first.shapes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_random_changes_keep_all_that_can_be_kept(kind: str, seed: int) -> None:
    rng = random.Random(f"{kind}{seed}")
    keys = sorted(rng.sample(range(1, 30), 14))
    tables = built(kind, keys)
    for _ in range(4):
        gone = set(rng.sample(keys, rng.randint(0, 3)))
        keys = sorted({*keys, *rng.sample(range(1, 40), rng.randint(0, 3))} - gone)
        sizes = (rng.choice([2, 4]), rng.choice([8, 9, 11, 14]), rng.choice([4, 8]))
        after = built(kind, keys, sizes, pins_of(tables))
        assert_sound(after)
        assert kept(tables, after) == bound(tables, after)
        again = built(kind, keys, sizes, pins_of(after))
        assert link_identities(again) == link_identities(after)
        assert again.shapes == after.shapes
        tables = after


@pytest.mark.parametrize("kind", ["clos", "split", "planes", "homes", "apart"])
def test_servers_stay_at_their_leaves(kind: str) -> None:
    """Whatever goes and comes, who stays keeps all cables: the leaves are as many and have as many ports."""
    before = built(kind, list(range(1, 17)))
    after = built(kind, [*range(1, 4), *range(5, 17), 40], pins=pins_of(before))
    if len(device_identities(before.groups, before.devices)) != len(device_identities(after.groups, after.devices)):
        pytest.skip("the shape has other leaves")
    old, new = set(link_identities(before)), set(link_identities(after))
    assert {each for each in old - new if not each[0].startswith("n[4]")} == set()


# ------------------------------------------------------------------ cages


def box_of(tables: FabricTables) -> Box:
    order = tables.groups[1].order
    assert order is not None
    return order.box


def test_cages_in_service_keep_their_side() -> None:
    box = box_of(built("clos", [1, 2, 3, 4]))
    order = cage_order(box, 8, 4)
    assert seats_for(order, {(0, 0): 1}, {(4, 0): 2}) == order
    more = cage_order(box, 10, 4)
    kept_ = seats_for(more, {(0, 0): 3, (3, 1): 3}, {(4, 0): 3, (5, 1): 3})
    sides = [side for side, _ in kept_.seats]
    assert sides[:8] == [DOWN, DOWN, DOWN, DOWN, UP, UP, DOWN, IDLE]


def test_ports_beyond_the_need_stay_reachable() -> None:
    order = cage_order(box_of(built("clos", [1, 2, 3, 4])), 8, 4)
    wide = seats_for(order, {(7, 1): 1}, {})
    assert [side for side, _ in wide.seats][7] == DOWN
    assert wide.down >= 8


def test_the_least_used_cages_give_way_when_a_box_is_full() -> None:
    box = box_of(built("clos", [1, 2, 3, 4]))
    order = cage_order(box, 60, 4)
    down = {(cage, 0): 5 for cage in range(31)} | {(31, 0): 1}
    kept_ = seats_for(order, down, {})
    assert sum(side == DOWN for side, _ in kept_.seats) == 30
    assert kept_.seats[31][0] == UP


def test_pins_of_other_designs_do_no_harm() -> None:
    before = built("clos", [1, 2, 3, 4])
    strange = {("x[1]", "p1", "f.leaf[1]", "1/1"): "x", ("n[1]", "p9", "f.leaf[1]", "1/1"): "x"}
    context = designs.context()
    assert keep(before, Pins(cables=strange), context).links.z_port.tolist() == before.links.z_port.tolist()
    assert context.sink.sorted() == []


def test_a_retired_leaf_hands_its_rail_to_the_one_that_comes() -> None:
    before = built("rails", list(range(1, 15)))
    after = built("rails, a leaf gone", list(range(1, 15)), pins=pins_of(before))
    assert_sound(after)
    gone = [each for each in link_identities(before) if "f.leaf[2]" in (each[0], each[2])]
    assert kept(before, after) == len(link_identities(before)) - len(gone)
    rail = {
        f"f.leaf[{key}]": value
        for key, value, group in zip(after.devices.key, after.devices.rail, after.devices.group, strict=True)
        if after.groups[group].tier_name == "leaf"
    }
    for link, (_, _, leaf, _) in zip(after.links.rail.tolist(), link_identities(after), strict=True):
        if link >= 0:
            assert rail[leaf] == link
    again = built("rails, a leaf gone", list(range(1, 15)), pins=pins_of(after))
    assert link_identities(again) == link_identities(after)
