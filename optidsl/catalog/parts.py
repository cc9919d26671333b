"""Records of real parts. Every number is a `Fact`: a value with its source and confidence.

A field that nobody has sourced is None; a check that needs it answers *cannot conclude*, never zero.
Units are in the field names: `_mm`, `_mdb` (0.001 dB), `_mdbm` (0.001 dBm), `_mw` (milliwatt), `_mbps`.
"""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from optidsl._record import record
from optidsl.diag import Span

Confidence = Literal["design", "standard", "vendor-doc", "secondary", "unverified"]
"""`design` is a number the user's own design states about the user's own part: it decides, and is printed as such."""

DECIDING: frozenset[str] = frozenset({"design", "standard", "vendor-doc"})

T = TypeVar("T")


@record(frozen=True, slots=True)
class Source:
    """A document a number was read in."""

    name: str
    title: str
    at: str
    confidence: Confidence


@record(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value, the name of its source, the confidence, and where the catalogue states it."""

    value: T
    source: str
    confidence: Confidence
    span: Span

    @property
    def decides(self) -> bool:
        """Tell whether a check may rest on this number without a warning."""
        return self.confidence in DECIDING


@record(frozen=True, slots=True)
class Lanes:
    """`8x100Gbps`: how many lanes (or ports) of what rate."""

    count: int
    rate_mbps: int


@record(frozen=True, slots=True)
class FiberLimit:
    """What a part promises over one fibre grade (`os2`, `om3`, `om4`, …)."""

    grade: str
    reach_mm: Fact[int]
    loss_max_mdb: Fact[int] | None = None


@record(frozen=True, slots=True)
class Transceiver:
    """A pluggable module. `bores` is how many separate fibre ports it has (2 for a twin-port 2x400G).

    `lanes` counts the whole module; one bore carries `lanes.count / bores` of them.
    `connector` is as `mpo-12-apc`, `lc-upc`: body, then polish. `pmd` names what one bore speaks (`400g-dr4`).
    `faces` lists the parts the vendor names as far ends with another reach: `(part name, reach_mm)`.
    """

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    form_factor: Fact[str]
    bores: int
    lanes: Fact[Lanes]
    modulation: Fact[str]
    pmd: Fact[str]
    medium: Fact[str]  # multimode | singlemode
    connector: Fact[str]
    wavelength: Fact[str] | None
    fec: Fact[str] | None
    limits: tuple[FiberLimit, ...]
    faces: tuple[tuple[str, Fact[int]], ...]
    min_length_mm: Fact[int] | None
    power_max_mw: Fact[int] | None
    power_typ_mw: Fact[int] | None
    tx_min_mdbm: Fact[int] | None
    tx_max_mdbm: Fact[int] | None
    rx_min_mdbm: Fact[int] | None
    rx_max_mdbm: Fact[int] | None
    rx_damage_mdbm: Fact[int] | None
    channel_connections: Fact[int] | None  # connections that the reach figure assumes
    channel_connection_loss_mdb: Fact[int] | None  # the loss of each that it assumes
    protocols: tuple[str, ...]  # infiniband, ethernet


@record(frozen=True, slots=True)
class FiberCable:
    """A fibre assembly with purchasable lengths. `fibers` per end; `ends` far ends (1 straight, 2 splitter)."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    grade: Fact[str]
    medium: Fact[str]
    connector: Fact[str]
    polarity: Fact[str] | None
    ends: int
    lengths_mm: Fact[tuple[int, ...]]
    max_total_mm: Fact[int] | None
    part_number_form: str | None  # e.g. "MFP7E30-N{m:03}": the orderable number of a length in metres


@record(frozen=True, slots=True)
class DirectCable:
    """A cable with its ends on: DAC, ACC, AEC or AOC. `ends` far ends; `bores` of each end cage it takes."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    technology: Fact[str]  # dac | acc | aec | aoc
    form_factor_a: Fact[str]
    form_factor_z: Fact[str]
    lanes: Fact[Lanes]
    bores: int
    ends: int
    lengths_mm: Fact[tuple[int, ...]] | None
    power_a_mw: Fact[int] | None
    power_z_mw: Fact[int] | None
    protocols: tuple[str, ...]


@record(frozen=True, slots=True)
class FiberGrade:
    """A grade of fibre with its worst attenuation and the connector loss a design should plan with."""

    name: str
    span: Span
    medium: Fact[str]
    attenuation_mdb_per_km: Fact[int]
    wavelength_nm: int


@record(frozen=True, slots=True)
class Connector:
    """A connector type with the worst loss of a mated pair."""

    name: str
    span: Span
    loss_max_mdb: Fact[int]


@record(frozen=True, slots=True)
class BreakoutMode:
    """A cage run as `ports` logical ports of one rate."""

    ports: int
    rate_mbps: int


@record(frozen=True, slots=True)
class CageLimit:
    """Watts of the module in the cages whose number is in `first..last` by `step`."""

    first: int
    last: int
    step: int
    power_mw: Fact[int]


@record(frozen=True, slots=True)
class SwitchModel:
    """A switch. Cages are numbered from 1.

    `accepts` are the form factors the cages take. Port names come from `port_name`, a template over
    `{cage}` (1-based), `{cage0}`, `{bore}` (1-based), `{bore0}`, `{letter}` (a, b, …; empty when the cage runs as one
    port), `{lane}` (first lane, 0-based within the box), `{port}` (1-based logical port) and `{port0}`; `port_alias`
    likewise (empty: none).
    """

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    protocols: tuple[str, ...]
    cages: Fact[int]
    lanes: Fact[Lanes]  # of one cage
    accepts: Fact[tuple[str, ...]]
    breakout: Fact[tuple[BreakoutMode, ...]]
    max_ports: Fact[int] | None
    cage_limits: tuple[CageLimit, ...]
    units: Fact[int] | None
    power_typ_mw: Fact[int] | None  # without modules
    power_max_mw: Fact[int] | None
    port_name: str
    port_alias: str
    sonic_platform: str | None
    sonic_hwsku: str | None
    device_id: str | None  # InfiniBand vendor device id, "0xd2f2"
    fec: Fact[str] | None


@record(frozen=True, slots=True)
class HostPort:
    """One network port of a server: where it is (cage, bore) and whom it serves (gpu, rail)."""

    name: str
    cage: str
    bore: int
    gpu: int | None
    rail: int | None
    device: str | None  # mlx5_0


@record(frozen=True, slots=True)
class Nic:
    """A role of a server's ports: `compute`, `storage`, …, all alike."""

    name: str
    span: Span
    rate_mbps: Fact[int]
    lanes: Fact[Lanes]  # of one port
    accepts: Fact[tuple[str, ...]]  # form factors of the cage
    bores_per_cage: int
    protocols: tuple[str, ...]
    cage_power_mw: Fact[int] | None
    fec: Fact[str] | None
    ports: tuple[HostPort, ...]
    ports_source: Fact[int]  # number of ports, with the source of the map


@record(frozen=True, slots=True)
class ServerModel:
    """A server or an appliance: what stands at the edge of a fabric."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    gpus: Fact[int] | None
    units: Fact[int] | None
    power_max_mw: Fact[int] | None
    nics: tuple[Nic, ...]

    def nic(self, name: str) -> Nic | None:
        """Return the NIC role of that name."""
        return next((nic for nic in self.nics if nic.name == name), None)


@record(frozen=True, slots=True)
class Rule:
    """A compatibility rule that no attribute can say: `verdict` on `a` meeting `b`.

    `kind` is `faces` (transceiver a opposite transceiver b), `in-cage` (module a in box b), `over-cable` (module a on
    cable b) or `same-module` (cables a and b on the bores of one module). `a` and `b` are selectors: see
    `catalog.rules`.
    """

    name: str
    span: Span
    kind: str
    a: str
    b: str
    verdict: Literal["forbidden", "warn", "allowed"]
    reason: Fact[str]


Part = Transceiver | FiberCable | DirectCable | FiberGrade | Connector | SwitchModel | ServerModel


@record(frozen=True, slots=True)
class Catalog:
    """Every part that the design can name or the compiler may choose, by name, in declaration order."""

    sources: dict[str, Source]
    transceivers: dict[str, Transceiver]
    fiber_cables: dict[str, FiberCable]
    direct_cables: dict[str, DirectCable]
    fiber_grades: dict[str, FiberGrade]
    connectors: dict[str, Connector]
    switches: dict[str, SwitchModel]
    servers: dict[str, ServerModel]
    rules: tuple[Rule, ...]
