"""A size that cannot be: what was asked, what is possible, and what would work."""

from __future__ import annotations

from collections.abc import Iterable

from optidsl._record import record
from optidsl.diag import Diagnostic, Fix, Label, Sink, Span
from optidsl.sema.slot import Slot


@record(frozen=True, slots=True)
class Refusal:
    """A user's mistake found while sizing; it becomes one error when no other choice works."""

    name: str
    message: str
    span: Span
    label: str = ""
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    secondary: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = ()

    def emit(self, sink: Sink, notes: tuple[str, ...] = ()) -> None:
        """Put the refusal into the sink as an error, with further notes."""
        primary = Label(self.span, self.label)
        notes = self.notes + notes
        told = Diagnostic(self.name, "error", self.message, primary, self.secondary, notes, self.helps, self.fixes)
        sink.emit(told)


def allows(slot: Slot[int], value: int) -> bool:
    """Tell whether the author's words on an attribute leave this value possible."""
    if slot.value is not None:
        return value == slot.value
    if slot.options is not None and value not in slot.options:
        return False
    if slot.lower is not None and value < slot.lower:
        return False
    return slot.upper is None or value <= slot.upper


def wish(slot: Slot[int]) -> str:
    """Print what a slot asks for: `12`, `at most 12`, `one of 8, 16`."""
    if slot.value is not None:
        return str(slot.value)
    parts: list[str] = []
    if slot.options is not None:
        parts.append("one of " + ", ".join(str(option) for option in slot.options))
    if slot.lower is not None:
        parts.append(f"at least {slot.lower}")
    if slot.upper is not None:
        parts.append(f"at most {slot.upper}")
    return " and ".join(parts) or "any number"


def nearest(slot: Slot[int], works: Iterable[int]) -> list[int]:
    """Return the sizes that work next below and above what the slot asks for."""
    sizes = sorted(set(works))
    target = slot.value
    if target is None:
        edges = [edge for edge in (*(slot.options or ()), slot.lower, slot.upper) if edge is not None]
        if not edges:
            return sizes[:1]
        target = min(edges)
    below = [size for size in sizes if size < target]
    above = [size for size in sizes if size > target]
    return below[-1:] + above[:1]


def gbps(rate_mbps: int) -> str:
    """Print a rate: 400000 gives `400 Gbit/s`."""
    whole, rest = divmod(rate_mbps, 1000)
    return f"{whole} Gbit/s" if rest == 0 else f"{rate_mbps / 1000:g} Gbit/s"


def count_of(number: int, noun: str, plural: str = "") -> str:
    """Print a number with its noun: `1 leaf`, `2 leaves`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def words(items: Iterable[object], last: str = "or") -> str:
    """Join items for a sentence: `8 or 16`."""
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"
