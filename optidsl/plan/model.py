"""The plan: everything that was decided, in one versioned document that emitters, the lock and the verifier read.

Records are pydantic models; what exists once per device or link is a column (a NumPy array or a tuple of strings).
`plan.json` is this document: records as objects, each column as one line.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.bom_model import PlanBomLine as PlanBomLine
from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.growth_model import PlanPhase
from optidsl.plan.line_model import PlanLine, PlanSignal
from optidsl.plan.record import Record as Record
from optidsl.plan.scale_up_model import PlanScaleUp
from optidsl.plan.slice_model import PlanPatch, PlanSlice
from optidsl.plan.spare_model import PlanSpares

SCHEMA_VERSION: Literal["1.0"] = "1.0"

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


class PlanFact(Record):
    """A number (or word) of a part, with its source."""

    value: int | str | tuple[int, ...] | tuple[str, ...]
    source: str
    confidence: str


PartKind = Literal[
    "transceiver",
    "fiber_cable",
    "direct_cable",
    "fiber_grade",
    "connector",
    "attenuator",
    "amplifier",
    "mux",
    "line",
    "switch",
    "server",
]


class PlanPart(Record):
    """A part that the plan uses. Fact names follow the catalogue's fields: `reach_mm.os2`, `power_max_mw`, …"""

    name: str
    kind: PartKind
    vendor: str
    part_numbers: tuple[str, ...]
    facts: dict[str, PlanFact]


class PlanSource(Record):
    """A source file of the design, not of the standard library; the hash is of its items without their order."""

    path: str
    sha256: str


class PlanRack(Record):
    name: str
    site: str
    hall: str
    row: str
    x_mm: int
    y_mm: int
    units: int
    power_cap_mw: int | None
    source_ref: str
    feeds: tuple[str, ...] = ()  # of its site; () where nobody states them


class PortColumns(Record):
    """The logical ports of a group's devices, in port order. `role`: down, up or unused."""

    name: tuple[str, ...]
    alias: tuple[str, ...]
    cage: tuple[int, ...]  # 0-based
    cage_name: tuple[str, ...]
    bore: tuple[int, ...]  # 0-based
    lane: tuple[int, ...]
    lanes: tuple[int, ...]
    rate_mbps: tuple[int, ...]
    role: tuple[str, ...]
    rail: tuple[int, ...]  # -1: none
    gpu: tuple[int, ...]  # -1: none
    device: tuple[str, ...]  # RDMA device of a host port


class PlanGroup(Record):
    """Devices that are alike: nodes of one declaration, or switches of one tier."""

    name: str
    kind: Literal["node", "switch"]
    fabric: str
    tier: str
    level: int  # 0 nodes, 1 leaf, 2 spine, 3 core
    plane: int
    model: str  # a part
    protocol: str
    platform: str
    hwsku: str
    device_id: str
    gpus: int  # per device, 0 for switches
    height: int  # RU, 0 when unknown
    first: int  # row in the device columns
    count: int
    ports: PortColumns
    source_ref: str
    given: tuple[str, ...] = ()  # of asn, loopback: what the author gives its devices one by one
    feeds: tuple[str, ...] = ()  # those that its devices hang on; all of their racks where empty


class PlanSegment(Record):
    """Links between two neighbours of a fabric, or inside one of its tiers; there `dimension` tells them apart."""

    fabric: str
    a: str
    z: str
    rate_mbps: int
    connections: int
    source_ref: str
    splices: int = 0
    splice_loss_mdb: int | None = None  # the most that one splice loses
    dimension: str = ""
    uneven: int = 0  # by how many the links of two pairs of switches may differ


class PlanDimension(Record):
    """Links between switches of one tier along one dimension: ports of a switch at most, links of all planes."""

    name: str
    tier: str
    ports: int
    links: int


class PlanFabric(Record):
    """The shape of a fabric, as synthesis derived it. `dimensions` are those of a direct network."""

    name: str
    kind: str
    protocol: str
    planes: int
    tiers: tuple[str, ...]
    counts: tuple[int, ...]
    down: tuple[int, ...]
    up: tuple[int, ...]
    pods: int
    units: int
    endpoints: int
    bisection_mbps: int | None  # None: not known
    oversubscription: tuple[tuple[int, int], ...]
    oversubscription_limit: tuple[int, int]
    hops: int
    source_ref: str
    dimensions: tuple[PlanDimension, ...] = ()
    disjoint_paths: int | None = None
    parameters: dict[str, int | tuple[int, ...]] = {}
    port_scheme: str = ""  # of a direct network: which port goes where, in words
    latency_ps: int | None = None  # worst one way, where a requirement asks for it and every term is known
    cable_latency_ps: int | None = None  # the part of it that cables take


class PlanCheck(Record):
    """The verdict of one check on one link class (or on the design, when `link_class` is -1)."""

    name: str
    link_class: int
    verdict: Literal["holds", "fails", "unknown"]
    detail: str
    margin: int | None
    unit: str
    missing: str
    source: str
    confidence: str


class PlanClass(Record):
    """Links served by the same parts. `a_module`, `z_module`, `fiber`, `direct` name parts ("" where there is none)."""

    name: str
    segment: int
    a_group: int
    z_group: int
    candidate: str
    a_module: str
    z_module: str
    fiber: str
    direct: str
    medium: str
    grade: str
    longest_mm: int
    loss_mdb: int | None  # worst insertion loss of the longest link
    budget_mdb: int | None
    reason: str
    runner_up: str
    a_attenuator: str = ""  # a part before the receiver of the a end
    z_attenuator: str = ""
    line: str = ""  # the line it runs over; `fiber` is then a wave of it
    near: Literal["", "a", "z"] = ""  # the end where its cables with several far ends have their near one
    a_alternates: tuple[str, ...] = ()  # parts of other vendors that may take the place of `a_module`
    z_alternates: tuple[str, ...] = ()


class PlanStatistical(Record):
    """Means and standard deviations of losses in 0.001 dB (fibre: 0.001 dB/km); None stays at the worst case.

    `k` standard deviations count, as a fraction: numerator and denominator.
    """

    connector_mean_mdb: int
    connector_sigma_mdb: int
    attenuation_mean_mdb_per_km: int | None
    attenuation_sigma_mdb_per_km: int | None
    splice_mean_mdb: int | None
    splice_sigma_mdb: int | None
    k: tuple[int, int]


class PlanPolicy(Record):
    optic_skus_max: int | None
    cable_skus_max: int | None
    margin_mdb: int
    unknown: dict[str, str]
    statistical: PlanStatistical | None = None  # None: every loss at its worst at once
    firmware: dict[str, str] = {}  # version by family
    unlisted: str = "allow"
    approved_only: bool = False
    osnr_margin_mdb: int = 2000
    fiber_types_max: int | None = None
    multi_source: int | None = None


class PlanWaiver(Record):
    """What the design lets pass until a day; `of` and `at` narrow it to a part and a box, `covers` says what it is."""

    name: str
    of: str
    at: str
    until: str
    because: str
    covers: tuple[str, ...]
    source_ref: str


class PlanAddressing(Record):
    loopback: str
    p2p: str
    mode: Literal["unnumbered", "numbered"]
    mtu: int
    even: Literal["lower", "upper"] = "lower"  # end of a link that has the even address
    reuse_days: int | None = None  # after which numbers that became free serve again; None: when they are released


class PlanRequirement(Record):
    """A `require` or `prefer` with its verdict; `slack` is the least left of its conditions, in base units.

    `unit` is that of `slack`: mW, mm, Mbps, ps, the design's currency, or "" for a plain number.
    """

    name: str
    text: str
    verdict: Literal["holds", "fails", "unknown"]
    slack: str
    is_soft: bool
    source_ref: str
    unit: str = ""


class PlanExpectation(Record):
    """An `expect` with its verdict: both sides as found and wanted, and at which element where any one has failed."""

    name: str
    text: str
    verdict: Literal["holds", "fails", "unknown"]
    found: str
    wanted: str
    short_by: str = ""
    element: str = ""
    note: str = ""
    source_ref: str


class PlanTest(Record):
    """A `test`: what has failed in it ("" for nothing), over how many elements, and what came of each expectation."""

    name: str
    verdict: Literal["holds", "fails", "unknown"]
    failure: str
    elements: int
    expectations: tuple[PlanExpectation, ...]
    source_ref: str


class PlanHeader(Record):
    schema_version: Literal["1.0"]
    design: str
    title: str
    owner: str
    params: dict[str, str]
    sources: tuple[PlanSource, ...]
    emit: tuple[str, ...] | None
    proof: str
    objective: str
    naming: dict[str, str] = {}  # naming templates: switch, node
    currency: str = ""  # of prices; "" where the design has none
    shapes: str = ""  # how many shapes of the network were weighed; "" where the design leaves no other
    phase: str = ""  # what stands in this phase of growth only; "" for the whole plan
    left_out: tuple[str, ...] = ()  # of a phase: what is known of the whole network only
    cable_labels: dict[str, str] = {}  # templates of cable ends at switches (all) and nodes, where the design has any


@record(frozen=True, slots=True)
class PlanDevices:
    """Shape `(n_devices,)`. `loopback` is an IPv4 address as an integer (-1: none), `asn` 0 where there is none."""

    group: I32
    ordinal: I32
    pod: I32
    rail: I32
    key: tuple[str, ...]
    name: tuple[str, ...]
    rack: I32  # -1: none
    unit: I32
    height: I32
    asn: I64
    loopback: I64
    phase: I32 | None = None  # of growth, from 0, in which each stands first; None where the design has no phases


@record(frozen=True, slots=True)
class PlanLinks:
    """Shape `(n_links,)`: one row per logical link, which is one cable of its class.

    `p2p` is the even IPv4 address of a /31 (-1: none): the a end has it, the z end the next one
    (the other way round where `addressing.even` is upper).
    `required_mm` is route plus slack; `ordered_mm` the purchasable length. `assembly` numbers the physical cables,
    from 0 in the order of their first links; None where no cable of the plan has several far ends.
    """

    segment: I32
    link_class: I32
    a_device: I32
    a_port: I32
    z_device: I32
    z_port: I32
    rail: I32
    dress_mm: I64
    vertical_mm: I64
    horizontal_mm: I64
    slack_mm: I64
    required_mm: I64
    ordered_mm: I64
    p2p: I64
    assembly: I32 | None = None


@record(frozen=True, slots=True)
class Plan:
    """The whole plan. `racks`, `groups`, `classes`, `segments` are indexed by the columns."""

    header: PlanHeader
    parts: dict[str, PlanPart]
    racks: tuple[PlanRack, ...]
    groups: tuple[PlanGroup, ...]
    segments: tuple[PlanSegment, ...]
    fabrics: tuple[PlanFabric, ...]
    classes: tuple[PlanClass, ...]
    policy: PlanPolicy
    addressing: PlanAddressing
    checks: tuple[PlanCheck, ...]
    requirements: tuple[PlanRequirement, ...]
    bom: tuple[PlanBomLine, ...]
    devices: PlanDevices
    links: PlanLinks
    waivers: tuple[PlanWaiver, ...] = ()
    lines: tuple[PlanLine, ...] = ()
    signals: tuple[PlanSignal, ...] = ()
    tests: tuple[PlanTest, ...] = ()
    scale_up: tuple[PlanScaleUp, ...] = ()
    slices: tuple[PlanSlice, ...] = ()
    patches: tuple[PlanPatch, ...] = ()
    feeds: tuple[PlanFeed, ...] = ()
    spares: PlanSpares | None = None
    growth: tuple[PlanPhase, ...] | None = None  # in the order in which they are built
