"""Rules of choice: types of fibre, second sources and ports kept for growth, against enumeration."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from optidsl._context import Context
from optidsl.optics import Choice, choose
from optidsl.optics import search as search_module
from optidsl.plan.verify import verify
from optidsl.sema.design import Affine, Design, Metric, Objective
from tests.support import designs
from tests.support.compiled import compile_files, files_of, plan_of, said
from tests.support.designs import SPAN, fact
from tests.support.links import placed_with
from tests.support.parts import dr4, pair, sr4, tables_of

WATTS = (Objective(Affine(Fraction(0), ((Metric("power.optics"), Fraction(1)),)), "minimize power.optics", SPAN),)


@pytest.fixture(params=["enumerated", "solved"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with enumeration and with the solver."""
    if request.param == "solved":
        monkeypatch.setattr(search_module, "ENUMERABLE", 0)
    return str(request.param)


def run(design: Design, required_mm: list[int] | int = 20_000) -> tuple[Choice | None, Context]:
    context = designs.context()
    return choose(design, placed_with(tables_of(design, context), required_mm), context, recheck=True), context


def ruled(design: Design, **policy: Any) -> Design:
    return replace(design, policy=replace(design.policy, **policy), objectives=WATTS)


def names(design: Design, required_mm: list[int] | int = 20_000) -> list[str]:
    choice, context = run(design, required_mm)
    assert choice is not None, designs.messages(context)
    return [each.candidate.name for each in choice.classes]


# ------------------------------------------------------------------ types of fibre


def test_a_limit_on_fibre_types_couples_classes(engine: str) -> None:
    design = pair([dr4(), sr4()])
    one, two = (ruled(design, fiber_types=designs.at_most(n)) for n in (1, 2))
    assert names(two, [20_000, 80_000]) == ["sr4 + mm + sr4", "dr4 + sm + dr4"]
    assert names(one, [20_000, 80_000]) == ["dr4 + sm + dr4"] * 2


def test_a_limit_on_fibre_types_that_cannot_hold_names_its_least(engine: str) -> None:
    design = ruled(pair([sr4(), dr4()]), fiber_types=designs.at_most(1))
    fabric = design.fabrics[0]
    words = ("multimode", "singlemode")
    connects = [
        replace(designs.connect(*ends), medium=designs.decided(word))
        for ends, word in zip((("endpoints", "leaf"), ("leaf", "spine")), words, strict=True)
    ]
    choice, context = run(replace(design, fabrics=(replace(fabric, connects=tuple(connects)),)))
    assert choice is None
    (error,) = [each for each in context.sink.sorted() if each.severity == "error"]
    assert error.name == "sku-limit"
    assert "fibre types" in error.message


@pytest.mark.parametrize("seed", range(20))
def test_fibre_types_against_every_combination(seed: int, engine: str) -> None:
    rng = random.Random(seed)
    modules = [
        *(dr4(f"d{n}", power_mw=rng.randrange(5, 12) * 1000) for n in range(2)),
        *(sr4(f"s{n}", power_mw=rng.randrange(5, 12) * 1000) for n in range(2)),
    ]
    design = pair(modules)
    lengths = [rng.choice([10_000, 20_000, 40_000, 80_000]) for _ in range(2)]
    free = ruled(design)
    limited = ruled(design, fiber_types=designs.at_most(1))
    watts = {part.name: part.power_max_mw.value for part in modules if part.power_max_mw is not None}
    own = [[part.name for part in modules if mm <= 50_000 or part.name.startswith("d")] for mm in lengths]
    best = min(
        sum(_weight(design, at) * watts[name] for at, name in enumerate(combination))
        for combination in product(*own)
        if len({name[0] for name in combination}) == 1
    )
    chosen = names(limited, lengths)
    assert sum(_weight(design, at) * watts[name.split(" ")[0]] for at, name in enumerate(chosen)) == best
    assert len({name[0] for name in chosen}) == 1
    assert names(free, lengths)


def _weight(design: Design, at: int) -> int:
    context = designs.context()
    placed = placed_with(tables_of(design, context), 20_000)
    return 2 * int((placed.tables.links.segment == at).sum())


# ------------------------------------------------------------------ second sources


def vendors(wanted: int, *parts: Any, **changes: Any) -> Design:
    return ruled(pair(list(parts), **changes), multi_source=designs.decided(wanted))


def test_a_module_of_one_vendor_gives_way_to_one_of_two(engine: str) -> None:
    parts = (dr4("a", vendor="A"), dr4("b", vendor="B"), sr4("cool", vendor="S"))
    assert names(vendors(1, *parts)) == ["cool + mm + cool"] * 2
    assert set(names(vendors(2, *parts))) == {"a + sm + a"}


def test_alternates_are_recorded(engine: str) -> None:
    choice, _ = run(vendors(2, dr4("a", vendor="A"), dr4("b", vendor="B"), dr4("c", vendor="B")))
    assert choice is not None
    assert [each.candidate.a_alternates for each in choice.classes] == [("b", "c")] * 2


def test_two_parts_of_one_vendor_are_one_source() -> None:
    choice, context = run(vendors(2, dr4("a", vendor="A"), dr4("b", vendor="A")))
    assert choice is None
    assert any("every optic must be made by at least 2 vendors" in each for each in designs.messages(context))


@pytest.mark.parametrize(
    "other",
    [
        {"pmd": fact("400g-fr4")},
        {"form_factor": fact("qsfp112")},
        {"connector": fact("lc-upc")},
        {"limits": ()},
    ],
)
def test_a_part_of_another_kind_is_no_alternate(other: dict[str, Any]) -> None:
    choice, _ = run(vendors(2, dr4("a", vendor="A"), dr4("b", vendor="B", **other)))
    assert choice is None


def test_vendors_that_the_policy_does_not_admit_do_not_count() -> None:
    design = vendors(2, dr4("a", vendor="A"), dr4("b", vendor="B"))
    only = replace(design.policy, vendors=designs.one_of("A", "nvidia"))
    assert run(replace(design, policy=only))[0] is None


def test_a_vendor_that_nobody_states_leaves_the_answer_open() -> None:
    design = vendors(2, dr4("a", vendor="A"), dr4("b", vendor=""))
    choice, context = run(design)
    assert choice is None
    assert any("cannot conclude" in each and "vendor" in each for each in designs.messages(context))
    warn = replace(design.policy, unknown={**design.policy.unknown, "second_source": "warn"})
    choice, _ = run(replace(design, policy=warn))
    assert choice is not None
    checks = [check for each in choice.classes for check in each.candidate.checks if check.name == "second-source"]
    assert {check.verdict for check in checks} == {"unknown"}


@pytest.mark.parametrize("seed", range(20))
def test_second_sources_against_every_combination(seed: int) -> None:
    rng = random.Random(seed)
    parts = [dr4(f"d{n}", vendor=rng.choice("ABC"), pmd=fact(rng.choice(["x", "y"]))) for n in range(4)]
    wanted = rng.randint(1, 3)
    kinds = {pmd: {part.vendor for part in parts if part.pmd.value == pmd} for pmd in ("x", "y")}
    choice, _ = run(vendors(wanted, *parts))
    # Modules of two kinds do not face each other only where a check says so: compare ends one by one.
    can = any(len(own) >= wanted for own in kinds.values())
    assert (choice is not None) == can
    for each in choice.classes if choice is not None else ():
        module = each.candidate.a_module
        assert module is not None
        assert len(kinds[module.pmd.value]) >= wanted
        alike = {p.name for p in parts if p.pmd.value == module.pmd.value and p.vendor != module.vendor}
        assert set(each.candidate.a_alternates) == alike


TWIN = """transceiver twin {
  vendor = "Second", form_factor = house, lanes = 4x100Gbps, modulation = pam4, pmd = "house-dr"
  medium = singlemode, connector = mpo-7-apc, power_max = 11W
  over glass { reach = 500m, loss = 3dB }
  tx_min = -2.9dBm, tx_max = 4dBm, rx_min = -5.9dBm, rx_max = 4dBm
  protocols = [infiniband, ethernet]
}
"""


def sourced() -> dict[str, str]:
    program = files_of("policy { multi_source = 2 }\nminimize power.optics", module='vendor = "First"')
    program["ours.optd"] += TWIN
    return program


def test_the_bill_of_material_names_alternates() -> None:
    found, context = compile_files(sourced())
    assert found is not None, said(context)
    table = next(text for path, text in found.files.items() if path.endswith("bom.csv")).splitlines()
    assert table[0].endswith(",alternates")
    assert next(row for row in table if ",dr," in row).endswith(",twin")
    assert verify(found.plan) == []


def test_the_second_opinion_finds_a_missing_source() -> None:
    plan = plan_of(sourced())
    bare = tuple(each.model_copy(update={"a_alternates": (), "z_alternates": ()}) for each in plan.classes)
    names_of = {each.name for each in verify(replace(plan, classes=bare))}
    assert names_of == {"second-source-missing", "bom-mismatch"}


# ------------------------------------------------------------------ ports kept for growth


@pytest.mark.parametrize(("share", "least"), [("10%", 1), ("50%", 4), ("80%", 16), ("87.5%", 28)])
def test_a_reserve_is_a_requirement_on_spare_ports(share: str, least: int) -> None:
    plan = plan_of(files_of(f"policy {{ growth_reserve = {share} }}"))
    assert [(each.name, each.verdict) for each in plan.requirements] == [("growth_reserve", "holds")]
    assert f"f.spare_ports >= {least} beside 4 endpoint ports" in plan.requirements[0].text
    assert plan.requirements[0].slack == str(28 - least)


def test_a_reserve_that_does_not_fit_is_refused() -> None:
    found, context = compile_files(files_of("policy { growth_reserve = 90% }"))
    assert found is None
    assert "it is 28, 36 required" in " ".join(said(context))


def test_a_reserve_bears_on_the_choice_of_an_open_count() -> None:
    def leaves(share: str) -> int:
        program = files_of(f"policy {{ growth_reserve = {share} }}")
        text = program["design.optd"].replace("tier leaf { model = sw }", TIERS).replace("n[1..4]", "n[1..48]")
        program["design.optd"] = text.replace("length = 8m }", "length = 8m }\n connect leaf -- spine { length = 8m }")
        return plan_of(program).fabrics[0].counts[0]

    assert [leaves(share) for share in ("0%", "10%", "60%")] == [3, 4, 6]


TIERS = "oversubscription = 1:1\n tier leaf { model = sw, count <= 8 }\n tier spine { model = sw, count <= 8 }"


def test_an_unknown_second_source_may_be_waived() -> None:
    program = files_of("policy { multi_source = 2 }", module='vendor = "First"')
    program["ours.optd"] += TWIN.replace('vendor = "Second", ', "")
    found, context = compile_files(program)
    assert found is None
    assert any("cannot conclude" in each for each in said(context))
    waiver = 'waive second-source { until = 2030-01-01, because = "asked" }'
    program["design.optd"] = program["design.optd"].replace("multi_source = 2", f"multi_source = 2\n{waiver}")
    found, context = compile_files(program, "2029-01-01")
    assert found is not None, said(context)
    assert [each.verdict for each in found.plan.checks if each.name == "second-source"] == ["unknown"]
