"""Choose tiers, models and sizes of a fabric: closed form for each way, and the best of the ways."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from optidsl._protocols import carries
from optidsl._record import replace
from optidsl.catalog.parts import SwitchModel
from optidsl.diag import Span
from optidsl.fabric.box import Box, box_at
from optidsl.fabric.demand import Ask, Demand, Ratio, Sizes, connect_below
from optidsl.fabric.leaf import leaf_sizes
from optidsl.fabric.needs import suits
from optidsl.fabric.rates import link_rates
from optidsl.fabric.refusal import Refusal, allows, count_of, words
from optidsl.fabric.tapering import stated_ratios, taper_refusal
from optidsl.fabric.trim import trimmed
from optidsl.fabric.upper import one_tier, three_tiers, two_tiers
from optidsl.sema.design import Design, Fabric, Tier
from optidsl.sema.slot import Slot

MAX_TIERS = 3
_NUMBERS = ("no", "one", "two", "three")


def size_fabric(design: Design, fabric: Fabric, demand: Demand) -> Sizes | Refusal:
    """Return the sizes of a fabric: the fewest tiers that work, then the models that need the fewest switches.

    Where a number of tiers does not work at the rates that ends prefer, others that connects list are tried.

    A tie between models goes to fewer links, then to the order written. Leaves of a Clos fabric then keep only the
    ports that its endpoints need. When nothing works, return the refusal of the way with the most tiers, with what
    was said of other ways as notes.
    """
    choices = _tier_counts(fabric)
    if isinstance(choices, Refusal):
        return choices
    refusals: list[tuple[str, Refusal]] = []
    for count in choices:
        sized, refused = _sized(design, fabric, demand, count)
        for slower in () if sized else _at_other_rates(fabric, count):
            sized = sized or _sized(design, slower, demand, count)[0]
        if sized:
            return trimmed(min(sized, key=lambda sizes: (sizes.switches, sizes.links)), _size)
        refusals = refused or refusals
    return refusal_of(fabric, refusals)


def _sized(design: Design, fabric: Fabric, demand: Demand, count: int) -> tuple[list[Sizes], list[tuple[str, Refusal]]]:
    """Return the sizes of every choice of models that works with a number of tiers, and what refused the others."""
    sized: list[Sizes] = []
    refused: list[tuple[str, Refusal]] = []
    for models, ratio in _ways(design, fabric, count):
        ask = _ask(design, fabric, demand, models, ratio)
        result = ask if isinstance(ask, Refusal) else _size(ask)
        if isinstance(result, Refusal):
            refused.append((words((f"`{model.name}`" for model in models), "and"), result))
        else:
            sized.append(result)
    return sized, refused


def _at_other_rates(fabric: Fabric, count: int) -> Iterator[Fabric]:
    """Yield the fabric with each choice among the rates that connects list: slower ports are more ports.

    A cage that splits may save a tier, so that these are tried before one more.
    """
    lists = [connect.rate_mbps.options or () for connect in fabric.connects[:count]]
    open_ones = [at for at, rates in enumerate(lists) if len(rates) > 1]
    for rates in product(*(lists[at] for at in open_ones)) if open_ones else ():
        chosen = dict(zip(open_ones, rates, strict=True))
        yield replace(
            fabric,
            connects=tuple(
                replace(each, rate_mbps=Slot(value=chosen[at], span=each.rate_mbps.span)) if at in chosen else each
                for at, each in enumerate(fabric.connects)
            ),
        )


def refusal_of(fabric: Fabric, refusals: list[tuple[str, Refusal]]) -> Refusal:
    """Return the refusal to tell of those that each choice of models met, the others as its notes."""
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
    options = [models_of(design, fabric, tier) for tier in fabric.tiers[:count]]
    for models in product(*options):
        for ratio in stated_ratios(fabric):
            yield models, ratio


def models_of(design: Design, fabric: Fabric, tier: Tier) -> tuple[SwitchModel, ...]:
    """Return the models that a tier may have, in the order written."""
    if tier.model.value is not None:
        return (tier.model.value,)
    if tier.model.options is not None:
        return tier.model.options
    return tuple(model for model in design.catalog.switches.values() if suits(fabric, model))


def _size(ask: Ask) -> Sizes | Refusal:
    if ask.fabric.kind == "xgft":
        from optidsl.fabric.xgft import xgft_sizes

        return xgft_sizes(ask)
    if ask.fabric.kind == "fat_tree":
        from optidsl.fabric.fat_tree import k_ary_sizes, whole_refusal

        given = ask.fabric.parameters.get("k")
        if given is not None and isinstance(given.value, int):
            return k_ary_sizes(ask, given.value)
        refused = whole_refusal(ask)
        if refused is not None:
            return refused
    refused = taper_refusal(ask)
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
        refusal = protocol_refusal(fabric, tier, model)
        if refusal is not None:
            return refusal
    rates = link_rates(design, fabric, models)
    if isinstance(rates, Refusal):
        return rates
    boxes: list[Box] = []
    for level, (model, down, up) in enumerate(zip(models, rates, (*rates[1:], 0), strict=True)):
        box = box_at(model, down, up, *_rate_spans(fabric, level), fabric.tiers[level].seats)
        if isinstance(box, Refusal):
            return replace(box, notes=(*_nic_notes(fabric, level), *box.notes))
        boxes.append(box)
    return Ask(fabric, fabric.tiers[: len(models)], tuple(boxes), rates, demand, ratio)


def protocol_refusal(fabric: Fabric, tier: Tier, model: SwitchModel) -> Refusal | None:
    """Refuse a model that does not speak the protocol of the fabric."""
    if carries(model.protocols, fabric.protocol):
        return None
    return Refusal(
        "protocol-not-offered",
        f"`{model.name}` of tier `{tier.name}` speaks {words(model.protocols, 'and')}, and `{fabric.name}` "
        f"needs {fabric.protocol}",
        tier.model.span or tier.origin.span,
        helps=(f"name a model that speaks {fabric.protocol}, or change `protocol`",),
    )


def _nic_notes(fabric: Fabric, level: int) -> tuple[str, ...]:
    """Say whose rate the links of the leaf run at where nobody decided it."""
    if level or connect_below(fabric, 0).rate_mbps.is_decided:
        return ()
    return ("the links to the endpoints run at the rate of their NIC; no `rate` is stated",)


def _rate_spans(fabric: Fabric, level: int) -> tuple[Span, Span]:
    """Return where the rates below and above a tier were decided; where nobody did, the tier's model."""
    tier = fabric.tiers[level]
    model = tier.model.span or tier.origin.span
    below = connect_below(fabric, level).rate_mbps
    above = connect_below(fabric, level + 1).rate_mbps if level + 1 < len(fabric.tiers) else below
    return below.span or model, above.span or model
