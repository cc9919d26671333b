"""SimGrid platforms and containerlab topologies."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import yaml

from optidsl.emit.simulators.containerlab import ContainerlabEmitter
from optidsl.emit.simulators.simgrid import SimgridEmitter
from optidsl.plan.model import Plan
from tests.support.plan_shapes import with_core, with_planes
from tests.support.plans import ethernet_clos, infiniband_rails, two_tier

REGULAR = """\
<?xml version="1.0"?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<!-- generated from small by optidsl, edit the .optd -->
<platform version="4.1">
  <cluster id="compute" prefix="compute-" radical="0-7" suffix="" speed="1Gf"
           bw="400000Mbps" lat="78750ps" sharing_policy="SPLITDUPLEX"
           topology="FAT_TREE" topo_parameters="2;2,4;1,2;1,1"/>
</platform>
"""


def platform(plan: Plan, subnet: str = "compute") -> str:
    return dict(SimgridEmitter().emit(plan))[f"simulators/simgrid/{subnet}/platform.xml"]


def hosts(plan: Plan) -> list[dict[str, str]]:
    text = dict(SimgridEmitter().emit(plan))["simulators/simgrid/compute/hosts.csv"]
    return list(csv.DictReader(io.StringIO(text)))


def capacities(plan: Plan) -> dict[str, int]:
    """Mbit/s by link of a platform of zones."""
    links = ET.fromstring(platform(plan)).iter("link")
    return {link.attrib["id"]: int(link.attrib["bandwidth"].removesuffix("Mbps")) for link in links}


# ------------------------------------------------------------------ SimGrid


def test_a_regular_tree_is_a_fat_tree_cluster() -> None:
    assert platform(ethernet_clos()) == REGULAR


def test_hosts_of_a_cluster_are_told_by_server_and_port() -> None:
    found = hosts(ethernet_clos())
    assert found[3] == {"host": "compute-3", "device": "gpu-004", "port": "nic0"}
    assert len(found) == 8


def test_parallel_cables_are_one_link_of_their_summed_rate() -> None:
    found = capacities(infiniband_rails())
    assert found["gpu-001.nic0"] == 400_000
    assert found["compute-leaf-001--compute.spine"] == 8 * 400_000
    assert len(found) == 32 + 4


def test_hosts_of_zones_carry_names_of_the_plan() -> None:
    assert hosts(infiniband_rails())[9] == {"host": "gpu-002.nic1", "device": "gpu-002", "port": "nic1"}


def test_the_cut_of_every_trunk_is_that_of_the_plan() -> None:
    plan = with_core(ethernet_clos(n_spines=4, n_servers=16), n_cores=3)
    found = capacities(plan)
    assert found["compute-leaf-004--compute.spine.2"] == 2 * 400_000
    assert found["compute.spine.1--compute.core"] == 2 * 3 * 400_000
    above = sum(rate for name, rate in found.items() if "--" in name)
    assert above == 400_000 * int((plan.links.segment > 0).sum())


def test_an_irregular_leaf_makes_zones() -> None:
    plan = ethernet_clos()
    columns = {name: getattr(plan.links, name)[1:] for name in plan.links.__slots__ if name != "assembly"}
    plan = replace(plan, links=replace(plan.links, **columns))
    assert "FAT_TREE" not in platform(plan)
    assert len(hosts(plan)) == 7


def test_two_rates_make_zones() -> None:
    plan = ethernet_clos()
    segments = (plan.segments[0], plan.segments[1].model_copy(update={"rate_mbps": 800_000}))
    found = capacities(replace(plan, segments=segments))
    assert found["compute-leaf-001--compute.spine"] == 2 * 800_000


def test_every_link_has_the_delay_of_the_longest_cable() -> None:
    plan = infiniband_rails()
    delays = {link.attrib["latency"] for link in ET.fromstring(platform(plan)).iter("link")}
    assert delays == {f"{5 * int(plan.links.required_mm.max())}ps"}


def test_planes_are_platforms_of_their_own() -> None:
    plan = with_planes(infiniband_rails())
    paths = [path for path, _ in SimgridEmitter().emit(plan)]
    assert [path for path in paths if path.endswith(".xml")] == [
        "simulators/simgrid/compute-p0/platform.xml",
        "simulators/simgrid/compute-p1/platform.xml",
    ]
    assert 'id="gpu-001.nic0"' in platform(plan, "compute-p0")
    assert 'id="gpu-001.nic0"' not in platform(plan, "compute-p1")


def test_a_single_switch_is_a_zone_without_trunks() -> None:
    plan = two_tier("ethernet", "clos", n_spines=0, n_leaves=1)
    plan = replace(plan, groups=plan.groups[:2])
    assert list(capacities(plan)) == [f"gpu-00{i}.nic0" for i in range(1, 9)]


def test_names_are_quoted_in_xml() -> None:
    plan = infiniband_rails()
    plan = replace(plan, devices=replace(plan.devices, name=('a<b&"c"', *plan.devices.name[1:])))
    assert 'a<b&"c".nic0' in capacities(plan)


# ------------------------------------------------------------------ containerlab


def topology(plan: Plan) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load(
        dict(ContainerlabEmitter().emit(plan))["simulators/containerlab/compute.clab.yml"]
    )["topology"]
    return found


def test_switches_bind_their_configurations_and_servers_are_plain() -> None:
    nodes = topology(ethernet_clos())["nodes"]
    assert nodes["compute-leaf-001"] == {
        "group": "switch",
        "binds": ["daemons:/etc/frr/daemons", "../../configs/compute-leaf-001/frr.conf:/etc/frr/frr.conf"],
        "exec": [
            "ip address add 10.250.0.1/32 dev lo",
            "ip address add 10.128.0.1/31 dev Ethernet0",
            "ip address add 10.128.0.3/31 dev Ethernet4",
        ],
    }
    assert nodes["gpu-008"] == {"group": "server"}
    assert len(nodes) == 14


def test_switches_with_frr_alone_have_their_addresses_from_it() -> None:
    plan = ethernet_clos("numbered")
    groups = [group.model_copy(update={"platform": "", "hwsku": ""}) for group in plan.groups]
    for same in (
        replace(plan, groups=tuple(groups)),
        replace(plan, header=plan.header.model_copy(update={"emit": ()})),
    ):
        nodes = topology(same)["nodes"]
        assert all(set(nodes[f"compute-leaf-00{i}"]) == {"group", "binds"} for i in (1, 2, 3, 4))


def test_links_are_those_of_the_plan() -> None:
    links = topology(ethernet_clos())["links"]
    assert isinstance(links, list)
    assert links[0] == {"endpoints": ["gpu-001:eth1", "compute-leaf-001:Ethernet0"], "mtu": 9216}
    assert links[-1] == {"endpoints": ["compute-leaf-004:Ethernet12", "compute-spine-002:Ethernet12"], "mtu": 9216}
    assert len(links) == len(ethernet_clos().links.segment)


def test_interfaces_of_servers_count_from_eth1() -> None:
    links = topology(two_tier("ethernet", "rail_optimized", n_rails=4))["links"]
    assert isinstance(links, list)
    ends = [end for link in links for end in link["endpoints"] if end.startswith("gpu-003:")]
    assert ends == ["gpu-003:eth1", "gpu-003:eth2", "gpu-003:eth3", "gpu-003:eth4"]


def test_bound_files_are_emitted() -> None:
    from optidsl.diag import Sink
    from optidsl.emit import emit_all

    files = emit_all(ethernet_clos(), None, Sink())
    for node in topology(ethernet_clos())["nodes"].values():
        for bind in node.get("binds", []) if isinstance(node, dict) else []:
            source = bind.split(":")[0]
            path = source.removeprefix("../../") if source.startswith("..") else f"simulators/containerlab/{source}"
            assert path in files


def test_only_ethernet_that_frr_can_route_has_a_topology() -> None:
    assert not ContainerlabEmitter().applies(infiniband_rails())
    plan = ethernet_clos()
    ports = plan.groups[2].ports
    renamed = ports.model_copy(update={"name": tuple(f"Ethernet1/{i}" for i, _ in enumerate(ports.name))})
    groups = (*plan.groups[:2], plan.groups[2].model_copy(update={"ports": renamed}))
    assert not ContainerlabEmitter().applies(replace(plan, groups=groups))
