"""What rules say once the versions of firmware are known: which apply, which do not, and which nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable

from optidsl._record import replace
from optidsl.catalog.governance import Firmware, Versions, Waiver, is_before
from optidsl.catalog.parts import Bundle, Catalog, Fact, Rule

SUPPORT = ("limited", "beta")
"""Verdicts that tell how far a maker supports a pair: the latest that is not newer than the design holds."""


def families_of(catalog: Catalog) -> dict[str, None]:
    """Return every family of firmware that boxes, rules and bundles name, in that order."""
    boxes = [switch.firmware for switch in catalog.switches.values()]
    boxes += [nic.firmware for server in catalog.servers.values() for nic in server.nics]
    ruled = [rule.firmware.family for rule in catalog.rules if rule.firmware is not None]
    bundled = [family for bundle in catalog.bundles for family, _ in bundle.members]
    return dict.fromkeys(family for family in (*boxes, *ruled, *bundled) if family)


def rules_at(
    rules: Iterable[Rule], versions: Versions, waivers: tuple[Waiver, ...], *, is_quiet: bool
) -> tuple[Rule, ...]:
    """Return the rules as they stand for a design.

    Args:
        rules: the rules as the catalogue states them.
        versions: version by family of firmware, as the policy states them.
        waivers: what the policy lets pass.
        is_quiet: pass over rules that only warn where no version is stated.

    Returns:
        The rules that apply or may apply; those of which nobody can tell say so in `doubt`.
    """
    found: list[Rule] = []
    for rule in rules:
        stands = rule if rule.firmware is None else _at(rule, rule.firmware, versions.get(rule.firmware.family, ""))
        if stands is None or (is_quiet and stands.doubt and rule.verdict == "warn"):
            continue
        own = tuple(waiver for waiver in waivers if waiver.name == rule.name)
        found.append(replace(stands, waivers=own) if own else stands)
    return tuple(rule for rule in found if not _is_outdated(rule, found))


def _at(rule: Rule, firmware: Firmware, version: str) -> Rule | None:
    """Return a rule as it stands at a version ("": not stated), or None when it does not apply there."""
    family = firmware.family
    if not version:
        bounds = f"from {firmware.least} on" if firmware.least else f"for firmware {_interval(firmware)}"
        doubt = f"{rule.reason.value} ({bounds}), and the design states no version of {family}"
        return replace(rule, doubt=doubt, missing=f"policy.firmware {family}.version")
    if firmware.least:
        if not is_before(version, firmware.least):
            return rule
        refused = f"needs {family} firmware >= {firmware.least}, policy says {version}"
        return replace(rule, verdict="forbidden", reason=_reworded(rule.reason, refused))
    if is_before(version, firmware.first):
        return _before(rule, firmware, version)
    if firmware.fixed and not is_before(version, firmware.fixed):
        return None
    if not is_before(firmware.last, version) or firmware.fixed:
        words = f"{rule.reason.value} ({family} firmware {_interval(firmware)}, the design runs {version})"
        return replace(rule, reason=_reworded(rule.reason, words))
    doubt = (
        f"{rule.reason.value} is last listed for {family} firmware {firmware.last}, the design runs {version}; "
        "nothing is published beyond"
    )
    return replace(rule, doubt=doubt, missing=f"rule {rule.name} beyond {firmware.last}")


def _before(rule: Rule, firmware: Firmware, version: str) -> Rule | None:
    """Before its first version an issue does not exist, and neither does a promise of support."""
    if rule.verdict not in SUPPORT:
        return None
    doubt = (
        f"{rule.reason.value} is first listed for {firmware.family} firmware {firmware.first}, the design runs "
        f"{version}; nothing is published before"
    )
    return replace(rule, doubt=doubt, missing=f"rule {rule.name} before {firmware.first}")


def _interval(firmware: Firmware) -> str:
    until = f", fixed in {firmware.fixed}" if firmware.fixed else ""
    same = firmware.first == firmware.last
    return (firmware.first if same else f"{firmware.first} to {firmware.last}") + until


def _reworded(reason: Fact[str], words: str) -> Fact[str]:
    return Fact(words, reason.source, reason.confidence, reason.span)


def _is_outdated(rule: Rule, rules: Iterable[Rule]) -> bool:
    """Tell whether a statement of support is replaced by a nearer one about the same parts.

    A later statement replaces an earlier one as soon as it applies; a promise that only comes later says no more than
    the first one.
    """
    if rule.verdict not in SUPPORT or rule.firmware is None:
        return False
    for other in rules:
        if other is rule or other.verdict not in SUPPORT or other.firmware is None:
            continue
        if (other.kind, other.a, other.b, other.firmware.family) != (rule.kind, rule.a, rule.b, rule.firmware.family):
            continue
        is_later = is_before(rule.firmware.first, other.firmware.first)
        is_future = " before " in other.missing
        if (is_later and not is_future) or (not is_later and " before " in rule.missing):
            return True
    return False


def untested(bundles: Iterable[Bundle], versions: Versions) -> list[tuple[tuple[str, ...], Bundle]]:
    """Return families whose stated versions no bundle has together, each with the nearest bundle.

    Only the widest sets of families that some bundle has in common with the design are looked at. The nearest bundle
    has the most of the stated versions; of equals, the first.
    """
    shared = {bundle.name: tuple(f for f, _ in bundle.members if f in versions) for bundle in bundles}
    by_name = {bundle.name: bundle for bundle in bundles}
    sets = dict.fromkeys(tuple(sorted(each)) for each in shared.values() if len(each) > 1)
    widest = [each for each in sets if not any(set(each) < set(other) for other in sets)]
    found: list[tuple[tuple[str, ...], Bundle]] = []
    for families in widest:
        among = [by_name[name] for name, own in shared.items() if set(own) == set(families)]
        if not any(_n_same(bundle, versions) == len(families) for bundle in among):
            found.append((families, max(among, key=lambda bundle: _n_same(bundle, versions))))
    return found


def _n_same(bundle: Bundle, versions: Versions) -> int:
    stated = ((fact.value, versions[family]) for family, fact in bundle.members if family in versions)
    return sum(not is_before(a, b) and not is_before(b, a) for a, b in stated)
