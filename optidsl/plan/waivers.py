"""What the design lets pass, with what each exception excuses in this plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optidsl._context import Context
from optidsl.catalog.governance import Waiver
from optidsl.optics.tables import Choice
from optidsl.plan.model import PlanRequirement, PlanWaiver
from optidsl.plan.waiver_words import excuse
from optidsl.sema.design import Design, Requirement


def plan_waivers(
    design: Design, choice: Choice, verdicts: Sequence[PlanRequirement], context: Context
) -> tuple[PlanWaiver, ...]:
    """Return one record for each waiver of the policy, in source order.

    Args:
        design: its policy and requirements.
        choice: the chosen parts with their checks.
        verdicts: the plan's verdicts on `design.requirements`, in the same order.
        context: where the sources are.
    """
    judged = list(zip(design.requirements, verdicts, strict=True))
    return tuple(
        PlanWaiver(
            name=waiver.name,
            of=waiver.of,
            at=waiver.at,
            until=waiver.until,
            because=waiver.because,
            covers=tuple(dict.fromkeys(_covered(waiver, choice, judged))),
            source_ref=context.sources.written(waiver.span),
        )
        for waiver in design.policy.waivers
    )


def _covered(waiver: Waiver, choice: Choice, judged: Iterable[tuple[Requirement, PlanRequirement]]) -> Iterable[str]:
    for each in choice.classes:
        for check in each.candidate.checks:
            if check.waived is not None and check.waived.span == waiver.span:
                yield excuse(check.name, each.link_class.name)
    for requirement, verdict in judged:
        mine = requirement.waiver is not None and requirement.waiver.span == waiver.span
        if mine and verdict.verdict != "holds":
            yield f"requirement {verdict.name}"
