"""FRR and SONiC configurations of Ethernet switches."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from optidsl.emit.configs.frr import FrrEmitter
from optidsl.emit.configs.sonic import SonicEmitter
from optidsl.plan.model import Plan
from tests.support.plan_shapes import with_core
from tests.support.plans import Mode, ethernet_clos, infiniband_rails, two_tier

UNNUMBERED_LEAF = """\
! generated from small by optidsl, edit the .optd
frr version 8.4
frr defaults datacenter
hostname compute-leaf-001
service integrated-vtysh-config
!
interface Ethernet0
 description to gpu-001 nic0
 ip address 10.128.0.1/31
exit
!
interface Ethernet4
 description to gpu-002 nic0
 ip address 10.128.0.3/31
exit
!
interface Ethernet8
 description to compute-spine-001 Ethernet0
 ipv6 nd ra-interval 5
 no ipv6 nd suppress-ra
exit
!
interface Ethernet12
 description to compute-spine-002 Ethernet0
 ipv6 nd ra-interval 5
 no ipv6 nd suppress-ra
exit
!
interface lo
 ip address 10.250.0.1/32
exit
!
router bgp 4200001000
 bgp router-id 10.250.0.1
 bgp bestpath as-path multipath-relax
 no bgp ebgp-requires-policy
 neighbor FABRIC peer-group
 neighbor FABRIC remote-as external
 neighbor Ethernet8 interface peer-group FABRIC
 neighbor Ethernet12 interface peer-group FABRIC
 !
 address-family ipv4 unicast
  network 10.250.0.1/32
  network 10.128.0.0/31
  network 10.128.0.2/31
  neighbor FABRIC activate
  maximum-paths 64
 exit-address-family
exit
!
end
"""

NUMBERED_LEAF = """\
! generated from small by optidsl, edit the .optd
frr version 8.4
frr defaults datacenter
hostname compute-leaf-001
service integrated-vtysh-config
!
interface Ethernet0
 description to gpu-001 nic0
 ip address 10.128.0.1/31
exit
!
interface Ethernet4
 description to gpu-002 nic0
 ip address 10.128.0.3/31
exit
!
interface Ethernet8
 description to compute-spine-001 Ethernet0
 ip address 10.128.0.16/31
exit
!
interface Ethernet12
 description to compute-spine-002 Ethernet0
 ip address 10.128.0.18/31
exit
!
interface lo
 ip address 10.250.0.1/32
exit
!
router bgp 4200001000
 bgp router-id 10.250.0.1
 bgp bestpath as-path multipath-relax
 no bgp ebgp-requires-policy
 neighbor 10.128.0.17 remote-as 64512
 neighbor 10.128.0.17 description to compute-spine-001 Ethernet0
 neighbor 10.128.0.19 remote-as 64512
 neighbor 10.128.0.19 description to compute-spine-002 Ethernet0
 !
 address-family ipv4 unicast
  network 10.250.0.1/32
  network 10.128.0.0/31
  network 10.128.0.2/31
  maximum-paths 64
 exit-address-family
exit
!
end
"""

QOS = {
    "dscp_to_tc_map": "ROCE",
    "pfc_enable": "3",
    "pfc_to_queue_map": "ROCE",
    "pfcwd_sw_enable": "3",
    "tc_to_pg_map": "ROCE",
    "tc_to_queue_map": "ROCE",
}


def frr(plan: Plan, device: str) -> str:
    return dict(FrrEmitter().emit(plan))[f"configs/{device}/frr.conf"]


def sonic(plan: Plan, device: str) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = json.loads(
        dict(SonicEmitter().emit(plan))[f"configs/{device}/config_db.json"]
    )
    return found


def without_sonic(plan: Plan) -> Plan:
    """Return the plan of the same switches with FRR alone."""
    return replace(plan, groups=tuple(group.model_copy(update={"platform": "", "hwsku": ""}) for group in plan.groups))


def emitting(plan: Plan, *names: str) -> Plan:
    """Return the plan of a design that asks for some emitters only."""
    return replace(plan, header=plan.header.model_copy(update={"emit": names}))


def with_group(plan: Plan, row: int, **changes: object) -> Plan:
    groups = list(plan.groups)
    groups[row] = groups[row].model_copy(update=changes)
    return replace(plan, groups=tuple(groups))


# ------------------------------------------------------------------ FRR


def test_an_unnumbered_leaf_exactly() -> None:
    assert frr(without_sonic(ethernet_clos()), "compute-leaf-001") == UNNUMBERED_LEAF


def test_a_numbered_leaf_exactly() -> None:
    assert frr(without_sonic(ethernet_clos("numbered")), "compute-leaf-001") == NUMBERED_LEAF


def test_beside_sonic_a_leaf_has_routing_only() -> None:
    assert frr(ethernet_clos(), "compute-leaf-001") == without_interfaces(UNNUMBERED_LEAF)


def test_beside_sonic_a_numbered_leaf_has_routing_only() -> None:
    told = without_interfaces(NUMBERED_LEAF)
    descriptions = [line for line in told.splitlines(keepends=True) if " description " in line]
    assert len(descriptions) == 2
    for line in descriptions:
        told = told.replace(line, "")
    assert frr(ethernet_clos("numbered"), "compute-leaf-001") == told


def without_interfaces(text: str) -> str:
    before, rest = text.split("interface Ethernet0\n", 1)
    return before + "router bgp " + rest.split("router bgp ", 1)[1]


@pytest.mark.parametrize("mode", ["unnumbered", "numbered"])
def test_interfaces_are_configured_by_one_file(mode: Mode) -> None:
    both, plain = ethernet_clos(mode), without_sonic(ethernet_clos(mode))
    for path, text in FrrEmitter().emit(plain):
        device = path.split("/")[1]
        blocks = re.findall(r"^interface (\S+)\n(?: .*\n)*? ip address (\S+)$", text, re.MULTILINE)
        tables = sonic(both, device)
        rows = [*tables["INTERFACE"], *tables["LOOPBACK_INTERFACE"]]
        assert {tuple(row.replace("Loopback0", "lo").split("|")) for row in rows if "|" in row} == set(blocks)


def test_without_the_files_of_sonic_frr_has_the_interfaces() -> None:
    assert frr(emitting(ethernet_clos(), "frr"), "compute-leaf-001") == UNNUMBERED_LEAF
    assert "\ninterface " not in frr(emitting(ethernet_clos(), "sonic", "frr"), "compute-leaf-001")


def test_a_switch_alone_has_no_group_of_neighbours() -> None:
    plan = two_tier("ethernet", "clos", n_spines=0, n_leaves=1)
    leaf = frr(replace(plan, groups=plan.groups[:2]), "compute-leaf-001")
    assert "neighbor" not in leaf
    assert "network 10.128.0.0/31" in leaf


def test_both_ends_of_a_31_agree() -> None:
    plan = without_sonic(ethernet_clos("numbered"))
    spine = frr(plan, "compute-spine-001")
    assert " description to compute-leaf-001 Ethernet8\n ip address 10.128.0.17/31\n" in spine
    assert " neighbor 10.128.0.16 remote-as 4200001000\n" in spine
    assert "network 10.128" not in spine


def test_one_file_for_each_ethernet_switch_and_none_for_servers() -> None:
    paths = [path for path, _ in FrrEmitter().emit(ethernet_clos())]
    leaves = [f"configs/compute-leaf-00{i}/frr.conf" for i in range(1, 5)]
    assert paths == [*leaves, "configs/compute-spine-001/frr.conf", "configs/compute-spine-002/frr.conf"]


def test_a_third_tier_peers_with_the_second() -> None:
    plan = without_sonic(with_core(ethernet_clos()))
    core = frr(plan, "compute-core-001")
    assert "description to compute-spine-002 Ethernet" in core
    assert core.count("interface peer-group FABRIC") == 2


def test_paths_grow_with_the_uplinks() -> None:
    plan = ethernet_clos(n_spines=80, n_servers=4)
    assert "maximum-paths 80\n" in frr(plan, "compute-leaf-001")


@pytest.mark.parametrize("name", ["Ethernet1/1", "TwentyFiveGigE10", "a b"])
def test_a_group_whose_ports_linux_cannot_name_gets_no_frr_conf(name: str) -> None:
    plan = ethernet_clos()
    ports = plan.groups[1].ports.model_copy(update={"name": (name, *plan.groups[1].ports.name[1:])})
    plan = with_group(plan, 1, ports=ports)
    paths = [path for path, _ in FrrEmitter().emit(plan)]
    assert paths == ["configs/compute-spine-001/frr.conf", "configs/compute-spine-002/frr.conf"]


def test_infiniband_has_no_ethernet_configuration() -> None:
    assert not FrrEmitter().applies(infiniband_rails())
    assert not SonicEmitter().applies(infiniband_rails())


# ------------------------------------------------------------------ SONiC


def test_a_leaf_of_sonic_table_by_table() -> None:
    leaf = sonic(ethernet_clos(), "compute-leaf-001")
    assert leaf["DEVICE_METADATA"]["localhost"] == {
        "bgp_asn": "4200001000",
        "default_bgp_status": "up",
        "docker_routing_config_mode": "split",
        "hostname": "compute-leaf-001",
        "hwsku": "ACS-SN5600",
        "mac": "02:00:0a:fa:00:01",
        "platform": "x86_64-nvidia_sn5600-r0",
        "type": "LeafRouter",
    }
    assert leaf["PORT"]["Ethernet12"] == {
        "admin_status": "up",
        "alias": "etp2b",
        "description": "compute-spine-002:Ethernet0",
        "fec": "rs",
        "index": "2",
        "lanes": "12,13,14,15",
        "mtu": "9216",
        "speed": "400000",
        "subport": "2",
    }
    assert leaf["LOOPBACK_INTERFACE"] == {"Loopback0": {}, "Loopback0|10.250.0.1/32": {}}
    link_local = {"ipv6_use_link_local_only": "enable"}
    assert leaf["INTERFACE"] == {
        "Ethernet0": {},
        "Ethernet0|10.128.0.1/31": {},
        "Ethernet4": {},
        "Ethernet4|10.128.0.3/31": {},
        "Ethernet8": link_local,
        "Ethernet12": link_local,
    }
    assert "BGP_NEIGHBOR" not in leaf
    assert leaf["CABLE_LENGTH"] == {
        "AZURE": {"Ethernet0": "7m", "Ethernet4": "15m", "Ethernet8": "15m", "Ethernet12": "15m"}
    }
    assert leaf["PORT_QOS_MAP"] == dict.fromkeys(["Ethernet0", "Ethernet4", "Ethernet8", "Ethernet12"], QOS)
    assert list(leaf) == sorted(leaf)


def test_unused_ports_are_down_and_say_nothing_else() -> None:
    leaf = sonic(ethernet_clos(), "compute-leaf-001")
    down = {name: row for name, row in leaf["PORT"].items() if row["admin_status"] == "down"}
    assert list(down) == ["Ethernet16", "Ethernet20"]
    assert all("description" not in row for row in down.values())
    for table in ("INTERFACE", "PORT_QOS_MAP", "PFC_WD"):
        assert not set(down) & set(leaf[table])


def test_a_numbered_leaf_of_sonic_has_addresses_and_sessions() -> None:
    leaf = sonic(ethernet_clos("numbered"), "compute-leaf-001")
    assert list(leaf["INTERFACE"])[:2] == ["Ethernet12", "Ethernet12|10.128.0.18/31"]
    assert leaf["BGP_NEIGHBOR"]["10.128.0.19"] == {
        "asn": "64512",
        "local_addr": "10.128.0.18",
        "name": "compute-spine-002",
    }
    assert len(leaf["BGP_NEIGHBOR"]) == 2


def test_roce_and_its_notifications_use_the_same_classes_everywhere() -> None:
    leaf = sonic(ethernet_clos(), "compute-leaf-001")
    classes = leaf["DSCP_TO_TC_MAP"]["ROCE"]
    assert len(classes) == 64
    assert {dscp: tc for dscp, tc in classes.items() if tc != "0"} == {"26": "3", "48": "6"}
    groups = leaf["TC_TO_PRIORITY_GROUP_MAP"]["ROCE"]
    assert [tc for tc, group in groups.items() if group != "0"] == ["3"]
    assert leaf["TC_TO_QUEUE_MAP"]["ROCE"]["6"] == "6"
    assert leaf["MAP_PFC_PRIORITY_TO_QUEUE"]["ROCE"]["3"] == "3"
    assert leaf["PFC_WD"]["GLOBAL"] == {"POLL_INTERVAL": "200"}
    assert all(row["pfc_enable"] == "3" for row in leaf["PORT_QOS_MAP"].values())


def test_roles_follow_the_tiers() -> None:
    plan = with_core(ethernet_clos())
    devices = {"leaf": "LeafRouter", "spine": "SpineRouter", "core": "UpperSpineRouter"}
    for tier, role in devices.items():
        assert sonic(plan, f"compute-{tier}-001")["DEVICE_METADATA"]["localhost"]["type"] == role


def test_macs_are_local_unicast_distinct_and_stay_when_devices_are_renamed() -> None:
    def macs(plan: Plan) -> list[str]:
        return [json.loads(text)["DEVICE_METADATA"]["localhost"]["mac"] for _, text in SonicEmitter().emit(plan)]

    plan = ethernet_clos()
    renamed = replace(plan, devices=replace(plan.devices, name=tuple(f"x-{name}" for name in plan.devices.name)))
    assert macs(renamed) == macs(plan)
    assert len(set(macs(plan))) == len(macs(plan))
    assert all(int(mac[:2], 16) & 3 == 2 for mac in macs(plan))


@pytest.mark.parametrize(("stated", "written"), [("rs-fec", "rs"), ("RS", "rs"), ("none", "none"), ("fancy", None)])
def test_fec_is_written_where_sonic_has_a_word_for_it(stated: str, written: str | None) -> None:
    plan = ethernet_clos()
    part = plan.parts["switch-64"]
    fact = part.facts["fec"].model_copy(update={"value": stated})
    parts = {**plan.parts, "switch-64": part.model_copy(update={"facts": {"fec": fact}})}
    assert sonic(replace(plan, parts=parts), "compute-leaf-001")["PORT"]["Ethernet0"].get("fec") == written


@pytest.mark.parametrize(
    ("rate_mbps", "lanes", "written"),
    [
        (400_000, 4, "rs"),
        (800_000, 8, "rs"),
        (100_000, 1, "rs"),
        (200_000, 4, "rs"),
        (100_000, 4, None),
        (10_000, 1, None),
        (0, 0, None),
    ],
)
def test_a_switch_that_states_no_fec_has_that_of_its_lanes(rate_mbps: int, lanes: int, written: str | None) -> None:
    plan = ethernet_clos()
    part = plan.parts["switch-64"].model_copy(update={"facts": {}})
    ports = plan.groups[1].ports
    count = len(ports.name)
    ports = ports.model_copy(update={"rate_mbps": (rate_mbps,) * count, "lanes": (lanes,) * count})
    plan = with_group(replace(plan, parts={**plan.parts, "switch-64": part}), 1, ports=ports)
    assert sonic(plan, "compute-leaf-001")["PORT"]["Ethernet0"].get("fec") == written


def test_cable_lengths_are_rounded_up_to_metres() -> None:
    plan = ethernet_clos()
    ordered = plan.links.ordered_mm.copy()
    ordered[0] = 2_001
    plan = replace(plan, links=replace(plan.links, ordered_mm=ordered))
    assert sonic(plan, "compute-leaf-001")["CABLE_LENGTH"]["AZURE"]["Ethernet0"] == "3m"


def test_a_group_without_platform_or_hwsku_gets_no_config_db() -> None:
    for field in ("hwsku", "platform"):
        plan = with_group(ethernet_clos(), 1, **{field: ""})
        assert [path.split("/")[1] for path, _ in SonicEmitter().emit(plan)] == [
            "compute-spine-001",
            "compute-spine-002",
        ]


def test_hostile_names_stay_data() -> None:
    plan = ethernet_clos()
    names = ('gpu "x" %s \\', *plan.devices.name[1:])
    plan = replace(plan, devices=replace(plan.devices, name=names))
    assert sonic(plan, "compute-leaf-001")["PORT"]["Ethernet0"]["description"] == 'gpu "x" %s \\:nic0'


def test_one_row_of_a_table_takes_one_line() -> None:
    text = dict(SonicEmitter().emit(ethernet_clos()))["configs/compute-leaf-001/config_db.json"]
    assert '    "Ethernet16": {"admin_status": "down", "alias": "etp3a", ' in text
    assert text.endswith("  }\n}\n")


@pytest.mark.parametrize("mode", ["unnumbered", "numbered"])
def test_a_configuration_depends_on_its_device_and_neighbours_only(mode: Mode) -> None:
    small = dict(FrrEmitter().emit(ethernet_clos(mode)))
    shortened = ethernet_clos(mode)
    names = [name for name in shortened.links.__slots__ if name != "assembly"]
    columns = {name: getattr(shortened.links, name)[:-1] for name in names}
    changed = dict(FrrEmitter().emit(replace(shortened, links=replace(shortened.links, **columns))))
    differing = {path.split("/")[1] for path, text in small.items() if changed[path] != text}
    assert differing == {"compute-leaf-004", "compute-spine-002"}
