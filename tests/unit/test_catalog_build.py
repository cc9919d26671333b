"""Entities become records; what is missing or contradicts itself is reported by name."""

from __future__ import annotations

import pytest

from optidsl.catalog import build_catalog
from optidsl.catalog.parts import Catalog, Lanes
from optidsl.diag import Diagnostic, Sink, Span
from optidsl.schema.entity import AttrValue, Entity
from optidsl.source.files import STANDARD
from tests.support.entities import NOWHERE, attr, entity, module, source, switch

SHEET = source("sheet")


def build(*entities: Entity) -> tuple[Catalog, list[Diagnostic]]:
    sink = Sink()
    return build_catalog([SHEET, *entities], sink), sink.sorted()


def only_message(*entities: Entity) -> str:
    _, found = build(*entities)
    assert len(found) == 1, [d.message for d in found]
    return found[0].message


def test_transceiver_in_scaled_integers() -> None:
    limits = entity("over", "os2", cite="sheet", reach="500m", loss="3.0dB")
    faces = entity("faces", "other", cite="sheet", reach="100m")
    catalog, found = build(
        module("m", limits, faces, bores=attr(2), power_max="17W", tx_min="-2.9dBm", channel_connections=4)
    )
    part = catalog.transceivers["m"]
    assert found == []
    assert part.lanes.value == Lanes(8, 100_000)
    assert part.bores == 2
    assert [(limit.grade, limit.reach_mm.value) for limit in part.limits] == [("os2", 500_000)]
    assert part.limits[0].loss_max_mdb is not None
    assert part.limits[0].loss_max_mdb.value == 3000
    assert [(name, reach.value) for name, reach in part.faces] == [("other", 100_000)]
    assert part.power_max_mw is not None
    assert (part.power_max_mw.value, part.power_max_mw.source, part.power_max_mw.confidence) == (
        17_000,
        "sheet",
        "vendor-doc",
    )
    assert part.tx_min_mdbm is not None
    assert part.tx_min_mdbm.value == -2900
    assert part.rx_min_mdbm is None


def test_number_outside_a_cite_is_the_designs_own() -> None:
    catalog, _ = build(module("m", cite=None, power_max="9W"))
    power = catalog.transceivers["m"].power_max_mw
    assert power is not None
    assert (power.source, power.confidence, power.decides) == ("", "design", True)


def test_cite_may_lower_the_confidence() -> None:
    catalog, _ = build(module("m", power_max=attr("9W", "sheet", "secondary")))
    power = catalog.transceivers["m"].power_max_mw
    assert power is not None
    assert (power.confidence, power.decides) == ("secondary", False)


def test_missing_attributes_are_told_at_once() -> None:
    catalog, found = build(module("m", pmd=None, connector=None))
    assert [d.name for d in found] == ["part-incomplete"]
    assert found[0].message == "transceiver m does not say `pmd` and `connector`"
    assert found[0].primary is not None
    assert found[0].primary.span == Span(0, 1, 2)
    assert catalog.transceivers == {}


def test_missing_attribute_of_a_child_names_the_part() -> None:
    assert only_message(module("m", entity("over", "os2"))) == "over os2 of m does not say `reach`"


def test_refused_value_is_told_once() -> None:
    sink = Sink()
    sink.error("unit-mismatch", "the value was refused", NOWHERE)
    catalog = build_catalog([SHEET, module("m", pmd=None)], sink)
    assert [d.name for d in sink.sorted()] == ["unit-mismatch"]
    assert catalog.transceivers == {}


def test_unknown_source() -> None:
    _, found = build(module("m", cite="nowhere"))
    assert [(d.name, d.message) for d in found] == [
        ("unknown-source", "transceiver m cites nowhere, and there is no source of that name")
    ]


def test_same_name_twice_keeps_the_first() -> None:
    catalog, found = build(module("m"), module("m", pmd="'400g-fr4"))
    assert [(d.name, d.message) for d in found] == [
        ("duplicate-part", "transceiver m has the name of another transceiver")
    ]
    assert catalog.transceivers["m"].pmd.value == "400g-dr4"


def test_clash_with_the_standard_library_is_told_at_the_design() -> None:
    own, standard = module("m"), module("m")
    own.label_span, standard.label_span = Span(0, 40, 41), Span(STANDARD + 2, 5, 6)
    for pair in ((own, standard), (standard, own)):
        _, found = build(*pair)
        assert found[0].primary is not None
        assert (found[0].primary.span, found[0].secondary[0].span) == (own.label_span, standard.label_span)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (module("m", bores=attr(3)), "m: 8 lanes cannot be shared equally by 3 bores"),
        (module("m", bores=attr(0)), "m: 8 lanes cannot be shared equally by 0 bores"),
        (module("m", power_max="0W"), "m: power_max is 0 mW, and must be more than none"),
        (module("m", tx_min="4dBm", tx_max="-2dBm"), "m: the launch power ends below where it starts"),
        (module("m", power_typ="9W", power_max="8W"), "m: the power ends below where it starts"),
        (
            switch("s", breakout=["4x400Gbps"]),
            "s: a cage of 8x100Gbps cannot run as 4x400Gbps: that is 1600Gbps, and its lanes carry 800Gbps",
        ),
        (
            switch("s", breakout=["3x100Gbps"]),
            "s: a cage of 8x100Gbps cannot run as 3x100Gbps: 8 lanes cannot be shared equally by 3 ports",
        ),
        (switch("s", port_name="'p{kage}"), "s: port_name knows no {kage}, only "),
        (switch("s", port_alias="'p{cage"), "s: port_alias `p{cage` is not a template: a brace has no partner"),
    ],
)
def test_contradictions(part: Entity, message: str) -> None:
    catalog, found = build(part)
    assert [d.name for d in found] == ["part-inconsistent"]
    assert found[0].message.startswith(message)
    assert (catalog.transceivers, catalog.switches) == ({}, {})


def cage_power(first: int, last: int, power: str, step: int = 1) -> Entity:
    cages = AttrValue(NOWHERE, NOWHERE, lower=first, upper=last, cite="sheet")
    return entity("cage_power", "", cite="sheet", cages=cages, step=attr(step), power=power)


def test_cage_limits_keep_their_order() -> None:
    catalog, found = build(switch("s", cage_power(1, 64, "12W"), cage_power(1, 61, "21W", 4)))
    assert found == []
    limits = catalog.switches["s"].cage_limits
    assert [(x.first, x.last, x.step, x.power_mw.value) for x in limits] == [(1, 64, 1, 12_000), (1, 61, 4, 21_000)]


def test_cage_limit_beyond_the_box() -> None:
    assert only_message(switch("s", cage_power(1, 65, "12W"))) == "s: cages 1..65 are not among its cages 1..64"


def server(*ports: Entity, bores: int = 2) -> Entity:
    nic = entity(
        "nic",
        "compute",
        *ports,
        cite="sheet",
        rate="400Gbps",
        lanes="4x100Gbps",
        accepts=["'osfp-rhs"],
        bores_per_cage=attr(bores),
        protocols=["'infiniband"],
    )
    return entity("server_model", "node", nic, cite="sheet", gpus=8, units="8U")


def port(name: str, cage: str, bore: int, **attrs: object) -> Entity:
    return entity("port", name, cite="sheet", cage=f"'{cage}", bore=attr(bore), **attrs)


def test_rail_is_the_gpu_unless_stated() -> None:
    catalog, found = build(server(port("p1", "C1", 1, gpu=7), port("p2", "C1", 2, gpu=4, rail=0), port("p3", "C2", 1)))
    assert found == []
    nic = catalog.servers["node"].nic("compute")
    assert nic is not None
    assert [(p.gpu, p.rail) for p in nic.ports] == [(7, 7), (4, 0), (None, None)]
    assert (nic.ports_source.value, nic.ports_source.source) == (3, "sheet")


def test_port_map_is_as_sure_as_its_weakest_port() -> None:
    doubtful = entity("port", "p2", cage=attr("'C2", "sheet", "secondary"))
    catalog, _ = build(server(port("p1", "C1", 1), doubtful))
    nic = catalog.servers["node"].nic("compute")
    assert nic is not None
    assert nic.ports_source.confidence == "secondary"


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        ((), "node: nic compute has no ports"),
        ((port("a", "C1", 1), port("b", "C1", 1)), "node: ports a and b are both port 1 of cage C1"),
        ((port("a", "C1", 3),), "node: a is port 3 of a cage of 2"),
        ((port("a", "C1", 1, gpu=8),), "node: a serves GPU 8 of 8 (0 is the first)"),
    ],
)
def test_port_maps_that_cannot_be(ports: tuple[Entity, ...], message: str) -> None:
    assert only_message(server(*ports)) == message


def test_lengths_are_sorted_and_single() -> None:
    cable = entity(
        "fiber_cable",
        "c",
        cite="sheet",
        grade="'os2",
        medium="'singlemode",
        connector="'mpo-12-apc",
        lengths=["10m", "3m", "10m", "0.5m"],
    )
    catalog, found = build(cable)
    assert found == []
    assert catalog.fiber_cables["c"].lengths_mm.value == (500, 3000, 10_000)


def test_unknown_selector_suggests_the_nearest() -> None:
    rule = entity(
        "rule", "r", cite="sheet", kind="'faces", a="'pdm=400g-dr4", b="'transceiver", verdict="'warn", reason="'x"
    )
    _, found = build(rule)
    assert [(d.name, d.message) for d in found] == [
        ("unknown-selector", "rule r selects parts by `pdm`, and no part has such an attribute")
    ]
    assert found[0].helps == ("did you mean `pmd`?",)


def test_parts_keep_their_order() -> None:
    catalog, _ = build(module("z"), module("a"), switch("y"), switch("b"))
    assert (list(catalog.transceivers), list(catalog.switches)) == (["z", "a"], ["y", "b"])
