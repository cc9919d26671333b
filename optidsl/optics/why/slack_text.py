"""What every requirement leaves, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl.optics.text import quantity
from optidsl.optics.why.class_text import filled
from optidsl.optics.why.slack import Slack, binds

_WIDEST = 44


def slack_lines(found: Sequence[Slack], context: Context) -> list[str]:
    """Return a table of what is left, the tightest first: name, value, bound, what is left, and what binds."""
    if not found:
        return ["the design states no requirement, limit or cap that the compiler weighs"]
    rows = [_cells(each) for each in found]
    head = ("", "is", "bound", "left")
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(4)]
    widths[0] = min(widths[0], _WIDEST)
    lines = ["  ".join(_aligned(cell, widths[at], at) for at, cell in enumerate(head)).rstrip()]
    for each, row in zip(found, rows, strict=True):
        name = row[0]
        if len(name) > widths[0]:
            lines.append(name)
            name = ""
        lines.append("  ".join(_aligned(cell, widths[at], at) for at, cell in enumerate((name, *row[1:]))).rstrip())
        where = "" if each.span is None else context.sources.where(each.span)
        note = "; ".join(part for part in (_words(each), binds(each), where) if part)
        lines += filled("    ", note)
    return lines


def _words(each: Slack) -> str:
    if each.state == "broken":
        return f"{each.kind}, BROKEN"
    return each.kind if each.text == each.name else f"{each.kind} {each.text}"


def _aligned(cell: str, width: int, at: int) -> str:
    return f"{cell:<{width}}" if at == 0 else f"{cell:>{width}}"


def _cells(each: Slack) -> tuple[str, str, str, str]:
    left = "tight" if each.left == 0 else quantity(each.left, each.unit)
    value = (
        f"at least {quantity(each.value, each.unit)}" if each.state == "unknown" else quantity(each.value, each.unit)
    )
    bound = f"{each.relation} {quantity(each.bound, each.unit)}"
    return each.name, value, bound, "unknown" if each.state == "unknown" else left
