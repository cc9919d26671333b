"""Cable lengths against layouts computed by hand; rows 3 m, racks 0.6 m apart, drop 1.2 m, dress 0.3 m, slack 5 %."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optidsl.fabric import synthesize
from optidsl.layout import place
from optidsl.layout.explain import explain_length
from optidsl.layout.tables import PlacedFabric
from optidsl.sema.design import Design
from optidsl.sema.design_place import Pathway, Place, Site, Tray
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.designs import address, at_most, decided, one_of


def design_of(
    node_place: Place | None, leaf_place: Place | None, sites: list[Site], units: int | None = 2, **connect: Any
) -> Design:
    """Return one server on one leaf."""
    box = replace(designs.sn5600(), units=None if units is None else designs.fact(units))
    tier = designs.tier("leaf", box, where=leaf_place)
    link = replace(designs.connect("endpoints", "leaf"), **connect)
    made = designs.fabric("clos", [(0, "compute")], [tier], protocol="ethernet", connects=[link])
    group = designs.node_group("server", designs.plain_server(), 1, node_place)
    return designs.design([group], [made], sites=sites)


def placed(design: Design) -> PlacedFabric:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    result = place(design, tables, ctx)
    assert result is not None, designs.messages(ctx)
    assert designs.messages(ctx) == []
    return result


def refused(design: Design) -> tuple[str, str]:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None
    assert place(design, tables, ctx) is None
    found = designs.only(ctx)
    return found.name, found.message


ONE_HALL = designs.site_of(designs.hall([("a", [("srv", 3)]), ("b", [("net", 4)])]))
SRV = address("test", "dc1", "h1", "a", "srv")
NET = address("test", "dc1", "h1", "b", "net")


def at(rack: object, key: int, start: int | None = None) -> Place:
    return replace(designs.place(rack, start_unit=start), rack_keys=(key,))  # type: ignore[arg-type]


def test_same_rack() -> None:
    """Server in RU 1-2, leaf in RU 3-4: middles are 2 RU apart, 88.9 mm, rounded up to 89; 689 + 5 % = 723.45."""
    result = placed(design_of(at(SRV, 1), at(SRV, 1), [ONE_HALL]))
    lengths = result.lengths
    assert bool(lengths.is_same_rack[0])
    assert (int(lengths.dress_mm[0]), int(lengths.vertical_mm[0]), int(lengths.horizontal_mm[0])) == (600, 89, 0)
    assert int(lengths.slack_mm[0]) == 35
    assert int(lengths.required_mm[0]) == 724
    assert explain_length(result, 0) == [
        ("dress at server-001", 300),
        ("height between the ports in a-srv-1", 89),
        ("dress at compute-leaf-001", 300),
        ("slack 5%", 35),
    ]


def test_same_hall() -> None:
    """Server in RU 1-2 of srv-1 (x 0, y 0), leaf in RU 41-42 of net-4 (x 1.8 m, y 3 m), tops at 48 RU.

    Climbs: 47 RU = 2089.15 mm and 7 RU = 311.15 mm, together 2400.3, rounded up to 2401 mm; drops 2 x 1200.
    """
    result = placed(design_of(at(SRV, 1), at(NET, 4, start=41), [ONE_HALL]))
    lengths = result.lengths
    assert not bool(lengths.is_same_rack[0])
    assert int(lengths.vertical_mm[0]) == 2401 + 2400
    assert int(lengths.horizontal_mm[0]) == 4800
    assert int(lengths.required_mm[0]) == 10_201 + 511  # 5 % of 10201 is 510.05
    assert explain_length(result, 0) == [
        ("dress at server-001", 300),
        ("climb to the top of a-srv-1", 2090),
        ("rise to the tray", 1200),
        ("along the rows", 1800),
        ("across the rows", 3000),
        ("drop from the tray", 1200),
        ("descent from the top of b-net-4", 311),
        ("dress at compute-leaf-001", 300),
        ("slack 5%", 511),
    ]


def two_halls(*pathways: Pathway, slack: Fraction = Fraction(1, 10)) -> Site:
    tray = Tray(drop_mm=500, dress_mm=200, slack=slack, origin=None)
    first = designs.hall([("a", [("srv", 3)])])
    second = designs.hall([("x", []), ("b", [("net", 4)])], name="h2", tray=tray)
    return replace(designs.site_of(first, second), pathways=pathways)


def hall_address(name: str) -> Any:
    return address("test", "dc1", name)


def test_other_hall() -> None:
    """From srv-3 (x 1.2 m) to the origin, 40 m of pathway, to net-2 in row 2 (0.6 m + 3 m); the larger slack, 10 %.

    Climbs 2 x 47 RU = 4178.3, rounded up to 4179; drops 1200 + 500; dress 300 + 200.
    """
    site = two_halls(Pathway(hall_address("h1"), hall_address("h2"), 40_000, designs.ORIGIN))
    net = address("test", "dc1", "h2", "b", "net")
    result = placed(design_of(at(SRV, 3), at(net, 2), [site]))
    route = 500 + 4179 + 1700 + 1200 + 40_000 + 3600
    assert int(result.lengths.required_mm[0]) == route + -(-route // 10)
    terms = explain_length(result, 0)
    assert ("pathway from h1 to h2", 40_000) in terms
    assert sum(mm for _, mm in terms) == int(result.lengths.required_mm[0])


def test_halls_without_a_pathway_are_refused() -> None:
    net = address("test", "dc1", "h2", "b", "net")
    assert refused(design_of(at(SRV, 3), at(net, 2), [two_halls()])) == (
        "pathway-missing",
        "1 cable runs between hall `dc1.h1` and hall `dc1.h2`, and no pathway joins them",
    )


def test_stated_length_replaces_geometry_and_place() -> None:
    for node_place, leaf_place, sites in ((at(SRV, 1), at(NET, 1), [ONE_HALL]), (None, None, [])):
        result = placed(design_of(node_place, leaf_place, sites, length_mm=decided(7_000)))
        assert int(result.lengths.required_mm[0]) == int(result.lengths.horizontal_mm[0]) == 7_000
        assert explain_length(result, 0) == [("stated length", 7_000)]


def test_upper_bound_is_a_requirement() -> None:
    near, far = at(SRV, 1), at(NET, 4, start=41)
    assert int(placed(design_of(near, far, [ONE_HALL], length_mm=at_most(10_712))).lengths.required_mm[0]) == 10_712
    assert refused(design_of(near, far, [ONE_HALL], length_mm=at_most(10_711))) == (
        "length-exceeded",
        "length 10.712 m exceeds the 10.711 m allowed on `compute: endpoints -- leaf` by 0.001 m "
        "(1 of 1 links; longest server-001 → compute-leaf-001)",
    )


@pytest.mark.parametrize(
    ("slot", "required"), [(Slot(lower=20_000), 20_000), (Slot(lower=5_000), 10_712), (one_of(10_000, 15_000), 15_000)]
)
def test_lower_bound_and_list_lengthen_the_slack(slot: Slot[int], required: int) -> None:
    result = placed(design_of(at(SRV, 1), at(NET, 4, start=41), [ONE_HALL], length_mm=slot))
    assert int(result.lengths.required_mm[0]) == required
    assert sum(mm for _, mm in explain_length(result, 0)) == required


def test_unknown_lengths_are_told_once_for_each_segment() -> None:
    design = designs.b200(2)
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None
    result = place(design, tables, ctx)
    assert result is not None
    assert designs.messages(ctx) == [
        "warning[length-unknown]: no length is known for 512 of 512 links of `compute: endpoints -- leaf`: "
        "`dgx-001` has no place",
        "warning[length-unknown]: no length is known for 512 of 512 links of `compute: leaf -- spine`: "
        "`compute-leaf-001` has no place",
    ]
    assert (result.lengths.required_mm == -1).all()
    assert (result.rack == -1).all()
    assert explain_length(result, 0) == []


def test_terms_add_up_for_every_link_of_a_superpod() -> None:
    result = placed(designs.superpod(1))
    lengths = result.lengths
    total = lengths.dress_mm + lengths.vertical_mm + lengths.horizontal_mm + lengths.slack_mm
    assert (total == lengths.required_mm).all()
    for link in range(0, len(total), 37):
        assert sum(mm for _, mm in explain_length(result, link)) == int(total[link])


def test_distance_is_symmetric() -> None:
    there = placed(design_of(at(SRV, 1), at(NET, 4), [ONE_HALL]))
    back = placed(design_of(at(NET, 4), at(SRV, 1), [ONE_HALL]))
    assert int(there.lengths.required_mm[0]) == int(back.lengths.required_mm[0])
