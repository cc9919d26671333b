"""What a team's own words say of a candidate: lists of makers, approvals, waivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optidsl._record import replace
from optidsl.catalog.parts import Attenuator, Catalog, DirectCable, FiberCable, Transceiver
from optidsl.catalog.rules import Use, selects
from optidsl.diag import Label, Sink, Span
from optidsl.fabric.tables import DeviceGroup
from optidsl.optics.check_policy import Judged
from optidsl.optics.classify import ClassView, use_at
from optidsl.optics.ends import End
from optidsl.optics.lengths import order_for
from optidsl.optics.rules import conditional_checks
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Candidate, Check
from optidsl.optics.text import listing
from optidsl.optics.verdict import unknown, verdict
from optidsl.sema.design import Design, Policy, Requirement

Plug = Transceiver | DirectCable


def plugs_of(candidate: Candidate) -> tuple[Plug | None, Plug | None]:
    """Return what sits in the cages of the a end and of the z end."""
    return candidate.a_module or candidate.direct, candidate.z_module or candidate.direct


def plug_checks_of(design: Design, view: ClassView, candidate: Candidate) -> Iterator[Check]:
    """Yield what only both ends together tell of the plugs: rules with conditions, and lists of makers."""
    catalog, is_listing = design.catalog, design.policy.unlisted != "allow"
    has_conditions = any(rule.far or rule.longer_than_mm is not None for rule in catalog.rules)
    if not is_listing and not has_conditions:
        return
    plugs, ends = plugs_of(candidate), (view.a, view.z)
    cable = candidate.direct or candidate.fiber
    order = None if cable is None else order_for(view, cable)
    length_mm = None if order is None else order.longest_mm
    for plug, end, far in zip(plugs, ends, reversed(ends), strict=True):
        if plug is None:
            continue
        if has_conditions:
            yield from conditional_checks(catalog, (use_at(end, view), use_at(far, view)), (end, far), plug, length_mm)
        if is_listing:
            yield from _listing_check(catalog, plug, end, use_at(end, view))


def _listing_check(catalog: Catalog, plug: Plug, end: End, use: Use) -> Iterator[Check]:
    box = end.group.model
    allowing = [
        rule
        for rule in catalog.rules
        if rule.kind == "in-cage" and rule.verdict == "allowed" and selects(rule.b, box, use)
    ]
    table = catalog.transceivers if isinstance(plug, Transceiver) else catalog.direct_cables
    listed = [part.name for part in table.values() if any(selects(rule.a, part) for rule in allowing)]
    if not listed or plug.name in listed:
        return
    shown = listing(listed[:4], "and") if len(listed) <= 4 else f"{', '.join(listed[:4])} and {len(listed) - 4} more"
    detail = f"{plug.name} is not listed for {box.name}: the catalogue lists {shown}"
    missing = f"a rule that allows {plug.name} in {box.name}"
    yield replace(unknown("not-listed", missing, detail), about=(plug.name, box.name))


def _parts_of(candidate: Candidate) -> list[Transceiver | FiberCable | DirectCable | Attenuator]:
    it = candidate
    fiber = None if it.line is not None else it.fiber  # a wave is no part to approve
    parts = (it.a_module, fiber, it.z_module, it.direct, it.a_attenuator, it.z_attenuator)
    return list({part.name: part for part in parts if part is not None}.values())


def approval_checks(design: Design, candidate: Candidate) -> Iterator[Judged]:
    """Yield what approvals say of each part of a candidate, each with the statement it enforces."""
    approvals, slot = design.catalog.approvals, design.policy.approved_only
    if not approvals and not slot.value:
        return
    words = {each.part: each for each in approvals}
    for part in _parts_of(candidate):
        word = words.get(part.name)
        if word is not None and word.verdict == "rejected":
            statement = rejection(part.name, word.because, word.at)
            yield verdict("approval", False, statement.text, blame=(word.at,)), statement
        elif word is None and slot.value:
            blame = () if slot.span is None else (slot.span,)
            detail = f"{part.name} has no approval, the policy asks for one"
            yield verdict("approval", False, detail, blame=blame), approved_only(design.policy)
        elif word is not None:
            yield verdict("approval", True, f"{part.name} is approved: {word.because}"), approved_only(design.policy)


def rejection(part: str, because: str, span: Span) -> Statement:
    """A team's word against a part."""
    return Statement(f"rejected {part}", "rejected", span, f"{part} is rejected: {because}")


def approved_only(policy: Policy) -> Statement:
    """The policy that leaves only approved parts."""
    words = "only approved parts may be used"
    return Statement("policy approved-only", "approved-only", policy.approved_only.span, words)


def unlisted_statement(policy: Policy) -> Statement:
    """The policy that leaves only listed parts."""
    span = None if policy.origin is None else policy.origin.span
    return Statement("policy unlisted", "unlisted", span, "a part that its box's maker does not list is refused")


def excused(policy: Policy, view: ClassView, candidate: Candidate, check: Check) -> Check:
    """Return an unknown check with the waiver that lets it pass, if the policy has one for it."""
    if check.verdict != "unknown" or check.waived is not None:
        return check
    parts = check.about or tuple(part.name for part in _parts_of(candidate))
    boxes = check.about or (view.a.box, view.z.box)
    waiver = next((each for each in policy.waivers if each.name == check.name and each.covers(parts, boxes)), None)
    return check if waiver is None else replace(check, waived=waiver)


def _rests_on_power(requirement: Requirement) -> bool:
    terms = (metric for condition in requirement.conditions for metric, _ in condition.expression.terms)
    return any(metric.name.startswith("power.") for metric in terms)


def unused_waivers(design: Design, checks: Sequence[Check], broken: Sequence[Requirement], sink: Sink) -> None:
    """Warn of waivers that excuse nothing of the choice.

    Args:
        design: the policy with its waivers, and the requirements.
        checks: the checks of the chosen parts.
        broken: the requirements that the choice breaks.
        sink: where warnings go.
    """
    used = {check.waived.span for check in checks if check.waived is not None}
    used |= {each.waiver.span for each in broken if each.waiver is not None}
    # What failed before anything was chosen has no conditions left, and what a missing figure decides is not broken.
    used |= {
        each.waiver.span
        for each in design.requirements
        if each.waiver is not None and (each.text or _rests_on_power(each))
    }
    for waiver in design.policy.waivers:
        if waiver.span not in used:
            sink.warning(
                "waiver-unused",
                f"the waiver of `{waiver.name}` excuses nothing: what it is meant for holds, or is not there",
                waiver.span,
                "remove it",
                notes=(f"because: {waiver.because}",),
            )


def refused_boxes(design: Design, groups: Sequence[DeviceGroup], sink: Sink) -> None:
    """Report boxes that a team rejects, and switches without the approval that the policy asks for."""
    words = {each.part: each for each in design.catalog.approvals}
    slot = design.policy.approved_only
    if not words and not slot.value:
        return
    for model, group in {group.model.name: group for group in reversed(groups)}.items():
        word = words.get(model)
        origin = group.node.origin if group.node is not None else group.tier.origin if group.tier is not None else None
        span = design.span if origin is None else origin.span
        if word is not None and word.verdict == "rejected":
            told = (Label(word.at, word.because),)
            sink.error("part-not-approved", f"{model} is rejected: {word.because}", span, "used here", secondary=told)
        elif word is None and slot.value and group.kind == "switch":
            asked = () if slot.span is None else (Label(slot.span, "only approved parts may be used"),)
            message = f"{model} has no approval, the policy asks for one"
            helps = (f'`approval {model} {{ verdict = approved, because = "…" }}`',)
            sink.error("part-not-approved", message, span, "used here", secondary=asked, helps=helps)
