"""Files of the InfiniBand subnet manager."""

from __future__ import annotations

import re
from dataclasses import replace

from optidsl.emit.configs.guids import node_guids
from optidsl.emit.configs.infiniband import InfinibandEmitter
from optidsl.emit.identifiers import hashed_numbers
from optidsl.plan.model import Plan
from tests.engine.harness.ib_netfile import parse_netfile
from tests.support.plan_shapes import with_core, with_planes
from tests.support.plans import ethernet_clos, infiniband_rails, two_tier

HEAD = """\
# generated from small by optidsl, edit the .optd
# design-time GUIDs, made from names: replace them by those of the hardware as built
"""
FIRST_ADAPTER = """
sysimgguid=0x2d5fdc2722f0930
caguid=0x2d5fdc2722f0930
Ca\t1 "H-02d5fdc2722f0930"\t\t# "gpu-001 mlx5_0"
[1](2d5fdc2722f0931)\t"S-02d580915f4b43a0"[1]\t\t# lid 0 lmc 0 "compute-leaf-001" lid 0 4xNDR
"""
FIRST_LEAF = """
vendid=0x2c9
devid=0xd2f2
sysimgguid=0x2d580915f4b43a0
switchguid=0x2d580915f4b43a0(2d580915f4b43a0)
Switch\t18 "S-02d580915f4b43a0"\t\t# "compute-leaf-001" base port 0 lid 0 lmc 0
[1]\t"H-02d5fdc2722f0930"[1](2d5fdc2722f0931)\t\t# "gpu-001 mlx5_0" lid 0 4xNDR
"""


def files(plan: Plan, folder: str = "infiniband/compute") -> dict[str, str]:
    found = dict(InfinibandEmitter().emit(plan))
    return {path.removeprefix(f"{folder}/"): text for path, text in found.items() if path.startswith(f"{folder}/")}


def guids(text: str) -> list[int]:
    return [int(line.split()[0], 16) for line in text.splitlines() if not line.startswith("#")]


def wanted(plan: Plan) -> set[frozenset[tuple[str, int]]]:
    """The cables of a plan as ends of nodes, read from its columns one by one."""

    def end(device: int, port: int) -> tuple[str, int]:
        group = plan.groups[plan.devices.group[device]]
        name = plan.devices.name[device]
        return (f"{name} {group.ports.device[port]}", 1) if group.kind == "node" else (name, int(port) + 1)

    links = plan.links
    return {
        frozenset({end(links.a_device[i], links.a_port[i]), end(links.z_device[i], links.z_port[i])})
        for i in range(len(links.segment))
    }


def test_records_are_written_as_ibnetdiscover_prints_them() -> None:
    text = files(infiniband_rails())["topology.net"]
    assert text.startswith(HEAD + FIRST_ADAPTER)
    assert FIRST_LEAF in text


def test_the_topology_read_back_is_the_plan() -> None:
    plans = (infiniband_rails(), two_tier("infiniband", "clos"), with_core(two_tier("infiniband", "clos")))
    for plan in plans:
        found = parse_netfile(files(plan)["topology.net"])
        assert found.faults == ()
        assert found.links == wanted(plan)
        n_switches = sum(group.count for group in plan.groups if group.kind == "switch")
        assert len(found.switches) == n_switches


def test_every_file_of_a_subnet_is_there() -> None:
    names = ["topology.net", "node-name-map", "root_guids.txt", "cn_guids.txt", "opensm.conf", "partitions.conf"]
    assert list(files(infiniband_rails())) == names


def test_guid_files_agree_with_the_name_map() -> None:
    for plan, top in ((infiniband_rails(), "spine"), (with_core(two_tier("infiniband", "clos")), "core")):
        found = files(plan)
        names = dict(re.findall(r'^0x([0-9a-f]{16}) "(.*)"$', found["node-name-map"], re.MULTILINE))
        name_by_guid = {int(guid, 16): name for guid, name in names.items()}
        roots = [name_by_guid[guid] for guid in guids(found["root_guids.txt"])]
        assert roots == [name for name in plan.devices.name if f"-{top}-" in name]
        adapters = [name_by_guid[guid - 1] for guid in guids(found["cn_guids.txt"])]
        assert adapters == [name for name in name_by_guid.values() if name.startswith("gpu-")]
        assert len(adapters) == int(sum(plan.links.segment == 0))


def test_opensm_gets_its_files_and_fat_tree_routing() -> None:
    assert files(infiniband_rails())["opensm.conf"] == (
        "# generated from small by optidsl, edit the .optd\n"
        "# OpenSM for the subnet compute; the files named here lie beside this one and belong into /etc/opensm.\n"
        "routing_engine ftree\n"
        "root_guid_file /etc/opensm/root_guids.txt\n"
        "cn_guid_file /etc/opensm/cn_guids.txt\n"
        "node_name_map_name /etc/opensm/node-name-map\n"
        "partition_config_file /etc/opensm/partitions.conf\n"
    )
    assert files(infiniband_rails())["partitions.conf"].endswith("\nDefault=0x7fff, ipoib : ALL=full ;\n")


def test_a_single_tier_is_routed_by_shortest_paths() -> None:
    plan = infiniband_rails(n_spines=0, n_leaves=1, n_rails=1)
    plan = replace(plan, groups=plan.groups[:2])
    found = files(plan)
    assert "routing_engine minhop\n" in found["opensm.conf"]
    assert len(guids(found["root_guids.txt"])) == 1


def test_planes_are_subnets_of_their_own() -> None:
    plan = with_planes(infiniband_rails())
    folders = {path.split("/")[1] for path, _ in InfinibandEmitter().emit(plan)}
    assert folders == {"compute-p0", "compute-p1"}
    first, second = (parse_netfile(files(plan, f"infiniband/compute-p{p}")["topology.net"]) for p in (0, 1))
    assert first.faults == second.faults == ()
    assert first.links | second.links == wanted(plan)
    assert not {*first.hosts, *first.switches} & {*second.hosts, *second.switches}


def test_a_port_without_an_rdma_name_is_an_hca() -> None:
    plan = infiniband_rails()
    ports = plan.groups[0].ports.model_copy(update={"device": ("",) * 4})
    plan = replace(plan, groups=(plan.groups[0].model_copy(update={"ports": ports}), *plan.groups[1:]))
    assert "gpu-001 HCA-4" in parse_netfile(files(plan)["topology.net"]).hosts


def test_a_rate_that_no_generation_has_is_left_out() -> None:
    plan = infiniband_rails()
    segments = tuple(segment.model_copy(update={"rate_mbps": 123_456}) for segment in plan.segments)
    text = files(replace(plan, segments=segments))["topology.net"]
    assert '"compute-leaf-001" lid 0\n' in text


def test_guids_are_local_and_leave_room_for_ports() -> None:
    found = node_guids(f"gpu-{i}" for i in range(1_000))
    assert len(set(found.values())) == 1_000
    assert all(guid >> 48 == 0x02D5 and guid % 16 == 0 for guid in found.values())


def test_growth_changes_no_guid() -> None:
    before = guids(files(infiniband_rails())["node-name-map"])
    after = guids(files(infiniband_rails(n_spines=4))["node-name-map"])
    assert set(before) < set(after)


def test_names_whose_hashes_meet_get_numbers_of_their_own() -> None:
    names = [f"n{i}" for i in range(200)]
    found = hashed_numbers(names, 8)
    assert len(set(found.values())) == 200
    assert found == hashed_numbers(reversed(names), 8)
    assert max(found.values()) < 256


def test_ethernet_has_no_subnet_manager() -> None:
    assert not InfinibandEmitter().applies(ethernet_clos())
