"""Spare parts: how many of each the rules ask for, after the parts are chosen, and their place in the bill of material.

A rule that lacks a number (a failure rate, a lead time) says nothing; the plan records it as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from optidsl._context import Context
from optidsl._record import record
from optidsl.catalog.spares import DAYS_PER_YEAR, Spares
from optidsl.physics.poisson import least_covering
from optidsl.plan.assemblies import number_cables
from optidsl.plan.cage_counts import modules_by_device
from optidsl.plan.latency import Network
from optidsl.plan.model import PlanBomLine, PlanCheck, PlanDevices, PlanRack
from optidsl.plan.spare_model import PlanSpare, PlanSpares, Share
from optidsl.sema.design import Policy

I64 = NDArray[np.int64]
Thing = tuple[str, str, int]
"""Category, part, length in mm (0 without)."""


@record(frozen=True, slots=True)
class Kept:
    """What is kept, the lines of the bill of material with it, and the checks that come of it."""

    spares: PlanSpares
    bom: tuple[PlanBomLine, ...]
    checks: tuple[PlanCheck, ...]


def keep_spares(
    rules: Spares,
    policy: Policy,
    network: Network,
    devices: PlanDevices,
    racks: Sequence[PlanRack],
    bom: Sequence[PlanBomLine],
    context: Context,
) -> Kept | None:
    """Return the spares, or None after reporting that a number is missing that the policy insists on.

    Args:
        rules: what the author wants kept, with failure rates and lead times.
        policy: says whether an unknown answer stops.
        network: what the plan consists of.
        devices: the plan's devices.
        racks: the plan's racks, which know their sites.
        bom: the lines of what stands in the network.
        context: source map and sink.
    """
    stores = stores_of(rules, network, devices, racks, bom)
    missing = dict.fromkeys(field for store in stores for field in _missing(rules, store.part))
    is_stopped = policy.unknown.get("spares", "stop") == "stop"
    if missing:
        _tell(rules, list(missing), context, is_stopped=is_stopped)
    if missing and is_stopped:
        return None
    record_of = PlanSpares(
        of=rules.of,
        ratio=_share(rules.ratio),
        at_least=rules.at_least,
        confidence=_share(rules.confidence),
        is_per_site=rules.is_per_site,
        stores=tuple(stores),
        source_ref=context.sources.written(rules.span),
    )
    return Kept(record_of, with_spares(bom, stores, rules.of), _checks(rules, list(missing)))


def stores_of(
    rules: Spares, network: Network, devices: PlanDevices, racks: Sequence[PlanRack], bom: Sequence[PlanBomLine]
) -> list[PlanSpare]:
    """Return what every store holds of each thing that the rules speak of; arguments as of `keep_spares`."""
    sites = tuple(dict.fromkeys(rack.site for rack in racks)) if rules.is_per_site else ()
    of_device = _site_of_device(devices, racks, sites)
    counts = _in_service(network, devices, of_device, len(sites) + 1)
    things = dict.fromkeys((line.category, line.part, line.length_mm) for line in bom if line.category in rules.of)
    return [
        _store(rules, thing, (*sites, "")[at], count)
        for thing in things
        for at, count in enumerate(counts[thing].tolist())
        if count
    ]


def _site_of_device(devices: PlanDevices, racks: Sequence[PlanRack], sites: tuple[str, ...]) -> I64:
    """Return the row of each device's store, shape `(n_devices,)`; the last is of the design and of no rack."""
    by_rack = np.array([*(sites.index(rack.site) if sites else 0 for rack in racks), len(sites)], dtype=np.int64)
    found: I64 = by_rack[np.where(devices.rack < 0, len(racks), devices.rack)]
    return found


def _in_service(network: Network, devices: PlanDevices, site: I64, n_stores: int) -> dict[Thing, I64]:
    """Return how many of each thing every store serves, shape `(n_stores,)` each."""
    groups, classes, links = network.groups, network.classes, network.links
    found: dict[Thing, I64] = {}

    def add(thing: Thing, where: I64, weights: I64 | None = None) -> None:
        more = np.bincount(where, weights, minlength=n_stores).astype(np.int64)
        found[thing] = found[thing] + more if thing in found else more

    for group in groups:
        category = "switch" if group.kind == "switch" else "server"
        add((category, group.model, 0), site[group.first : group.first + group.count])
    for name, of_device in modules_by_device(groups, devices, links, classes).items():
        add(("transceiver", name, 0), site, of_device)
    cables = number_cables(network.parts, groups, devices, links, classes)
    _, first = np.unique(cables, return_index=True)
    for row, each in enumerate(classes):
        mine = first[links.link_class[first] == row]
        lengths = np.maximum(links.ordered_mm[mine], 0)
        for length in () if each.line else np.unique(lengths).tolist():
            ends = links.a_device[mine[lengths == length]]
            add(("cable", each.direct or each.fiber, int(length)), site[ends])
        rows = links.link_class == row
        for name, device in ((each.a_attenuator, links.a_device), (each.z_attenuator, links.z_device)):
            if name:
                add(("attenuator", name, 0), site[device[rows]])
    return found


def _store(rules: Spares, thing: Thing, site: str, count: int) -> PlanSpare:
    afr, lead_days = _known(rules, thing[1])
    wanted = [rules.at_least or 0, 0 if rules.ratio is None else ceil(rules.ratio * count)]
    if rules.confidence is not None and afr is not None and lead_days is not None:
        wanted.append(least_covering(count * afr * lead_days / DAYS_PER_YEAR, rules.confidence))
    return PlanSpare(
        part=thing[1],
        length_mm=thing[2],
        site=site,
        in_service=count,
        spares=max(wanted),
        afr=_share(afr),
        lead_days=_share(lead_days),
    )


def _known(rules: Spares, part: str) -> tuple[Fraction | None, Fraction | None]:
    """Return the failure rate and the lead time of a part; None where no rule reads them or nobody states them."""
    if rules.confidence is None:
        return None, None
    own = rules.parts.get(part)
    lead_days = rules.lead_days if own is None or own.lead_days is None else own.lead_days
    return None if own is None else own.afr, lead_days


def _missing(rules: Spares, part: str) -> list[str]:
    afr, lead_days = _known(rules, part)
    if rules.confidence is None:
        return []
    return [f"{name} of {part}" for name, value in (("afr", afr), ("lead_time", lead_days)) if value is None]


def _tell(rules: Spares, missing: list[str], context: Context, *, is_stopped: bool) -> None:
    named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
    tell = context.sink.error if is_stopped else context.sink.warning
    tell(
        "cannot-conclude",
        f"cannot conclude how many spares are enough: nobody states the {named}",
        rules.span,
        "needs failure rates and lead times",
        helps=(
            "state them with the day and the source: `failures PART { afr = …, lead_time = …, as_of = … }`",
            "or keep spares by `ratio` or `at_least` alone, or let parts without a rate go by these: "
            "`policy { unknown { spares = warn } }`",
        ),
    )


def _checks(rules: Spares, missing: list[str]) -> tuple[PlanCheck, ...]:
    if rules.confidence is None:
        return ()
    share = f"{float(rules.confidence):.6%}".rstrip("0%").rstrip(".")
    told = f"spares last for the lead time with a chance of {share} %"
    base = PlanCheck(
        name="spares",
        link_class=-1,
        verdict="holds",
        detail=told,
        margin=None,
        unit="",
        missing="",
        source="",
        confidence="design",
    )
    if not missing:
        return (base,)
    unknown = {"verdict": "unknown", "detail": f"cannot conclude whether {told}", "confidence": ""}
    return tuple(base.model_copy(update={**unknown, "missing": field}) for field in missing)


def with_spares(bom: Sequence[PlanBomLine], stores: Sequence[PlanSpare], of: Sequence[str]) -> tuple[PlanBomLine, ...]:
    """Return the lines with their spares; of a part on two lines, the first has them.

    Args:
        bom: lines of things, without fees.
        stores: what is kept.
        of: categories that the rules speak of.
    """
    left: dict[tuple[str, int], int] = {}
    for store in stores:
        key = (store.part, store.length_mm)
        left[key] = left.get(key, 0) + store.spares
    return tuple(
        line.model_copy(update={"spares": left.pop((line.part, line.length_mm), 0)}) if line.category in of else line
        for line in bom
    )


def _share(value: Fraction | None) -> Share | None:
    return None if value is None else (value.numerator, value.denominator)
