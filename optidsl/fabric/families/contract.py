"""What a family of topologies gives: devices, port maps and links of one fabric, whatever its shape.

A family is a module with one `FAMILY`; `registry` names it. Switches are *ordinals* in their tier and plane here
(0, 1, 2, …); `synthesize` turns them into rows of the device table. Nothing is built per link but columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from optidsl._record import record
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.edge import Edge
from optidsl.fabric.links import Rows
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import I32, I64, CageOrder, FabricShape, PortMap, Segment
from optidsl.sema.design import Design, Fabric, Tier

NODES = -1
"""Stands for the endpoints' devices where a tier's number is expected."""


@record(frozen=True, slots=True)
class Level:
    """The switches of one tier: how many a plane has, the port map that all share, and what each cage serves.

    Ports in `Rows` are *places*: those of the cages that serve down come first, then from `ports.up_start` those of
    the cages that serve up or other switches of the tier.
    """

    tier: Tier
    model: SwitchModel
    count: int
    ports: PortMap
    order: CageOrder
    keys: tuple[int, ...] | None = None  # of the switches of a plane; 1, 2, 3, … when None
    per_pod: int = 0  # the most switches that a pod could have where keys count pods, as 203


@record(frozen=True, slots=True)
class Run:
    """The links of one segment in one plane.

    Attributes:
        segment: index into `Built.segments`.
        a_level: index into `Built.levels`, or `NODES`.
        z_level: index into `Built.levels`.
        rows: columns; a switch is its ordinal in the tier, a node its row in the device table. A link between two
            switches of one tier stands once, its A end the lower ordinal.
    """

    segment: int
    a_level: int
    z_level: int
    rows: Rows


@record(frozen=True, slots=True)
class Plane:
    """One plane: its links, and what its devices belong to.

    `pods` and `rails` hold one column for each level, shape `(n_switches,)`, -1 where there is none. `homes` are rows
    of nodes and the scalable unit of each, shape `(n,)` each; a node without a unit gets that.
    """

    runs: tuple[Run, ...]
    pods: tuple[I32, ...]
    rails: tuple[I32, ...]
    homes: tuple[I32, I64] | None = None


@record(frozen=True, slots=True)
class Built:
    """A fabric as its family builds it: tiers (lowest first), segments (endpoints first), planes, and its figures."""

    fabric: Fabric
    levels: tuple[Level, ...]
    segments: tuple[Segment, ...]
    planes: tuple[Plane, ...]
    shape: FabricShape


class Family(Protocol):
    """A family of topologies: one or several words of `fabric.kind` (their parameters: `schema.families`)."""

    @property
    def port_scheme(self) -> str:
        """Which port goes where, in words that an installer can follow."""
        ...

    def build(self, design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Built | Refusal:
        """Size and wire a fabric over the endpoint ports of each of its planes, or refuse it."""
        ...
