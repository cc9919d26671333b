"""The verifier names every planted fault, and finds nothing in a good plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from optidsl.plan.model import Plan, PlanCheck, PlanFact, PlanRequirement, Record
from optidsl.plan.verify import verify
from tests.support import frozen

NUMBERED = frozen.clos(mode="numbered").freeze()
RAILS = frozen.rails(2).freeze()

N_SERVERS, N_ACCESS = 16, 16  # of NUMBERED; uplinks follow from row 16


# ------------------------------------------------------------------ ways to break a plan


def column(plan: Plan, table: str, name: str, changes: dict[int, Any]) -> Plan:
    """Return the plan with values of one column replaced."""
    columns = getattr(plan, table)
    values: Any = getattr(columns, name)
    if isinstance(values, tuple):
        changed: Any = list(values)
        for row, value in changes.items():
            changed[row] = value
        changed = tuple(changed)
    else:
        changed = values.copy()
        for row, value in changes.items():
            changed[row] = value
    return replace(plan, **{table: replace(columns, **{name: changed})})


def swap(plan: Plan, name: str, one: int, other: int) -> Plan:
    """Return the plan with two values of a link column exchanged."""
    values = getattr(plan.links, name)
    return column(plan, "links", name, {one: values[other], other: values[one]})


def swap_cables(plan: Plan, one: int, other: int) -> Plan:
    """Return the plan with the z plugs of two cables exchanged."""
    return swap(swap(plan, "z_device", one, other), "z_port", one, other)


def without_link(plan: Plan, row: int) -> Plan:
    """Return the plan without one cable."""
    names = [name for name in plan.links.__dataclass_fields__ if getattr(plan.links, name) is not None]
    columns = {name: np.delete(getattr(plan.links, name), row) for name in names}
    return replace(plan, links=replace(plan.links, **columns))


def record(plan: Plan, table: str, row: int, **changes: Any) -> Plan:
    """Return the plan with fields of one record replaced."""
    records: list[Record] = list(getattr(plan, table))
    records[row] = records[row].model_copy(update=changes)
    return replace(plan, **{table: tuple(records)})


def part(plan: Plan, name: str, **facts: int | str | tuple[int, ...] | tuple[str, ...] | None) -> Plan:
    """Return the plan with facts of a part replaced (`__` stands for a dot), or dropped when None."""
    known = dict(plan.parts[name].facts)
    for key, value in facts.items():
        field = key.replace("__", ".")
        if value is None:
            del known[field]
        else:
            known[field] = PlanFact(value=value, source="tests", confidence="design")
    return replace(plan, parts={**plan.parts, name: plan.parts[name].model_copy(update={"facts": known})})


def ports(plan: Plan, group: int, name: str, changes: dict[int, Any]) -> Plan:
    """Return the plan with values of a port column replaced."""
    values = list(getattr(plan.groups[group].ports, name))
    for row, value in changes.items():
        values[row] = value
    return record(plan, "groups", group, ports=plan.groups[group].ports.model_copy(update={name: tuple(values)}))


def check(name: str, verdict: str) -> PlanCheck:
    return PlanCheck.model_validate(
        {
            "name": name, "link_class": 0, "verdict": verdict, "detail": "planted", "margin": None, "unit": "",
            "missing": "", "source": "", "confidence": "",
        }
    )  # fmt: skip


# ------------------------------------------------------------------ the mutants


@dataclass(frozen=True)
class Mutant:
    label: str
    plan: Callable[[], Plan]
    name: str
    message: str


def _numbered(change: Callable[[Plan], Plan]) -> Callable[[], Plan]:
    return lambda: change(NUMBERED)


def _rails(change: Callable[[Plan], Plan]) -> Callable[[], Plan]:
    return lambda: change(RAILS)


MUTANTS = [
    Mutant(
        "port index out of the box",
        _numbered(lambda p: column(p, "links", "z_port", {0: 99})),
        "port-missing",
        "server-001:eth0 -- compute-leaf-001:port 99: compute-leaf-001 has 10 ports, none with index 99",
    ),
    Mutant(
        "two cables in one port",
        _numbered(lambda p: column(p, "links", "z_port", {1: 0})),
        "port-used-twice",
        "port compute-leaf-001:1/1 serves 2 links",
    ),
    Mutant(
        "cable in an unused port",
        _numbered(lambda p: column(p, "links", "z_port", {0: 9})),
        "port-role-mismatch",
        "port compute-leaf-001:5/2 is kept as `unused`, this end needs one kept as `down`",
    ),
    Mutant(
        "uplink in a down port",
        _numbered(lambda p: ports(p, 1, "role", {0: "up"})),
        "port-role-mismatch",
        "4 of 32 links, first server-001:eth0 -- compute-leaf-001:1/1: port compute-leaf-001:1/1 is kept as `up`",
    ),
    Mutant(
        "port at another rate",
        _numbered(lambda p: ports(p, 0, "rate_mbps", {0: 200_000})),
        "port-rate-mismatch",
        "runs 200 Gbps, the links of this segment run 400 Gbps",
    ),
    Mutant(
        "server cabled to a spine",
        _numbered(lambda p: column(p, "links", "z_device", {0: 20})),
        "link-ends-mismatch",
        "the link does not join endpoints to leaf of fabric compute",
    ),
    Mutant(
        "link counted to another class",
        _numbered(lambda p: column(p, "links", "link_class", {0: 1})),
        "link-ends-mismatch",
        "the link is not of class `compute: leaf -- spine`",
    ),
    Mutant(
        "another optic in half a cage",
        lambda: column(record(NUMBERED, "classes", 0, z_module="sr4"), "links", "link_class", {0: 1}),
        "cage-mixed-modules",
        "would hold both `sr4` and `sr8`",
    ),
    Mutant(
        "dropped uplink",
        _numbered(lambda p: without_link(p, 17)),
        "shape-mismatch",
        "fabric compute: compute-leaf-001 has 3 uplinks, its shape 4",
    ),
    Mutant(
        "dropped server cable",
        _numbered(lambda p: without_link(p, 3)),
        "shape-mismatch",
        "fabric compute: 15 endpoint ports have a cable, its shape says 16",
    ),
    Mutant(
        "one leaf more in the shape",
        _numbered(lambda p: record(p, "fabrics", 0, counts=(5, 2))),
        "shape-mismatch",
        "fabric compute: tier leaf has 4 switches, its shape 5",
    ),
    Mutant(
        "more links down than the shape keeps",
        _numbered(lambda p: record(p, "fabrics", 0, down=(3, 8))),
        "shape-mismatch",
        "compute-leaf-001 has 4 links down, its shape at most 3",
    ),
    Mutant(
        "wrong number of hops",
        _numbered(lambda p: record(p, "fabrics", 0, hops=5)),
        "shape-mismatch",
        "the longest path crosses 3 switches, its shape says 5",
    ),
    Mutant(
        "two uplinks swapped between spines",
        _numbered(lambda p: swap_cables(p, 16, 22)),
        "uplinks-uneven",
        "reaches 2 spine switches",
    ),
    Mutant(
        "two rails swapped",
        _rails(lambda p: swap_cables(p, 0, 1)),
        "rail-mismatch",
        "port dgx-001:OSFP1P1 serves rail 7, compute-leaf-005 is a leaf of rail 4",
    ),
    Mutant(
        "wrong rail stated",
        _rails(lambda p: column(p, "links", "rail", {0: 2})),
        "rail-mismatch",
        "the link states rail 2, its port serves rail 7",
    ),
    Mutant(
        "oversubscribed",
        _numbered(lambda p: record(p, "fabrics", 0, oversubscription=((3_200_000, 1_600_000),))),
        "oversubscription-not-met",
        "fabric compute: oversubscription 2:1 exceeds the limit 1:1",
    ),
    Mutant(
        "route terms do not add up",
        _numbered(lambda p: column(p, "links", "slack_mm", {0: 0})),
        "route-terms-mismatch",
        "the terms of the route add up to 7.6 m, it states 7.98 m",
    ),
    Mutant(
        "class states another longest link",
        _numbered(lambda p: record(p, "classes", 0, longest_mm=9_000)),
        "route-terms-mismatch",
        "`compute: endpoints -- leaf` states 9 m as its longest link, this one needs 9.87 m",
    ),
    Mutant(
        "rack moved without measuring again",
        _numbered(lambda p: record(p, "racks", 0, y_mm=-60_000)),
        "route-too-short",
        "the route runs 3 m across the floor, its racks are 63 m apart along the grid",
    ),
    Mutant(
        "cable shorter than its route",
        _numbered(lambda p: column(p, "links", "ordered_mm", {0: 7_000})),
        "cable-too-short",
        "the cable of 7 m is shorter than its route with slack, 7.98 m, by 0.98 m",
    ),
    Mutant(
        "length that nobody sells",
        _numbered(lambda p: column(p, "links", "ordered_mm", {0: 9_000})),
        "length-not-sold",
        "mm-mpo is not sold in 9 m",
    ),
    Mutant(
        "longer than needed",
        _numbered(lambda p: column(p, "links", "ordered_mm", {0: 15_000})),
        "length-not-smallest",
        "mm-mpo is ordered in 15 m, 10 m would do for 7.98 m",
    ),
    Mutant(
        "reach shortened",
        _numbered(lambda p: part(p, "sr4", reach_mm__om4=8_000)),
        "reach-exceeded",
        "compute: endpoints -- leaf: a cable of 10 m exceeds the reach of sr4 over om4, 8 m, by 2 m",
    ),
    Mutant(
        "reach towards this far end shortened",
        _numbered(lambda p: part(p, "sr4", **{"reach_mm@sr8": 9_000})),
        "reach-exceeded",
        "a cable of 10 m exceeds the reach of sr4 towards sr8, 9 m, by 1 m",
    ),
    Mutant(
        "fibre assembly capped",
        _numbered(lambda p: part(p, "mm-mpo", max_total_mm=4_000)),
        "reach-exceeded",
        "compute: leaf -- spine: a cable of 5 m exceeds the reach of the whole channel of mm-mpo, 4 m, by 1 m",
    ),
    Mutant(
        "reach figure gone",
        _numbered(lambda p: part(p, "sr4", reach_mm__om4=None)),
        "check-unfounded",
        "the plan records that reach holds, but has no usable figure for the reach of sr4 over om4",
    ),
    Mutant(
        "cable below the module's minimum",
        _numbered(lambda p: part(p, "sr4", min_length_mm=20_000)),
        "cable-below-minimum",
        "a cable of 10 m is shorter than sr4 allows, 20 m",
    ),
    Mutant(
        "budget shortened in the part",
        _numbered(lambda p: part(p, "sr4", loss_max_mdb__om4=700)),
        "loss-exceeded",
        "loss 0.73 dB exceeds the budget 0.7 dB by 0.03 dB (10 m of om4, 2 connections)",
    ),
    Mutant(
        "budget shortened in the class",
        _numbered(lambda p: record(p, "classes", 0, budget_mdb=800)),
        "budget-mismatch",
        "compute: endpoints -- leaf: the plan states a budget of 0.8 dB, its parts give 1.9 dB",
    ),
    Mutant(
        "loss stated too low",
        _numbered(lambda p: record(p, "classes", 1, loss_mdb=100)),
        "budget-mismatch",
        "the plan states a loss of 0.1 dB, its parts give 0.715 dB",
    ),
    Mutant(
        "margin of the policy not kept",
        _numbered(lambda p: replace(p, policy=p.policy.model_copy(update={"margin_mdb": 1_500}))),
        "loss-exceeded",
        "1.17 dB of the budget is left, the policy asks for a margin of 1.5 dB",
    ),
    Mutant(
        "more connections in the channel",
        _numbered(lambda p: record(p, "segments", 0, connections=6)),
        "loss-exceeded",
        "loss 2.13 dB exceeds the budget 1.9 dB by 0.23 dB",
    ),
    Mutant(
        "receiver overloaded",
        _numbered(lambda p: part(p, "sr8", rx_max_mdbm=2_000)),
        "receiver-overload",
        "sr8 may receive 4 dBm from sr4 over 10 m, its overload is 2 dBm, 2 dB less",
    ),
    Mutant(
        "form factor",
        _numbered(lambda p: part(p, "sr4", form_factor="qsfp112")),
        "form-factor-mismatch",
        "compute: endpoints -- leaf: sr4 is qsfp112, the cages of server1 take osfp",
    ),
    Mutant(
        "half the lanes",
        _numbered(lambda p: part(p, "sr4", lanes=(2, 100_000))),
        "lanes-mismatch",
        "sr4 runs 2 lanes of 100 Gbps a bore, the links run 400 Gbps",
    ),
    Mutant(
        "wrong optic: twin-port module in a one-port cage",
        _numbered(lambda p: record(p, "classes", 0, a_module="sr8")),
        "lanes-mismatch",
        "sr8 has 2 bores, a cage of server1 1 ports",
    ),
    Mutant(
        "connector",
        _numbered(lambda p: part(p, "sr4", connector="lc-apc")),
        "connector-mismatch",
        "sr4 takes lc, mm-mpo ends in mpo-12",
    ),
    Mutant(
        "polish",
        _numbered(lambda p: part(p, "sr4", connector="mpo-12-upc")),
        "connector-mismatch",
        "sr4 is polished upc, mm-mpo apc",
    ),
    Mutant(
        "medium",
        _numbered(lambda p: part(p, "sr4", medium="singlemode")),
        "optics-mismatch",
        "sr4 is singlemode, mm-mpo multimode",
    ),
    Mutant(
        "other PMD at the far end",
        _numbered(lambda p: part(p, "sr4", pmd="400g-vr4")),
        "optics-mismatch",
        "sr4 has pmd 400g-vr4, sr8 400g-sr4",
    ),
    Mutant(
        "protocol",
        _numbered(lambda p: part(p, "sr4", protocols=("infiniband",))),
        "optics-mismatch",
        "sr4 carries infiniband, the fabric speaks ethernet",
    ),
    Mutant(
        "module over the cage's watts",
        _numbered(lambda p: part(p, "sr8", power_max_mw=21_000)),
        "cage-power-exceeded",
        "sr8 draws 21 W, the cage of compute-leaf-001:1/1 allows 18 W, 3 W less (8 cages)",
    ),
    Mutant(
        "one weak cage",
        _numbered(lambda p: part(p, "sn5600", cage_power_mw=(18_000, 12_000, *[18_000] * 62))),
        "cage-power-exceeded",
        "the cage of compute-leaf-001:2/1 allows 12 W, 5 W less (4 cages)",
    ),
    Mutant(
        "two devices in one RU",
        _numbered(lambda p: column(p, "devices", "unit", {1: 2})),
        "rack-units-overlap",
        "server-001 (RU 1..2) and server-002 (RU 2..3) share rack units of gpu-1",
    ),
    Mutant(
        "height of the part not kept",
        _numbered(lambda p: column(p, "devices", "height", {0: 1})),
        "rack-units-overlap",
        "server-001 takes 1 RU in the plan, a server1 is 2 RU high",
    ),
    Mutant(
        "above the rack",
        _numbered(lambda p: column(p, "devices", "unit", {0: 48})),
        "rack-height-exceeded",
        "server-001 reaches RU 49 of rack gpu-1, which has 48 RU",
    ),
    Mutant(
        "rack over its watts",
        _numbered(lambda p: record(p, "racks", 0, power_cap_mw=40_000_000)),
        "rack-power",
        "rack gpu-1 draws 40834 W, its limit is 40000 W: 834 W over",
    ),
    Mutant(
        "two devices of one name",
        _numbered(lambda p: column(p, "devices", "name", {1: "server-001"})),
        "name-collision",
        "2 devices are named `server-001`",
    ),
    Mutant(
        "two ports of one name",
        _numbered(lambda p: ports(p, 1, "name", {1: "1/1"})),
        "name-collision",
        "2 ports of compute.leaf are named `1/1`",
    ),
    Mutant(
        "duplicate loopback",
        _numbered(lambda p: column(p, "devices", "loopback", {17: int(p.devices.loopback[16])})),
        "loopback-mismatch",
        "compute-leaf-001 and compute-leaf-002 share the loopback 10.250.0.1",
    ),
    Mutant(
        "loopback outside the pool",
        _numbered(lambda p: column(p, "devices", "loopback", {16: 1})),
        "loopback-mismatch",
        "compute-leaf-001 has the loopback 0.0.0.1, outside 10.250.0.0/16",
    ),
    Mutant(
        "switch without loopback",
        _numbered(lambda p: column(p, "devices", "loopback", {16: -1})),
        "loopback-mismatch",
        "compute-leaf-001 routes and has no loopback address",
    ),
    Mutant(
        "loopback on InfiniBand",
        _rails(lambda p: column(p, "devices", "loopback", {8: 184_156_161})),
        "loopback-mismatch",
        "compute-leaf-001 has a loopback, but does not route in this plan",
    ),
    Mutant(
        "duplicate ASN",
        _numbered(lambda p: column(p, "devices", "asn", {17: int(p.devices.asn[16])})),
        "asn-mismatch",
        "leaves compute-leaf-001 and compute-leaf-002 share AS 4200001000",
    ),
    Mutant(
        "leaf with the spines' ASN",
        _numbered(lambda p: column(p, "devices", "asn", {17: int(p.devices.asn[20])})),
        "asn-mismatch",
        "AS 4200000000 is used by a leaf and by a switch above it",
    ),
    Mutant(
        "spines of two ASNs",
        _numbered(lambda p: column(p, "devices", "asn", {21: 4_200_000_007})),
        "asn-mismatch",
        "the spine switches of one plane and pod have AS 4200000000 and AS 4200000007 (compute-spine-002)",
    ),
    Mutant(
        "duplicate /31",
        _numbered(lambda p: column(p, "links", "p2p", {1: int(p.links.p2p[0])})),
        "p2p-mismatch",
        "server-001:eth0 -- compute-leaf-001:1/1 and server-002:eth0 -- compute-leaf-001:1/2 share 10.128.0.0/31",
    ),
    Mutant(
        "odd /31",
        _numbered(lambda p: column(p, "links", "p2p", {5: int(p.links.p2p[5]) + 1})),
        "p2p-mismatch",
        "has 10.128.1.3, not an even address of 10.128.0.0/12",
    ),
    Mutant(
        "missing /31",
        _numbered(lambda p: column(p, "links", "p2p", {5: -1})),
        "p2p-mismatch",
        "server-006:eth0 -- compute-leaf-002:1/2 has no /31, it serves a server (1 such links)",
    ),
    Mutant(
        "missing /31 between switches",
        _numbered(lambda p: column(p, "links", "p2p", {20: -1})),
        "p2p-mismatch",
        "has no /31, addressing is numbered (1 such links)",
    ),
    Mutant(
        "one module too few in the bill",
        _numbered(lambda p: record(p, "bom", [x.part for x in p.bom].index("sr8"), quantity=23)),
        "bom-mismatch",
        "the bill of material lists 23 x sr8, the plan needs 24",
    ),
    Mutant(
        "cable missing in the bill",
        _numbered(lambda p: replace(p, bom=p.bom[:-1])),
        "bom-mismatch",
        "the bill of material lists 0 x mm-mpo of 10 m, the plan needs 16",
    ),
    Mutant(
        "more SKUs than allowed",
        _numbered(lambda p: replace(p, policy=p.policy.model_copy(update={"optic_skus_max": 1}))),
        "sku-limit",
        "the plan buys 2 different optics, the policy allows 1",
    ),
    Mutant(
        "recorded failure",
        _numbered(lambda p: replace(p, checks=(*p.checks, check("fec", "fails")))),
        "check-failed",
        "the plan records that fec fails for compute: endpoints -- leaf: planted",
    ),
    Mutant(
        "broken requirement",
        _numbered(
            lambda p: replace(
                p,
                requirements=(
                    PlanRequirement(
                        name="rails",
                        text="leaf.count == 8",
                        verdict="fails",
                        slack="-4",
                        is_soft=False,
                        source_ref="design.optd:9",
                    ),
                ),
            )
        ),
        "requirement-failed",
        "requirement `rails` does not hold: leaf.count == 8 (slack -4)",
    ),
    Mutant(
        "group index outside",
        _numbered(lambda p: column(p, "devices", "rack", {0: 77})),
        "plan-damaged",
        "the plan is damaged: `devices.rack` row 0 is 77, outside -1..4",
    ),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.label)
def test_planted_fault_is_named(mutant: Mutant) -> None:
    found = verify(mutant.plan())
    messages = [each.message for each in found if each.name == mutant.name]
    assert any(mutant.message in message for message in messages), [(each.name, each.message) for each in found]
    assert all(each.severity == "error" for each in found)


@pytest.mark.parametrize(
    "wired",
    [
        frozen.clos(),
        frozen.clos(mode="numbered"),
        frozen.clos(2, 1, 4),
        frozen.clos(6, 3, 24, uplinks=4),
        frozen.rails(),
        frozen.rails(3, nodes=8, spines=4),
    ],
    ids=["clos", "numbered", "one-spine", "wide", "rails", "units"],
)
def test_good_plan_has_no_findings(wired: frozen.Wired) -> None:
    assert verify(wired.freeze()) == []


def test_unknown_stays_unknown() -> None:
    """A figure that is missing is no finding where the plan says so itself."""
    checks = tuple(each.model_copy(update={"verdict": "unknown"}) for each in NUMBERED.checks)
    unknown = dict.fromkeys(NUMBERED.policy.unknown, "warn")
    policy = NUMBERED.policy.model_copy(update={"unknown": unknown})
    unsure = replace(part(NUMBERED, "sr4", reach_mm__om4=None), checks=checks, policy=policy)
    assert [each.name for each in verify(unsure)] == []


def test_unverified_figures_count_as_absent() -> None:
    facts = dict(NUMBERED.parts["sr4"].facts)
    facts["reach_mm.om4"] = facts["reach_mm.om4"].model_copy(update={"confidence": "unverified"})
    plan = replace(NUMBERED, parts={**NUMBERED.parts, "sr4": NUMBERED.parts["sr4"].model_copy(update={"facts": facts})})
    assert [each.name for each in verify(plan)] == ["check-unfounded"]


def test_level_window_serves_where_no_loss_is_promised() -> None:
    plan = NUMBERED
    for name in ("sr4", "sr8"):
        plan = part(plan, name, loss_max_mdb__om4=None, tx_min_mdbm=-4_600, rx_min_mdbm=-5_300)
    found = [each.message for each in verify(plan) if each.name == "loss-exceeded"]
    assert found == [
        "compute: endpoints -- leaf: loss 0.73 dB exceeds the budget 0.7 dB by 0.03 dB (10 m of om4, 2 connections)",
        "compute: leaf -- spine: loss 0.715 dB exceeds the budget 0.7 dB by 0.015 dB (5 m of om4, 2 connections)",
    ]


def test_assumed_channel_serves_where_no_loss_is_promised() -> None:
    """50 m of om4 at 3 dB/km and four connections of 0.35 dB: 1.55 dB."""
    plan = record(record(NUMBERED, "classes", 0, budget_mdb=1_550), "classes", 1, budget_mdb=1_550)
    for name in ("sr4", "sr8"):
        plan = part(plan, name, loss_max_mdb__om4=None, channel_connections=4, channel_connection_loss_mdb=350)
    assert verify(plan) == []


def test_faults_are_told_once() -> None:
    """Many links with one fault give one finding with their number."""
    found = verify(column(NUMBERED, "links", "ordered_mm", dict.fromkeys(range(16), 15_000)))
    told = [each.message for each in found if each.name == "length-not-smallest"]
    assert len(told) == 1
    assert told[0].startswith("16 of 32 links, first server-001:eth0 -- compute-leaf-001:1/1:")
