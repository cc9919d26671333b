"""Devices, ports and links as columns. No Python object per link anywhere.

A *group* is a set of devices that are alike: the nodes of one declaration, or the switches of one tier (and
plane). A device is a row of `DeviceTable`; a port is `(device, port index)`, where the index counts the logical
ports of the device's port map from 0. Link rows point *a* (nearer the endpoints) to *z* (nearer the core).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.catalog.parts import ServerModel, SwitchModel
from optidsl.fabric.box import Box
from optidsl.fabric.pins import Seat
from optidsl.sema.design import Connect, Fabric, NodeGroup, Tier
from optidsl.source import Origin

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class PortMap:
    """The logical ports of a group's devices, shape `(n_ports,)`.

    `cage` is 0-based, `bore` 0-based within the cage (the sub-port of a breakout), `lane` the first lane in the box.
    `role` is 0 for endpoint/down ports, 1 for up ports and those to switches of the same tier, 2 for unused ones.
    """

    name: tuple[str, ...]
    alias: tuple[str, ...]
    cage: I32
    bore: I32
    lane: I32
    lanes: I32
    rate_mbps: I64
    role: I32
    rail: I32  # of endpoint ports; -1: none
    gpu: I32  # -1: none
    device: tuple[str, ...]  # RDMA device of a host port, "" elsewhere
    cage_name: tuple[str, ...]  # printed name of the cage of each port


@record(frozen=True, slots=True)
class CageOrder:
    """Which cage of a group's switches serves what: the box at its rates, its ports by side, the seat of each cage."""

    box: Box
    down: int
    up: int
    seats: tuple[Seat, ...]


@record(frozen=True, slots=True)
class DeviceGroup:
    """Devices that are alike. Exactly one of `node`, `tier` is set."""

    name: str  # unique: "gpu", "compute.leaf", "compute.p0.spine"
    kind: Literal["node", "switch"]
    node: NodeGroup | None
    tier: Tier | None
    fabric: str  # "" for nodes
    tier_name: str  # "" for nodes
    level: int  # 0 nodes, 1 leaf, 2 spine, 3 core
    plane: int  # -1 when the fabric has one plane
    model: ServerModel | SwitchModel
    ports: PortMap
    first: int  # row of the first device in DeviceTable
    count: int
    order: CageOrder | None = None  # of switches
    keys: tuple[int, ...] | None = None  # of switches; 1, 2, 3, … when None
    per_pod: int = 0  # the most switches that a pod could have where keys count pods, as 203


@record(frozen=True, slots=True)
class DeviceTable:
    """Shape `(n_devices,)`. `key` is the stable label inside the group ("1", "7b"); `pod` is -1 where there is none."""

    group: I32
    ordinal: I32  # within the group, from 0
    pod: I32  # scalable unit, pod, or group of a direct network, from 0
    rail: I32  # of rail-optimised leaves; -1 elsewhere
    key: tuple[str, ...]
    name: tuple[str, ...]  # unique in the design, made from the naming templates


@record(frozen=True, slots=True)
class Segment:
    """The links between two neighbouring tiers of a fabric (or its endpoints and leaves), or inside one tier.

    Inside a tier `dimension` tells them apart: the links of a group, those between groups, those along an axis.
    """

    fabric: str
    a: str  # "endpoints" or tier name
    z: str
    connect: Connect
    rate_mbps: int
    dimension: str = ""


@record(frozen=True, slots=True)
class LinkTable:
    """Shape `(n_links,)`; `segment` indexes `PlainFabric.segments`."""

    segment: I32
    a_device: I32
    a_port: I32
    z_device: I32
    z_port: I32
    rail: I32  # -1: none


@record(frozen=True, slots=True)
class DimensionShape:
    """The links between switches of one tier along one dimension: ports of a switch at most, links of all planes."""

    name: str
    tier: str
    ports: int
    links: int


@record(frozen=True, slots=True)
class SliceShape:
    """A torus that optical circuit switches make: chips and cubes along each axis, and its cubes, from 0."""

    name: str
    dims: tuple[int, ...]
    size: tuple[int, ...]
    cubes: tuple[int, ...]
    origin: Origin


@record(frozen=True, slots=True)
class FabricShape:
    """The sizes that synthesis derived, per fabric; counts are over all planes.

    `parameters` are those of the family as they came out, in the order of its definition.
    """

    fabric: Fabric
    planes: int
    tiers: tuple[str, ...]  # used tiers, leaf first
    counts: tuple[int, ...]
    down: tuple[int, ...]  # ports per switch towards below
    up: tuple[int, ...]  # ports per switch towards above (0 for the top tier)
    pods: int  # pods of a three-tier fabric, groups of a direct network, else 1
    units: int  # scalable units of a rail-optimised fabric, else 0
    endpoints: int
    bisection_mbps: int | None  # across the worst even split of the endpoints, as built; None: not known
    oversubscription: tuple[tuple[int, int], ...]  # as built, per tier but the top: (down Mbit/s, up Mbit/s)
    hops: int  # switches between the farthest endpoints
    dimensions: tuple[DimensionShape, ...] = ()
    port_scheme: str = ""  # of a direct network: which port goes where, in words
    disjoint_paths: int | None = None  # between any two switches of a direct network, at least; None: not known
    parameters: tuple[tuple[str, int | tuple[int, ...]], ...] = ()
    slices: tuple[SliceShape, ...] = ()  # of a fabric of optical circuit switches


@record(frozen=True, slots=True)
class FabricTables:
    """All fabrics of the design in one set of columns."""

    groups: tuple[DeviceGroup, ...]
    devices: DeviceTable
    segments: tuple[Segment, ...]
    links: LinkTable
    shapes: tuple[FabricShape, ...]
