"""Artefacts of direct networks: routing engines, sessions and simulators that need no tree."""

from __future__ import annotations

from xml.etree import ElementTree

import networkx as nx

from optidsl.diag import Sink
from optidsl.emit.registry import emit_all
from tests.support import networks

TORUS = networks.plan_of(networks.text_of("torus", "dims = [3, 4]", endpoints=12))
DRAGONFLY = networks.plan_of(
    networks.text_of(
        "dragonfly",
        "groups = 3; routers_per_group = 2; global_ports = 1",
        endpoints=6,
        protocol="ethernet",
        model="sn5600",
    )
)


def test_opensm_routes_without_deadlock_and_without_roots() -> None:
    files = emit_all(TORUS, ("infiniband",), Sink())
    assert "infiniband/net/root_guids.txt" not in files
    lines = files["infiniband/net/opensm.conf"].splitlines()
    assert "routing_engine dfsssp" in lines
    assert not any(line.startswith("root_guid_file") for line in lines)


def test_every_link_between_switches_has_a_session() -> None:
    files = emit_all(DRAGONFLY, ("frr",), Sink())
    assert len(files) == 6
    for text in files.values():
        assert text.count("interface peer-group FABRIC") == 2  # one local, one global


def test_simgrid_routes_over_the_links() -> None:
    platform = emit_all(TORUS, ("simgrid",), Sink())["simulators/simgrid/net/platform.xml"]
    zone = ElementTree.fromstring(platform).find("zone")
    assert zone is not None
    names = [each.get("id") for each in zone.findall("zone")]
    assert len(names) == len(set(names)) == 12
    routes = nx.DiGraph((each.get("src"), each.get("dst")) for each in zone.findall("zoneRoute"))
    assert routes.number_of_edges() == 2 * 24
    assert nx.diameter(routes) == TORUS.fabrics[0].hops - 1
