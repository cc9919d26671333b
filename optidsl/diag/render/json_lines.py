"""One JSON document: `{"schema": …, "diagnostics": [...]}`. Lines and columns are 1-based, ends exclusive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypedDict

from optidsl.diag.model import Diagnostic, Fix, Label, Span
from optidsl.diag.render.places import Places
from optidsl.diag.ways import first_numbers

SCHEMA = "optidsl.diagnostics/1"


class Place(TypedDict):
    """A span in a document."""

    file: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


def place(span: Span, places: Places) -> Place:
    """Return a span with its file, lines and columns."""
    file = places[span.file]
    line, column = file.line_col(span.start)
    end_line, end_column = file.line_col(span.end)
    return {
        "file": file.path,
        "start": span.start,
        "end": span.end,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def render_json(diagnostics: Sequence[Diagnostic], places: Places) -> str:
    """Return all diagnostics as one JSON document."""
    firsts = first_numbers(diagnostics)
    told = [_diagnostic(d, places, firsts.get(at, 0)) for at, d in enumerate(diagnostics)]
    document = {"schema": SCHEMA, "diagnostics": told}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(diagnostic: Diagnostic, places: Places, first_way: int) -> dict[str, object]:
    return {
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "primary": None if diagnostic.primary is None else _label(diagnostic.primary, places),
        "secondary": [_label(label, places) for label in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "helps": list(diagnostic.helps),
        "fixes": [_fix(fix, places, number) for number, fix in enumerate(diagnostic.fixes, first_way)],
    }


def _label(label: Label, places: Places) -> dict[str, object]:
    return {**place(label.span, places), "text": label.text}


def _fix(fix: Fix, places: Places, number: int) -> dict[str, object]:
    return {
        "number": number,
        "title": fix.title,
        "price": fix.price,
        "applicability": fix.applicability,
        "edits": [{**place(edit.span, places), "replacement": edit.text} for edit in fix.edits],
    }
