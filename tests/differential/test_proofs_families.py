"""What families promise by formula is what is measured on the links of their plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl import pipeline
from optidsl._context import Options
from optidsl.cli.files import context_for
from optidsl.plan.model import Plan
from optidsl.proofs.figures import Figures
from optidsl.proofs.network import network_of

DESIGNS = Path(__file__).resolve().parents[1] / "published"


def plan_of(name: str, **params: int) -> Plan:
    path = DESIGNS / f"{name}.optd"
    context = context_for(path, Options(params={key: str(value) for key, value in params.items()}))
    plan = pipeline.plan(path.name, context)
    assert plan is not None, [each.message for each in context.sink.sorted() if each.severity == "error"]
    return plan


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("dragonfly-balanced", {"p": 2}),
        ("torus-machines", {"x": 4, "y": 5, "z": 6}),
        ("slimfly-q5", {}),
        ("slingshot-group", {}),
        ("theta-aries", {}),
    ],
)
def test_hops_degrees_and_groups_are_those_of_the_shape(name: str, params: dict[str, int]) -> None:
    plan = plan_of(name, **params)
    (fabric,) = plan.fabrics
    figures = Figures(network_of(plan, fabric))
    assert figures.get("hops").value == fabric.hops
    assert figures.get("diameter").value == fabric.hops - 1
    assert figures.get("reachable").value == 1
    assert (figures.get("degree_max").value or 0) <= sum(each.ports for each in fabric.dimensions)
    assert figures.get("links").value == len(plan.links.segment)
    if fabric.disjoint_paths is not None:
        assert (figures.get("degree_min").value or 0) >= fabric.disjoint_paths
    pair = fabric.parameters.get("links_per_group_pair")
    if pair is not None:
        assert figures.get("group_links_min").value == figures.get("group_links_max").value == pair
