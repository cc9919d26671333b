"""Every way to choose parts against plain enumeration, for every kind of objective, on random small networks."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from optidsl.catalog.parts import Transceiver
from optidsl.optics.candidates import options_of
from optidsl.optics.classify import views
from optidsl.optics.model import Model, Picks, assemble
from optidsl.optics.search import search, solve
from optidsl.sema.design import Affine, Condition, Design, Metric, Objective, Requirement
from optidsl.solve import Engine
from tests.support import designs
from tests.support.designs import SPAN, fact
from tests.support.links import placed_with
from tests.support.parts import dac, dr4, fiber, pair, sr4, tables_of

RLIMIT = 50_000_000
ENGINES: tuple[Engine, ...] = ("descent", "prices", "highs")

KINDS = {
    "optic SKUs": ("minimize", (("bom.optics.skus", 1),)),
    "cable SKUs": ("minimize", (("bom.cables.skus", 1),)),
    "watts": ("minimize", (("power.optics", 1),)),
    "watts of the network": ("minimize", (("power.network", 1),)),
    "metres": ("minimize", (("cables.length", 1),)),
    "cables": ("minimize", (("cables.count", 1),)),
    "optics": ("minimize", (("optics.count", 1),)),
    "weighted sum": ("minimize", (("bom.optics.skus", 3), ("bom.cables.skus", 4), ("cables.count", 1))),
    "weighted watts": ("minimize", (("power.optics", 2), ("power.switches", 1))),
    "most watts": ("maximize", (("power.optics", 1),)),
    "most SKUs": ("maximize", (("bom.optics.skus", 1),)),
    "no objective": ("", ()),
}


def parts_of(rng: random.Random) -> list[Transceiver]:
    parts = [dr4(f"dr{i}", power_max_mw=fact(rng.randint(6, 12) * 1_000)) for i in range(rng.randint(1, 3))]
    parts += [sr4(f"sr{i}", power_max_mw=fact(rng.randint(6, 12) * 1_000)) for i in range(rng.randint(0, 3))]
    return [replace(part, pmd=fact(f"{part.pmd.value}{rng.choice(('', '', '-x'))}")) for part in parts]


def objective(kind: str) -> tuple[Objective, ...]:
    verb, terms = KINDS[kind]
    if not terms:
        return ()
    sign = -1 if verb == "maximize" else 1
    words = " + ".join(f"{factor} * {name}" for name, factor in terms)
    expression = Affine(Fraction(0), tuple((Metric(name), Fraction(sign * factor)) for name, factor in terms))
    return (Objective(expression, f"{verb} {words}", SPAN),)


def soft(rng: random.Random, name: str, high: int) -> Requirement:
    expression = Affine(Fraction(rng.randint(0, high)), ((Metric(name), Fraction(-1)),))
    condition = Condition(expression, ">=", f"{name} <= …")
    weight = None if rng.random() < 0.3 else Fraction(rng.randint(1, 3))
    return Requirement(None, (condition,), weight, None, weight is None, SPAN)


def model_of(seed: int, kinds: tuple[str, ...], *, turned: bool = False) -> tuple[Design, Model] | None:
    rng = random.Random(seed)
    parts = parts_of(rng)
    cables = [fiber("sm", "os2", [20, 50, 100]), fiber("mm", "om4", [15, 30, 50])]
    direct = [dac()] if rng.random() < 0.5 else []
    policy_rolls = rng.random(), rng.randint(1, 2), rng.random(), rng.randint(1, 2)
    lengths = [rng.choice((2_000, 20_000, 45_000, 80_000)) for _ in range(2)]
    cap = rng.randint(5_560_000, 5_720_000) if rng.random() < 0.4 else 0
    softs = [soft(rng, name, high) for name, high in (("bom.optics.skus", 2), ("power.optics", 400_000))]
    if turned:
        parts, cables = parts[::-1], cables[::-1]
    design = pair(parts, cables=cables, direct=direct)
    policy = design.policy
    if policy_rolls[0] < 0.4:
        policy = replace(policy, optic_skus=designs.at_most(policy_rolls[1]))
    if policy_rolls[2] < 0.3:
        policy = replace(policy, cable_skus=designs.at_most(policy_rolls[3]))
    wanted = tuple(each for kind in kinds for each in objective(kind))
    design = replace(design, policy=policy, objectives=wanted, requirements=tuple(softs) if seed % 2 else ())
    context = designs.context()
    placed = placed_with(
        tables_of(design, context), lengths, rack=[0] * 7 if cap else None, caps_mw=[cap] if cap else []
    )
    classes = [options_of(design, view) for view in views(design, placed)]
    if not all(each.open for each in classes):
        return None
    return design, assemble(design, placed, classes, [each.open for each in classes], {})


def enumerated(model: Model) -> Picks | None:
    every = [
        (model.price(picks), picks)
        for picks in product(*(range(len(row)) for row in model.options))
        if model.keeps_ties(picks) and not any(True for _ in model.broken(picks))
    ]
    return min(every)[1] if every else None


CASES = [(kind,) for kind in KINDS] + [
    ("cable SKUs", "watts"),
    ("watts", "metres"),
    ("most SKUs", "weighted sum", "watts"),
    ("metres", "optic SKUs", "most watts"),
]


@pytest.mark.slow
@pytest.mark.parametrize("kinds", CASES, ids=", ".join)
def test_every_engine_finds_what_enumeration_finds(kinds: tuple[str, ...]) -> None:
    n_tried = 0
    for seed in range(1_000, 1_020):
        made = model_of(seed, kinds)
        if made is None:
            continue
        n_tried += 1
        best = enumerated(made[1])
        found = [solve(made[1], RLIMIT, engine) for engine in ENGINES] + [search(made[1], RLIMIT)]
        for each in found:
            assert (each is None) == (best is None), (seed, kinds)
            assert each is None or (each.picks, each.proof) == (best, "optimal"), (seed, kinds)
    assert n_tried >= 13


@pytest.mark.parametrize("seed", range(2_000, 2_030))
def test_the_order_in_which_parts_are_given_does_not_matter(seed: int) -> None:
    kinds = CASES[seed % len(CASES)]
    one, other = model_of(seed, kinds), model_of(seed, kinds, turned=True)
    if one is None or other is None:
        assert one is other
        return
    for engine in ENGINES:
        found = [(solve(model, RLIMIT, engine), model) for _, model in (one, other)]
        names = [
            None
            if each is None
            else [row[at].candidate.name for row, at in zip(model.options, each.picks, strict=True)]
            for each, model in found
        ]
        assert names[0] == names[1]
