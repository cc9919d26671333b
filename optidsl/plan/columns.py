"""The columns of a plan as text and back: each column is one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optidsl._record import fields
from optidsl.diag import UsageError
from optidsl.plan.model import PlanDevices, PlanLinks

Columns = TypeVar("Columns", PlanDevices, PlanLinks)

TEXT = "text"
"""Kind of a column of strings; the others are NumPy type names."""


def column_kinds(table: type[PlanDevices] | type[PlanLinks]) -> dict[str, str]:
    """Return the kind of every column in order: `text`, `int32` or `int64`."""
    kinds = {"I32": "int32", "I64": "int64", "tuple[str, ...]": TEXT}
    return {field.name: kinds[str(field.type).removesuffix(" | None")] for field in fields(table)}


def optional_columns(table: type[PlanDevices] | type[PlanLinks]) -> frozenset[str]:
    """Return the columns that a plan may do without."""
    return frozenset(field.name for field in fields(table) if str(field.type).endswith(" | None"))


def dump_columns(table: PlanDevices | PlanLinks) -> str:
    """Return the columns as the members of a JSON object, one line each, without the braces."""
    lines = []
    for name, kind in column_kinds(type(table)).items():
        column: NDArray[np.int64] | tuple[str, ...] | None = getattr(table, name)
        if column is None:
            continue
        if kind == TEXT:
            text = json.dumps(list(column), separators=(",", ":"), ensure_ascii=False)
        else:
            text = repr(np.asarray(column).tolist()).replace(" ", "")  # half the time of the JSON writer
        lines.append(f'    "{name}": {text}')
    return ",\n".join(lines)


def load_columns(table: type[Columns], title: str, content: object) -> Columns:
    """Return the columns of a JSON object.

    Raises:
        UsageError: when a column is missing, unknown, of another type, or of another length than the first.
    """
    kinds = column_kinds(table)
    if not isinstance(content, Mapping):
        raise UsageError(f"the plan is damaged: `{title}` is not an object of columns")
    for name in content:
        if name not in kinds:
            raise UsageError(f"the plan is damaged: `{title}` has an unknown column `{name}`")
    columns: dict[str, NDArray[np.int64] | tuple[str, ...]] = {}
    length = -1
    for name, kind in kinds.items():
        if name not in content and name in optional_columns(table):
            continue
        if name not in content:
            raise UsageError(f"the plan is damaged: `{title}` lacks the column `{name}`")
        column = _column(f"{title}.{name}", kind, content[name])
        length = len(column) if length < 0 else length
        if len(column) != length:
            raise UsageError(f"the plan is damaged: column `{title}.{name}` has {len(column)} values, others {length}")
        columns[name] = column
    return table(**columns)  # type: ignore[arg-type]


def _column(name: str, kind: str, values: object) -> NDArray[np.int64] | tuple[str, ...]:
    if not isinstance(values, list):
        raise UsageError(f"the plan is damaged: column `{name}` is not a list")
    wanted = str if kind == TEXT else int
    if set(map(type, values)) - {wanted}:
        raise UsageError(f"the plan is damaged: column `{name}` holds something other than {_words(kind)}")
    if kind == TEXT:
        return tuple(values)
    try:
        return np.array(values, dtype=kind)
    except OverflowError:
        raise UsageError(f"the plan is damaged: column `{name}` holds a number beyond {kind}") from None


def _words(kind: str) -> str:
    return "strings" if kind == TEXT else "whole numbers"
