"""What would make an impossible choice possible: the smallest changes of single statements, each one tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.diag import Edit, Fix, Span
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions, Option
from optidsl.optics.check_policy import cable_of, medium_of, modules_of
from optidsl.optics.couplings import Coupling
from optidsl.optics.lengths import sold_lengths
from optidsl.optics.model import assemble
from optidsl.optics.statement import Statement, admits
from optidsl.optics.text import listing, number, quantity
from optidsl.physics import reach_within_loss_mm
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot

_LITERAL = re.compile(r"\d[\d_]*(?:\.\d+)?\s*(?:[A-Za-z%][A-Za-z/%]*)?")


@record(frozen=True, slots=True)
class Relaxation:
    """A change that makes the whole design possible, smallest first in `rank`."""

    rank: tuple[int, int, str]
    fix: Fix


@record(frozen=True, slots=True)
class _Trial:
    """A change to try: its words, its edits, and which options it opens (a policy's list opens some in any class)."""

    rank: tuple[int, int, str]
    fix: Fix
    opens: Callable[[Option], bool]


def relaxations(
    design: Design,
    placed: PlacedFabric,
    classes: Sequence[ClassOptions],
    each: ClassOptions,
    core: Sequence[Statement],
    context: Context,
) -> list[Relaxation]:
    """Return the smallest change of each statement that opens something for a class and keeps everything else."""
    found: list[Relaxation] = []
    for statement in core:
        alone = [option for option in each.options if _is_alone(option, statement)]
        for trial in sorted(_trials(design, each, statement, alone, context), key=lambda trial: trial.rank):
            if _works(design, placed, classes, trial.opens, context):
                found.append(Relaxation(trial.rank, trial.fix))
                break
    return sorted(found, key=lambda relaxation: relaxation.rank)


def _works(
    design: Design,
    placed: PlacedFabric,
    classes: Sequence[ClassOptions],
    opens: Callable[[Option], bool],
    context: Context,
) -> bool:
    """Solve the whole design with the options that open; classes that stay in a conflict of their own stand aside."""
    from optidsl.optics.encode import encode
    from optidsl.solve import Session

    rows = [
        (each, [replace(option, bars=()) for option in each.options if option.is_open or opens(option)])
        for each in classes
    ]
    rows = [(each, options) for each, options in rows if options]
    model = assemble(design, placed, [each for each, _ in rows], [options for _, options in rows], {})
    encoded = encode(model)
    return Session(encoded.problem, context.options.rlimit).solve(encoded.problem.guards) is not None


def _trials(
    design: Design, each: ClassOptions, statement: Statement, alone: list[Option], context: Context
) -> Iterator[_Trial]:
    """Yield the changes of one statement that would open an option on which nothing else stands."""
    if statement.topic == "length":
        yield from _shorter(design, each, statement, alone, context)
    elif statement.topic == "margin":
        yield from _less_margin(statement, alone, context)
    elif statement.topic != "unknown":
        yield from _wider_list(design, each, statement, alone, context)


def _shorter(
    design: Design, each: ClassOptions, statement: Statement, alone: list[Option], context: Context
) -> Iterator[_Trial]:
    """Shorten the longest link to the longest cable an option could have."""
    by_length: dict[int, list[Option]] = {}
    for option in alone:
        longest = _longest_cable_mm(design, each, option)
        if longest is not None and 0 < longest < each.view.link_class.longest_mm:
            by_length.setdefault(longest, []).append(option)
    slot = each.view.segment.connect.length_mm
    for length, options in by_length.items():
        edits = _number_edit(slot.span, f"{number(Fraction(length, 1000))}m", context) if slot.is_decided else ()
        cut = each.view.link_class.longest_mm - length
        title = (
            f"shorten the longest link of `{each.view.link_class.name}` to {quantity(length, 'mm')} or less "
            f"({quantity(cut, 'mm')} less): {options[0].candidate.name} then fits"
        )
        # A cable of less than half the length is another floor plan: told last.
        rank = (0 if 2 * length >= each.view.link_class.longest_mm else 3, cut, title)
        yield _Trial(rank, _fix(title, edits), partial(_is_among, options))


def _is_among(options: list[Option], option: Option) -> bool:
    return any(option is each for each in options)


def _longest_cable_mm(design: Design, each: ClassOptions, option: Option) -> int | None:
    """Return the longest cable on sale within an option's reach and loss; None when shortness is the matter."""
    failed = [check for check in option.candidate.checks if check.verdict == "fails"]
    cable = option.candidate.direct or option.candidate.fiber
    sold = None if cable is None else sold_lengths(cable)
    if sold is None or any(check.name in ("overload", "min-length") for check in failed):
        return None
    limit = max(sold.value)
    ordered = min((length for length in sold.value if length >= each.view.link_class.longest_mm), default=limit)
    for check in failed:
        if check.name == "reach" and check.margin is not None:
            limit = min(limit, ordered + check.margin)
        if check.name == "loss" and check.margin is not None and option.candidate.fiber is not None:
            grade = design.catalog.fiber_grades[option.candidate.fiber.grade.value]
            per_km = grade.attenuation_mdb_per_km.value
            limit = min(limit, ordered - reach_within_loss_mm(-check.margin, 0, per_km) - 1)
    return max((length for length in sold.value if length <= limit), default=None)


def _less_margin(statement: Statement, alone: list[Option], context: Context) -> Iterator[_Trial]:
    """Lower the margin that the policy asks for to what an option has."""
    for option in alone:
        loss = next((check for check in option.candidate.checks if check.name == "loss"), None)
        if loss is None or loss.margin is None or loss.margin < 0:
            continue
        kept = loss.margin // 10 * 10
        title = f"lower the margin to {quantity(kept, 'mdB')}: {option.candidate.name} then fits"
        edits = _number_edit(statement.span, f"{number(Fraction(kept, 1000))}dB", context)
        yield _Trial((1, -kept, title), _fix(title, edits), partial(_keeps_margin, statement, kept))


def _is_alone(option: Option, statement: Statement) -> bool:
    return [bar.key for bar in option.bars] == [statement.key]


def _keeps_margin(statement: Statement, kept_mdb: int, option: Option) -> bool:
    loss = next((check for check in option.candidate.checks if check.name == "loss"), None)
    return _is_alone(option, statement) and loss is not None and loss.margin is not None and loss.margin >= kept_mdb


def _wider_list(
    design: Design, each: ClassOptions, statement: Statement, alone: list[Option], context: Context
) -> Iterator[_Trial]:
    """Allow the fewest more words of a list."""
    connect, policy = each.view.segment.connect, design.policy
    slots: dict[str, Slot[str]] = {
        "medium": connect.medium,
        "module": connect.module,
        "cable": connect.cable,
        "media": policy.media,
        "vendors": policy.vendors,
        "form-factors": policy.form_factors,
        "grades": policy.grades,
    }
    slot = slots.get(statement.topic)
    if slot is None:
        return
    by_words: dict[tuple[str, ...], list[Option]] = {}
    for option in alone:
        words = tuple(dict.fromkeys(w for w in words_of(option, statement.topic) if w and not admits(slot, w)))
        if words:
            by_words.setdefault(words, []).append(option)
    for words, options in by_words.items():
        name = statement.topic.replace("-", " ")
        title = f"allow {listing(list(words), 'and')} as {name}: {options[0].candidate.name} then fits"
        fix = _fix(title, _list_edit(slot, words, context))
        yield _Trial((2, len(words), title), fix, partial(_is_admitted, statement, slot, frozenset(words)))


def _is_admitted(statement: Statement, slot: Slot[str], words: frozenset[str], option: Option) -> bool:
    wanted = (word for word in words_of(option, statement.topic) if not admits(slot, word))
    return _is_alone(option, statement) and words.issuperset(wanted)


def words_of(option: Option, topic: str) -> list[str]:
    """Return what an option would need a list of that topic to admit."""
    candidate = option.candidate
    parts = [candidate.a_module, candidate.z_module, candidate.fiber, candidate.direct]
    if topic in ("medium", "media"):
        return [medium_of(candidate)]
    if topic == "module":
        return modules_of(candidate)
    if topic == "cable":
        return [cable_of(candidate)]
    if topic == "vendors":
        return [part.vendor for part in parts if part is not None]
    if topic == "grades":
        return [] if candidate.fiber is None else [candidate.fiber.grade.value]
    if candidate.direct is not None:
        return [candidate.direct.form_factor_a.value, candidate.direct.form_factor_z.value]
    return [module.form_factor.value for module in (candidate.a_module, candidate.z_module) if module is not None]


def raise_limit(coupling: Coupling, least: int, context: Context) -> Relaxation:
    """Return the change of a limit to the least amount that was found possible with everything else kept."""
    value = coupling.left(least)
    shown = quantity(value, coupling.unit)
    verb = "raise" if coupling.sign > 0 else "lower"
    title = f"{verb} the limit to {shown}"
    literal = f"{number(value).replace(',', '')}" if not coupling.unit else shown.replace(" ", "").replace(",", "")
    edits = _number_edit(coupling.statement.span, literal, context)
    return Relaxation((-1, 0, title), _fix(title, edits))


# ------------------------------------------------------------------ edits


def _fix(title: str, edits: tuple[Edit, ...]) -> Fix:
    return Fix(title, edits, "unsafe" if edits else "display")


def _number_edit(span: Span | None, literal: str, context: Context) -> tuple[Edit, ...]:
    """Replace the only number of a statement; none when there are several, or none at all."""
    if span is None:
        return ()
    found = list(_LITERAL.finditer(context.sources.slice(span)))
    if len(found) != 1:
        return ()
    start = span.start + found[0].start()
    return (Edit(Span(span.file, start, start + len(found[0].group().rstrip())), literal),)


def _written(word: str) -> str:
    """Return a word as the language writes it: bare, or quoted when it is no bare word."""
    return word if re.fullmatch(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*", word) else f'"{word}"'


def _list_edit(slot: Slot[str], words: Sequence[str], context: Context) -> tuple[Edit, ...]:
    """Put words at the end of a list, or turn a single word into a list."""
    if slot.span is None:
        return ()
    text, span = context.sources.slice(slot.span), slot.span
    close = text.rfind("]")
    if close >= 0:
        at = span.start + close
        return (Edit(Span(span.file, at, at), "".join(f", {_written(word)}" for word in words)),)
    if slot.value is None or text.count(slot.value) != 1 or "=" not in text:
        return ()
    start, equals = text.index(slot.value), text.rindex("=", 0, text.index(slot.value))
    wider = f"in [{', '.join(_written(word) for word in (slot.value, *words))}]"
    return (Edit(Span(span.file, span.start + equals, span.start + start + len(slot.value)), wider),)
