"""Records of real parts. Every number is a `Fact`: a value with its source and confidence.

A field that nobody has sourced is None; a check that needs it answers *cannot conclude*, never zero.
Units are in the field names: `_mm`, `_mdb` (0.001 dB), `_mdbm` (0.001 dBm), `_mw` (milliwatt), `_mbps`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from optidsl._record import field, record
from optidsl.catalog.cages import CageLimit as CageLimit
from optidsl.catalog.cages import CageRun, Pipeline
from optidsl.catalog.coherent import AmplifierModel, Coherent, MuxModel
from optidsl.catalog.governance import Approval, Firmware, Waiver
from optidsl.diag import Span

if TYPE_CHECKING:
    from optidsl.catalog.entries import Entry
    from optidsl.catalog.scale_up import ScaleUp

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
    connections_mdb: Fact[int] | None = None  # the share of the loss that the reach leaves to connections and splices


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
    sff8024: Fact[str] | None = None
    baud_kbaud: Fact[int] | None = None
    tx_oma_min_mdbm: Fact[int] | None = None
    tx_oma_max_mdbm: Fact[int] | None = None
    tx_oma_tdecq_min_mdbm: Fact[int] | None = None  # OMA less TDECQ
    tdecq_max_mdb: Fact[int] | None = None
    er_min_mdb: Fact[int] | None = None
    rx_oma_max_mdbm: Fact[int] | None = None
    rx_sens_oma_mdbm: Fact[int] | None = None
    rx_stressed_oma_mdbm: Fact[int] | None = None
    prefec_ber: Fact[Fraction] | None = None
    power_split_mw: Fact[int] | None = None  # with its bores on 1:2 splitters
    linear: Fact[bool] | None = None  # no signal processor (LPO)
    latency_ps: Fact[int] | None = None  # of one module
    built_in: Fact[bool] | None = None  # part of its box: not bought, its watts in the box
    coherent: Coherent | None = None


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
    lengths_mm: Fact[tuple[int, ...]] | None
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
    latency_ps: Fact[int] | None = None  # of both plugs together


@record(frozen=True, slots=True)
class FiberGrade:
    """A grade of fibre with its worst attenuation and the connector loss a design should plan with."""

    name: str
    span: Span
    medium: Fact[str]
    attenuation_mdb_per_km: Fact[int]
    wavelength_nm: int
    dispersion_fs: Fact[int] | None = None  # for each nm and km
    pmd_fs: Fact[int] | None = None  # for each root of a km
    effective_area_um2: Fact[int] | None = None
    latency_ns: Fact[int] | None = None  # for each km


@record(frozen=True, slots=True)
class Connector:
    """A connector type with the worst loss of a mated pair."""

    name: str
    span: Span
    loss_max_mdb: Fact[int]


@record(frozen=True, slots=True)
class Attenuator:
    """A fixed attenuator. `tolerance_mdb` is how far its loss may be off, both ways; exact when None."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    connector: Fact[str]
    medium: Fact[str]
    loss_mdb: Fact[int]
    tolerance_mdb: Fact[int] | None

    @property
    def least_mdb(self) -> int:
        """The least it takes away, in 0.001 dB."""
        return self.loss_mdb.value - (0 if self.tolerance_mdb is None else self.tolerance_mdb.value)

    @property
    def most_mdb(self) -> int:
        """The most it takes away, in 0.001 dB."""
        return self.loss_mdb.value + (0 if self.tolerance_mdb is None else self.tolerance_mdb.value)


@record(frozen=True, slots=True)
class Offer:
    """What a box states of what it offers to protocols. What neither `features` nor `lacks` names is not known."""

    features: Fact[tuple[str, ...]] | None = None
    lacks: Fact[tuple[str, ...]] | None = None
    linear_host: Fact[bool] | None = None  # its SerDes drives linear modules
    latency_ps: Fact[int] | None = None  # of a packet through it


@record(frozen=True, slots=True)
class BreakoutMode:
    """A cage run as `ports` logical ports of one rate, on `lanes` of its lanes in all (0: on every one)."""

    ports: int
    rate_mbps: int
    lanes: int = 0


@record(frozen=True, slots=True)
class SwitchModel:
    """A switch. Cages are numbered from 1.

    `accepts` are the form factors the cages take. Port names come from `port_name`, a template over
    `{cage}` (1-based), `{cage0}`, `{bore}` (1-based), `{bore0}`, `{letter}` (a, b, …; empty when the cage runs as one
    port), `{lane}` (first lane, 0-based within the box), `{cage_lane}` (first lane, 1-based within the cage), `{port}`
    (1-based logical port) and `{port0}`; `port_alias` likewise (empty: none).
    Where `splits` is not empty, only the cages it names may run more than one port. `engine_ports` and `laser_ports`
    are the neighbouring cages that one co-packaged optical engine, or one laser module, serves. `variants` are the
    same box as ordered otherwise (reverse airflow); each knows its `variant` name and its `base`.
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
    offer: Offer = Offer()
    firmware: str = ""  # its family, "" when unknown
    pipelines: tuple[Pipeline, ...] = ()
    splits: tuple[CageRun, ...] = ()
    engine_ports: Fact[int] | None = None
    laser_ports: Fact[int] | None = None
    airflow: Fact[str] | None = None  # normal | reverse
    insertion_loss_mdb: Fact[int] | None = None  # of an optical circuit switch
    base: str = ""
    variant: str = ""
    variants: tuple[SwitchModel, ...] = ()


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
    offer: Offer = Offer()
    firmware: str = ""  # its family, "" when unknown
    adapter: str | None = None  # the `nic_model` that it is
    modes: Fact[tuple[Lanes, ...]] | None = None  # how else a port may run: fewer or slower lanes


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
    scale_up: ScaleUp | None = None

    def nic(self, name: str) -> Nic | None:
        """Return the NIC role of that name."""
        return next((nic for nic in self.nics if nic.name == name), None)


@record(frozen=True, slots=True)
class Rule:
    """A compatibility rule that no attribute can say: `verdict` on `a` meeting `b`.

    `kind` is `faces` (transceiver a opposite transceiver b), `in-cage` (module a in box b), `over-cable` (module a on
    cable b) or `same-module` (cables a and b on the bores of one module). `a` and `b` are selectors: see
    `catalog.rules`; so is `far`, of the box at the far end. Above `longer_than_mm` only, if that is not None.
    `firmware` are the versions it is published for. Once a design states its own (`catalog.firmware`), `doubt` says why
    nobody knows whether the rule applies and `missing` what would tell, and `waivers` are the design's.
    """

    name: str
    span: Span
    kind: str
    a: str
    b: str
    verdict: Literal["forbidden", "warn", "limited", "beta", "allowed"]
    reason: Fact[str]
    firmware: Firmware | None = None
    far: str = ""
    longer_than_mm: int | None = None
    doubt: str = ""
    missing: str = ""
    waivers: tuple[Waiver, ...] = ()


@record(frozen=True, slots=True)
class Bundle:
    """Versions by family that a maker tested or ships together."""

    name: str
    span: Span
    members: tuple[tuple[str, Fact[str]], ...]


Part = (
    Transceiver
    | FiberCable
    | DirectCable
    | FiberGrade
    | Connector
    | Attenuator
    | SwitchModel
    | ServerModel
    | AmplifierModel
    | MuxModel
)


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
    attenuators: dict[str, Attenuator] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)  # classes, adapters and figures
    bundles: tuple[Bundle, ...] = ()
    approvals: tuple[Approval, ...] = ()
    amplifiers: dict[str, AmplifierModel] = field(default_factory=dict)
    muxes: dict[str, MuxModel] = field(default_factory=dict)
