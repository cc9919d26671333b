"""The elaborated design: what the program says after every name, loop, component and layer is resolved.

Objects exist per declaration, never per device or link: `node gpu[1..2048]` is one `NodeGroup` with 2,048 keys.
Lengths are millimetres, power milliwatts, rates Mbit/s; each object knows its origin.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from optidsl._record import field, record
from optidsl.catalog.governance import Versions, Waiver
from optidsl.catalog.parts import Catalog, ServerModel, SwitchModel
from optidsl.catalog.purchase import Purchase
from optidsl.catalog.spares import Spares
from optidsl.diag import Span
from optidsl.sema.design_place import Address, Key, Place, Site
from optidsl.sema.slot import Slot
from optidsl.source import Origin

if TYPE_CHECKING:
    from optidsl._pins import Move
    from optidsl.sema.growth import Phase
    from optidsl.sema.promised import Promised, Test
    from optidsl.sema.scale_up import ScaleUpDomain, Slice
    from optidsl.sema.transport import Line, Route

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
    """`gpu.nic.compute`: the ports of one NIC role of every node of a group, all or those of some rails."""

    node: int  # index into Design.nodes
    nic: str
    span: Span
    rails: tuple[int, ...] | None = None

    def meets(self, other: Endpoint) -> bool:
        """Tell whether both name a port."""
        is_apart = self.rails is not None and other.rails is not None and not set(self.rails) & set(other.rails)
        return (self.node, self.nic) == (other.node, other.nic) and not is_apart


# ------------------------------------------------------------------ fabric


@record(frozen=True, slots=True)
class CageSeats:
    """The cages, 0-based and in the order of use, that the author gave to a side; empty where none were named."""

    down: tuple[int, ...]
    up: tuple[int, ...]
    span: Span


@record(frozen=True, slots=True)
class Given:
    """Numbers that the author gives one by one: AS numbers, or IPv4 addresses as integers."""

    numbers: tuple[int, ...]
    span: Span


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
    seats: CageSeats | None = None  # None: the compiler seats the cages
    oversubscription: Slot[Fraction] = Slot()  # of this tier alone
    given: dict[str, Given] = field(default_factory=dict)  # asn, loopback
    retired: Given | None = None  # keys that no switch has


@record(frozen=True, slots=True)
class Connect:
    """What the author says of the links between two neighbours: `connect leaf -- spine { … }`.

    `a` is `endpoints` or a tier's name, `z` the tier above; or both are one tier, and `dimension` says which of the
    links between its switches. Every segment of a fabric has exactly one, made up from defaults (with the fabric's
    origin) where the author wrote none.
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
    dimension: str = ""  # of links between switches of one tier
    splices: int = 0
    splice_loss_mdb: int | None = None  # the most that one splice loses
    via: str = ""  # the name of the line that links between its two ends run over
    via_span: Span | None = None
    uneven: int = 0  # by how many the links of two pairs of switches may differ
    scheme: tuple[str, ...] = ()  # striped, own_first, by_link
    scheme_span: Span | None = None
    given: dict[str, Given] = field(default_factory=dict)  # p2p


@record(frozen=True, slots=True)
class StatedLinks:
    """`connect sw[1] -- sw[2, 3] { parallel = 2 }` of a custom fabric: from every switch of `a` to every one of `z`.

    Switches count from 1. `a_ports` and `z_ports` are names of ports, as many as `parallel`, or none. `length_mm` is
    that of each of the links, None where it is not stated.
    """

    a: tuple[int, ...]
    z: tuple[int, ...]
    parallel: int
    a_ports: tuple[str, ...]
    z_ports: tuple[str, ...]
    span: Span
    length_mm: int | None = None


@record(frozen=True, slots=True)
class Parameter:
    """What the author decided of a parameter that only some kinds of fabric read: a number, numbers or a word."""

    value: int | tuple[int, ...] | str
    span: Span


@record(frozen=True, slots=True)
class Fabric:
    """A network. `parameters` holds what the author wrote of `schema.families.PARAMETERS`, by name."""

    name: str
    address: Address
    kind: str  # of schema.families.FAMILIES
    protocol: str  # one of `_protocols.PROTOCOLS`
    endpoints: tuple[Endpoint, ...]
    oversubscription: Slot[Fraction]  # upper bound or exact; default 1
    planes: int
    tier_count: Slot[int]
    tiers: tuple[Tier, ...]
    connects: tuple[Connect, ...]
    origin: Origin
    parameters: dict[str, Parameter] = field(default_factory=dict)
    features: tuple[str, ...] = ()  # what its switches must offer besides what the protocol needs
    slices: tuple[Slice, ...] = ()  # tori that its optical circuit switches make
    planes_by: str = "rail"  # or port: the ports of one rail in turn
    links: tuple[StatedLinks, ...] = ()  # of a custom fabric, in the order written
    plane_choices: tuple[int, ...] = ()  # where the author leaves several; `planes` is the first of them
    variants: tuple[Fabric, ...] = ()  # the same fabric of each other kind, and with each other parameter, allowed
    stated: dict[str, Span] = field(default_factory=dict)  # where `kind`, `protocol`, `endpoints`, `planes` are written
    kept_pods: dict[int, int] = field(default_factory=dict)  # pod, from 0, of leaves in service, by their key


# ------------------------------------------------------------------ rules


@record(frozen=True, slots=True)
class Statistical:
    """Means and standard deviations of losses in 0.001 dB (fibre: 0.001 dB/km); None stays at the worst case."""

    connector_mean_mdb: int
    connector_sigma_mdb: int
    attenuation_mean_mdb_per_km: int | None
    attenuation_sigma_mdb_per_km: int | None
    splice_mean_mdb: int | None
    splice_sigma_mdb: int | None
    k: Fraction


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
    copper_reach: dict[str, Slot[int]] = field(default_factory=dict)  # mm by technology of direct cables
    statistical: Statistical | None = None  # None: every loss at its worst at once
    firmware: Versions = field(default_factory=dict)
    firmware_at: dict[str, Span] = field(default_factory=dict)  # where each version is stated
    waivers: tuple[Waiver, ...] = ()
    unlisted: Literal["allow", "warn", "stop"] = "allow"
    approved_only: Slot[bool] = Slot()
    osnr_margin_mdb: Slot[int] = Slot()  # lower bound
    fiber_types: Slot[int] = Slot()
    growth_reserve: Slot[Fraction] = Slot()  # least share of the ports down of the endpoints' tier
    multi_source: Slot[int] = Slot()  # vendors that every optic must have


@record(frozen=True, slots=True)
class Addressing:
    loopback: str  # prefix
    p2p: str
    mode: Literal["unnumbered", "numbered"]
    mtu: int
    origin: Origin | None
    even: Literal["lower", "upper"] = "lower"  # end of a link that has the even address
    reuse_days: int | None = None  # after which numbers that became free serve again; None: when they are released


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
    labels: dict[str, str] = field(default_factory=dict)  # of cable ends at a `switch` (all) and at a `node`
    labels_span: Span | None = None


# ------------------------------------------------------------- promises over quantities that only the compiler knows


@record(frozen=True, slots=True)
class Metric:
    """A quantity known after synthesis, placement or choice, by name.

    Known after synthesis (constants then): `fabric.<f>.tier.<t>.count`, `fabric.<f>.bisection_mbps`,
    `fabric.<f>.oversubscription`, `fabric.<f>.hops`, `fabric.<f>.links`, `fabric.<f>.switches`,
    `fabric.<f>.spare_ports`, `fabric.<f>.tier.<t>.spare_ports`. After choice: `power.optics` (mW),
    `power.switches`, `power.nodes`, `power.network`, `power.it`, `bom.optics.skus`, `bom.cables.skus`,
    `bom.fibers.types`,
    `cables.count`, `cables.length` (mm), `optics.count`; worst cases in ps, `fabric.<f>.latency` and
    `fabric.<f>.cable_latency`; and in the design's currency `cost.optics`, `cost.cables`, `cost.switches`,
    `cost.nodes`, `cost.lines` (amplifiers, multiplexers), `cost.fees` and `cost.network` (all but the nodes). On the
    finished network only: `cost.spares`.
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
    """A `require` (weight None), or a `prefer` with its weight; conditions decided in the static stage are gone.

    A `waiver` lets it fail. `text` is what was written where that failed in the static stage already.
    """

    name: str | None
    conditions: tuple[Condition, ...]
    weight: Fraction | None
    because: str | None
    is_warning: bool
    span: Span
    waiver: Waiver | None = None
    text: str = ""


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
    purchase: Purchase = Purchase()
    routes: tuple[Route, ...] = ()
    lines: tuple[Line, ...] = ()
    tests: tuple[Test, ...] = ()
    scale_up: tuple[ScaleUpDomain, ...] = ()
    spares: Spares | None = None
    growth: tuple[Phase, ...] = ()  # in the order in which they are built; this design is the last
    moved: tuple[Move, ...] = ()  # what a lock has under other names
    promised: tuple[Promised, ...] = ()  # what `require` and `prefer` say of quantities that only the whole network has

    def line(self, name: str) -> Line | None:
        """Return the line of that name."""
        return next((line for line in self.lines if line.name == name), None)
