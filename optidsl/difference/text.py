"""A difference as text for a terminal."""

from __future__ import annotations

from optidsl.difference.model import Difference
from optidsl.difference.sections import Row, Section, sections

_LINES = 160
"""Lines of a section that are printed."""


def text_of(difference: Difference) -> str:
    """Return the whole difference as text; empty when nothing changes."""
    if difference.is_empty:
        return ""
    parts = [difference.headline + "\n"]
    parts += [_section(each) for each in sections(difference)]
    return "\n".join(parts)


def _section(section: Section) -> str:
    lines = [section.title]
    shown = section.lines[:_LINES]
    lines += [f"  {'  ' * line.depth}{line.text}" for line in shown]
    if len(section.lines) > len(shown):
        lines.append(f"  and {len(section.lines) - len(shown):,} more lines: --format json has them")
    lines += _table(section.table, section.rows, section.left)
    return "\n".join(lines) + "\n"


def _table(table: tuple[Row, ...], rows: int, left: int) -> list[str]:
    if len(table) < 2:
        return []
    shown = table[: rows + 1]
    widths = [max(len(row[place]) for row in shown) for place in range(len(table[0]))]
    lines = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown
    ]
    left += len(table) - len(shown)
    if left:
        lines.append(f"  and {left:,} more: --format json has them")
    return lines
