"""Whatever happens to the columns of a plan, the verifier answers with findings, never with an exception."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optidsl.diag import UsageError
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import frozen

PLANS = (frozen.clos(2, 2, 4, mode="numbered").freeze(), frozen.rails(1, nodes=2).freeze())
COLUMNS = [("links", name) for name in PLANS[0].links.__dataclass_fields__ if name != "assembly"] + [
    ("devices", name) for name in ("group", "pod", "rail", "rack", "unit", "height", "asn", "loopback")
]
VALUES = st.one_of(st.integers(-2, 30), st.sampled_from([-(2**31), 2**31 - 1, 99_999, 1_000_000]))

Change = tuple[tuple[str, str], int, int]


def changed(plan: Plan, changes: list[Change]) -> Plan:
    """Return the plan with single values of its columns replaced."""
    for (table, name), row, value in changes:
        columns: Any = getattr(plan, table)
        column = getattr(columns, name).copy()
        column[row % len(column)] = value
        plan = replace(plan, **{table: replace(columns, **{name: column})})
    return plan


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PLANS),
    st.lists(st.tuples(st.sampled_from(COLUMNS), st.integers(0, 1000), VALUES), min_size=1, max_size=4),
)
def test_verify_never_raises(plan: Plan, changes: list[Change]) -> None:
    mutant = changed(plan, changes)
    for found in verify(mutant):
        assert found.name
        assert "\n" not in found.message


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLANS), st.integers(0, 10**9), st.sampled_from(['"', "}", "0", "x", "", "[", "null"]))
def test_damaged_text_is_refused_or_a_plan(plan: Plan, at: int, patch: str) -> None:
    text = dump(plan)
    at %= len(text)
    damaged = text[:at] + patch + text[at + 1 :]
    try:
        loaded = load(damaged)
    except UsageError as error:
        assert str(error).startswith(("the plan is damaged", "this is not a plan", "the plan has schema version"))
    else:
        verify(loaded)


def test_columns_keep_their_types() -> None:
    for plan in PLANS:
        again = load(dump(plan))
        for table in ("links", "devices"):
            for name in getattr(plan, table).__dataclass_fields__:
                before, after = getattr(getattr(plan, table), name), getattr(getattr(again, table), name)
                if isinstance(before, np.ndarray):
                    assert before.dtype == after.dtype, name
