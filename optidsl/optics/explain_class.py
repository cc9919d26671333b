"""Why nothing may serve a class of links: the rule that removed the last parts, or the statements in conflict."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from optidsl._context import Context
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions, Option, Unfit
from optidsl.optics.conflict import SHOWN, labels_of, tell_conflict
from optidsl.optics.relax import relaxations
from optidsl.optics.report import unknown_fields
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Check
from optidsl.optics.text import listing, plural, quantity
from optidsl.sema.design import Design

_BY_CHECK = {
    "reach": "reach-exceeded",
    "loss": "loss-exceeded",
    "lengths-on-sale": "no-cable-length",
    "min-length": "receiver-overload",
    "overload": "receiver-overload",
}


def explain_classes(design: Design, placed: PlacedFabric, classes: Sequence[ClassOptions], context: Context) -> None:
    """Report why nothing may serve the classes without an open option; classes stopped alike appear together."""
    alike: dict[tuple[str, ...], list[ClassOptions]] = {}
    for each in classes:
        if not each.open:
            alike.setdefault(_cause(design, each), []).append(each)
    for members in alike.values():
        first = members[0]
        if not first.options:
            _explain_unfit(design, first, context)
        elif undecided := _undecided(first):
            _explain_unknown(design, members, undecided, context)
        else:
            core = smallest_conflict(first.options)
            nearest = _nearest(first.options, core)
            name, message = _class_message(first, core, nearest)
            offers = relaxations(design, placed, classes, first, core, context)
            tell_conflict(name, message, core, offers, context, [*_likewise(members[1:]), *_near_notes(nearest)])


def _cause(design: Design, each: ClassOptions) -> tuple[str, ...]:
    """Return what two classes have in common when the same statements or missing numbers stop them."""
    own = (each.view.link_class.name,)
    if not each.options:
        return own
    undecided = _undecided(each)
    if undecided:
        return ("unknown", *unknown_fields(list(_fewest_bars(undecided).candidate.checks), design))
    core = [statement.key for statement in smallest_conflict(each.options)]
    return own if any(key.startswith("length ") for key in core) else tuple(core)


def _undecided(each: ClassOptions) -> list[Option]:
    """Return the options that only missing numbers stand against."""
    return [option for option in each.options if all(bar.topic == "unknown" for bar in option.bars)]


def _likewise(others: Sequence[ClassOptions]) -> list[str]:
    names = [f"`{each.view.link_class.name}`" for each in others]
    return [f"the same stops {listing(names, 'and')}"] if names else []


def smallest_conflict(options: Sequence[Option]) -> tuple[Statement, ...]:
    """Return the fewest statements that bar every option between them; of equals, the first in order of key.

    Being smallest, the set is irreducible: without any one member some option is free.
    """
    statements = {bar.key: bar for option in options for bar in option.bars}
    keys = sorted(statements)
    barred = [{bar.key for bar in option.bars} for option in options]
    for size in range(1, len(keys) + 1):
        for chosen in combinations(keys, size):
            if all(bars & set(chosen) for bars in barred):
                return tuple(statements[key] for key in chosen)
    return tuple(statements.values())


def _explain_unfit(design: Design, each: ClassOptions, context: Context) -> None:
    """No part of the catalogue fits, whatever the author writes: name the rule that removed the last ones."""
    view = each.view
    last, misses = _last_rule(design, each)
    why = f": {last}" if last else ""
    rate = quantity(view.segment.rate_mbps, "Mbps")
    notes = tuple(f"{miss.name} ({miss.check.name}): {miss.check.detail}" for miss in misses[:SHOWN])
    context.sink.error(
        "no-optic-fits",
        f"no optic in the catalogue fits `{view.link_class.name}` at {rate}{why}",
        view.segment.connect.rate_mbps.span or view.segment.connect.origin.span,
        f"{plural(len(view.link_class.links), 'link')} of {rate}",
        notes=notes,
    )


def _last_rule(design: Design, each: ClassOptions) -> tuple[str, list[Unfit]]:
    """Return in words which rule removed the last parts, and those parts, nearest first."""
    for where in ("fiber", "pair"):
        misses = [unfit for unfit in each.unfit if unfit.where == where]
        if misses:
            return _words(misses)
    # With no pair tried, one end takes no module at all.
    ends = [[unfit for unfit in each.unfit if unfit.where == where] for where in ("a", "z")]
    misses = next((end for end in ends if len(end) == len(design.catalog.transceivers)), [])
    direct = [unfit for unfit in each.unfit if unfit.where == "direct"]
    return _words(misses or direct)


def _words(misses: list[Unfit]) -> tuple[str, list[Unfit]]:
    ordered = sorted(misses, key=lambda unfit: (-unfit.depth, unfit.name))
    return (f"{ordered[0].check.detail}" if ordered else "the catalogue is empty"), ordered


def _fewest_bars(options: list[Option]) -> Option:
    return min(options, key=lambda option: (len(option.bars), option.candidate.name))


def _explain_unknown(design: Design, members: Sequence[ClassOptions], options: list[Option], context: Context) -> None:
    """Parts fit as far as numbers go, but a number that the policy insists on is missing."""
    view = members[0].view
    names = listing([f"`{each.view.link_class.name}`" for each in members], "and")
    nearest = _fewest_bars(options)
    fields = unknown_fields(list(nearest.candidate.checks), design)
    checks = [bar.key.removeprefix("unknown ") for bar in nearest.bars]
    span = view.segment.connect.origin.span
    more = f"; {plural(len(options) - 1, 'other combination')} lack numbers too" if len(options) > 1 else ""
    warn = ", ".join(f"{check} = warn" for check in checks)
    context.sink.error(
        "cannot-conclude",
        f"cannot conclude that {nearest.candidate.name} serves {names}: "
        f"no usable number for {listing(fields, 'and')}{more}",
        span,
        plural(sum(len(each.view.link_class.links) for each in members), "link"),
        secondary=tuple(labels_of(nearest.bars)),
        notes=tuple(
            check.detail for check in nearest.candidate.checks if check.verdict == "unknown" and check.missing in fields
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


def _near_notes(nearest: Sequence[Option]) -> list[str]:
    """Say of the nearest options what they miss and by how much."""
    return [
        f"nearest: {option.candidate.name}: {'; '.join(dict.fromkeys(check.detail for check in _failed(option)))}"
        for option in nearest[:SHOWN]
    ]


def _class_message(each: ClassOptions, core: Sequence[Statement], nearest: list[Option]) -> tuple[str, str]:
    """Name the conflict: by its only check when length alone decides, else as a conflict of statements."""
    view = each.view
    name = view.link_class.name
    if len(core) == 1 and core[0].topic == "length":
        alone = [option for option in nearest if len(option.bars) == 1] or nearest
        check = max((c for option in alone for c in _failed(option)), key=_margin, default=None)
        if check is not None:
            count = plural(len(view.link_class.links), "link")
            message = f"nothing serves `{name}`: {check.detail} ({count}; longest {view.longest_name})"
            return _BY_CHECK.get(check.name, "no-optic-fits"), message
    what = listing([statement.text for statement in core], "and")
    return "no-optic-fits", f"no optic in the catalogue fits `{name}`: {what}"


def _margin(check: Check) -> tuple[bool, int]:
    return check.margin is not None, check.margin or 0
