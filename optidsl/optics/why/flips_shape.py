"""How far the oversubscription of a fabric can move before its shape changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from optidsl._pins import Pins
from optidsl._record import replace
from optidsl.diag import Sink
from optidsl.fabric.tables import FabricShape, FabricTables
from optidsl.optics.text import plural
from optidsl.optics.why.flips import Flip, Parts, Sensitivity, changed
from optidsl.optics.why.study import Study
from optidsl.sema.design import Design, Fabric

STEPS = 8
"""Uplinks more or fewer that are tried."""

FINEST = Fraction(1, 1000)
"""Two ratios closer than this are not told apart."""


def shape_flips(study: Study, fabrics: Sequence[str]) -> Iterator[Sensitivity]:
    """Yield how far the oversubscription of some fabrics can move: each value tried is built, placed and equipped anew.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    for shape in study.placed.tables.shapes:
        slot, name = shape.fabric.oversubscription, shape.fabric.name
        stated = slot.value if slot.value is not None else slot.upper
        if name not in fabrics or slot.span is None or stated is None or not shape.up[0] or shape.dimensions:
            continue
        build = lru_cache(maxsize=None)(_builder(study, name))
        usual = build(stated)
        if usual is None:
            continue
        built = Fraction(*shape.oversubscription[0])
        up = [built * shape.up[0] / (shape.up[0] - more) for more in range(1, min(STEPS + 1, shape.up[0]))]
        down = [built * shape.up[0] / (shape.up[0] + more) for more in range(STEPS + 1)]
        find = _next if slot.is_decided else _first
        yield Sensitivity(
            f"{name}.oversubscription",
            slot.span,
            stated,
            ":1",
            find(build, usual, stated, [each for each in down if each < stated]),
            find(build, usual, stated, [each for each in up if each > stated]),
            subject=_as_built(shape),
        )


def _as_built(shape: FabricShape) -> str:
    return f"{shape.down[0]} ports down and {shape.up[0]} up a switch as built"


def _builder(study: Study, name: str) -> Callable[[Fraction], Parts | None]:
    def build(ratio: Fraction) -> Parts | None:
        return built_parts(study, _with_ratio(study.design, name, ratio))

    return build


def _with_ratio(design: Design, name: str, ratio: Fraction) -> Design:
    def moved(fabric: Fabric) -> Fabric:
        slot = fabric.oversubscription
        if fabric.name != name:
            return fabric
        at = replace(slot, value=ratio) if slot.value is not None else replace(slot, upper=ratio)
        return replace(fabric, oversubscription=at)

    return replace(design, fabrics=tuple(moved(fabric) for fabric in design.fabrics))


def built_parts(study: Study, design: Design) -> Parts | None:
    """Return the tiers and the parts of a design, built anew; None when it is not possible."""
    from optidsl.fabric import synthesize
    from optidsl.layout import place
    from optidsl.optics.choose import choose

    context = replace(study.context, sink=Sink(), pins=Pins())
    tables = synthesize(design, context)
    placed = None if tables is None else place(design, tables, context)
    choice = None if placed is None else choose(design, placed, context, recheck=False)
    if tables is None or choice is None or context.sink.has_errors:
        return None
    return (*sizes(tables), *((each.link_class.name, each.candidate.name) for each in choice.classes))


def sizes(tables: FabricTables) -> Parts:
    """Return the size of every tier, in words."""
    return tuple(
        (f"{shape.fabric.name}.{tier}", _tier(shape, level))
        for shape in tables.shapes
        for level, tier in enumerate(shape.tiers)
    )


def _tier(shape: FabricShape, level: int) -> str:
    up = f", {shape.up[level]} up" if shape.up[level] else ""
    count = plural(shape.counts[level], "switch")
    return f"{count} of {shape.down[level]} ports down{up}"


def _next(
    build: Callable[[Fraction], Parts | None], usual: Parts, stated: Fraction, stops: Sequence[Fraction]
) -> Flip | None:
    """Return the next ratio that can be built exactly, where the author states one and not a bound."""
    for stop in stops:
        found = build(stop)
        if found is not None:
            return Flip(stated, stop, changed(usual, found))
    return Flip(stated, stops[0], ()) if stops else None


def _first(
    build: Callable[[Fraction], Parts | None], usual: Parts, stated: Fraction, stops: Sequence[Fraction]
) -> Flip | None:
    """Return the first change on the way over some ratios, to the finest step."""
    last = stated
    for stop in stops:
        if build(stop) != usual:
            inside, outside = last, stop
            while abs(outside - inside) > FINEST:
                middle = ((inside + outside) / 2).limit_denominator(2000)
                if middle in (inside, outside):
                    break
                inside, outside = (middle, outside) if build(middle) == usual else (inside, middle)
            found = build(outside)
            return Flip(inside, outside, () if found is None else changed(usual, found))
        last = stop
    return None
