"""The engines of the choice against each other and against enumeration, on random catalogues and policies."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from optidsl.optics import search as search_module
from optidsl.optics.candidates import ClassOptions, Option, options_of
from optidsl.optics.classify import views
from optidsl.optics.encode import encode
from optidsl.optics.explain_class import smallest_conflict
from optidsl.optics.model import Model, assemble
from optidsl.optics.relax import relaxations
from optidsl.optics.search import search, solve
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Candidate
from optidsl.optics.whole import Whole
from optidsl.sema.design import Design
from optidsl.solve import minimal_conflict
from tests.support import designs
from tests.support.designs import fact
from tests.support.links import placed_with
from tests.support.parts import dac, dr4, fiber, pair, sr4, tables_of

RLIMIT = 50_000_000


def random_design(rng: random.Random) -> tuple[Design, list[int]]:
    """Return a design with random parts and limits, and lengths per segment."""
    parts = [dr4(f"dr{i}", power_max_mw=fact(rng.randint(6, 12) * 1_000)) for i in range(rng.randint(1, 3))]
    parts += [sr4(f"sr{i}", power_max_mw=fact(rng.randint(6, 12) * 1_000)) for i in range(rng.randint(0, 3))]
    parts = [replace(part, pmd=fact(f"{part.pmd.value}{rng.choice(('', '', '-x'))}")) for part in parts]
    cables = [fiber("sm", "os2", [20, 50, 100]), fiber("mm", "om4", [15, 30, 50])]
    design = pair(parts, cables=cables, direct=[dac()] if rng.random() < 0.5 else [])
    policy = design.policy
    if rng.random() < 0.6:
        policy = replace(policy, optic_skus=designs.at_most(rng.randint(1, 2)))
    if rng.random() < 0.4:
        policy = replace(policy, cable_skus=designs.at_most(rng.randint(1, 2)))
    if rng.random() < 0.4:
        policy = replace(policy, media=designs.one_of("multimode", "dac"))
    return replace(design, policy=policy), [rng.choice((2_000, 20_000, 45_000, 80_000)) for _ in range(2)]


def model_of(rng: random.Random, *, is_open: bool) -> tuple[Design, list[ClassOptions], Model]:
    design, lengths = random_design(rng)
    context = designs.context()
    caps = [rng.randint(5_560_000, 5_720_000)] if rng.random() < 0.6 else []
    placed = placed_with(tables_of(design, context), lengths, rack=[0] * 7 if caps else None, caps_mw=caps)
    classes = [options_of(design, view) for view in views(design, placed)]
    rows = [each.open if is_open else each.options for each in classes]
    return design, classes, assemble(design, placed, classes, rows, {})


@pytest.mark.parametrize("seed", range(40))
def test_solver_and_enumeration_find_the_same_unique_optimum(seed: int) -> None:
    _, _, model = model_of(random.Random(seed), is_open=True)
    if any(not row for row in model.options):
        return
    every = [
        (model.price(picks), picks)
        for picks in product(*(range(len(row)) for row in model.options))
        if model.keeps_ties(picks) and not any(True for _ in model.broken(picks))
    ]
    best = min(every)[1] if every else None
    for found in (*(solve(model, RLIMIT, engine) for engine in ("descent", "prices")), search(model, RLIMIT)):
        assert (None if found is None else (found.picks, found.proof)) == (None if best is None else (best, "optimal"))


@pytest.mark.parametrize("seed", range(100, 130))
def test_class_minima_are_taken_only_when_they_are_the_optimum(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, model = model_of(random.Random(seed), is_open=True)
    if any(not row for row in model.options):
        return
    separable = replace(model, goals=tuple(g for g in model.goals if g.amount.is_separable))
    alone = search_module._each_alone(separable, RLIMIT)
    if alone is not None:
        found = solve(separable, RLIMIT)
        assert found is not None
        assert alone == found.picks


@pytest.mark.parametrize("seed", range(200, 240))
def test_conflicts_over_statements_are_irreducible(seed: int) -> None:
    _, _, model = model_of(random.Random(seed), is_open=False)
    if any(not row for row in model.options):
        return
    encoded = encode(model)
    core = minimal_conflict(encoded.problem, RLIMIT)
    if core is None:
        return
    assert minimal_conflict(encoded.problem, RLIMIT, assume=core) is not None
    for member in core:
        assert minimal_conflict(encoded.problem, RLIMIT, assume=[g for g in core if g != member]) is None


@pytest.mark.parametrize("seed", range(60))
def test_the_smallest_conflict_of_a_class_is_irreducible_and_smallest(seed: int) -> None:
    rng = random.Random(seed)
    statements = [Statement(f"s{i}", "media", None, "") for i in range(5)]
    nothing = Candidate(None, None, None, None)
    options = [Option(nothing, tuple(rng.sample(statements, rng.randint(1, 3)))) for _ in range(rng.randint(1, 8))]
    core = {each.key for each in smallest_conflict(options)}
    barred = [{bar.key for bar in option.bars} for option in options]
    assert all(bars & core for bars in barred)
    for member in core:
        assert any(not bars & (core - {member}) for bars in barred)
    for size in range(1, len(core)):
        for chosen in product(range(5), repeat=size):
            assert any(not bars & {f"s{i}" for i in chosen} for bars in barred)


@pytest.mark.parametrize("seed", range(300, 330))
def test_offered_relaxations_make_the_class_and_all_others_feasible(seed: int) -> None:
    rng = random.Random(seed)
    design, lengths = random_design(rng)
    design = replace(design, policy=replace(design.policy, media=designs.one_of("multimode")))
    context = designs.context()
    placed = placed_with(tables_of(design, context), [80_000, lengths[1]])
    classes = [options_of(design, view) for view in views(design, placed)]
    whole = Whole(design, placed, tuple(classes), context)
    for each in classes:
        if each.open or not each.options:
            continue
        for offer in relaxations(whole, [each], smallest_conflict(each.options)):
            if "allow singlemode" not in offer.fix.title:
                continue
            wider = replace(design, policy=replace(design.policy, media=designs.one_of("multimode", "singlemode")))
            again = [options_of(wider, view) for view in views(wider, placed)]
            model = assemble(wider, placed, again, [c.open for c in again], {})
            assert solve(model, RLIMIT) is not None
