"""The second opinion: is the plan right, judged from the plan alone?

Nothing here comes from the stages that made the plan: formulas are written again, over the plan's own columns and
the facts of its parts. What the plan records as unknown stays unknown; what it records as good must be so.
"""

from __future__ import annotations

from optidsl.diag import Diagnostic
from optidsl.plan.indices import check_indices
from optidsl.plan.model import Plan
from optidsl.plan.verify.alternates import alternate_findings
from optidsl.plan.verify.assemblies import assembly_findings
from optidsl.plan.verify.cages import cage_findings
from optidsl.plan.verify.channels import channel_findings
from optidsl.plan.verify.feeds import feed_findings
from optidsl.plan.verify.lengths import length_findings
from optidsl.plan.verify.lines import line_findings
from optidsl.plan.verify.numbers import number_findings
from optidsl.plan.verify.plugs import plug_findings
from optidsl.plan.verify.ports import port_findings
from optidsl.plan.verify.purchase import purchase_findings
from optidsl.plan.verify.racks import rack_findings
from optidsl.plan.verify.scale_up import scale_up_findings
from optidsl.plan.verify.shape import shape_findings
from optidsl.plan.verify.spares import spare_findings
from optidsl.plan.verify.view import finding, view_of
from optidsl.plan.verify.waivers import waiver_findings


def verify(plan: Plan) -> list[Diagnostic]:
    """Return everything that is wrong with a plan; empty for a good one."""
    damage = check_indices(plan)
    if damage:
        notes = damage[1:6]
        return [finding("plan-damaged", f"the plan is damaged: {damage[0]}", *notes)]
    view = view_of(plan)
    findings = port_findings(view)
    if any(each.name == "port-missing" for each in findings):
        return findings
    findings += cage_findings(view)
    findings += [] if plan.header.phase else shape_findings(view)  # a part is no whole network
    findings += assembly_findings(view)
    findings += length_findings(view)
    findings += plug_findings(view)
    findings += channel_findings(view)
    if plan.lines:
        findings += line_findings(view)
    findings += rack_findings(view)
    findings += feed_findings(view)
    findings += number_findings(view)
    findings += purchase_findings(view)
    findings += spare_findings(view)
    findings += alternate_findings(view)
    findings += scale_up_findings(plan)
    findings += waiver_findings(plan)
    if plan.growth is not None or plan.devices.phase is not None:
        from optidsl.plan.verify.growth import growth_findings

        findings += growth_findings(view)
    if plan.header.cable_labels:
        from optidsl.plan.verify.labels import label_findings

        findings += label_findings(view)
    return findings + _recorded(plan)


def _recorded(plan: Plan) -> list[Diagnostic]:
    """Report what the plan itself records as failed."""
    findings = []
    for check in plan.checks:
        if check.verdict == "fails":
            whom = plan.classes[check.link_class].name if check.link_class >= 0 else "the design"
            findings.append(
                finding("check-failed", f"the plan records that {check.name} fails for {whom}: {check.detail}")
            )
    for requirement in plan.requirements:
        if requirement.verdict == "fails" and not requirement.is_soft:
            label = f"`{requirement.name}` " if requirement.name else ""
            findings.append(
                finding(
                    "requirement-failed",
                    f"requirement {label}does not hold: {requirement.text} (slack {requirement.slack})",
                    f"declared at {requirement.source_ref}",
                )
            )
    for test in plan.tests:
        for each in test.expectations:
            if each.verdict == "fails":
                where = f" when {each.element} has failed" if each.element else ""
                message = f"the plan records that test {test.name} fails{where}: {each.text} is {each.found}"
                findings.append(finding("expectation-failed", message, f"declared at {each.source_ref}"))
    return findings
