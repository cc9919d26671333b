"""Run the tests of a design, and judge what it requires of the finished network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from optidsl._record import record
from optidsl.diag import Diagnostic, Label, Span
from optidsl.plan.model import Plan, PlanExpectation, PlanRequirement, PlanTest
from optidsl.proofs.choice import chosen
from optidsl.proofs.elements import elements_of
from optidsl.proofs.feeds import unsaid
from optidsl.proofs.figures import MEASURES, PAIRS, Figure, Figures, is_measure
from optidsl.proofs.judge import Outcome, Verdict, judge
from optidsl.proofs.network import Failure
from optidsl.proofs.scenarios import failure_of
from optidsl.proofs.whole import Whole, split
from optidsl.sema.promised import Promised, Test
from optidsl.sema.values import Solved

_NOT_AFTER = frozenset({"rail_alignment"})
"""What is a property of the design and says nothing after a failure."""


@record(frozen=True, slots=True)
class Results:
    """Records for the plan, and what is wrong as diagnostics."""

    tests: tuple[PlanTest, ...]
    requirements: tuple[PlanRequirement, ...]
    findings: tuple[Diagnostic, ...]


def run_tests(plan: Plan, tests: Sequence[Test], promised: Sequence[Promised], where: Callable[[Span], str]) -> Results:
    """Judge tests, and requirements of quantities that only the finished network has.

    Args:
        plan: the plan, frozen and verified.
        tests: the tests to run.
        promised: the requirements and preferences to judge.
        where: the place of a span, for records.
    """
    whole = Whole(plan)
    findings: list[Diagnostic] = []
    records = tuple(_test(whole, test, where, findings) for test in tests)
    requirements = tuple(_requirement(whole, each, where, findings) for each in promised)
    return Results(records, requirements, tuple(findings))


# ------------------------------------------------------------------ requirements


def _requirement(
    whole: Whole, promised: Promised, where: Callable[[Span], str], findings: list[Diagnostic]
) -> PlanRequirement:
    outcome = _worst([judge(each, whole.get) for each in promised.comparisons])
    if outcome.verdict != "holds":
        findings.append(_finding(promised, outcome, "", "measured on the finished network"))
    is_plain = all(split(name)[1] in MEASURES and not name.endswith("_mbps") for name in _names(promised))
    slack = str(-outcome.excess) if outcome.excess is not None and is_plain else ""
    return PlanRequirement(
        name=promised.name,
        text=promised.text,
        verdict=outcome.verdict,
        slack=slack,
        is_soft=promised.is_warning,
        source_ref=where(promised.span),
    )


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome that decides: a failure, then an unknown, then the one with the least to spare."""
    rank = {"fails": 0, "unknown": 1, "holds": 2}
    return min(outcomes, key=lambda each: (rank[each.verdict], each.excess is not None, -(each.excess or 0)))


# ------------------------------------------------------------------ tests


def _test(whole: Whole, test: Test, where: Callable[[Span], str], findings: list[Diagnostic]) -> PlanTest:
    before = len(findings)
    failure = _failure(whole.plan, test, findings)
    records: list[PlanExpectation] = []
    n_elements = 0
    if len(findings) == before:
        for promised in test.expectations:
            found = _expectation(whole, test, promised, failure, findings)
            n_elements = max(n_elements, found.elements)
            records.append(_record(promised, found, where))
    verdicts = [each.verdict for each in records]
    verdict: Verdict = "fails" if "fails" in verdicts or (len(findings) > before and not records) else "holds"
    if verdict == "holds" and "unknown" in verdicts:
        verdict = "unknown"
    named = ", ".join(target.text for target in test.fail)
    words = f"any {test.fail_any}" if test.fail_any else named
    return PlanTest(
        name=test.name,
        verdict=verdict,
        failure=words,
        elements=n_elements,
        expectations=tuple(records),
        source_ref=where(test.span),
    )


def _failure(plan: Plan, test: Test, findings: list[Diagnostic]) -> Failure | None:
    """Return what has failed in a test without `fail_any`; None for nothing, and after an error."""
    if test.fail_span is None:
        return None
    failure, missed = failure_of(plan, test.fail)
    for target, instead in missed:
        message = f"test `{test.name}`: `{target.text}` names nothing that could fail: {instead}"
        findings.append(_empty(message, target.span))
    if not test.fail:
        findings.append(_empty(f"test `{test.name}`: `fail` lists nothing", test.fail_span))
    return failure


def _empty(message: str, span: Span) -> Diagnostic:
    helps = ("an expectation of a scenario in which nothing fails says nothing about failures",)
    return Diagnostic("empty-scenario", "error", message, Label(span, "nothing fails"), (), (), helps)


@record(frozen=True, slots=True)
class _Found:
    """What came of an expectation: its worst outcome, the element where, and how many elements there were."""

    outcome: Outcome
    element: str
    elements: int
    is_unsaid: bool = False  # the design does not say what fails with an element


def _record(promised: Promised, found: _Found, where: Callable[[Span], str]) -> PlanExpectation:
    outcome = found.outcome
    return PlanExpectation(
        name=promised.name,
        text=promised.text,
        verdict=outcome.verdict,
        found=outcome.found,
        wanted=outcome.wanted,
        short_by=outcome.short_by,
        element=found.element,
        note=outcome.note,
        source_ref=where(promised.span),
    )


def _expectation(
    whole: Whole, test: Test, promised: Promised, failure: Failure | None, findings: list[Diagnostic]
) -> _Found:
    """Judge one expectation, and report it unless it holds."""
    names = _names(promised)
    odd = [name for name in names if not is_measure(split(name)[1]) or split(name)[1] in _NOT_AFTER]
    if promised.broken:
        found = _Found(Outcome("fails", promised.broken, "", "", "", None), "", 0)
    elif (test.fail_any or failure is not None) and odd:
        findings.append(_not_in_scenario(test, promised, odd[0]))
        return _Found(Outcome("unknown", "", "", "", "not known after a failure", None), "", 0)
    elif test.fail_any and names:
        found = _over_elements(whole, test, promised, names)
    elif not promised.comparisons:
        found = _Found(Outcome("holds", "true", "", "", "", None), "", 0)
    else:
        after = _After(whole, failure)
        found = _Found(_worst([judge(each, after.get) for each in promised.comparisons]), "", 0)
    if test.fail_any and names and not found.elements and not found.is_unsaid:
        message = f"test `{test.name}`: the fabric has no {test.fail_any} that could fail"
        findings.append(_empty(message, promised.span))
    elif found.outcome.verdict != "holds":
        findings.append(_finding(promised, found.outcome, found.element, f"in test `{test.name}`"))
    return found


def _names(promised: Promised) -> list[str]:
    sides = [side for each in promised.comparisons for side in (each.left, each.right)]
    return list(dict.fromkeys(name for side in sides if isinstance(side, Solved) for name in side.terms))


class _After:
    """Figures after a failure, by the name of the metric."""

    def __init__(self, whole: Whole, failure: Failure | None) -> None:
        self._whole, self._failure = whole, failure
        self._figures: dict[str, Figures] = {}

    def get(self, name: str) -> Figure:
        if self._failure is None:
            return self._whole.get(name)
        fabric, last = split(name)
        if fabric not in self._figures:
            intact = self._whole.figures(fabric)
            self._figures[fabric] = Figures(intact.network, self._failure, intact)
        return self._figures[fabric].get(last)


# ------------------------------------------------------------------ one element at a time


def _over_elements(whole: Whole, test: Test, promised: Promised, names: Sequence[str]) -> _Found:
    """Return the worst outcome over every element of a kind, in every fabric that the expectation names."""
    worst: tuple[Outcome, str] | None = None
    n_elements = 0
    for fabric in dict.fromkeys(split(name)[0] for name in names):
        intact = whole.figures(fabric)
        if why := unsaid(intact.network, test.fail_any):
            return _Found(Outcome("unknown", "", "", "", why, None), "", n_elements, is_unsaid=True)
        elements = elements_of(intact.network, test.fail_any)
        choice = chosen(intact, elements, {split(name)[1] for name in names})
        n_elements += elements.count
        for element in choice.rows:
            after = _After(whole, elements.failure(whole.plan, element))
            outcome = _worst([judge(each, after.get) for each in promised.comparisons])
            if worst is None or _worst([worst[0], outcome]) is outcome:
                worst = (outcome, elements.name(whole.plan, element))
        if worst is not None and len(choice.rows) < choice.different and worst[0].verdict == "holds":
            note = f"{len(choice.rows)} of {choice.different} elements that differ were measured"
            worst = (Outcome("unknown", worst[0].found, worst[0].wanted, "", note, worst[0].excess), worst[1])
    if worst is None:
        return _Found(Outcome("unknown", "", "", "", "nothing could fail", None), "", 0)
    return _Found(*worst, n_elements)


# ------------------------------------------------------------------ what is said


_LABELS = {"expect": "the expectation", "require": "the requirement", "prefer": "the preference"}
_FAILED = {"expect": "expectation-failed", "require": "requirement-failed", "prefer": "preference-not-met"}


def _finding(promised: Promised, outcome: Outcome, element: str, where: str) -> Diagnostic:
    label = f"{_LABELS[promised.verb]} `{promised.name}`" if promised.name else _LABELS[promised.verb]
    at = f" when {element} has failed" if element else ""
    because = (f"because: {promised.because}",) if promised.because else ()
    notes = (*because, *((outcome.note,) if outcome.note else ()), where)
    secondary = tuple(Label(step, "expanded from here") for step in promised.via)
    primary = Label(promised.span, "does not hold" if outcome.verdict == "fails" else "not known")
    severity: Literal["warning", "error"] = "warning" if promised.is_warning else "error"
    if outcome.verdict == "unknown":
        why = f": {outcome.note}" if outcome.note else ""
        message = f"cannot conclude on `{promised.text}`{at}{why}"
        return Diagnostic("cannot-conclude", severity, message, primary, secondary, notes)
    message = f"{label} does not hold{at}: {_said(promised, outcome)}"
    return Diagnostic(_FAILED[promised.verb], severity, message, primary, secondary, notes)


def _said(promised: Promised, outcome: Outcome) -> str:
    if promised.broken:
        return promised.broken
    short = f", {outcome.short_by}" if outcome.short_by else ""
    return f"`{promised.text}` is {outcome.found}, wanted {outcome.wanted}{short}"


def _not_in_scenario(test: Test, promised: Promised, name: str) -> Diagnostic:
    fabric, last = split(name)
    what = f"{last}({fabric})" if fabric and not fabric.rpartition(".tier.")[0] else name.removeprefix("fabric.")
    known = ", ".join(sorted(each.removesuffix("_mbps") for each in (*MEASURES, *PAIRS) if each not in _NOT_AFTER))
    message = f"test `{test.name}`: `{what}` is of the whole design and says nothing about what a failure leaves"
    helps = (f"after a failure can be asked for: {known}",)
    return Diagnostic("not-in-scenario", "error", message, Label(promised.span, "of the whole design"), (), (), helps)
