"""Which cage serves which side: cages numbered per side, and the seats that the author names."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.fabric.banks import DOWN, IDLE, UP, Bank, Sides
from optidsl.sema.design import CageSeats

Seat = tuple[int, int]
"""The side of a cage (down, up, idle), and its number from 0 among the cages of that side (-1: idle)."""


def numbered(sides: Sequence[int] | None) -> tuple[Seat, ...] | None:
    """Return the seats of cages whose sides are known, numbered per side in the order of the cages."""
    if sides is None:
        return None
    taken = [0, 0]
    found: list[Seat] = []
    for side in sides:
        found.append((side, -1 if side == IDLE else taken[side]))
        if side != IDLE:
            taken[side] += 1
    return tuple(found)


def pinned(
    banks: Sequence[Bank], pins: CageSeats, ports: Sides, wanted: tuple[int, int], cages: int
) -> tuple[Seat, ...] | None:
    """Return the seats when the author named cages: the first of those named; another side takes the lowest others.

    A named cage is passed over where its pipeline, with the cages seated before it, has no ports left for it.

    Args:
        banks: the cages by pipeline; none where every cage is free.
        pins: the cages named.
        ports: ports of a cage by side.
        wanted: cages wanted by side.
        cages: how many there are.
    """
    named = (pins.down, pins.up)
    bank_of = {cage: bank for bank in banks for cage in bank.cages}
    seat_of: dict[int, Seat] = {}
    for side in (DOWN, UP):
        number = 0
        for cage in named[side]:
            trial = {**seat_of, cage: (side, number)}
            if number < wanted[side] and _has_room(bank_of.get(cage), trial, ports):
                seat_of, number = trial, number + 1
        if named[side] and number < wanted[side]:
            return None
    kept = set(pins.down) | set(pins.up)
    for side in (DOWN, UP):
        number = 0
        for cage in range(cages):
            if named[side] or number == wanted[side]:
                break
            trial = {**seat_of, cage: (side, number)}
            if cage not in kept and cage not in seat_of and _has_room(bank_of.get(cage), trial, ports):
                seat_of, number = trial, number + 1
        if not named[side] and number < wanted[side]:
            return None
    return tuple(seat_of.get(cage, (IDLE, -1)) for cage in range(cages))


def _has_room(bank: Bank | None, seat_of: dict[int, Seat], ports: Sides) -> bool:
    """Tell whether a bank can run its cages as they are seated."""
    if bank is None:
        return True
    taken = 0
    for cage, can_split in zip(bank.cages, bank.can_split, strict=True):
        side, _ = seat_of.get(cage, (IDLE, -1))
        if side == IDLE:
            continue
        if ports[side] > 1 and not can_split:
            return False
        taken += ports[side]
    return bank.max_ports is None or taken <= bank.max_ports
