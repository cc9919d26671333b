"""Sizes against published tables."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from optidsl.fabric import synthesize
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot
from tests.support import designs


def built(design: Design) -> FabricTables:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    assert designs.messages(ctx) == []
    return tables


def link_counts(tables: FabricTables) -> list[int]:
    return [int((tables.links.segment == index).sum()) for index in range(len(tables.segments))]


# NVIDIA DGX SuperPOD RA, H100, chapter Network Fabrics, Table 4 "Compute fabric component count":
# SU, nodes, leaf, spine, node-leaf cables, leaf-spine cables
H100 = [
    (1, 31, 8, 4, 252, 256),
    (2, 63, 16, 8, 508, 512),
    (3, 95, 24, 16, 764, 768),
    (4, 127, 32, 16, 1020, 1024),
]

# NVIDIA DGX SuperPOD RA, B200, chapter DGX SuperPOD Architecture, table of larger configurations:
# SU, GPUs, leaf, spine, core, node-leaf cables, leaf-spine cables, spine-core cables
B200 = [
    (2, 512, 16, 8, 0, 512, 512, 0),
    (4, 1024, 32, 16, 0, 1024, 1024, 0),
    (8, 2048, 64, 32, 0, 2048, 2048, 0),
    (16, 4096, 128, 128, 64, 4096, 4096, 4096),
    (32, 8192, 256, 256, 128, 8192, 8192, 8192),
    (64, 16384, 512, 512, 256, 16384, 16384, 16384),
]


@pytest.mark.parametrize(("su", "nodes", "leaf", "spine", "down_cables", "up_cables"), H100)
def test_superpod_h100(su: int, nodes: int, leaf: int, spine: int, down_cables: int, up_cables: int) -> None:
    tables = built(designs.superpod(su))
    (shape,) = tables.shapes
    assert tables.groups[0].count == nodes
    assert shape.tiers == ("leaf", "spine")
    assert shape.counts == (leaf, spine)
    assert link_counts(tables) == [down_cables, up_cables]
    assert shape.units == su
    assert shape.hops == 3
    assert shape.oversubscription == ((32 * 400_000, 32 * 400_000),)
    assert shape.bisection_mbps == (nodes * 8 + 4) * 400_000 // 2


@pytest.mark.parametrize(("su", "gpus", "leaf", "spine", "core", "cables0", "cables1", "cables2"), B200)
def test_superpod_b200(
    su: int, gpus: int, leaf: int, spine: int, core: int, cables0: int, cables1: int, cables2: int
) -> None:
    tables = built(designs.b200(su))
    (shape,) = tables.shapes
    used = 3 if core else 2
    assert shape.endpoints == gpus
    assert shape.tiers == ("leaf", "spine", "core")[:used]
    assert shape.counts == (leaf, spine, core)[:used]
    assert link_counts(tables) == [cables0, cables1, cables2][:used]
    assert shape.hops == (5 if core else 3)
    assert len(tables.groups) == 1 + used


# Al-Fares et al., A Scalable, Commodity Data Center Network Architecture, SIGCOMM 2008: k, hosts, core, aggr., edge
@pytest.mark.parametrize(
    ("k", "hosts", "core", "aggregation", "edge"), [(4, 16, 4, 8, 8), (48, 27648, 576, 1152, 1152)]
)
def test_fat_tree(k: int, hosts: int, core: int, aggregation: int, edge: int) -> None:
    box = designs.radix_switch(k)
    tiers = [designs.tier(name, box) for name in ("edge", "aggregation", "core")]
    made = designs.fabric("fat_tree", [(0, "compute")], tiers)
    tables = built(designs.design([designs.node_group("host", designs.plain_server(), hosts)], [made]))
    (shape,) = tables.shapes
    assert shape.counts == (edge, aggregation, core)
    assert shape.pods == k
    assert link_counts(tables) == [hosts, hosts, hosts]


def test_stampede() -> None:
    """lanl/PPT, stampede_config.py, quoting the TACC user guide: 320 leaves of 20 down and 16 up, 8 cores."""
    tiers = [
        designs.tier("leaf", designs.radix_switch(36), down=designs.decided(20), up=designs.decided(16)),
        designs.tier("core", designs.radix_switch(648)),
    ]
    made = designs.fabric("clos", [(0, "compute")], tiers, oversubscription=designs.decided(Fraction(5, 4)))
    tables = built(designs.design([designs.node_group("node", designs.plain_server(), 6400)], [made]))
    (shape,) = tables.shapes
    assert shape.counts == (320, 8)
    assert shape.down == (20, 640)
    assert shape.bisection_mbps == 6400 * 400_000 * 4 // 5 // 2


@pytest.mark.parametrize("su", [1, 4])
def test_gpu_lands_on_the_leaf_of_its_rail(su: int) -> None:
    """NVIDIA DGX H100 user guide: no cage order is GPU order, so the bore map decides."""
    tables = built(designs.superpod(su))
    host, links = tables.groups[0], tables.links
    in_segment = (links.segment == 0) & (links.a_device < host.count)
    gpu = host.ports.gpu[links.a_port[in_segment]]
    assert np.array_equal(gpu, tables.devices.rail[links.z_device[in_segment]])
    assert np.array_equal(gpu, links.rail[in_segment])
    assert sorted(np.unique(gpu).tolist()) == list(range(8))
    by_gpu = {int(g): n for g, n in zip(host.ports.gpu, host.ports.name, strict=True)}
    assert by_gpu == {
        7: "OSFP1P1", 4: "OSFP1P2", 6: "OSFP2P1", 5: "OSFP2P2",
        2: "OSFP3P1", 1: "OSFP3P2", 3: "OSFP4P1", 0: "OSFP4P2",
    }  # fmt: skip


def test_managers_take_the_leaf_ports_of_the_node_given_up() -> None:
    tables = built(designs.superpod(2))
    links = tables.links
    first_ufm, first_leaf = tables.groups[1].first, tables.groups[2].first
    is_ufm = (links.segment == 0) & (links.a_device >= first_ufm)
    assert links.z_device[is_ufm].tolist() == [first_leaf + 8 + rail for rail in range(4)]
    assert links.z_port[is_ufm].tolist() == [31] * 4
    assert links.rail[is_ufm].tolist() == [-1] * 4


def test_endpoint_n_of_a_unit_is_at_down_port_n() -> None:
    tables = built(designs.superpod(2))
    links = tables.links
    is_gpu = (links.segment == 0) & (links.a_device < tables.groups[0].count)
    assert np.array_equal(links.z_port[is_gpu], links.a_device[is_gpu] % 32)
    assert np.array_equal(tables.devices.pod[links.z_device[is_gpu]], links.a_device[is_gpu] // 32)


def test_both_bores_of_an_uplink_cage_go_to_one_spine() -> None:
    tables = built(designs.superpod(1))
    links, leaf = tables.links, tables.groups[2]
    rows = np.flatnonzero(links.segment == 1)
    cage = leaf.ports.cage[links.a_port[rows]]
    ends = np.unique(np.stack([links.a_device[rows], cage, links.z_device[rows]]), axis=1)
    assert ends.shape[1] == 8 * 16  # 16 uplink cages a leaf, one spine each


def test_sixteen_thousand_gpus_are_columns() -> None:
    tables = built(designs.b200(64))
    assert len(tables.links.segment) == 49_152
    for column in ("segment", "a_device", "a_port", "z_device", "z_port", "rail"):
        assert getattr(tables.links, column).dtype == np.int32


def test_two_tiers_are_kept_while_they_suffice() -> None:
    base = designs.b200(8)
    exact = replace(base, fabrics=(replace(base.fabrics[0], tier_count=Slot()),))
    assert built(base).shapes[0].tiers == ("leaf", "spine")
    assert built(exact).shapes[0].tiers == ("leaf", "spine", "core")
