"""Enough spares, counted again: what each store serves, and the tail of the distribution of failures."""

from __future__ import annotations

from collections import Counter
from decimal import Context, Decimal

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.spare_model import PlanSpare, PlanSpares
from optidsl.plan.verify.assemblies import near_ends
from optidsl.plan.verify.view import View, finding, number

_PLACES = Context(prec=60)
_NEAR = Decimal("1e-24")
_DAYS = 365


def spare_findings(view: View) -> list[Diagnostic]:
    """Report stores that do not serve what stands there, and those with too few spares or more than any rule asks."""
    own, findings = view.plan.spares, []
    if own is None:
        if any(line.spares is not None for line in view.plan.bom):
            message = "the bill of material has spares, the plan has no rule for them"
            findings.append(finding("spares-mismatch", message))
        return findings
    served = _served(view, own)
    listed: Counter[tuple[str, int, str]] = Counter()
    kept: Counter[tuple[str, int]] = Counter()
    for store in own.stores:
        listed[store.part, store.length_mm, store.site] += store.in_service
        kept[store.part, store.length_mm] += store.spares
        findings += _amount(own, store)
    for key in sorted(served.keys() | listed.keys()):
        if served[key] != listed[key]:
            message = f"spares of {key[0]} are reckoned on {listed[key]} in service, the plan has {served[key]}"
            findings.append(finding("spares-mismatch", message))
    bought: Counter[tuple[str, int]] = Counter()
    for line in view.plan.bom:
        bought[line.part, line.length_mm] += line.spares or 0
    for key2 in sorted(key for key in kept.keys() | bought.keys() if kept[key] != bought[key]):
        message = f"the bill of material has {bought[key2]} spares of {key2[0]}, the stores need {kept[key2]}"
        findings.append(finding("spares-mismatch", message))
    return findings


def _amount(own: PlanSpares, store: PlanSpare) -> list[Diagnostic]:
    """Compare a store with the rules: not fewer than any asks for, and not more than all do."""
    who = f"{store.spares} spares of {store.part} for {store.in_service} in service"
    floor = own.at_least or 0
    if own.ratio is not None:
        floor = max(floor, -(-own.ratio[0] * store.in_service // own.ratio[1]))
    if store.spares < floor:
        return [finding("spares-mismatch", f"{who}: the policy asks for at least {floor}")]
    if own.confidence is None or store.afr is None or store.lead_days is None:
        return [] if store.spares == floor else [finding("spares-mismatch", f"{who}: the policy asks for {floor}")]
    mean = Decimal(store.in_service * store.afr[0] * store.lead_days[0])
    mean = _PLACES.divide(mean, Decimal(store.afr[1] * store.lead_days[1] * _DAYS))
    allowed = 1 - _PLACES.divide(Decimal(own.confidence[0]), Decimal(own.confidence[1]))
    if _beyond(mean, store.spares) > allowed + _NEAR:
        return [finding("spares-mismatch", f"{who}: the chance to run out is above what the policy allows")]
    if store.spares > floor and _beyond(mean, store.spares - 1) < allowed - _NEAR:
        return [finding("spares-mismatch", f"{who}: one less would do")]
    return []


def _beyond(mean: Decimal, count: int) -> Decimal:
    """Return the chance of more than `count` failures, summed from the tail."""
    if mean == 0:
        return Decimal(0)
    if count < mean - 1:
        return 1 - _head(mean, count)
    term = _point(mean, count + 1)
    total, at = term, count + 1
    while term > total * _NEAR:
        at += 1
        term = _PLACES.divide(_PLACES.multiply(term, mean), Decimal(at))
        total = _PLACES.add(total, term)
    return total


def _head(mean: Decimal, count: int) -> Decimal:
    """Return the chance of at most `count` failures, summed downwards from the largest term."""
    term = total = _point(mean, count)
    for at in range(count, 0, -1):
        term = _PLACES.divide(_PLACES.multiply(term, Decimal(at)), mean)
        total = _PLACES.add(total, term)
    return total


def _point(mean: Decimal, count: int) -> Decimal:
    """Return the chance of exactly `count` failures, by logarithms."""
    log = _PLACES.subtract(_PLACES.multiply(Decimal(count), _PLACES.ln(mean)), mean)
    for at in range(2, count + 1):
        log = _PLACES.subtract(log, _PLACES.ln(Decimal(at)))
    return _PLACES.exp(log)


def _served(view: View, own: PlanSpares) -> Counter[tuple[str, int, str]]:
    """Count again what each store serves, by part, length and site."""
    plan, links = view.plan, view.plan.links
    places = [rack.site if own.is_per_site else "" for rack in plan.racks]
    site = [places[rack] if rack >= 0 else "" for rack in plan.devices.rack.tolist()]
    found: Counter[tuple[str, int, str]] = Counter()
    if "switch" in own.of:
        groups = plan.devices.group.tolist()
        kinds = [plan.groups[group] for group in groups]
        found.update((kind.model, 0, where) for kind, where in zip(kinds, site, strict=True) if kind.kind == "switch")
    _, first = np.unique(near_ends(view), return_index=True)
    is_first = np.zeros(len(links.link_class), dtype=bool)
    is_first[first] = True
    cages: dict[tuple[str, int], int] = {}
    for row, each in enumerate(plan.classes):
        rows = view.rows(row)
        if "cable" in own.of and not each.line:
            for link in rows[is_first[rows]].tolist():
                length = max(int(links.ordered_mm[link]), 0)
                found[each.direct or each.fiber, length, site[int(links.a_device[link])]] += 1
        ends = ((each.a_module, each.a_attenuator, view.a), (each.z_module, each.z_attenuator, view.z))
        for module, attenuator, side in ends:
            if "attenuator" in own.of and attenuator:
                found.update((attenuator, 0, site[device]) for device in side.device[rows].tolist())
            if "transceiver" in own.of and module and number(view.part(module), "built_in") is None:
                at = zip(side.cage_id[rows].tolist(), side.device[rows].tolist(), strict=True)
                cages.update({(module, cage): device for cage, device in at})
    found.update((module, 0, site[device]) for (module, _), device in cages.items())
    return found
