"""A promise on a bisection that nobody knows is neither kept nor broken, and says so."""

from __future__ import annotations

import pytest

from optidsl import pipeline
from optidsl._context import Context
from tests.support import networks
from tests.support.designs import DictLoader


def told(promise: str, kind: str = "jellyfish", body: str = "degree = 3") -> list[tuple[str, str, str]]:
    text = networks.text_of(kind, body, tier=", count = 8" if kind == "jellyfish" else "")
    text = text.rstrip().removesuffix("}") + f"  {promise}\n}}\n"
    context = Context(DictLoader({"design.optd": text}))
    pipeline.check("design.optd", context)
    about = ("cannot-conclude", "preference-not-met", "requirement-failed")
    return [
        (each.severity, each.name, each.message)
        for each in context.sink.sorted()
        if each.name in about and "overload" not in each.message
    ]


@pytest.mark.parametrize("relation", [">= 1Tbps", ">= 1000000Tbps", "<= 1Tbps"])
def test_a_requirement_stops(relation: str) -> None:
    message = f"cannot conclude on `bisection(net) {relation}`: the bisection of `net` is not known"
    assert told(f"require bisection(net) {relation}") == [("error", "cannot-conclude", message)]


@pytest.mark.parametrize(("kind", "body"), [("slim_fly", "order = 3"), ("polar_fly", "order = 2")])
def test_of_every_kind_without_a_closed_form(kind: str, body: str) -> None:
    message = "cannot conclude on `oversubscription(net) <= 2`: the oversubscription of `net` is not known"
    assert told("require oversubscription(net) <= 2", kind, body) == [("error", "cannot-conclude", message)]


def test_a_preference_is_not_called_broken() -> None:
    message = "cannot conclude on `bisection(net) >= 1Tbps`: the bisection of `net` is not known"
    assert told("prefer bisection(net) >= 1Tbps { weight = 2 }") == [("warning", "cannot-conclude", message)]


def test_a_known_bisection_is_judged() -> None:
    assert told("require bisection(net) >= 400Gbps", "full_mesh", "") == []
