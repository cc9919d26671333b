"""Groups of switches whose cages carry different watts: what sits where, and what a class could get at best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from optidsl._columns import distinct
from optidsl._record import replace
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.banks import DOWN, IDLE, Bank, can_split
from optidsl.fabric.pins import Seat
from optidsl.fabric.tables import CageOrder, DeviceGroup, FabricTables
from optidsl.optics.classify import ClassView
from optidsl.optics.ends import CageBound, CagePool, End, cage_stride
from optidsl.optics.seating import IDLE as NOWHERE
from optidsl.optics.seating import Place, Seating, Spot
from optidsl.physics import cage_limit_mw


def seatings(tables: FabricTables, views: Sequence[ClassView]) -> list[Seating]:
    """Return the groups whose cages differ in watts and may be seated otherwise."""
    stride = cage_stride(tables)
    found: list[Seating] = []
    for row, group in enumerate(tables.groups):
        order, model = group.order, group.model
        if order is None or not isinstance(model, SwitchModel) or len(set(limits_of(model))) < 2:
            continue
        seating = _seating(row, model, order, views, stride)
        if not all(spot.is_kept for spot in seating.spots):
            found.append(seating)
    return found


def limits_of(model: SwitchModel) -> tuple[int, ...]:
    """Return the watts of a module by cage in mW, -1 where none are known."""
    ranges = [(each.first, each.last, each.step, each.power_mw.value) for each in model.cage_limits]
    return tuple(cage_limit_mw(np.arange(1, model.cages.value + 1), ranges).tolist())


def _seating(row: int, model: SwitchModel, order: CageOrder, views: Sequence[ClassView], stride: int) -> Seating:
    users: dict[int, list[tuple[int, int]]] = {}
    for view in views:
        for side, end in enumerate((view.a, view.z)):
            if end.kind.group == row:
                for cage in distinct(end.cages % stride).tolist():
                    users.setdefault(cage, []).append((view.index, side))
    alike: dict[tuple[int, tuple[tuple[int, int], ...]], list[int]] = {}
    for cage, (side, _) in enumerate(order.seats):
        if side != IDLE:
            alike.setdefault((side, tuple(users.get(cage, ()))), []).append(cage)
    box = order.box
    places = tuple(
        Place(ends, side, box.per_down if side == DOWN else box.per_up, tuple(cages))
        for (side, ends), cages in sorted(alike.items())
    )
    place_of = {cage: at for at, place in enumerate(places) for cage in place.cages}
    kept = set() if box.pins is None else {*box.pins.down, *box.pins.up}
    spots = tuple(
        Spot(limit, can_split(model, cage), place_of.get(cage, NOWHERE), cage in kept)
        for cage, limit in enumerate(limits_of(model))
    )
    return Seating(row, places, spots, tuple(_banks(box.banks, len(spots))))


def _banks(banks: Sequence[Bank], n_cages: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the cages of each pipeline with its most ports; a cage without one stands alone."""
    if not banks:
        yield from (((cage,), -1) for cage in range(n_cages))
    for bank in banks:
        yield bank.cages, -1 if bank.max_ports is None else bank.max_ports


def at_best(view: ClassView, groups: Sequence[DeviceGroup], found: Sequence[Seating], stride: int) -> ClassView:
    """Return a class as if its modules sat in the cages that carry most."""
    of_group = {seating.group: seating for seating in found}
    ends = [
        _best_end(end, groups[end.kind.group], of_group.get(end.kind.group), (view.index, side), stride)
        for side, end in enumerate((view.a, view.z))
    ]
    return replace(view, a=ends[0], z=ends[1])


def _best_end(end: End, group: DeviceGroup, seating: Seating | None, user: tuple[int, int], stride: int) -> End:
    if seating is None or not isinstance(group.model, SwitchModel):
        return end
    used = distinct(end.cages % stride).tolist()
    if any(seating.spots[cage].is_kept for cage in used):
        return end
    free = [cage for cage, spot in enumerate(seating.spots) if not spot.is_kept]
    best = sorted(free, key=lambda cage: (-seating.spots[cage].limit_mw, cage))[: len(used)]
    limits = [seating.spots[cage].limit_mw for cage in best]
    known = [limit for limit in limits if limit >= 0]
    fact = next((each.power_mw for each in group.model.cage_limits if known and each.power_mw.value == known[-1]), None)
    last = best[len(known) - 1] if known else best[0]
    pool = CagePool(len(used), tuple((cage + 1, seating.spots[cage].limit_mw) for cage in free))
    return replace(end, bound=CageBound(fact, str(last + 1), len(used), len(limits) - len(known), "", pool))


def new_seats(order: CageOrder, seating: Seating, place_of: Sequence[int]) -> tuple[Seat, ...]:
    """Return the seats when every cage takes a place; a cage that keeps its place keeps its number.

    The numbers of a place that became free go to its new cages in their order.
    """
    seats: list[Seat] = [(IDLE, -1)] * len(order.seats)
    for at, place in enumerate(seating.places):
        wanted = [cage for cage, new in enumerate(place_of) if new == at]
        stay = set(place.cages) & set(wanted)
        free = iter(sorted(order.seats[cage][1] for cage in place.cages if cage not in stay))
        for cage in wanted:
            seats[cage] = order.seats[cage] if cage in stay else (place.side, next(free))
    return tuple(seats)
