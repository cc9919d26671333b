"""Changes to try on an impossible choice: for each kind of statement the smallest that open something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np

from optidsl._record import record, replace
from optidsl.diag import Edit, Fix
from optidsl.optics.bill import FAR
from optidsl.optics.candidates import ClassOptions, Option, options_of
from optidsl.optics.check_osnr import GUARD_MDB
from optidsl.optics.check_policy import cable_of, medium_of, modules_of
from optidsl.optics.classify import ClassView
from optidsl.optics.edits import fix, import_edits, list_edit, number_edit
from optidsl.optics.lengths import sold_lengths
from optidsl.optics.statement import Statement, admits, margin_mdb, osnr_margin_mdb
from optidsl.optics.text import listing, quantity, some
from optidsl.optics.whole import Change, Whole
from optidsl.physics import reach_within_loss_mm
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot


@record(frozen=True, slots=True)
class Trial:
    """A change to try: how much it asks (least first), its words with edits, and what it makes of every class."""

    rank: tuple[int, int, str]
    fix: Fix
    change: Change


def trials(whole: Whole, members: Sequence[ClassOptions], same: Sequence[Statement]) -> Iterator[Trial]:
    """Yield the changes of one statement that would open an option on which nothing else stands."""
    statement = same[0]
    if statement.topic == "length":
        keys = {each.key for each in same}
        concerned = [each for each in members if f"length {each.view.index}" in keys]
        yield from _shorter(whole, concerned)
        return
    barred = [each for each in members if any(bar.key == statement.key for o in each.options for bar in o.bars)]
    alone = [option for each in barred for option in each.options if whole.is_alone(option, statement)]
    if statement.topic == "margin":
        yield from _less_margin(whole, statement, alone)
    elif statement.topic == "osnr-margin":
        yield from _less_osnr_margin(whole, statement, alone)
    elif statement.topic == "copper-reach":
        yield from _longer_copper(whole, statement, alone)
    elif statement.topic == "multi-source":
        yield from _fewer_vendors(whole, statement, alone)
    elif statement.topic in ("rejected", "approved-only", "unlisted"):
        yield from _governed(whole, statement, alone)
    elif statement.topic != "unknown" and barred:
        yield from _wider_list(whole, barred[0], statement, alone)


# ------------------------------------------------------------------ length


def _shorter(whole: Whole, members: Sequence[ClassOptions]) -> Iterator[Trial]:
    """Shorten the longest link to the longest cable an option could have."""
    if not members:
        return
    names = some([f"`{each.view.link_class.name}`" for each in members], "class")
    longest = max(each.view.link_class.longest_mm for each in members)
    by_length: dict[int, str] = {}
    for each in members:
        for option in each.options:
            statement = next((bar for bar in option.bars if bar.topic == "length"), None)
            if statement is None or not whole.is_alone(option, statement):
                continue
            length = _longest_cable_mm(whole.design, each, option)
            if length is not None and 0 < length < longest:
                by_length.setdefault(length, option.candidate.name)
    slot = members[0].view.segment.connect.length_mm
    segment = members[0].view.link_class.segment
    concerned = frozenset(each.view.index for each in members)
    for length, name in by_length.items():
        edits: tuple[Edit, ...] = ()
        if slot.is_decided:
            edits = number_edit(slot.span, Fraction(longest), Fraction(length), "mm", whole.context)
        cut = longest - length
        title = (
            f"shorten the longest link of {names} to {quantity(length, 'mm')} or less "
            f"({quantity(cut, 'mm')} less): {name} then fits"
        )
        # A cable of less than half the length is another floor plan: told last.
        rank = (0 if 2 * length >= longest else FAR, cut, title)
        yield Trial(rank, fix(title, edits), _Shortened(whole.design, segment, concerned, slot.is_decided, length))


@record(frozen=True, slots=True)
class _Shortened:
    """No link of some classes is longer than `length_mm`; a stated length holds for all classes of the segment."""

    design: Design
    segment: int
    classes: frozenset[int]
    is_stated: bool
    length_mm: int

    def __call__(self, each: ClassOptions) -> ClassOptions:
        """Return the class with its links shortened, judged afresh."""
        is_concerned = (
            each.view.link_class.segment == self.segment if self.is_stated else each.view.index in self.classes
        )
        return options_of(self.design, _no_longer_than(each.view, self.length_mm)) if is_concerned else each


def _no_longer_than(view: ClassView, length_mm: int) -> ClassView:
    """Return a class with its links cut to a length."""
    old = view.link_class
    cut = replace(old, shortest_mm=min(old.shortest_mm, length_mm), longest_mm=min(old.longest_mm, length_mm))
    return replace(view, link_class=cut, required_mm=np.minimum(view.required_mm, length_mm))


def _longest_cable_mm(design: Design, each: ClassOptions, option: Option) -> int | None:
    """Return the longest cable on sale within an option's reach and loss; None when shortness is the matter."""
    failed = [check for check in option.candidate.checks if check.verdict == "fails"]
    cable = option.candidate.direct or option.candidate.fiber
    sold = None if cable is None else sold_lengths(cable)
    if sold is None or any(check.name in ("overload", "oma-overload", "min-length") for check in failed):
        return None
    need = each.view.link_class.longest_mm
    limit = max(sold.value)
    judged = min((length for length in sold.value if length >= need), default=need)
    for check in failed:
        if check.name == "reach" and check.margin is not None:
            limit = min(limit, judged + check.margin)
        if check.name in ("loss", "oma") and check.margin is not None and option.candidate.fiber is not None:
            grade = design.catalog.fiber_grades[option.candidate.fiber.grade.value]
            per_km = grade.attenuation_mdb_per_km.value
            limit = min(limit, judged - reach_within_loss_mm(-check.margin, 0, per_km) - 1)
    return max((length for length in sold.value if length <= limit), default=None)


# ------------------------------------------------------------------ margin


def _less_margin(whole: Whole, statement: Statement, alone: list[Option]) -> Iterator[Trial]:
    """Lower the margin that the policy asks for to what an option has."""
    asked = margin_mdb(whole.design.policy)
    for option in alone:
        left = _left_mdb(option)
        if left is None or left < 0:
            continue
        kept = left // 10 * 10
        title = f"lower the margin to {quantity(kept, 'mdB')}: {option.candidate.name} then fits"
        edits = number_edit(statement.span, Fraction(asked), Fraction(kept), "mdB", whole.context)
        yield Trial((1, -kept, title), fix(title, edits), _Freed(statement.key, _has_margin(kept)))


def _less_osnr_margin(whole: Whole, statement: Statement, alone: list[Option]) -> Iterator[Trial]:
    """Lower the OSNR margin that the policy asks for to what a wave has, less what no estimate decides."""
    asked = osnr_margin_mdb(whole.design.policy)
    for option in alone:
        short = next((check.margin for check in option.candidate.checks if check.name == "osnr"), None)
        if short is None or asked + short < GUARD_MDB:
            continue
        kept = (asked + short - GUARD_MDB) // 10 * 10
        title = f"lower the OSNR margin to {quantity(kept, 'mdB')}: {option.candidate.name} then fits"
        edits = number_edit(statement.span, Fraction(asked), Fraction(kept), "mdB", whole.context)
        yield Trial((1, -kept, title), fix(title, edits), _Freed(statement.key, _has_osnr(kept - asked + GUARD_MDB)))


def _has_osnr(least_mdb: int) -> Callable[[Option], bool]:
    def is_enough(option: Option) -> bool:
        check = next((each for each in option.candidate.checks if each.name == "osnr"), None)
        return check is not None and check.margin is not None and check.margin >= least_mdb

    return is_enough


def _has_margin(kept_mdb: int) -> Callable[[Option], bool]:
    def is_enough(option: Option) -> bool:
        left = _left_mdb(option)
        return left is not None and left >= kept_mdb

    return is_enough


def _left_mdb(option: Option) -> int | None:
    """Return the least that an option leaves of its loss budget, in average power or OMA; None when unknown."""
    checks = option.candidate.checks
    if not any(check.name == "loss" and check.margin is not None for check in checks):
        return None
    return min(check.margin for check in checks if check.name in ("loss", "oma") and check.margin is not None)


@record(frozen=True, slots=True)
class _Freed:
    """A statement no longer bars the options that it now lets through."""

    key: str
    lets: Callable[[Option], bool]

    def __call__(self, each: ClassOptions) -> ClassOptions:
        """Return the class with one bar less on those options."""
        return replace(each, options=tuple(self._free(option) for option in each.options))

    def _free(self, option: Option) -> Option:
        bars = tuple(bar for bar in option.bars if bar.key != self.key)
        return replace(option, bars=bars) if len(bars) < len(option.bars) and self.lets(option) else option


def _longer_copper(whole: Whole, statement: Statement, alone: list[Option]) -> Iterator[Trial]:
    """Let a technology of direct cables be as long as an option needs it."""
    technology = statement.key.rpartition(" ")[2]
    slot = whole.design.policy.copper_reach[technology]
    for option in alone:
        check = next((each for each in option.candidate.checks if each.name == "copper-reach"), None)
        if check is None or check.margin is None or slot.value is None:
            continue
        needed = slot.value - check.margin
        title = f"allow {technology} up to {quantity(needed, 'mm')}: {option.candidate.name} then fits"
        edits = number_edit(statement.span, Fraction(slot.value), Fraction(needed), "mm", whole.context)
        yield Trial((1, needed, title), fix(title, edits), _Freed(statement.key, _is_no_longer(-check.margin)))


def _fewer_vendors(whole: Whole, statement: Statement, alone: list[Option]) -> Iterator[Trial]:
    """Ask for as few vendors of every module as an option has."""
    asked = whole.design.policy.multi_source.value
    for option in alone:
        short = min((c.margin for c in option.candidate.checks if c.name == "second-source" and c.margin), default=0)
        if asked is None or short >= 0:
            continue
        title = f"ask for {asked + short} instead of {asked} vendors: {option.candidate.name} then fits"
        edits = number_edit(statement.span, Fraction(asked), Fraction(asked + short), "", whole.context)
        yield Trial((1, -short, title), fix(title, edits), _Freed(statement.key, _has_vendors(short)))


def _has_vendors(short: int) -> Callable[[Option], bool]:
    return lambda option: all((c.margin or 0) >= short for c in option.candidate.checks if c.name == "second-source")


def _governed(whole: Whole, statement: Statement, alone: list[Option]) -> Iterator[Trial]:
    """Lift a rejection, approve the parts of an option, or let parts pass that no maker lists."""
    for option in alone:
        edits: tuple[Edit, ...] = ()
        if statement.topic == "rejected" and statement.span is not None:
            title = f"lift the rejection of {statement.key.removeprefix('rejected ')}"
            edits = (Edit(statement.span, "approved"),)
        elif statement.topic == "approved-only":
            checks = [each for each in option.candidate.checks if each.name == "approval" and each.verdict == "fails"]
            title = f"approve {listing([check.detail.partition(' ')[0] for check in checks], 'and')}"
        else:
            title = "accept parts that are not listed, `unlisted = warn`"
        title = f"{title}: {option.candidate.name} then fits"
        yield Trial((2, len(option.bars), title), fix(title, edits), _Freed(statement.key, lambda option: True))


def _is_no_longer(excess_mm: int) -> Callable[[Option], bool]:
    def is_enough(option: Option) -> bool:
        check = next((each for each in option.candidate.checks if each.name == "copper-reach"), None)
        return check is not None and check.margin is not None and check.margin >= -excess_mm

    return is_enough


# ------------------------------------------------------------------ lists


def _wider_list(whole: Whole, each: ClassOptions, statement: Statement, alone: list[Option]) -> Iterator[Trial]:
    """Allow the fewest more words of a list."""
    slot = _slot_of(whole.design, each, statement)
    if slot is None:
        return
    by_words: dict[tuple[str, ...], list[Option]] = {}
    for option in alone:
        if statement.topic == "module" and option.candidate.direct is not None:
            continue
        words = tuple(dict.fromkeys(w for w in words_of(option, statement.topic) if w and not admits(slot, w)))
        if words:
            by_words.setdefault(words, []).append(option)
    for words, options in by_words.items():
        name = statement.topic.replace("-", " ")
        title = f"allow {listing(list(words), 'and')} as {name}: {options[0].candidate.name} then fits"
        edits = list_edit(slot, words, whole.context)
        if edits and statement.topic in ("module", "cable"):
            imports = import_edits(whole.design.catalog, words, slot.span, whole.context)
            edits = () if imports is None else (*edits, *imports)
        lets = _lets_words(statement.topic, slot, frozenset(words))
        yield Trial((2, len(words), title), fix(title, edits), _Freed(statement.key, lets))


def _slot_of(design: Design, each: ClassOptions, statement: Statement) -> Slot[str] | None:
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
    return slots.get(statement.topic)


def _lets_words(topic: str, slot: Slot[str], words: frozenset[str]) -> Callable[[Option], bool]:
    return lambda option: words.issuperset(word for word in words_of(option, topic) if not admits(slot, word))


def words_of(option: Option, topic: str) -> list[str]:
    """Return what an option would need a list of that topic to admit."""
    candidate = option.candidate
    parts = [candidate.a_module, candidate.z_module, candidate.fiber, candidate.direct]
    if topic in ("medium", "media"):
        return [medium_of(candidate)]
    if topic == "module":
        return modules_of(candidate) or [cable_of(candidate)]
    if topic == "cable":
        return [cable_of(candidate)]
    if topic == "vendors":
        return [part.vendor for part in parts if part is not None]
    if topic == "grades":
        return [] if candidate.fiber is None else [candidate.fiber.grade.value]
    if candidate.direct is not None:
        return [candidate.direct.form_factor_a.value, candidate.direct.form_factor_z.value]
    return [module.form_factor.value for module in (candidate.a_module, candidate.z_module) if module is not None]
