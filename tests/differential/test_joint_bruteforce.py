"""The joint choice of shape, places and parts against brute force: every shape compiled alone, as a decided design."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import prod

import pytest

from tests.support.shapes import FLOOR, check, program

GOALS = (
    "minimize power.network",
    "minimize power.optics",
    "minimize cost.network",
    "minimize cost.switches",
    "minimize cost.optics + cost.cables",
    "minimize bom.optics.skus",
    "minimize bom.cables.skus",
    "minimize cables.length",
    "minimize optics.count",
    "minimize f.switches",
    "minimize links(f)",
    "maximize f.spare_ports",
    "maximize f.leaf.spare_ports",
    "maximize bisection(f)",
    "minimize power.network + 90W * f.switches",
    "objective {\n    minimize bom.optics.skus\n    maximize f.spare_ports\n    minimize power.network\n  }",
    "objective {\n    maximize bisection(f)\n    minimize cost.network\n  }",
    "objective {\n    minimize power.optics\n    minimize cost.optics + cost.switches\n  }",
    "objective {\n    minimize cost.cables\n    minimize power.optics\n    minimize f.switches\n  }",
    "minimize cost.cables + 2 * cost.optics - $100 * f.spare_ports",
)
KINDS = ("kind = fat_tree", "kind = clos")
NEEDS = (
    "",
    "",
    "require f.spare_ports >= 4",
    "require f.switches <= 4",
    "require power.network <= 1400W",
    "require bisection(f) >= 1.2Tbps",
    "prefer cost.network <= $20_000 { weight = 2 }",
)
MODELS = ("small", "middle", "large")
Slot = tuple[str, tuple[str, ...]]
"""What leaves something open, and what decides it each way."""


def listed(rng: random.Random, name: str, words: tuple[str, ...]) -> Slot:
    """Return an attribute left open among some of these words, or decided."""
    chosen = rng.sample(words, rng.randint(1, len(words)))
    decided = tuple(f"{name} = {word}" for word in chosen)
    return (decided[0] if len(chosen) == 1 else f"{name} in [{', '.join(chosen)}]"), decided


def ratios(rng: random.Random) -> Slot:
    """Return what is said of the oversubscription; where it is bounded, the uplinks of a leaf are what is open."""
    if rng.random() < 0.5:
        return listed(rng, "oversubscription", ("1:1", "2:1", "3:1"))
    return "oversubscription <= 2:1", ("oversubscription <= 2:1",)


def slots(rng: random.Random) -> dict[str, Slot]:
    """Return what a random design says of the parts of its fabric."""
    ranged = rng.choice((("", ("",)), ("count in 1..3", tuple(f"count = {n}" for n in range(1, 4)))))
    ratio = ratios(rng)
    ups = ("", ("", *(f"up = {n}" for n in range(1, 17)))) if "<=" in ratio[0] else ("", ("",))
    return {
        "kind": rng.choice((("kind = clos", ("kind = clos",)), ("kind in [fat_tree, clos]", KINDS))),
        "ratio": ratio,
        "up": ups,
        "tiers": rng.choice((("tiers in 1..2", ("tiers = 1", "tiers = 2")), ("tiers = 2", ("tiers = 2",)))),
        "leaf": listed(rng, "model", MODELS),
        "spine": listed(rng, "model", MODELS),
        "count": ranged,
        "rate": rng.choice((("", ("",)), listed(rng, "rate", ("200Gbps", "400Gbps")))),
        "parallel": rng.choice((("", ("",)), ("parallel in 1..4", tuple(f"parallel = {n}" for n in range(1, 5))))),
        "place": listed(rng, "at", ("dc.h.near.net", "dc.h.far.net", "dc.h.servers.net")),
    }


def text(chosen: dict[str, str], goal: str, nodes: int) -> dict[str, str]:
    """Return the files of a design with these words."""
    leaf = ", ".join(each for each in (chosen["leaf"], chosen["up"]) if each)
    fabric = f"""{chosen["kind"]}
    {chosen["ratio"]}
    {chosen["tiers"]}
    tier leaf {{ {leaf}, place {{ at = dc.h.servers.net }} }}
    tier spine {{
      {chosen["spine"]}
      {chosen["count"]}
      place {{ {chosen["place"]} }}
    }}
    connect leaf -- spine {{
      {chosen["rate"]}
      {chosen["parallel"]}
    }}"""
    return program(fabric, f"  {goal}", nodes=nodes, floor=FLOOR)


@pytest.mark.parametrize("seed", range(100))
def test_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    goal, nodes = f"{GOALS[seed % len(GOALS)]}\n  {rng.choice(NEEDS)}", rng.randint(3, 14)
    said = slots(rng)
    while prod(len(decided) for _, decided in said.values()) > 14:
        name = rng.choice([each for each in said if len(said[each][1]) > 1])
        words = KINDS[-1] if name == "kind" else rng.choice(said[name][1])
        said[name] = (words, (words,))
    best: tuple[tuple[int, ...], tuple[Fraction, ...]] | None = None
    for words in product(*(decided for _, decided in said.values())):
        alone, _ = check(text(dict(zip(said, words, strict=True)), goal, nodes), rlimit=10**12)
        score = None if alone is None else alone.choice.score
        if score is not None and (best is None or (score.softs, score.values) < best):
            best = score.softs, score.values
    found, context = check(text({name: slot for name, (slot, _) in said.items()}, goal, nodes), rlimit=10**12)
    if best is None:
        assert found is None
        return
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.choice.score is not None
    mine = found.choice.score.softs, found.choice.score.values
    # A decided `parallel` may be refused with the uplinks that a leaf gets by itself, where fewer would divide.
    is_every_size_tried = len(said["parallel"][1]) == 1
    assert mine == best if is_every_size_tried else mine <= best
    assert found.choice.proof == "optimal"
