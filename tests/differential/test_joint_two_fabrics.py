"""Two fabrics with open shapes that share racks, and power caps on these, against every decided design by itself."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

from tests.support.shapes import FLOOR, check, program

GOALS = (
    "minimize cables.length",
    "minimize cost.network",
    "maximize f.spare_ports\n  minimize cost.network",
    "minimize bom.optics.skus\n  minimize cables.length",
    "minimize cables.length + 1m * f.switches",
    "maximize bisection(f)\n  minimize cables.length",
    "minimize g.switches\n  maximize cables.length",
)
NEEDS = (
    "",
    "require cables.length <= 300m",
    "require power.network <= 2kW",
    "require f.switches + g.switches >= 3",
    "prefer cables.length <= 200m",
)
RACKS = ("dc.h.near.net", "dc.h.far.net", "dc.h.servers.net")


def listed(rng: random.Random, name: str, words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return an attribute with one or two of these words, and what decides it each way."""
    chosen = rng.sample(words, rng.randint(1, 2))
    decided = tuple(f"{name} = {word}" for word in chosen)
    return (decided[0] if len(chosen) == 1 else f"{name} in [{', '.join(chosen)}]"), decided


def fabric(model: str, tiers: str, at: str) -> str:
    """Return the body of a fabric."""
    return f"""kind = clos
    {tiers}
    tier leaf {{ {model}, place {{ {at} }} }}
    tier spine {{ model = small, place {{ at = dc.h.far.net }} }}"""


@pytest.mark.parametrize("seed", range(12))
def test_two_fabrics(seed: int) -> None:
    rng = random.Random(seed)
    caps = f"units = {rng.choice((2, 3, 12))}U, power <= {rng.choice((400, 700, 9_000))}W"
    floor = FLOOR.replace("row near { rack net { units = 12U } }", f"row near {{ rack net {{ {caps} }} }}")
    goal, nodes, others = f"{rng.choice(GOALS)}\n  {rng.choice(NEEDS)}", rng.randint(3, 10), rng.randint(2, 8)

    def files(first: tuple[str, ...], second: tuple[str, ...]) -> dict[str, str]:
        more = f"""  node m[1..{others}] {{
    model = box
    place {{ at = dc.h.servers.gpu }}
  }}
  fabric g {{
    protocol  = ethernet
    endpoints = m.nic.compute
    {fabric(*second)}
  }}"""
        return program(fabric(*first), f"  {goal}", nodes=nodes, floor=floor, more=more)

    said = [
        slot
        for _ in range(2)
        for slot in (
            listed(rng, "model", ("small", "middle", "large")),
            rng.choice((("tiers in 1..2", ("tiers = 1", "tiers = 2")), ("tiers = 1", ("tiers = 1",)))),
            listed(rng, "at", RACKS),
        )
    ]
    best: tuple[tuple[int, ...], tuple[Fraction, ...]] | None = None
    for words in product(*(decided for _, decided in said)):
        alone, _ = check(files(words[:3], words[3:]), rlimit=10**12)
        score = None if alone is None else alone.choice.score
        if score is not None and (best is None or (score.softs, score.values) < best):
            best = score.softs, score.values
    opened = tuple(slot for slot, _ in said)
    found, context = check(files(opened[:3], opened[3:]), rlimit=10**12)
    if best is None:
        assert found is None
        assert context.sink.has_errors
        return
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.choice.score is not None
    assert (found.choice.score.softs, found.choice.score.values) == best
    assert found.choice.proof == "optimal"
