"""Plans of any graph, built by hand in columns, for tests of proofs; and the same networks for networkx."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import networkx as nx
import numpy as np

from optidsl.plan.model import (
    Plan,
    PlanAddressing,
    PlanDevices,
    PlanDimension,
    PlanFabric,
    PlanGroup,
    PlanHeader,
    PlanLinks,
    PlanPolicy,
    PlanRack,
    PlanSegment,
    PortColumns,
)

RATE = 100


@dataclass
class Drawing:
    """A network by vertex: `level`, `plane`, `rack` of every switch, its links, and the switches of every node."""

    levels: list[int]
    links: list[tuple[int, int]]
    nodes: list[list[int]]
    planes: list[int] = field(default_factory=list)
    racks: list[int] = field(default_factory=list)
    node_racks: list[int] = field(default_factory=list)
    pods: list[int] = field(default_factory=list)
    bisection_mbps: int | None = None
    dimension: str = ""

    def graph(self) -> nx.MultiGraph[int]:
        """Return the switches as a multigraph; the key of an edge is its place in `links`."""
        graph: nx.MultiGraph[int] = nx.MultiGraph()
        graph.add_nodes_from(range(len(self.levels)))
        for row, (a, z) in enumerate(self.links):
            graph.add_edge(a, z, key=row)
        return graph


def drawn(seed: int) -> Drawing:
    """Return a random network of up to 12 switches: connected or not, with parallel links, planes and racks."""
    rng = random.Random(seed)
    n = rng.randint(2, 12)
    n_planes = rng.choice([1, 1, 2])
    planes = sorted(rng.randrange(n_planes) for _ in range(n))
    planes = planes if len(set(planes)) == n_planes else [0] * n
    levels = [1 if rng.random() < 0.6 else 2 for _ in range(n)]
    levels[0] = 1
    links = []
    for _ in range(rng.randint(0, 3 * n)):
        a, z = rng.randrange(n), rng.randrange(n)
        if a != z and planes[a] == planes[z]:
            links.append((a, z) if levels[a] <= levels[z] else (z, a))
    leaves = [v for v in range(n) if levels[v] == 1]
    nodes = [[rng.choice(leaves) for _ in range(rng.randint(1, 3))] for _ in range(rng.randint(1, 10))]
    racks = [rng.randrange(4) for _ in range(n)]
    node_racks = [rng.randrange(4) for _ in nodes]
    return Drawing(levels, links, nodes, planes, racks, node_racks)


def plan_of(drawing: Drawing) -> Plan:
    """Return the plan of a network: nodes first, then the switches of every tier and plane."""
    planes = drawing.planes or [0] * len(drawing.levels)
    n_planes = max(planes) + 1
    order = sorted(range(len(drawing.levels)), key=lambda v: (drawing.levels[v], planes[v], v))
    row_of = {v: len(drawing.nodes) + row for row, v in enumerate(order)}
    groups = [_group("n", "node", 0, -1, 0, len(drawing.nodes))]
    tiers = {1: "leaf", 2: "spine", 3: "core"}
    kinds = list(dict.fromkeys((drawing.levels[v], planes[v]) for v in order))
    for level, plane in kinds:
        members = [v for v in order if (drawing.levels[v], planes[v]) == (level, plane)]
        shown = plane if n_planes > 1 else -1
        groups.append(_group(f"f.{tiers[level]}.{plane}", "switch", level, shown, row_of[members[0]], len(members)))
    segments = [_segment("endpoints", "leaf")]
    rows = [(0, node, row_of[leaf]) for node, leaves in enumerate(drawing.nodes) for leaf in leaves]
    for a, z in drawing.links:
        ends = (tiers[drawing.levels[a]], tiers[drawing.levels[z]])
        segment = _segment(*ends, drawing.dimension)
        if segment not in segments:
            segments.append(segment)
        rows.append((segments.index(segment), row_of[a], row_of[z]))
    used = sorted(set(drawing.levels))
    racks = [drawing.node_racks, [drawing.racks[v] for v in order]] if drawing.racks else None
    count = len(drawing.nodes) + len(order)
    names = [f"n-{i + 1}" for i in range(len(drawing.nodes))] + [f"s{v}" for v in order]
    return Plan(
        header=PlanHeader(
            schema_version="1.0",
            design="d",
            title="",
            owner="",
            params={},
            sources=(),
            emit=None,
            proof="",
            objective="",
        ),
        parts={},
        racks=tuple(
            PlanRack(
                name=f"{'ab'[r // 2]}-r-{r}",
                site="s",
                hall="h",
                row="ab"[r // 2],
                x_mm=r,
                y_mm=0,
                units=48,
                power_cap_mw=None,
                source_ref="",
            )
            for r in range(4)
        ),
        groups=tuple(groups),
        segments=tuple(segments),
        fabrics=(_fabric(drawing, n_planes, tuple(tiers[level] for level in used)),),
        classes=(),
        policy=PlanPolicy(optic_skus_max=None, cable_skus_max=None, margin_mdb=0, unknown={}),
        addressing=PlanAddressing(loopback="", p2p="", mode="unnumbered", mtu=9000),
        checks=(),
        requirements=(),
        bom=(),
        devices=PlanDevices(
            group=np.repeat(np.arange(len(groups)), [g.count for g in groups]).astype(np.int32),
            ordinal=np.concatenate([np.arange(g.count) for g in groups]).astype(np.int32),
            pod=_ints(
                [-1] * len(drawing.nodes) + ([drawing.pods[v] for v in order] or [-1] * len(order))
                if drawing.pods
                else [-1] * count
            ),
            rail=_ints([-1] * count),
            key=tuple(str(i + 1) for g in groups for i in range(g.count)),
            name=tuple(names),
            rack=_ints([-1] * count if racks is None else [*racks[0], *racks[1]]),
            unit=_ints([1] * count),
            height=_ints([1] * count),
            asn=np.zeros(count, dtype=np.int64),
            loopback=np.full(count, -1, dtype=np.int64),
        ),
        links=_links(rows),
    )


def _ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def _links(rows: list[tuple[int, int, int]]) -> PlanLinks:
    table = np.array(rows, dtype=np.int32).reshape(-1, 3)
    seen: dict[int, int] = {}
    ports = np.zeros((len(rows), 2), dtype=np.int32)
    for row, (_, a, z) in enumerate(rows):
        for side, device in enumerate((a, z)):
            ports[row, side] = seen.get(device, 0)
            seen[device] = seen.get(device, 0) + 1
    zeros = np.zeros(len(rows), dtype=np.int64)
    return PlanLinks(
        segment=table[:, 0],
        link_class=table[:, 0] * 0,
        a_device=table[:, 1],
        a_port=ports[:, 0],
        z_device=table[:, 2],
        z_port=ports[:, 1],
        rail=table[:, 0] * 0 - 1,
        dress_mm=zeros,
        vertical_mm=zeros,
        horizontal_mm=zeros,
        slack_mm=zeros,
        required_mm=zeros,
        ordered_mm=zeros,
        p2p=zeros - 1,
    )


def _group(name: str, kind: str, level: int, plane: int, first: int, count: int) -> PlanGroup:
    ports = tuple(f"p{i}" for i in range(200))
    zeros = tuple(0 for _ in ports)
    columns = PortColumns(
        name=ports,
        alias=ports,
        cage=zeros,
        cage_name=ports,
        bore=zeros,
        lane=zeros,
        lanes=zeros,
        rate_mbps=zeros,
        role=ports,
        rail=zeros,
        gpu=zeros,
        device=ports,
    )
    return PlanGroup(
        name=name,
        kind=kind,
        fabric="f" if level else "",
        tier={0: "", 1: "leaf", 2: "spine", 3: "core"}[level],
        level=level,
        plane=plane,
        model="m",
        protocol="ethernet",
        platform="",
        hwsku="",
        device_id="",
        gpus=0,
        height=1,
        first=first,
        count=count,
        ports=columns,
        source_ref="",
    )


def _segment(a: str, z: str, dimension: str = "") -> PlanSegment:
    return PlanSegment(fabric="f", a=a, z=z, rate_mbps=RATE, connections=1, source_ref="", dimension=dimension)


def _fabric(drawing: Drawing, n_planes: int, tiers: tuple[str, ...]) -> PlanFabric:
    dimensions = ()
    if drawing.dimension:
        dimensions = (PlanDimension(name=drawing.dimension, tier=tiers[0], ports=1, links=len(drawing.links)),)
    zeros = tuple(0 for _ in tiers)
    return PlanFabric(
        name="f",
        kind="clos",
        protocol="ethernet",
        planes=n_planes,
        tiers=tiers,
        counts=zeros,
        down=zeros,
        up=zeros,
        pods=max(drawing.pods, default=0) + 1,
        units=0,
        endpoints=sum(map(len, drawing.nodes)),
        bisection_mbps=drawing.bisection_mbps,
        oversubscription=(),
        oversubscription_limit=(1, 1),
        hops=0,
        source_ref="",
        dimensions=dimensions,
    )
