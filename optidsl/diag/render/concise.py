"""One line for each diagnostic: `path:line:column: error[name] message`."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag.model import Diagnostic
from optidsl.diag.render.places import Places


def render_concise(diagnostics: Sequence[Diagnostic], places: Places) -> str:
    """Return one line per diagnostic."""
    return "".join(f"{_where(d, places)}{d.severity}[{d.name}] {d.message}\n" for d in diagnostics)


def _where(diagnostic: Diagnostic, places: Places) -> str:
    if diagnostic.primary is None:
        return ""
    span = diagnostic.primary.span
    file = places[span.file]
    line, column = file.line_col(span.start)
    return f"{file.path}:{line}:{column}: "
