"""The data of a diagnostic."""

from __future__ import annotations

from typing import Literal, NamedTuple

from optidsl._record import record

Severity = Literal["error", "warning", "note"]
Applicability = Literal["safe", "unsafe", "display"]


class Span(NamedTuple):
    """A half-open range `start..end` of character offsets in the file with id `file`.

    A tuple and no record: a kept syntax tree holds more spans than everything else together.
    """

    file: int
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other` (same file)."""
        return Span(self.file, self.start, other.end)


@record(frozen=True, slots=True)
class Label:
    """A place in the source with a few words on its part in the matter."""

    span: Span
    text: str = ""


@record(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


@record(frozen=True, slots=True)
class Fix:
    """A change that was tried. `safe` fixes keep the meaning, `unsafe` ones change the design.

    `price` is what the design comes to with it, in a few words: `cheapest`, `+3.5 kW, +1 optic SKU`.
    """

    title: str
    edits: tuple[Edit, ...] = ()
    applicability: Applicability = "display"
    price: str = ""


@record(frozen=True, slots=True)
class Diagnostic:
    """One cause, told once: `message` stands alone in one line; detail goes to labels and notes."""

    name: str
    severity: Severity
    message: str
    primary: Label | None = None
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
