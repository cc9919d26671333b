"""The plan: everything that was decided, in one versioned document that emitters, the lock and the verifier read.

Records are pydantic models; what exists once per device or link is a column (a NumPy array or a tuple of strings).
`plan.json` is this document: records as objects, each column as one line.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from optidsl._record import record

SCHEMA_VERSION: Literal["1.0"] = "1.0"

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


class Record(BaseModel):
    """Base of the plan's records: frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanFact(Record):
    """A number (or word) of a part, with its source."""

    value: int | str | tuple[int, ...] | tuple[str, ...]
    source: str
    confidence: str


class PlanPart(Record):
    """A part that the plan uses. Fact names follow the catalogue's fields: `reach_mm.os2`, `power_max_mw`, …"""

    name: str
    kind: Literal["transceiver", "fiber_cable", "direct_cable", "fiber_grade", "connector", "switch", "server"]
    vendor: str
    part_numbers: tuple[str, ...]
    facts: dict[str, PlanFact]


class PlanSource(Record):
    """A source file of the design (its own files, not the standard library's)."""

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


class PlanSegment(Record):
    """Links between two neighbours of a fabric."""

    fabric: str
    a: str
    z: str
    rate_mbps: int
    connections: int
    source_ref: str


class PlanFabric(Record):
    """The shape of a fabric, as synthesis derived it."""

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
    bisection_mbps: int
    oversubscription: tuple[tuple[int, int], ...]
    oversubscription_limit: tuple[int, int]
    hops: int
    source_ref: str


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


class PlanPolicy(Record):
    optic_skus_max: int | None
    cable_skus_max: int | None
    margin_mdb: int
    unknown: dict[str, str]


class PlanAddressing(Record):
    loopback: str
    p2p: str
    mode: Literal["unnumbered", "numbered"]
    mtu: int


class PlanRequirement(Record):
    """A `require` or `prefer` with its verdict; `slack` is the least left of its conditions, in base units."""

    name: str
    text: str
    verdict: Literal["holds", "fails", "unknown"]
    slack: str
    is_soft: bool
    source_ref: str


class PlanBomLine(Record):
    """One purchasable thing. `length_mm` is 0 for parts without a length."""

    category: Literal["switch", "server", "transceiver", "cable"]
    part: str
    part_number: str
    vendor: str
    length_mm: int
    quantity: int
    power_max_mw: int | None  # of one


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


@record(frozen=True, slots=True)
class PlanLinks:
    """Shape `(n_links,)`: one row per logical link, which is one cable of its class.

    `p2p` is the even IPv4 address of a /31 (-1: none): the a end has it, the z end the next one.
    `required_mm` is route plus slack; `ordered_mm` the purchasable length.
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
