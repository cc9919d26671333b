"""Why a class does not have another part: the checks that part fails, or what it would cost."""

from __future__ import annotations

from collections.abc import Iterable

from optidsl._record import record
from optidsl.optics.candidates import Option
from optidsl.optics.check_policy import cable_of, medium_of, modules_of
from optidsl.optics.lacking import inconclusive
from optidsl.optics.model import Model
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Check
from optidsl.optics.why.narrow import narrowed, only, without
from optidsl.optics.why.rejected import Rejection, nearness, rejections
from optidsl.optics.why.rival import Rival, rival
from optidsl.optics.why.study import Study


@record(frozen=True, slots=True)
class Refused:
    """A candidate with the part, and every check that stands against it, with the statements that hold them up."""

    name: str
    checks: tuple[Check, ...]
    statements: tuple[Statement, ...]
    stage: str


@record(frozen=True, slots=True)
class WhyNot:
    """Why a class does not have a part.

    Attributes:
        name: of the class.
        wanted: the part, medium or candidate asked about.
        is_chosen: the class has it.
        price: the best whole choice in which it has it, where there is one.
        limits: limits of the whole design that forbid it, each of which would have to go.
        refused: candidates with the part that do not fit, the nearest first.
        lacks: figures without which nobody knows whether the requirements hold with it.
    """

    name: str
    wanted: str
    is_chosen: bool
    price: Rival | None
    limits: tuple[Statement, ...]
    refused: tuple[Refused, ...]
    lacks: tuple[str, ...] = ()


def why_not(study: Study, row: int, wanted: str) -> WhyNot | None:
    """Return why a class does not have a part; None when nothing of that name was tried on it.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    name = study.classes[row].view.link_class.name
    if wanted in words_of(study.chosen(row)):
        return WhyNot(name, wanted, True, None, (), ())
    places = [at for at, option in enumerate(study.model.options[row]) if wanted in words_of(option)]
    price, limits, lacks = _price(study, row, frozenset(places)) if places else (None, (), ())
    refused = () if places else _refused(study, row, wanted)
    if not places and not refused:
        return None
    return WhyNot(name, wanted, False, price, limits, refused, lacks)


def words_of(option: Option) -> tuple[str, ...]:
    """Return the words by which a candidate may be asked for: its name, its parts, its medium."""
    candidate = option.candidate
    return (candidate.name, *modules_of(candidate), cable_of(candidate), medium_of(candidate))


def known_words(study: Study, row: int) -> list[str]:
    """Return every word that `why_not` knows of a class."""
    each = study.classes[row]
    words = [word for option in each.options for word in words_of(option)]
    words += [part for unfit in each.unfit for part in (unfit.name, *unfit.name.split(" + "))]
    return list(dict.fromkeys(words))


def _price(
    study: Study, row: int, places: frozenset[int]
) -> tuple[Rival | None, tuple[Statement, ...], tuple[str, ...]]:
    """Return the best choice with one of some options, or the limits that forbid them all; and figures it lacks."""
    kept = only(study.model, row, lambda at: at in places)
    model = narrowed(study.model, kept)
    picks = study.solved(model)
    if picks is not None:
        return rival(study, model, picks, row), (), inconclusive(study.design, model, picks)
    return None, _forbidding(study, kept), ()


def _forbidding(study: Study, kept: tuple[tuple[int, ...], ...]) -> tuple[Statement, ...]:
    """Return the limits each of which alone forbids some options; of several together, those that break first."""
    statements = {each.statement.key: each.statement for each in study.model.couplings if not each.amount.is_fixed}
    model = narrowed(study.model, kept)
    alone = [one for one in statements.values() if study.solved(without(model, one.key)) is not None]
    if alone:
        return tuple(alone)
    left, found = model, []
    for one in statements.values():
        left = without(left, one.key)
        found.append(one)
        if study.solved(left) is not None:
            return _shrunk(study, model, found)
    return ()


def _shrunk(study: Study, model: Model, found: Iterable[Statement]) -> tuple[Statement, ...]:
    """Drop every statement that need not go."""
    needed = list(found)
    for one in tuple(needed):
        trial = model
        for other in needed:
            if other is not one:
                trial = without(trial, other.key)
        if study.solved(trial) is not None:
            needed.remove(one)
    return tuple(needed)


def _refused(study: Study, row: int, wanted: str) -> tuple[Refused, ...]:
    """Return the candidates with a part that do not fit; single ends first where nothing came further."""
    options = {option.candidate.name: option for option in study.classes[row].options}
    found = [each for each in rejections(study.classes[row]) if _is_of(each, options, wanted)]
    return tuple(_told(each, options) for each in sorted(found, key=nearness))


def _is_of(each: Rejection, options: dict[str, Option], wanted: str) -> bool:
    if each.stage == "whole":
        return wanted in words_of(options[each.name])
    return wanted == each.name or wanted in each.name.split(" + ")


def _told(each: Rejection, options: dict[str, Option]) -> Refused:
    if each.stage != "whole":
        return Refused(each.name, (each.check,), (), each.stage)
    checks = tuple(check for check in options[each.name].candidate.checks if check.verdict != "holds")
    return Refused(each.name, checks, each.bars, each.stage)
