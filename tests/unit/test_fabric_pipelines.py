"""Cages that share a pipeline, cages that do not split, and the cages that the author names."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from optidsl.catalog.cages import CageRun, Pipeline
from optidsl.catalog.parts import BreakoutMode, Lanes, SwitchModel
from optidsl.fabric.banks import DOWN, IDLE, UP, banks_of, frontier, seats
from optidsl.fabric.box import Box, box_at, mode_at
from optidsl.fabric.breakout import limits_text, seat_notes
from optidsl.fabric.order import cage_order, is_plain, port_lookup
from optidsl.fabric.ports import switch_ports
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import PortMap
from optidsl.sema.design import CageSeats
from tests.support import designs

G = designs.GBPS


def ds5000() -> SwitchModel:
    modes = [(1, 800 * G), (2, 400 * G), (4, 200 * G), (4, 100 * G), (8, 100 * G)]
    model = designs.switch("ds5000", 64, modes, max_ports=320, port_name="Ethernet{lane}")
    return replace(model, pipelines=(Pipeline(1, 64, 2, designs.fact(10)),))


def ds4101() -> SwitchModel:
    model = designs.switch("ds4101", 32, [(2, 400 * G), (8, 100 * G)], max_ports=272)
    return replace(model, pipelines=(Pipeline(1, 32, 2, designs.fact(16)),))


def z9264f() -> SwitchModel:
    model = designs.switch("z9264f", 65, [(1, 100 * G), (2, 50 * G), (4, 25 * G)], lanes=Lanes(4, 25 * G))
    return replace(model, splits=(CageRun(1, 63, 2, designs.fact(1)),))


def box_of(model: SwitchModel, down: int, up: int = 0, pins: CageSeats | None = None) -> Box:
    box = box_at(model, down * G, up * G, designs.SPAN, None, pins)
    assert isinstance(box, Box)
    return box


def mapped(box: Box, down: int, up: int) -> PortMap:
    ports = switch_ports(box, down, up)
    assert isinstance(ports, PortMap)
    return ports


def ports_by_cage(ports: PortMap) -> list[int]:
    counts = Counter(ports.cage.tolist())
    return [counts[cage] for cage in range(max(counts) + 1)]


def test_two_cages_of_a_pipeline_never_both_run_eight_ways() -> None:
    box = box_of(ds5000(), 100, 400)
    assert box.capacity == 256
    counts = ports_by_cage(mapped(box, 256, 64))
    assert counts == [8, 2] * 32
    assert sum(counts) == 320


@pytest.mark.parametrize(
    ("down", "up", "fits"),
    [
        (256, 0, True),
        (257, 0, False),
        (256, 64, True),
        (256, 65, False),
        (248, 66, True),
        (0, 128, True),
        (8, 127, False),
    ],
)
def test_the_count_of_ports_is_exact(down: int, up: int, fits: bool) -> None:
    assert box_of(ds5000(), 100, 400).fits(down, up) is fits


def test_an_idle_neighbour_keeps_one_port() -> None:
    assert ports_by_cage(mapped(box_of(ds5000(), 100), 16, 0))[:5] == [8, 1, 8, 1, 1]


def test_a_wide_pipeline_takes_both() -> None:
    box = box_of(ds4101(), 100)
    assert box.capacity == 256
    assert ports_by_cage(mapped(box, 256, 0)) == [8] * 32
    assert is_plain(cage_order(box, 256, 0))


def test_a_mode_that_no_pipeline_takes_is_passed_over() -> None:
    tight = replace(ds5000(), pipelines=(Pipeline(1, 64, 2, designs.fact(6)),))
    assert mode_at(tight, 100 * G) == BreakoutMode(4, 100 * G)
    assert box_of(tight, 100).capacity == 128
    closed = replace(ds5000(), pipelines=(Pipeline(1, 64, 2, designs.fact(3)),))
    refusal = box_at(closed, 100 * G, 0, designs.SPAN)
    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize(("rate", "capacity"), [(25, 128), (50, 64), (100, 65)])
def test_only_odd_cages_split(rate: int, capacity: int) -> None:
    box = box_of(z9264f(), rate)
    assert box.capacity == capacity
    counts = ports_by_cage(mapped(box, capacity, 0))
    assert all(count == 1 for count in counts[1::2])
    assert counts[64] == 1


def test_unsplit_cages_serve_the_other_side() -> None:
    box = box_of(z9264f(), 25, 100)
    assert box.fits(128, 33)
    assert not box.fits(128, 34)
    ports = mapped(box, 128, 33)
    assert sorted(set(ports.cage[ports.role == UP].tolist())) == [*range(1, 64, 2), 64]


def test_links_follow_the_cages() -> None:
    box = box_of(ds5000(), 100, 400)
    order = cage_order(box, 24, 4)
    ports = mapped(box, 24, 4)
    lookup = port_lookup(order, ports)
    assert ports.role[lookup[:24]].tolist() == [DOWN] * 24
    assert ports.role[lookup[24:28]].tolist() == [UP] * 4
    assert ports.cage[lookup[:24:8]].tolist() == [0, 2, 4]
    assert ports.cage[lookup[24:28:2]].tolist() == [1, 3]
    assert len(set(lookup.tolist())) == 28


def test_what_limits_a_box_is_named() -> None:
    assert limits_text(ds5000()) == "a pipeline serves every 2 neighbouring cages and runs at most 10 ports"
    assert limits_text(z9264f()) == "only cages 1, 3, …, 63 may run more than one port"
    assert limits_text(designs.qm9700()) == ""
    assert seat_notes(box_of(ds5000(), 100)) == (
        "a `ds5000` at 100 Gbit/s has 256 ports: "
        "a pipeline serves every 2 neighbouring cages and runs at most 10 ports",
    )


def test_a_rate_that_no_mode_has_names_the_nearest() -> None:
    sn5640 = designs.switch("sn5640", 64, [(1, 400 * G), (2, 400 * G), (4, 200 * G), (8, 100 * G)])
    refusal = box_at(sn5640, 800 * G, 0, designs.SPAN)
    assert isinstance(refusal, Refusal)
    assert refusal.message == (
        "a port of `sn5640` cannot run at 800 Gbit/s; its cages offer 400 Gbit/s, 200 Gbit/s and 100 Gbit/s"
    )
    assert refusal.notes == (
        "its cages run as 1x400Gbps, 2x400Gbps, 4x200Gbps, 8x100Gbps, at most 8-way; "
        "nearest to 800 Gbit/s is 2x400Gbps",
    )
    four = box_at(designs.sn5600(), 100 * G, 0, designs.SPAN)
    assert isinstance(four, Refusal)
    assert four.notes == (
        "its cages run as 1x800Gbps, 2x400Gbps, 4x200Gbps, at most 4-way; nearest to 100 Gbit/s is 4x200Gbps",
    )


def test_a_mode_may_leave_lanes_dark() -> None:
    model = designs.switch("half", 4, [])
    model = replace(model, breakout=designs.fact((BreakoutMode(1, 400 * G, 4),)))
    ports = mapped(box_of(model, 400), 4, 0)
    assert ports.lanes.tolist() == [4] * 4
    assert ports.lane.tolist() == [0, 8, 16, 24]


def test_named_cages_serve_in_their_order() -> None:
    pins = CageSeats((4, 2), (), designs.SPAN)
    box = box_of(designs.switch("b", 6, [(2, 400 * G)]), 400, 400, pins)
    assert box.capacity == 4
    assert box.fits(4, 8)
    assert not box.fits(4, 9)
    order = cage_order(box, 4, 4)
    assert order.seats == ((UP, 0), (UP, 1), (DOWN, 1), (IDLE, -1), (DOWN, 0), (IDLE, -1))
    ports = mapped(box, 4, 4)
    assert ports.cage[port_lookup(order, ports)].tolist() == [4, 4, 2, 2, 0, 0, 1, 1]


def every_seating(model: SwitchModel, sides: tuple[int, int]) -> set[tuple[int, ...]]:
    """Return every way to seat cages that keeps pipelines and splits, by brute force."""
    banks = banks_of(model)
    found = set()
    for way in product((DOWN, UP, IDLE), repeat=model.cages.value):
        per_cage = [{DOWN: sides[0], UP: sides[1]}.get(side, 0) for side in way]
        if all(
            (bank.max_ports is None or sum(per_cage[cage] for cage in bank.cages) <= bank.max_ports)
            and all(may or per_cage[cage] < 2 for cage, may in zip(bank.cages, bank.can_split, strict=True))
            for bank in banks
        ):
            found.add(way)
    return found


@pytest.mark.parametrize("sides", [(8, 2), (4, 1), (1, 4), (2, 2), (8, 8), (4, 0)])
@pytest.mark.parametrize("limit", [1, 5, 9, 10, 16])
@pytest.mark.parametrize("is_split", [False, True])
def test_seats_are_those_of_brute_force(sides: tuple[int, int], limit: int, is_split: bool) -> None:
    model = designs.switch("b", 7, [(1, 800 * G)])
    model = replace(model, pipelines=(Pipeline(1, 5, 2, designs.fact(limit)), Pipeline(6, 6, 1, designs.fact(4))))
    if is_split:
        model = replace(model, splits=(CageRun(1, 7, 3, designs.fact(1)), CageRun(2, 2, 1, designs.fact(1))))
    ways = every_seating(model, sides)
    banks = banks_of(model)
    table = frontier(tuple(bank.kind for bank in banks), sides)
    for down, up in product(range(8), range(8)):
        able = [way for way in ways if way.count(DOWN) == down and way.count(UP) == up]
        found = seats(banks, sides, down, up)
        assert found == (min(able) if able else None)
        if sides[1]:
            assert (down < len(table) and up <= table[down]) is bool(able)


def test_a_named_cage_whose_pipeline_is_full_is_passed_over() -> None:
    box = box_of(ds5000(), 100, 0, CageSeats(tuple(range(32)), (), designs.SPAN))
    assert box.capacity == 16 * 8  # one of two cages a pipeline runs 8 ports, the other has room for 2
    order = cage_order(box, 24, 0)
    assert [cage for cage, (side, _) in enumerate(order.seats) if side == DOWN] == [0, 2, 4]


def test_named_cages_of_both_sides_share_a_pipeline_where_it_has_room() -> None:
    pins = CageSeats((0, 1, 2), (1, 3), designs.SPAN)
    box = box_of(ds5000(), 100, 400, pins)
    assert box.fits(16, 4)  # cages 0 and 2 run 8 ports each, 1 and 3 two each: 10 a pipeline
    assert cage_order(box, 16, 4).seats[:4] == ((DOWN, 0), (UP, 0), (DOWN, 1), (UP, 1))
