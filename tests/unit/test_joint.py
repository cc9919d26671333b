"""Shapes left open: which is taken, what rules one out, what is said of it."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from optidsl import pipeline
from optidsl._pins import Pins
from optidsl.joint.search import Search
from tests.support.programs import context_of
from tests.support.shapes import FLOOR, check, program

OPEN = """kind      = clos
    tiers in 1..2
    tier leaf  { model in [large, middle, small] }
    tier spine { model in [large, middle, small] }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 15m }"""


def words(files: dict[str, str], **options: object) -> str:
    """Return the shape that is chosen."""
    found, context = check(files, **options)
    assert found is not None, [each.message for each in context.sink.sorted()]
    return found.considered[0].words


def told(files: dict[str, str], **options: object) -> list[str]:
    """Return what was said of a design that fails, with the notes of the first error."""
    found, context = check(files, **options)
    assert found is None
    error = next(each for each in context.sink.sorted() if each.severity == "error")
    return [f"{error.name}: {error.message}", *error.notes]


def test_the_fewest_switches_are_not_the_cheapest() -> None:
    assert words(program(OPEN, "  minimize f.switches", nodes=12)) == "1 tier, 1 x large"
    assert words(program(OPEN, "  minimize cost.network", nodes=12)) == "1 tier, 1 x middle"
    two = OPEN.replace("tiers in 1..2", "tiers = 2")
    assert words(program(two, "  minimize f.switches", nodes=12)) == "2 tiers, 1 x large + 1 x large, 1:1"
    assert words(program(two, "  minimize cost.network", nodes=12)) == "2 tiers, 3 x small + 2 x small, 1:1"


def test_the_first_line_of_an_objective_counts_above_the_next() -> None:
    lines = ("minimize bom.optics.skus", "maximize f.spare_ports", "minimize cost.switches")
    found = {
        words(program(OPEN, "  objective {\n" + "\n".join(order) + "\n  }", nodes=12)) for order in permutations(lines)
    }
    assert found == {"1 tier, 1 x large", "1 tier, 1 x middle"}


def test_weights_decide() -> None:
    def goal(watts: int) -> str:
        return f"  minimize power.network - {watts}W * f.spare_ports"

    assert words(program(OPEN, goal(1), nodes=12)) == "1 tier, 1 x middle"
    assert words(program(OPEN, goal(100), nodes=12)) == "1 tier, 1 x large"


@pytest.mark.parametrize("order", list(permutations(("large", "middle", "small"))))
def test_order_of_lists_decides_nothing_but_ties(order: tuple[str, ...]) -> None:
    text = OPEN.replace("large, middle, small", ", ".join(order)).replace(
        "kind      = clos", "kind in [fat_tree, clos]"
    )
    assert words(program(text, "  minimize cost.network", nodes=12)) == "clos, 1 tier, 1 x middle"


def test_without_an_objective_the_closed_form_holds() -> None:
    found, _ = check(program(OPEN, nodes=12))
    assert found is not None
    assert found.considered == ()
    assert found.choice.shapes == ""
    assert [group.model.name for group in found.placed.tables.groups][1:] == ["large"]


def test_kinds_without_an_objective() -> None:
    text = OPEN.replace("kind      = clos", "kind in [fat_tree, clos]")
    found, _ = check(program(text, nodes=12))
    assert found is not None
    assert found.considered[0].words == "clos, 1 tier, 1 x large"
    assert found.choice.shapes == "weighed 16 shapes, 1 in full; optimal"


def test_a_requirement_rules_shapes_out() -> None:
    body = "  require f.spare_ports >= 10\n  minimize cost.network"
    found, _ = check(program(OPEN, body, nodes=12))
    assert found is not None
    assert found.considered[0].words == "1 tier, 1 x large"
    out = {each.words: each.out for each in found.considered if each.out}
    assert out["1 tier, 1 x middle"] == "it cannot keep `f.spare_ports >= 10`"


def test_a_requirement_without_an_objective_looks_further() -> None:
    found, _ = check(program(OPEN, "  require power.network <= 460W", nodes=12))
    assert found is not None
    assert found.considered[0].words == "1 tier, 1 x middle"
    assert "power.network <= 460W" in next(each.out for each in found.considered if "large" in each.words)


def test_all_shapes_fail() -> None:
    first, *notes = told(program(OPEN, "  require power.network <= 300W", nodes=12))
    assert first == (
        "requirement-failed: `power.network <= 300W` cannot hold: the least possible is 432 W, 300 W allowed "
        "(132 W short)"
    )
    assert notes[-2:] == [
        "said of this shape: 1 tier, 1 x middle",
        "10 other shapes failed on the same",
    ]


def test_all_shapes_of_an_objective_fail() -> None:
    assert told(program(OPEN, "  require f.spare_ports >= 90\n  minimize cost.network", nodes=12)) == [
        "requirement-failed: `f.spare_ports >= 90` does not hold: it is 20, 90 required",
        "said of this shape: 1 tier, 1 x large",
        "10 other shapes failed on the same",
    ]


def test_several_fabrics_are_weighed_together() -> None:
    second = OPEN.replace("15m", "8m")
    more = f"""  node m[1..6] {{ model = box }}
  fabric g {{
    protocol  = ethernet
    endpoints = m.nic.compute
    {second}
  }}"""
    found, _ = check(program(OPEN, "  minimize cost.network", nodes=12, more=more))
    assert found is not None
    chosen = [each for each in found.considered if each.is_chosen]
    assert [(each.fabric, each.words) for each in chosen] == [("f", "1 tier, 1 x middle"), ("g", "1 tier, 1 x small")]
    assert found.choice.proof == "optimal"


def test_a_requirement_over_both_fabrics() -> None:
    more = f"""  node m[1..6] {{ model = box }}
  fabric g {{
    protocol  = ethernet
    endpoints = m.nic.compute
    {OPEN}
  }}"""
    body = "  require f.spare_ports + g.spare_ports >= 20\n  minimize cost.network"
    found, _ = check(program(OPEN, body, nodes=12, more=more))
    assert found is not None
    chosen = [each.words for each in found.considered if each.is_chosen]
    assert chosen in (["1 tier, 1 x large", "1 tier, 1 x small"], ["1 tier, 1 x middle", "1 tier, 1 x large"])


def test_effort_is_counted_and_what_is_left_is_a_gap() -> None:
    found, _ = check(program(OPEN, "  minimize optics.count"), rlimit=1_000_000)
    assert found is not None
    assert found.choice.proof == "gap <= 100 % of optics.count"
    assert found.choice.shapes == "weighed 11 shapes, 2 in full; gap <= 100 % of optics.count"


def test_planes() -> None:
    text = """kind      = clos
    planes in [1, 2]
    tier leaf { model in [small, middle] }
    connect endpoints -- leaf { length = 5m }"""
    assert words(program(text, "  minimize cost.network", nodes=7)) == "1 tier, 1 x small, 1 plane"


def test_parameters_of_a_direct_network() -> None:
    text = """kind      = dragonfly
    groups in 2..4
    routers_per_group in [2, 3]
    tier router { model in [small, middle] }
    connect endpoints -- router { length = 5m }
    connect router -- router { length = 15m }"""
    found, _ = check(program(text, "  minimize cost.network", nodes=12))
    assert found is not None
    alone = [
        check(program(text.replace("in 2..4", f"= {g}").replace("in [2, 3]", f"= {r}"), "  minimize cost.network"))[0]
        for g in (2, 3, 4)
        for r in (2, 3)
    ]
    values = [each.choice.score.values for each in alone if each is not None and each.choice.score is not None]
    assert found.choice.score is not None
    assert found.choice.score.values == min(values)
    assert "groups " in found.considered[0].words


def test_a_tree_or_a_direct_network() -> None:
    text = """kind in [full_mesh, clos]
    tier leaf  { model in [small, middle] }
    tier spine { model = small }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 15m }
    connect leaf -- leaf { length = 6m }"""
    found, context = check(program(text, "  minimize cost.network", nodes=20))
    assert found is not None, [each.message for each in context.sink.sorted()]
    assert {each.words.split(",")[0] for each in found.considered if not each.out} == {"clos", "full_mesh"}


def test_racks_are_chosen_against_the_objective() -> None:
    text = """kind      = clos
    tier leaf  { model = small, place { at = dc.h.servers.net } }
    tier spine { model = small, place { at in [dc.h.far.net, dc.h.near.net] } }"""
    assert "spine at near.net" in words(program(text, "  minimize cables.length", floor=FLOOR))


def test_the_oversubscription_that_is_bounded() -> None:
    text = """kind      = clos
    oversubscription <= 3:1
    tier leaf  { model = middle }
    tier spine { model = middle }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 15m }"""
    assert words(program(text, "  maximize bisection(f)", nodes=24)).endswith("1:1")
    assert words(program(text, "  minimize cost.network", nodes=24)).endswith("3:1")


def test_bounds_are_below_what_they_bound(monkeypatch: pytest.MonkeyPatch) -> None:
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
    for goal in (
        "power.network",
        "power.optics",
        "cost.network",
        "cost.optics",
        "cost.cables",
        "bom.optics.skus",
        "cables.length",
        "power.it",
        "links(f)",
    ):
        check(program(OPEN, f"  minimize {goal}", nodes=12))
    assert len(seen) > 15
    for vector, key in seen:
        assert all(low <= value for low, value in zip(vector, key, strict=True))  # type: ignore[operator]


def test_the_plan_says_how_many_shapes_were_weighed() -> None:
    context = context_of(program(OPEN, "  minimize cost.network\n  require f.spare_ports >= 4", nodes=12))
    compiled = pipeline.compile_design("design.optd", context)
    assert compiled is not None, [each.message for each in context.sink.sorted()]
    assert compiled.plan.header.shapes.endswith("in full; optimal")
    assert [each.verdict for each in compiled.plan.requirements] == ["holds"]
    assert any("weighed" in text for path, text in compiled.files.items() if path.startswith("report"))


def test_what_is_in_service_holds() -> None:
    files = program(OPEN, "  minimize cost.network", nodes=12)
    context = context_of(files)
    context.pins = Pins(shapes={"f": "kind clos, tiers 1, planes 1", "f.leaf": "model large"})
    found = pipeline.check("design.optd", context)
    assert found is not None
    assert [group.model.name for group in found.placed.tables.groups][1:] == ["large"]
    (price,) = [each.message for each in context.sink.sorted() if each.name == "pins-cost"]
    assert price == (
        "the lock keeps the shape of the network: cost.network 16,440 USD in place of cost.network 12,440 USD with "
        "1 tier, 1 x middle"
    )


def test_what_is_upgraded_is_chosen_anew() -> None:
    context = context_of(program(OPEN, "  minimize cost.network", nodes=12), upgrade=("f",))
    context.pins = Pins(shapes={"f": "kind clos, tiers 1, planes 1", "f.leaf": "model large"})
    found = pipeline.check("design.optd", context)
    assert found is not None
    assert [group.model.name for group in found.placed.tables.groups][1:] == ["middle"]
    assert not context.sink.sorted()


def test_what_is_in_service_yields_to_what_must_be() -> None:
    context = context_of(program(OPEN, "  require f.spare_ports >= 10", nodes=12))
    context.pins = Pins(shapes={"f": "kind clos, tiers 1, planes 1", "f.leaf": "model middle"})
    found = pipeline.check("design.optd", context)
    assert found is not None
    assert [group.model.name for group in found.placed.tables.groups][1:] == ["large"]


def test_no_shape_can_be_built() -> None:
    text = """kind in [fat_tree, clos]
    tier leaf { model = small }
    connect endpoints -- leaf { length = 5m }"""
    first, *notes = told(program(text, nodes=30))
    assert first == "too-few-tiers: `f` needs 4 leaves, and one tier with `small` as the top take 1: 3 too many"
    assert notes == []


def test_each_kind_says_why_it_cannot_be() -> None:
    text = """kind in [full_mesh, clos]
    tier leaf { model = small }
    connect endpoints -- leaf { length = 5m }"""
    first, *notes = told(program(text, nodes=300))
    assert first == "too-few-tiers: `f` needs 38 leaves, and one tier with `small` as the top take 1: 37 too many"
    assert [note.partition(":")[0] for note in notes] == ["as full_mesh"]
