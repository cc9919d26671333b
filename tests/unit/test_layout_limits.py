"""Lengths beyond anything built: told as mistakes, never an overflow of 64 bits."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optidsl._record import replace
from optidsl.fabric import synthesize
from optidsl.layout import place
from optidsl.layout.explain import explain_length
from optidsl.layout.racks import LONGEST_MM
from optidsl.layout.tables import PlacedFabric
from optidsl.sema.design import Design
from optidsl.sema.design_place import Hall
from tests.support import designs
from tests.support.designs import address

HALL = designs.hall([("a", [("srv", 3)]), ("b", [("net", 4)])])
RACKS = [address("test", "dc1", "h1", row, name) for row, name in (("a", "srv"), ("b", "net"))]


def design_of(hall: Hall) -> Design:
    """Return one server on one leaf, in opposite corners of a hall."""
    server, leaf = (replace(designs.place(rack), rack_keys=(key,)) for rack, key in zip(RACKS, (1, 4), strict=True))
    tier = designs.tier("leaf", designs.sn5600(), where=leaf)
    made = designs.fabric("clos", [(0, "compute")], [tier], protocol="ethernet")
    group = designs.node_group("server", designs.plain_server(), 1, server)
    return designs.design([group], [made], sites=[designs.site_of(hall)])


def sloping(slack: Fraction) -> Hall:
    return replace(HALL, tray=replace(HALL.tray, slack=slack))


def outcome(hall: Hall) -> tuple[PlacedFabric | None, list[str]]:
    ctx, design = designs.context(), design_of(hall)
    tables = synthesize(design, ctx)
    assert tables is not None
    return place(design, tables, ctx), designs.messages(ctx)


@pytest.mark.parametrize(
    ("hall", "message"),
    [
        (
            replace(HALL, rack_pitch_mm=10**29 - 1),
            "error[hall-too-large]: rack `b-net-4` lies 300,000,000,000,000,000,000,000 km from the corner of hall "
            "`h1`; a hall may reach 1,000 km",
        ),
        (
            replace(HALL, row_pitch_mm=LONGEST_MM + 1),
            "error[hall-too-large]: rack `b-net-1` lies 1,001 km from the corner of hall `h1`; a hall may reach "
            "1,000 km",
        ),
        (
            replace(HALL, row_pitch_mm=LONGEST_MM),
            "error[cable-too-long]: a cable of `compute: endpoints -- leaf` needs 1,051 km, and one may be 1,000 km "
            "long (1 such links; longest server-001 → compute-leaf-001)",
        ),
        (
            sloping(Fraction(10**6)),
            "error[cable-too-long]: a cable of `compute: endpoints -- leaf` needs 11,980 km, and one may be 1,000 km "
            "long (1 such links; longest server-001 → compute-leaf-001)",
        ),
        (
            sloping(Fraction(10**40)),
            "error[cable-too-long]: a cable of `compute: endpoints -- leaf` needs 1,000,000,001 km, and one may be "
            "1,000 km long (1 such links; longest server-001 → compute-leaf-001)",
        ),
    ],
)
def test_what_cannot_be(hall: Hall, message: str) -> None:
    assert outcome(hall) == (None, [message])


def test_a_slack_of_many_digits_is_exact() -> None:
    exact, _ = outcome(sloping(Fraction(1, 20)))
    above, told = outcome(sloping(Fraction(1, 20) + Fraction(1, 10**40)))
    assert exact is not None
    assert above is not None
    assert told == []
    route = int(exact.lengths.required_mm[0] - exact.lengths.slack_mm[0])
    assert int(exact.lengths.slack_mm[0]) == -(-route // 20)
    assert int(above.lengths.slack_mm[0]) == route // 20 + 1
    assert sum(mm for _, mm in explain_length(above, 0)) == int(above.lengths.required_mm[0])
