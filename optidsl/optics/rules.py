"""What the catalogue's compatibility rules say of two parts that meet."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import replace
from optidsl.catalog.governance import Waiver
from optidsl.catalog.parts import Catalog, DirectCable, Part, Rule, Transceiver
from optidsl.catalog.rules import Use, rules_about, selects
from optidsl.optics.ends import End
from optidsl.optics.tables import Check
from optidsl.optics.text import quantity
from optidsl.optics.verdict import unknown, verdict

_WORDS = {
    "forbidden": "does not go with",
    "warn": "goes with reserve with",
    "limited": "has limited support in",
    "beta": "has beta support in",
    "allowed": "goes with",
}

UNDECIDED = frozenset({"rule-warning", "firmware-warning"})
"""Checks of rules that only warn: whether they apply may be unknown, and stops nothing."""


def standing(catalog: Catalog, kind: str, a: Part, b: Part, use: Use | None = None) -> tuple[list[Rule], Rule | None]:
    """Return the rules against `a` meeting `b` that no closer `allowed` rule lifts, and the closest one that allows.

    A rule is closer than another when its selectors have more words. Nothing lifts a rule about versions of firmware.
    An unverified rule decides nothing; rules with conditions on the far end or the length are not among them.
    """
    found = [
        rule
        for rule in rules_about(catalog, kind, a, b, use)
        if rule.reason.confidence != "unverified" and not _is_conditional(rule)
    ]
    sure = (rule for rule in found if rule.verdict == "allowed" and not rule.doubt)
    allowed = max(sure, key=_closeness, default=None)
    against = [
        rule
        for rule in found
        if (rule.verdict != "allowed" or rule.doubt)
        and (allowed is None or rule.firmware is not None or _closeness(rule) >= _closeness(allowed))
    ]
    return against, allowed


def binding(catalog: Catalog, kind: str, a: Part, b: Part, use: Use | None = None) -> Rule | None:
    """Return the rule that decides for `a` meeting `b`: the strictest one, else the closest that allows."""
    against, allowed = standing(catalog, kind, a, b, use)
    certain = [rule for rule in against if not rule.doubt and _waiver(rule, a, b) is None]
    forbidden = next((rule for rule in certain if rule.verdict == "forbidden"), None)
    return forbidden or next(iter(certain), allowed)


def _is_conditional(rule: Rule) -> bool:
    return bool(rule.far) or rule.longer_than_mm is not None


def _closeness(rule: Rule) -> int:
    return len(rule.a.split()) + len(rule.b.split())


def _waiver(rule: Rule, a: Part, b: Part) -> Waiver | None:
    """Return the waiver by which a design ignores a rule here."""
    return next((each for each in rule.waivers if each.covers((a.name, b.name), (b.name,))), None)


def rule_checks(catalog: Catalog, kind: str, a: Part, b: Part, use: Use | None = None) -> Iterator[Check]:
    """Yield what the rules that stand say: one failure, or every reserve and doubt, or that the pair is allowed.

    The check is called `rule` where a rule forbids or allows, `rule-warning` where it warns, and `firmware` or
    `firmware-warning` where the version that would tell is not known.
    """
    against, allowed = standing(catalog, kind, a, b, use)
    checks = [rule_check(rule, a, b) for rule in against]
    failed = next((check for check in checks if check.verdict == "fails"), None)
    if failed is not None:
        yield failed
        return
    yield from checks
    if allowed is not None and all(check.verdict == "unknown" for check in checks):
        yield rule_check(allowed, a, b)


def rule_check(rule: Rule, a: Part, b: Part, where: str = "") -> Check:
    """Return what one rule says of `a` meeting `b`; `where` adds a condition that holds."""
    about = (a.name, b.name)
    detail = f"{a.name} {_WORDS[rule.verdict]} {b.name}{where}: {rule.reason.value}"
    waiver = _waiver(rule, a, b)
    if waiver is not None:
        return replace(unknown("rule", "", f"waived: {detail}"), waived=waiver, about=about)
    is_hard = rule.verdict in ("forbidden", "allowed")
    if rule.doubt:
        words = f"cannot conclude: {a.name} in {b.name}{where}: {rule.doubt}"
        return replace(unknown("firmware" if is_hard else "firmware-warning", rule.missing, words), about=about)
    ground = (f"rule {rule.name}", rule.reason)
    found = verdict("rule" if is_hard else "rule-warning", rule.verdict != "forbidden", detail, ground)
    return replace(found, about=about)


def conditional_checks(
    catalog: Catalog,
    uses: tuple[Use, Use],
    ends: tuple[End, End],
    part: Transceiver | DirectCable,
    length_mm: int | None,
) -> Iterator[Check]:
    """Yield what rules with conditions say of a plug at one end of a class, seen with the far end and the length.

    Args:
        catalog: where the rules are.
        uses: how the box of the plug and that of the far end are used.
        ends: the end of the plug, and the far end.
        part: the module or the direct cable.
        length_mm: the longest cable of the class, None when it is not known.
    """
    box, far = (end.group.model for end in ends)
    for rule in catalog.rules:
        if not _is_conditional(rule) or rule.reason.confidence == "unverified":
            continue
        if not (selects(rule.a, part) and selects(rule.b, box, uses[0])):
            continue
        if rule.far and not selects(rule.far, far, uses[1]):
            continue
        where = f" facing {far.name}" if rule.far else ""
        if rule.longer_than_mm is None:
            yield replace(rule_check(rule, part, box, where), blame=(rule.span,))
        elif length_mm is None:
            yield _without_length(rule, part, box, where)
        elif length_mm > rule.longer_than_mm:
            limit = quantity(rule.longer_than_mm, "mm")
            found = rule_check(rule, part, box, f"{where} over {quantity(length_mm, 'mm')}, more than {limit}")
            spare = rule.longer_than_mm - length_mm
            yield replace(found, margin=spare, unit="mm") if found.verdict == "fails" else found


def _without_length(rule: Rule, part: Part, box: Part, where: str) -> Check:
    name = "rule" if rule.verdict == "forbidden" else "rule-warning"
    limit = quantity(rule.longer_than_mm or 0, "mm")
    words = f"cannot conclude: {part.name} in {box.name}{where} above {limit}: no length is known"
    return replace(unknown(name, "the length of the links", words), about=(part.name, box.name))
