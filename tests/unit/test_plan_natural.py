"""Numbers that follow from keys: where they lie, what moves them (nothing), and when there is no room for them."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import numpy as np
import pytest

from optidsl._pins import Pins, Quarantine
from optidsl.diag import Diagnostic
from optidsl.plan.addresses import Pool, allocate
from optidsl.plan.freeze import freeze
from optidsl.plan.model import Plan
from optidsl.plan.natural import Part
from tests.support import designs, frozen


def found(wired: frozen.Wired, pins: Pins | None = None) -> tuple[Plan | None, list[Diagnostic]]:
    context = designs.context()
    context.pins = pins or Pins()
    plan = freeze(wired.design, wired.placed, wired.choice, frozen.sources(), context)
    return plan, context.sink.sorted()


def test_parts_are_halves_and_the_last_two_alike() -> None:
    whole = Part(0, 1024)
    assert [(each.first, each.size) for each in (whole.cut(at) for at in range(3))] == [
        (0, 512),
        (512, 256),
        (768, 128),
    ]
    three = [whole.cut(at, 3) for at in range(3)]
    assert [(each.first, each.size) for each in three] == [(0, 512), (512, 256), (768, 256)]
    assert whole.cut(1).cut(0) == Part(512, 128)


def test_a_wanted_number_comes_after_pins_and_before_free_ones() -> None:
    wanted = np.array([12, 14, 16])
    numbers = allocate(Pool(10, 19), 3, ["a", "b", "c"], {"c": 14}, wanted=wanted)
    assert numbers is not None
    assert numbers.tolist() == [12, 10, 14]  # b's is in service: it takes the lowest that nobody wants


def test_freed_numbers_are_given_to_nobody_but_their_owner() -> None:
    wanted = np.array([10, 11])
    numbers = allocate(Pool(10, 19), 2, ["a", "b"], {}, (), wanted, quarantined={10})
    assert numbers is not None
    assert numbers.tolist() == [12, 11]
    numbers = allocate(Pool(10, 19), 2, ["a", "b"], {"a": 10}, (), wanted, quarantined={10})
    assert numbers is not None
    assert numbers.tolist() == [10, 11]
    assert allocate(Pool(10, 11), 2, ["a", "b"], {}, (), None, quarantined={10}) is None


def test_loopbacks_lie_by_tier() -> None:
    plan = frozen.clos().freeze()
    loopbacks = [str(ipaddress.ip_address(number)) for number in plan.devices.loopback.tolist()[16:]]
    assert loopbacks == ["10.250.0.1", "10.250.0.2", "10.250.0.3", "10.250.0.4", "10.250.64.1", "10.250.64.2"]


@pytest.mark.parametrize("mode", ["unnumbered", "numbered"])
def test_more_switches_move_no_number(mode: str) -> None:
    small = frozen.clos(4, 2, 16, mode=mode).freeze()  # type: ignore[arg-type]
    leaf = frozen.clos(5, 2, 20, mode=mode).freeze()  # type: ignore[arg-type]
    spine = frozen.clos(4, 3, 16, mode=mode).freeze()  # type: ignore[arg-type]
    for grown in (leaf, spine):
        assert numbers_of(small).items() <= numbers_of(grown).items()


def numbers_of(plan: Plan) -> dict[str, tuple[int, int]]:
    devices = plan.devices
    rows = zip(devices.name, devices.asn.tolist(), devices.loopback.tolist(), strict=True)
    return {name: (asn, loopback) for name, asn, loopback in rows if loopback >= 0}


@pytest.mark.parametrize(
    ("wired", "messages", "help_"),
    [
        (
            frozen.clos(loopback="10.250.0.0/28"),
            ["addressing.loopback 10.250.0.0/28 is too small for numbers that follow from keys"],
            "a /27 would hold them",
        ),
        (
            frozen.clos(p2p="10.128.0.0/24"),
            ["addressing.p2p 10.128.0.0/24 is too small for numbers that follow from keys"],
            "a /20 would hold them",
        ),
    ],
)
def test_a_tight_pool_is_packed_and_told(wired: frozen.Wired, messages: list[str], help_: str) -> None:
    plan, told = found(wired)
    assert plan is not None
    assert [(each.severity, each.name) for each in told] == [("warning", "numbers-packed")] * len(messages)
    for each, message in zip(told, messages, strict=True):
        assert each.message == f"{message}: they are packed, and move when the fabric grows"
        assert each.helps == (help_,)


def test_packed_numbers_follow_one_after_another() -> None:
    plan, _ = found(frozen.clos(loopback="10.250.0.0/28", p2p="10.128.0.0/26"))
    assert plan is not None
    base = int(ipaddress.ip_address("10.128.0.0"))
    assert plan.links.p2p.tolist()[:16] == [base + 2 * row for row in range(16)]
    assert (np.diff(plan.devices.loopback[16:]) == 1).all()


def test_a_tight_range_of_systems_is_told() -> None:
    wired = frozen.clos()
    asn = replace(wired.design.asn, leaf_first=4_200_001_000, leaf_last=4_200_001_004)
    plan, told = found(replace(wired, design=replace(wired.design, asn=asn)))
    assert plan is not None
    assert [(each.name, each.message) for each in told] == [
        (
            "numbers-packed",
            "the range of asn.leaf is too small for numbers that follow from keys: they are packed, and move when the "
            "fabric grows",
        )
    ]


def test_what_is_in_service_is_not_told() -> None:
    wired = frozen.clos(loopback="10.250.0.0/28")
    plan, _ = found(wired)
    assert plan is not None
    groups = {group.first + at: f"{group.name}[{at + 1}]" for group in plan.groups for at in range(group.count)}
    held = {groups[row]: int(plan.devices.loopback[row]) for row in np.flatnonzero(plan.devices.loopback >= 0).tolist()}
    again, told = found(wired, Pins(loopbacks=held))
    assert again is not None
    assert again.devices.loopback.tolist() == plan.devices.loopback.tolist()
    assert told == []


def test_a_quarantined_address_is_passed_over() -> None:
    freed = int(ipaddress.ip_address("10.250.0.2"))
    plan, told = found(frozen.clos(), Pins(quarantined=Quarantine(loopbacks=frozenset({freed}))))
    assert plan is not None
    assert told == []
    loopbacks = [str(ipaddress.ip_address(number)) for number in plan.devices.loopback.tolist()[16:20]]
    assert loopbacks == ["10.250.0.1", "10.250.0.5", "10.250.0.3", "10.250.0.4"]
