"""The short text that a compile ends with."""

from __future__ import annotations

from collections.abc import Mapping

from optidsl.plan.failure_domains import domain_line, failure_domains
from optidsl.plan.feed_words import feed_words
from optidsl.plan.figures import ClassMargin, Cost, FabricFigures, Statistics
from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.provision import provision_note
from optidsl.plan.scale_up_words import scale_up_words
from optidsl.plan.slice_words import slice_words
from optidsl.plan.waiver_words import waiver_lines

MAX_LINES = 40
_LABEL = 14
_PHYSICAL = ("reach", "loss", "overload", "cage-power")
_UNITS = {"mm": ("m", 1000), "mdB": ("dB", 1000), "mW": ("W", 1000)}


def summary_text(plan: Plan, figures: Statistics) -> str:
    """Return the figures of a plan as at most 40 aligned lines."""
    waived = [_row("waived" if at == 0 else "", line) for at, line in enumerate(waiver_lines(plan))]
    lines = [_title(plan), *waived, ""]
    for fabric, shape in zip(figures.fabrics, plan.fabrics, strict=True):
        lines += _fabric(fabric, provision_note(plan, shape))
    lines += _scale_up(plan)
    lines += _totals(figures, plan) + _parts(plan, figures) + _verdicts(plan, figures)
    if len(lines) > MAX_LINES:
        left_out = len(lines) - MAX_LINES + 1
        lines = [*lines[: MAX_LINES - 1], f"… and {left_out} more lines: see plan.json"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _scale_up(plan: Plan) -> list[str]:
    """Return a line for each scale-up network, cut where the summary breaks."""
    lines: list[str] = []
    for own in plan.scale_up:
        what, _, rate = scale_up_words(own).partition("; ")
        lines += [f"scale-up {own.name}", _row("shape", what), _row("bandwidth", rate.removeprefix("bandwidth ")), ""]
    return lines


def _title(plan: Plan) -> str:
    title = f": {plan.header.title}" if plan.header.title else ""
    return f"{plan.header.design}{title}"


def _row(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"


def _fabric(fabric: FabricFigures, note: str) -> list[str]:
    lines = [f"fabric {fabric.name} ({fabric.kind.replace('_', '-')}, {fabric.protocol})"]
    if fabric.parameters:
        lines.append(_row("parameters", parameters_text(fabric.parameters)))
    for tier in fabric.tiers:
        up = f", {tier.up} up" if tier.up else ""
        lines.append(_row(tier.name, f"{tier.switches:>6} x {tier.model}, each {tier.down} ports down{up}"))
        if note and tier is fabric.tiers[0]:
            lines.append(_row("", note))
    for segment in fabric.segments:
        where = f" ({segment.dimension})" if segment.dimension else ""
        lines.append(
            _row("links", f"{segment.links:>6} x {_rate(segment.rate_mbps)}  {segment.a} -- {segment.z}{where}")
        )
    for each in fabric.slices:
        words = slice_words(each.dims, each.cubes, each.circuits)
        lines.append(_row("slice", f"{each.name}: {words}, {each.bisection_tbps:g} Tbit/s bisection"))
    if fabric.slices:
        return [*lines, ""]
    switches = "switch" if fabric.hops == 1 else "switches"
    lines.append(_row("capacity", f"{_bisection(fabric)}, longest path {fabric.hops} {switches}"))
    if fabric.disjoint_paths is not None:
        ends = path_ends(len(fabric.tiers), any(segment.dimension for segment in fabric.segments))
        lines.append(_row("paths", f"{fabric.disjoint_paths} without a common link between any two {ends}, at least"))
    return [*lines, ""]


def equal_cost_paths(fabric: PlanFabric) -> int:
    """Return the shortest paths between the farthest endpoints of a tree, told apart by their switches.

    Going up, a path chooses a switch of every tier that it climbs; at the top its way down is decided. Every switch
    of the highest tier that it climbs, in its plane (and pod), is the top of one path.
    """
    climbed = fabric.hops // 2
    return fabric.counts[climbed] // fabric.planes // (fabric.pods if climbed < 2 else 1)


def _bisection(fabric: FabricFigures) -> str:
    if fabric.bisection_tbps is None or fabric.oversubscription is None:
        return "bisection not known"
    return f"{fabric.bisection_tbps:g} Tbit/s bisection, oversubscription {fabric.oversubscription:.4g}:1"


def parameters_text(parameters: Mapping[str, int | tuple[int, ...]]) -> str:
    """Return the parameters of a family as the language writes them: `groups = 9, routers_per_group = 4`."""
    words = {name: str(list(value) if isinstance(value, tuple) else value) for name, value in parameters.items()}
    return ", ".join(f"{name} = {value}" for name, value in words.items())


def path_ends(n_tiers: int, has_dimensions: bool) -> str:
    """Return what the paths of a network run between, where it states how many have no link in common."""
    if n_tiers == 1:
        return "switches"
    return "leaves" if has_dimensions else "servers"


def _rate(rate_mbps: int) -> str:
    return f"{rate_mbps / 1000:g}G"


def _totals(figures: Statistics, plan: Plan) -> list[str]:
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
    fed = [_row("" if at else "feeds", f"{feed.path}: {feed_words(feed)}") for at, feed in enumerate(plan.feeds)]
    return [*lines, *fed, *_cost(totals.cost), ""]


def _cost(cost: Cost | None) -> list[str]:
    """Return what the bill of material comes to, in the design's currency."""
    if cost is None:
        return []
    pairs = (
        *(("optics", cost.optics), ("cables", cost.cables), ("switches", cost.switches)),
        *(("lines", cost.lines), ("fees", cost.fees)),
    )
    known = ", ".join(f"{name} {_money(value)}" for name, value in pairs if value != "0.00")
    lines = [_row("cost", f"network {_money(cost.network)} {cost.currency}: {known}")]
    if cost.nodes is not None:
        lines.append(_row("", f"nodes {_money(cost.nodes)} {cost.currency}"))
    if cost.unpriced:
        lines.append(_row("", f"no price of {', '.join(cost.unpriced)}"))
    return lines


def _money(amount: str | None) -> str:
    if amount is None:
        return "unknown"
    whole, _, rest = amount.partition(".")
    return f"{int(whole):,}.{rest}"


def _kw(watts: float | None) -> str:
    return "unknown" if watts is None else f"{watts / 1000:,.2f} kW"


_OTHER_PARTS = {"attenuator": "attenuator", "amplifier": "amplifier", "mux": "multiplexer"}
"""Categories of the bill of material that are neither optics nor cables, by what they are called."""


def _parts(plan: Plan, figures: Statistics) -> list[str]:
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
    more = [line for line in plan.bom if line.category in _OTHER_PARTS]
    lines += [_row(f"{line.quantity:>8,} x", f"{line.part}, {_OTHER_PARTS[line.category]}") for line in more]
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
    if plan.header.shapes:
        lines.append(_row("shapes", plan.header.shapes))
    domains = failure_domains(plan)
    lines += [_row("shared optics" if at == 0 else "", domain_line(each)) for at, each in enumerate(domains)]
    return lines


def _margin(margin: ClassMargin) -> str:
    name, scale = _UNITS.get(margin.unit, (margin.unit, 1))
    return f"{margin.margin / scale:g} {name}".rstrip()
