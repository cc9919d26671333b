"""Which cage of a switch serves which side when a lock says which did: cages in service stay on their side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from optidsl._record import record, replace
from optidsl.catalog.parts import SwitchModel
from optidsl.diag import Span
from optidsl.fabric.banks import DOWN, IDLE, UP
from optidsl.fabric.box import Box, mode_at
from optidsl.fabric.pins import Seat, numbered, pinned
from optidsl.fabric.ports import port_names
from optidsl.fabric.tables import CageOrder, DeviceGroup
from optidsl.sema.design import CageSeats

Bore = tuple[int, int]
"""A cage, from 0, and a port of it, from 0."""


@record(frozen=True, slots=True)
class Reach:
    """Where a port of a name is when its cage serves down, and when it serves up."""

    down: dict[str, Bore]
    up: dict[str, Bore]


def reach_of(group: DeviceGroup) -> Reach:
    """Return the ports that the cages of a group's switches could have, by name and side.

    Assumes: a name that counts the ports of the box counts those of cages that are all split alike.
    """
    order = group.order
    if order is None or not isinstance(group.model, SwitchModel):
        return Reach({}, {})
    box = order.box
    return Reach(_names(box, box.down_mbps), _names(box, box.up_mbps))


def _names(box: Box, rate_mbps: int) -> dict[str, Bore]:
    mode = mode_at(box.model, rate_mbps) if rate_mbps else None
    if mode is None:
        return {}
    return {
        name: (cage, bore)
        for cage in range(box.cages)
        for bore, name in enumerate(port_names(box.model, cage, mode, cage * mode.ports))
    }


def seats_for(order: CageOrder, down: Mapping[Bore, int], up: Mapping[Bore, int]) -> CageOrder:
    """Return the order of cages in which as many ports in service as possible keep their side.

    The order stays where every port has its side in it. Else cages in service keep the side that most of their cables
    are on, the lowest others make up what the shape needs; where the box cannot run so many cages, those with the
    fewest cables give way, and where no such order can be, the usual one holds.

    Args:
        order: as the box seats its cages for the ports that the shape needs.
        down: cables in service towards endpoints by port.
        up: cables in service towards the core by port.
    """
    if order.box.pins is not None or (not down and not up):
        return order
    sides = [side for side, _ in order.seats]
    if any(sides[cage] != DOWN for cage, _ in down) or any(sides[cage] != UP for cage, _ in up):
        seats = _seats(order, (_by_cage(down), _by_cage(up)))
        order = order if seats is None else replace(order, seats=seats)
    return replace(
        order,
        down=max(order.down, _last(order, DOWN, order.box.per_down, down)),
        up=max(order.up, _last(order, UP, order.box.per_up, up)),
    )


def _by_cage(cables: Mapping[Bore, int]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for (cage, _), number in cables.items():
        counts[cage] += number
    return counts


def _seats(order: CageOrder, used: tuple[Counter[int], Counter[int]]) -> tuple[Seat, ...] | None:
    box = order.box
    down_cages = box.cages_for(order.down, 0)
    need = (down_cages, box.cages_for(order.down, order.up) - down_cages)
    held = (
        [cage for cage in used[DOWN] if used[DOWN][cage] >= used[UP][cage]],
        [cage for cage in used[UP] if used[UP][cage] > used[DOWN][cage]],
    )
    kept = [sorted(held[side], key=lambda cage: (-used[side][cage], cage)) for side in (DOWN, UP)]
    while True:
        wanted = (max(need[DOWN], len(kept[DOWN])), max(need[UP], len(kept[UP])))
        found = _seated(box, kept, wanted)
        if found is not None:
            return found
        extra = [side for side in (DOWN, UP) if len(kept[side]) > need[side]]
        if not extra:
            return None
        side = max(extra, key=lambda each: len(kept[each]) - need[each])
        kept[side].pop()


_NONE = CageSeats((), (), Span(0, 0, 0))


def _seated(box: Box, kept: list[list[int]], wanted: tuple[int, int]) -> tuple[Seat, ...] | None:
    """Return the seats with the cages kept first on their side and the lowest others after them."""
    ports = wanted[DOWN] * box.per_down + wanted[UP] * box.per_up
    if sum(wanted) > box.cages or (box.model.max_ports is not None and ports > box.model.max_ports.value):
        return None
    taken = {*kept[DOWN], *kept[UP]}
    free = [cage for cage in range(box.cages) if cage not in taken]
    n_down = wanted[DOWN] - len(kept[DOWN])
    if box.banks:
        named = replace(_NONE, down=(*sorted(kept[DOWN]), *free), up=(*sorted(kept[UP]), *free))
        seats = pinned(box.banks, named, (box.per_down, box.per_up), wanted, box.cages)
        return None if seats is None else numbered([side for side, _ in seats])
    sides = [IDLE] * box.cages
    for cage in (*kept[DOWN], *free[:n_down]):
        sides[cage] = DOWN
    for cage in (*kept[UP], *free[n_down : n_down + wanted[UP] - len(kept[UP])]):
        sides[cage] = UP
    return numbered(sides)


def _last(order: CageOrder, side: int, size: int, cables: Mapping[Bore, int]) -> int:
    """Return how many ports a side needs to reach the last one in service."""
    places = [order.seats[cage][1] * size + bore + 1 for cage, bore in cables if order.seats[cage][0] == side]
    return max(places, default=0)
