"""Where devices stand: racks, units, spreads, limits, overflow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optidsl._pins import Pins
from optidsl.fabric import synthesize
from optidsl.layout import place
from optidsl.layout.loads import rack_loads
from optidsl.layout.tables import PlacedFabric
from optidsl.sema.design import Design
from optidsl.sema.design_place import Address, Place
from tests.support import designs
from tests.support.designs import address

ROWS = [("a", [("ra", 2)]), ("b", [("rb", 2)])]
RA, RB = (address("test", "dc1", "h1", row, f"r{row}") for row in "ab")


def hosts(count: int, where: Place | None, units: int = 2, rack_units: int = 10) -> Design:
    made = designs.fabric("clos", [(0, "compute")], [designs.tier("leaf", designs.sn5600())], protocol="ethernet")
    site = designs.site_of(designs.hall(ROWS, units=rack_units))
    group = designs.node_group("server", designs.plain_server(units=units), count, where)
    return designs.design([group], [made], sites=[site])


def placed(design: Design) -> PlacedFabric:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    result = place(design, tables, ctx)
    assert result is not None, designs.messages(ctx)
    return result


def stands(design: Design, count: int) -> list[tuple[str, int]]:
    result = placed(design)
    return [
        (result.racks.name[rack], unit)
        for rack, unit in zip(result.rack[:count].tolist(), result.unit[:count].tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (designs.place(RA, RB), [("a-ra-1", 1), ("a-ra-1", 3), ("a-ra-1", 5), ("a-ra-1", 7)]),
        (designs.place(RB, RA, per_rack=2), [("b-rb-1", 1), ("b-rb-1", 3), ("b-rb-2", 1), ("b-rb-2", 3)]),
        (designs.place(RA, RB, spread="rack"), [("a-ra-1", 1), ("a-ra-2", 1), ("b-rb-1", 1), ("b-rb-2", 1)]),
        (designs.place(RA, RB, spread="row"), [("a-ra-1", 1), ("b-rb-1", 1), ("a-ra-1", 3), ("b-rb-1", 3)]),
        (designs.place(RA, fill="top_down"), [("a-ra-1", 9), ("a-ra-1", 7), ("a-ra-1", 5), ("a-ra-1", 3)]),
        (designs.place(RA, start_unit=6), [("a-ra-1", 6), ("a-ra-1", 8), ("a-ra-2", 6), ("a-ra-2", 8)]),
        (
            designs.place(RA, RB, rack_keys=(2,), per_rack=3),
            [("a-ra-2", 1), ("a-ra-2", 3), ("a-ra-2", 5), ("b-rb-2", 1)],
        ),
        (None, [("a-ra-1", 1), ("a-ra-1", 3), ("a-ra-1", 5), ("a-ra-1", 7)]),
    ],
)
def test_spreads(where: Place | None, expected: list[tuple[str, int]]) -> None:
    assert stands(hosts(4, where), 4) == expected


def test_devices_with_a_place_stand_first_and_the_others_take_what_is_left() -> None:
    result = placed(hosts(5, designs.place(RA, per_rack=5)))
    leaf = result.tables.groups[1].first
    assert (result.racks.name[result.rack[leaf]], int(result.unit[leaf])) == ("a-ra-2", 1)


def test_no_unit_is_taken_twice() -> None:
    result = placed(designs.superpod(2))
    taken: set[tuple[int, int]] = set()
    for rack, unit, height in zip(result.rack.tolist(), result.unit.tolist(), result.height.tolist(), strict=True):
        for each in range(unit, unit + height):
            assert (rack, each) not in taken
            assert 1 <= each <= 48
            taken.add((rack, each))
    loads = rack_loads(result)
    assert int(loads.used_units.sum()) == len(taken)


def test_positions_follow_order_and_pitch() -> None:
    racks = placed(hosts(1, None)).racks
    assert racks.name == ("a-ra-1", "a-ra-2", "b-rb-1", "b-rb-2")
    assert racks.x_mm.tolist() == [0, 600, 0, 600]
    assert racks.y_mm.tolist() == [0, 0, 3000, 3000]
    assert racks.power_cap_mw.tolist() == [-1] * 4


def refused(design: Design) -> tuple[str, str, tuple[str, ...]]:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None
    assert place(design, tables, ctx) is None
    found = designs.only(ctx)
    return found.name, found.message, found.notes


@pytest.mark.parametrize(
    ("design", "message", "notes"),
    [
        (
            hosts(11, designs.place(RA)),
            "`server` needs room for 11 nodes of 2U, and the 2 racks of `ra` take 10: 1 too many",
            (),
        ),
        (
            hosts(5, designs.place(RA, per_rack=2)),
            "`server` needs room for 5 nodes of 2U, and the 2 racks of `ra` take 4, at most 2 a rack: 1 too many",
            ("12U of these racks stay free",),
        ),
        (
            hosts(21, None),
            "`server` needs room for 21 nodes of 2U, and the 4 racks of `ra`, `rb` take 20: 1 too many",
            (),
        ),
        (
            hosts(1, designs.place(RA), units=12),
            "`server` needs room for 1 node of 12U, and the 2 racks of `ra` take 0: 1 too many",
            ("20U of these racks stay free",),
        ),
    ],
)
def test_overflow(design: Design, message: str, notes: tuple[str, ...]) -> None:
    name, said, noted = refused(design)
    assert (name, noted) == ("rack-full", notes)
    assert said == message


@pytest.mark.parametrize(
    ("where", "units", "message", "help_text"),
    [
        (
            designs.place(RA, start_unit=60),
            2,
            "`server` starts at 60U, and the racks of `ra` end at 48U: 12U too high",
            "set `start` to 47U or less",
        ),
        (
            designs.place(RA, RB, start_unit=47),
            4,
            "`server` starts at 47U and is 4U high, up to 50U, and the racks of `ra`, `rb` end at 48U: 2U too high",
            "set `start` to 45U or less",
        ),
        (
            designs.place(RA, start_unit=2, fill="top_down"),
            50,
            "`server` starts at 2U and is 50U high, up to 51U, and the racks of `ra` end at 48U: 3U too high",
            "no 50U device fits these racks",
        ),
    ],
)
def test_a_start_above_the_racks(where: Place, units: int, message: str, help_text: str) -> None:
    design = hosts(2, where, units=units, rack_units=48)
    assert refused(design) == ("start-above-rack", message, ())
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None
    place(design, tables, ctx)
    assert designs.only(ctx).helps == (help_text,)


def test_a_start_that_leaves_room_for_one() -> None:
    where = designs.place(RA, start_unit=47)
    assert stands(hosts(2, where, rack_units=48), 2) == [("a-ra-1", 47), ("a-ra-2", 47)]


def test_devices_without_a_place_are_told_once_per_group() -> None:
    ctx = designs.context()
    design = hosts(12, None)
    tables = synthesize(design, ctx)
    assert tables is not None
    assert place(design, tables, ctx) is not None
    assert designs.messages(ctx) == [
        "warning[place-missing]: `compute.leaf` has no `place`: its 1 switch stands in the first rack with room, "
        "`b-rb-1`",
        "warning[place-missing]: `server` has no `place`: its 12 nodes stand in the first racks with room, `a-ra-1`, "
        "`a-ra-2` and `b-rb-1`",
    ]


def test_unknown_height_is_told_and_takes_no_unit() -> None:
    base = hosts(3, designs.place(RA))
    model = replace(base.nodes[0].model, units=None)
    design = replace(base, nodes=(replace(base.nodes[0], model=model),))
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None
    result = place(design, tables, ctx)
    assert result is not None
    assert designs.messages(ctx) == [
        "warning[height-unknown]: no height is known for `server1`: its 3 devices take no RU, and cable lengths count "
        "them at the bottom of the rack",
        "warning[place-missing]: `compute.leaf` has no `place`: its 1 switch stands in the first rack with room, "
        "`a-ra-1`",
    ]
    assert result.rack[:3].tolist() == [0, 0, 0]
    assert result.unit[:3].tolist() == [0, 0, 0]
    assert (result.lengths.required_mm > 0).all()


def test_rack_names_are_unique_within_a_site() -> None:
    hall = designs.hall([("a", [("r", 2)])])
    annex = replace(hall, address=Address((*hall.address.parts[:-1], "annex")))
    site = designs.site_of(hall)
    base = replace(hosts(1, None), sites=(replace(site, halls=(hall, annex)),))
    assert refused(base)[:2] == (
        "name-collision",
        "rack `a-r-1` of hall `annex` has the name of a rack of hall `h1`; names are unique within site `dc1`",
    )


def test_names_may_say_the_place() -> None:
    base = designs.superpod(1)
    naming = replace(base.naming, node="{rack}-{node}{key:02}", switch="{site}.{hall}.{row}.{rack}-{tier}-{index}")
    result = placed(replace(base, naming=naming))
    names = result.tables.devices.name
    assert names[0] == "su1-su1-gpu-1-dgx01"
    assert names[result.tables.groups[2].first] == "dc1.h1.net.net-leaf-1-leaf-1"


def test_planes_share_the_place_of_their_tier() -> None:
    box = designs.qm9700()
    where = designs.place(RA, per_rack=4)
    tiers = [designs.tier("leaf", box, where=where), designs.tier("spine", box, where=designs.place(RB))]
    made = designs.fabric("rail_optimized", [(0, "compute")], tiers, planes=2)
    site = designs.site_of(designs.hall(ROWS, units=48))
    group = designs.node_group("dgx", designs.dgx_h100(), 2, designs.place(RB))
    result = placed(designs.design([group], [made], sites=[site]))
    leaves = [g for g in result.tables.groups if g.tier_name == "leaf"]
    racks: list[Any] = [result.rack[g.first : g.first + g.count].tolist() for g in leaves]
    assert racks == [[0, 0, 0, 0], [1, 1, 1, 1]]


def test_loads_sum_known_watts_and_name_the_rest() -> None:
    result = placed(designs.superpod(1))
    loads = rack_loads(result)
    by_name = dict(zip(result.racks.name, range(len(result.racks.name)), strict=True))
    assert int(loads.known_mw[by_name["su1-su1-gpu-1"]]) == 4 * 10_200_000
    assert int(loads.known_mw[by_name["net-leaf-1"]]) == 2 * 1_720_000
    assert loads.unknown[by_name["net-mgmt"]] == ("ufm-appliance",)
    assert int(loads.used_units[by_name["su1-su1-gpu-8"]]) == 24


# ------------------------------------------------------------------ places of a lock


def keeps(design: Design, count: int, held: dict[str, tuple[str, int]]) -> list[tuple[str, int]]:
    ctx = designs.context()
    ctx.pins = Pins(places=held)
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    result = place(design, tables, ctx)
    assert result is not None, designs.messages(ctx)
    return [
        (result.racks.name[rack], unit)
        for rack, unit in zip(result.rack[:count].tolist(), result.unit[:count].tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("where", "held", "expected"),
    [
        (
            designs.place(RA, RB),
            {"server[2]": ("a-ra-1", 7), "server[4]": ("b-rb-2", 3)},
            [("a-ra-1", 1), ("a-ra-1", 7), ("a-ra-1", 3), ("b-rb-2", 3)],
        ),
        (designs.place(RA), {"server[1]": ("b-rb-1", 1)}, [("a-ra-1", 1), ("a-ra-1", 3), ("a-ra-1", 5), ("a-ra-1", 7)]),
        (
            designs.place(RA, start_unit=5),
            {"server[1]": ("a-ra-1", 3), "server[2]": ("a-ra-1", 7)},
            [("a-ra-1", 5), ("a-ra-1", 7), ("a-ra-1", 9), ("a-ra-2", 5)],
        ),
        (
            designs.place(RA, per_rack=1),
            {"server[1]": ("a-ra-1", 3), "server[2]": ("a-ra-1", 1)},
            [("a-ra-1", 3), ("a-ra-2", 1)],
        ),
        (
            designs.place(RA, RB, spread="rack"),
            {f"server[{key}]": (rack, 1) for key, rack in ((1, "a-ra-1"), (2, "a-ra-2"))},
            [("a-ra-1", 1), ("a-ra-2", 1), ("b-rb-1", 1), ("b-rb-2", 1)],
        ),
        (designs.place(RA), {"server[1]": ("a-ra-1", 10)}, [("a-ra-1", 1), ("a-ra-1", 3)]),
        (designs.place(RA), {"server[2]": ("dc1/a-ra-2", 1)}, [("a-ra-1", 1), ("a-ra-2", 1)]),
    ],
    ids=["around", "not allowed", "start", "limit", "turns", "too high", "site"],
)
def test_devices_stay_where_a_lock_has_them(
    where: Place, held: dict[str, tuple[str, int]], expected: list[tuple[str, int]]
) -> None:
    assert keeps(hosts(len(expected), where), len(expected), held) == expected


def test_named_units_are_filled_around_what_stands() -> None:
    where = replace(designs.place(RA), units=(1, 5, 9))
    found = keeps(hosts(4, where), 4, {"server[2]": ("a-ra-1", 9), "server[3]": ("a-ra-1", 3)})
    assert found == [("a-ra-1", 1), ("a-ra-1", 9), ("a-ra-1", 5), ("a-ra-2", 1)]
