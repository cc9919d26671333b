"""The worst one-way latency of a fabric as amounts over the options: one amount for each path that may be the worst.

A path of a tree goes up and down: two links of each segment, the switches of its tiers. A path elsewhere has two links
to endpoints and, between its switches, links of whatever segment is the slowest: an upper bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from optidsl._record import record
from optidsl.catalog.parts import Catalog, Fact, SwitchModel
from optidsl.fabric.tables import DeviceGroup, FabricShape
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.amount import Amount
from optidsl.optics.candidates import Option
from optidsl.optics.classify import ClassView
from optidsl.optics.figures import Figures
from optidsl.optics.tables import Candidate
from optidsl.physics.latency import Constant, kp4_block_ps, propagation_of, propagation_ps, stated_propagation

Names = tuple[str, ...]
KP4 = ("rs-544", "rs-544-514", "kp4")
OPTICAL = "ocs_torus"

MOST_PATHS = 1_000
"""Beyond so many combinations of classes along a path, each is judged with the others at their least."""


@record(frozen=True, slots=True)
class Delay:
    """What a link, or all boxes on a path, take: ps, and the figures that nobody gives."""

    ps: int
    lacks: Names


def latency_amounts(
    catalog: Catalog,
    placed: PlacedFabric,
    views: Sequence[ClassView],
    options: Sequence[Sequence[Option]],
    rows: Sequence[Sequence[Figures]],
    names: Sequence[str],
) -> dict[str, tuple[Amount, ...]]:
    """Return the amounts, in ps, of which each metric (`fabric.F.latency`, `fabric.F.cable_latency`) is the largest."""
    found: dict[str, tuple[Amount, ...]] = {}
    for shape in placed.tables.shapes:
        for kind in ("latency", "cable_latency"):
            name = f"fabric.{shape.fabric.name}.{kind}"
            if name not in names:
                continue
            is_whole = kind == "latency"
            delays = [
                [
                    link_delay(catalog, view, option, each, is_whole=is_whole)
                    for option, each in zip(row, figures, strict=True)
                ]
                for view, row, figures in zip(views, options, rows, strict=True)
            ]
            inside = ("cables inside cubes",) if shape.fabric.kind == OPTICAL else ()
            boxes = box_delay(placed, shape) if is_whole else Delay(0, inside)
            counts = [[0] * len(views)] if not views else list(_paths(placed, shape, views))
            found[name] = tuple(_amount(boxes, delays, each) for each in counts)
    return found


def _amount(boxes: Delay, delays: Sequence[Sequence[Delay]], counts: Sequence[int]) -> Amount:
    return Amount(
        boxes.ps,
        tuple(tuple(count * each.ps for each in row) for count, row in zip(counts, delays, strict=True)),
        lacks=boxes.lacks,
        gaps=tuple(
            tuple(each.lacks if count else () for each in row) for count, row in zip(counts, delays, strict=True)
        ),
    )


def _paths(placed: PlacedFabric, shape: FabricShape, views: Sequence[ClassView]) -> Iterator[list[int]]:
    """Yield how many links of each class a path has, for every path that may be the worst."""
    segments = placed.tables.segments
    own = [at for at, segment in enumerate(segments) if segment.fabric == shape.fabric.name]
    by_segment = [[row for row, view in enumerate(views) if view.link_class.segment == at] for at in own]
    by_segment = [rows for rows in by_segment if rows]
    for steps in _steps(shape, by_segment):
        counts = [0] * len(views)
        for row, times in steps:
            counts[row] += times
        yield counts


def _steps(shape: FabricShape, by_segment: Sequence[Sequence[int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the classes of a path with how often it passes them."""
    if not by_segment:
        return
    if is_tree(shape) or is_relayed(shape):
        choices = [[(row, 2) for row in rows] for rows in by_segment]
    else:
        between = [row for rows in by_segment[1:] for row in rows]
        choices = [[(row, 2) for row in by_segment[0]]]
        if between and shape.hops > 1:
            choices.append([(row, shape.hops - 1) for row in between])
    n_paths = 1
    for rows in choices:
        n_paths *= len(rows)
    if n_paths <= MOST_PATHS:
        yield from product(*choices)
    else:
        yield from ((step,) for rows in choices for step in rows)


def is_tree(shape: FabricShape) -> bool:
    """Tell whether the longest path goes up through every tier and down again."""
    return shape.hops == 2 * len(shape.tiers) - 1


def is_relayed(shape: FabricShape) -> bool:
    """Tell whether servers forward between the tiers: the longest path crosses each of them once."""
    return len(shape.tiers) > 1 and not any(shape.up) and not shape.dimensions


def propagation(catalog: Catalog, candidate: Candidate) -> Constant:
    """Return the delay per length of a candidate's cable: what its grade states, else what holds of its medium."""
    if candidate.direct is not None:
        return propagation_of(candidate.direct.technology.value)
    fiber = candidate.fiber
    grade = None if fiber is None else catalog.fiber_grades.get(fiber.grade.value)
    stated = None if grade is None else grade.latency_ns
    if grade is None or stated is None or stated.confidence == "unverified":
        return propagation_of("" if fiber is None else fiber.medium.value)
    return stated_propagation(grade.name, stated.value, stated.source, stated.confidence)


def link_delay(catalog: Catalog, view: ClassView, option: Option, figure: Figures, *, is_whole: bool) -> Delay:
    """Return the one-way delay of the longest cable of a class; with its modules and error correction if `is_whole`."""
    lengths = [length for _, length in figure.cable_skus]
    lacks: list[str] = [] if lengths and min(lengths) >= 0 else [f"length of {view.link_class.name}"]
    ps = propagation_ps(max(lengths, default=0), propagation(catalog, option.candidate)) if not lacks else 0
    if not is_whole:
        return Delay(ps, tuple(lacks))
    for name, fact in _plugs(option):
        if fact is None or fact.confidence == "unverified":
            lacks.append(name)
        else:
            ps += fact.value
    fec = next((each for each in (*_module_fecs(option), view.a.fec, view.z.fec) if each is not None), None)
    if fec is None or fec.confidence == "unverified":
        lacks.append(f"{view.z.box}.fec")
    elif fec.value in KP4:
        ps += kp4_block_ps(view.segment.rate_mbps)
    elif fec.value != "none":
        lacks.append(f"block time of {fec.value}")
    return Delay(ps, tuple(dict.fromkeys(lacks)))


def _module_fecs(option: Option) -> list[Fact[str] | None]:
    modules = (option.candidate.a_module, option.candidate.z_module)
    return [module.fec for module in modules if module is not None]


def _plugs(option: Option) -> Iterator[tuple[str, Fact[int] | None]]:
    """Yield the latency of whatever sits in the cages; passive copper takes no time of its own."""
    direct = option.candidate.direct
    if direct is not None:
        if direct.technology.value != "dac" or direct.latency_ps is not None:
            yield f"{direct.name}.latency", direct.latency_ps
        return
    for module in (option.candidate.a_module, option.candidate.z_module):
        if module is not None:
            yield f"{module.name}.latency", module.latency_ps


def box_delay(placed: PlacedFabric, shape: FabricShape) -> Delay:
    """Return what the boxes of the longest path take: two adapters, and a switch at every hop."""
    fabric = shape.fabric
    nodes = [group.node for group in placed.tables.groups if group.node is not None]
    facts = []
    for endpoint in fabric.endpoints:
        model = nodes[endpoint.node].model
        nic = model.nic(endpoint.nic)
        if nic is not None:
            facts.append((f"{model.name}.{nic.name}.latency", nic.offer.latency_ps))
    ends = _worst(facts, 2)
    by_tier: dict[str, list[DeviceGroup]] = {}
    for group in placed.tables.groups:
        if group.fabric == fabric.name:
            by_tier.setdefault(group.tier_name, []).append(group)
    tiers = [_switch_facts(by_tier.get(tier, ())) for tier in shape.tiers]
    if is_relayed(shape) or fabric.kind == OPTICAL:
        parts = [*(_worst(facts, 1) for facts in tiers), Delay(0, ("forwarding time of a server",))]
    elif is_tree(shape):
        parts = [_worst(facts, 1 if level == len(tiers) - 1 else 2) for level, facts in enumerate(tiers)]
    else:
        parts = [_worst([fact for facts in tiers for fact in facts], shape.hops)]
    whole = [ends, *parts]
    return Delay(sum(each.ps for each in whole), tuple(dict.fromkeys(name for each in whole for name in each.lacks)))


def _switch_facts(groups: Sequence[DeviceGroup]) -> list[tuple[str, Fact[int] | None]]:
    models = [group.model for group in groups]
    return [(f"{model.name}.latency", model.offer.latency_ps) for model in models if isinstance(model, SwitchModel)]


def _worst(facts: Sequence[tuple[str, Fact[int] | None]], times: int) -> Delay:
    """Return the slowest of some boxes as often as a path passes one of them."""
    known = [fact.value for _, fact in facts if fact is not None and fact.confidence != "unverified"]
    lacks = [name for name, fact in facts if fact is None or fact.confidence == "unverified"]
    return Delay(times * max(known, default=0), tuple(dict.fromkeys(lacks)))
