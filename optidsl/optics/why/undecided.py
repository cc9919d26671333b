"""Choices that nothing decides: the author offers several parts, and no objective tells two of them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optidsl._context import Context
from optidsl.diag import Span
from optidsl.optics.candidates import Option
from optidsl.optics.check_policy import cable_of, medium_of, modules_of
from optidsl.optics.model import Model, Picks
from optidsl.optics.text import listing
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot

Offer = tuple[str, Slot[str], tuple[int, ...]]
"""A topic, the list that the author wrote, and the classes that it is for."""


def warn_undecided(design: Design, model: Model, picks: Picks, context: Context) -> None:
    """Warn of each list of which two words serve equally well by every objective.

    What the author leaves open altogether is the compiler's to decide; a list says that he weighed its members.
    """
    for topic, slot, rows in _offers(design, model):
        chosen = _words(topic, [model.options[row][picks[row]] for row in rows])
        is_held = any(model.classes[row].view.link_class.name in context.pins.picks for row in rows)
        if len(chosen) != 1 or slot.span is None or is_held:
            continue
        equal = [
            word for word in slot.options or () if word not in chosen and _is_equal(model, picks, rows, topic, word)
        ]
        if equal:
            _warn(model, topic, slot.span, rows, (next(iter(chosen)), equal[0]), context)


def _offers(design: Design, model: Model) -> Iterator[Offer]:
    """Yield the lists of connects and of the policy that leave a choice, each once."""
    by_span: dict[tuple[str, Span | None], tuple[Slot[str], list[int]]] = {}
    policy = design.policy
    for row, each in enumerate(model.classes):
        connect = each.view.segment.connect
        slots = (
            ("medium", connect.medium),
            ("module", connect.module),
            ("cable", connect.cable),
            ("media", policy.media),
            ("grades", policy.grades),
        )
        for topic, slot in slots:
            if slot.value is None and slot.options is not None and len(slot.options) > 1:
                by_span.setdefault((topic, slot.span), (slot, []))[1].append(row)
    for (topic, _), (slot, rows) in by_span.items():
        yield topic, slot, tuple(rows)


def _words(topic: str, options: Sequence[Option]) -> dict[str, None]:
    """Return the different words of a list that some options use, "" aside."""
    found: dict[str, None] = {}
    for option in options:
        for word in _of(topic, option):
            if word:
                found.setdefault(word)
    return found


def _of(topic: str, option: Option) -> list[str]:
    candidate = option.candidate
    if topic in ("medium", "media"):
        return [medium_of(candidate)]
    if topic == "module":
        return modules_of(candidate)
    if topic == "grades":
        return [] if candidate.fiber is None else [candidate.fiber.grade.value]
    return [cable_of(candidate)]


def _is_equal(model: Model, picks: Picks, rows: Sequence[int], topic: str, word: str) -> bool:
    """Tell whether the same classes with another word of the list do as well, and keep every limit."""
    other = list(picks)
    for row in rows:
        places = [at for at, option in enumerate(model.options[row]) if set(_of(topic, option)) == {word}]
        if not places:
            return False
        other[row] = min(places, key=lambda at: [goal.amount.weights[row][at] for goal in model.goals])
    theirs = tuple(other)
    if not model.keeps_ties(theirs) or any(True for _ in model.broken(theirs)):
        return False
    return model.price(theirs) == model.price(picks)


def _warn(model: Model, topic: str, span: Span, rows: Sequence[int], words: tuple[str, str], context: Context) -> None:
    names = [f"`{model.classes[row].view.link_class.name}`" for row in rows]
    told = listing(names[:3], "and") if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
    goals = [goal.text for goal in model.goals if goal.text]
    mine, other = words
    context.sink.warning(
        "choice-undecided",
        f"nothing decides between {mine} and {other} for {told}: equal in {listing(goals, 'and')}",
        span,
        f"{mine} is taken, the first by name",
        helps=(f"write `{topic} = {mine}`, or an objective that tells them apart",),
    )
