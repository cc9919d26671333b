"""Cages that share a pipeline, and cages that do not split: how many can serve each side, and which.

A *bank* is the cages of one pipeline, or one cage that belongs to none. Counting is exact: for every number of cages
that serve down, the most that can still serve up. It looks at banks alike once, never at links.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from optidsl._record import record
from optidsl.catalog.parts import SwitchModel

DOWN, UP, IDLE = 0, 1, 2


@record(frozen=True, slots=True)
class Bank:
    """`cages` are 0-based, ascending; `can_split` says of each whether it may run more than one port."""

    cages: tuple[int, ...]
    can_split: tuple[bool, ...]
    max_ports: int | None

    @property
    def kind(self) -> Kind:
        """Return what banks that count alike have in common."""
        return len(self.cages), sum(self.can_split), -1 if self.max_ports is None else self.max_ports


Kind = tuple[int, int, int]
"""Cages of a bank, those among them that may split, and its most ports (-1: no limit)."""

Sides = tuple[int, int]
"""Ports of a cage that serves down, and of one that serves up (0: nothing does)."""


def banks_of(model: SwitchModel) -> tuple[Bank, ...]:
    """Return the banks of a model in the order of their cages; none where every cage is free to run as it likes."""
    if not model.pipelines and not model.splits:
        return ()
    number = model.cages.value
    first_of: dict[int, tuple[int, int | None]] = {cage: (cage, None) for cage in range(number)}
    for each in model.pipelines:
        for cage in range(each.first - 1, each.last):
            start = each.first - 1 + (cage - each.first + 1) // each.cages * each.cages
            first_of[cage] = (start, each.max_ports.value)
    banks: list[Bank] = []
    for start in sorted({first for first, _ in first_of.values()}):
        cages = tuple(cage for cage in range(number) if first_of[cage][0] == start)
        banks.append(Bank(cages, tuple(can_split(model, cage) for cage in cages), first_of[start][1]))
    return tuple(banks)


def can_split(model: SwitchModel, cage: int) -> bool:
    """Tell whether a cage, counted from 0, may run more than one port."""
    return not model.splits or any(cage + 1 in run for run in model.splits)


def most_up(kind: Kind, ports: Sides, down: int) -> int:
    """Return the most cages of a bank that can serve up beside `down` that serve down; -1 when those do not fit."""
    cages, split, limit = kind
    per_down, per_up = ports
    room = limit - down * per_down
    if down > cages or (limit >= 0 and room < 0) or (per_down > 1 and down > split):
        return -1
    up = cages - down
    if per_up > 1:
        up = min(up, split - down if per_down > 1 else split)
    return up if limit < 0 or not per_up else min(up, room // per_up)


@lru_cache(maxsize=256)
def frontier(kinds: tuple[Kind, ...], ports: Sides) -> tuple[int, ...]:
    """Return the most cages that can serve up, by how many serve down; as long as some number of down cages fits."""
    best: tuple[int, ...] = (0,)
    for kind in kinds:
        best = _joined(best, kind, ports)
    return best


def _joined(best: tuple[int, ...], kind: Kind, ports: Sides) -> tuple[int, ...]:
    """Return the frontier of some banks and one more."""
    own = [up for up in (most_up(kind, ports, down) for down in range(kind[0] + 1)) if up >= 0]
    grown = [-1] * (len(best) + len(own) - 1)
    for (before, up), (more, beside) in product(enumerate(best), enumerate(own)):
        grown[before + more] = max(grown[before + more], up + beside)
    return tuple(grown)


def seats(banks: Sequence[Bank], ports: Sides, down: int, up: int) -> tuple[int, ...] | None:
    """Return the side of every cage, or None when they do not fit.

    The lowest cages serve down, then the lowest of the others up: of all ways, the first in the order down, up, idle
    read cage by cage.
    """
    after: list[tuple[int, ...]] = [(0,)]
    for bank in reversed(banks):
        after.append(_joined(after[-1], bank.kind, ports))
    after.reverse()
    if not holds(after[0], down, up):
        return None
    side_of: dict[int, int] = {}
    for at, bank in enumerate(banks):
        used = [0, 0]
        for place, cage in enumerate(bank.cages):
            for side in (DOWN, UP, IDLE):
                trial = [used[0] + (side == DOWN), used[1] + (side == UP)]
                is_split = side != IDLE and ports[side] > 1
                if is_split and not bank.can_split[place]:
                    continue
                if _completes(bank, place + 1, ports, (trial[0], trial[1]), (down, up), after[at + 1]):
                    side_of[cage], used = side, trial
                    break
        down, up = down - used[0], up - used[1]
    return tuple(side_of[cage] for cage in sorted(side_of))


def holds(after: tuple[int, ...], down: int, up: int) -> bool:
    """Tell whether a frontier has room for cages that serve down and up."""
    return 0 <= down < len(after) and 0 <= up <= after[down]


def _completes(
    bank: Bank, place: int, ports: Sides, used: tuple[int, int], wanted: tuple[int, int], after: tuple[int, ...]
) -> bool:
    """Tell whether the cages of a bank from `place` on, and the banks after it, can serve what is still wanted."""
    room = -1
    if bank.max_ports is not None:
        room = bank.max_ports - used[0] * ports[0] - used[1] * ports[1]
        if room < 0:
            return False
    rest = (len(bank.cages) - place, sum(bank.can_split[place:]), room)
    for down in range(rest[0] + 1):
        most = most_up(rest, ports, down)
        left = wanted[0] - used[0] - down
        if most >= 0 and 0 <= left < len(after) and 0 <= wanted[1] - used[1] <= most + after[left]:
            return True
    return False
