"""Numbers that the author gives to single switches and links."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import networks, trees

LEAF = ", count = 2, down = 2, up = 2, asn = [65001, 65002], loopback = [10.0.4.0/32, 10.0.4.1/32]"
SPINE = ", count = 2, asn = [65101, 65102], loopback = [10.0.3.0/32, 10.0.3.1/32]"
P2P = ', p2p = ["10.0.5.{2 * i}/31" for i in [0, 2, 1, 3]]'
POOL = "addressing { mode = numbered, p2p = 10.0.5.0/24, even = upper }"


def text_of(leaf: str = LEAF, spine: str = SPINE, p2p: str = P2P, more: str = POOL, protocol: str = "ethernet") -> str:
    text = trees.text_of(
        "clos",
        nodes=4,
        tiers={"leaf": leaf, "spine": spine},
        connects={"spine": p2p},
        protocol=protocol,
        model="sn5600" if protocol == "ethernet" else "qm9700",
    )
    return text.replace("design network {", f"design network {{\n  {more}")


def dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


PLAN = networks.plan_of(text_of())


def test_numbers_are_those_given() -> None:
    devices = PLAN.devices
    found = dict(zip(devices.name, zip(devices.asn.tolist(), devices.loopback.tolist(), strict=True), strict=True))
    assert {name: (asn, dotted(loopback)) for name, (asn, loopback) in found.items() if asn} == {
        "net-leaf001": (65001, "10.0.4.0"),
        "net-leaf002": (65002, "10.0.4.1"),
        "net-spine001": (65101, "10.0.3.0"),
        "net-spine002": (65102, "10.0.3.1"),
    }
    p2p = PLAN.links.p2p.tolist()
    assert [dotted(even) for even in p2p[4:]] == ["10.0.5.0", "10.0.5.4", "10.0.5.2", "10.0.5.6"]
    assert [dotted(even) for even in p2p[:4]] == ["10.0.5.8", "10.0.5.10", "10.0.5.12", "10.0.5.14"]
    assert PLAN.addressing.even == "upper"
    assert verify(PLAN) == []


def test_what_is_not_given_comes_from_the_pools() -> None:
    plan = networks.plan_of(text_of(spine=", count = 2", p2p="", more="addressing { mode = numbered }"))
    asn = dict(zip(plan.devices.name, plan.devices.asn.tolist(), strict=True))
    assert [asn[f"net-{name}"] for name in ("leaf001", "leaf002", "spine001", "spine002")] == [
        65001,
        65002,
        4_200_000_000,
        4_200_000_000,
    ]
    assert len(set(plan.links.p2p.tolist())) == len(plan.links.p2p)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            text_of(leaf=LEAF.replace("65001, ", "")),
            "tier `leaf` of `net` gives 1 AS number, and has 2 switches: each takes one, in order",
        ),
        (
            text_of(p2p=P2P.replace(", 3]", "]")),
            "`leaf -- spine` of `net` gives 3 /31s, and has 4 links: each takes one, in order",
        ),
        (
            text_of(leaf=LEAF.replace("10.0.4.1", "10.0.4.0")),
            "10.0.4.0 is given twice; an address has one owner",
        ),
        (
            text_of(more="addressing { p2p = 10.0.5.0/24 }"),
            "`leaf -- spine` of `net` gives /31s, and links between switches have addresses only in `mode = numbered`",
        ),
        (
            text_of(more="addressing { mode = numbered }"),
            "10.0.5.0/31 is given to a link, and addressing.p2p is 10.128.0.0/12",
        ),
        (
            text_of(protocol="infiniband"),
            "`net` does not route over IP, so that AS numbers say nothing about it",
        ),
    ],
    ids=["few", "few links", "twice", "unnumbered", "outside", "infiniband"],
)
def test_numbers_that_do_not_fit(text: str, message: str) -> None:
    assert message in networks.plan_errors_of(text)


# ------------------------------------------------------------------ what the verifier says


def with_asn(name: str, number: int) -> Plan:
    asn = PLAN.devices.asn.copy()
    asn[PLAN.devices.name.index(name)] = number
    return replace(PLAN, devices=replace(PLAN.devices, asn=asn))


def with_p2p(row: int, even: int) -> Plan:
    p2p = PLAN.links.p2p.copy()
    p2p[row] = even
    return replace(PLAN, links=replace(PLAN.links, p2p=p2p))


def told(plan: Plan) -> list[str]:
    return [finding.message for finding in verify(plan)]


def test_neighbours_of_one_number_are_found() -> None:
    assert any(
        "net-leaf001" in message and message.endswith("joins two switches of AS 65101 (1 such links)")
        for message in told(with_asn("net-leaf001", 65101))
    )


def test_an_address_that_is_a_loopback_is_found() -> None:
    loopback = int(PLAN.devices.loopback[PLAN.devices.name.index("net-spine001")])
    assert any("has the address 10.0.3.0, the loopback of net-spine001" in each for each in told(with_p2p(4, loopback)))


def test_two_links_of_one_subnet_are_found() -> None:
    assert any("share 10.0.5.4/31" in message for message in told(with_p2p(4, int(PLAN.links.p2p[5]))))


def test_a_loopback_that_is_not_given_lies_in_its_pool() -> None:
    groups = tuple(group.model_copy(update={"given": ()}) for group in PLAN.groups)
    assert any(message.endswith("outside 10.250.0.0/16") for message in told(replace(PLAN, groups=groups)))
    assert not np.isin(PLAN.devices.loopback, PLAN.links.p2p).any() or (PLAN.devices.loopback < 0).any()
