"""Small complete designs built by hand, with their parts inline: for tests of stages below the elaborator.

The parts are like real ones in shape (cages, port maps, heights); their numbers carry the confidence `design`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, TypeVar

from optidsl._context import Context
from optidsl.catalog.parts import (
    BreakoutMode,
    Catalog,
    Confidence,
    Connector,
    Fact,
    FiberCable,
    FiberGrade,
    FiberLimit,
    HostPort,
    Lanes,
    Nic,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.catalog.parts import Source as PartSource
from optidsl.diag import Diagnostic, Span
from optidsl.sema.design import Addressing, Asn, Connect, Design, Endpoint, Fabric, Naming, NodeGroup, Policy, Tier
from optidsl.sema.design_place import Address, Hall, Key, Place, RackGroup, Row, Site, Tray
from optidsl.sema.slot import Slot
from optidsl.source import Origin

T = TypeVar("T")

SPAN = Span(0, 0, 1)
ORIGIN = Origin(SPAN)
GBPS = 1_000


class DictLoader:
    """Read source texts from a dict."""

    def __init__(self, texts: dict[str, str] | None = None) -> None:
        self.texts = texts or {}

    def read(self, path: str) -> str | None:
        """Return the text under a path."""
        return self.texts.get(path)


def context() -> Context:
    """Return a fresh context with one empty source file (id 0)."""
    fresh = Context(DictLoader())
    fresh.sources.add("design.optd", " ")
    return fresh


def messages(ctx: Context) -> list[str]:
    """Return `severity[name]: message` of every diagnostic, in source order."""
    return [f"{d.severity}[{d.name}]: {d.message}" for d in ctx.sink.sorted()]


def only(ctx: Context) -> Diagnostic:
    """Return the one diagnostic of a context."""
    found = ctx.sink.sorted()
    if len(found) != 1:
        raise AssertionError(f"expected one diagnostic, found {messages(ctx)}")
    return found[0]


def fact(value: T, confidence: Confidence = "design") -> Fact[T]:
    """Wrap a value as a number of the design's own."""
    return Fact(value, "tests", confidence, SPAN)


def decided(value: T) -> Slot[T]:
    """Return the slot of `x = value`."""
    return Slot(value=value, span=SPAN)


def at_most(value: T) -> Slot[T]:
    """Return the slot of `x <= value`."""
    return Slot(upper=value, span=SPAN)


def one_of(*values: T) -> Slot[T]:
    """Return the slot of `x in [values]`."""
    return Slot(options=values, span=SPAN)


def address(*parts: str) -> Address:
    """Return an address from its parts."""
    return Address(parts)


# ------------------------------------------------------------------ parts


def switch(
    name: str,
    cages: int,
    modes: Sequence[tuple[int, int]],
    *,
    protocols: tuple[str, ...] = ("infiniband", "ethernet"),
    port_name: str = "{cage}/{bore}",
    port_alias: str = "",
    max_ports: int | None = None,
    units: int | None = 1,
    power_max_mw: int | None = None,
    lanes: Lanes | None = None,
) -> SwitchModel:
    """Return a switch with `cages` cages of eight 100G lanes and `(ports, Mbit/s)` modes."""
    return SwitchModel(
        name=name,
        span=SPAN,
        part_numbers=(name.upper(),),
        vendor="nvidia",
        protocols=protocols,
        cages=fact(cages),
        lanes=fact(lanes or Lanes(8, 100 * GBPS)),
        accepts=fact(("osfp",)),
        breakout=fact(tuple(BreakoutMode(*mode) for mode in modes)),
        max_ports=None if max_ports is None else fact(max_ports),
        cage_limits=(),
        units=None if units is None else fact(units),
        power_typ_mw=None,
        power_max_mw=None if power_max_mw is None else fact(power_max_mw),
        port_name=port_name,
        port_alias=port_alias,
        sonic_platform=None,
        sonic_hwsku=None,
        device_id=None,
        fec=None,
    )


def qm9700() -> SwitchModel:
    """Return a 32-cage InfiniBand switch with two 400G ports a cage."""
    return switch("qm9700", 32, [(2, 400 * GBPS), (4, 200 * GBPS)], protocols=("infiniband",), power_max_mw=1_720_000)


def sn5600() -> SwitchModel:
    """Return a 64-cage Ethernet switch of 1x800G, 2x400G or 4x200G a cage."""
    return switch(
        "sn5600",
        64,
        [(1, 800 * GBPS), (2, 400 * GBPS), (4, 200 * GBPS)],
        protocols=("ethernet",),
        port_name="Ethernet{lane}",
        port_alias="etp{cage}{letter}",
        max_ports=256,
        units=2,
        power_max_mw=940_000,
    )


def radix_switch(ports: int, rate_mbps: int = 400 * GBPS, name: str = "") -> SwitchModel:
    """Return a switch of `ports` one-port cages."""
    return switch(name or f"radix{ports}", ports, [(1, rate_mbps)], lanes=Lanes(4, 100 * GBPS))


# NVIDIA DGX H100 user guide: (cage, bore) -> (GPU, RDMA device)
DGX_H100_MAP: tuple[tuple[str, int, int, str], ...] = (
    ("OSFP1", 1, 7, "mlx5_11"),
    ("OSFP1", 2, 4, "mlx5_6"),
    ("OSFP2", 1, 6, "mlx5_10"),
    ("OSFP2", 2, 5, "mlx5_9"),
    ("OSFP3", 1, 2, "mlx5_4"),
    ("OSFP3", 2, 1, "mlx5_3"),
    ("OSFP4", 1, 3, "mlx5_5"),
    ("OSFP4", 2, 0, "mlx5_0"),
)


def nic(name: str, ports: Sequence[HostPort], rate_mbps: int = 400 * GBPS, bores: int = 2) -> Nic:
    """Return a NIC role with these ports."""
    return Nic(
        name=name,
        span=SPAN,
        rate_mbps=fact(rate_mbps),
        lanes=fact(Lanes(4, rate_mbps // 4)),
        accepts=fact(("osfp",)),
        bores_per_cage=bores,
        protocols=("infiniband", "ethernet"),
        cage_power_mw=None,
        fec=None,
        ports=tuple(ports),
        ports_source=fact(len(ports)),
    )


def server(name: str, nics: Sequence[Nic], units: int | None, gpus: int | None = None) -> ServerModel:
    """Return a server with these NIC roles."""
    return ServerModel(
        name=name,
        span=SPAN,
        part_numbers=(),
        vendor="nvidia",
        gpus=None if gpus is None else fact(gpus),
        units=None if units is None else fact(units),
        power_max_mw=None if gpus is None else fact(10_200_000),
        nics=tuple(nics),
    )


def dgx_h100() -> ServerModel:
    """Return the DGX H100 with its bore map: rail g is GPU g."""
    ports = [HostPort(f"{cage}P{bore}", cage, bore, gpu, gpu, dev) for cage, bore, gpu, dev in DGX_H100_MAP]
    return server("dgx-h100", [nic("compute", ports)], units=8, gpus=8)


def appliance(n_ports: int = 1, units: int | None = 1) -> ServerModel:
    """Return a fabric manager: ports without GPU or rail."""
    ports = [HostPort(f"p{i}", f"P{i}", 1, None, None, f"mlx5_{i}") for i in range(1, n_ports + 1)]
    return server("ufm-appliance", [nic("fabric", ports, bores=1)], units=units)


def plain_server(n_ports: int = 1, rate_mbps: int = 400 * GBPS, units: int = 2) -> ServerModel:
    """Return a server whose ports carry no rail."""
    ports = [HostPort(f"eth{i}", f"C{i}", 1, None, None, None) for i in range(n_ports)]
    return server(f"server{n_ports}", [nic("compute", ports, rate_mbps, bores=1)], units=units)


def railed_server(rails: int, ports_per_rail: int = 1) -> ServerModel:
    """Return a server with `ports_per_rail` ports on each of `rails` rails."""
    ports = [
        HostPort(f"g{rail}p{j}", f"C{rail}", j + 1, rail, rail, None)
        for rail in range(rails)
        for j in range(ports_per_rail)
    ]
    return server(f"rails{rails}", [nic("compute", ports, bores=ports_per_rail)], units=4, gpus=rails)


def transceiver(name: str, bores: int, reach_mm: int, medium: str = "multimode") -> Transceiver:
    """Return a 400G-a-bore module with one reach."""
    grade = "om4" if medium == "multimode" else "os2"
    return Transceiver(
        name=name,
        span=SPAN,
        part_numbers=(name.upper(),),
        vendor="nvidia",
        form_factor=fact("osfp"),
        bores=bores,
        lanes=fact(Lanes(4 * bores, 100 * GBPS)),
        modulation=fact("pam4"),
        pmd=fact("400g-sr4" if medium == "multimode" else "400g-dr4"),
        medium=fact(medium),
        connector=fact("mpo-12-apc"),
        wavelength=None,
        fec=None,
        limits=(FiberLimit(grade, fact(reach_mm)),),
        faces=(),
        min_length_mm=None,
        power_max_mw=fact(8_500 * bores),
        power_typ_mw=None,
        tx_min_mdbm=None,
        tx_max_mdbm=None,
        rx_min_mdbm=None,
        rx_max_mdbm=None,
        rx_damage_mdbm=None,
        channel_connections=None,
        channel_connection_loss_mdb=None,
        protocols=("infiniband", "ethernet"),
    )


def fiber_cable(name: str, medium: str, lengths_m: Sequence[int]) -> FiberCable:
    """Return a straight MPO-12/APC assembly with these lengths."""
    return FiberCable(
        name=name,
        span=SPAN,
        part_numbers=(name.upper(),),
        vendor="nvidia",
        grade=fact("om4" if medium == "multimode" else "os2"),
        medium=fact(medium),
        connector=fact("mpo-12-apc"),
        polarity=fact("b"),
        ends=1,
        lengths_mm=fact(tuple(m * 1000 for m in lengths_m)),
        max_total_mm=None,
        part_number_form=None,
    )


def catalog(*, switches: Sequence[SwitchModel] = (), servers: Sequence[ServerModel] = ()) -> Catalog:
    """Return a catalogue of a multimode and a single-mode way to build 400G links, and these boxes."""
    modules = [
        transceiver("sr8", 2, 50_000),
        transceiver("sr4", 1, 50_000),
        transceiver("dr8", 2, 500_000, "singlemode"),
        transceiver("dr4", 1, 500_000, "singlemode"),
    ]
    lengths = [3, 5, 7, 10, 15, 20, 25, 30, 35, 40, 50]
    cables = [
        fiber_cable("mm-mpo", "multimode", lengths),
        fiber_cable("sm-mpo", "singlemode", [*lengths, 70, 100, 150]),
    ]
    grades = [
        FiberGrade("om4", SPAN, fact("multimode"), fact(3_000), 850),
        FiberGrade("os2", SPAN, fact("singlemode"), fact(400), 1310),
    ]
    return Catalog(
        sources={"tests": PartSource("tests", "made for tests", "", "vendor-doc")},
        transceivers={part.name: part for part in modules},
        fiber_cables={part.name: part for part in cables},
        direct_cables={},
        fiber_grades={part.name: part for part in grades},
        connectors={"mpo-12-apc": Connector("mpo-12-apc", SPAN, fact(350))},
        switches={part.name: part for part in switches},
        servers={part.name: part for part in servers},
        rules=(),
    )


# ------------------------------------------------------------------ place


def rack_group(site: str, hall: str, row: str, name: str, count: int, units: int = 48) -> RackGroup:
    """Return `rack name[1..count]`, or a single rack without a key when `count` is 0."""
    keys: tuple[Key, ...] = tuple(range(1, count + 1))
    return RackGroup(address("test", site, hall, row, name), keys, units, Slot(), ORIGIN)


def hall(
    rows: Sequence[tuple[str, Sequence[tuple[str, int]]]],
    *,
    site: str = "dc1",
    name: str = "h1",
    units: int = 48,
    tray: Tray | None = None,
) -> Hall:
    """Return a hall of rows `(name, [(rack group, racks)])`, rows 3 m and racks 0.6 m apart."""
    made = tuple(
        Row(
            address("test", site, name, row),
            tuple(rack_group(site, name, row, group, count, units) for group, count in groups),
            ORIGIN,
        )
        for row, groups in rows
    )
    default = Tray(drop_mm=1_200, dress_mm=300, slack=Fraction(5, 100), origin=ORIGIN)
    return Hall(address("test", site, name), 3_000, 600, tray or default, made, ORIGIN)


def site_of(*halls: Hall, name: str = "dc1") -> Site:
    """Return a site of these halls, without pathways."""
    return Site(address("test", name), "", Slot(), None, None, halls, (), ORIGIN)


def place(
    *racks: Address,
    per_rack: int | None = None,
    spread: Literal["fill", "rack", "row"] = "fill",
    fill: Literal["bottom_up", "top_down"] = "bottom_up",
    start_unit: int | None = None,
    rack_keys: tuple[Key, ...] | None = None,
) -> Place:
    """Return a place in these rack groups."""
    return Place(tuple(racks), rack_keys, per_rack, spread, fill, start_unit, ORIGIN)


# ------------------------------------------------------------------ fabric


def tier(
    name: str,
    model: SwitchModel | Slot[SwitchModel],
    *,
    count: Slot[int] | None = None,
    down: Slot[int] | None = None,
    up: Slot[int] | None = None,
    where: Place | None = None,
    fabric: str = "compute",
) -> Tier:
    """Return a tier; what is not given stays open."""
    slot = model if isinstance(model, Slot) else decided(model)
    return Tier(name, address("test", fabric, name), slot, count or Slot(), down or Slot(), up or Slot(), where, ORIGIN)


def connect(
    a: str,
    z: str,
    *,
    rate_mbps: Slot[int] | None = None,
    length_mm: Slot[int] | None = None,
    parallel: int | None = None,
) -> Connect:
    """Return a connect whose attributes are open unless given."""
    return Connect(
        a=a,
        z=z,
        rate_mbps=rate_mbps or Slot(),
        medium=Slot(),
        module=Slot(),
        cable=Slot(),
        length_mm=length_mm or Slot(),
        parallel=Slot() if parallel is None else decided(parallel),
        connections=2,
        origin=ORIGIN,
    )


def fabric(
    kind: Literal["clos", "fat_tree", "rail_optimized"],
    endpoints: Sequence[tuple[int, str]],
    tiers: Sequence[Tier],
    *,
    name: str = "compute",
    protocol: Literal["infiniband", "ethernet"] = "infiniband",
    oversubscription: Slot[Fraction] | None = None,
    planes: int = 1,
    tier_count: Slot[int] | None = None,
    connects: Sequence[Connect] | None = None,
) -> Fabric:
    """Return a fabric over `(node index, nic)` endpoints with default connects."""
    names = ["endpoints", *(t.name for t in tiers)]
    stated = {(c.a, c.z): c for c in connects or ()}
    segments = [stated.get(pair) or connect(*pair) for pair in pairwise(names)]
    return Fabric(
        name=name,
        address=address("test", name),
        kind=kind,
        protocol=protocol,
        endpoints=tuple(Endpoint(node, role, SPAN) for node, role in endpoints),
        oversubscription=oversubscription or decided(Fraction(1)),
        planes=planes,
        tier_count=tier_count or Slot(),
        tiers=tuple(tiers),
        connects=tuple(segments),
        origin=ORIGIN,
    )


def node_group(name: str, model: ServerModel, count: int | None, where: Place | None = None) -> NodeGroup:
    """Return `node name[1..count]`, or a single node when `count` is None."""
    keys: tuple[Key, ...] | None = None if count is None else tuple(range(1, count + 1))
    return NodeGroup(address("test", name), name, keys, model, where, ORIGIN)


def design(
    nodes: Sequence[NodeGroup],
    fabrics: Sequence[Fabric],
    *,
    sites: Sequence[Site] = (),
    name: str = "test",
    switch_names: str = "{fabric}-{tier}-{index:03}",
    node_names: str = "{node}-{key:03}",
) -> Design:
    """Return a complete design with default policy, addressing and naming."""
    models: dict[str, SwitchModel] = {}
    for made in fabrics:
        for each in made.tiers:
            for model in (each.model.value, *(each.model.options or ())):
                if model is not None:
                    models[model.name] = model
    servers = {group.model.name: group.model for group in nodes}
    return Design(
        name=name,
        title="",
        owner="",
        span=SPAN,
        catalog=catalog(switches=list(models.values()), servers=list(servers.values())),
        params=(),
        sites=tuple(sites),
        nodes=tuple(nodes),
        fabrics=tuple(fabrics),
        policy=default_policy(),
        addressing=Addressing("10.250.0.0/16", "10.128.0.0/12", "unnumbered", 9216, None),
        asn=Asn(4_200_000_000, 4_200_001_000, 4_200_009_999, 4_200_000_001, None),
        naming=Naming(switch_names, node_names, None),
        requirements=(),
        objectives=(),
        emit=None,
    )


def default_policy() -> Policy:
    """Return the policy of a design that states none."""
    verdicts: dict[str, Literal["stop", "warn"]] = {
        "reach": "stop",
        "loss": "stop",
        "overload": "warn",
        "cage_power": "stop",
        "rack_power": "warn",
    }
    return Policy(Slot(), Slot(), Slot(), Slot(), Slot(), Slot(), Slot(), verdicts, None)


# ------------------------------------------------------------------ complete designs


def superpod(su: int = 1) -> Design:
    """Return the DGX SuperPOD H100 compute fabric of `su` scalable units, with racks, as in the example design."""
    gpu_rows = [(f"su{s}", [(f"su{s}-gpu", 8)]) for s in range(1, su + 1)]
    h1 = hall([*gpu_rows, ("net", [("leaf", 4), ("spine", 2), ("mgmt", 0)])])
    gpu_racks = [address("test", "dc1", "h1", f"su{s}", f"su{s}-gpu") for s in range(1, su + 1)]
    net = ("test", "dc1", "h1", "net")
    nodes = [
        node_group("dgx", dgx_h100(), 32 * su - 1, place(*gpu_racks, per_rack=4)),
        node_group("ufm", appliance(), 4, place(address(*net, "mgmt"))),
    ]
    tiers = [
        tier("leaf", qm9700(), where=place(address(*net, "leaf"), spread="rack")),
        tier("spine", qm9700(), where=place(address(*net, "spine"), spread="rack")),
    ]
    made = fabric("rail_optimized", [(0, "compute"), (1, "fabric")], tiers)
    return design(nodes, [made], sites=[site_of(h1)])


def b200(su: int = 2) -> Design:
    """Return a rail-optimised fabric of `su` full units: two tiers where they suffice, else three; no place."""
    box = qm9700()
    tiers = [tier("leaf", box), tier("spine", box), tier("core", box)]
    made = fabric("rail_optimized", [(0, "compute")], tiers, tier_count=Slot(lower=2, upper=3, span=SPAN))
    return design([node_group("dgx", dgx_h100(), 32 * su)], [made])


def clos(leaves: int = 2, spines: int = 2, servers: int = 16) -> Design:
    """Return a two-tier Ethernet Clos of SN5600-like boxes: one 400G port a server, decided counts, one hall."""
    box = sn5600()
    h1 = hall([("r1", [("srv", max(1, -(-servers // 20))), ("net", max(1, -(-(leaves + spines) // 20)))])])
    row = ("test", "dc1", "h1", "r1")
    tiers = [
        tier("leaf", box, count=decided(leaves), where=place(address(*row, "net"))),
        tier("spine", box, count=decided(spines), where=place(address(*row, "net"))),
    ]
    made = fabric("clos", [(0, "compute")], tiers, protocol="ethernet")
    group = node_group("server", plain_server(), servers, place(address(*row, "srv"), per_rack=20))
    return design([group], [made], sites=[site_of(h1)])


def with_fabric(base: Design, **changes: object) -> Design:
    """Return the design with fields of its first fabric replaced."""
    first = replace(base.fabrics[0], **changes)  # type: ignore[arg-type]
    return replace(base, fabrics=(first, *base.fabrics[1:]))
