"""The FRR harness judges rightly: a right fabric passes, and each planted fault is found."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.harness import CHECKOUT, netns, sonic_interfaces
from tests.engine.harness.bgp_model import asn_by_node, expected_widths, without
from tests.engine.harness.frr import FrrLab, Link, dryrun, dryrun_all
from tests.engine.harness.frr_daemons import sweep

SPINES, LEAVES, N_PARALLEL = 2, 3, 2

CONFIG = """frr version 8.4
frr defaults datacenter
hostname {node}
service integrated-vtysh-config
!
{interfaces}
interface lo
 ip address {loopback}
exit
!
router bgp {asn}
 bgp router-id {router_id}
 bgp bestpath as-path multipath-relax
 no bgp ebgp-requires-policy
 neighbor FABRIC peer-group
 neighbor FABRIC remote-as external
 neighbor FABRIC bfd
{neighbours}
 !
 address-family ipv4 unicast
  redistribute connected route-map LOOPBACK
  neighbor FABRIC activate
  maximum-paths 64
 exit-address-family
exit
!
route-map LOOPBACK permit 10
 match interface lo
exit
!
end
"""
PORT = "interface {port}\n ipv6 nd ra-interval 5\n no ipv6 nd suppress-ra\nexit\n!\n"


def loopbacks() -> dict[str, list[str]]:
    """Give each router its loopback prefix."""
    nodes = [f"spine{i}" for i in range(SPINES)] + [f"leaf{i}" for i in range(LEAVES)]
    return {node: [f"10.0.{node.startswith('leaf'):d}.{node[-1]}/32"] for node in nodes}


def cables() -> list[Link]:
    """Wire every leaf to every spine with parallel cables, ports named as SONiC does."""
    return [
        Link(f"leaf{i}", f"Ethernet{4 * (2 * s + k)}", f"spine{s}", f"Ethernet{4 * (2 * i + k)}")
        for i in range(LEAVES)
        for s in range(SPINES)
        for k in range(N_PARALLEL)
    ]


def write_fabric(folder: Path) -> None:
    """Write ``<node>/frr.conf`` for the fabric."""
    for node, (prefix,) in loopbacks().items():
        ports = [link.port_a for link in cables() if link.node_a == node]
        ports += [link.port_b for link in cables() if link.node_b == node]
        text = CONFIG.format(
            node=node,
            loopback=prefix,
            router_id=prefix.removesuffix("/32"),
            asn=65000 if node.startswith("spine") else 65100 + int(node[-1]),
            interfaces="".join(PORT.format(port=port) for port in ports),
            neighbours="\n".join(f" neighbor {port} interface peer-group FABRIC" for port in ports),
        )
        (folder / node).mkdir(parents=True)
        (folder / node / "frr.conf").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrrLab]:
    """Run the fabric once for all tests that do not spoil it."""
    folder = tmp_path_factory.mktemp("frr")
    write_fabric(folder)
    with FrrLab(folder, cables()) as running:
        assert running.load_errors == {}
        assert running.wait_established() == []
        yield running


def test_the_model_counts_parallel_cables_and_prevents_loops() -> None:
    """The expectation itself, against numbers worked by hand."""
    asn = {node: 65000 if node.startswith("spine") else 65100 + int(node[-1]) for node in loopbacks()}
    expected = expected_widths(cables(), asn, loopbacks())
    assert expected["leaf0"] == {"10.0.0.0/32": 2, "10.0.0.1/32": 2, "10.0.1.1/32": 4, "10.0.1.2/32": 4}
    assert expected["spine0"] == {"10.0.1.0/32": 2, "10.0.1.1/32": 2, "10.0.1.2/32": 2}
    isolated = without(cables(), [c for c in cables() if c.node_a == "leaf0" and c.node_b == "spine0"])
    assert expected_widths(isolated, asn, loopbacks())["leaf0"]["10.0.0.0/32"] == 0


def test_dryrun_accepts_the_right_file_and_names_the_wrong_line(tmp_path: Path) -> None:
    """vtysh parses our files and refuses a misspelt command."""
    write_fabric(tmp_path)
    assert dryrun_all(tmp_path) == {}
    path = tmp_path / "leaf0" / "frr.conf"
    path.write_text(path.read_text(encoding="utf-8").replace("maximum-paths", "maximal-paths"), "utf-8")
    assert any("maximal-paths" in line for line in dryrun(path))
    assert list(dryrun_all(tmp_path)) == ["leaf0"]


def test_every_loopback_is_reached_over_every_path(lab: FrrLab) -> None:
    """Kernel routes have the widths that the model reckons; packets arrive; BFD is up."""
    expected = expected_widths(lab.links, asn_by_node(lab.config_dir), loopbacks())
    assert lab.wait_routes(expected) == []
    assert lab.ping("leaf0", "10.0.1.2", "10.0.1.0")
    assert lab.wait_bfd() == []
    wrong = {"leaf0": {"10.0.1.1/32": 3}}
    assert len(lab.route_faults(wrong)) == 1


def test_a_cut_cable_heals_and_comes_back(lab: FrrLab) -> None:
    """Routes leave the cut cable, traffic goes on, and the cable is used again when mended."""
    asn = asn_by_node(lab.config_dir)
    link = lab.links[0]
    lab.cut(link)
    started = time.monotonic()
    assert lab.wait_routes(expected_widths(without(lab.links, [link]), asn, loopbacks())) == []
    assert time.monotonic() - started < 15
    assert link.port_a not in lab.fib("leaf0")["10.0.1.1/32"]
    assert lab.ping("leaf0", "10.0.1.1", "10.0.1.0")
    lab.restore(link)
    assert lab.wait_established() == []
    assert lab.wait_routes(expected_widths(lab.links, asn, loopbacks())) == []


def test_a_neighbour_on_the_wrong_interface_is_found(tmp_path: Path) -> None:
    """An interface that no cable reaches passes the parser and is found by the session that stays down."""
    write_fabric(tmp_path)
    path = tmp_path / "leaf1" / "frr.conf"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("neighbor Ethernet0 ", "neighbor Ethernet96 "), "utf-8")
    assert dryrun_all(tmp_path) == {}
    with FrrLab(tmp_path, cables(), has_bfd=False) as running:
        faults = running.wait_established(timeout_s=6)
    assert any(fault.startswith("leaf1: neighbour Ethernet96 is ") for fault in faults)


def test_the_database_of_sonic_configures_interfaces(tmp_path: Path) -> None:
    """Addresses go to ports and to Loopback0, and only ports that enable link-local addresses have one."""
    path = tmp_path / "config_db.json"
    enabled = {"ipv6_use_link_local_only": "enable"}
    absent = {"Ethernet99": {}, "Ethernet99|10.9.0.2/31": {}}
    tables = {
        "INTERFACE": {"Ethernet0": {}, "Ethernet0|10.9.0.0/31": {}, "Ethernet4": enabled, **absent},
        "LOOPBACK_INTERFACE": {"Loopback0": {}, "Loopback0|10.0.0.1/32": {}},
    }
    path.write_text(json.dumps(tables), encoding="utf-8")
    here, there = netns.create(2)
    try:
        ports = ["Ethernet0", "Ethernet4", "Ethernet8"]
        netns.connect([(here, port, there, port) for port in ports], 1500)
        sonic_interfaces.configure(path, here, ports)
        rows = json.loads(netns.show_json(here, "address", "show"))
        found = {row["ifname"]: [each["local"] for each in row["addr_info"]] for row in rows if row["ifname"] != "lo"}
        assert found["Ethernet0"] == ["10.9.0.0"]
        assert [address[:6] for address in found["Ethernet4"]] == ["fe80::"]
        assert found["Ethernet8"] == []
        (lo,) = (row["addr_info"] for row in rows if row["ifname"] == "lo")
        assert "10.0.0.1" in [each["local"] for each in lo]
    finally:
        netns.remove(here)
        netns.remove(there)


def test_a_killed_run_is_swept_up(tmp_path: Path) -> None:
    """The next run removes what a run left that was killed outright."""
    write_fabric(tmp_path)
    script = (
        "import os, pathlib, sys, tests.engine.test_harness_frr as t\n"
        "t.FrrLab(pathlib.Path(sys.argv[1]), t.cables(), has_bfd=False).__enter__()\n"
        "print(os.getpid(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    killed = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    pid = int(killed.stdout)
    left = [name for name in netns.names() if name.startswith(f"optidsl-{pid}-")]
    assert len(left) == SPINES + LEAVES
    sweep()
    assert not set(left) & set(netns.names())
    assert not list(Path("/var/run/frr").glob(f"optidsl-{pid}-*"))


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Namespaces, sockets and daemons are gone after a lab whose body failed."""
    write_fabric(tmp_path)
    before = set(netns.names())
    with pytest.raises(RuntimeError, match="planted"), FrrLab(tmp_path, cables(), has_bfd=False) as running:
        made = set(netns.names()) - before
        assert len(made) == len(running.nodes)
        raise RuntimeError("planted")
    assert not made & set(netns.names())
    assert not [space for space in made if Path("/var/run/frr", space).exists()]
