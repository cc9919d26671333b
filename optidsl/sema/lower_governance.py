"""Versions of firmware, waivers and approvals: read from the policy, held against the catalogue and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optidsl._context import Context
from optidsl._record import replace
from optidsl.catalog.build_rule import bad_version
from optidsl.catalog.firmware import families_of, rules_at, untested
from optidsl.catalog.governance import Versions, Waiver, version_key
from optidsl.catalog.parts import Catalog
from optidsl.diag import Label, Sink, Span
from optidsl.schema.entity import Entity
from optidsl.schema.governance import WAIVABLE
from optidsl.schema.nearest import alternatives, did_you_mean, quoted
from optidsl.sema.design import Policy
from optidsl.sema.lowering import span_of, through

SOON_DAYS = 14
"""How long before its last day an exception is warned of."""


def lower_waivers(sink: Sink, design: Entity) -> tuple[Waiver, ...]:
    """Return what the policy lets pass, in source order."""
    found: list[Waiver] = []
    for policy in through(design, "policy"):
        for each in through(policy, "waive"):
            # A broken attribute is missing and reported already.
            if each.get("until") is None or each.get("because") is None:
                continue
            of, at, until, because = (each.text(name) for name in ("of", "at", "until", "because"))
            spans = (span_of(each, name) if each.get(name) is not None else None for name in ("of", "at"))
            waiver = Waiver(each.name, of, at, until, because, each.label_span, *spans)
            if is_date(waiver.until, span_of(each, "until"), sink):
                found.append(waiver)
    return tuple(found)


def check_waivers(waivers: tuple[Waiver, ...], catalog: Catalog, requires: Iterable[str], sink: Sink) -> None:
    """Report waivers of things that do not exist, or for parts and boxes that do not."""
    if not waivers:
        return
    promised = list(requires)
    known = [*WAIVABLE, *promised, *(rule.name for rule in catalog.rules)]
    for waiver in waivers:
        if waiver.name in known:
            _check_subject(waiver, catalog, promised, sink)
            continue
        inside = [name for name in promised if name.rpartition(".")[2] == waiver.name]
        near = f" (did you mean {quoted(inside)}?)" if inside else did_you_mean(waiver.name, known)
        sink.error(
            "unknown-waiver",
            f"nothing that a waiver may hold is called `{waiver.name}`{near}",
            waiver.span,
            "no check, `require` or rule of that name",
            helps=(f"checks: {alternatives(WAIVABLE, 40)}",),
        )


def _check_subject(waiver: Waiver, catalog: Catalog, promised: Sequence[str], sink: Sink) -> None:
    """Report `of` and `at` that name no part of the catalogue, or that a requirement cannot have."""
    told = (("of", waiver.of, waiver.of_span), ("at", waiver.at, waiver.at_span))
    names = _part_names(catalog)
    for field, name, span in told:
        if span is None:
            continue
        if waiver.name in promised:
            message = f"`{field}` says nothing about the requirement `{waiver.name}`: a waiver excuses it as a whole"
            sink.error("unknown-waiver", message, span, "of a check or a rule only")
        elif name not in names:
            message = f"the waiver of `{waiver.name}` is {_MEANT[field]} `{name}`, and there is no part of that name"
            sink.error("unknown-waiver", f"{message}{did_you_mean(name, names)}", span, "no such part")


def _part_names(catalog: Catalog) -> set[str]:
    """Return what a waiver may be for: parts that are plugged in, and boxes with their variants."""
    optics = {*catalog.transceivers, *catalog.attenuators, *catalog.amplifiers, *catalog.muxes}
    cables = {*catalog.fiber_cables, *catalog.direct_cables, *catalog.fiber_grades, *catalog.connectors}
    variants = {each.name for model in catalog.switches.values() for each in model.variants}
    return optics | cables | {*catalog.switches, *catalog.servers} | variants


_MEANT = {"of": "for the part", "at": "for the box"}


def lower_versions(sink: Sink, policy: Entity) -> tuple[Versions, dict[str, Span]]:
    """Return the version of each family of firmware, and where each is stated."""
    versions: Versions = {}
    spans: dict[str, Span] = {}
    for each in through(policy, "firmware"):
        version = each.text("version")
        if each.name in spans:
            sink.error(
                "duplicate-name",
                f"the policy states the firmware of {each.name} twice",
                each.label_span,
                "stated again",
                secondary=(Label(spans[each.name], "first stated here"),),
            )
        elif version and version_key(version) is None:
            bad_version(f"`firmware {each.name}.version`", version, span_of(each, "version"), sink)
        elif version:
            versions[each.name] = version
        spans.setdefault(each.name, each.label_span)
    return versions, spans


def governed(catalog: Catalog, policy: Policy, spans: dict[str, Span], context: Context) -> Catalog:
    """Return the catalogue with its rules as they stand for the design, after checks of what the policy states."""
    sink = context.sink
    known = families_of(catalog) if spans else {}
    for family, span in spans.items():
        if family not in known:
            sink.error(
                "unknown-firmware",
                f"no box, rule or bundle has firmware of the family `{family}`{did_you_mean(family, known)}",
                span,
                "no such family",
                helps=(f"families: {alternatives(list(known))}",) if known else (),
            )
    _bundles(catalog, policy, spans, sink)
    _expiry(catalog, policy, context)
    is_quiet = not policy.firmware and policy.unknown.get("firmware", "warn") == "warn"
    names = {rule.name for rule in catalog.rules}
    of_rules = tuple(waiver for waiver in policy.waivers if waiver.name in names)
    if not of_rules and all(rule.firmware is None for rule in catalog.rules):
        return catalog
    return replace(catalog, rules=rules_at(catalog.rules, policy.firmware, of_rules, is_quiet=is_quiet))


def _bundles(catalog: Catalog, policy: Policy, spans: dict[str, Span], sink: Sink) -> None:
    """Warn of versions that no bundle has together."""
    if len(policy.firmware) < 2:
        return
    for families, nearest in untested(catalog.bundles, policy.firmware):
        stated = " with ".join(f"{family} {policy.firmware[family]}" for family in families)
        members = ", ".join(f"{family} {fact.value}" for family, fact in nearest.members)
        sink.warning(
            "firmware-untested",
            f"no bundle of the catalogue has {stated}; nearest is {nearest.name}: {members}",
            spans[families[0]],
            policy.firmware[families[0]],
            secondary=tuple(Label(spans[family], policy.firmware[family]) for family in families[1:]),
            notes=(f"source: {nearest.members[0][1].source}",) if nearest.members[0][1].source else (),
        )


def is_date(text: str, span: Span, sink: Sink) -> bool:
    """Report a day that no calendar has."""
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        sink.error("bad-date", f"`{text}` is no day of the calendar", span, "year-month-day, as 2027-01-31")
        return False
    return True


def _expiry(catalog: Catalog, policy: Policy, context: Context) -> None:
    """Report exceptions that have ended, and warn of those that end soon; without a calendar nothing ends."""
    if not policy.waivers and not any(each.until for each in catalog.approvals):
        return
    from datetime import date

    sink, today = context.sink, context.options.today
    if today is None and context.calendar is not None:
        today = context.calendar()
    for waiver in policy.waivers:
        left = None if today is None else (date.fromisoformat(waiver.until) - today).days
        if left is not None and left < 0:
            message = f"the waiver of `{waiver.name}` ended on {waiver.until}, {_days(-left)} ago"
            helps = ("settle what it excuses, or give it a new day after asking whoever granted it",)
            sink.error(
                "waiver-expired", message, waiver.span, "ended", notes=(f"because: {waiver.because}",), helps=helps
            )
        elif left is not None and left <= SOON_DAYS:
            message = f"the waiver of `{waiver.name}` ends on {waiver.until}, in {_days(left)}"
            sink.warning("waiver-ends-soon", message, waiver.span, "ends soon", notes=(f"because: {waiver.because}",))
    for each in catalog.approvals:
        if not each.until or not is_date(each.until, each.span, sink):
            continue
        left = None if today is None else (date.fromisoformat(each.until) - today).days
        if left is not None and left < 0:
            message = f"the word on {each.part} ({each.verdict}) ended on {each.until}, {_days(-left)} ago"
            sink.error("approval-expired", message, each.span, "ended", notes=(f"because: {each.because}",))
        elif left is not None and left <= SOON_DAYS:
            message = f"the word on {each.part} ({each.verdict}) ends on {each.until}, in {_days(left)}"
            sink.warning("approval-ends-soon", message, each.span, "ends soon", notes=(f"because: {each.because}",))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
