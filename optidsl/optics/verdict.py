"""Three answers: what a check may rest on, and how its verdict is put.

Numbers with the confidence design, standard or vendor-doc decide. A `secondary` number decides too, and the choice
of a part that rests on it is reported. An `unverified` or absent number decides nothing: the answer is *unknown*.
"""

from __future__ import annotations

from typing import Protocol

from optidsl.diag import Span
from optidsl.optics.tables import Check, Verdict

_ORDER = ("design", "standard", "vendor-doc", "secondary", "unverified")


class Sourced(Protocol):
    """A number or word with its source."""

    @property
    def source(self) -> str:
        """The name of the document."""
        ...

    @property
    def confidence(self) -> str:
        """How far a check may rest on it."""
        ...


Ground = tuple[str, Sourced | None]
"""A field's name as messages print it, and its fact."""


def lacking(*grounds: Ground) -> str:
    """Return the first field that has no usable number, or "" when all have."""
    for field, fact in grounds:
        if fact is None or fact.confidence == "unverified":
            return field
    return ""


def unknown(name: str, missing: str, detail: str = "", blame: tuple[Span, ...] = ()) -> Check:
    """Return the verdict of a check that lacks `missing`."""
    words = detail or f"cannot conclude: no usable number for {missing}"
    return Check(name, "unknown", words, missing=missing, blame=blame)


def verdict(
    name: str,
    holds: bool,
    detail: str,
    *grounds: Ground,
    margin: int | None = None,
    unit: str = "",
    blame: tuple[Span, ...] = (),
) -> Check:
    """Return holds or fails with the sources it rests on, or unknown when one of them is unusable."""
    sources: list[str] = []
    confidence = "design"
    for field, fact in grounds:
        if fact is None or fact.confidence == "unverified":
            return unknown(name, field, blame=blame)
        if fact.source and fact.source not in sources:
            sources.append(fact.source)
        if _ORDER.index(fact.confidence) > _ORDER.index(confidence):
            confidence = fact.confidence
    answer: Verdict = "holds" if holds else "fails"
    words = "; ".join(sources)
    return Check(name, answer, detail, margin, unit, source=words, confidence=confidence, blame=blame)
