"""Autonomous system numbers of a Clos fabric that routes with eBGP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from optidsl._context import Context
from optidsl._pins import Pins
from optidsl.fabric.tables import FabricTables
from optidsl.plan.addresses import Pool, allocate, kept_words
from optidsl.plan.natural import Natural, Part, system_offsets
from optidsl.sema.design import Asn

I64 = NDArray[np.int64]

PRIVATE = ((64_512, 65_534), (4_200_000_000, 4_294_967_294))
"""Numbers for private use. Source: RFC 6996 section 5; RFC 7938 section 5.2.2 builds on them."""

RESERVED = ((23_456, 23_456), (64_496, 64_511), (65_535, 65_551), (4_294_967_295, 4_294_967_295))
"""Numbers that no network may use. Source: RFC 6793 section 9 (AS_TRANS), RFC 5398 (documentation), RFC 7300."""

SPINE, CORE = 2, 3

_Set = tuple[str, int, int]
"""Fabric, plane and pod of switches that share a number."""


def number_systems(
    asn: Asn,
    natural: Natural,
    routed: frozenset[str],
    identities: Sequence[str],
    pins: Pins,
    context: Context,
    stated: Mapping[int, int] = MappingProxyType({}),
) -> I64 | None:
    """Number the switches: each leaf its own; the spines of a plane (of a pod, below a core) one; a plane's core one.

    Args:
        asn: where each range begins.
        natural: groups and devices, and what numbers follow from.
        routed: names of the fabrics that route.
        identities: of the devices, shape `(n_devices,)`.
        pins: numbers in service by identity.
        stated: numbers that the author gives, by device row.
        context: takes `asn-ranges-overlap`, `asn-pool-exhausted`, `asn-reserved`, `asn-not-private`,
            `numbers-packed`.

    Returns:
        Numbers, shape `(n_devices,)`, 0 where there is none; None when ranges meet or one is too small.

    Source: RFC 7938 section 5.2.2 (one ASN for Tier 1, one per cluster for Tier 2, one per Tier 3 device).
    """
    leaves, shared = _who_shares(natural.tables, routed, stated)
    if _overlaps(asn, shared, context):
        return None
    column = np.zeros(len(identities), dtype=np.int64)
    column[list(stated)] = list(stated.values())
    pool = Pool(asn.leaf_first, asn.leaf_last)
    wanted, keys = system_offsets(natural, leaves, pool.size), [identities[row] for row in leaves]
    if wanted is not None:
        wanted += pool.first
    freed = pins.quarantined.asns
    given = allocate(pool, len(leaves), keys, pins.asns, set(stated.values()), wanted, freed)
    if given is None:
        _exhausted("leaf", pool, len(leaves), "leaves", asn, context)
        return None
    if wanted is None:
        _packed("leaf", asn, [key not in pins.asns for key in keys], context)
    column[leaves] = given
    if not _number_sets(asn, natural, shared, identities, pins, context, set(stated.values()), column):
        return None
    if _is_reserved(asn, column, context):
        return None
    _warn_public(asn, column, context)
    return column


def _number_sets(
    asn: Asn,
    natural: Natural,
    shared: Mapping[int, Mapping[_Set, list[int]]],
    identities: Sequence[str],
    pins: Pins,
    context: Context,
    stated: set[int],
    column: I64,
) -> bool:
    """Write the number of every set of switches that share one, the core first; False when a range is too small."""
    taken = {*_held(shared[SPINE], identities, pins).values(), *stated}
    for level, field, first in ((CORE, "core", asn.core), (SPINE, "spine", asn.spine)):
        sets = shared[level]
        pool, held = _range_from(first, asn), _held(sets, identities, pins)
        wanted = _wanted(natural, sets, pool, _are_mixed(asn))
        numbers = allocate(pool, len(sets), list(sets), held, taken, wanted, pins.quarantined.asns)
        if numbers is None:
            _exhausted(field, pool, len(sets), f"sets of {field} switches", asn, context)
            return False
        if wanted is None:
            _packed(field, asn, [key not in held for key in sets], context)
        taken = {*numbers.tolist(), *stated}
        for number, members in zip(numbers.tolist(), sets.values(), strict=True):
            column[members] = number
    return True


def _who_shares(
    tables: FabricTables, routed: frozenset[str], stated: Mapping[int, int]
) -> tuple[list[int], dict[int, dict[_Set, list[int]]]]:
    """Return the rows of the leaves, and by level the sets of rows that share a number, those stated left out.

    Switches of a tier that are joined to each other count as leaves: with one number they would not hear each other.
    So do those of every tier that has endpoints.
    """
    leaves: list[int] = []
    shared: dict[int, dict[_Set, list[int]]] = {SPINE: {}, CORE: {}}
    height = {shape.fabric.name: len(shape.tiers) for shape in tables.shapes}
    joined = {(shape.fabric.name, each.tier) for shape in tables.shapes for each in shape.dimensions}
    joined |= {(segment.fabric, segment.z) for segment in tables.segments if segment.a == "endpoints"}
    pods = tables.devices.pod.tolist()
    for group in tables.groups:
        if group.kind != "switch" or group.fabric not in routed:
            continue
        rows = [row for row in range(group.first, group.first + group.count) if row not in stated]
        if group.level == 1 or (group.fabric, group.tier_name) in joined:
            leaves.extend(rows)
            continue
        is_per_pod = group.level < height[group.fabric]
        for row in rows:
            key = (group.fabric, max(group.plane, 0), max(pods[row], 0) if is_per_pod else 0)
            shared[min(group.level, CORE)].setdefault(key, []).append(row)
    return leaves, shared


def _held(sets: Mapping[_Set, list[int]], identities: Sequence[str], pins: Pins) -> dict[_Set, int]:
    """Return the number in service of each set: the one that its first numbered member holds."""
    held: dict[_Set, int] = {}
    for key, rows in sets.items():
        number = next((pins.asns[identities[row]] for row in rows if identities[row] in pins.asns), None)
        if number is not None:
            held[key] = number
    return held


def _are_mixed(asn: Asn) -> bool:
    """Tell whether the ranges of spines and core are one."""
    return _range_from(asn.spine, asn).last == _range_from(asn.core, asn).last


def _wanted(natural: Natural, sets: Mapping[_Set, list[int]], pool: Pool, is_mixed: bool) -> I64 | None:
    """Return the number of each set by its fabric, plane and pod; where spines and core have one range, every other."""
    step = 2 if is_mixed else 1
    found: list[int] = []
    for fabric, plane, pod in sets:
        part = Part(0, pool.size).cut(natural.fabrics.index(fabric))
        offset = (pod * natural.planes[fabric] + plane) * step
        if offset >= part.size:
            return None
        found.append(pool.first + part.first // step * step + offset)
    return np.array(found, dtype=np.int64)


def _packed(field: str, asn: Asn, is_open: Sequence[bool], context: Context) -> None:
    """Say that numbers of a range follow from positions, where any is given anew."""
    if not any(is_open):
        return
    context.sink.warning(
        "numbers-packed",
        f"the range of asn.{field} is too small for numbers that follow from keys: they are packed, and move when the "
        "fabric grows",
        None if asn.origin is None else asn.origin.span,
        f"spine from {asn.spine}, leaf {asn.leaf_first}..{asn.leaf_last}, core from {asn.core}",
        notes=("the lock keeps the numbers that are in service",),
        helps=("give the range a few times as many numbers as there are switches",),
    )


def _range_from(first: int, asn: Asn) -> Pool:
    """Return the numbers from `first` up to where the leaves' range begins or the private range ends.

    Spines and core may share a range: what one takes, the other skips.
    """
    last = PRIVATE[0][1] if first <= PRIVATE[0][1] else PRIVATE[1][1]
    return Pool(first, min(last, asn.leaf_first - 1) if asn.leaf_first > first else last)


def _overlaps(asn: Asn, shared: dict[int, dict[_Set, list[int]]], context: Context) -> bool:
    """Report a number of spines or core switches that lies among those of the leaves."""
    inside = [
        (field, first)
        for level, field, first in ((SPINE, "spine", asn.spine), (CORE, "core", asn.core))
        if shared[level] and asn.leaf_first <= first <= asn.leaf_last
    ]
    if not inside:
        return False
    numbers = " and ".join(f"asn.{field} = {first}" for field, first in inside)
    verb = "lies" if len(inside) == 1 else "lie"
    context.sink.error(
        "asn-ranges-overlap",
        f"{numbers} {verb} in the range of the leaves, asn.leaf = {asn.leaf_first}..{asn.leaf_last}; ranges must not "
        "overlap",
        None if asn.origin is None else asn.origin.span,
        "the numbers are set here",
        helps=tuple(f"set `{field} = {_outside(asn)}`, or move the range of the leaves" for field, _ in inside[:1]),
    )
    return True


def _outside(asn: Asn) -> int:
    """Return a number next to the leaves' range, below it where a private range reaches there."""
    is_private = any(first <= asn.leaf_first - 1 <= last for first, last in PRIVATE)
    return asn.leaf_first - 1 if is_private else asn.leaf_last + 1


def _exhausted(field: str, pool: Pool, needed: int, things: str, asn: Asn, context: Context) -> None:
    lacking, ways = kept_words(pool, needed, context.pins.quarantined.asns)
    context.sink.error(
        "asn-pool-exhausted",
        f"asn.{field} from {pool.first} holds {pool.size} numbers, {needed} {things} need one each: {lacking}",
        None if asn.origin is None else asn.origin.span,
        f"spine from {asn.spine}, leaf {asn.leaf_first}..{asn.leaf_last}, core from {asn.core}",
        helps=(
            *ways,
            "take ranges that do not meet from the private 4-byte numbers 4200000000..4294967294",
        ),
    )


def _is_reserved(asn: Asn, column: I64, context: Context) -> bool:
    """Report numbers in use that are reserved."""
    for first, last in RESERVED:
        hit = column[(column >= first) & (column <= last)]
        if not hit.size:
            continue
        what = f"{first}" if first == last else f"{first}..{last}"
        context.sink.error(
            "asn-reserved",
            f"the fabric would use the autonomous system number {int(hit.min())}; {what} "
            f"{'is' if first == last else 'are'} reserved and no router takes {'it' if first == last else 'them'}",
            None if asn.origin is None else asn.origin.span,
            "the numbers are set here",
            helps=("take private numbers: 64512..65534 or 4200000000..4294967294",),
        )
        return True
    return False


def _warn_public(asn: Asn, column: I64, context: Context) -> None:
    used = np.unique(column[column > 0])
    is_private = np.zeros(used.size, dtype=bool)
    for first, last in PRIVATE:
        is_private |= (used >= first) & (used <= last)
    public = used[~is_private]
    if not public.size:
        return
    context.sink.warning(
        "asn-not-private",
        f"{public.size} of {used.size} autonomous system numbers are not for private use, the first is "
        f"{int(public[0])}; private are {PRIVATE[0][0]}..{PRIVATE[0][1]} and {PRIVATE[1][0]}..{PRIVATE[1][1]}",
        None if asn.origin is None else asn.origin.span,
        "the numbers are set here",
    )
