"""Emitted configurations of Ethernet fabrics, judged by FRRouting, SONiC's YANG models and containerlab's schema."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import yaml

from optidsl.diag import Sink
from optidsl.emit import emit_all
from optidsl.emit.configs.sonic import SonicEmitter
from optidsl.emit.simulators.containerlab import ContainerlabEmitter
from optidsl.plan.model import Plan
from tests.engine.harness import clab, sonic
from tests.engine.harness.bgp_model import asn_by_node, expected_widths
from tests.engine.harness.frr import FrrLab, Link, dryrun_all
from tests.support.plan_shapes import with_core
from tests.support.plans import ethernet_clos, two_tier

PLANS = {
    "unnumbered": ethernet_clos(),
    "numbered": ethernet_clos("numbered"),
    "three-tiers": with_core(ethernet_clos()),
    "rails": two_tier("ethernet", "rail_optimized", n_rails=4, n_parallel=2, mode="numbered"),
}
"""Of switches that run SONiC: two files for each."""


def without_sonic(plan: Plan) -> Plan:
    """The same switches with FRR alone."""
    return replace(plan, groups=tuple(group.model_copy(update={"platform": "", "hwsku": ""}) for group in plan.groups))


PLANS |= {f"{name}-plain": without_sonic(PLANS[name]) for name in ("unnumbered", "numbered")}


def write_configs(plan: Plan, folder: Path) -> Path:
    """Write `<device>/frr.conf` of every switch, and `<device>/config_db.json` of those that run SONiC."""
    for path, text in emit_all(plan, None, Sink()).items():
        if not path.startswith("configs/"):
            continue
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "configs"


def switch_links(plan: Plan) -> list[Link]:
    """The cables between switches, from the plan's columns."""

    def end(device: int, port: int) -> tuple[str, str]:
        return plan.devices.name[device], plan.groups[plan.devices.group[device]].ports.name[port]

    links = plan.links
    rows = [i for i in range(len(links.segment)) if plan.devices.group[links.a_device[i]] > 0]
    return [Link(*end(links.a_device[i], links.a_port[i]), *end(links.z_device[i], links.z_port[i])) for i in rows]


def loopbacks(plan: Plan) -> dict[str, list[str]]:
    """The loopback of every switch, from the plan's columns."""
    columns = zip(plan.devices.name, plan.devices.loopback.tolist(), strict=True)
    return {name: [f"{IPv4Address(address)}/32"] for name, address in columns if address >= 0}


@pytest.mark.parametrize("name", PLANS)
def test_frr_parses_every_configuration(name: str, tmp_path: Path) -> None:
    assert dryrun_all(write_configs(PLANS[name], tmp_path)) == {}


@pytest.mark.parametrize("name", ["unnumbered", "numbered", "three-tiers", "unnumbered-plain", "numbered-plain"])
def test_the_fabric_converges_and_spreads_over_every_path(name: str, tmp_path: Path) -> None:
    plan = PLANS[name]
    configs = write_configs(plan, tmp_path)
    with FrrLab(configs, switch_links(plan), mtu=plan.addressing.mtu, has_bfd=False) as lab:
        assert lab.load_errors == {}
        assert lab.wait_established() == []
        wanted = expected_widths(lab.links, asn_by_node(configs), loopbacks(plan))
        assert wanted["compute-leaf-001"]["10.250.0.4/32"] == (1 if name == "three-tiers" else 2)
        assert lab.wait_routes(wanted) == []
        assert lab.ping("compute-leaf-001", "10.250.0.4", "10.250.0.1")


@pytest.mark.parametrize("name", ["unnumbered", "numbered", "unnumbered-plain", "numbered-plain"])
def test_servers_reach_each_other_over_the_addresses_of_their_links(name: str, tmp_path: Path) -> None:
    plan = PLANS[name]
    configs = write_configs(plan, tmp_path)
    links, devices = plan.links, plan.devices.name
    cables, own = switch_links(plan), {}
    for row in (0, 7):
        server, leaf = devices[links.a_device[row]], devices[links.z_device[row]]
        even = int(links.p2p[row])
        own[server] = str(IPv4Address(even))
        port = plan.groups[1].ports.name[links.z_port[row]]
        cables.append(Link(server, "eth1", leaf, port))
        (configs / server).mkdir()
        (configs / server / "frr.conf").write_text(
            f"hostname {server}\ninterface eth1\n ip address {own[server]}/31\nexit\nrouter bgp 65000\nexit\nend\n",
            encoding="utf-8",
        )
    n_sessions = 2 * (len(cables) - 2)
    (near, near_address), (far, far_address) = own.items()
    with FrrLab(configs, cables, mtu=plan.addressing.mtu, has_bfd=False) as lab:
        assert lab.wait_established(n_session_ends=n_sessions) == []
        # The way back and the spines in between count as much as the first leaf: wait for every router.
        homes = {devices[links.z_device[row]]: [f"{IPv4Address(int(links.p2p[row]))}/31"] for row in (0, 7)}
        routers = {node: asn for node, asn in asn_by_node(configs).items() if node not in own}
        ways = expected_widths([tuple(cable) for cable in cables[:-2]], routers, homes)
        assert ways[devices[links.z_device[0]]][f"{far_address}/31"] == 2
        assert lab.wait_routes(ways) == []
        for server, address in own.items():
            lab.add_route(server, "10.128.0.0/12", str(IPv4Address(address) + 1))
        assert lab.ping(near, far_address, near_address)
        assert lab.ping(far, near_address, far_address)


@pytest.mark.parametrize("name", [name for name in PLANS if not name.endswith("-plain")])
def test_sonic_accepts_every_configuration(name: str) -> None:
    for path, text in SonicEmitter().emit(PLANS[name]):
        assert sonic.validate(json.loads(text)) == [], path


def test_sonic_refuses_a_length_that_is_no_integer() -> None:
    (_, text), *_ = SonicEmitter().emit(ethernet_clos())
    config = json.loads(text)
    config["CABLE_LENGTH"]["AZURE"]["Ethernet0"] = "6.5m"
    assert any("cable length" in error for error in sonic.validate(config))


@pytest.mark.parametrize("name", PLANS)
def test_containerlab_accepts_every_topology(name: str) -> None:
    plan = PLANS[name]
    files = dict(ContainerlabEmitter().emit(plan))
    topology = yaml.safe_load(files["simulators/containerlab/compute.clab.yml"])
    assert clab.validate(topology) == []
    found = set(clab.endpoints(topology))
    assert len(found) == len(plan.links.segment)
    assert found >= {frozenset({f"{a}:{a_port}", f"{z}:{z_port}"}) for a, a_port, z, z_port in switch_links(plan)}
