"""A module too hot for the cage that the usual order gives it gets another one, or the arithmetic of why not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optidsl.lock import write_lock
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import cages

SN5400 = "use std.switches { sn5400 }\n"
Z9864F = "use std.switches { z9864f }\n"
HOT = cages.module("hot", "qsfp-dd", "8x50Gbps", 17, "400g-x")
HOST = cages.server("400Gbps", "8x50Gbps", "qsfp-dd")
ONE_TIER = "    tier leaf { model = sn5400%s }\n    connect endpoints -- leaf { length = 5m, module = hot }\n"


def one_tier(nodes: int, more: str = "") -> str:
    return cages.design(nodes, ONE_TIER % more, HOST + HOT, SN5400)


def plan_of(text: str) -> Plan:
    plan, errors = cages.compiled(text)
    assert plan is not None, [error.message for error in errors]
    return plan


def test_hot_modules_take_the_cages_that_carry_them() -> None:
    plan = plan_of(one_tier(12))
    assert cages.cages_of(plan, "f.leaf", "down") == [1 + 4 * at for at in range(12)]
    group = next(each for each in plan.groups if each.name == "f.leaf")
    used = plan.links.z_port.tolist()
    # The cages 1, 5 and 9 keep their links; the others follow in order.
    assert [group.ports.alias[port] for port in used[:6]] == ["etp1", "etp13", "etp17", "etp21", "etp5", "etp25"]
    assert [group.ports.name[port] for port in used[:6:4]] == ["Ethernet0", "Ethernet32"]
    assert verify(plan) == []


def test_all_sixteen_and_not_one_more() -> None:
    assert cages.cages_of(plan_of(one_tier(16)), "f.leaf", "down") == list(range(1, 62, 4))
    assert cages.messages(one_tier(17)) == [
        "no-optic-fits: no optic in the catalogue fits `f: n -- leaf` at 400 Gbps: 17 modules of 17 W (hot) need cages "
        "of at least 17 W; the sn5400 has 16 (cages 1, 5, …, 61)"
    ]


def test_sixty_four_in_a_box_of_sixteen() -> None:
    plan, errors = cages.compiled(one_tier(64))
    assert plan is None
    (error,) = errors
    assert (
        "64 modules of 17 W (hot) need cages of at least 17 W; the sn5400 has 16 (cages 1, 5, …, 61)" in error.message
    )
    assert error.primary is not None


def test_cool_modules_keep_the_usual_order() -> None:
    cool = HOT.replace("17W", "12W")
    plan = plan_of(cages.design(12, ONE_TIER % "", HOST + cool, SN5400))
    assert cages.cages_of(plan, "f.leaf", "down") == list(range(1, 13))


@pytest.mark.parametrize(("cage", "is_cold"), [(1, False), (2, True), (61, False), (64, True)])
def test_a_named_cage_is_kept(cage: int, is_cold: bool) -> None:
    text = one_tier(1, f", seat {{ side = down, cages = {cage} }}")
    if is_cold:
        (message,) = cages.messages(text)
        assert message.endswith(f"hot draws up to 17 W, cage {cage} of the sn5400 allows 12 W: 5 W too much")
    else:
        assert cages.cages_of(plan_of(text), "f.leaf", "down") == [cage]


def test_too_few_named_cages_are_told() -> None:
    (message,) = cages.messages(one_tier(5, ", seat { side = down, cages = 1..13, step = 4 }"))
    assert message.startswith("too-few-tiers: `f` needs 2 leaves, and one tier with `sn5400` as the top take 1")


@pytest.mark.parametrize(("cage", "is_cold"), [(14, True), (33, False), (32, True), (64, False)])
def test_reverse_airflow_leaves_few_watts_to_the_first_half(cage: int, is_cold: bool) -> None:
    tier = f"variant = reverse-airflow, seat {{ side = down, cages = {cage} }}"
    hot = cages.module("hot", "osfp", "8x100Gbps", 17, "800g-x")
    host = cages.server("800Gbps", "8x100Gbps", "osfp")
    tiers = (
        f"    tier leaf {{ model = z9864f, {tier} }}\n    connect endpoints -- leaf {{ length = 5m, module = hot }}\n"
    )
    text = cages.design(1, tiers, host + hot, Z9864F)
    found = cages.messages(text)
    assert bool(found) is is_cold
    if is_cold:
        allowed = {14: 6, 32: 11}[cage]
        where = f"cage {cage} of the z9864f-reverse-airflow allows {allowed} W: {17 - allowed} W too much"
        assert found[0].endswith(f"hot draws up to 17 W, {where}")
    else:
        plan = plan_of(text)
        assert next(line for line in plan.bom if line.category == "switch").part == "z9864f-reverse-airflow"
        assert plan.parts["z9864f-reverse-airflow"].facts["airflow"].value == "reverse"


def test_normal_airflow_carries_them_everywhere() -> None:
    hot = cages.module("hot", "osfp", "8x100Gbps", 17, "800g-x")
    host = cages.server("800Gbps", "8x100Gbps", "osfp")
    tiers = "    tier leaf { model = z9864f%s }\n    connect endpoints -- leaf { length = 5m, module = hot }\n"
    plan = plan_of(cages.design(40, tiers % "", host + hot, Z9864F))
    assert cages.cages_of(plan, "f.leaf", "down") == list(range(1, 41))
    reverse = plan_of(cages.design(20, tiers % ", variant = reverse-airflow", host + hot, Z9864F))
    assert cages.cages_of(reverse, "f.leaf", "down") == list(range(33, 53))
    (message,) = cages.messages(cages.design(40, tiers % ", variant = reverse-airflow", host + hot, Z9864F))
    assert message.endswith("need cages of at least 17 W; the z9864f-reverse-airflow has 32 (cages 33..64)")


# ------------------------------------------------------------------ two sides of one box

TWO_HOST = cages.server("200Gbps", "4x50Gbps", "qsfp56")
TWO = (
    TWO_HOST
    + cages.module("hot2", "qsfp-dd", "8x50Gbps", 17, "200g-x", bores=2)
    + cages.module("far", "qsfp56", "4x50Gbps", 6, "200g-x")
    + cages.module("mid", "qsfp-dd", "8x50Gbps", 14, "400g-y")
)
TWO_TIERS = (
    "    tier leaf { model = sn5400, count = 4 }\n    tier spine { model = sn5400 }\n"
    "    connect endpoints -- leaf { length = 5m }\n"
    "    connect leaf -- spine { length = 5m, rate = 400Gbps, module = mid }\n"
)


def test_two_sides_share_the_cages_that_carry_more() -> None:
    plan = plan_of(cages.design(28, TWO_TIERS, TWO, SN5400))
    down, up = (cages.cages_of(plan, "f.leaf", role) for role in ("down", "up"))
    assert {cage % 4 for cage in down + up} == {1}
    assert len(down) == len(up) == 4
    assert down[0] == 1
    assert verify(plan) == []


def test_two_sides_that_want_too_many() -> None:
    tiers = TWO_TIERS.replace("count = 4", "count = 1").replace("count = 1", "count = 1, down = 20")
    assert cages.messages(cages.design(20, tiers, TWO, SN5400)) == [
        "cage-power-short: 10 modules of 17 W (`f: n -- leaf`) and 10 modules of 14 W (`f: leaf -- spine`) need 20 "
        "cages of at least 14 W; a `sn5400` has 16, 4 too few"
    ]


def test_the_same_design_gives_the_same_seats() -> None:
    text = cages.design(28, TWO_TIERS, TWO, SN5400)
    first = plan_of(text)
    again, _ = cages.compiled(text, write_lock(first))
    assert again is not None
    assert again.groups == first.groups
    assert np.array_equal(again.links.a_port, first.links.a_port)
    assert write_lock(again) == write_lock(first)


def test_a_link_moved_to_a_cold_cage_is_found() -> None:
    plan = plan_of(one_tier(12))
    row = next(at for at, group in enumerate(plan.groups) if group.name == "f.leaf")
    group = plan.groups[row]
    role = list(group.ports.role)
    old, cold = int(plan.links.z_port[0]), 1
    role[old], role[cold] = role[cold], role[old]
    ports = group.ports.model_copy(update={"role": tuple(role)})
    groups = list(plan.groups)
    groups[row] = group.model_copy(update={"ports": ports})
    z_port = plan.links.z_port.copy()
    z_port[0] = cold
    planted = replace(plan, groups=tuple(groups), links=replace(plan.links, z_port=z_port))
    assert "cage-power-exceeded" in [found.name for found in verify(planted)]


def test_cages_seated_otherwise_stay_with_a_lock() -> None:
    """The ports of a lock are those of the seats that the watts asked for: more nodes change none of them."""
    from optidsl.lock import write_lock

    before, _ = cages.compiled(cages.design(20, TWO_TIERS, TWO, SN5400))
    assert before is not None
    lock = write_lock(before)
    again, _ = cages.compiled(cages.design(20, TWO_TIERS, TWO, SN5400), lock)
    assert again is not None
    assert write_lock(again) == lock
    after, errors = cages.compiled(cages.design(22, TWO_TIERS, TWO, SN5400), lock)
    assert errors == []
    assert after is not None
    kept, now = (
        {line.split(" cable ")[0] for line in text.splitlines() if line.startswith("port")}
        for text in (lock, write_lock(after))
    )
    assert kept <= now
