"""The summary in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optidsl.emit.configs.frr import frr_groups
from optidsl.emit.configs.switches import ethernet_groups
from optidsl.emit.templates import template
from optidsl.emit.wording import decibels, origin_line, watts
from optidsl.plan.model import Plan, PlanCheck, PlanFabric

_MOST_MARGINS = 10


def summary_md(plan: Plan) -> str:
    """Return the page."""
    header = plan.header
    return template("summary.md").render(
        origin=origin_line(plan).replace("--", "- -"),
        title=header.title or header.design,
        facts=_facts(plan),
        fabrics=_table(("fabric", "switches", "endpoints", "links", "bisection", "oversubscription"), _fabrics(plan)),
        optics=_table(("part", "part number", "length", "quantity", "power, at most"), _purchases(plan)),
        margins=_table(("links", "check", "margin", "detail"), _margins(plan)),
        unknown=_table(("links", "check", "missing", "detail"), _unknown(plan)),
        requirements=_table(("verdict", "requirement", "slack", "written at"), _requirements(plan)),
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, or a line that says there is nothing."""
    lines = ["| " + " | ".join(_cell(field) for field in row) + " |" for row in rows]
    if not lines:
        return "Nothing.\n"
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *lines, ""])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _facts(plan: Plan) -> list[tuple[str, str]]:
    header = plan.header
    facts = [("design", header.design)]
    facts += [("owner", header.owner)] if header.owner else []
    facts += [(f"parameter {name}", value) for name, value in sorted(header.params.items())]
    for kind, word in (("node", "servers"), ("switch", "switches")):
        groups = [group for group in plan.groups if group.kind == kind]
        each = ", ".join(f"{group.count} {group.name}" for group in groups)
        facts.append((word, f"{sum(group.count for group in groups)} ({each})" if each else "0"))
    cables = [line for line in plan.bom if line.category == "cable"]
    total_mm = sum(line.quantity * line.length_mm for line in cables)
    facts.append(("links", str(len(plan.links.segment))))
    facts.append(("cables", f"{sum(line.quantity for line in cables)}, {total_mm / 1000:g} m in all"))
    facts.append(("choice of parts", header.proof + (f"; {header.objective}" if header.objective else "")))
    able = {group.name for group in frr_groups(plan)}
    mute = [group.name for group in ethernet_groups(plan) if group.name not in able]
    if mute:
        facts.append(
            ("without an FRR configuration", f"{', '.join(mute)} (Linux cannot name an interface like a port)")
        )
    return facts


def _fabrics(plan: Plan) -> list[tuple[str, ...]]:
    segments = plan.links.segment
    rows: list[tuple[str, ...]] = []
    for fabric in plan.fabrics:
        own = [index for index, segment in enumerate(plan.segments) if segment.fabric == fabric.name]
        tiers = ", ".join(f"{n} {tier}" for n, tier in zip(fabric.counts, fabric.tiers, strict=True))
        n_links = int(np.isin(segments, own).sum())
        rows.append(
            (
                f"{fabric.name}: {fabric.kind}, {fabric.protocol}",
                tiers,
                str(fabric.endpoints),
                str(n_links),
                f"{fabric.bisection_mbps / 1e6:g} Tbit/s",
                _oversubscription(fabric),
            )
        )
    return rows


def _oversubscription(fabric: PlanFabric) -> str:
    # The top tier has nothing above it.
    words = (
        f"{tier} {down / up:.4g}:1"
        for tier, (down, up) in zip(fabric.tiers, fabric.oversubscription, strict=False)
        if up
    )
    return ", ".join(words) or "none"


def _purchases(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            line.part,
            line.part_number,
            f"{line.length_mm / 1000:g} m" if line.length_mm else "",
            str(line.quantity),
            "not stated" if line.power_max_mw is None else f"{watts(line.power_max_mw * line.quantity)} W",
        )
        for line in plan.bom
        if line.category in ("transceiver", "cable")
    ]


def _links_of(plan: Plan, check: PlanCheck) -> str:
    return plan.classes[check.link_class].name if check.link_class >= 0 else "the design"


def _margins(plan: Plan) -> list[tuple[str, ...]]:
    """Return the least margin of every check on every class: those in dB first, least first."""
    known = [check for check in plan.checks if check.margin is not None and check.verdict != "unknown"]
    order = {"mdB": 0, "mm": 1, "mW": 2}
    known.sort(key=lambda one: (order.get(one.unit, 3), one.unit, one.margin or 0, _links_of(plan, one), one.name))
    return [(_links_of(plan, one), one.name, _margin(one), one.detail) for one in known[:_MOST_MARGINS]]


def _margin(check: PlanCheck) -> str:
    margin = check.margin or 0
    words = {"mdB": f"{decibels(margin)} dB", "mm": f"{margin / 1000:g} m", "mW": f"{margin / 1000:g} W"}
    return words.get(check.unit, f"{margin} {check.unit}".rstrip())


def _unknown(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (_links_of(plan, check), check.name, check.missing, check.detail)
        for check in plan.checks
        if check.verdict == "unknown"
    ]


def _requirements(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            one.verdict,
            f"{one.name}: `{one.text}`" if one.name else f"`{one.text}`",
            one.slack,
            one.source_ref,
        )
        for one in plan.requirements
    ]
