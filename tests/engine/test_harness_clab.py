"""The containerlab harness judges rightly: a right topology passes, and each planted fault is found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.harness.clab import endpoints, validate


def topology() -> dict[str, Any]:
    """Describe a spine and two leaves."""
    return {
        "name": "pod1",
        "topology": {
            "nodes": {
                "spine1": {"kind": "nokia_srlinux", "type": "ixrd5", "image": "ghcr.io/nokia/srlinux"},
                "leaf1": {"kind": "sonic-vs", "image": "docker-sonic-vs:latest", "labels": {"rack": "r1"}},
                "leaf2": {"kind": "linux", "image": "quay.io/frrouting/frr:8.4.4"},
            },
            "links": [
                {"endpoints": ["spine1:e1-1", "leaf1:eth1"], "mtu": 9216},
                {"endpoints": ["spine1:e1-2", "leaf2:eth1"]},
            ],
        },
    }


def test_a_right_topology_is_accepted() -> None:
    """Schema and link rules accept it, and its links are read."""
    assert validate(topology()) == []
    assert endpoints(topology())[0] == {"spine1:e1-1", "leaf1:eth1"}


@pytest.mark.parametrize(
    ("ends", "word"),
    [
        (["spine1:e1-3", "leaf9:eth1"], "leaf9:eth1 names a node that does not exist"),
        (["spine1:e1-1", "leaf2:eth2"], "spine1:e1-1 is used 2 times"),
        (["spine1:e1-3"], "1 endpoints, not 2"),
        (["spine1", "leaf1:eth7"], "names no interface"),
    ],
)
def test_a_bad_endpoint_is_found(ends: list[str], word: str) -> None:
    """An end on no node, an end used twice, an open end, an end without an interface."""
    wrong = topology()
    wrong["topology"]["links"].append({"endpoints": ends})
    assert any(word in error for error in validate(wrong)), validate(wrong)


def test_an_unknown_kind_is_found() -> None:
    """The schema lists the kinds of node."""
    wrong = topology()
    wrong["topology"]["nodes"]["leaf1"]["kind"] = "toaster"
    assert any("toaster" in error for error in validate(wrong))
