"""Port maps and device names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optidsl.diag import Span
from optidsl.fabric import synthesize
from optidsl.fabric.box import Box, box_at
from optidsl.fabric.names import fields_of
from optidsl.fabric.ports import host_ports, switch_ports
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import FabricTables, PortMap
from optidsl.sema.design import Design
from tests.support import designs


def mapped(box: Box | Refusal, down: int, up: int) -> PortMap:
    assert isinstance(box, Box)
    ports = switch_ports(box, down, up)
    assert isinstance(ports, PortMap)
    return ports


def test_qm9700_leaf() -> None:
    ports = mapped(box_at(designs.qm9700(), 400_000, 400_000, designs.SPAN), 32, 32)
    assert len(ports.name) == 64
    assert ports.name[:3] == ("1/1", "1/2", "2/1")
    assert ports.role.tolist() == [0] * 32 + [1] * 32
    assert ports.cage[[0, 1, 31, 32, 63]].tolist() == [0, 0, 15, 16, 31]
    assert ports.lane[:3].tolist() == [0, 4, 8]
    assert ports.lanes[0] == 4
    assert ports.cage_name[63] == "32"


def test_sn5600_mixed_rates_and_unused_cages() -> None:
    ports = mapped(box_at(designs.sn5600(), 400_000, 800_000, designs.SPAN), 3, 2)
    assert ports.name[:6] == ("Ethernet0", "Ethernet4", "Ethernet8", "Ethernet12", "Ethernet16", "Ethernet24")
    assert ports.alias[:6] == ("etp1a", "etp1b", "etp2a", "etp2b", "etp3", "etp4")
    assert ports.role[:6].tolist() == [0, 0, 0, 2, 1, 1]
    assert ports.rate_mbps[[0, 3, 4, 6]].tolist() == [400_000, 400_000, 800_000, 800_000]
    assert ports.role[6:].tolist() == [2] * 60
    assert ports.alias[-1] == "etp64"


def test_max_ports_leaves_unused_cages_without_ports() -> None:
    box = designs.switch("b", 8, [(1, 800_000), (8, 100_000)], max_ports=33)
    ports = mapped(box_at(box, 100_000, 0, designs.SPAN), 32, 0)
    assert len(ports.name) == 33
    assert box_at(box, 100_000, 0, designs.SPAN).capacity == 32  # type: ignore[union-attr]


def test_host_map_keeps_catalogue_order_and_marks_other_roles_unused() -> None:
    dgx = designs.dgx_h100()
    both = replace(dgx, nics=(*dgx.nics, replace(designs.appliance().nics[0], name="storage")))
    ports = host_ports(both, {"compute": None})
    assert ports.name[:2] == ("OSFP1P1", "OSFP1P2")
    assert ports.cage.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4]
    assert ports.bore.tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 0]
    assert ports.role.tolist() == [0] * 8 + [2]
    assert ports.rail.tolist() == [7, 4, 6, 5, 2, 1, 3, 0, -1]
    assert ports.device[7] == "mlx5_0"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("p{speed}", "`port_name = \"p{speed}\"` of `b` has a field that ports do not have ('speed')"),
        ("p{cage}", '`port_name = "p{cage}"` of `b` names two ports `p1`'),
    ],
)
def test_bad_port_templates(template: str, message: str) -> None:
    box = box_at(designs.switch("b", 2, [(2, 400_000)], port_name=template), 400_000, 0, designs.SPAN)
    assert isinstance(box, Box)
    refusal = switch_ports(box, 4, 0)
    assert isinstance(refusal, Refusal)
    assert (refusal.name, refusal.message) == ("port-name-template", message)


# ------------------------------------------------------------------ names


def built(design: Design) -> FabricTables:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    return tables


def test_default_names() -> None:
    tables = built(designs.superpod(1))
    firsts = [tables.devices.name[group.first] for group in tables.groups]
    assert firsts == ["dgx-001", "ufm-001", "compute-leaf-001", "compute-spine-001"]
    assert tables.devices.key[0] == "1"


def test_text_keys_are_not_padded_and_a_single_node_has_no_key() -> None:
    base = designs.clos()
    named = replace(base.nodes[0], keys=("7b", "a"))
    single = replace(base.nodes[0], name="head", address=designs.address("test", "head"), keys=None)
    endpoints = (*base.fabrics[0].endpoints, replace(base.fabrics[0].endpoints[0], node=1))
    tables = built(designs.with_fabric(replace(base, nodes=(named, single)), endpoints=endpoints))
    assert tables.devices.name[:3] == ("server-7b", "server-a", "head")
    assert tables.devices.key[:3] == ("7b", "a", "")


def test_names_of_nodes_in_components_carry_the_instance() -> None:
    base = designs.clos()
    inside = replace(base.nodes[0], address=designs.address("test", "pod1", "server"))
    tables = built(replace(base, nodes=(inside,)))
    assert tables.groups[0].name == "pod1.server"
    assert tables.devices.name[0] == "pod1-server-001"


def test_pod_and_plane_fields() -> None:
    base = designs.superpod(2)
    naming = replace(base.naming, switch="{tier}{pod}-{index}")
    tables = built(replace(base, naming=naming))
    leaf = tables.groups[2]
    assert tables.devices.name[leaf.first] == "leaf1-1"
    assert tables.devices.name[leaf.first + 8] == "leaf2-9"


def refused(design: Design) -> tuple[str, str]:
    ctx = designs.context()
    assert synthesize(design, ctx) is None
    found = designs.only(ctx)
    return found.name, found.message


def test_collisions_are_told_once_for_each_pair_of_groups() -> None:
    base = designs.superpod(1)
    name, message = refused(replace(base, naming=replace(base.naming, switch="sw-{index:03}")))
    assert name == "name-collision"
    assert message == "`sw-001` would name two devices: number 1 of `compute.leaf` and number 1 of `compute.spine`"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{fabrik}-{index}", "the switch name template `{fabrik}-{index}` has no meaning for {fabrik}"),
        ("{index", "the switch name template `{index` is malformed (expected '}' before end of string)"),
    ],
)
def test_bad_naming_templates(template: str, message: str) -> None:
    base = designs.superpod(1)
    assert refused(replace(base, naming=replace(base.naming, switch=template))) == ("naming-template", message)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("a b!{index}", "the switch name template `a b!{index}` has ` ` and `!`, which host names cannot have"),
        ('sw,"{index}', 'the switch name template `sw,"{index}` has `,` and `"`, which host names cannot have'),
        ("ß{index}\n", "the switch name template `\\xdf{index}\\n` has `ß` and `\\n`, which host names cannot have"),
        ("{index:0999}", "the switch name template `{index:0999}` pads a field to 100 or more characters"),
        (
            "-{tier}-{index}",
            "the switch name template `-{tier}-{index}` names a device of `compute.leaf` `-leaf-1`: it is no host name",
        ),
        (
            "{tier}-{index:070}",
            "the switch name template `{tier}-{index:070}` names a device of `compute.leaf` `leaf-000000000000000…`: "
            "it has 75 characters",
        ),
        (
            "{tier}{index:+}",
            "the switch name template `{tier}{index:+}` names a device of `compute.leaf` `leaf+1`: it is no host name",
        ),
    ],
)
def test_templates_that_make_no_host_names(template: str, message: str) -> None:
    base = designs.superpod(1)
    assert refused(replace(base, naming=replace(base.naming, switch=template))) == ("naming-template", message)


def test_a_bad_template_is_told_where_it_stands() -> None:
    base = designs.superpod(1)
    span = Span(0, 3, 9)
    context = designs.context()
    named = replace(base.naming, switch="{hall}/{index}", switch_span=span)
    assert synthesize(replace(base, naming=named), context) is None
    (told,) = context.sink.sorted()
    assert told.primary is not None
    assert told.primary.span == span
    assert told.helps == ("host names have letters, digits, `-`, `.` and `_`, the first a letter or digit",)


def test_fields_of() -> None:
    assert fields_of("{fabric}-{tier}-{index:03}") == ["fabric", "tier", "index"]
