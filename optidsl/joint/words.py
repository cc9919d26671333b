"""Shapes in words, as a person compares them."""

from __future__ import annotations

from optidsl._record import record
from optidsl.fabric.refusal import count_of, gbps
from optidsl.fabric.shapes import Shape
from optidsl.fabric.tapering import ratio_text
from optidsl.sema.design import Fabric


@record(frozen=True, slots=True)
class Considered:
    """A shape of a fabric that was weighed.

    `words` say what it is ("2 tiers, 8 x sn5600 + 4 x sn5600, 1:1"), `values` what the design comes to with it under
    each objective (`>= …`: at least, from closed forms alone), `out` why it cannot be; "" where it could.
    """

    fabric: str
    words: str
    values: tuple[str, ...]
    out: str
    is_chosen: bool
    decided: tuple[tuple[str, str], ...] = ()  # what it decides: path in the fabric ("leaf.model"), value in words


def shape_words(shape: Shape, fabric: Fabric, declared: Fabric) -> str:
    """Return a shape in words: what the author leaves open of `declared`, as `fabric` decides it."""
    boxes = " + ".join(f"{count} x {model.name}" for count, model in zip(shape.counts, shape.models, strict=True))
    words = [count_of(len(shape.tiers), "tier"), boxes]
    if any(each.kind != declared.kind for each in declared.variants):
        words.insert(0, fabric.kind)
    if shape.ratio is not None:
        words.append(ratio_text(shape.ratio))
    for name, parameter in fabric.parameters.items():
        if any(each.parameters.get(name) not in (None, parameter) for each in (declared, *declared.variants)):
            words.append(f"{name} {parameter.value}")
    if declared.plane_choices:
        words.append(count_of(fabric.planes, "plane"))
    if any(connect.rate_mbps.span is not None and not connect.rate_mbps.is_decided for connect in declared.connects):
        rates = dict.fromkeys(gbps(joint.rate_mbps) for joint in shape.joints)
        words.append(" and ".join(rates))
    for tier in fabric.tiers:
        place = next((each.place for each in declared.tiers if each.name == tier.name), None)
        if place is not None and place.others and tier.place is not None and tier.name in shape.tiers:
            words.append(f"{tier.name} at {', '.join('.'.join(rack.parts[-2:]) for rack in tier.place.racks)}")
    return ", ".join(words)


def decided_words(shape: Shape, fabric: Fabric) -> tuple[tuple[str, str], ...]:
    """Return what a shape decides: the path of each attribute within the fabric, and its value in words."""
    found = [("kind", fabric.kind), ("planes", str(fabric.planes)), ("tiers", str(len(shape.tiers)))]
    if shape.ratio is not None:
        found.append(("oversubscription", ratio_text(shape.ratio)))
    places = {tier.name: tier.place for tier in fabric.tiers}
    for name, model, count in zip(shape.tiers, shape.models, shape.counts, strict=True):
        found += [(f"{name}.model", model.name), (f"{name}.count", f"{count:,}")]
        place = places.get(name)
        if place is not None:
            found.append((f"{name}.place", ", ".join(".".join(rack.parts[1:]) for rack in place.racks)))
    return tuple(found)
