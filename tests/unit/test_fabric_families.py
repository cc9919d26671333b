"""The table of families and their modules agree, and what a family does not know stays unknown."""

from __future__ import annotations

from dataclasses import replace

from optidsl.fabric import metrics, synthesize
from optidsl.fabric.families import family
from optidsl.fabric.families.registry import MODULES
from optidsl.schema.families import FAMILIES, PARAMETERS, axis_names, dimensions, family_kind, readers
from tests.support import designs


def test_every_kind_has_a_module_and_says_where_ports_go() -> None:
    assert {each.kind for each in FAMILIES} == set(MODULES)
    for each in FAMILIES:
        assert family(each.kind).port_scheme


def test_every_parameter_is_read_by_a_kind_and_says_so() -> None:
    for each in PARAMETERS:
        assert readers(each.name)
        assert all(f"`{kind}`" in each.doc for kind in readers(each.name))
    for each in FAMILIES:
        assert set(each.required) <= set(each.parameters) <= {parameter.name for parameter in PARAMETERS}


def test_dimensions_follow_from_the_lists() -> None:
    assert axis_names(8) == ("x", "y", "z", "w", "v", "u", "d7", "d8")
    assert dimensions(family_kind("torus"), {"dims": (4, 4)}) == ("x", "y")
    assert dimensions(family_kind("dragonfly"), {}) == ("local", "global")
    assert dimensions(family_kind("dragonfly"), {"group_dims": (4, 4)}) == ("row", "column", "global")
    assert dimensions(family_kind("clos"), {}) == ()


def test_an_unknown_bisection_is_no_number() -> None:
    tables = synthesize(designs.clos(), designs.context())
    assert tables is not None
    unknown = replace(tables, shapes=(replace(tables.shapes[0], bisection_mbps=None),))
    found = metrics(unknown)
    assert found["fabric.compute.bisection_mbps"] is None
    assert found["fabric.compute.oversubscription"] is None
    assert metrics(tables)["fabric.compute.oversubscription"] == 1
