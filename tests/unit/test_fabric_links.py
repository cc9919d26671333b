"""Laws of links on small fabrics, checked as graphs; and planted faults that the laws catch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optidsl.fabric import synthesize
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Design
from tests.support import designs, fabric_laws


def built(design: Design) -> FabricTables:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    return tables


def tree(kind: str, ports: int, hosts: int, tiers: int, planes: int = 1) -> Design:
    box = designs.radix_switch(ports)
    names = ("leaf", "spine", "core")[:tiers]
    made = designs.fabric(
        kind,  # type: ignore[arg-type]
        [(0, "compute")],
        [designs.tier(name, box) for name in names],
        planes=planes,
    )
    model = designs.railed_server(4) if kind == "rail_optimized" else designs.plain_server(planes)
    return designs.design([designs.node_group("host", model, hosts)], [made])


@pytest.mark.parametrize(
    "design",
    [
        designs.superpod(1),
        designs.superpod(3),
        designs.clos(),
        tree("fat_tree", 4, 16, 3),
        tree("fat_tree", 8, 100, 3),
        tree("clos", 6, 9, 2),
        tree("clos", 6, 20, 3),
        tree("clos", 8, 20, 2, planes=2),
        tree("rail_optimized", 8, 6, 2),
        tree("rail_optimized", 8, 20, 3),
        tree("rail_optimized", 16, 7, 2, planes=2),
        designs.b200(9),
    ],
)
def test_laws(design: Design) -> None:
    fabric_laws.check_all(built(design))


@pytest.mark.parametrize("column", ["a_port", "z_port", "z_device"])
def test_a_planted_fault_breaks_a_law(column: str) -> None:
    tables = built(designs.superpod(1))
    values = getattr(tables.links, column).copy()
    row = int(np.flatnonzero(tables.links.segment == 1)[0])
    values[row] = values[row + 9]
    broken = replace(tables, links=replace(tables.links, **{column: values}))
    with pytest.raises(AssertionError):
        fabric_laws.check_all(broken)


def test_core_group_j_joins_position_j_of_every_pod() -> None:
    tables = built(designs.b200(16))
    spine, core = tables.groups[2], tables.groups[3]
    mask = tables.links.segment == 2
    position = (tables.links.a_device[mask] - spine.first) % 32
    group = (tables.links.z_device[mask] - core.first) // 2
    assert np.array_equal(position, group)
    pod = (tables.links.a_device[mask] - spine.first) // 32
    assert np.array_equal(tables.devices.pod[tables.links.a_device[mask]], pod)


def test_spine_ports_are_ordered_by_leaf() -> None:
    tables = built(designs.superpod(1))
    leaf, spine = tables.groups[2], tables.groups[3]
    mask = (tables.links.segment == 1) & (tables.links.z_device == spine.first)
    order = np.argsort(tables.links.z_port[mask])
    ordered = (tables.links.a_device[mask] - leaf.first)[order]
    assert ordered.tolist() == [number for number in range(8) for _ in range(8)]


def test_units_of_rails_stay_in_one_pod() -> None:
    tables = built(designs.b200(9))
    leaf = tables.groups[1]
    pods = tables.devices.pod[leaf.first : leaf.first + leaf.count].reshape(-1, 8)
    assert (pods == pods[:, :1]).all()


def test_two_ports_a_rail_stand_side_by_side() -> None:
    box = designs.radix_switch(16)
    made = designs.fabric("rail_optimized", [(0, "compute")], [designs.tier(n, box) for n in ("leaf", "spine")])
    tables = built(designs.design([designs.node_group("n", designs.railed_server(2, 2), 8)], [made]))
    assert tables.shapes[0].counts == (4, 2)
    mask = tables.links.segment == 0
    assert tables.links.z_port[mask][:4].tolist() == [0, 1, 0, 1]
    assert tables.links.z_device[mask][:4].tolist() == [8, 8, 9, 9]
    fabric_laws.check_all(tables)


def test_adding_nodes_moves_no_link() -> None:
    few, many = built(tree("clos", 8, 10, 2)), built(tree("clos", 8, 12, 2))
    for column in ("a_port", "z_port"):
        assert np.array_equal(getattr(few.links, column)[:10], getattr(many.links, column)[:10])
    names = [[tables.devices.name[device] for device in tables.links.z_device[:10].tolist()] for tables in (few, many)]
    assert names[0] == names[1]
