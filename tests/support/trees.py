"""Designs with one tree: as objects for synthesis, as text for plans, and their switches as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import networkx as nx

from optidsl.catalog.parts import ServerModel
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Design, Parameter
from optidsl.sema.slot import Slot
from tests.support import designs

UNSTATED: Slot[Fraction] = Slot(value=Fraction(1))
"""The oversubscription of a fabric whose author says nothing of it."""

_TEXT = """optd 1
use std.switches {{ {model} }}
server_model terminal {{
  units = 1U
  nic fabric {{
    rate       = {rate}
    lanes      = 4x100Gbps
    accepts    = [osfp-rhs]
    cage_power = 12W
    protocols  = [infiniband, ethernet]
{ports}
  }}
}}
design network {{
  node n[1..{nodes}] {{ model = terminal }}
  fabric net {{
    kind      = {kind}
    protocol  = {protocol}
    endpoints = n.nic.fabric
    {body}
    {tiers}
    {connects}
  }}
}}
"""


def text_of(
    kind: str,
    body: str = "",
    *,
    nodes: int = 8,
    rails: Sequence[int | None] = (None,),
    tiers: Mapping[str, str] | None = None,
    connects: Mapping[str, str] | None = None,
    protocol: str = "infiniband",
    model: str = "qm9700",
) -> str:
    """Return the source of a design with one tree.

    Args:
        kind: of the fabric.
        body: attributes of the fabric, parted by `; `.
        nodes: servers.
        rails: of the ports of a server, None for one without.
        tiers: tiers, leaf first, each with what goes on in its braces.
        connects: upper tier of a connect, with what goes on in its braces.
        protocol: of the fabric.
        model: the switch of every tier.
    """
    names = tiers or {"leaf": "", "spine": ""}
    ports = "\n".join(
        f'    port p{at + 1} {{ cage = "{at + 1}"{"" if rail is None else f", rail = {rail}"} }}'
        for at, rail in enumerate(rails)
    )
    below = ["endpoints", *names]
    lengths = (
        f"connect {a} -- {z} {{ length = {3 if a == 'endpoints' else 10}m{(connects or {}).get(z, '')} }}"
        for a, z in zip(below, names, strict=False)
    )
    return _TEXT.format(
        kind=kind,
        body="\n    ".join(body.split("; ")),
        nodes=nodes,
        ports=ports,
        protocol=protocol,
        model=model,
        rate="400Gbps",
        tiers="\n    ".join(f"tier {name} {{ model = {model}{more} }}" for name, more in names.items()),
        connects="\n    ".join(lengths),
    )


def design_of(
    kind: str,
    radix: int,
    tiers: int,
    nodes: int,
    parameters: Mapping[str, int | tuple[int, ...]],
    *,
    server: ServerModel | None = None,
    parallel: Sequence[int] = (),
    **changes: Any,
) -> Design:
    """Return a design with one tree of switches of `radix` one-port cages."""
    names = ("leaf", "spine", "core")[:tiers]
    box = designs.radix_switch(radix)
    connects = [designs.connect(names[at], names[at + 1], parallel=links) for at, links in enumerate(parallel)]
    made = designs.fabric(
        kind,  # type: ignore[arg-type]
        [(0, "compute")],
        [designs.tier(name, box) for name in names],
        connects=connects,
        oversubscription=UNSTATED,
    )
    stated = {name: Parameter(value, designs.SPAN) for name, value in parameters.items()}
    fabric = replace(made, parameters=stated, tier_count=Slot(value=tiers), **changes)
    return designs.design([designs.node_group("host", server or designs.plain_server(), nodes)], [fabric])


def switches(tables: FabricTables) -> nx.MultiGraph[int]:
    """Return the switches and the links between them, parallel ones kept."""
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    for group in tables.groups:
        if group.kind == "switch":
            graph.add_nodes_from(range(group.first, group.first + group.count), level=group.level)
    is_joint = [segment.a != "endpoints" for segment in tables.segments]
    links = tables.links
    for segment, a, z in zip(links.segment.tolist(), links.a_device.tolist(), links.z_device.tolist(), strict=True):
        if is_joint[segment]:
            graph.add_edge(a, z)
    return graph


def shortest_paths(graph: nx.MultiGraph[int], leaves: Sequence[int]) -> tuple[int, set[int]]:
    """Return the links between the farthest leaves, and how many shortest paths such leaves have."""
    simple = nx.Graph(graph)
    lengths = {leaf: nx.single_source_shortest_path_length(simple, leaf) for leaf in leaves}
    farthest = max(lengths[a][z] for a in leaves for z in leaves)
    counts = {
        len(list(nx.all_shortest_paths(simple, a, z)))
        for a in leaves[:3]
        for z in leaves
        if a != z and lengths[a][z] == farthest
    }
    return farthest, counts
