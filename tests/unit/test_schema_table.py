"""The schema table is consistent, and its documents follow from it."""

from __future__ import annotations

import json
from importlib.metadata import entry_points

import jsonschema
import pytest

from optidsl.emit import emitter_names, registry
from optidsl.schema.docs import reference
from optidsl.schema.emitters import BUILT_IN_EMITTERS, EMITTER_GROUP
from optidsl.schema.json_schema import json_schema
from optidsl.schema.nearest import did_you_mean, nearest, quoted
from optidsl.schema.project import FUTURE_KINDS
from optidsl.schema.registry import kinds
from optidsl.schema.types import MAGNITUDES, Type, listof, part, template, word
from optidsl.sema.defaults import default_of
from optidsl.units import Quantity, compare, parse_literal

KINDS = kinds()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_kind_is_consistent(kind) -> None:  # type: ignore[no-untyped-def]
    assert kind.doc.endswith((".", ">", "`")), "a sentence"
    assert set(kind.parents) <= {*KINDS, "module"}
    names = [attribute.name for attribute in kind.attributes]
    assert len(names) == len(set(names))
    for attribute in kind.attributes:
        assert attribute.doc.endswith((".", "…", "`")), attribute.name
        assert not (attribute.is_required and attribute.default is not None), attribute.name
        assert set(attribute.type.kinds) <= set(KINDS), attribute.name


@pytest.mark.parametrize(
    "attribute",
    [attribute for kind in KINDS.values() for attribute in kind.attributes if attribute.default is not None],
    ids=lambda attribute: attribute.name,
)
def test_default_can_be_read(attribute) -> None:  # type: ignore[no-untyped-def]
    default = default_of(attribute)
    assert default is not None
    assert default.is_default
    assert (default.value, default.lower, default.upper) != (None, None, None)


def test_future_kinds_are_not_kinds() -> None:
    assert FUTURE_KINDS.isdisjoint(KINDS)


def test_json_schema_is_one() -> None:
    schema = json.loads(json.dumps(json_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["$defs"]) == set(KINDS)
    validator = jsonschema.Draft202012Validator(schema)
    design = {"policy": {"optic_skus": 3}, "addressing": {"mode": "numbered"}}
    assert validator.is_valid({"design": {"a": design}})
    assert not validator.is_valid({"design": {"a": {"addressing": {"mode": "numberd"}}}})
    assert not validator.is_valid({"design": {"a": {"adressing": {}}}})


def test_reference_names_every_attribute() -> None:
    text = reference()
    for kind in KINDS.values():
        assert f"## `{kind.name}`" in text
        for attribute in kind.attributes:
            assert f"| `{attribute.name}` |" in text
    assert "| `units` | RackUnits |  | required | The height inside. At least 1U. |" in text


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (listof(Type("Int")), "[Int]"),
        (word("a", "b"), "a | b"),
        (part("switch_model"), "switch_model"),
        (template("site"), "Template"),
    ],
)
def test_type_prints_as_written(wanted: Type, text: str) -> None:
    assert str(wanted) == text


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("fabrik", ["fabric", "rack"], ["fabric"]),
        ("row_pitsh", ["row_pitch", "rack_pitch"], ["row_pitch"]),
        ("sapcing", ["spacing"], ["spacing"]),
        ("power-max", ["power_max"], ["power_max"]),
        ("x", ["y"], []),
        ("workload", ["rack"], []),
    ],
)
def test_nearest_names(name: str, candidates: list[str], found: list[str]) -> None:
    assert nearest(name, candidates) == found


def test_nearest_names_in_messages() -> None:
    assert did_you_mean("pods", ["pod", "podz"]) == " (did you mean `pod` or `podz`?)"
    assert did_you_mean("pods", []) == ""
    assert quoted(["a", "b", "c"]) == "`a`, `b` or `c`"


@pytest.mark.parametrize(("name", "text"), MAGNITUDES.items())
def test_magnitude_is_of_its_type(name: str, text: str) -> None:
    value = parse_literal(text)
    found = value.type_name if isinstance(value, Quantity) else "Num"
    assert found == ("Num" if name in ("Int", "Num", "Ratio") else name)
    assert -(2**63) < 1000 * (value.value if isinstance(value, Quantity) else value) < 2**63, "in thousandths too"


def test_limits_are_of_their_attribute_type_and_in_order() -> None:
    for kind in KINDS.values():
        for attribute in kind.attributes:
            limits = [parse_literal(text) for text in (attribute.minimum, attribute.maximum) if text is not None]
            for limit in limits:
                found = limit.type_name if isinstance(limit, Quantity) else "Num"
                wanted = attribute.type.name
                assert found == ("Num" if wanted in ("Int", "Num", "Ratio") else wanted), attribute.name
            assert len(limits) < 2 or compare(limits[0], limits[1]) < 0


def test_emitters_of_the_schema_are_those_there_are() -> None:
    assert list(BUILT_IN_EMITTERS) == sorted(emitter.name for emitter in registry.BUILT_IN)
    installed = {point.name for point in entry_points(group=EMITTER_GROUP)}
    assert sorted(installed.union(BUILT_IN_EMITTERS)) == emitter_names()
    assert registry.GROUP == EMITTER_GROUP
