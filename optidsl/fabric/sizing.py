"""Choose tiers, models and sizes of a fabric: closed form for each way, and the best of the ways."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from optidsl.catalog.parts import SwitchModel
from optidsl.diag import Span
from optidsl.fabric.box import Box, box_at
from optidsl.fabric.demand import Ask, Demand, Ratio, Sizes, connect_below
from optidsl.fabric.leaf import leaf_sizes, ratio_text
from optidsl.fabric.rates import link_rates
from optidsl.fabric.refusal import Refusal, allows, count_of, gbps, words
from optidsl.fabric.trim import trimmed
from optidsl.fabric.upper import one_tier, three_tiers, two_tiers
from optidsl.sema.design import Design, Fabric, Tier

MAX_TIERS = 3
_NUMBERS = ("no", "one", "two", "three")


def size_fabric(design: Design, fabric: Fabric, demand: Demand) -> Sizes | Refusal:
    """Return the sizes of a fabric: the fewest tiers that work, then the models that need the fewest switches.

    A tie between models goes to fewer links, then to the order written. Leaves of a Clos fabric then keep only the
    ports that its endpoints need. When nothing works, return the refusal of the way with the most tiers, with what
    was said of other ways as notes.
    """
    choices = _tier_counts(fabric)
    if isinstance(choices, Refusal):
        return choices
    refusals: list[tuple[str, Refusal]] = []
    for count in choices:
        sized: list[Sizes] = []
        refused: list[tuple[str, Refusal]] = []
        for models, ratio in _ways(design, fabric, count):
            ask = _ask(design, fabric, demand, models, ratio)
            result = ask if isinstance(ask, Refusal) else _size(ask)
            if isinstance(result, Refusal):
                refused.append((words((f"`{model.name}`" for model in models), "and"), result))
            else:
                sized.append(result)
        if sized:
            return trimmed(min(sized, key=lambda sizes: (sizes.switches, sizes.links)), _size)
        refusals = refused or refusals
    return _refusal_of(fabric, refusals)


def _refusal_of(fabric: Fabric, refusals: list[tuple[str, Refusal]]) -> Refusal:
    if not refusals:
        return Refusal(
            "protocol-not-offered",
            f"no switch model of the catalogue speaks {fabric.protocol}, which `{fabric.name}` needs",
            fabric.origin.span,
            helps=("name a `model` in every tier",),
        )
    general = [each for each in refusals if each[1].name not in ("rate-not-offered", "protocol-not-offered")]
    chosen = (general or refusals)[0][1]
    others = [f"with {models}: {each.message}" for models, each in refusals if each.message != chosen.message]
    notes = chosen.notes + tuple(others[:3])
    return Refusal(chosen.name, chosen.message, chosen.span, chosen.label, notes, chosen.helps)


def _tier_counts(fabric: Fabric) -> list[int] | Refusal:
    """Return the numbers of tiers to try, fewest first."""
    slot, declared = fabric.tier_count, len(fabric.tiers)
    least = declared if slot.is_open else 1
    choices = [count for count in range(least, declared + 1) if allows(slot, count) and 1 <= count <= MAX_TIERS]
    if choices:
        return choices
    if declared > MAX_TIERS or declared == 0:
        message = f"`{fabric.name}` declares {count_of(declared, 'tier')}; a fabric has one to three"
        return Refusal("tiers-not-declared", message, fabric.origin.span, helps=("declare one to three tiers",))
    wanted = next((count for count in range(declared + 1, MAX_TIERS + 1) if allows(slot, count)), MAX_TIERS)
    return Refusal(
        "tiers-not-declared",
        f"`{fabric.name}` asks for {count_of(slot.value or wanted, 'tier')} and declares {declared}",
        slot.span or fabric.origin.span,
        helps=(f"set `tiers = {declared}`, or declare {_NUMBERS[wanted]} `tier` blocks",),
    )


def _ways(design: Design, fabric: Fabric, count: int) -> Iterator[tuple[tuple[SwitchModel, ...], Ratio]]:
    """Yield every choice of models and ratio for the lowest `count` tiers, in the order written."""
    options = [_models(design, fabric, tier) for tier in fabric.tiers[:count]]
    for models in product(*options):
        for ratio in _ratios(fabric):
            yield models, ratio


def _models(design: Design, fabric: Fabric, tier: Tier) -> tuple[SwitchModel, ...]:
    if tier.model.value is not None:
        return (tier.model.value,)
    if tier.model.options is not None:
        return tier.model.options
    return tuple(model for model in design.catalog.switches.values() if fabric.protocol in model.protocols)


def _ratios(fabric: Fabric) -> list[Ratio]:
    slot = fabric.oversubscription
    span = slot.span or fabric.origin.span
    if slot.value is not None:
        return [Ratio(slot.value, slot.span is not None, None, span)]
    if slot.options is not None:
        kept = [each for each in slot.options if (slot.upper is None or each <= slot.upper)]
        return [Ratio(each, True, None, span) for each in kept if slot.lower is None or each >= slot.lower]
    limit = slot.upper if slot.upper is not None else max(Fraction(1), slot.lower or Fraction(1))
    return [Ratio(limit, False, slot.lower, span)]


def _size(ask: Ask) -> Sizes | Refusal:
    if ask.fabric.kind == "fat_tree":
        refused = _fat_tree_refusal(ask)
        if refused is not None:
            return refused
    leaf = leaf_sizes(ask)
    if isinstance(leaf, Refusal):
        return leaf
    return (one_tier, two_tiers, three_tiers)[len(ask.tiers) - 1](ask, leaf)


def _ask(
    design: Design, fabric: Fabric, demand: Demand, models: tuple[SwitchModel, ...], ratio: Ratio
) -> Ask | Refusal:
    for tier, model in zip(fabric.tiers, models, strict=False):
        if fabric.protocol not in model.protocols:
            return Refusal(
                "protocol-not-offered",
                f"`{model.name}` of tier `{tier.name}` speaks {words(model.protocols, 'and')}, and `{fabric.name}` "
                f"needs {fabric.protocol}",
                tier.model.span or tier.origin.span,
                helps=(f"name a model that speaks {fabric.protocol}, or change `protocol`",),
            )
    rates = link_rates(design, fabric, models)
    if isinstance(rates, Refusal):
        return rates
    boxes: list[Box] = []
    for level, (model, down, up) in enumerate(zip(models, rates, (*rates[1:], 0), strict=True)):
        box = box_at(model, down, up, *_rate_spans(fabric, level))
        if isinstance(box, Refusal):
            return box
        boxes.append(box)
    return Ask(fabric, fabric.tiers[: len(models)], tuple(boxes), rates, demand, ratio)


def _rate_spans(fabric: Fabric, level: int) -> tuple[Span, Span]:
    """Return where the rates below and above a tier were decided; where nobody did, the tier's model."""
    tier = fabric.tiers[level]
    model = tier.model.span or tier.origin.span
    below = connect_below(fabric, level).rate_mbps
    above = connect_below(fabric, level + 1).rate_mbps if level + 1 < len(fabric.tiers) else below
    return below.span or model, above.span or model


def _fat_tree_refusal(ask: Ask) -> Refusal | None:
    """Refuse a fat tree whose switches are not all of one even radix, or that is oversubscribed."""
    radices = [box.capacity for box in ask.boxes]
    k = radices[0]
    fabric = ask.fabric
    if len(set(radices)) > 1 or len(set(ask.rates_mbps)) > 1:
        tiers = zip(ask.tiers, radices, ask.rates_mbps, strict=True)
        listed = words((f"`{tier.name}` {radix} of {gbps(rate)}" for tier, radix, rate in tiers), "and")
        what = f"needs the same ports in every tier, and has {listed}"
    elif k % 2 or not (len(radices) == 1 or ask.boxes[0].fits(k // 2, k // 2)):
        what = f"needs switches that split in halves, and `{ask.boxes[0].model.name}` has {k} ports"
    elif ask.ratio.limit != 1:
        what = f"has as many ports up as down, and `oversubscription` asks for {ratio_text(ask.ratio.limit)}"
    else:
        return None
    return Refusal(
        "fat-tree-uneven",
        f"fat tree `{fabric.name}` {what}",
        fabric.origin.span,
        helps=("set `kind = clos`, which has no such rule, or take one model of even radix",),
    )
