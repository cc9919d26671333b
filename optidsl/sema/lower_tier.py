"""Tiers of a fabric: the switch as ordered, and the cages that the author gives to a side."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.catalog.parts import SwitchModel
from optidsl.diag import InternalError
from optidsl.schema.entity import Entity, Scalar
from optidsl.schema.nearest import did_you_mean
from optidsl.sema.design import CageSeats, Given, Tier
from optidsl.sema.lower_given import lower_given
from optidsl.sema.lower_place import lower_place
from optidsl.sema.lowering import Lowering, address_of, integer, part_name, ratio, slot, span_of, whole_number
from optidsl.sema.slot import Slot


def lower_tier(lowering: Lowering, entity: Entity) -> Tier:
    """Return a tier."""

    def model(value: Scalar) -> SwitchModel:
        found = lowering.catalog.switches.get(part_name(value))
        if found is None:
            raise InternalError(f"switch model {part_name(value)} passed the checks and is not in the catalogue")
        return _as_ordered(lowering, entity, found)

    models = slot(entity.get("model"), model)
    return Tier(
        entity.name,
        address_of(entity),
        models,
        slot(entity.get("count"), integer),
        slot(entity.get("down"), integer),
        slot(entity.get("up"), integer),
        lower_place(lowering, entity),
        entity.origin,
        _seats(lowering, entity, models),
        slot(entity.get("oversubscription"), ratio),
        lower_given(lowering.sink, entity, ("asn", "loopback")),
        _retired(lowering, entity),
    )


def _retired(lowering: Lowering, entity: Entity) -> Given | None:
    """Return the keys that no switch of a tier has, ascending, after reporting what is no key or named twice."""
    value = entity.value("retired")
    keys = [each for each in value if isinstance(each, int)] if isinstance(value, tuple) else []
    if not keys:
        return None
    span = span_of(entity, "retired")
    odd = next((key for at, key in enumerate(keys) if key < 1 or key in keys[:at]), None)
    if odd is None:
        return Given(tuple(sorted(keys)), span)
    message = (
        f"`retired` of tier `{entity.name}` names {odd} twice; a key is retired once"
        if odd >= 1
        else f"`retired` of tier `{entity.name}` names {odd}, and keys of switches count from 1"
    )
    lowering.sink.error("keys-retired", message, span, helps=(f"leave {odd} out",))
    return None


def _as_ordered(lowering: Lowering, entity: Entity, model: SwitchModel) -> SwitchModel:
    """Return the variant of a model that the tier names, or the model itself."""
    name = entity.text("variant")
    if not name:
        return model
    found = next((variant for variant in model.variants if variant.variant == name), None)
    if found is not None:
        return found
    names = [variant.variant for variant in model.variants]
    lowering.sink.error(
        "unknown-variant",
        f"`{model.name}` has no variant `{name}`{did_you_mean(name, names)}",
        span_of(entity, "variant"),
        "ordered here",
        helps=(f"variants of {model.name}: {', '.join(names)}" if names else "leave `variant` out",),
    )
    return model


def _seats(lowering: Lowering, entity: Entity, models: Slot[SwitchModel]) -> CageSeats | None:
    """Return the cages that `seat` blocks name, 0-based and in the order written; None where there are none."""
    blocks = list(entity.of_kind("seat"))
    if not blocks:
        return None
    named: dict[str, list[int]] = {"down": [], "up": []}
    boxes = [models.value] if models.value is not None else list(models.options or ())
    for block in blocks:
        span = span_of(block, "cages")
        cages = _cages(block)
        fault = _fault(entity, cages, boxes, named)
        if fault is not None:
            lowering.sink.error("seat-not-possible", fault[0], span, fault[1])
            return None
        named[block.text("side")] += [cage - 1 for cage in cages]
    return CageSeats(tuple(named["down"]), tuple(named["up"]), blocks[0].origin.span)


def _cages(block: Entity) -> Sequence[int]:
    attr = block.get("cages")
    step = max(1, whole_number(block, "step"))
    if attr is not None and isinstance(attr.lower, int) and isinstance(attr.upper, int):
        return range(attr.lower, attr.upper + 1, step)
    value = None if attr is None else attr.value
    return (value,) if isinstance(value, int) else ()


def _fault(
    entity: Entity, cages: Sequence[int], boxes: Sequence[SwitchModel], named: dict[str, list[int]]
) -> tuple[str, str] | None:
    """Return why cages, from 1, cannot be given to a side, with a label; None when they can."""
    if not cages:
        return f"a `seat` of `{entity.name}` names no cage", "no cage"
    taken = next((cage for cage in cages if any(cage - 1 in other for other in named.values())), None)
    if taken is not None:
        return f"cage {taken} of `{entity.name}` has a side already", "named again here"
    for box in boxes:
        beyond = next((cage for cage in cages if not 1 <= cage <= box.cages.value), None)
        if beyond is not None:
            fault = f"cage {beyond} is not among the {box.cages.value} cages of `{box.name}`"
            return fault, f"its cages are 1..{box.cages.value}"
    return None
