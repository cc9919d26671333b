"""What `explain` found, as plain values for JSON: keys are the fields of the records, places are `file:line`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optidsl._context import Context
from optidsl._record import fields
from optidsl.diag import Span
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Check
from optidsl.optics.why.slack import Slack

Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None


def slack_json(found: Sequence[Slack], context: Context) -> Plain:
    """Return the table of what is left."""
    return {"slack": [plain(each, context) for each in found]}


def plain(value: object, context: Context) -> Plain:
    """Return a record, or a sequence of them, as plain values."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if isinstance(value, Span):
        return context.sources.where(value)
    if isinstance(value, Statement):
        return {"topic": value.topic, "text": value.text, "at": plain(value.span, context)}
    if isinstance(value, Check):
        return _check(value)
    if isinstance(value, tuple | list):
        return [plain(each, context) for each in value]
    return {each.name: plain(getattr(value, each.name), context) for each in fields(value)}  # type: ignore[arg-type]


def _check(check: Check) -> Plain:
    return {
        "name": check.name,
        "verdict": check.verdict,
        "detail": check.detail,
        "margin": check.margin,
        "unit": check.unit,
        "missing": check.missing,
        "source": check.source,
        "confidence": check.confidence,
    }
