"""Why a tier does not have another switch: the design is built with it, and either fails or has a price."""

from __future__ import annotations

from optidsl._pins import Pins
from optidsl._record import record, replace
from optidsl.catalog.parts import SwitchModel
from optidsl.diag import Sink
from optidsl.optics.why.class_text import filled, step_lines
from optidsl.optics.why.flips import Parts
from optidsl.optics.why.flips_shape import sizes
from optidsl.optics.why.study import Step, Study, steps, study
from optidsl.sema.design import Design, Fabric, Tier
from optidsl.sema.slot import Slot


@record(frozen=True, slots=True)
class WhyNotModel:
    """Why a tier does not have a switch model: what the design with it fails by, or its sizes and what it costs."""

    tier: str
    wanted: str
    is_chosen: bool
    failures: tuple[str, ...] = ()
    sizes: Parts = ()
    steps: tuple[Step, ...] = ()


def why_not_model(ours: Study, path: str, wanted: str) -> WhyNotModel | None:
    """Return why a tier does not have a model; None when there is no such tier, or no such model in the catalogue."""
    fabric_name, _, tier_name = path.rpartition(".")
    model = ours.design.catalog.switches.get(wanted)
    fabric = next((each for each in ours.design.fabrics if each.name == fabric_name), None)
    if model is None or fabric is None or all(tier.name != tier_name for tier in fabric.tiers):
        return None
    groups = [each for each in ours.placed.tables.groups if (each.fabric, each.tier_name) == (fabric_name, tier_name)]
    if any(each.model.name == wanted for each in groups):
        return WhyNotModel(path, wanted, True)
    return _built(ours, _with(ours.design, fabric, tier_name, model), path, wanted)


def _with(design: Design, fabric: Fabric, tier_name: str, model: SwitchModel) -> Design:
    """Return the design with another model in a tier; its counts and ports are derived again where they were open."""

    def moved(tier: Tier) -> Tier:
        return replace(tier, model=Slot(value=model, span=tier.model.span)) if tier.name == tier_name else tier

    changed = replace(fabric, tiers=tuple(moved(tier) for tier in fabric.tiers))
    return replace(design, fabrics=tuple(changed if each is fabric else each for each in design.fabrics))


def _built(ours: Study, design: Design, path: str, wanted: str) -> WhyNotModel:
    from optidsl.fabric import synthesize
    from optidsl.layout import place
    from optidsl.optics.choose import choose

    context = replace(ours.context, sink=Sink(), pins=Pins())
    tables = synthesize(design, context)
    placed = None if tables is None else place(design, tables, context)
    choice = None if placed is None else choose(design, placed, context, recheck=False)
    if placed is None or choice is None or context.sink.has_errors:
        found = context.sink.sorted()
        return WhyNotModel(path, wanted, False, tuple(each.message for each in found if each.severity == "error"))
    theirs = study(design, placed if choice.tables is None else replace(placed, tables=choice.tables), choice, context)
    changes = steps(ours.model, ours.picks, theirs.model, theirs.picks)
    return WhyNotModel(path, wanted, False, (), sizes(theirs.placed.tables), changes)


def why_not_model_lines(why: WhyNotModel) -> list[str]:
    """Return the answer as lines."""
    lines = filled("", f"why not {why.wanted} for {why.tier}", "  ")
    if why.is_chosen:
        return [*lines, "  the tier has it"]
    if why.failures:
        lines.append("  the design with it is not possible")
        return [*lines, *(line for each in why.failures for line in filled("    - ", each, "      "))]
    lines.append("  the design with it is possible, with the parts that are then best")
    for name, size in why.sizes:
        lines += filled("    ", f"{name}: {size}")
    return [*lines, *step_lines(why.steps)]
