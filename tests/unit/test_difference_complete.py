"""No field of a plan changes in silence: each is told by the difference, or the verifier derives it from others."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from optidsl.difference import difference, markdown_of, text_of
from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.indices import check_indices
from optidsl.plan.line_model import PlanLine, PlanSignal
from optidsl.plan.model import (
    Plan,
    PlanDimension,
    PlanExpectation,
    PlanRack,
    PlanRequirement,
    PlanStatistical,
    PlanTest,
    PlanWaiver,
    Record,
)
from optidsl.plan.scale_up_model import PlanScaleUp
from optidsl.plan.slice_model import PlanPatch, PlanSlice
from optidsl.plan.verify import verify
from tests.unit.test_plan_growth import TWO, files, good

PROVENANCE = {"source_ref", "sources", "schema_version"}
"""Where a statement stands, what the files hash to, and what a plan is never read with two of."""

MORE = """policy { unknown { spares = warn }
  spares { of = [transceiver, cable, switch], ratio = 3%, at_least = 2, confidence = 99%, lead_time = 10d }
}
price dr { each = $100, as_of = 2026-11-01, from = "offer" }
stock dr { quantity = 3, as_of = 2026-11-01 }
failures dr { afr = 2%, as_of = 2026-11-01, from = "fleet" }
require bisection(f) >= servers * 400Gbps / 2
"""


@cache
def sound() -> Plan:
    """A compiled plan with phases, spares, prices and stock."""
    return good(files(TWO, MORE)).plan


@cache
def base() -> Plan:
    """The same, with records made up that no tree has."""
    plan = sound()
    fabric = plan.fabrics[0].model_copy(
        update={"dimensions": (made(PlanDimension),), "disjoint_paths": 2, "latency_ps": 5, "cable_latency_ps": 3}
    )
    return replace(
        plan,
        racks=(made(PlanRack), made(PlanRack).model_copy(update={"name": "other"})),
        fabrics=(fabric,),
        policy=plan.policy.model_copy(update={"statistical": made(PlanStatistical)}),
        waivers=(made(PlanWaiver),),
        lines=(made(PlanLine),),
        signals=(made(PlanSignal),),
        tests=(made(PlanTest).model_copy(update={"expectations": (made(PlanExpectation),)}),),
        scale_up=(made(PlanScaleUp),),
        slices=(made(PlanSlice),),
        patches=(made(PlanPatch).model_copy(update={"group": 0, "first": 0}),),
        feeds=(made(PlanFeed),),
        requirements=(*plan.requirements, made(PlanRequirement)),
    )


# ------------------------------------------------------------------ values by type

AMOUNTS = ("price", "price_total", "spares_total", "slack", "cost")
"""Texts that are numbers."""


def made(record: type[Any]) -> Any:
    """Return a record with something in every field."""
    hints = get_type_hints(record)
    return record(**{name: value_of(hints[name], name) for name in record.model_fields})


def value_of(hint: Any, name: str) -> Any:
    """Return a value of a type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is typing.Literal:
        return args[0]
    if origin in (typing.Union, types.UnionType):
        return value_of(next(each for each in args if each is not type(None)), name)
    if origin is tuple:
        return (value_of(args[0], name),) if args[-1] is Ellipsis else tuple(value_of(each, name) for each in args)
    if origin is dict:
        return {"k": value_of(args[1], name)}
    if isinstance(hint, type) and issubclass(hint, Record):
        return made(hint)
    return {str: "1" if name in AMOUNTS else name, int: 1, bool: True}[hint]


def other(hint: Any, value: Any) -> Iterator[Any]:
    """Yield other values of the same type: one changed, one more, one less."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is typing.Literal:
        yield from [each for each in args if each != value][:1]
    elif origin in (typing.Union, types.UnionType):
        inner = [each for each in args if each is not type(None)]
        if value is None:
            yield value_of(inner[0], "new")
            return
        if type(None) in args:
            yield None
        match = [each for each in inner if isinstance(value, get_origin(each) or each)]
        yield from other(match[0], value)
    elif origin is tuple:
        is_open = args[-1] is Ellipsis
        if is_open:
            yield (*value, value_of(args[0], "new"))
        if is_open and value:
            yield value[:-1]
        if value:
            yield from ((each, *value[1:]) for each in other(args[0], value[0]))
    elif origin is dict:
        yield {**value, "new": value_of(args[1], "new")}
        if value:
            key = next(iter(value))
            yield {name: item for name, item in value.items() if name != key}
            yield from ({**value, key: each} for each in other(args[1], value[key]))
    elif isinstance(value, Record):
        yield from changed(value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    else:
        yield f"{value}x"


def changed(record: Record) -> Iterator[Record]:
    """Yield a record with each of its fields changed in turn, those of records inside included."""
    hints = get_type_hints(type(record))
    for name in type(record).model_fields:
        if name not in PROVENANCE:
            value = getattr(record, name)
            if name in AMOUNTS:
                yield record.model_copy(update={name: str(Fraction(value or 0) + 1)})
                continue
            for each in other(hints[name], value):
                yield record.model_copy(update={name: each})


MEMBERS = [each.name for each in fields(Plan) if each.name not in ("devices", "links")]


def first_of_each(plan: Plan, member: str) -> Iterator[Plan]:
    """Yield a plan with every field of a member changed in turn."""
    value = getattr(plan, member)
    if isinstance(value, Record):
        yield from (replace(plan, **{member: each}) for each in changed(value))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (replace(plan, **{member: {**value, key: each}}) for each in changed(item))
    elif value:
        for row, item in enumerate(value[:8]):
            for each in changed(item):
                yield replace(plan, **{member: (*value[:row], each, *value[row + 1 :])})
        yield replace(plan, **{member: value[:-1]})
        if value[0] != value[-1]:
            yield replace(plan, **{member: value[1:]})


def tells(plan: Plan, before: Plan, member: str) -> bool:
    """Tell whether a changed plan is damaged, another by its difference, or wrong by what the verifier derives."""
    if set(check_indices(plan)) - set(check_indices(before)):
        return True
    found = difference(before, plan)
    if not found.is_empty:
        assert text_of(found).count("\n") > 1, found
        assert markdown_of(found)
        return True
    alone = [
        {each.message for each in verify(replace(sound(), **{member: getattr(of, member)}))} for of in (before, plan)
    ]
    return alone[0] != alone[1]


@pytest.mark.parametrize("member", MEMBERS)
def test_no_field_of_a_record_changes_in_silence(member: str) -> None:
    before = base()
    plans = list(first_of_each(before, member))
    assert plans
    silent = [each for each in plans if not tells(each, before, member)]
    assert [_apart(each, before, member) for each in silent] == []


def _apart(plan: Plan, before: Plan, member: str) -> str:
    one, two = getattr(before, member), getattr(plan, member)
    if isinstance(one, dict):
        pairs = [(one[key], two[key]) for key in one]
    else:
        pairs = [(one, two)] if isinstance(one, Record) else list(zip(one, two, strict=False))
    for old, new in pairs:
        if old != new:
            names = [name for name in type(old).model_fields if getattr(old, name) != getattr(new, name)]
            return f"{type(old).__name__}.{names}: {getattr(old, names[0])!r:.80} -> {getattr(new, names[0])!r:.80}"
    return "a record that goes"


COLUMNS = [(table, each.name) for table in ("devices", "links") for each in fields(get_type_hints(Plan)[table])]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_no_column_changes_in_silence(table: str, column: str) -> None:
    before = sound()
    columns = getattr(before, table)
    old = getattr(columns, column)
    like = columns.segment if table == "links" else columns.group
    for row in (0, -1):
        new: Any
        if isinstance(old, tuple):
            new = tuple(f"{each}9" if at == row % len(old) else each for at, each in enumerate(old))
        elif old is None:
            new = np.maximum(np.arange(len(like), dtype=np.int32), 1)
        else:
            others = old[(like == like[row]) & (old != old[row])]
            if column.endswith(("_port", "_device")) and not others.size:
                continue
            new = old.copy()
            new[row] = others[0] if others.size else old[row] + 1
        assert tells(replace(before, **{table: replace(columns, **{column: new})}), before, table), row
