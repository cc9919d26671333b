"""Figures of two plans, before and after: only those that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.difference.capacity import one_lost
from optidsl.difference.model import BomChange, FigureChange, RequirementChange
from optidsl.difference.words import bandwidth, counted, decibels, decimal, metres, percent, ratio, watts
from optidsl.plan.amounts import cost_values, money_text
from optidsl.plan.model import Plan, PlanBomLine, PlanFabric
from optidsl.plan.verify.plugs import plugs_by_class
from optidsl.plan.verify.view import number, view_of

I64 = NDArray[np.int64]

NONE = "-"


@record(frozen=True, slots=True)
class _Figure:
    name: str
    value: str
    note: str = ""


def figure_changes(before: Plan, after: Plan, *, is_rewired: bool) -> tuple[FigureChange, ...]:
    """Return the figures that differ.

    Args:
        before: the plan in service.
        after: the plan to come.
        is_rewired: whether devices or links differ; without it, what follows from them alone is not computed.
    """
    old, new = ({each.name: each for each in _figures(plan, is_rewired)} for plan in (before, after))
    found = []
    for name in dict.fromkeys([*new, *old]):
        was, now = (side[name].value if name in side else NONE for side in (old, new))
        if was != now:
            notes = [side[name].note if name in side else "" for side in (old, new)]
            note = notes[1] if notes[0] == notes[1] else "; was ".join(filter(None, (notes[1], notes[0])))
            found.append(FigureChange(name, was, now, note))
    return tuple(found)


def _figures(plan: Plan, is_rewired: bool) -> Iterator[_Figure]:
    yield from _sizes(plan)
    yield from _watts(plan)
    if is_rewired:
        yield from _rack_watts(plan)
    for feed in plan.feeds:
        worst = f"{watts(feed.worst_mw)} without {feed.worst_without}" if feed.worst_without else ""
        yield _Figure(f"power of feed {feed.path}", watts(feed.load_mw), worst)
    yield from _costs(plan)
    yield from _margins(plan)
    for fabric in plan.fabrics:
        yield from _fabric(fabric)
        if is_rewired and (share := one_lost(plan, fabric.name)) is not None:
            name = f"{fabric.name}: kept when the worst switch fails"
            yield _Figure(name, percent(share.share), f"of the links of {share.at} upwards")
    for words, verdict in (("checks that fail", "fails"), ("checks that cannot conclude", "unknown")):
        yield _Figure(words, str(sum(check.verdict == verdict for check in plan.checks)))
    yield _Figure("proof", plan.header.proof)


def _sizes(plan: Plan) -> Iterator[_Figure]:
    kinds = {kind: sum(group.count for group in plan.groups if group.kind == kind) for kind in ("node", "switch")}
    yield _Figure("nodes", f"{kinds['node']:,}")
    yield _Figure("GPUs", f"{sum(group.count * group.gpus for group in plan.groups):,}")
    yield _Figure("switches", f"{kinds['switch']:,}")
    yield _Figure("links", f"{len(plan.links.segment):,}")
    cables = [line for line in plan.bom if line.category == "cable"]
    optics = [line for line in plan.bom if line.category == "transceiver"]
    yield _Figure("cables", f"{sum(line.quantity for line in cables):,}")
    yield _Figure("cable length", metres(sum(line.length_mm * line.quantity for line in cables)))
    yield _Figure("modules", f"{sum(line.quantity for line in optics):,}")
    yield _Figure("module SKUs", str(len({line.part for line in optics})))
    yield _Figure("cable SKUs", str(len({(line.part, line.length_mm) for line in cables})))


# ------------------------------------------------------------------ power, money, margins


_POWER = (("modules", ("transceiver", "cable")), ("switches", ("switch",)), ("nodes", ("server",)))


def _watts(plan: Plan) -> Iterator[_Figure]:
    totals = []
    for name, categories in _POWER:
        totals.append(_sum([line for line in plan.bom if line.category in categories]))
        yield _Figure(f"power of {name}", watts(totals[-1]))
    known = [total for total in totals if total is not None]
    yield _Figure("power in all", watts(sum(known) if len(known) == len(totals) else None))


def _sum(lines: Sequence[PlanBomLine]) -> int | None:
    total = 0
    for line in lines:
        if line.power_max_mw is None:
            return None
        total += line.power_max_mw * line.quantity
    return total


def _rack_watts(plan: Plan) -> Iterator[_Figure]:
    """Yield the highest draw of each rack: boxes and what is in their cages, as far as their figures are known."""
    view, racks = view_of(plan), len(plan.racks)
    models = [number(plan.parts[group.model], "power_max_mw") for group in plan.groups]
    load = np.zeros(racks + 1, np.int64)
    np.add.at(load, plan.devices.rack, np.array([power or 0 for power in models] or [0], np.int64)[plan.devices.group])
    cages, powers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for _, plugs in plugs_by_class(view):
        for plug in plugs:
            cages.append(plug.ends.cage_id[plug.rows])
            powers.append(np.full(len(plug.rows), plug.power_mw or 0, np.int64))
    distinct, first = np.unique(np.concatenate(cages), return_index=True)
    np.add.at(load, plan.devices.rack[distinct // view.stride], np.concatenate(powers)[first])
    for rack, power in zip(plan.racks, load.tolist(), strict=False):
        cap = "" if rack.power_cap_mw is None else f"may draw {watts(rack.power_cap_mw)}"
        yield _Figure(f"power of rack {rack.name}", watts(power), cap)


def _costs(plan: Plan) -> Iterator[_Figure]:
    if not any(line.price for line in plan.bom):
        return
    for name, value in cost_values(plan.bom).items():
        words = name.removeprefix("cost.")
        text = "unknown" if value is None else f"{_grouped(money_text(value))} {plan.header.currency}"
        yield _Figure(f"cost of {words}" if words != "network" else "cost in all, without nodes", text)


def _grouped(money: str) -> str:
    whole, dot, cents = money.partition(".")
    return f"{int(whole):,}{dot}{cents}"


_UNITS = {
    "mdB": ("worst optical margin", decibels),
    "mm": ("worst margin of reach", metres),
    "mW": ("worst margin of power", watts),
}


def _margins(plan: Plan) -> Iterator[_Figure]:
    """Yield the least margin of each kind, and which links have it."""
    worst: dict[str, tuple[int, str]] = {}
    for check in plan.checks:
        if check.margin is None or check.unit not in _UNITS:
            continue
        at = plan.classes[check.link_class].name if check.link_class >= 0 else "the design"
        least = worst.get(check.unit)
        if least is None or check.margin < least[0]:
            worst[check.unit] = (check.margin, f"{check.name}, {at}")
    for unit, (name, words) in _UNITS.items():
        if unit in worst:
            yield _Figure(name, words(worst[unit][0]), worst[unit][1])


def _fabric(fabric: PlanFabric) -> Iterator[_Figure]:
    for tier, (down, up) in zip(fabric.tiers, fabric.oversubscription, strict=False):
        yield _Figure(f"{fabric.name}: oversubscription of {tier}", ratio(down, up))
    yield _Figure(f"{fabric.name}: endpoints", f"{fabric.endpoints:,}")
    yield _Figure(f"{fabric.name}: bisection", bandwidth(fabric.bisection_mbps))
    yield _Figure(f"{fabric.name}: switches on the longest path", str(fabric.hops))
    if fabric.latency_ps is not None:
        yield _Figure(f"{fabric.name}: worst latency", f"{decimal(Fraction(fabric.latency_ps, 1000), 3)} ns")


# ------------------------------------------------------------------ bill of material, requirements


def bom_changes(before: Plan, after: Plan) -> tuple[BomChange, ...]:
    """Return the lines whose quantity differs, one for each part and length, in the order of the bill."""
    old, new = _by_part(before.bom), _by_part(after.bom)
    found = []
    for key in dict.fromkeys([*new, *old]):
        counts = [sum(line.quantity for line in side.get(key, ())) for side in (old, new)]
        if counts[0] == counts[1]:
            continue
        line = (new.get(key) or old[key])[0]
        plan = after if key in new else before
        total = money_text(Fraction(line.price) * (counts[1] - counts[0])) if line.price else ""
        found.append(
            BomChange(
                *(line.category, line.part, line.part_number, line.length_mm, counts[0], counts[1]),
                *(line.price, total, plan.header.currency if line.price else "", line.stock),
            )
        )
    return tuple(found)


def _by_part(bom: Iterable[PlanBomLine]) -> dict[tuple[str, str, int], list[PlanBomLine]]:
    found: dict[tuple[str, str, int], list[PlanBomLine]] = {}
    for line in bom:
        found.setdefault((line.category, line.part, line.length_mm), []).append(line)
    return found


def requirement_changes(before: Plan, after: Plan) -> tuple[RequirementChange, ...]:
    """Return requirements and tests whose verdict or slack differs; those that hold no more come first."""
    old, new = _verdicts(before), _verdicts(after)
    found = []
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key), new.get(key)
        if one is not None and other is not None and one[:3] == other[:3]:
            continue
        known = new[key] if other is not None else old[key]
        was, had, *_ = one or ("", "")
        now, has, *_ = other or ("", "")
        found.append(RequirementChange(key[0], known[2], was, now, had, has, known[3], known[4]))
    return tuple(sorted(found, key=lambda each: not each.has_flipped))


_Verdict = tuple[str, str, str, bool, str]
"""Verdict, slack, text, whether it is soft, line."""


def _verdicts(plan: Plan) -> dict[tuple[str, int], _Verdict]:
    found: dict[tuple[str, int], _Verdict] = {}
    for each in plan.requirements:
        slack = _slack(each.slack, each.unit)
        key = each.name or each.text
        found[key, sum(name == key for name, _ in found)] = (
            each.verdict,
            slack,
            each.text,
            each.is_soft,
            each.source_ref,
        )
    for test in plan.tests:
        words = counted(test.elements, "element")
        found[f"test {test.name}", 0] = (test.verdict, words, test.failure, False, test.source_ref)
    return found


_SCALES = {"mW": (1_000, "W"), "mm": (1_000, "m"), "Mbps": (1_000, "Gbit/s"), "ps": (1_000, "ns")}


def _slack(slack: str, unit: str) -> str:
    if not slack:
        return ""
    scale, name = _SCALES.get(unit, (1, unit))
    return f"{decimal(Fraction(slack) / scale, 6)} {name}".strip()
