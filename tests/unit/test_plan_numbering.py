"""Addresses and ASNs: right ranges, RFC 7938, and what is in service stays."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import numpy as np
import pytest

from optidsl._pins import Pins
from optidsl.diag import Diagnostic
from optidsl.plan.addresses import Pool, allocate, loopback_pool, p2p_pool
from optidsl.plan.freeze import freeze
from optidsl.plan.model import Plan
from optidsl.plan.natural import natural_of
from tests.support import designs, frozen


def found(wired: frozen.Wired, pins: Pins | None = None) -> tuple[Plan | None, list[Diagnostic]]:
    context = designs.context()
    context.pins = pins or Pins()
    plan = freeze(wired.design, wired.placed, wired.choice, [], context)
    return plan, context.sink.sorted()


def with_asn(wired: frozen.Wired, **changes: int) -> frozen.Wired:
    design = wired.design
    return replace(wired, design=replace(design, asn=replace(design.asn, **changes)))


# ------------------------------------------------------------------ allocation


def test_lowest_free_number_in_order() -> None:
    numbers = allocate(Pool(10, 19), 3, ["a", "b", "c"], {"b": 10})
    assert numbers is not None
    assert numbers.tolist() == [11, 10, 12]


def test_pins_outside_the_pool_or_held_twice_are_given_up() -> None:
    numbers = allocate(Pool(10, 19, 2), 4, ["a", "b", "c", "d"], {"a": 99, "b": 14, "c": 14, "d": 13})
    assert numbers is not None
    assert numbers.tolist() == [10, 14, 12, 16]


def test_numbers_taken_by_others_are_skipped() -> None:
    numbers = allocate(Pool(1, 4), 2, ["a", "b"], {"a": 2}, taken={1, 2})
    assert numbers is not None
    assert numbers.tolist() == [3, 4]
    assert allocate(Pool(1, 4), 3, ["a", "b", "c"], {}, taken={1, 2}) is None


def test_pool_sizes() -> None:
    assert loopback_pool(ipaddress.IPv4Network("10.0.0.0/30")).size == 2
    assert loopback_pool(ipaddress.IPv4Network("10.0.0.0/32")).size == 1
    assert p2p_pool(ipaddress.IPv4Network("10.0.0.0/30")).size == 2
    assert p2p_pool(ipaddress.IPv4Network("10.0.0.0/31")).size == 1
    assert Pool(5, 4).size == 0


# ------------------------------------------------------------------ a Clos


def test_each_leaf_has_its_asn_and_the_spines_share_one() -> None:
    plan = frozen.clos().freeze()
    assert plan.devices.asn.tolist()[16:] == [
        4_200_001_000, 4_200_001_001, 4_200_001_002, 4_200_001_003, 4_200_000_000, 4_200_000_000,
    ]  # fmt: skip
    assert not plan.devices.asn[:16].any()
    assert str(ipaddress.ip_address(int(plan.devices.loopback[16]))) == "10.250.0.1"
    assert (plan.devices.loopback[:16] == -1).all()


def test_links_of_servers_have_a_31_each_in_every_mode() -> None:
    plan = frozen.clos().freeze()
    base = int(ipaddress.ip_address("10.128.0.0"))
    of_leaf = [base + 2 * (128 * leaf + port) for leaf in range(4) for port in range(4)]  # 64 cages of two ports each
    assert plan.links.p2p.tolist() == of_leaf + [-1] * 16


def test_numbered_links_have_a_31_each() -> None:
    plan = frozen.clos(mode="numbered").freeze()
    base = int(ipaddress.ip_address("10.128.0.0"))
    of_servers = [base + 2 * (128 * leaf + port) for leaf in range(4) for port in range(4)]
    up = int(ipaddress.ip_address("10.132.0.0"))  # a quarter of the pool: half of the half of the first fabric
    uplinks = [up + 2 * (128 * leaf + port) for leaf in range(4) for port in range(4, 8)]
    assert plan.links.p2p.tolist() == of_servers + uplinks


def test_infiniband_gets_no_numbers() -> None:
    plan = frozen.rails().freeze()
    assert (plan.devices.loopback == -1).all()
    assert (plan.devices.asn == 0).all()
    assert (plan.links.p2p == -1).all()


@pytest.mark.parametrize(
    ("wired", "name", "message", "help_text"),
    [
        (
            frozen.clos(loopback="10.250.0.0/30"),
            "address-pool-exhausted",
            "addressing.loopback 10.250.0.0/30 holds 2 addresses, 6 switches need one each: 4 too few",
            "give addressing.loopback a prefix of at least 6 addresses: /29 or shorter",
        ),
        (
            frozen.clos(mode="numbered", p2p="10.128.0.0/27"),
            "address-pool-exhausted",
            "addressing.p2p 10.128.0.0/27 holds 16 /31 pairs, 32 links need one each: 16 too few",
            "give addressing.p2p a prefix of at least 32 /31 pairs: /26 or shorter",
        ),
        (
            frozen.clos(p2p="10.128.0.0/28"),
            "address-pool-exhausted",
            "addressing.p2p 10.128.0.0/28 holds 8 /31 pairs, 16 links need one each: 8 too few",
            "give addressing.p2p a prefix of at least 16 /31 pairs: /27 or shorter",
        ),
        (
            frozen.clos(loopback="10.250/16"),
            "address-pool-invalid",
            "addressing.loopback is `10.250/16`, which is not an IPv4 prefix",
            None,
        ),
        (
            frozen.clos(loopback="2001:db8::/64"),
            "address-pool-invalid",
            "addressing.loopback is the IPv6 prefix `2001:db8::/64`; pools are IPv4 prefixes",
            None,
        ),
        (
            frozen.clos(mode="numbered", loopback="10.128.0.0/24"),
            "address-pools-overlap",
            "addressing.loopback 10.128.0.0/24 and addressing.p2p 10.128.0.0/12 share addresses",
            "choose prefixes of which neither contains the other",
        ),
        (
            with_asn(frozen.clos(), leaf_last=4_200_001_002),
            "asn-pool-exhausted",
            "asn.leaf from 4200001000 holds 3 numbers, 4 leaves need one each: 1 too few",
            "take ranges that do not meet from the private 4-byte numbers 4200000000..4294967294",
        ),
        (
            with_asn(frozen.clos(), spine=4_200_001_001),
            "asn-ranges-overlap",
            "asn.spine = 4200001001 lies in the range of the leaves, asn.leaf = 4200001000..4200009999; ranges must "
            "not overlap",
            "set `spine = 4200000999`, or move the range of the leaves",
        ),
        (
            with_asn(frozen.clos(), spine=65_101, leaf_first=65_100, leaf_last=65_199),
            "asn-ranges-overlap",
            "asn.spine = 65101 lies in the range of the leaves, asn.leaf = 65100..65199; ranges must not overlap",
            "set `spine = 65099`, or move the range of the leaves",
        ),
        (
            with_asn(frozen.clos(), spine=64_512, leaf_first=64_512, leaf_last=64_600),
            "asn-ranges-overlap",
            "asn.spine = 64512 lies in the range of the leaves, asn.leaf = 64512..64600; ranges must not overlap",
            "set `spine = 64601`, or move the range of the leaves",
        ),
    ],
)
def test_pools_that_do_not_do(wired: frozen.Wired, name: str, message: str, help_text: str | None) -> None:
    plan, told = found(wired)
    assert plan is None
    assert [(each.severity, each.name, each.message) for each in told] == [("error", name, message)]
    assert told[0].helps == (() if help_text is None else (help_text,))


def test_public_numbers_are_warned_of() -> None:
    plan, told = found(with_asn(frozen.clos(), spine=3_000))
    assert plan is not None
    assert [(each.severity, each.name) for each in told] == [("warning", "asn-not-private")]
    assert told[0].message == (
        "1 of 5 autonomous system numbers are not for private use, the first is 3000; "
        "private are 64512..65534 and 4200000000..4294967294"
    )


# ------------------------------------------------------------------ three tiers


def test_spines_of_a_pod_share_and_the_core_has_its_own() -> None:
    """RFC 7938 section 5.2.2: with one number for the spines of all pods, a pod would refuse another pod's routes."""
    from optidsl.plan.asns import number_systems

    wired = frozen.clos(4, 4, 16)
    tables = wired.placed.tables
    pods = np.array([-1] * 16 + [0, 0, 1, 1] + [0, 0, 1, 1], dtype=np.int32)
    shape = replace(tables.shapes[0], tiers=("leaf", "spine", "core"))
    tables = replace(tables, devices=replace(tables.devices, pod=pods), shapes=(shape,))
    context = designs.context()
    routed = frozenset({"compute"})
    natural = natural_of(tables, routed)
    asn = number_systems(wired.design.asn, natural, routed, tables.devices.name, Pins(), context)
    assert asn is not None  # every other one: 4200000001 is the core's
    assert asn.tolist()[20:] == [4_200_000_000, 4_200_000_000, 4_200_000_002, 4_200_000_002]


# ------------------------------------------------------------------ growth


def pins_from(plan: Plan) -> Pins:
    from optidsl.lock import lock_of, pins_of

    return pins_of(lock_of(plan))


def numbers_of(plan: Plan) -> dict[str, tuple[int, int]]:
    return {
        name: (asn, loopback)
        for name, asn, loopback in zip(
            plan.devices.name, plan.devices.asn.tolist(), plan.devices.loopback.tolist(), strict=True
        )
        if asn
    }


def p2p_of(plan: Plan) -> dict[str, int]:
    from optidsl.lock import lock_of

    return lock_of(plan).p2p


@pytest.mark.parametrize("mode", ["unnumbered", "numbered"])
def test_a_new_leaf_changes_no_number(mode: str) -> None:
    small = frozen.clos(4, 2, 16, mode=mode).freeze()  # type: ignore[arg-type]
    grown, _ = found(frozen.clos(5, 2, 20, mode=mode), pins_from(small))  # type: ignore[arg-type]
    assert grown is not None
    assert numbers_of(small).items() <= numbers_of(grown).items()
    assert p2p_of(small).items() <= p2p_of(grown).items()
    assert numbers_of(grown)["compute-leaf-005"] == (4_200_001_004, int(ipaddress.ip_address("10.250.0.5")))


def test_a_removed_leaf_frees_its_numbers_only() -> None:
    large = frozen.clos(5, 2, 20, mode="numbered").freeze()
    small, _ = found(frozen.clos(4, 2, 16, mode="numbered"), pins_from(large))
    assert small is not None
    assert numbers_of(small).items() <= numbers_of(large).items()
    assert p2p_of(small).items() <= p2p_of(large).items()


def test_names_in_service_are_kept_while_their_template_is() -> None:
    wired = frozen.clos()
    naming = {"switch": wired.design.naming.switch, "node": wired.design.naming.node}
    pins = Pins(names={"compute.leaf[1]": "old-leaf"}, naming=naming)
    plan, _ = found(wired, pins)
    assert plan is not None
    assert plan.devices.name[16] == "old-leaf"
    renamed, _ = found(wired, replace(pins, naming={**naming, "switch": "{tier}{index}"}))
    assert renamed is not None
    assert renamed.devices.name[16] == "compute-leaf-001"


def test_a_new_device_takes_a_free_name_when_its_own_is_in_service() -> None:
    """A template over an index, and a leaf inserted before the others."""
    wired = frozen.clos()
    naming = {"switch": wired.design.naming.switch, "node": wired.design.naming.node}
    in_service = {f"compute.leaf[{key}]": f"compute-leaf-00{key - 1}" for key in (2, 3, 4)}
    plan, _ = found(wired, Pins(names=in_service, naming=naming))
    assert plan is not None
    assert plan.devices.name[16:20] == (
        "compute-leaf-004", "compute-leaf-001", "compute-leaf-002", "compute-leaf-003",
    )  # fmt: skip


def test_a_name_pinned_twice_stays_with_the_first() -> None:
    wired = frozen.clos()
    naming = {"switch": wired.design.naming.switch, "node": wired.design.naming.node}
    plan, _ = found(wired, Pins(names={"compute.leaf[1]": "x", "compute.leaf[2]": "x"}, naming=naming))
    assert plan is not None
    assert plan.devices.name[16:18] == ("x", "compute-leaf-002")


@pytest.mark.parametrize(
    ("spine", "what"),
    [(23_456, "23456 is"), (64_500, "64496..64511 are"), (65_535, "65535..65551 are")],
)
def test_reserved_numbers_are_refused(spine: int, what: str) -> None:
    plan, told = found(with_asn(frozen.clos(), spine=spine))
    assert plan is None
    assert [(each.severity, each.name) for each in told] == [("error", "asn-reserved")]
    assert told[0].message.startswith(f"the fabric would use the autonomous system number {spine}; {what} reserved")
