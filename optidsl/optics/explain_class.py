"""Why nothing may serve a class of links: the rule that removed the last parts, or the statements in conflict."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.catalog.parts import Catalog
from optidsl.optics.bill import SHOWN, cheapest
from optidsl.optics.candidates import ClassOptions, Option, Unfit
from optidsl.optics.conflict import grouped, labels_of, tell_conflict
from optidsl.optics.explain_part import channel_helps, missing_labels, n_own, part_helps, part_labels
from optidsl.optics.explain_wanted import wanted_notes
from optidsl.optics.relax import billed, relaxations
from optidsl.optics.report import unknown_fields
from optidsl.optics.statement import Statement, span_statements
from optidsl.optics.tables import Check
from optidsl.optics.text import listing, plural, quantity, some
from optidsl.optics.whole import Whole
from optidsl.sema.design import Design

_BY_CHECK = {
    "reach": "reach-exceeded",
    "loss": "loss-exceeded",
    "lengths-on-sale": "no-cable-length",
    "oma": "oma-too-low",
    "oma-overload": "receiver-overload",
    "min-length": "receiver-overload",
    "overload": "receiver-overload",
    "osnr": "osnr-short",
    "receive-power": "receive-power",
    "amplifier-gain": "amplifier-limit",
    "amplifier-power": "amplifier-limit",
    "span-loss": "span-loss",
    "launch-power": "launch-power",
    "grid": "grid-mismatch",
    "tuning": "grid-mismatch",
    "dispersion": "impairment-exceeded",
    "pmd": "impairment-exceeded",
    "pdl": "impairment-exceeded",
}


@record(frozen=True, slots=True)
class ClassConflict:
    """Classes that the same statements, missing numbers or rule of the catalogue stop.

    `members` are told of by name, `others` as stopped too. `core` is empty where no statement is to blame;
    `undecided` says that only missing numbers stand against the parts.
    """

    members: tuple[ClassOptions, ...]
    others: tuple[ClassOptions, ...]
    core: tuple[Statement, ...]
    undecided: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The keys of every statement that stands against the classes here."""
        if self.undecided:
            return frozenset(bar.key for each in (*self.members, *self.others) for bar in _unknown_bars(each))
        stopped = (*self.members, *self.others)
        return frozenset(bar.key for each in stopped if each.options for bar in smallest_conflict(each.options))


def class_conflicts(design: Design, classes: Sequence[ClassOptions]) -> list[ClassConflict]:
    """Group the classes without an open option by what stops them, in order of class.

    A class that shares a statement with another one's conflict is told of there: one change may free both.
    """
    alike: dict[frozenset[str], list[ClassOptions]] = {}
    for each in classes:
        if not each.open:
            alike.setdefault(_cause(design, each), []).append(each)
    roots: dict[frozenset[str], list[ClassOptions]] = {}
    for cause in sorted(alike, key=len):
        root = next((known for known in roots if known & cause), cause)
        roots.setdefault(root, []).extend(alike[cause])
    found = [_conflict(members, len(alike[cause])) for cause, members in roots.items()]
    return sorted(found, key=lambda each: each.members[0].view.index)


def _conflict(stopped: list[ClassOptions], n_alike: int) -> ClassConflict:
    """Return a conflict of classes, the first `n_alike` of which have its very cause; the longest link leads."""
    segment = stopped[0].view.link_class.segment
    members = [each for each in stopped[:n_alike] if each.view.link_class.segment == segment]
    others = [each for each in stopped if not any(each is member for member in members)]
    if not members[0].options:
        return ClassConflict(tuple(members), tuple(others), ())
    if _undecided(members[0]):
        return ClassConflict(tuple(members), tuple(others), (), True)
    if any(statement.topic == "length" for statement in smallest_conflict(members[0].options)):
        members.sort(key=lambda each: (-each.view.link_class.longest_mm, each.view.index))
    return ClassConflict(tuple(members), tuple(others), smallest_conflict(members[0].options))


def tell_class_conflict(whole: Whole, conflict: ClassConflict) -> None:
    """Report why nothing may serve the classes of a conflict."""
    first = conflict.members[0]
    if not first.options:
        _explain_unfit(whole.design, conflict, whole.context)
    elif conflict.undecided:
        _explain_unknown(whole.design, (*conflict.members, *conflict.others), _undecided(first), whole.context)
    else:
        nearest = _nearest(first.options, conflict.core)
        name, message = _class_message(conflict, nearest)
        stopped = (*conflict.members, *conflict.others)
        statements = [bar for each in stopped for option in each.options for bar in option.bars]
        same = {bar.key: bar for bar in statements if bar.key in conflict.keys}
        offers = cheapest(billed(whole, relaxations(whole, stopped, (*conflict.core, *same.values()))))
        wanted = wanted_notes(whole.design.catalog, first, conflict.core)
        if wanted and len(conflict.core) == 1:
            message, wanted = f"{message}, and {wanted[0]}", wanted[1:]
        misfits = [f"what is asked for does not fit: {each}" for each in wanted]
        notes = [*_also_stopped(conflict), *misfits, *_near_notes(nearest, message)]
        told = (*_core_of(conflict, name), *span_statements(first.view))
        is_minimal = len(told) == len(conflict.core)
        helps = _helps(whole.design, first, nearest, name)
        tell_conflict(name, message, told, offers, whole.context, notes, helps, is_minimal=is_minimal)


def _core_of(conflict: ClassConflict, name: str) -> tuple[Statement, ...]:
    """Return the statements of a conflict; what is too bright is so on the shortest link."""
    core = conflict.core
    if name != "receiver-overload" or len(core) != 1 or core[0].topic != "length":
        return core
    shortest = quantity(min(each.view.link_class.shortest_mm for each in conflict.members), "mm")
    return (replace(core[0], text=f"the shortest of {_n_links(conflict.members)} needs {shortest}"),)


def _helps(design: Design, first: ClassOptions, nearest: Sequence[Option], name: str) -> tuple[str, ...]:
    """Return what would cure the channel that comes nearest, where loss or light alone stops it."""
    if name not in ("loss-exceeded", "receiver-overload"):
        return ()
    check = next((each for each in _failed(nearest[0]) if each.name in ("loss", "overload")), None)
    return () if check is None else channel_helps(design, first.view, nearest[0], check)


def _cause(design: Design, each: ClassOptions) -> frozenset[str]:
    """Return what two classes have in common when the same statements, missing numbers or rule stop them."""
    segment = each.view.link_class.segment
    if not each.options:
        _, misses = _last_rule(design, each)
        rule = f"{misses[0].where} {misses[0].name} {misses[0].check.name}" if misses else ""
        return frozenset({f"no part: segment {segment}, {rule}"})
    undecided = _undecided(each)
    if undecided:
        fields = unknown_fields(list(_fewest_bars(undecided).candidate.checks), design)
        return frozenset(f"no number: {field}" for field in fields)
    core = smallest_conflict(each.options)
    return frozenset(f"length of {segment}" if one.topic == "length" else one.key for one in core)


def _unknown_bars(each: ClassOptions) -> list[Statement]:
    return [bar for option in each.options for bar in option.bars if bar.topic == "unknown"]


def _undecided(each: ClassOptions) -> list[Option]:
    """Return the options that only missing numbers stand against."""
    return [option for option in each.options if all(bar.topic == "unknown" for bar in option.bars)]


def _likewise(others: Sequence[ClassOptions]) -> list[str]:
    return [f"the same stops {_named(others)}"] if others else []


def _also_stopped(conflict: ClassConflict) -> list[str]:
    """Name the other classes: those that the core stops too, and those that one of its statements stops with others."""
    same: list[ClassOptions] = []
    otherwise: dict[str, list[ClassOptions]] = {}
    places = {(statement.topic, statement.span) for statement in conflict.core}
    for each in conflict.others:
        core = smallest_conflict(each.options)
        if places <= {(statement.topic, statement.span) for statement in core}:
            same.append(each)
        else:
            otherwise.setdefault(listing([one.text for one in grouped(core)], "and"), []).append(each)
    notes = [
        f"{_named(classes)} {'is' if len(classes) == 1 else 'are'} stopped too: {words}"
        for words, classes in otherwise.items()
    ]
    return [*_likewise(same), *notes]


def smallest_conflict(options: Sequence[Option]) -> tuple[Statement, ...]:
    """Return the fewest statements that bar every option between them.

    Of equals, those that the author wrote go before lengths that follow from the floor, then in order of key.
    Being smallest, the set is irreducible: without any one member some option is free.
    """
    statements = {bar.key: bar for option in options for bar in option.bars}
    keys = sorted(statements, key=lambda key: (not statements[key].is_stated, key))
    barred = [{bar.key for bar in option.bars} for option in options]
    for size in range(1, len(keys) + 1):
        for chosen in combinations(keys, size):
            if all(bars & set(chosen) for bars in barred):
                return tuple(statements[key] for key in sorted(chosen))
    return tuple(statements.values())


def _named(classes: Sequence[ClassOptions]) -> str:
    return some([f"`{each.view.link_class.name}`" for each in classes], "class")


def _n_links(classes: Sequence[ClassOptions]) -> str:
    return plural(sum(len(each.view.link_class.links) for each in classes), "link")


def _explain_unfit(design: Design, conflict: ClassConflict, context: Context) -> None:
    """No part of the catalogue fits, whatever the author writes: name the rule that removed the last ones."""
    view = conflict.members[0].view
    last, misses = _last_rule(design, conflict.members[0])
    why = f": {last}" if last else ""
    rate = quantity(view.segment.rate_mbps, "Mbps")
    others = misses[1:SHOWN] if misses and misses[0].check.detail == last else misses[:SHOWN]
    notes = tuple(f"{miss.name} ({miss.check.name}): {miss.check.detail}" for miss in others)
    context.sink.error(
        "no-optic-fits",
        f"no optic in the catalogue fits {_named(conflict.members)} at {rate}{why}",
        view.segment.connect.rate_mbps.span or view.segment.connect.origin.span,
        f"{_n_links(conflict.members)} of {rate}",
        secondary=part_labels(design, view, misses[0]) if misses else (),
        notes=(*_likewise(conflict.others), *notes),
        helps=part_helps(design.catalog, view, misses[0]) if misses else (),
    )


def _last_rule(design: Design, each: ClassOptions) -> tuple[str, list[Unfit]]:
    """Return in words which rule removed the last parts, and those parts, nearest first.

    A module that the author names is told of before what else the catalogue has.
    """
    named = each.view.segment.connect.module.value
    stated = [unfit for unfit in each.unfit if named is not None and unfit.name == named]
    catalog = design.catalog
    if stated:
        return _words(catalog, stated)
    for where in ("fiber", "pair"):
        misses = [unfit for unfit in each.unfit if unfit.where == where]
        if misses:
            return _words(catalog, misses)
    # With no pair tried, one end takes no module at all.
    ends = [[unfit for unfit in each.unfit if unfit.where == where] for where in ("a", "z")]
    misses = next((end for end in ends if len(end) == len(design.catalog.transceivers)), [])
    direct = [unfit for unfit in each.unfit if unfit.where == "direct"]
    return _words(catalog, misses or direct)


def _words(catalog: Catalog, misses: list[Unfit]) -> tuple[str, list[Unfit]]:
    """Return parts that do not fit, the author's own where he has some; the nearest first, and its reason."""
    own = {unfit.name: n_own(catalog, unfit.name) for unfit in misses}
    most = max(own.values(), default=0)
    chosen = (unfit for unfit in misses if own[unfit.name] == most)
    ordered = sorted(chosen, key=lambda unfit: (-unfit.depth, unfit.name))
    return (f"{ordered[0].check.detail}" if ordered else "the catalogue is empty"), ordered


def _fewest_bars(options: list[Option]) -> Option:
    return min(options, key=lambda option: (len(option.bars), option.candidate.name))


def _explain_unknown(design: Design, members: Sequence[ClassOptions], options: list[Option], context: Context) -> None:
    """Parts fit as far as numbers go, but a number that the policy insists on is missing."""
    view = members[0].view
    names = _named(members)
    nearest = _fewest_bars(options)
    fields = unknown_fields(list(nearest.candidate.checks), design)
    checks = [bar.key.removeprefix("unknown ") for bar in nearest.bars]
    span = view.segment.connect.origin.span
    more = (
        f"; {plural(len(options) - 1, 'other combination')} {'lacks' if len(options) == 2 else 'lack'} numbers too"
        if len(options) > 1
        else ""
    )
    warn = ", ".join(f"{check} = warn" for check in checks)
    context.sink.error(
        "cannot-conclude",
        f"cannot conclude that {nearest.candidate.name} serves {names}: "
        f"no usable number for {listing(fields, 'and')}{more}",
        span,
        _n_links(members),
        secondary=(*missing_labels(design.catalog, fields), *labels_of(nearest.bars)),
        notes=tuple(
            dict.fromkeys(
                check.detail
                for check in nearest.candidate.checks
                if check.verdict == "unknown" and check.missing in fields and not check.detail.endswith(check.missing)
            )
        ),
        helps=(f"state the number with its source, or accept the risk: `policy {{ unknown {{ {warn} }} }}`",),
    )


def _nearest(options: Sequence[Option], core: Sequence[Statement]) -> list[Option]:
    """Return options in order of how little stands against them."""
    keys = {each.key for each in core}
    return sorted(
        options,
        key=lambda option: (
            len(option.bars),
            len({bar.key for bar in option.bars} - keys),
            _miss(option, "mm"),
            _miss(option, "mdB"),
            option.candidate.name,
        ),
    )


def _miss(option: Option, unit: str) -> int:
    """Return by how much an option fails in a unit, at worst."""
    misses = (check.margin for check in _failed(option) if check.unit == unit and check.margin is not None)
    return max((-margin for margin in misses), default=0)


def _failed(option: Option) -> list[Check]:
    return [check for check in option.candidate.checks if check.verdict == "fails"]


def _near_notes(nearest: Sequence[Option], message: str) -> list[str]:
    """Say of the nearest options what they miss and by how much, where the message does not."""
    notes: list[str] = []
    for option in nearest[:SHOWN]:
        missed = list(dict.fromkeys(check.detail for check in _failed(option)))
        why = f": {'; '.join(missed)}" if any(detail not in message for detail in missed) else ""
        notes.append(f"nearest: {option.candidate.name}{why}")
    return notes


def _class_message(conflict: ClassConflict, nearest: list[Option]) -> tuple[str, str]:
    """Name the conflict: by its only check when length alone decides, else as a conflict of statements."""
    core, names = conflict.core, _named(conflict.members)
    if conflict.members[0].view.line is not None:
        return _line_message(conflict, nearest[0])
    if len(core) == 1 and core[0].topic == "length":
        alone = [option for option in nearest if len(option.bars) == 1] or nearest
        check = max((_worst(option) for option in alone), key=_margin, default=None)
        if check is not None:
            name = _BY_CHECK.get(check.name, "no-optic-fits")
            longest = f"; longest {conflict.members[0].view.longest_name}" if name != "receiver-overload" else ""
            return name, f"nothing serves {names}: {check.detail} ({_n_links(conflict.members)}{longest})"
    what = listing([statement.text for statement in core], "and")
    return "no-optic-fits", f"no optic in the catalogue fits {names}: {what}"


def _line_message(conflict: ClassConflict, nearest: Option) -> tuple[str, str]:
    """Name the conflict of a line by what its nearest modules miss most."""
    failed = sorted(_failed(nearest), key=lambda check: (check.margin is None, check.margin or 0))
    message = f"nothing serves {_named(conflict.members)}: {failed[0].detail} ({_n_links(conflict.members)})"
    return _BY_CHECK.get(failed[0].name, "no-optic-fits"), message


def _worst(option: Option) -> Check:
    """Return the check that an option misses by most; lengths go before levels."""
    return min(_failed(option), key=lambda check: (check.unit != "mm", check.margin or 0))


def _margin(check: Check) -> tuple[bool, int]:
    return check.margin is not None, check.margin or 0
