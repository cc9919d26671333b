"""Whether what a switch states about its cages agrees: modes, limits by number, pipelines, splits, shared optics."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import BreakoutMode, Fact, Lanes, SwitchModel
from optidsl.diag import Span

Complaint = tuple[str, Span, str]
"""A message, its place, and the label there."""


def cage_complaints(part: SwitchModel) -> Iterator[Complaint]:
    """Yield what contradicts itself about the cages of a switch and of its variants."""
    for mode in part.breakout.value:
        yield from _mode(mode, part.lanes.value, part.breakout.span)
    yield from _limits(part)
    yield from _pipelines(part)
    for run in part.splits:
        yield from _run(run.first, run.last, run.step, part, run.source.span, "split")
    if part.splits and all(mode.ports == 1 for mode in part.breakout.value):
        yield "it says which cages split, and no mode has more than one port", part.splits[0].source.span, "split"
    for kind, fact in (("engine", part.engine_ports), ("laser module", part.laser_ports)):
        yield from _shared(kind, fact, part)
    names = [variant.variant for variant in part.variants]
    for variant in part.variants:
        if names.count(variant.variant) > 1 and variant is not part.variants[names.index(variant.variant)]:
            yield f"variant {variant.variant} is declared twice", variant.span, "declared again here"
        yield from _limits(variant)


def _mode(mode: BreakoutMode, lanes: Lanes, span: Span) -> Iterator[Complaint]:
    text, offered = mode_text(mode), f"{lanes.count}x{lanes.rate_mbps // 1000}Gbps"
    if not mode.lanes:
        most = lanes.count * lanes.rate_mbps // 1000
        if mode.ports < 1 or lanes.count % mode.ports:
            why = f"{lanes.count} lanes cannot be shared equally by {mode.ports} ports"
            yield f"a cage of {offered} cannot run as {text}: {why}", span, "breakout"
        elif mode.ports * mode.rate_mbps > lanes.count * lanes.rate_mbps:
            why = f"that is {mode.ports * mode.rate_mbps // 1000}Gbps, and its lanes carry {most}Gbps"
            yield f"a cage of {offered} cannot run as {text}: {why}", span, "breakout"
        return
    if mode.lanes > lanes.count:
        yield f"a cage of {offered} cannot run as {text}: it has {lanes.count} lanes", span, "mode"
    elif mode.ports < 1 or mode.lanes % mode.ports:
        yield f"{mode.lanes} lanes cannot be shared equally by the {mode.ports} ports of {text}", span, "mode"
    elif mode.ports * mode.rate_mbps > mode.lanes * lanes.rate_mbps:
        most = mode.lanes * lanes.rate_mbps // 1000
        yield f"a cage of {offered} cannot run as {text}: {mode.lanes} lanes carry {most}Gbps", span, "mode"


def _limits(part: SwitchModel) -> Iterator[Complaint]:
    for limit in part.cage_limits:
        yield from _run(limit.first, limit.last, limit.step, part, limit.power_mw.span, "cage_power")


def _run(first: int, last: int, step: int, part: SwitchModel, span: Span, label: str) -> Iterator[Complaint]:
    if not 1 <= first <= last <= part.cages.value or step < 1:
        yield f"cages {first}..{last} are not among its cages 1..{part.cages.value}", span, label


def _pipelines(part: SwitchModel) -> Iterator[Complaint]:
    taken: set[int] = set()
    for each in part.pipelines:
        yield from _run(each.first, each.last, 1, part, each.max_ports.span, "pipeline")
        cages = range(max(each.first, 1), min(each.last, part.cages.value) + 1)
        both = next((cage for cage in cages if cage in taken), None)
        if both is not None:
            yield f"cage {both} belongs to two pipelines", each.max_ports.span, "pipeline"
        taken.update(cages)


def _shared(kind: str, fact: Fact[int] | None, part: SwitchModel) -> Iterator[Complaint]:
    if fact is not None and part.cages.value % fact.value:
        yield f"its {part.cages.value} cages are not shared equally by a {kind} of {fact.value} each", fact.span, kind


def mode_text(mode: BreakoutMode) -> str:
    """Return a mode as people write it: `2x400Gbps`, `1x400Gbps on 4 lanes`."""
    lanes = f" on {mode.lanes} lanes" if mode.lanes else ""
    return f"{mode.ports}x{mode.rate_mbps / 1000:g}Gbps{lanes}"
