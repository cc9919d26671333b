"""Unknown answers that the policy insists on: each must be excused by a waiver that says until when and why."""

from __future__ import annotations

import re

from optidsl.diag import Diagnostic
from optidsl.plan.model import Plan
from optidsl.plan.verify.view import finding

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def waiver_findings(plan: Plan) -> list[Diagnostic]:
    """Report unknown answers without an excuse, and waivers without a day or a reason."""
    findings: list[Diagnostic] = []
    excused = {text for waiver in plan.waivers for text in waiver.covers}
    for check in plan.checks:
        if check.verdict != "unknown" or plan.policy.unknown.get(check.name.replace("-", "_")) != "stop":
            continue
        name = plan.classes[check.link_class].name if check.link_class >= 0 else "the design"
        if f"{check.name} of {name}" not in excused:
            message = f"{check.name} of {name} is unknown, the policy stops at it, and no waiver excuses it"
            findings.append(finding("unknown-not-excused", message, check.detail))
    for waiver in plan.waivers:
        if not _DAY.fullmatch(waiver.until) or not waiver.because:
            message = f"the waiver of {waiver.name} does not say until when and why"
            findings.append(finding("unknown-not-excused", message, f"declared at {waiver.source_ref}"))
    return findings
