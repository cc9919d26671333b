"""Who decided the shape of a fabric: its kind, planes and tiers, and the model, count and ports of each tier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.fabric.tables import DeviceGroup, FabricShape, FabricTables
from optidsl.optics.text import listing, number
from optidsl.optics.why.decided import Decision, decision_at

FABRIC_ATTRIBUTES = ("kind", "protocol", "endpoints", "planes", "tiers", "oversubscription")
TIER_ATTRIBUTES = ("model", "count", "down", "up", "oversubscription", "place")


@record(frozen=True, slots=True)
class ShapeWhy:
    """Who decided what of a fabric, or of one tier of it (`tier` is "" for the fabric)."""

    fabric: str
    tier: str
    decisions: tuple[Decision, ...]

    @property
    def name(self) -> str:
        """The path of the thing."""
        return f"{self.fabric}.{self.tier}" if self.tier else self.fabric


@record(frozen=True, slots=True)
class Weighed:
    """How many shapes of a fabric were weighed; what the best one with another value comes to, by path of attribute."""

    count: int
    rivals: Mapping[str, str]


NOTHING = Weighed(0, {})


def why_shape(tables: FabricTables, path: str, context: Context, weighed: Mapping[str, Weighed]) -> ShapeWhy | None:
    """Return why a fabric or a tier is as it is; an attribute at the end of the path leaves only that one.

    Args:
        tables: with the shapes.
        path: of a fabric, a tier, or an attribute of these.
        context: with what the layers said.
        weighed: the shapes that were weighed, by name of the fabric.
    """
    for shape in tables.shapes:
        name = shape.fabric.name
        others = weighed.get(name, NOTHING)
        if path == name or (path.startswith(f"{name}.") and path.removeprefix(f"{name}.") in FABRIC_ATTRIBUTES):
            return ShapeWhy(name, "", _only(_of_fabric(shape, context, others), path.removeprefix(name).lstrip(".")))
        for level, tier in enumerate(shape.tiers):
            base = f"{name}.{tier}"
            last = path.removeprefix(f"{base}.")
            if path == base or (path.startswith(f"{base}.") and last in TIER_ATTRIBUTES):
                wanted = "" if path == base else last
                found = _only(_of_tier(tables, shape, level, context, others), wanted)
                return ShapeWhy(name, tier, found) if found else None
    return None


def _only(found: Iterator[Decision], wanted: str) -> tuple[Decision, ...]:
    return tuple(each for each in found if wanted in ("", each.what))


def _of_fabric(shape: FabricShape, context: Context, weighed: Weighed) -> Iterator[Decision]:
    fabric = shape.fabric
    name = fabric.name
    sizes = ("closed form", "the fewest tiers whose ports suffice")
    ratio = ", ".join(_ratio(each) for each in shape.oversubscription) or "1:1"
    values: tuple[tuple[str, str, tuple[str, str]], ...] = (
        ("kind", fabric.kind, ("compiler", "the best of the kinds allowed")),
        ("protocol", fabric.protocol, ("compiler", "")),
        ("endpoints", f"{shape.endpoints:,} ports", ("compiler", "")),
        ("planes", number_of(shape.planes), ("compiler", "the best of the numbers allowed")),
        ("tiers", number_of(len(shape.tiers)), sizes),
        ("oversubscription", ratio, ("closed form", "bandwidth down over up as built")),
    )
    for what, value, compiler in values:
        yield _decision(context, f"{name}.{what}", (what, value), compiler, weighed)


def _of_tier(
    tables: FabricTables, shape: FabricShape, level: int, context: Context, weighed: Weighed
) -> Iterator[Decision]:
    name = f"{shape.fabric.name}.{shape.tiers[level]}"
    group = _group(tables, shape, level)
    model = "" if group is None else group.model.name
    values: list[tuple[str, str, tuple[str, str]]] = [
        ("model", model, ("compiler", "the fewest switches, then the fewest links, then the order written")),
        ("count", number_of(shape.counts[level]), ("closed form", _count_words(shape, level))),
        ("down", f"{shape.down[level]} ports", ("closed form", "what the level below sends, dealt evenly")),
    ]
    if shape.up[level]:
        values.append(("up", f"{shape.up[level]} ports", ("closed form", _up_words(shape, level))))
    if level < len(shape.oversubscription):
        built = _ratio(shape.oversubscription[level])
        values.append(("oversubscription", built, ("closed form", "bandwidth down over up as built")))
    for what, value, compiler in values:
        yield _decision(context, f"{name}.{what}", (what, value), compiler, weighed)
    place = next((tier.place for tier in shape.fabric.tiers if tier.name == shape.tiers[level]), None)
    said = (context.said or {}).get(f"{name}.place.at", ())
    if place is not None and said and not said[0].text.startswith("= "):
        racks = listing([".".join(rack.parts[1:]) for rack in place.racks], "and")
        found = _decision(context, f"{name}.place.at", ("at", racks), ("compiler", ""), weighed)
        yield replace(found, what="place")


def _decision(
    context: Context, path: str, what: tuple[str, str], compiler: tuple[str, str], weighed: Weighed
) -> Decision:
    """Return who decided an attribute; of what the source bounds, what other shapes that were weighed come to."""
    found = decision_at(context, path, *what, compiler)
    if weighed.count > 1 and found.where and found.by != "source":
        rival = weighed.rivals.get(path.removesuffix(".at"), "")
        best = f"the best of {weighed.count:,} shapes weighed"
        return decision_at(context, path, *what, ("compiler", f"{best}; {rival}" if rival else best))
    return found


def _count_words(shape: FabricShape, level: int) -> str:
    if level == 0:
        each = f"with {shape.down[0]} of their ports down each"
        return f"the fewest that the kind and the oversubscription allow for {shape.endpoints:,} endpoints, {each}"
    below = shape.counts[level - 1] * shape.up[level - 1]
    return f"the fewest that take the {below:,} links of the tier below at {shape.down[level]} ports each"


def _up_words(shape: FabricShape, level: int) -> str:
    if shape.fabric.oversubscription.span is None:
        return "as much bandwidth up as down"
    return "the least bandwidth up that the oversubscription allows, dealt evenly over the tier above"


def _ratio(each: tuple[int, int]) -> str:
    from fractions import Fraction

    return "no uplink" if not each[1] else f"{number(Fraction(*each))}:1"


def number_of(count: int) -> str:
    """Return a count for a table."""
    return f"{count:,}"


def _group(tables: FabricTables, shape: FabricShape, level: int) -> DeviceGroup | None:
    name = shape.tiers[level]
    return next((g for g in tables.groups if g.fabric == shape.fabric.name and g.tier_name == name), None)
