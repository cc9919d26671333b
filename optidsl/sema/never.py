"""Requirements that can never fail: beyond what mathematics allows, or implied by another statement."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optidsl._context import Context
from optidsl._record import record
from optidsl.diag import Label, Span
from optidsl.sema.design import Affine, Condition, Design, Requirement

Terms = tuple[tuple[str, Fraction], ...]

_POLICY = (("bom.optics.skus", "optic_skus"), ("bom.cables.skus", "cable_skus"), ("bom.fibers.types", "fiber_types"))
"""Metrics that an entry of the policy limits."""


@record(frozen=True, slots=True)
class _Bound:
    """`terms >= least`, where the first term has the factor 1 or -1; what says so, and its place."""

    terms: Terms
    least: Fraction
    is_strict: bool
    span: Span
    words: str


def warn_never(design: Design, context: Context) -> None:
    """Warn of each requirement and preference none of whose conditions can fail, whatever is chosen or built."""
    stated = list(_policy(design))
    for at, requirement in enumerate(design.requirements):
        if requirement.waiver is not None or not requirement.conditions:
            continue
        reasons = [_reason(design, at, condition, stated) for condition in requirement.conditions]
        if not all(reasons):
            continue
        span, words = reasons[0] or (None, "")
        noun = "requirement" if requirement.weight is None else "preference"
        name = f"`{requirement.name}`" if requirement.name else f"`{requirement.conditions[0].text}`"
        context.sink.warning(
            "requirement-never-binds",
            f"the {noun} {name} can never fail: {words}",
            requirement.span,
            "says nothing",
            secondary=() if span is None else (Label(span, "says more"),),
            helps=("state the bound that matters, or remove it",),
        )


def _reason(design: Design, at: int, condition: Condition, stated: list[_Bound]) -> tuple[Span | None, str] | None:
    """Return why a condition always holds, with the statement that implies it; None when it may fail."""
    if condition.relation == "==":
        return None
    least = _least(design, condition.expression)
    if least is not None and (least > 0 or (least == 0 and condition.relation == ">=")):
        return None, f"{_words(condition.expression)} never below {_least_words(design, condition.expression)}"
    mine = _bound(condition, design.requirements[at].span, "")
    if mine is None:
        return None
    for other in (*stated, *_others(design, at)):
        if other.terms == mine.terms and other.span.file == mine.span.file and _implies(other, mine):
            return other.span, f"{other.words} asks for more"
    return None


def _least(design: Design, expression: Affine) -> Fraction | None:
    """Return what an expression is at least, for all that anybody could build; None when it may fall without end."""
    total = expression.constant
    for metric, factor in expression.terms:
        if factor < 0:
            return None
        total += factor * _floor(design, metric.name)
    return total if expression.terms else None


def _floor(design: Design, metric: str) -> int:
    """Return the least value of a metric: nothing is negative, and what stands there is at least one."""
    lowest = {f"fabric.{fabric.name}.tier.{fabric.tiers[0].name}.count" for fabric in design.fabrics if fabric.tiers}
    return 1 if metric in lowest or (metric.startswith("fabric.") and metric.endswith(".hops")) else 0


def _words(expression: Affine) -> str:
    names = [metric.name.removeprefix("fabric.") for metric, _ in expression.terms]
    return f"{names[0]} is" if len(names) == 1 else "a sum of what is never negative is"


def _least_words(design: Design, expression: Affine) -> str:
    return str(_floor(design, expression.terms[0][0].name)) if len(expression.terms) == 1 else "0"


def _others(design: Design, at: int) -> Iterator[_Bound]:
    """Yield what other hard requirements say."""
    for number, other in enumerate(design.requirements):
        if number == at or other.weight is not None or other.is_warning or other.waiver is not None:
            continue
        for condition in other.conditions:
            bound = _bound(condition, other.span, f"`{_title(other, condition)}`")
            if bound is not None:
                yield bound


def _title(requirement: Requirement, condition: Condition) -> str:
    return requirement.name or condition.text


def _implies(stronger: _Bound, weaker: _Bound) -> bool:
    """Tell whether a bound asks for more; one that says the same is only said twice."""
    if stronger.least != weaker.least:
        return stronger.least > weaker.least
    return stronger.is_strict and not weaker.is_strict


def _bound(condition: Condition, span: Span, words: str) -> _Bound | None:
    """Return a condition in the one form in which two can be compared."""
    terms = sorted(((metric.name, factor) for metric, factor in condition.expression.terms), key=lambda each: each[0])
    if not terms or condition.relation == "==":
        return None
    scale = abs(terms[0][1])
    scaled = tuple((name, factor / scale) for name, factor in terms)
    return _Bound(scaled, -condition.expression.constant / scale, condition.relation == ">", span, words)


def _policy(design: Design) -> Iterator[_Bound]:
    """Yield the upper limits of the policy as bounds."""
    policy = design.policy
    slots = {"optic_skus": policy.optic_skus, "cable_skus": policy.cable_skus, "fiber_types": policy.fiber_types}
    for metric, name in _POLICY:
        slot = slots[name]
        most = slot.value if slot.value is not None else slot.upper
        if most is not None and slot.span is not None:
            words = f"`policy.{name}` of at most {most}"
            yield _Bound(((metric, Fraction(-1)),), Fraction(-most), False, slot.span, words)


def contradicted(design: Design, requirement: Requirement, context: Context) -> tuple[str, ...]:
    """Return the preferences that can never hold together with one, as notes."""
    mine = [bound for each in requirement.conditions if (bound := _bound(each, requirement.span, "")) is not None]
    found: list[str] = []
    for other in design.requirements:
        if other is requirement or other.weight is None:
            continue
        for condition in other.conditions:
            theirs = _bound(condition, other.span, "")
            if theirs is not None and any(_contradict(each, theirs) for each in mine):
                where = context.sources.where(other.span)
                found.append(f"it can never hold together with the preference `{_title(other, condition)}` ({where})")
    return tuple(dict.fromkeys(found))


def _contradict(a: _Bound, b: _Bound) -> bool:
    """Tell whether `terms >= a` and `-terms >= b` leave nothing between them."""
    if a.terms != tuple((name, -factor) for name, factor in b.terms):
        return False
    return a.least + b.least > 0 or (a.least + b.least == 0 and (a.is_strict or b.is_strict))
