"""Put what is proved on the finished network into its plan."""

from __future__ import annotations

from optidsl._context import Context
from optidsl._record import replace
from optidsl.plan.model import Plan, PlanRequirement, PlanWaiver
from optidsl.proofs.tests import run_tests
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.design import Design


def prove(plan: Plan, design: Design, context: Context) -> Plan:
    """Run the tests of a design and judge what it requires of the finished network; what fails goes to the sink.

    Returns:
        The plan with the results.
    """
    wanted = context.options.tests
    known = [test.name for test in design.tests]
    for name in wanted or ():
        if name not in known:
            helps = (f"tests: {alternatives(known)}",) if known else ("the design has no tests",)
            message = f"there is no test `{name}`{did_you_mean(name, known)}"
            context.sink.error("unknown-test", message, helps=helps)
    tests = [test for test in design.tests if wanted is None or test.name in wanted]
    results = run_tests(plan, tests, design.promised, context.sources.written)
    for finding in results.findings:
        context.sink.emit(finding)
    return replace(
        plan,
        tests=results.tests,
        requirements=(*plan.requirements, *results.requirements),
        waivers=_waived(plan.waivers, design, results.requirements),
    )


def _waived(
    waivers: tuple[PlanWaiver, ...], design: Design, verdicts: tuple[PlanRequirement, ...]
) -> tuple[PlanWaiver, ...]:
    """Add what waivers excuse among the requirements that were judged now."""
    excused = {
        promised.waiver.name: f"requirement {promised.name}"
        for promised, verdict in zip(design.promised, verdicts, strict=True)
        if promised.waiver is not None and verdict.verdict != "holds"
    }
    return tuple(
        waiver.model_copy(update={"covers": (*waiver.covers, excused[waiver.name])})
        if waiver.name in excused
        else waiver
        for waiver in waivers
    )
