"""The summary in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from optidsl.emit.configs.frr import frr_groups
from optidsl.emit.configs.switches import ethernet_groups
from optidsl.emit.templates import template
from optidsl.emit.wording import decibels, origin_line, slack_text, watts
from optidsl.plan.amounts import cost_values, money_text
from optidsl.plan.failure_domains import domain_line, failure_domains
from optidsl.plan.feed_words import feed_words
from optidsl.plan.model import Plan, PlanCheck, PlanFabric
from optidsl.plan.phase_words import phase_rows
from optidsl.plan.scale_up_words import scale_up_words
from optidsl.plan.waiver_words import waiver_what

_MOST_MARGINS = 10


def summary_md(plan: Plan) -> str:
    """Return the page."""
    header, domains = plan.header, _domains(plan)
    return template("summary.md").render(
        origin=origin_line(plan).replace("--", "- -"),
        title=header.title or header.design,
        facts=_facts(plan),
        fabrics=_table(("fabric", "switches", "endpoints", "links", "bisection", "oversubscription"), _fabrics(plan)),
        optics=_table(("part", "part number", "length", "quantity", "power, at most"), _purchases(plan)),
        margins=_table(("links", "check", "margin", "detail"), _margins(plan)),
        unknown=_table(("links", "check", "missing", "detail"), _unknown(plan)),
        waivers=_table(("waived", "until", "because", "excuses", "written at"), _waivers(plan)) if plan.waivers else "",
        growth=_table(_GROWTH, _growth(plan)) if plan.growth is not None else "",
        domains=_table(("switches", "what fails", "how many each", "takes at worst"), domains) if domains else "",
        requirements=_table(("verdict", "requirement", "slack", "written at"), _requirements(plan)),
        tests=_table(("verdict", "test", "expectation", "found", "worst element", "written at"), _tests(plan))
        if plan.tests
        else "",
    )


_GROWTH = ("phase", "ready", "params", "adds", "watts then", "cost then", "ports left", "requirements")


def _growth(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (row.name, row.ready, row.params, row.adds, row.power, row.cost, row.ports_free, row.requirements)
        for row in phase_rows(plan)
    ]


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
    facts += [(f"firmware {family}", version) for family, version in plan.policy.firmware.items()]
    facts.append(("choice of parts", header.proof + (f"; {header.objective}" if header.objective else "")))
    facts += [("choice of shapes", header.shapes)] if header.shapes else []
    facts += _money(plan)
    if plan.policy.statistical is not None:
        k = Fraction(*plan.policy.statistical.k)
        facts.append(("insertion loss", f"statistical: mean plus {float(k):g} sigma, from the design's own figures"))
    facts += [(f"scale-up {own.name}", scale_up_words(own)) for own in plan.scale_up]
    facts += [(f"feed {feed.path}", feed_words(feed)) for feed in plan.feeds]
    facts += [(f"ports of {fabric.name}", fabric.port_scheme) for fabric in plan.fabrics if fabric.port_scheme]
    able = {group.name for group in frr_groups(plan)}
    if header.left_out:
        facts.append(("not in the part plan of a phase", "; ".join(header.left_out)))
    mute = [group.name for group in ethernet_groups(plan) if group.name not in able]
    if mute:
        facts.append(
            ("without an FRR configuration", f"{', '.join(mute)} (Linux cannot name an interface like a port)")
        )
    return facts


def _money(plan: Plan) -> list[tuple[str, str]]:
    """Return what things cost, and the latencies that the design asks for, where it states or asks anything."""
    found: list[tuple[str, str]] = []
    if any(line.price for line in plan.bom):
        totals = {name.removeprefix("cost."): value for name, value in cost_values(plan.bom).items()}
        words = [f"{name} {'not known' if value is None else money_text(value)}" for name, value in totals.items()]
        found.append((f"cost in {plan.header.currency}", ", ".join(words)))
    for fabric in plan.fabrics:
        for what, ps in (("latency", fabric.latency_ps), ("latency of cables", fabric.cable_latency_ps)):
            if ps is not None:
                found.append((f"{what} of {fabric.name}, worst one way", f"{ps / 1000:.1f} ns"))
    return found


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
                "not known" if fabric.bisection_mbps is None else f"{fabric.bisection_mbps / 1e6:g} Tbit/s",
                _oversubscription(fabric),
            )
        )
    return rows


def _oversubscription(fabric: PlanFabric) -> str:
    if fabric.bisection_mbps is None:
        return "not known"
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
        if line.category in ("transceiver", "cable", "attenuator", "amplifier", "mux")
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


def _waivers(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (waiver_what(each), each.until, each.because, "; ".join(each.covers) or "nothing", each.source_ref)
        for each in plan.waivers
    ]


def _domains(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (f"{each.group} ({each.model})", each.kind, str(each.n_each), domain_line(each))
        for each in failure_domains(plan)
    ]


def _tests(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            each.verdict,
            f"{test.name} ({test.failure} failed)" if test.failure else test.name,
            f"{each.name}: `{each.text}`" if each.name else f"`{each.text}`",
            f"{each.found} ({each.note})" if each.note else each.found,
            each.element,
            each.source_ref,
        )
        for test in plan.tests
        for each in test.expectations
    ]


def _requirements(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            one.verdict,
            f"{one.name}: `{one.text}`" if one.name else f"`{one.text}`",
            slack_text(one.slack, one.unit),
            one.source_ref,
        )
        for one in plan.requirements
    ]
