"""Whole plans of small fabrics, wired and placed by hand and then frozen: inputs of the tests of plan and lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optidsl._pins import Pins
from optidsl.catalog.parts import CageLimit, FiberLimit, Transceiver
from optidsl.fabric.tables import DeviceGroup, DeviceTable, FabricShape, FabricTables, LinkTable, PortMap, Segment
from optidsl.layout.tables import LinkLengths, PlacedFabric, RackTable
from optidsl.optics.tables import Candidate, Check, Choice, ClassChoice, LinkClass
from optidsl.plan.freeze import freeze
from optidsl.plan.model import Plan
from optidsl.sema.design import Design
from tests.support import designs

LENGTHS_MM = np.array([3, 5, 7, 10, 15, 20, 25, 30, 35, 40, 50], dtype=np.int64) * 1000


@dataclass(frozen=True, slots=True)
class Wired:
    """What freezing takes, before it is frozen."""

    design: Design
    placed: PlacedFabric
    choice: Choice

    def freeze(self, pins: Pins | None = None) -> Plan:
        """Return the plan, which must exist."""
        context = designs.context()
        context.pins = pins or Pins()
        plan = freeze(self.design, self.placed, self.choice, sources(), context)
        if plan is None:
            raise AssertionError(designs.messages(context))
        return plan


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a plan says it comes from."""

    path: str
    content: str


def sources() -> list[Source]:
    """Return the files that the plans say they come from."""
    return [Source("design.optd", "optd 1\n"), Source("<std>/optics.optd", "optd 1\n")]


def clos(
    leaves: int = 4,
    spines: int = 2,
    servers: int = 16,
    *,
    mode: Literal["unnumbered", "numbered"] = "unnumbered",
    loopback: str = "10.250.0.0/16",
    p2p: str = "10.128.0.0/12",
    uplinks: int = 2,
    rack_pitch_mm: int = 600,
) -> Wired:
    """Return an Ethernet Clos: every leaf has `uplinks` links to every spine and an even share of the servers."""
    design = designs.clos(leaves, spines, servers)
    design = replace(design, addressing=replace(design.addressing, mode=mode, loopback=loopback, p2p=p2p))
    design = _with_sourced_optics(design)
    per_leaf = -(-servers // leaves)
    leaf_ports = _switch_ports(per_leaf, uplinks * spines)
    spine_ports = _switch_ports(uplinks * leaves, 0)
    node = design.nodes[0]
    node_ports = _node_ports(["eth0"], ["C0"], [0], [0], [-1])
    fabric = design.fabrics[0]
    groups = (
        DeviceGroup("server", "node", node, None, "", "", 0, -1, node.model, node_ports, 0, servers),
        *_tiers(design, servers, (leaf_ports, spine_ports), (leaves, spines)),
    )
    s, u = np.arange(servers), np.arange(leaves * spines * uplinks)
    leaf, spine, k = u // (spines * uplinks), (u // uplinks) % spines, u % uplinks
    links = _links(
        (s, s * 0, servers + s // per_leaf, s % per_leaf, s * 0 - 1),
        (
            servers + leaf,
            per_leaf + spine * uplinks + k,
            servers + leaves + spine,
            leaf * uplinks + k,
            u * 0 - 1,
        ),
    )
    ratio = (per_leaf * 400_000, uplinks * spines * 400_000)
    shape = FabricShape(
        fabric, 1, ("leaf", "spine"), (leaves, spines), (per_leaf, uplinks * leaves), (uplinks * spines, 0),
        1, 0, servers, servers // 2 * 400_000, (ratio,), 3,
    )  # fmt: skip
    return _wire(design, groups, links, shape, ["sr4", "sr8"], rack_pitch_mm=rack_pitch_mm)


def rails(units: int = 1, nodes: int = 4, spines: int = 2) -> Wired:
    """Return a rail-optimised InfiniBand fabric of DGX H100s: one leaf a rail and unit."""
    design = _with_sourced_optics(designs.superpod(1))
    design = replace(design, nodes=design.nodes[:1])
    fabric = replace(design.fabrics[0], endpoints=design.fabrics[0].endpoints[:1])
    design = replace(design, fabrics=(fabric,))
    ports = designs.DGX_H100_MAP
    node_ports = _node_ports(
        [f"{cage}P{bore}" for cage, bore, _, _ in ports],
        [cage for cage, _, _, _ in ports],
        [int(cage[-1]) - 1 for cage, _, _, _ in ports],
        [bore - 1 for _, bore, _, _ in ports],
        [gpu for _, _, gpu, _ in ports],
    )
    servers, leaves, per_leaf = units * nodes, units * 8, nodes
    up = nodes // spines
    groups = (
        DeviceGroup("dgx", "node", design.nodes[0], None, "", "", 0, -1, design.nodes[0].model, node_ports, 0, servers),
        *_tiers(design, servers, (_switch_ports(per_leaf, nodes), _switch_ports(leaves * up, 0)), (leaves, spines)),
    )
    e = np.arange(servers * 8)
    server, port = e // 8, e % 8
    rail = np.array([gpu for _, _, gpu, _ in ports])[port]
    u = np.arange(leaves * nodes)
    leaf, spine, k = u // nodes, (u % nodes) // up, u % up
    links = _links(
        (server, port, servers + server // nodes * 8 + rail, server % nodes, rail),
        (servers + leaf, per_leaf + u % nodes, servers + leaves + spine, leaf * up + k, leaf % 8),
    )
    shape = FabricShape(
        fabric, 1, ("leaf", "spine"), (leaves, spines), (per_leaf, leaves * up), (nodes, 0),
        1, units, servers * 8, servers * 4 * 400_000, ((per_leaf * 400_000, nodes * 400_000),), 3,
    )  # fmt: skip
    return _wire(design, groups, links, shape, ["sr8", "sr8"], rail_of_leaf=True)


# ------------------------------------------------------------------ parts


def _with_sourced_optics(design: Design) -> Design:
    """Give the modules levels, losses and limits, so that every check has its figures."""
    catalog = design.catalog
    switches = {
        name: replace(model, cage_limits=(CageLimit(1, model.cages.value, 1, designs.fact(18_000)),))
        for name, model in catalog.switches.items()
    }
    tiers = tuple(
        replace(tier, model=designs.decided(switches[tier.model.value.name]))
        for tier in design.fabrics[0].tiers
        if tier.model.value is not None
    )
    servers = {name: replace(model, power_max_mw=designs.fact(10_200_000)) for name, model in catalog.servers.items()}
    return replace(
        design,
        fabrics=(replace(design.fabrics[0], tiers=tiers),),
        nodes=tuple(replace(node, model=servers[node.model.name]) for node in design.nodes),
        catalog=replace(
            catalog,
            switches=switches,
            servers=servers,
            transceivers={name: _with_levels(part) for name, part in catalog.transceivers.items()},
        ),
    )


def _with_levels(part: Transceiver) -> Transceiver:
    limit = part.limits[0]
    return replace(
        part,
        limits=(FiberLimit(limit.grade, limit.reach_mm, designs.fact(1_900)),),
        tx_min_mdbm=designs.fact(-4_600),
        tx_max_mdbm=designs.fact(4_000),
        rx_min_mdbm=designs.fact(-6_500),
        rx_max_mdbm=designs.fact(4_000),
        channel_connections=designs.fact(4),
        min_length_mm=designs.fact(500),
    )


# ------------------------------------------------------------------ devices and links


def _column(values: object) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.asarray(values, dtype=np.int32).reshape(-1)


def _switch_ports(down: int, up: int) -> PortMap:
    """Return two 400G ports a cage: the lower ports down, the next up, one cage left unused."""
    count = down + up + (down + up) % 2 + 2
    index = np.arange(count)
    role = np.where(index < down, 0, np.where(index < down + up, 1, 2))
    return PortMap(
        name=tuple(f"{i // 2 + 1}/{i % 2 + 1}" for i in range(count)),
        alias=("",) * count,
        cage=_column(index // 2),
        bore=_column(index % 2),
        lane=_column(index * 4),
        lanes=_column(np.full(count, 4)),
        rate_mbps=np.full(count, 400_000, dtype=np.int64),
        role=_column(role),
        rail=_column(np.full(count, -1)),
        gpu=_column(np.full(count, -1)),
        device=("",) * count,
        cage_name=tuple(str(i // 2 + 1) for i in range(count)),
    )


def _node_ports(names: list[str], cages: list[str], cage: list[int], bore: list[int], gpu: list[int]) -> PortMap:
    count = len(names)
    return PortMap(
        name=tuple(names),
        alias=("",) * count,
        cage=_column(cage),
        bore=_column(bore),
        lane=_column(np.arange(count) * 4),
        lanes=_column(np.full(count, 4)),
        rate_mbps=np.full(count, 400_000, dtype=np.int64),
        role=_column(np.zeros(count)),
        rail=_column(gpu),
        gpu=_column(gpu),
        device=tuple(f"mlx5_{i}" for i in range(count)),
        cage_name=tuple(cages),
    )


def _tiers(
    design: Design, servers: int, ports: tuple[PortMap, PortMap], counts: tuple[int, int]
) -> tuple[DeviceGroup, DeviceGroup]:
    fabric = design.fabrics[0]
    leaf, spine = fabric.tiers
    assert leaf.model.value is not None
    assert spine.model.value is not None
    first = servers + counts[0]
    return (
        DeviceGroup(
            "compute.leaf",
            "switch",
            None,
            leaf,
            "compute",
            "leaf",
            1,
            -1,
            leaf.model.value,
            ports[0],
            servers,
            counts[0],
        ),
        DeviceGroup(
            "compute.spine",
            "switch",
            None,
            spine,
            "compute",
            "spine",
            2,
            -1,
            spine.model.value,
            ports[1],
            first,
            counts[1],
        ),
    )


Ends = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # type: ignore[type-arg]


def _links(*segments: Ends) -> LinkTable:
    columns = [np.concatenate([segment[i] for segment in segments]).astype(np.int32) for i in range(5)]
    index = np.repeat(np.arange(len(segments)), [len(segment[0]) for segment in segments]).astype(np.int32)
    return LinkTable(index, *columns)


def _wire(
    design: Design,
    groups: tuple[DeviceGroup, ...],
    links: LinkTable,
    shape: FabricShape,
    first_modules: list[str],
    *,
    rail_of_leaf: bool = False,
    rack_pitch_mm: int = 600,
) -> Wired:
    fabric = design.fabrics[0]
    segments = (
        Segment("compute", "endpoints", "leaf", fabric.connects[0], 400_000),
        Segment("compute", "leaf", "spine", fabric.connects[1], 400_000),
    )
    group = np.repeat(np.arange(len(groups)), [g.count for g in groups]).astype(np.int32)
    ordinal = np.concatenate([np.arange(g.count) for g in groups]).astype(np.int32)
    rail = np.where((group == 1) & rail_of_leaf, ordinal % 8, -1).astype(np.int32)
    key = tuple(str(i + 1) for i in ordinal.tolist())
    names = tuple(f"{groups[g].name.replace('.', '-')}-{int(k):03}" for g, k in zip(group.tolist(), key, strict=True))
    devices = DeviceTable(group, ordinal, np.full(len(group), -1, dtype=np.int32), rail, key, names)
    tables = FabricTables(groups, devices, segments, links, (shape,))
    placed = _place(design, tables, rack_pitch_mm)
    return Wired(design, placed, _choose(design, placed, first_modules))


def _place(design: Design, tables: FabricTables, rack_pitch_mm: int) -> PlacedFabric:
    """Stand four nodes a rack in row 1 and eight switches a rack in row 2."""
    groups, devices = tables.groups, tables.devices
    is_node = np.array([g.kind == "node" for g in groups])[devices.group]
    height = np.array([g.model.units.value if g.model.units else 0 for g in groups], dtype=np.int32)[devices.group]
    rank = np.where(is_node, np.cumsum(is_node) - 1, np.cumsum(~is_node) - 1)
    per_rack = np.where(is_node, 4, 8)
    n_node_racks = int(-(-is_node.sum() // 4))
    n_switch_racks = int(-(-(~is_node).sum() // 8))
    rack = np.where(is_node, rank // per_rack, n_node_racks + rank // per_rack).astype(np.int32)
    unit = (1 + (rank % per_rack) * height).astype(np.int32)
    count = n_node_racks + n_switch_racks
    x = np.concatenate([np.arange(n_node_racks), np.arange(n_switch_racks)]) * rack_pitch_mm
    y = np.repeat([0, 3000], [n_node_racks, n_switch_racks])
    a_rack_group = design.sites[0].halls[0].rows[0].racks[0]
    racks = RackTable(
        name=tuple([f"gpu-{i + 1}" for i in range(n_node_racks)] + [f"net-{i + 1}" for i in range(n_switch_racks)]),
        site=("dc1",) * count,
        hall=("h1",) * count,
        row=("r1",) * n_node_racks + ("r2",) * n_switch_racks,
        hall_index=np.zeros(count, dtype=np.int32),
        x_mm=x.astype(np.int64),
        y_mm=y.astype(np.int64),
        units=np.full(count, 48, dtype=np.int32),
        group=(a_rack_group,) * count,
        power_cap_mw=np.full(count, 44_000_000, dtype=np.int64),
    )
    return PlacedFabric(tables, racks, rack, unit, height, _lengths(tables.links, racks, rack))


def _lengths(links: LinkTable, racks: RackTable, rack: np.ndarray) -> LinkLengths:  # type: ignore[type-arg]
    a, z = rack[links.a_device], rack[links.z_device]
    horizontal = np.abs(racks.x_mm[a] - racks.x_mm[z]) + np.abs(racks.y_mm[a] - racks.y_mm[z])
    dress, vertical = np.full(len(a), 600, dtype=np.int64), np.full(len(a), 4_000, dtype=np.int64)
    route = dress + vertical + horizontal
    slack = -(-route * 5 // 100)
    return LinkLengths(dress, vertical, horizontal, slack, route + slack, a == z)


def _choose(design: Design, placed: PlacedFabric, first_modules: list[str]) -> Choice:
    tables, catalog = placed.tables, design.catalog
    chosen = []
    for index, (a, z) in enumerate((first_modules, ["sr8", "sr8"])):
        rows = np.flatnonzero(tables.links.segment == index).astype(np.int32)
        required = placed.lengths.required_mm[rows]
        segment = tables.segments[index]
        link_class = LinkClass(
            f"compute: {segment.a} -- {segment.z}",
            index,
            int(tables.devices.group[tables.links.a_device[rows[0]]]),
            int(tables.devices.group[tables.links.z_device[rows[0]]]),
            rows,
            int(required.min()),
            int(required.max()),
            int(rows[required.argmax()]),
        )
        ordered = LENGTHS_MM[np.searchsorted(LENGTHS_MM, required)]
        checks = (
            Check("reach", "holds", "50 m of om4", 50_000 - int(ordered.max()), "mm", "", "tests", "design"),
            Check(
                "loss",
                "holds",
                "worst channel",
                1_900 - 700 - -(-int(ordered.max()) * 3 // 1000),
                "mdB",
                "",
                "tests",
                "design",
            ),
        )
        candidate = Candidate(
            catalog.transceivers[a], catalog.transceivers[z], catalog.fiber_cables["mm-mpo"], None, checks
        )
        chosen.append(ClassChoice(link_class, candidate, ordered, "", "least power.optics"))
    return Choice(tuple(chosen), "optimal", "minimize power.optics")
