"""Which cage of a box takes which module, where the cages may carry different watts: a matching over kinds of cages.

Links stay out of it. A *place* is what some cages of a group's switches serve: the class ends whose modules sit there.
Cages alike (same limit, same place now, alike pipelines) are counted, and the unknown is how many banks of a kind
take which pattern of places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from optidsl._record import record, replace

if TYPE_CHECKING:
    from optidsl.solve import Builder, Problem

IDLE = -1
MOST_PATTERNS = 4_096
"""Ways to fill one bank beyond which it stays as it is."""

Pattern = tuple[int, ...]
"""The place of each cage of a bank, or `IDLE`."""


@record(frozen=True, slots=True)
class Spot:
    """A cage: the watts it carries (-1: not known), whether it splits, the place it has now and whether it keeps it."""

    limit_mw: int
    can_split: bool
    place: int
    is_kept: bool


@record(frozen=True, slots=True)
class Place:
    """Cages that serve the same class ends: `users` are `(class, side of the link)`; each cage runs `ports` ports."""

    users: tuple[tuple[int, int], ...]
    side: int
    ports: int
    cages: tuple[int, ...]  # as seated now, 0-based


@record(frozen=True, slots=True)
class Seating:
    """The cages of one group. `banks` are cages that share a pipeline, with its most ports (-1: no limit)."""

    group: int
    places: tuple[Place, ...]
    spots: tuple[Spot, ...]
    banks: tuple[tuple[tuple[int, ...], int], ...]

    def kinds(self) -> dict[tuple[tuple[Spot, ...], int], list[tuple[int, ...]]]:
        """Return the banks by what can be told apart of them, in order of their first cage."""
        found: dict[tuple[tuple[Spot, ...], int], list[tuple[int, ...]]] = {}
        for cages, most in self.banks:
            found.setdefault((tuple(self.spots[cage] for cage in cages), most), []).append(cages)
        return found

    def patterns(self, spots: Sequence[Spot], most: int) -> list[Pattern]:
        """Return the ways to fill a bank that its ports allow, those that serve the first places first."""
        stay = tuple(spot.place for spot in spots)
        choices = [(spot.place,) if spot.is_kept else (*range(len(self.places)), IDLE) for spot in spots]
        size = 1
        for each in choices:
            size *= len(each)
        if size > MOST_PATTERNS:
            return [stay]
        return [pattern for pattern in product(*choices) if pattern == stay or self._runs(spots, most, pattern)]

    def _runs(self, spots: Sequence[Spot], most: int, pattern: Pattern) -> bool:
        ports = [0 if place == IDLE else self.places[place].ports for place in pattern]
        if any(count > 1 and not spot.can_split for count, spot in zip(ports, spots, strict=True)):
            return False
        return most < 0 or sum(ports) <= most

    def carries(self, limit_mw: int, watts_mw: int) -> bool:
        """Tell whether a cage of a limit carries a module; one of unknown limit carries none that draws power."""
        return watts_mw <= max(limit_mw, 0)

    def shortfall(self, watts_mw: Sequence[int]) -> tuple[int, int, int] | None:
        """Return watts that more cages need than carry them, with both numbers; None when none is short.

        Hall's condition over the cages that may move; without pipelines and splits it decides.
        """
        for least in sorted({each for each in watts_mw if each > 0}, reverse=True):
            needed = sum(len(p.cages) for p, watts in zip(self.places, watts_mw, strict=True) if watts >= least)
            able = sum(1 for spot in self.spots if self.carries(spot.limit_mw, least))
            if needed > able:
                return least, needed, able
        return None


def heat(builder: Builder, seating: Seating, hot: Sequence[Sequence[tuple[int, int]]]) -> None:
    """Require that the modules chosen can be seated.

    Args:
        builder: the problem of the whole choice.
        seating: a group's cages.
        hot: per place `(watts in mW, literal)`: the module that a true literal puts there draws these watts.
    """
    above: dict[tuple[int, int], int] = {}
    for place, draws in enumerate(hot):
        for limit in sorted({spot.limit_mw for spot in seating.spots}):
            over = [literal for watts, literal in draws if not seating.carries(limit, watts)]
            if over:
                above[place, limit] = builder.variable()
                for literal in over:
                    builder.clause(-literal, above[place, limit])
    counted: list[list[tuple[int, int]]] = [[] for _ in seating.places]
    for (spots, most), banks in seating.kinds().items():
        total: list[tuple[int, int]] = []
        for pattern in seating.patterns(spots, most):
            bits = [(1 << at, builder.variable()) for at in range(len(banks).bit_length())]
            total += bits
            for spot, place in zip(spots, pattern, strict=True):
                if place == IDLE:
                    continue
                counted[place] += bits
                if (place, spot.limit_mw) in above:
                    for _, bit in bits:
                        builder.clause(-above[place, spot.limit_mw], -bit)
        _exactly(builder, total, len(banks))
    for each, terms in zip(seating.places, counted, strict=True):
        _exactly(builder, terms, len(each.cages))


def _exactly(builder: Builder, terms: Sequence[tuple[int, int]], number: int) -> None:
    builder.at_most(terms, number)
    builder.at_most([(-weight, literal) for weight, literal in terms], -number)


def seated(seating: Seating, watts_mw: Sequence[int], rlimit: int) -> tuple[int, ...] | None:
    """Return the place of every cage when the modules draw these watts, or None when no seating carries them.

    Of all seatings it is the one that moves the fewest places; of those, the one whose first kind of cages serves the
    first places most, and inside a kind the lowest cages serve.

    Args:
        seating: the cages.
        watts_mw: the most that a module of each place draws, shape `(n_places,)`.
        rlimit: effort that may be spent, in the solver's resource units.

    Raises:
        GaveUp: when the effort is used up.
    """
    if seating.shortfall(watts_mw) is not None:
        return None
    seating = _alike(seating, watts_mw)
    counts = list(_counts(seating, watts_mw))
    if not all(ways for _, ways in counts):
        return None
    from optidsl.solve import Objective, minimize

    problem, moves = _problem(seating, counts)
    optimum = minimize(problem, (Objective(moves),), rlimit)
    if optimum is None:
        return None
    place_of: dict[int, int] = {}
    for banks, ways in counts:
        left = iter(banks)
        for pattern, literals in ways:
            for _ in range(next(number for number, literal in literals if optimum.model[literal])):
                place_of |= dict(zip(next(left), pattern, strict=True))
    return tuple(place_of[cage] for cage in range(len(seating.spots)))


def _alike(seating: Seating, watts_mw: Sequence[int]) -> Seating:
    """Return the seating with limits made equal that carry the same of these watts: fewer kinds of cages."""
    levels = sorted({0, *watts_mw})
    spots = tuple(
        replace(spot, limit_mw=max(level for level in levels if level <= max(spot.limit_mw, 0)))
        for spot in seating.spots
    )
    return replace(seating, spots=spots)


@lru_cache(maxsize=512)
def seatable(seating: Seating, watts_mw: tuple[int, ...], rlimit: int) -> bool:
    """Tell whether modules of these watts can be seated.

    Raises:
        GaveUp: when the effort is used up.
    """
    if seating.shortfall(watts_mw) is not None:
        return False
    is_free = all(most < 0 for _, most in seating.banks) and all(s.can_split and not s.is_kept for s in seating.spots)
    return is_free or seated(seating, watts_mw, rlimit) is not None


_Ways = list[tuple[Pattern, list[tuple[int, int]]]]
"""Patterns with `(number of banks, literal)`, most banks first."""


def _counts(seating: Seating, watts_mw: Sequence[int]) -> Iterator[tuple[list[tuple[int, ...]], _Ways]]:
    """Yield the banks of each kind with the patterns that carry the watts; literals are numbered from 1."""
    size = 0
    for (spots, most), banks in seating.kinds().items():
        ways: _Ways = []
        for pattern in seating.patterns(spots, most):
            pairs = zip(spots, pattern, strict=True)
            if all(place == IDLE or seating.carries(spot.limit_mw, watts_mw[place]) for spot, place in pairs):
                ways.append((pattern, [(len(banks) - at, size + at + 1) for at in range(len(banks) + 1)]))
                size += len(banks) + 1
        yield banks, ways


def _problem(
    seating: Seating, counts: Sequence[tuple[list[tuple[int, ...]], _Ways]]
) -> tuple[Problem, tuple[tuple[int, int], ...]]:
    """State the seating, and the number of cages that take a place they do not have now."""
    from optidsl.solve import Builder

    builder = Builder()
    per_place: list[list[tuple[int, int]]] = [[] for _ in seating.places]
    moves: list[tuple[int, int]] = []
    for banks, ways in counts:
        total: list[tuple[int, int]] = []
        now = tuple(seating.spots[cage].place for cage in banks[0])
        for pattern, literals in ways:
            for _ in literals:
                builder.variable()
            builder.one_of([literal for _, literal in literals])
            total += literals
            moved = sum(1 for old, new in zip(now, pattern, strict=True) if new not in (IDLE, old))
            moves += [(number * moved, literal) for number, literal in literals if number and moved]
            for place in pattern:
                if place != IDLE:
                    per_place[place] += literals
        _exactly(builder, total, len(banks))
    for each, terms in zip(seating.places, per_place, strict=True):
        _exactly(builder, terms, len(each.cages))
    return builder.problem(), tuple(moves)
