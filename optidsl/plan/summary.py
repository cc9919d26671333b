"""The short text that a compile ends with."""

from __future__ import annotations

from optidsl.plan.figures import ClassMargin, FabricFigures, Statistics
from optidsl.plan.model import Plan
from optidsl.plan.provision import provision_note

MAX_LINES = 40
_LABEL = 14
_PHYSICAL = ("reach", "loss", "overload", "cage-power")
_UNITS = {"mm": ("m", 1000), "mdB": ("dB", 1000), "mW": ("W", 1000)}


def summary_text(plan: Plan, figures: Statistics) -> str:
    """Return the figures of a plan as at most 40 aligned lines."""
    lines = [_title(plan), ""]
    for fabric, shape in zip(figures.fabrics, plan.fabrics, strict=True):
        lines += _fabric(fabric, provision_note(plan, shape))
    lines += _totals(figures) + _parts(figures) + _verdicts(plan, figures)
    if len(lines) > MAX_LINES:
        left_out = len(lines) - MAX_LINES + 1
        lines = [*lines[: MAX_LINES - 1], f"… and {left_out} more lines: see plan.json"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _title(plan: Plan) -> str:
    title = f": {plan.header.title}" if plan.header.title else ""
    return f"{plan.header.design}{title}"


def _row(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"


def _fabric(fabric: FabricFigures, note: str) -> list[str]:
    lines = [f"fabric {fabric.name} ({fabric.kind.replace('_', '-')}, {fabric.protocol})"]
    for tier in fabric.tiers:
        up = f", {tier.up} up" if tier.up else ""
        lines.append(_row(tier.name, f"{tier.switches:>6} x {tier.model}, each {tier.down} ports down{up}"))
        if note and tier is fabric.tiers[0]:
            lines.append(_row("", note))
    for segment in fabric.segments:
        lines.append(_row("links", f"{segment.links:>6} x {_rate(segment.rate_mbps)}  {segment.a} -- {segment.z}"))
    lines.append(
        _row(
            "capacity",
            f"{fabric.bisection_tbps:g} Tbit/s bisection, oversubscription {fabric.oversubscription:.4g}:1, "
            f"longest path {fabric.hops} {'switch' if fabric.hops == 1 else 'switches'}",
        )
    )
    return [*lines, ""]


def _rate(rate_mbps: int) -> str:
    return f"{rate_mbps / 1000:g}G"


def _totals(figures: Statistics) -> list[str]:
    totals = figures.totals
    gpus = f" with {totals.gpus:,} GPUs" if totals.gpus else ""
    lines = ["totals", _row("nodes", f"{totals.nodes:>6,}{gpus}"), _row("switches", f"{totals.switches:>6,}")]
    length = f", {totals.cable_m:,.0f} m ordered" if totals.cable_m else ", lengths unknown" if totals.cables else ""
    lines.append(_row("cables", f"{totals.cables:>6,}{length}"))
    watts = totals.watts
    shown = [("optics", watts.modules), ("switches", watts.switches), ("nodes", watts.nodes)]
    lines.append(_row("power at most", ", ".join(f"{name} {_kw(value)}" for name, value in shown)))
    if watts.unknown:
        lines.append(_row("", f"no sourced watts for {', '.join(watts.unknown)}"))
    return [*lines, ""]


def _kw(watts: float | None) -> str:
    return "unknown" if watts is None else f"{watts / 1000:,.2f} kW"


def _parts(figures: Statistics) -> list[str]:
    lines = ["parts"]
    lines += [_row(f"{quantity:>8,} x", part) for part, quantity in figures.totals.optics.items()]
    by_part: dict[str, list[tuple[int, int]]] = {}
    for cable in figures.totals.cables_by_sku:
        by_part.setdefault(cable.part, []).append((cable.length_mm, cable.quantity))
    for part, lengths in by_part.items():
        total = sum(quantity for _, quantity in lengths)
        spread = (
            f"{lengths[0][0] / 1000:g}..{lengths[-1][0] / 1000:g} m" if len(lengths) > 1 else _metres(lengths[0][0])
        )
        count = "1 length" if len(lengths) == 1 else f"{len(lengths)} lengths"
        lines.append(_row(f"{total:>8,} x", f"{part}, {count}, {spread}"))
    return [*lines, ""]


def _metres(length_mm: int) -> str:
    return f"{length_mm / 1000:g} m" if length_mm > 0 else "length unknown"


def _verdicts(plan: Plan, figures: Statistics) -> list[str]:
    checks = figures.totals.checks
    lines = [f"checks: {checks['holds']} hold, {checks['fails']} fail, {checks['unknown']} unknown"]
    for name in _PHYSICAL:
        margins = [margin for margin in figures.totals.margins if margin.check == name]
        if margins:
            least = min(margins, key=lambda margin: margin.margin)
            lines.append(_row(name, f"{_margin(least)} left at least, on {least.link_class}"))
    for name, is_soft in (("requirements", False), ("preferences", True)):
        verdicts = [each.verdict for each in plan.requirements if each.is_soft == is_soft]
        if verdicts:
            lines.append(_row(name, f"{verdicts.count('holds')} of {len(verdicts)} hold"))
    lines.append(
        _row(
            "parts are", f"{plan.header.proof}: {plan.header.objective}" if plan.header.objective else plan.header.proof
        )
    )
    return lines


def _margin(margin: ClassMargin) -> str:
    name, scale = _UNITS.get(margin.unit, (margin.unit, 1))
    return f"{margin.margin / scale:g} {name}".rstrip()
