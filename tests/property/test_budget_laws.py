"""Laws of link budgets: length never gains margin, and the attenuator's window is what brute force finds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from optidsl.optics.candidates import options_of
from optidsl.optics.classify import views
from optidsl.optics.plant import Plant
from optidsl.physics import attenuator_window_mdb, clean_margin_mdb, stressed_margin_mdb
from optidsl.plan.losses import plant_mdb
from optidsl.plan.model import PlanStatistical
from optidsl.sema.design import Design, Statistical
from tests.support import designs
from tests.support.light import attenuator, lc, lit
from tests.support.links import placed_with
from tests.support.parts import tables_of

LENGTHS = st.integers(0, 40_000_000)
LOSSES = st.integers(0, 1_000)
COUNTS = st.integers(0, 30)


@st.composite
def statisticals(draw: st.DrawFn) -> Statistical | None:
    if draw(st.booleans()):
        return None
    pairs = [draw(st.one_of(st.none(), st.tuples(LOSSES, LOSSES))) for _ in range(2)]
    (a_mean, a_sigma), (p_mean, p_sigma) = (pair or (None, None) for pair in pairs)
    k = draw(st.fractions(0, 6, max_denominator=8))
    return Statistical(draw(LOSSES), draw(LOSSES), a_mean, a_sigma, p_mean, p_sigma, k)


PLANTS = st.builds(Plant, LOSSES, COUNTS, LOSSES, COUNTS, LOSSES, st.just(0), statisticals())


@given(PLANTS, LENGTHS, LENGTHS)
def test_a_longer_cable_never_gains_margin(plant: Plant, one: int, other: int) -> None:
    short, long = sorted((one, other))
    near, far = plant.loss_mdb(short), plant.loss_mdb(long)
    assert near <= far
    assert stressed_margin_mdb(-2_200, -1_900, 3_400, far) <= stressed_margin_mdb(-2_200, -1_900, 3_400, near)
    assert clean_margin_mdb(-800, -4_400, far) <= clean_margin_mdb(-800, -4_400, near)


@given(PLANTS, LENGTHS)
def test_the_plan_s_own_formula_agrees(plant: Plant, length_mm: int) -> None:
    own = plant.statistical
    told = None
    if own is not None:
        told = PlanStatistical(
            connector_mean_mdb=own.connector_mean_mdb,
            connector_sigma_mdb=own.connector_sigma_mdb,
            attenuation_mean_mdb_per_km=own.attenuation_mean_mdb_per_km,
            attenuation_sigma_mdb_per_km=own.attenuation_sigma_mdb_per_km,
            splice_mean_mdb=own.splice_mean_mdb,
            splice_sigma_mdb=own.splice_sigma_mdb,
            k=(own.k.numerator, own.k.denominator),
        )
    joints = ((plant.connections, plant.connection_mdb), (plant.splices, plant.splice_mdb))
    assert plant_mdb(length_mm, plant.attenuation_mdb_per_km, joints, told) == plant.loss_mdb(length_mm)


@given(PLANTS, LENGTHS)
def test_no_spread_and_no_sigma_is_the_sum_of_means(plant: Plant, length_mm: int) -> None:
    sure = Statistical(plant.connection_mdb, 1, None, None, None, None, Fraction(0))
    assert replace(plant, statistical=sure).loss_mdb(length_mm) == replace(plant, statistical=None).loss_mdb(length_mm)


LEVELS = st.integers(-60, 60)


@given(LEVELS, LEVELS, LEVELS, LEVELS, st.integers(0, 60))
def test_the_window_is_what_brute_force_finds(
    tx_min: int, tx_spread: int, rx_min: int, rx_spread: int, loss: int
) -> None:
    """Levels in steps of 0.1 dB; every attenuation of the grid is tried."""
    tx_max, rx_max = tx_min + abs(tx_spread), rx_min + abs(rx_spread)
    cures = [taken for taken in range(400) if tx_max - taken <= rx_max and tx_min - loss - taken >= rx_min]
    window = attenuator_window_mdb(tx_min, tx_max, rx_min, rx_max, loss, 0)
    assert window.is_empty == (not cures)
    if cures:
        assert (window.low_mdb, window.high_mdb) == (cures[0], cures[-1])


@settings(max_examples=25, deadline=None)
@given(st.integers(-3_000, 3_000), st.integers(0, 3_000), st.lists(st.integers(1, 8), max_size=4, unique=True))
def test_the_planned_attenuator_is_the_weakest_that_brute_force_finds(
    rx_max: int, loss_mdb: int, on_sale: list[int]
) -> None:
    part = lc("lr", tx_min_mdbm=-2_700, tx_max_mdbm=3_000, rx_min_mdbm=-2_700 - loss_mdb, rx_max_mdbm=rx_max)
    part = replace(part, limits=(replace(part.limits[0], loss_max_mdb=designs.fact(loss_mdb)),))
    design = lit([part], [attenuator(f"att-{n}", n * 500) for n in on_sale])
    cures = [n for n in sorted(on_sale) if 3_000 - n * 500 <= rx_max and 501 + n * 500 <= loss_mdb]
    found = _attenuators(design)
    if rx_max >= 3_000 or not cures:
        assert found == ()
    else:
        assert found == (f"att-{cures[0]}",) * 2


def _attenuators(design: Design) -> tuple[str, ...]:
    placed = placed_with(tables_of(design, designs.context()), 2_000)
    (option,) = options_of(design, views(design, placed)[0]).options
    return tuple(each.name for each in option.candidate.attenuators)
