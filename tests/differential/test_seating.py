"""Modules in cages of different watts: the solver's seating against every seating of small boxes."""

from __future__ import annotations

import random
from itertools import product

import pytest

from optidsl.optics.seating import IDLE, Place, Seating, Spot, heat, seatable, seated
from optidsl.solve import Builder, Session

RLIMIT = 50_000_000
LIMITS = (-1, 6_000, 12_000, 21_000)
WATTS = (0, 5_000, 9_000, 14_000, 17_000)


def random_seating(seed: int) -> Seating:
    """Return a box of up to six cages with up to three places, seated as some order of cages is."""
    rng = random.Random(seed)
    n_cages = rng.randint(1, 6)
    n_places = rng.randint(1, min(3, n_cages))
    place_of = [rng.randrange(-1, n_places) for _ in range(n_cages)]
    places = tuple(
        Place(((at, at % 2),), at % 2, rng.choice((1, 2, 4)), tuple(c for c in range(n_cages) if place_of[c] == at))
        for at in range(n_places)
    )
    spots = tuple(
        Spot(rng.choice(LIMITS), rng.random() < 0.8, place_of[cage], rng.random() < 0.15) for cage in range(n_cages)
    )
    banks: list[tuple[tuple[int, ...], int]] = []
    cage = 0
    while cage < n_cages:
        size = rng.choice((1, 1, 2, 3))
        cages = tuple(range(cage, min(cage + size, n_cages)))
        banks.append((cages, rng.choice((-1, 3, 6))))
        cage += size
    return Seating(0, places, spots, tuple(banks))


def every_seating(seating: Seating) -> list[tuple[int, ...]]:
    """Return every seating that keeps pipelines, splits, kept cages and the size of every place."""
    found = []
    for way in product(range(IDLE, len(seating.places)), repeat=len(seating.spots)):
        if any(way.count(at) != len(place.cages) for at, place in enumerate(seating.places)):
            continue
        if any(spot.is_kept and spot.place != way[cage] for cage, spot in enumerate(seating.spots)):
            continue
        if all(_runs(seating, cages, most, way) for cages, most in seating.banks):
            found.append(way)
    return found


def _runs(seating: Seating, cages: tuple[int, ...], most: int, way: tuple[int, ...]) -> bool:
    now = tuple(seating.spots[cage].place for cage in cages)
    if tuple(way[cage] for cage in cages) == now:
        return True  # as sized: the fabric stage vouches for it
    ports = [0 if way[cage] == IDLE else seating.places[way[cage]].ports for cage in cages]
    may = all(count < 2 or seating.spots[cage].can_split for count, cage in zip(ports, cages, strict=True))
    return may and (most < 0 or sum(ports) <= most)


def carries(seating: Seating, way: tuple[int, ...], watts: tuple[int, ...]) -> bool:
    """Tell whether every module of a seating draws no more than its cage allows."""
    return all(at == IDLE or watts[at] <= max(0, spot.limit_mw) for at, spot in zip(way, seating.spots, strict=True))


def moved(seating: Seating, way: tuple[int, ...]) -> int:
    """Return how many cages serve something that they do not serve now."""
    return sum(1 for at, spot in zip(way, seating.spots, strict=True) if at not in (IDLE, spot.place))


@pytest.mark.parametrize("seed", range(120))
def test_seating_is_that_of_brute_force(seed: int) -> None:
    seating = random_seating(seed)
    rng = random.Random(seed + 1_000)
    every = every_seating(seating)
    for _ in range(4):
        watts = tuple(rng.choice(WATTS) for _ in seating.places)
        able = [way for way in every if carries(seating, way, watts)]
        found = seated(seating, watts, RLIMIT)
        assert (found is None) == (not able)
        assert seatable(seating, watts, RLIMIT) is bool(able)
        if found is not None:
            assert found in able
            assert moved(seating, found) == min(moved(seating, way) for way in able)
            assert seated(seating, watts, RLIMIT) == found


@pytest.mark.parametrize("seed", range(60))
def test_choice_and_seating_together(seed: int) -> None:
    """Of two modules per place, the solver finds a pair that can be seated just when there is one."""
    seating = random_seating(seed)
    rng = random.Random(seed + 2_000)
    offered = [(rng.choice(WATTS), rng.choice(WATTS)) for _ in seating.places]
    builder = Builder()
    literals = [(builder.variable(), builder.variable()) for _ in offered]
    for pair in literals:
        builder.one_of(pair)
    heat(builder, seating, [list(zip(watts, pair, strict=True)) for watts, pair in zip(offered, literals, strict=True)])
    model = Session(builder.problem(), RLIMIT).solve([])
    every = every_seating(seating)
    able = {watts for watts in product(*offered) if any(carries(seating, way, watts) for way in every)}
    assert (model is not None) == bool(able)
    if model is not None:
        picked = tuple(watts[0] if model[pair[0]] else watts[1] for watts, pair in zip(offered, literals, strict=True))
        assert picked in able


def test_the_usual_order_stays_where_it_works() -> None:
    spots = tuple(Spot(21_000 if cage % 4 == 0 else 12_000, True, 0 if cage < 8 else IDLE, False) for cage in range(16))
    seating = Seating(0, (Place(((0, 1),), 0, 1, tuple(range(8))),), spots, tuple(((cage,), -1) for cage in range(16)))
    assert seated(seating, (12_000,), RLIMIT) == (0,) * 8 + (IDLE,) * 8
    assert seated(seating, (17_000,), RLIMIT) is None
    assert seating.shortfall((17_000,)) == (17_000, 8, 4)
    few = Seating(
        0,
        (Place(((0, 1),), 0, 1, (0, 1, 2)),),
        (*spots[:3], *(Spot(s.limit_mw, True, IDLE, False) for s in spots[3:])),
        seating.banks,
    )
    found = seated(few, (17_000,), RLIMIT)
    assert found is not None
    assert [cage for cage, at in enumerate(found) if at == 0] == [0, 4, 8]
