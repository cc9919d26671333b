"""Every module has as many vendors as the policy asks for, judged by the facts of the parts alone."""

from __future__ import annotations

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanClass
from optidsl.plan.verify.view import View, finding, number, text

_ALIKE = ("form_factor", "pmd", "connector", "medium")


def alternate_findings(view: View) -> list[Diagnostic]:
    """Report modules without a second source, and alternates that are not of the module's kind."""
    wanted, findings = view.plan.policy.multi_source, []
    if wanted is None:
        return []
    unknown = [each for each in view.plan.checks if each.verdict == "unknown"]
    doubtful = {each.link_class for each in unknown if each.name == "second-source"}
    for row, each in enumerate(view.plan.classes):
        if each.direct:
            continue
        for name, others in ((each.a_module, each.a_alternates), (each.z_module, each.z_alternates)):
            if number(view.part(name), "built_in") is not None:
                continue
            vendors = {view.part(one).vendor for one in (name, *others)} - {""}
            if len(vendors) < wanted and row not in doubtful:
                message = f"{each.name}: {name} has {len(vendors)} vendors, the policy asks for {wanted}"
                findings.append(finding("second-source-missing", message))
            findings += [
                finding("second-source-missing", f"{each.name}: {one} cannot take the place of {name}: {why}")
                for one in others
                if (why := _difference(view, each, name, one))
            ]
    return findings + _bill(view)


def _difference(view: View, link_class: PlanClass, name: str, other: str) -> str:
    """Return in what two modules differ, "" where one may stand in for the other."""
    one, two = view.part(name), view.part(other)
    if one.vendor == two.vendor:
        return "the vendor is the same"
    for field in _ALIKE:
        if text(one, field) != text(two, field):
            return f"{field} {text(one, field)} against {text(two, field)}"
    if number(one, "bores") != number(two, "bores"):
        return "another number of bores"
    lanes = [part.facts["lanes"].value if "lanes" in part.facts else () for part in (one, two)]
    if lanes[0] != lanes[1]:
        return "other lanes"
    reach = number(two, f"reach_mm.{link_class.grade}")
    if reach is not None and not link_class.line and link_class.longest_mm > reach:
        return f"it reaches {reach / 1000:g} m, the longest link has {link_class.longest_mm / 1000:g} m"
    return ""


def _bill(view: View) -> list[Diagnostic]:
    """Compare the alternates of the bill of material with those of the classes that use each module."""
    findings = []
    for line in view.plan.bom:
        ends = [
            set(others)
            for each in view.plan.classes
            for name, others in ((each.a_module, each.a_alternates), (each.z_module, each.z_alternates))
            if name == line.part
        ]
        fitting = set.intersection(*ends) if ends and line.category == "transceiver" else set()
        if set(line.alternates) != fitting:
            told, found = (", ".join(sorted(names)) or "none" for names in (line.alternates, fitting))
            message = f"the bill of material names {told} as alternates of {line.part}, its links take {found}"
            findings.append(finding("bom-mismatch", message))
    return findings
