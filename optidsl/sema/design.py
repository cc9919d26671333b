"""The elaborated design: what the program says after every name, loop, component and layer is resolved.

Objects exist per declaration, never per device or link: `node gpu[1..2048]` is one `NodeGroup` with 2,048 keys.
Lengths are millimetres, power milliwatts, rates Mbit/s; each object knows its origin.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from optidsl._record import record
from optidsl.catalog.parts import Catalog, ServerModel, SwitchModel
from optidsl.diag import Span
from optidsl.sema.slot import Slot
from optidsl.source import Origin

Key = int | str


@record(frozen=True, slots=True)
class Address:
    """Where an entity is in the design: `superpod.compute.leaf`."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


# ------------------------------------------------------------------ place


@record(frozen=True, slots=True)
class RackGroup:
    """`rack gpu[1..8] { units = 48U, power <= 44kW }`: racks of one declaration, side by side in key order."""

    address: Address
    keys: tuple[Key, ...]
    units: int
    power_mw: Slot[int]
    origin: Origin


@record(frozen=True, slots=True)
class Row:
    """Racks of a row stand in the order of their declaration, from position 0."""

    address: Address
    racks: tuple[RackGroup, ...]
    origin: Origin


@record(frozen=True, slots=True)
class Tray:
    """Overhead (or underfloor) trays over the hall's grid: along every row, and across the rows.

    A cable climbs from its port to the rack's top, rises `drop_mm` to the tray, runs, and comes down again.
    `dress_mm` is the run from a port to the rack's side, at each end. `slack` is a fraction of the route.
    """

    drop_mm: int
    dress_mm: int
    slack: Fraction
    origin: Origin | None


@record(frozen=True, slots=True)
class Hall:
    """Row i lies at `i * row_pitch_mm`; rack j of a row at `j * rack_pitch_mm`."""

    address: Address
    row_pitch_mm: int
    rack_pitch_mm: int
    tray: Tray
    rows: tuple[Row, ...]
    origin: Origin


@record(frozen=True, slots=True)
class Pathway:
    """A duct between two halls of the design."""

    a: Address
    z: Address
    length_mm: int
    origin: Origin


@record(frozen=True, slots=True)
class Site:
    address: Address
    title: str
    power_mw: Slot[int]
    pue_low: Fraction | None
    pue_high: Fraction | None
    halls: tuple[Hall, ...]
    pathways: tuple[Pathway, ...]
    origin: Origin


@record(frozen=True, slots=True)
class Place:
    """Where devices stand: the rack groups named, how many per rack, how they spread and fill."""

    racks: tuple[Address, ...]  # addresses of rack groups, in the order wanted
    rack_keys: tuple[Key, ...] | None  # only these keys of the group, when the author indexed it
    per_rack: int | None
    spread: Literal["fill", "rack", "row"]
    fill: Literal["bottom_up", "top_down"]
    start_unit: int | None  # lowest RU to use
    origin: Origin


# ------------------------------------------------------------------ what stands there


@record(frozen=True, slots=True)
class NodeGroup:
    """`node gpu[1..32] { model = dgx-h100 }`."""

    address: Address
    name: str
    keys: tuple[Key, ...] | None  # None: a single node without a key
    model: ServerModel
    place: Place | None
    origin: Origin


@record(frozen=True, slots=True)
class Endpoint:
    """`gpu.nic.compute`: every port of one NIC role of every node of a group."""

    node: int  # index into Design.nodes
    nic: str
    span: Span


# ------------------------------------------------------------------ fabric


@record(frozen=True, slots=True)
class Tier:
    """A tier of switches, lowest (leaf) first in `Fabric.tiers`.

    `down` is the number of ports of one switch kept for the tier below (endpoints for a leaf), `up` towards the
    tier above; both are derived from the oversubscription when open.
    """

    name: str
    address: Address
    model: Slot[SwitchModel]
    count: Slot[int]
    down: Slot[int]
    up: Slot[int]
    place: Place | None
    origin: Origin


@record(frozen=True, slots=True)
class Connect:
    """What the author says of the links between two neighbours: `connect leaf -- spine { … }`.

    `a` is `endpoints` or a tier's name, `z` the tier above. Every segment of a fabric has exactly one, made up
    from defaults (with the fabric's origin) where the author wrote none.
    """

    a: str
    z: str
    rate_mbps: Slot[int]
    medium: Slot[str]  # multimode singlemode dac acc aec aoc
    module: Slot[str]  # names of transceivers (both ends)
    cable: Slot[str]  # names of cables
    length_mm: Slot[int]  # stated length: replaces the geometry when decided; an upper bound is a requirement
    parallel: Slot[int]
    connections: int  # mated connections in the channel, both ends included (2 without a patch panel)
    origin: Origin


@record(frozen=True, slots=True)
class Fabric:
    name: str
    address: Address
    kind: Literal["clos", "fat_tree", "rail_optimized"]
    protocol: Literal["infiniband", "ethernet"]
    endpoints: tuple[Endpoint, ...]
    oversubscription: Slot[Fraction]  # upper bound or exact; default 1
    planes: int
    tier_count: Slot[int]
    tiers: tuple[Tier, ...]
    connects: tuple[Connect, ...]
    origin: Origin


# ------------------------------------------------------------------ rules


@record(frozen=True, slots=True)
class Policy:
    """Design-wide rules on parts."""

    optic_skus: Slot[int]
    cable_skus: Slot[int]
    form_factors: Slot[str]
    vendors: Slot[str]
    media: Slot[str]
    grades: Slot[str]
    margin_mdb: Slot[int]  # lower bound
    unknown: dict[str, Literal["stop", "warn"]]  # by check: reach, loss, overload, cage_power, rack_power
    origin: Origin | None


@record(frozen=True, slots=True)
class Addressing:
    loopback: str  # prefix
    p2p: str
    mode: Literal["unnumbered", "numbered"]
    mtu: int
    origin: Origin | None


@record(frozen=True, slots=True)
class Asn:
    """RFC 7938: spines of a plane share one ASN, every leaf has its own."""

    spine: int
    leaf_first: int
    leaf_last: int
    core: int
    origin: Origin | None


@record(frozen=True, slots=True)
class Naming:
    """Templates over `{design} {site} {hall} {row} {rack} {fabric} {tier} {plane} {pod} {node} {key} {index:03}`."""

    switch: str
    node: str
    origin: Origin | None
    switch_span: Span | None = None
    node_span: Span | None = None


# ------------------------------------------------------------- promises over quantities that only the compiler knows


@record(frozen=True, slots=True)
class Metric:
    """A quantity known after synthesis, placement or choice, by name.

    Known after synthesis (constants then): `fabric.<f>.tier.<t>.count`, `fabric.<f>.bisection_mbps`,
    `fabric.<f>.oversubscription`, `fabric.<f>.hops`, `fabric.<f>.links`. After choice: `power.optics` (mW),
    `power.switches`, `power.nodes`, `power.network`, `power.it`, `bom.optics.skus`, `bom.cables.skus`,
    `cables.count`, `cables.length` (mm), `optics.count`.
    """

    name: str


@record(frozen=True, slots=True)
class Affine:
    """`constant + sum(coefficient * metric)`, in base units (mm, mW, Mbit/s, plain numbers)."""

    constant: Fraction
    terms: tuple[tuple[Metric, Fraction], ...]


@record(frozen=True, slots=True)
class Condition:
    """`expression >= 0` (or `== 0`), one corner of nature's choices; a `require` holds when all its conditions do."""

    expression: Affine
    relation: Literal[">=", ">", "=="]
    text: str  # as the author wrote it, for messages


@record(frozen=True, slots=True)
class Requirement:
    """A `require` (weight None), or a `prefer` with its weight; conditions decided in the static stage are gone."""

    name: str | None
    conditions: tuple[Condition, ...]
    weight: Fraction | None
    because: str | None
    is_warning: bool
    span: Span


@record(frozen=True, slots=True)
class Objective:
    """Minimise `expression` (a `maximize` is negated); several are lexicographic, in source order."""

    expression: Affine
    text: str
    span: Span


@record(frozen=True, slots=True)
class ParamValue:
    name: str
    value: str
    span: Span


@record(frozen=True, slots=True)
class Design:
    name: str
    title: str
    owner: str
    span: Span
    catalog: Catalog
    params: tuple[ParamValue, ...]
    sites: tuple[Site, ...]
    nodes: tuple[NodeGroup, ...]
    fabrics: tuple[Fabric, ...]
    policy: Policy
    addressing: Addressing
    asn: Asn
    naming: Naming
    requirements: tuple[Requirement, ...]
    objectives: tuple[Objective, ...]
    emit: tuple[str, ...] | None  # names of emitters; None: all that apply
