"""What the catalogue's compatibility rules say of two parts that meet."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Catalog, Part, Rule
from optidsl.catalog.rules import rules_about
from optidsl.optics.tables import Check
from optidsl.optics.verdict import verdict

_WORDS = {"forbidden": "does not go with", "warn": "goes with reserve with", "allowed": "goes with"}


def binding(catalog: Catalog, kind: str, a: Part, b: Part) -> Rule | None:
    """Return the rule that decides for `a` meeting `b`: the strictest one that no closer `allowed` rule lifts.

    A rule is closer than another when its selectors have more words. An unverified rule decides nothing.
    """
    found = [rule for rule in rules_about(catalog, kind, a, b) if rule.reason.confidence != "unverified"]
    allowed = max((rule for rule in found if rule.verdict == "allowed"), key=_closeness, default=None)
    standing = [
        rule
        for rule in found
        if rule.verdict != "allowed" and (allowed is None or _closeness(rule) >= _closeness(allowed))
    ]
    for strictness in ("forbidden", "warn"):
        for rule in standing:
            if rule.verdict == strictness:
                return rule
    return allowed


def _closeness(rule: Rule) -> int:
    return len(rule.a.split()) + len(rule.b.split())


def rule_checks(catalog: Catalog, kind: str, a: Part, b: Part) -> Iterator[Check]:
    """Yield the check of the binding rule, if any: `rule` when it forbids or allows, `rule-warning` when it warns."""
    rule = binding(catalog, kind, a, b)
    if rule is None:
        return
    name = "rule-warning" if rule.verdict == "warn" else "rule"
    detail = f"{a.name} {_WORDS[rule.verdict]} {b.name}: {rule.reason.value}"
    yield verdict(name, rule.verdict != "forbidden", detail, (f"rule {rule.name}", rule.reason))
