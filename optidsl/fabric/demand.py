"""What a fabric asks for: its endpoint ports as numbers, its ratio, and the boxes that could serve."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.diag import InternalError, Span
from optidsl.fabric.box import Box
from optidsl.sema.design import Connect, Fabric, Tier


@record(frozen=True, slots=True)
class Demand:
    """Endpoint ports of one plane.

    `rails` is 0 unless leaves belong to rails. Then `nodes` have ports with a rail, `railed` in all and at most
    `width` per rail and node; the other ports are loose: they take leaf ports left over.
    """

    ports: int
    rails: int = 0
    nodes: int = 0
    railed: int = 0
    width: int = 1

    @property
    def loose(self) -> int:
        """Return the ports that belong to no rail."""
        return self.ports - self.railed if self.rails else 0

    def units(self, down: int) -> int:
        """Return the scalable units when a leaf has `down` ports (at least `width`)."""
        return -(-self.nodes // (down // self.width))

    def leaves(self, down: int) -> int:
        """Return the fewest leaves of `down` ports, before loose ports."""
        if self.rails:
            return self.rails * self.units(down)
        return -(-self.ports // down)

    def down(self, leaves: int) -> int:
        """Return the fewest ports a leaf needs when there are `leaves` of them."""
        if not self.rails:
            return -(-self.ports // leaves)
        units = leaves // self.rails
        return max(-(-self.nodes // units) * self.width, -(-self.ports // leaves))


@record(frozen=True, slots=True)
class Ratio:
    """The oversubscription allowed: at most `limit`, or just that when `is_exact`; never under `least`."""

    limit: Fraction
    is_exact: bool
    least: Fraction | None
    span: Span


@record(frozen=True, slots=True)
class Ask:
    """One way to build a fabric: its tiers in use (leaf first), each with a model, and what each plane carries."""

    fabric: Fabric
    tiers: tuple[Tier, ...]
    boxes: tuple[Box, ...]
    rates_mbps: tuple[int, ...]  # of the links below each tier
    demand: Demand
    ratio: Ratio

    @property
    def planes(self) -> int:
        """Return the number of planes."""
        return self.fabric.planes

    def connect(self, level: int) -> Connect:
        """Return what the author says of the links below tier `level` (0: the leaf)."""
        return connect_below(self.fabric, level)


def connect_below(fabric: Fabric, level: int) -> Connect:
    """Return the connect between tier `level` (0: the leaf) and what is below it."""
    a = "endpoints" if level == 0 else fabric.tiers[level - 1].name
    z = fabric.tiers[level].name
    for connect in fabric.connects:
        if (connect.a, connect.z) == (a, z):
            return connect
    raise InternalError(f"fabric {fabric.name} has no connect {a} -- {z}")


@record(frozen=True, slots=True)
class LeafSizes:
    """The leaves of one plane: how many, their ports, and the scalable units they form (0: none)."""

    count: int
    down: int
    up: int
    units: int
    nodes_per_unit: int


@record(frozen=True, slots=True)
class Sizes:
    """One plane of a fabric, leaf first. `parallel[i]` are the links between a switch of tier i and one above it.

    It is 0 where the uplinks of tier i are dealt in turn over those above, for they do not divide evenly.

    With three tiers, pods are runs of leaves: the first `full_pods` have `pod_leaves`, the others `pod_step` fewer.
    Where leaves in service are in others, `leaf_pods` has the pod of each; none has more than `pod_leaves`.
    """

    ask: Ask
    leaf: LeafSizes
    counts: tuple[int, ...]
    down: tuple[int, ...]
    up: tuple[int, ...]
    parallel: tuple[int, ...]
    pods: int = 1
    pod_leaves: int = 0
    pod_step: int = 0
    full_pods: int = 0
    leaf_pods: tuple[int, ...] = ()

    @property
    def switches(self) -> int:
        """Return the switches of all planes."""
        return sum(self.counts) * self.ask.planes

    @property
    def links(self) -> int:
        """Return the links between switches of all planes."""
        return sum(count * up for count, up in zip(self.counts, self.up, strict=True)) * self.ask.planes
