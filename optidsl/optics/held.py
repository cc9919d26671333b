"""What the lock holds: a class keeps the parts in service while they fit, unless the author lets it move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.fabric.tables import FabricTables
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.model import Model
from optidsl.optics.search import Found, search
from optidsl.optics.tables import LinkClass
from optidsl.optics.text import listing, plural, quantity
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.design import Design

SHOWN = 3


@record(frozen=True, slots=True)
class Held:
    """Candidate by row of the class; `gone` are those that are no longer an open option there."""

    kept: dict[int, str]
    gone: dict[int, str]


def path_of(name: str) -> str:
    """Return the path of a class of links as it is typed: `compute.leaf--spine`."""
    return name.replace(": ", ".").replace(" -- ", "--")


def held(classes: Sequence[ClassOptions], tables: FabricTables, context: Context) -> Held:
    """Return what the lock holds of these classes, without what `--upgrade` lets move."""
    kept: dict[int, str] = {}
    gone: dict[int, str] = {}
    for row, each in enumerate(classes):
        name = context.pins.picks.get(each.view.link_class.name)
        if name is None or is_upgraded(each.view.link_class, tables, context.options.upgrade):
            continue
        is_open = any(option.candidate.name == name for option in each.open)
        (kept if is_open else gone)[row] = name
    return Held(kept, gone)


def upgraded(classes: Sequence[ClassOptions], placed: PlacedFabric, context: Context) -> dict[str, str]:
    """Return the candidates in service, by class, that may move: kept where equals tie."""
    links = [each.view.link_class for each in classes] if context.options.upgrade else []
    moving = [each.name for each in links if is_upgraded(each, placed.tables, context.options.upgrade)]
    return {name: context.pins.picks[name] for name in moving if name in context.pins.picks}


def is_upgraded(link_class: LinkClass, tables: FabricTables, paths: Sequence[str]) -> bool:
    """Tell whether a path of `--upgrade` covers a class: `all`, its fabric, a tier at either end, or itself."""
    if not paths:
        return False
    own = path_of(link_class.name)
    names = {"all", own.split(".")[0], own, own.split(" (")[0]}
    names |= {_tier_path(tables, group) for group in (link_class.a_group, link_class.z_group)}
    return any(path_of(path) in names for path in paths)


def _tier_path(tables: FabricTables, group: int) -> str:
    found = tables.groups[group]
    return f"{found.fabric}.{found.tier_name}" if found.tier is not None else found.name


def knows_paths(design: Design, classes: Sequence[ClassOptions], context: Context) -> bool:
    """Tell whether every path of `--upgrade` names something of the design, and refuse those that do not."""
    if not context.options.upgrade:
        return True
    links = [path_of(each.view.link_class.name) for each in classes]
    tiers = [f"{fabric.name}.{tier.name}" for fabric in design.fabrics for tier in fabric.tiers]
    known = [
        "all",
        *(fabric.name for fabric in design.fabrics),
        *tiers,
        *links,
        *(each.split(" (")[0] for each in links),
    ]
    for path in context.options.upgrade:
        if path_of(path) not in known:
            near = did_you_mean(path_of(path), known)
            context.sink.error(
                "unknown-path",
                f"`--upgrade {path}` names no fabric, tier or class of links of the design{near}",
                design.span,
                helps=(f"it is one of: {alternatives(dict.fromkeys(known))}",),
            )
    return not context.sink.has_errors


def only_held(model: Model, kept: Mapping[int, str]) -> Model:
    """Return the choice with the classes that keep their parts decided."""
    from optidsl.optics.why.narrow import narrowed

    return narrowed(
        model,
        tuple(
            tuple(
                at for at, option in enumerate(options) if kept.get(row, option.candidate.name) == option.candidate.name
            )
            for row, options in enumerate(model.options)
        ),
    )


def names_of(model: Model, found: Found) -> list[str]:
    """Return the candidate of every class."""
    return [row[pick].candidate.name for row, pick in zip(model.options, found.picks, strict=True)]


def is_costly(model: Model, mine: Found, best: Found) -> bool:
    """Tell whether the best choice would be better than that which keeps the parts in service."""
    return _asked_for(model, best) < _asked_for(model, mine)


def tell_cost(model: Model, mine: Found, best: Found, context: Context, design: Design) -> None:
    """Say what the parts in service cost against the best choice."""
    moving = [
        path_of(each.view.link_class.name)
        for each, at, other in zip(model.classes, mine.picks, best.picks, strict=True)
        if at != other
    ]
    paths = list(dict.fromkeys(path.split(" (")[0] for path in moving))
    if len(paths) > SHOWN:
        paths = list(dict.fromkeys(path.split(".")[0] for path in paths))
    command = " ".join(f"--upgrade {path}" for path in paths)
    gains = list(_changes(model, mine, best, 1))
    losses = list(_changes(model, mine, best, -1))
    saved = f"would save {listing(gains, 'and')}" if gains else "would keep more of what the design prefers"
    spent = f", for {listing(losses, 'and')} more" if losses else ""
    context.sink.warning(
        "pins-cost",
        f"the lock keeps the parts of {plural(len(moving), 'class')} of links: the optimum without it {saved}{spent}",
        design.span,
        helps=(f"`{command}` takes it",),
    )


def _asked_for(model: Model, found: Found) -> tuple[int, ...]:
    """Return the values of what somebody asked for, and of the defaults that are shown."""
    price = model.price(found.picks)
    n_softs = len(price) - len(model.goals)
    named = (value for value, goal in zip(price[n_softs:], model.goals, strict=True) if goal.text)
    return (*price[:n_softs], *named)


def _changes(model: Model, mine: Found, best: Found, sign: int) -> Iterator[str]:
    """Yield by how much each goal that somebody asked for is better (1) or worse (-1) in the best choice."""
    ours, theirs = model.sku_counts(mine.picks), model.sku_counts(best.picks)
    for goal in model.goals:
        less = goal.amount.value(mine.picks, *ours) - goal.amount.value(best.picks, *theirs)
        if goal.text and less * sign > 0:
            told = quantity(Fraction(abs(less), goal.amount.scale), goal.unit)
            yield f"{told} of `{goal.text}`" if " " in goal.text else f"{told} {goal.text}"


def search_held(model: Model, liking: Model, kept: Mapping[int, str], rlimit: int) -> Found | None:
    """Return the best choice that keeps the parts in service, as options of a model; None when none does.

    Args:
        model: the choice as it would be without a lock.
        liking: the same, with the wish that other classes stay as they are where equals tie.
        kept: the candidate that a class keeps, by its row.
        rlimit: effort that may be spent, in the solver's resource units.
    """
    narrow = only_held(liking, kept)
    if not all(narrow.options):
        return None
    found = search(narrow, rlimit)
    if found is None:
        return None
    picks = tuple(
        next(at for at, option in enumerate(row) if option.candidate.name == name)
        for row, name in zip(model.options, names_of(narrow, found), strict=True)
    )
    return replace(found, picks=picks)


def argument_of(name: str) -> str:
    """Return the path of a class of links as an argument of a command line."""
    path = path_of(name)
    return f"'{path}'" if set(path) & set(" ()'") else path
