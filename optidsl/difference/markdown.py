"""A difference as Markdown for a comment on a pull request: always shorter than such a comment may be."""

from __future__ import annotations

from optidsl.difference.model import Difference
from optidsl.difference.sections import Line, Row, Section, sections

LIMIT = 65_536
"""Characters that a comment may have on GitHub."""

_CELL = 300
_MARKUP = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "\\|", "`": "\\`", "*": "\\*", "@": "&#64;", "\n": " ", "\\": "\\\\"}
)


def markdown_of(difference: Difference) -> str:
    """Return the whole difference as Markdown; empty when nothing changes."""
    if difference.is_empty:
        return ""
    parts = [f"### {_escaped(difference.design, 200)}: {_escaped(difference.headline, 1500)}\n"]
    found = sections(difference)
    room = LIMIT - len(parts[0]) - 200 * len(found)
    for section in found:
        part = _section(section, min(section.limit, room))
        room -= len(part)
        parts.append(part)
    return "\n".join(parts)


def _section(section: Section, limit: int) -> str:
    title = _escaped(section.title, 200)
    body = "\n".join(
        [part for part in (_lines(section.lines, limit), _table(section.table, limit, section.left)) if part]
    )
    if section.is_open:
        return f"**{title}**\n\n{body}\n"
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def _lines(lines: tuple[Line, ...], limit: int) -> str:
    return _fitting([f"{'  ' * line.depth}- {_words(line, limit)}" for line in lines], limit, "- and ", "lines")


def _words(line: Line, limit: int) -> str:
    return f"`{line.text}`" if line.is_source and "`" not in line.text else _escaped(line.text, limit)


def _table(table: tuple[Row, ...], limit: int, left: int) -> str:
    if len(table) < 2:
        return ""
    rows = ["| " + " | ".join(_escaped(cell, _CELL) for cell in row) + " |" for row in table]
    head = [rows[0], "|" + " --- |" * len(table[0])]
    return "\n".join([*head, _fitting(rows[1:], limit - len(rows[0]), "\nand ", "rows", left)])


def _fitting(lines: list[str], limit: int, lead: str, what: str, left: int = 0) -> str:
    """Return as many lines as fit into a number of characters; those left out are counted, with `left` more of them."""
    shown: list[str] = []
    room = limit
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    left += len(lines) - len(shown)
    if left:
        shown.append(f"{lead}{left:,} more {what}: see `optidsl plan --format json`")
    return "\n".join(shown)


def _escaped(text: str, limit: int) -> str:
    """Return text that Markdown shows as it is, cut to a number of characters."""
    shown = text.translate(_MARKUP)
    return shown if len(shown) <= limit else text[: max(limit // 6, 1)].translate(_MARKUP) + "…"
