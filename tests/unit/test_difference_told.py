"""What a difference says beside work: sums over causes, records, what nothing explains, files of another version."""

from __future__ import annotations

from dataclasses import replace

from optidsl.difference import Difference, Texts, difference, text_of
from optidsl.plan.model import PlanFact
from tests.support.differences import clos, compare, plan_of, texts_of


def _causes(found: Difference) -> list[str]:
    return [f"{cause.kind}: {cause.title}" for cause in found.causes]


def _lines(found: Difference) -> str:
    return text_of(found)


# ------------------------------------------------------------------ sums, records, explanations


def test_modules_that_one_cause_frees_for_another_are_told_net() -> None:
    net = clos(4, 3)
    swap = compare(net, replace(clos(4, 3), fabric="g"))
    bought = [cause.work.modules_to_buy for cause in swap.causes]
    assert sum(bought) != swap.work.modules_to_buy
    assert "net of all these, modules that one frees serving another: sr move" in _lines(swap)


def test_a_configuration_is_not_explained_by_a_parameter_alone() -> None:
    one, other = plan_of(replace(clos(2, 2), params={"n": "1"})), plan_of(replace(clos(2, 2), params={"n": "2"}))
    texts = texts_of(one)
    found = difference(one, other, texts, Texts({**texts.devices, "leaf002": ("something else",)}))
    assert found.unexplained == ("configurations of devices that nothing stated concerns: leaf002",)


def test_a_configuration_is_explained_by_what_its_model_says() -> None:
    one = plan_of(clos(2, 2))
    part = one.parts["sw"]
    facts = {**part.facts, "fec": PlanFact(value="rs544", source="sheet", confidence="vendor-doc")}
    other = replace(one, parts={**one.parts, "sw": part.model_copy(update={"facts": facts})})
    texts = texts_of(one)
    found = difference(one, other, texts, Texts({**texts.devices, "leaf002": ("something else",)}))
    assert found.unexplained == ()
    assert _causes(found) == ["record: sw: fec not there → rs544"]


def test_files_that_nothing_explains_are_told_so() -> None:
    plan = plan_of(clos(2, 2))
    found = difference(plan, plan, Texts({}, {"infiniband/f/a": "1"}), Texts({}, {"infiniband/f/a": "2"}))
    assert found.unexplained == ("files that nothing stated concerns: infiniband/f/a",)


def test_a_change_of_records_alone_has_a_headline_and_a_table() -> None:
    one = plan_of(clos(2, 2))
    other = replace(one, groups=(one.groups[0].model_copy(update={"gpus": 16}), *one.groups[1:]))
    found = difference(one, other)
    assert found.headline == "details differ: no work on cables, modules, boxes or configurations"
    assert [(each.section, each.of, each.what, each.before, each.after) for each in found.records] == [
        ("Groups in detail", "server", "gpus", "8", "16")
    ]
    assert "Groups in detail\n  of      what  before  after\n  server  gpus  8       16" in _lines(found)


def test_files_kept_with_the_plan_are_told_apart_from_the_design() -> None:
    plan = plan_of(clos(2, 2))
    found = difference(plan, plan, Texts(rewritten=("configs/leaf001/frr.conf", "configs/leaf002/frr.conf")), Texts())
    assert found.headline == "the design does not change, 2 artefacts do"
    assert "configs/leaf[001-002]/frr.conf" in _lines(found)
    assert not found.is_empty
