"""Seat the cages of a box otherwise when a module is too hot for the cage that the usual order gives it.

The usual order stays wherever it works. Where it does not, and the cages of a box carry different watts, classes are
judged as if their modules sat in the best cages; the choice then has to find a seating that all groups can keep, and
links follow the cages.
"""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.catalog.parts import SwitchModel
from optidsl.diag import InternalError
from optidsl.fabric.breakout import cages_text
from optidsl.fabric.order import reseated
from optidsl.fabric.pins import Seat
from optidsl.fabric.tables import DeviceGroup
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions, Tried, options_of
from optidsl.optics.ends import cage_stride
from optidsl.optics.held import held, search_held
from optidsl.optics.model import Model, Picks, assemble
from optidsl.optics.search import search
from optidsl.optics.seating import Seating, seated
from optidsl.optics.seats import at_best, limits_of, new_seats, seatings
from optidsl.optics.text import listing, plural, quantity
from optidsl.sema.design import Design


@record(frozen=True, slots=True)
class Reseated:
    """What became of seating the cages otherwise.

    `placed` is the fabric with its ports moved, None where that does not help; then `classes` are told instead of
    the usual ones, and `is_told` says that the sink holds the reason already.
    """

    placed: PlacedFabric | None
    classes: list[ClassOptions]
    is_told: bool = False


def reseat(design: Design, placed: PlacedFabric, classes: list[ClassOptions], context: Context) -> Reseated:
    """Return the fabric with its cages seated so that the parts work, or why no seating helps.

    Args:
        design: policy, requirements and objectives.
        placed: the fabric in the usual order, for which no choice of parts works.
        classes: its classes with their options.
        context: the sink, and the solver's effort.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    if not any(unfit.check.name == "cage-power" for each in classes for unfit in each.unfit):
        return Reseated(None, classes)
    tables, stride = placed.tables, cage_stride(placed.tables)
    found = seatings(tables, [each.view for each in classes])
    if not found:
        return Reseated(None, classes)
    tried = Tried()
    best = [options_of(design, at_best(each.view, tables.groups, found, stride), tried) for each in classes]
    if not all(each.open for each in best):
        return Reseated(None, best)
    rlimit = context.options.rlimit
    free = assemble(design, placed, best, [each.open for each in best], {})
    model = replace(free, seatings=tuple(found))
    pinned = held(best, tables, context)
    best_found = search_held(model, model, pinned.kept, rlimit) or search(model, rlimit)
    if best_found is None:
        alone = search(free, rlimit)
        if alone is not None:
            _tell_short(model, alone.picks, tables.groups, context)
        return Reseated(None, best, alone is not None)
    seats = _seats(model, best_found.picks, tables.groups, rlimit)
    return Reseated(replace(placed, tables=reseated(tables, seats)), best)


def _seats(model: Model, picks: Picks, groups: Sequence[DeviceGroup], rlimit: int) -> dict[int, tuple[Seat, ...]]:
    found: dict[int, tuple[Seat, ...]] = {}
    for seating in model.seatings:
        order = groups[seating.group].order
        places = seated(seating, model.draws(seating, picks), rlimit)
        if places is None or order is None:
            raise InternalError(f"{groups[seating.group].name} has no seats for the modules chosen")
        found[seating.group] = new_seats(order, seating, places)
    return found


def _tell_short(model: Model, picks: Picks, groups: Sequence[DeviceGroup], context: Context) -> None:
    """Report the first box whose cages cannot carry the modules that every class would take on its own."""
    for seating in model.seatings:
        watts = model.draws(seating, picks)
        group = groups[seating.group]
        short = seating.shortfall(watts)
        if short is None and seated(seating, watts, context.options.rlimit) is not None:
            continue
        tier = group.tier
        span = None if tier is None else tier.model.span or tier.origin.span
        context.sink.error(
            "cage-power-short",
            f"{_modules(model, seating, watts, 1 if short is None else short[0])} need {_needed(group, short)}",
            span,
            "these cages carry too little",
            notes=(_limits(group),),
            helps=("take modules that draw less, spread the links over more switches, or name another model",),
        )


def _modules(model: Model, seating: Seating, watts: Sequence[int], least: int) -> str:
    told: list[str] = []
    for place, draw in zip(seating.places, watts, strict=True):
        if draw >= least:
            names = [f"`{model.classes[at].view.link_class.name}`" for at, _ in place.users]
            told.append(f"{plural(len(place.cages), 'module')} of {quantity(draw, 'mW')} ({listing(names, 'and')})")
    return listing(told, "and")


def _needed(group: DeviceGroup, short: tuple[int, int, int] | None) -> str:
    box = group.model.name
    if short is None:
        return f"cages that a `{box}` cannot give together: its pipelines and the seats named stand against it"
    least, needed, able = short
    watts = quantity(least, "mW")
    return f"{plural(needed, 'cage')} of at least {watts}; a `{box}` has {able}, {needed - able} too few"


def _limits(group: DeviceGroup) -> str:
    """Return the watts of a model's cages, highest first."""
    if not isinstance(group.model, SwitchModel):
        raise InternalError(f"{group.name} has no cages")
    limits = limits_of(group.model)
    told = [
        f"{quantity(limit, 'mW') if limit >= 0 else 'an unknown limit'} on cages "
        f"{cages_text([cage + 1 for cage, of in enumerate(limits) if of == limit])}"
        for limit in sorted(set(limits), reverse=True)
    ]
    return f"a `{group.model.name}` allows {listing(told, 'and')}"
