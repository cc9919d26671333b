"""Small complete plans built by hand, for tests of whatever reads a plan: emitters, the lock, the verifier.

`two_tier` makes them of any size, in columns; `ethernet_clos` and `infiniband_rails` are the usual small ones.
The parts are like real ones in shape; their numbers carry the confidence `design`.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.model import (
    SCHEMA_VERSION,
    Plan,
    PlanAddressing,
    PlanClass,
    PlanDevices,
    PlanGroup,
    PlanHeader,
    PlanLinks,
    PlanPolicy,
    PlanRack,
    PlanSegment,
    PlanSource,
    PortColumns,
)
from tests.support import plan_parts
from tests.support.plan_parts import LENGTHS_MM, RATE_MBPS, Protocol

Mode = Literal["unnumbered", "numbered"]
Kind = Literal["clos", "rail_optimized"]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

SERVERS_PER_RACK = 4
LOOPBACK = 10 << 24 | 250 << 16 | 1
P2P = 10 << 24 | 128 << 16
SPINE_ASN, LEAF_ASN = 64_512, 4_200_001_000


def ethernet_clos(mode: Mode = "unnumbered", **sizes: Any) -> Plan:
    """Return a clos of 2 spines, 4 leaves and 8 servers of one port each; `sizes` are those of `two_tier`."""
    return two_tier("ethernet", "clos", mode=mode, **sizes)


def infiniband_rails(**sizes: Any) -> Plan:
    """Return 4 rails: 8 servers with 4 ports each, port k on leaf k, 2 spines, 4 cables from each leaf to each."""
    return two_tier("infiniband", "rail_optimized", **{"n_rails": 4, "n_parallel": 4, **sizes})


def two_tier(
    protocol: Protocol,
    kind: Kind,
    *,
    n_spines: int = 2,
    n_leaves: int = 4,
    n_servers: int = 8,
    n_rails: int = 1,
    n_parallel: int = 1,
    mode: Mode = "unnumbered",
) -> Plan:
    """Return a plan of one fabric `compute` of two tiers.

    Args:
        protocol: of the fabric.
        kind: `rail_optimized` connects port k of a server to leaf k (there are as many leaves as rails).
        n_spines: switches of the top tier.
        n_leaves: switches of the bottom tier; the servers divide evenly among them.
        n_servers: servers.
        n_rails: fabric ports of a server.
        n_parallel: cables between a leaf and a spine.
        mode: of addressing.
    """
    per_leaf = n_servers * n_rails // n_leaves
    down, up = per_leaf, n_spines * n_parallel
    groups = (
        _node_group(n_servers, n_rails, protocol),
        switch_group(protocol, "leaf", 1, n_servers, n_leaves, down, up),
        switch_group(protocol, "spine", 2, n_servers + n_leaves, n_spines, n_leaves * n_parallel, 0),
    )
    devices = _devices(groups, protocol, kind)
    links = _links(kind, n_servers, n_rails, n_leaves, n_spines, n_parallel, mode if protocol == "ethernet" else "")
    classes = (_class(0, "endpoints", "leaf", 0, 1, links), _class(1, "leaf", "spine", 1, 2, links))
    return Plan(
        header=_header(),
        parts=plan_parts.parts(protocol),
        racks=_racks(int(devices.rack.max()) + 1),
        groups=groups,
        segments=(
            segment_record("endpoints", "leaf", "design.optd:40"),
            segment_record("leaf", "spine", "design.optd:41"),
        ),
        fabrics=(plan_parts.fabric(protocol, kind, n_servers * n_rails, groups[1], groups[2]),),
        classes=classes,
        policy=PlanPolicy(optic_skus_max=None, cable_skus_max=None, margin_mdb=0, unknown={}),
        addressing=PlanAddressing(loopback="10.250.0.0/16", p2p="10.128.0.0/12", mode=mode, mtu=9216),
        checks=plan_parts.checks(),
        requirements=(plan_parts.three_hops(),),
        bom=plan_parts.bom(protocol, n_servers, n_leaves + n_spines, n_servers * n_rails, links),
        devices=devices,
        links=links,
    )


def _header() -> PlanHeader:
    return PlanHeader(
        schema_version=SCHEMA_VERSION,
        design="small",
        title="A small fabric",
        owner="network",
        params={},
        sources=(PlanSource(path="design.optd", sha256="0" * 64),),
        emit=None,
        proof="optimal",
        objective="",
    )


# ------------------------------------------------------------------ boxes


def _node_group(count: int, n_rails: int, protocol: str) -> PlanGroup:
    rails = tuple(range(n_rails))
    ports = PortColumns(
        name=tuple(f"nic{i}" for i in rails),
        alias=("",) * n_rails,
        cage=rails,
        cage_name=tuple(f"OSFP{i + 1}" for i in rails),
        bore=(0,) * n_rails,
        lane=tuple(4 * i for i in rails),
        lanes=(4,) * n_rails,
        rate_mbps=(RATE_MBPS,) * n_rails,
        role=("down",) * n_rails,
        rail=rails,
        gpu=rails,
        device=tuple(f"mlx5_{i}" for i in rails),
    )
    return _group("gpu", "node", "", 0, "gpu-server", 0, count, ports, protocol)


def switch_group(protocol: str, tier: str, level: int, first: int, count: int, down: int, up: int) -> PlanGroup:
    n_ports = (down + up + 3) // 2 * 2  # an even number, and at least two ports nobody uses
    rows = range(n_ports)
    letters = "ab"
    is_ethernet = protocol == "ethernet"
    ports = PortColumns(
        name=tuple(f"Ethernet{4 * i}" if is_ethernet else f"{i // 2 + 1}/{i % 2 + 1}" for i in rows),
        alias=tuple(f"etp{i // 2 + 1}{letters[i % 2]}" if is_ethernet else "" for i in rows),
        cage=tuple(i // 2 for i in rows),
        cage_name=tuple(str(i // 2 + 1) for i in rows),
        bore=tuple(i % 2 for i in rows),
        lane=tuple(4 * i for i in rows),
        lanes=(4,) * n_ports,
        rate_mbps=(RATE_MBPS,) * n_ports,
        role=tuple("down" if i < down else "up" if i < down + up else "unused" for i in rows),
        rail=(-1,) * n_ports,
        gpu=(-1,) * n_ports,
        device=("",) * n_ports,
    )
    return _group(f"compute.{tier}", "switch", tier, level, "switch-64", first, count, ports, protocol)


def _group(
    name: str,
    kind: Literal["node", "switch"],
    tier: str,
    level: int,
    model: str,
    first: int,
    count: int,
    ports: PortColumns,
    protocol: str,
) -> PlanGroup:
    is_switch = kind == "switch"
    is_sonic = is_switch and protocol == "ethernet"
    return PlanGroup(
        name=name,
        kind=kind,
        fabric="compute" if is_switch else "",
        tier=tier,
        level=level,
        plane=-1,
        model=model,
        protocol=protocol,
        platform="x86_64-nvidia_sn5600-r0" if is_sonic else "",
        hwsku="ACS-SN5600" if is_sonic else "",
        device_id="0xd2f2" if is_switch and not is_sonic else "",
        gpus=0 if is_switch else 8,
        height=2 if is_switch else 8,
        first=first,
        count=count,
        ports=ports,
        source_ref=f"design.optd:{20 + level}",
    )


def _devices(groups: tuple[PlanGroup, ...], protocol: str, kind: str) -> PlanDevices:
    n_servers, n_leaves, n_spines = (group.count for group in groups)
    n = n_servers + n_leaves + n_spines
    group = np.repeat(np.arange(3, dtype=np.int32), [n_servers, n_leaves, n_spines])
    ordinal = np.concatenate([np.arange(g.count, dtype=np.int32) for g in groups])
    server_racks = -(-n_servers // SERVERS_PER_RACK)
    per_rack = np.array([SERVERS_PER_RACK, 16, 16])[group]
    first_rack = np.array([0, server_racks, server_racks + -(-n_leaves // 16)])[group]
    height = np.array([8, 2, 2], dtype=np.int32)[group]
    is_routed = (group > 0) & (protocol == "ethernet")
    rank = np.arange(n) - n_servers
    asn = np.where(group == 1, LEAF_ASN + ordinal.astype(np.int64), SPINE_ASN)
    stems = ("gpu-{:03}", "compute-leaf-{:03}", "compute-spine-{:03}")
    names = tuple(stems[g].format(i + 1) for g, i in zip(group.tolist(), ordinal.tolist(), strict=True))
    return PlanDevices(
        group=group,
        ordinal=ordinal,
        pod=np.where(group == 2, -1, 0).astype(np.int32),
        rail=np.where((group == 1) & (kind == "rail_optimized"), ordinal, -1).astype(np.int32),
        key=tuple(str(i + 1) for i in ordinal.tolist()),
        name=names,
        rack=(first_rack + ordinal // per_rack).astype(np.int32),
        unit=(1 + ordinal % per_rack * height).astype(np.int32),
        height=height,
        asn=np.where(is_routed, asn, 0).astype(np.int64),
        loopback=np.where(is_routed, LOOPBACK + rank, -1).astype(np.int64),
    )


def _racks(count: int) -> tuple[PlanRack, ...]:
    return tuple(
        PlanRack(
            name=f"r{i + 1:02}",
            site="dc1",
            hall="h1",
            row="a",
            x_mm=600 * i,
            y_mm=0,
            units=48,
            power_cap_mw=None,
            source_ref="design.optd:12",
        )
        for i in range(count)
    )


# ------------------------------------------------------------------ links


def _links(
    kind: str, n_servers: int, n_rails: int, n_leaves: int, n_spines: int, n_parallel: int, mode: str
) -> PlanLinks:
    per_leaf = n_servers * n_rails // n_leaves
    server, rail = (x.ravel() for x in np.indices((n_servers, n_rails)))
    nic = server * n_rails + rail
    is_rail = kind == "rail_optimized"
    leaf_of, port_of = (rail % n_leaves, server) if is_rail else (nic // per_leaf, nic % per_leaf)
    leaf, spine, k = (x.ravel() for x in np.indices((n_leaves, n_spines, n_parallel)))
    up = np.concatenate
    a_device = up([server, n_servers + leaf])
    a_port = up([rail, per_leaf + spine * n_parallel + k])
    z_device = up([n_servers + leaf_of, n_servers + n_leaves + spine])
    z_port = up([port_of, leaf * n_parallel + k])
    segment = up([np.zeros(len(server)), np.ones(len(leaf))])
    horizontal = 600 * (1 + (a_device * 7 + z_device * 3) % 20)
    slack = (3_000 + horizontal) * 5 // 100
    required = 3_000 + horizontal + slack
    ordered = np.array(LENGTHS_MM)[np.searchsorted(LENGTHS_MM, required)]
    n = len(segment)
    n_addressed = {"numbered": n, "unnumbered": len(server)}.get(mode, 0)
    p2p = np.where(np.arange(n) < n_addressed, P2P + 2 * np.arange(n), -1)

    def i32(column: NDArray[np.generic]) -> I32:
        return column.astype(np.int32)

    def i64(column: NDArray[np.generic]) -> I64:
        return column.astype(np.int64)

    return PlanLinks(
        segment=i32(segment),
        link_class=i32(segment),
        a_device=i32(a_device),
        a_port=i32(a_port),
        z_device=i32(z_device),
        z_port=i32(z_port),
        rail=i32(up([rail if is_rail else rail * 0 - 1, np.full(len(leaf), -1)])),
        dress_mm=np.full(n, 600, dtype=np.int64),
        vertical_mm=np.full(n, 2_400, dtype=np.int64),
        horizontal_mm=i64(horizontal),
        slack_mm=i64(slack),
        required_mm=i64(required),
        ordered_mm=i64(ordered),
        p2p=i64(p2p),
    )


def segment_record(a: str, z: str, ref: str) -> PlanSegment:
    """Return the record of the links between two tiers."""
    return PlanSegment(fabric="compute", a=a, z=z, rate_mbps=RATE_MBPS, connections=2, source_ref=ref)


def _class(row: int, a: str, z: str, a_group: int, z_group: int, links: PlanLinks) -> PlanClass:
    return PlanClass(
        name=f"compute: {a} -- {z}",
        segment=row,
        a_group=a_group,
        z_group=z_group,
        candidate="osfp-2xdr4 + smf-mpo + osfp-2xdr4",
        a_module="osfp-dr4" if row == 0 else "osfp-2xdr4",
        z_module="osfp-2xdr4",
        fiber="smf-mpo",
        direct="",
        medium="singlemode",
        grade="os2",
        longest_mm=int(links.required_mm[links.link_class == row].max(initial=0)),
        loss_mdb=1_520,
        budget_mdb=3_000,
        reason="the only candidate",
        runner_up="",
    )
