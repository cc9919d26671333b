"""The shape of a decided fabric in numbers, by closed form where it is a tree: no column is made."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optidsl._record import field, record
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.box import Box
from optidsl.fabric.capacity import hops
from optidsl.fabric.demand import Demand, Sizes
from optidsl.fabric.edge import Edge, dealt, demand_of, edge_of, homed
from optidsl.fabric.families import family
from optidsl.fabric.families.contract import Built
from optidsl.fabric.metrics import total_oversubscription
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.sizing import size_fabric
from optidsl.fabric.spare import spare_of
from optidsl.schema.families import family_kind
from optidsl.sema.design import Connect, Design, Fabric


@record(frozen=True, slots=True)
class Joint:
    """The links of a segment: the model below (None: servers) and above, their rate, how many in all planes."""

    below: SwitchModel | None
    above: SwitchModel
    rate_mbps: int
    links: int
    connect: Connect


@record(frozen=True, slots=True)
class Shape:
    """A decided fabric: its tiers in use (leaf first) with models and numbers of switches in all planes.

    `figures` are the metrics `fabric.<name>.…` without that start; None where a figure is not known.
    """

    fabric: Fabric
    tiers: tuple[str, ...]
    models: tuple[SwitchModel, ...]
    counts: tuple[int, ...]
    joints: tuple[Joint, ...]
    ratio: Fraction | None
    figures: dict[str, Fraction | None]
    sides: tuple[object, ...] = ()  # ports down and up of a switch of each tier, parallel links, pods
    pods: int = 1

    @property
    def switches(self) -> int:
        """Return the switches of all planes."""
        return sum(self.counts)

    @property
    def links(self) -> int:
        """Return the links between switches of all planes."""
        return sum(joint.links for joint in self.joints if joint.below is not None)

    @property
    def mark(self) -> tuple[object, ...]:
        """Return what two shapes share that are one and the same, whatever decided them."""
        fabric = self.fabric
        joints = tuple((each.rate_mbps, each.links) for each in self.joints)
        names = tuple(model.name + model.variant for model in self.models)
        parameters = tuple((name, each.value) for name, each in fabric.parameters.items())
        return (fabric.kind, parameters, fabric.planes, names, self.counts, self.sides, joints)


@record(slots=True)
class Sizer:
    """Sizes fabrics of one declaration; what its planes ask for is found out once for each kind and number of them."""

    design: Design
    edges: dict[tuple[str, int, int], list[Edge] | Refusal] = field(default_factory=dict)
    demands: dict[tuple[str, int, int], Demand | Refusal] = field(default_factory=dict)

    def shape(self, fabric: Fabric) -> Shape | Refusal:
        """Return the shape of a decided fabric, or why there is none."""
        planes = self._planes(fabric)
        if isinstance(planes, Refusal):
            return planes
        if not family_kind(fabric.kind).is_tree:
            built = family(fabric.kind).build(self.design, fabric, planes)
            return built if isinstance(built, Refusal) else _shape_of_built(built)
        asked = self._demand(fabric, planes)
        if isinstance(asked, Refusal):
            return asked
        sizes = size_fabric(self.design, fabric, asked)
        return sizes if isinstance(sizes, Refusal) else _shape_of_tree(fabric, sizes, planes)

    def _key(self, fabric: Fabric) -> tuple[str, int, int]:
        homes = fabric.parameters.get("homes")
        return fabric.kind, fabric.planes, homes.value if homes is not None and isinstance(homes.value, int) else 0

    def _planes(self, fabric: Fabric) -> list[Edge] | Refusal:
        key = self._key(fabric)
        if key not in self.edges:
            self.edges[key] = dealt(fabric, edge_of(self.design, fabric))
        return self.edges[key]

    def _demand(self, fabric: Fabric, planes: Sequence[Edge]) -> Demand | Refusal:
        key = self._key(fabric)
        if key not in self.demands:
            self.demands[key] = _demand(fabric, planes)
        return self.demands[key]


def _shape_of_tree(fabric: Fabric, sizes: Sizes, planes: Sequence[Edge]) -> Shape:
    ask = sizes.ask
    number = fabric.planes
    models = tuple(box.model for box in ask.boxes)
    ports = sum(len(edge.device) for edge in planes)
    links = [ports, *(count * up * number for count, up in zip(sizes.counts[:-1], sizes.up, strict=False))]
    joints = tuple(
        Joint(models[at - 1] if at else None, model, ask.rates_mbps[at], links[at], ask.connect(at))
        for at, model in enumerate(models)
    )
    counts = tuple(count * number for count in sizes.counts)
    figures = _figures(fabric, counts, sum(links), hops(sizes))
    figures["oversubscription"] = None  # by the fullest leaf, which only seats tell
    figures["bisection_mbps"] = Fraction(_bisection_mbps(sizes, [len(edge.device) for edge in planes]))
    _put_spares(figures, [tier.name for tier in ask.tiers], ask.boxes, counts, sizes.up, links)
    pods = (sizes.pods, sizes.pod_leaves, sizes.leaf_pods)
    sides = (sizes.down, sizes.up, sizes.parallel, pods, sizes.leaf.nodes_per_unit)
    ratio = ask.boxes[0].ratio(sizes.leaf.down, sizes.leaf.up) if sizes.leaf.up else None
    tiers = tuple(tier.name for tier in ask.tiers)
    return Shape(fabric, tiers, models, counts, joints, ratio, figures, sides, sizes.pods)


def _bisection_mbps(sizes: Sizes, endpoints: Sequence[int]) -> int:
    """Return what `capacity.bisection_mbps` gives, from the numbers of endpoint ports of each plane."""
    rates, crossed = sizes.ask.rates_mbps, hops(sizes) // 2
    links = [count * up for count, up in zip(sizes.counts, sizes.up, strict=True)]
    above = [links[tier] * rates[tier + 1] for tier in range(crossed)]
    return sum(min((each * rates[0], *above)) for each in endpoints) // 2


def _demand(fabric: Fabric, planes: Sequence[Edge]) -> Demand | Refusal:
    wired: list[Edge] = []
    for edge in planes:
        found = homed(fabric, edge)
        if isinstance(found, Refusal):
            return found
        wired.append(found)
    return demand_of(fabric, wired)


def _figures(fabric: Fabric, counts: Sequence[int], links: int, longest: int) -> dict[str, Fraction | None]:
    found: dict[str, Fraction | None] = {
        f"tier.{tier.name}.count": Fraction(counts[at] if at < len(counts) else 0)
        for at, tier in enumerate(fabric.tiers)
    }
    return {**found, "links": Fraction(links), "hops": Fraction(longest), "switches": Fraction(sum(counts))}


def _put_spares(
    figures: dict[str, Fraction | None],
    tiers: Sequence[str],
    boxes: Sequence[Box],
    counts: Sequence[int],
    up: Sequence[int],
    below: Sequence[int],
) -> None:
    """Add the ports left over; `below` are the links below each tier."""
    for at, (tier, box) in enumerate(zip(tiers, boxes, strict=True)):
        figures[f"tier.{tier}.spare_ports"] = Fraction(spare_of(box, counts[at], up[at], below[at]))
    figures["spare_ports"] = figures[f"tier.{tiers[0]}.spare_ports"]


def _shape_of_built(built: Built) -> Shape:
    fabric, shape = built.fabric, built.shape
    links = [0] * len(built.segments)
    ends: list[tuple[SwitchModel | None, SwitchModel]] = [(None, built.levels[0].model)] * len(built.segments)
    for plane in built.planes:
        for run in plane.runs:
            links[run.segment] += len(run.rows.a_device)
            below = None if run.a_level < 0 else built.levels[run.a_level].model
            ends[run.segment] = (below, built.levels[run.z_level].model)
    joints = tuple(
        Joint(*ends[at], segment.rate_mbps, links[at], segment.connect) for at, segment in enumerate(built.segments)
    )
    figures = _figures(fabric, shape.counts, sum(links), shape.hops)
    known = shape.bisection_mbps is not None
    figures["bisection_mbps"] = None if shape.bisection_mbps is None else Fraction(shape.bisection_mbps)
    figures["oversubscription"] = total_oversubscription(shape.oversubscription) if known else None
    models = tuple(level.model for level in built.levels)
    sides = (shape.down, shape.up, shape.parameters)
    return Shape(fabric, shape.tiers, models, shape.counts, joints, None, figures, sides)
