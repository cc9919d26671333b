"""What the author says of a candidate: the connect's own bounds and the policy's lists."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import order_for
from optidsl.optics.statement import (
    Statement,
    admits,
    allowed,
    connect_statement,
    copper_reach_statement,
    limits,
    margin_mdb,
    margin_statement,
    policy_statement,
)
from optidsl.optics.tables import Candidate, Check
from optidsl.optics.text import listing, quantity
from optidsl.optics.verdict import unknown, verdict
from optidsl.sema.design import Policy
from optidsl.sema.slot import Slot

Judged = tuple[Check, Statement]
"""A check with the statement it enforces."""


def medium_of(candidate: Candidate) -> str:
    """Return the medium: of the fibre, or the direct cable's technology."""
    if candidate.direct is not None:
        return candidate.direct.technology.value
    return candidate.fiber.medium.value if candidate.fiber is not None else ""


def modules_of(candidate: Candidate) -> list[str]:
    """Return the names of the modules, a end first; none for a direct cable."""
    return [module.name for module in (candidate.a_module, candidate.z_module) if module is not None]


def cable_of(candidate: Candidate) -> str:
    """Return the name of the fibre assembly or direct cable."""
    part = candidate.direct or candidate.fiber
    return "" if part is None else part.name


def author_checks(view: ClassView, candidate: Candidate) -> Iterator[Judged]:
    """Yield the checks of the connect's own bounds on medium, module and cable."""
    connect = view.segment.connect
    # Without a module there is nothing a bound on modules could admit.
    stated: tuple[tuple[str, Slot[str], list[str]], ...] = (
        ("medium", connect.medium, [medium_of(candidate)]),
        ("module", connect.module, modules_of(candidate) or [cable_of(candidate)]),
        ("cable", connect.cable, [cable_of(candidate)]),
    )
    for topic, slot, values in stated:
        if limits(slot):
            yield _listed(topic, slot, values, "the connect"), connect_statement(view, topic, slot)


def policy_checks(policy: Policy, candidate: Candidate) -> Iterator[Judged]:
    """Yield the checks of the policy's lists."""
    fiber = None if candidate.line is not None else candidate.fiber  # a wave has no maker
    parts = [candidate.a_module, candidate.z_module, fiber, candidate.direct, *candidate.attenuators]
    vendors = [part.vendor for part in parts if part is not None]
    plugs = [module.form_factor.value for module in (candidate.a_module, candidate.z_module) if module is not None]
    if candidate.direct is not None:
        plugs = [candidate.direct.form_factor_a.value, candidate.direct.form_factor_z.value]
    grades = [] if candidate.fiber is None else [candidate.fiber.grade.value]
    stated: tuple[tuple[str, Slot[str], list[str]], ...] = (
        ("media", policy.media, [medium_of(candidate)]),
        ("vendors", policy.vendors, vendors),
        ("form-factors", policy.form_factors, plugs),
        ("grades", policy.grades, grades),
    )
    for topic, slot, values in stated:
        if limits(slot):
            yield _listed(topic, slot, values, "the policy"), policy_statement(policy, topic, slot)


def copper_reach_checks(policy: Policy, view: ClassView, candidate: Candidate) -> Iterator[Judged]:
    """Yield the check of a direct cable's longest ordered length against the policy's for its technology."""
    cable = candidate.direct
    slot = None if cable is None else policy.copper_reach.get(cable.technology.value)
    if cable is None or slot is None or slot.value is None:
        return
    statement = copper_reach_statement(cable.technology.value, slot)
    blame = () if slot.span is None else (slot.span,)
    order = order_for(view, cable)
    if order is None:
        missing = f"{cable.name}.lengths" if view.has_lengths else f"the length of {view.link_class.name}"
        yield unknown("copper-reach", missing, blame=blame), statement
        return
    spare = slot.value - order.longest_mm
    detail = (
        f"the longest link takes {quantity(order.longest_mm, 'mm')} of {cable.name}, "
        f"the policy allows {quantity(slot.value, 'mm')} of {cable.technology.value}"
    )
    yield verdict("copper-reach", spare >= 0, detail, margin=spare, unit="mm", blame=blame), statement


def _listed(topic: str, slot: Slot[str], values: list[str], who: str) -> Check:
    outside = list(dict.fromkeys(value for value in values if not admits(slot, value)))
    what = listing([value or "none" for value in outside], "and") if outside else listing(values or ["none"], "and")
    detail = f"{what}, {who} allows {allowed(slot)}"
    return verdict(topic, not outside, detail, blame=() if slot.span is None else (slot.span,))


def margin_check(policy: Policy, loss: Check) -> Judged | None:
    """Check the loss budget's margin against the policy's least one; None when the policy asks for none."""
    least = margin_mdb(policy)
    if least <= 0:
        return None
    statement = margin_statement(policy)
    blame = () if statement.span is None else (statement.span,)
    if loss.name == "oma" and (loss.verdict == "unknown" or loss.margin is None):
        return None
    if loss.verdict == "unknown" or loss.margin is None:
        return unknown("margin", loss.missing, blame=blame), statement
    spare = loss.margin - least
    word = "OMA margin" if loss.name == "oma" else "margin"
    detail = f"{word} {quantity(loss.margin, 'mdB')}, the policy asks for {quantity(least, 'mdB')}"
    check = verdict("margin", spare >= 0, detail, margin=spare, unit="mdB", blame=blame)
    return check, statement
