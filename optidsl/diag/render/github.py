"""GitHub workflow commands: each diagnostic annotates its line in a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag.model import Diagnostic
from optidsl.diag.render.places import Places

_LEVEL = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(diagnostics: Sequence[Diagnostic], places: Places) -> str:
    """Return one workflow command per diagnostic."""
    return "".join(_command(d, places) for d in diagnostics)


def _command(diagnostic: Diagnostic, places: Places) -> str:
    properties = [f"title={_property(diagnostic.name)}"]
    if diagnostic.primary is not None:
        span = diagnostic.primary.span
        file = places[span.file]
        line, column = file.line_col(span.start)
        end_line, end_column = file.line_col(span.end)
        place = {"file": file.path, "line": line, "endLine": end_line, "col": column, "endColumn": end_column}
        properties = [f"{key}={_property(str(value))}" for key, value in place.items()] + properties
    message = "\n".join([diagnostic.message, *diagnostic.notes, *(f"help: {text}" for text in diagnostic.helps)])
    return f"::{_LEVEL[diagnostic.severity]} {','.join(properties)}::{_escape(message)}\n"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
