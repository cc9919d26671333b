"""Bounds of shapes left open: what is unknown, what they rule out, that they are never above what they bound."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optidsl.joint.search import Search
from tests.support.shapes import FLOOR, check, program

OPEN = """kind      = clos
    tiers in 1..2
    tier leaf  { model in [large, middle, small] }
    tier spine { model in [large, middle, small] }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 15m }"""
RACKS = """kind      = clos
    tiers in 1..2
    tier leaf  { model in [large, small], place { at in [dc.h.far.net, dc.h.near.net, dc.h.servers.net] } }
    tier spine { model in [large, small], place { at in [dc.h.far.net, dc.h.near.net] } }"""

GOALS = (
    *("cables.length", "bom.optics.skus", "bom.cables.skus", "cost.network", "power.it", "power.optics", "cost.optics"),
    *(
        "cost.cables",
        "cost.optics + cost.cables",
        "power.optics\n  minimize cost.network",
        "f.switches * 90W + power.it",
    ),
    *("cost.cables\n  minimize power.optics", "2 * cost.optics + cost.cables\n  minimize power.network"),
)


def without_price(files: dict[str, str], *names: str) -> dict[str, str]:
    """Return the files without what these parts cost."""
    lines = files["design.optd"].splitlines()
    kept = [line for line in lines if not line.strip().startswith(tuple(f"price {name} " for name in names))]
    return {**files, "design.optd": "\n".join(kept) + "\n"}


def without_watts(files: dict[str, str], *models: str) -> dict[str, str]:
    """Return the files without what these switches draw."""
    text = files["ours.optd"]
    for model in models:
        start = text.index("power_max", text.index(f"switch_model {model} "))
        text = text[:start] + text[text.index("\n", start) + 1 :]
    return {**files, "ours.optd": text}


def three(goal: str) -> dict[str, str]:
    """Return the files of a design of three fabrics with open shapes."""
    more = "\n".join(
        f"  node {node}[1..{count}] {{ model = box }}\n  fabric {name} {{\n    protocol = ethernet\n"
        f"    endpoints = {node}.nic.compute\n    {OPEN}\n  }}"
        for node, name, count in (("m", "g", 6), ("k", "h", 9))
    )
    return program(OPEN, f"  {goal}", more=more)


def test_a_shape_whose_price_is_not_known_does_not_win_and_says_so() -> None:
    found, _ = check(without_price(program(OPEN, "  minimize cost.network"), "middle"))
    assert found is not None
    assert found.considered[0].words == "1 tier, 1 x large"
    out = {each.words: each.out for each in found.considered}
    assert out["1 tier, 1 x middle"] == "no price of middle"
    assert found.choice.shapes == "weighed 11 shapes, 1 in full, 6 set aside for want of figures; optimal"


def test_a_price_that_is_not_known_breaks_no_requirement() -> None:
    files = program(OPEN, "  require cost.switches >= $4_000\n  minimize f.switches")
    found, context = check(without_price(files, "large"))
    assert found is not None, [each.message for each in context.sink.sorted()]
    out = {each.words: each.out for each in found.considered}
    assert out["1 tier, 1 x large"].startswith("cannot conclude on `cost.switches >= $4_000`")


def test_watts_that_nobody_knows_prove_nothing() -> None:
    found, context = check(without_watts(program(OPEN, "  minimize power.network"), "small", "middle", "large"))
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.choice.proof == "first feasible"
    assert found.choice.score is not None
    assert found.choice.score.shown[0].startswith("power.network at least ")
    (told,) = (each for each in context.sink.sorted() if each.name != "unused-name")
    model = found.considered[0].words.split()[-1]
    assert (told.severity, told.name, told.message) == (
        "warning",
        "cannot-conclude",
        f"cannot conclude on `minimize power.network`: no usable number for {model}.power_max",
    )


def test_watts_that_are_known_of_one_model_alone_win() -> None:
    found, context = check(without_watts(program(OPEN, "  minimize power.network"), "small", "middle"))
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.considered[0].words == "1 tier, 1 x large"
    assert found.choice.proof == "optimal"


def test_an_objective_before_the_unknown_one_may_decide() -> None:
    files = program(OPEN, "  maximize f.spare_ports\n  minimize power.network")
    found, context = check(without_watts(files, "small", "middle", "large"))
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert found.choice.proof == "optimal"


@pytest.mark.parametrize("goal", ["", "minimize cost.network"])
def test_more_tiers_than_are_declared(goal: str) -> None:
    found, context = check(program(OPEN.replace("1..2", "3..4"), f"  {goal}"))
    assert found is None
    assert [each.name for each in context.sink.sorted()] == ["tiers-not-declared"]


def test_planes_beyond_the_ports_of_a_server() -> None:
    found, context = check(program(OPEN.replace("tiers in 1..2", "planes >= 2"), "  minimize cost.network"))
    assert found is None
    assert [each.message for each in context.sink.sorted()] == [
        "no number of planes of `f` is left: a server has 1 port in the fabric"
    ]


def test_racks_of_a_tier_that_is_not_in_use_are_no_choice() -> None:
    found, _ = check(program(RACKS, "  minimize cost.network", floor=FLOOR))
    assert found is not None
    words = [each.words for each in found.considered if each.words.startswith("1 tier")]
    assert len(words) == len(set(words)) == 3
    assert not any("spine" in each for each in words)


@pytest.mark.parametrize("goal", ["cables.length", "bom.optics.skus", "bom.cables.skus"])
def test_bounds_settle_several_fabrics_without_building_them_all(goal: str) -> None:
    found, _ = check(three(f"minimize {goal}"))
    assert found is not None
    assert found.choice.proof == "optimal"
    assert found.choice.shapes == "weighed 1,452 shapes, 1 in full; optimal"


def test_the_shortest_way_over_the_floor_rules_racks_out() -> None:
    found, _ = check(program(RACKS, "  minimize cables.length", floor=FLOOR))
    assert found is not None
    assert found.choice.proof == "optimal"
    assert "leaf at far.net" not in found.considered[0].words
    (whole,) = (int(word) for word in found.choice.shapes.split(", ")[1].split() if word.isdigit())
    assert whole < 15


@pytest.mark.parametrize("fabric", [OPEN, RACKS])
@pytest.mark.parametrize("goal", GOALS)
def test_no_bound_is_above_what_it_bounds(fabric: str, goal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[tuple[object, ...], tuple[object, ...]]] = []
    build = Search._build

    def watched(self: Search, indices: tuple[int, ...], vector: tuple[Fraction, ...], numbers: tuple[int, ...]) -> None:
        self.best = None
        build(self, indices, vector, numbers)
        best: object = self.best
        if best is not None:
            seen.append((vector, self.best.key[1]))  # type: ignore[union-attr]
            self.best = None

    monkeypatch.setattr(Search, "_build", watched)
    check(program(fabric, f"  objective {{\n  minimize {goal}\n  }}", floor=FLOOR, nodes=10))
    assert len(seen) >= 10
    for vector, key in seen:
        assert vector <= key  # type: ignore[operator]


def test_a_gap_between_shapes_is_a_warning() -> None:
    _, context = check(program(OPEN, "  minimize optics.count"), rlimit=1)
    (told,) = (each for each in context.sink.sorted() if each.name == "solver-gave-up")
    assert told.severity == "warning"
    assert told.message == (
        "the limit of 1 units was used up before every shape was weighed: gap <= 100 % of optics.count"
    )
    assert told.notes == ("weighed 11 shapes, 1 in full",)


def test_the_order_of_the_source_decides_nothing() -> None:
    text = three("minimize cost.network")["design.optd"]
    head, *blocks = text.split("  fabric ")
    last, _, goal = blocks[-1].rpartition("  }\n")
    blocks[-1] = f"{last}  }}\n"
    nodes = "".join(line + "\n" for line in text.splitlines() if line.startswith(("  node m", "  node k")))
    own = ["  fabric " + "\n".join(x for x in each.splitlines() if not x.startswith("  node ")) for each in blocks]
    turned = head + nodes + "\n".join(reversed(own)) + "\n" + goal
    first, _ = check(three("minimize cost.network"))
    second, context = check({**three(""), "design.optd": turned})
    assert first is not None
    assert second is not None, [each.message for each in context.sink.sorted()]
    chosen = [{(each.fabric, each.words) for each in one.considered if each.is_chosen} for one in (first, second)]
    assert chosen[0] == chosen[1]
