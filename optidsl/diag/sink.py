"""Where stages put their diagnostics."""

from __future__ import annotations

from optidsl.diag.model import Diagnostic, Fix, Label, Span


def _sort_key(diagnostic: Diagnostic) -> tuple[int, int, int, str, str]:
    if diagnostic.primary is None:
        return (1 << 30, 0, 0, diagnostic.name, diagnostic.message)
    span = diagnostic.primary.span
    return (span.file, span.start, span.end, diagnostic.name, diagnostic.message)


class Sink:
    """Collect diagnostics; an identical one (name, place, message) is kept once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int, int, str, str], Diagnostic] = {}

    def emit(self, diagnostic: Diagnostic) -> None:
        """Add one diagnostic."""
        self._seen.setdefault(_sort_key(diagnostic), diagnostic)

    def error(
        self,
        name: str,
        message: str,
        span: Span | None = None,
        label: str = "",
        *,
        secondary: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        helps: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Add an error whose primary label is `span` with the words `label`."""
        primary = None if span is None else Label(span, label)
        self.emit(Diagnostic(name, "error", message, primary, secondary, notes, helps, fixes))

    def warning(
        self,
        name: str,
        message: str,
        span: Span | None = None,
        label: str = "",
        *,
        secondary: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        helps: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Add a warning whose primary label is `span` with the words `label`."""
        primary = None if span is None else Label(span, label)
        self.emit(Diagnostic(name, "warning", message, primary, secondary, notes, helps, fixes))

    @property
    def has_errors(self) -> bool:
        """Tell whether any diagnostic is an error."""
        return any(d.severity == "error" for d in self._seen.values())

    def sorted(self) -> list[Diagnostic]:
        """Return the diagnostics in source order."""
        return [self._seen[key] for key in sorted(self._seen)]
