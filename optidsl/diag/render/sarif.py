"""SARIF 2.1.0, for code-scanning services."""

from __future__ import annotations

import json
from collections.abc import Sequence

from optidsl._version import __version__
from optidsl.diag.model import Diagnostic, Fix, Label, Span
from optidsl.diag.pages import summary
from optidsl.diag.render.places import Places
from optidsl.diag.ways import priced

_LEVEL = {"error": "error", "warning": "warning", "note": "note"}


def render_sarif(diagnostics: Sequence[Diagnostic], places: Places) -> str:
    """Return one SARIF log with one run."""
    names = sorted({d.name for d in diagnostics})
    driver = {
        "name": "optidsl",
        "version": __version__,
        "informationUri": "https://github.com/optidsl/optidsl",
        "rules": [{"id": name, "shortDescription": {"text": summary(name) or name}} for name in names],
    }
    results = [_result(d, names.index(d.name), places) for d in diagnostics]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _result(diagnostic: Diagnostic, rule: int, places: Places) -> dict[str, object]:
    text = "\n".join([diagnostic.message, *diagnostic.notes, *(f"help: {line}" for line in diagnostic.helps)])
    result: dict[str, object] = {
        "ruleId": diagnostic.name,
        "ruleIndex": rule,
        "level": _LEVEL[diagnostic.severity],
        "message": {"text": text},
    }
    if diagnostic.primary is not None:
        result["locations"] = [_location(diagnostic.primary, places)]
    if diagnostic.secondary:
        result["relatedLocations"] = [_location(label, places) for label in diagnostic.secondary]
    fixes = [_fix(fix, places) for fix in diagnostic.fixes if fix.edits]
    if fixes:
        result["fixes"] = fixes
    return result


def _region(span: Span, places: Places) -> dict[str, int]:
    file = places[span.file]
    line, column = file.line_col(span.start)
    end_line, end_column = file.line_col(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _location(label: Label, places: Places) -> dict[str, object]:
    physical = {
        "artifactLocation": {"uri": places[label.span.file].path},
        "region": _region(label.span, places),
    }
    location: dict[str, object] = {"physicalLocation": physical}
    if label.text:
        location["message"] = {"text": label.text}
    return location


def _fix(fix: Fix, places: Places) -> dict[str, object]:
    changes = [
        {
            "artifactLocation": {"uri": places[edit.span.file].path},
            "replacements": [
                {"deletedRegion": _region(edit.span, places), "insertedContent": {"text": edit.text}},
            ],
        }
        for edit in fix.edits
    ]
    return {"description": {"text": priced(fix)}, "artifactChanges": changes}
