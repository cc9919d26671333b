"""The shapes that a fabric may be built in, each with what it comes to at least, best first."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import record
from optidsl.fabric.openness import is_open
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.shapes import Shape, Sizer
from optidsl.fabric.ways import MOST_NUMBERS, Frame, frames, placements
from optidsl.joint.figures import ENDLESS, Bound, Interval, Least, share
from optidsl.joint.lengths import floor_of, least_cables
from optidsl.joint.parts import ASKED, Parts, counted, raised, worth
from optidsl.sema.design import Affine, Design, Fabric

MOST_EFFORT = 20_000
"""Effort beyond which of every choice of models, rates and the like only the closed form's own numbers are sized."""

_EFFORT = {3: 10}
"""What sizing one shape counts, by its tiers; 1 where it is not told."""

Vector = tuple[Bound, ...]
"""Figures without a source, the least of each objective, tiers, switches, links between switches."""


@record(frozen=True, slots=True)
class Way:
    """One shape of one fabric. `number` is its place in the order in which shapes are tried, which breaks ties."""

    fabric: Fabric
    shape: Shape
    number: int
    parts: dict[str, Interval]
    vector: Vector
    lacks: tuple[str, ...] = ()  # figures of its boxes that the objectives need and no source gives
    unknown: int = 0  # how often the objectives need them
    fits: bool = True  # no segment of it is without parts, whatever stands where


@record(frozen=True, slots=True)
class Ways:
    """The shapes of a fabric, best bound first; why others are none; whether some were left out for their number."""

    fabric: Fabric
    found: tuple[Way, ...]
    refused: tuple[tuple[Fabric, Refusal], ...]
    is_cut: bool


def ways_of(design: Design, fabric: Fabric, least: Least, objectives: Sequence[Affine]) -> Ways:
    """Return every shape that the author leaves open of a fabric and that the closed forms can build."""
    sizer = Sizer(design)
    asked = _asked(design)
    floor = floor_of(design) if asked & {"cables.length", *ASKED} else None
    parts = Parts(least, floor, counted(objectives))
    found: list[Way] = []
    refused: list[tuple[Fabric, Refusal]] = []
    seen: set[tuple[object, ...]] = set()
    spent, is_cut = 0, False
    for frame in frames(design, fabric) if is_open(fabric) else (Frame(fabric, ()),):
        effort = _EFFORT.get(frame.fabric.tier_count.value or 0, 1)
        fits = False
        for tried, numbers in enumerate(frame.numbers()):
            if tried == MOST_NUMBERS or (tried and spent >= MOST_EFFORT):
                is_cut = True
                break
            spent += effort
            shape = sizer.shape(frame.with_numbers(numbers))
            if isinstance(shape, Refusal):
                if not fits and not any(numbers):
                    refused.append((frame.fabric, shape))
            elif shape.mark not in seen:
                fits = True
                seen.add(shape.mark)
                found += _placed(shape, parts, asked, objectives, len(found))
    ordered = tuple(sorted(found, key=lambda way: (not way.fits, way.vector, way.number)))
    return Ways(fabric, ordered, tuple(refused), is_cut)


def _placed(shape: Shape, links: Parts, asked: frozenset[str], objectives: Sequence[Affine], first: int) -> list[Way]:
    """Return a shape with each choice of its racks."""
    least = links.least
    parts = least.of(shape)
    names = [metric.name for each in objectives for metric, _ in each.terms]
    lacks, unknown = least.lacks(shape, names)
    sizes = (len(shape.tiers), shape.switches, shape.links)
    found: list[Way] = []
    for fabric in placements(shape.fabric, shape.tiers):
        sums = links.of(shape, fabric) if asked & ASKED and not least.design.lines else ()
        own = raised(parts, shape, sums) if sums else parts
        if "cables.length" in asked:
            own = {**own, "cables.length": (least_cables(least, links.floor, shape, fabric), ENDLESS)}
        shares = tuple(share(each, own) for each in objectives)
        if sums and links.objectives:
            shares = max(shares, worth(own, shape, sums, objectives))
        # Fabrics may lack the same figure, which then counts once.
        missing = unknown if len(least.design.fabrics) == 1 else 0
        vector = (missing, *shares, *sizes)
        found.append(Way(fabric, shape, first + len(found), own, vector, lacks, unknown, sums is not None))
    return found


def _asked(design: Design) -> frozenset[str]:
    """Return the metrics that objectives and requirements are about."""
    asked = [each.expression for each in design.objectives]
    asked += [each.expression for requirement in design.requirements for each in requirement.conditions]
    return frozenset(metric.name for each in asked for metric, _ in each.terms)
