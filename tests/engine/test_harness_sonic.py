"""The SONiC harness judges rightly: an AI leaf passes, and each planted fault is found."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.engine.harness.sonic import validate

PORT = {"admin_status": "up", "mtu": "9216", "fec": "rs", "pfc_asym": "off", "speed": "800000"}
QOS = {"dscp_to_tc_map": "AZURE", "tc_to_queue_map": "AZURE", "tc_to_pg_map": "AZURE"}
LEAF: dict[str, dict[str, dict[str, Any]]] = {
    "DEVICE_METADATA": {
        "localhost": {
            "hostname": "leaf1",
            "hwsku": "ACS-SN5600",
            "platform": "x86_64-nvidia_sn5600-r0",
            "type": "LeafRouter",
            "bgp_asn": "65101",
            "mac": "00:11:22:33:44:55",
            "default_bgp_status": "up",
            "docker_routing_config_mode": "split",
            "buffer_model": "traditional",
        }
    },
    "PORT": {
        "Ethernet0": {**PORT, "lanes": "0,1,2,3,4,5,6,7", "alias": "etp1", "index": "1"},
        "Ethernet8": {**PORT, "lanes": "8,9,10,11,12,13,14,15", "alias": "etp2", "index": "2"},
    },
    "LOOPBACK_INTERFACE": {"Loopback0": {}, "Loopback0|10.0.1.1/32": {}},
    "INTERFACE": {"Ethernet0": {"ipv6_use_link_local_only": "enable"}, "Ethernet0|10.1.1.0/31": {}},
    "BGP_NEIGHBOR": {"10.1.1.1": {"asn": "65000", "local_addr": "10.1.1.0", "name": "spine1", "rrclient": "0"}},
    "DSCP_TO_TC_MAP": {"AZURE": {"26": "3", "48": "6", "0": "0"}},
    "TC_TO_QUEUE_MAP": {"AZURE": {"3": "3"}},
    "TC_TO_PRIORITY_GROUP_MAP": {"AZURE": {"3": "3"}},
    "MAP_PFC_PRIORITY_TO_QUEUE": {"AZURE": {"3": "3"}},
    "PORT_QOS_MAP": {"Ethernet0": {**QOS, "pfc_to_queue_map": "AZURE", "pfc_enable": "3,4"}},
    "PFC_WD": {
        "GLOBAL": {"POLL_INTERVAL": "200"},
        "Ethernet0": {"action": "drop", "detection_time": "200", "restoration_time": "200"},
    },
    "WRED_PROFILE": {
        "AZURE_LOSSLESS": {
            "wred_green_enable": "true",
            "ecn": "ecn_all",
            "green_max_threshold": "2097152",
            "green_min_threshold": "1048576",
            "green_drop_probability": "5",
        }
    },
    "SCHEDULER": {"scheduler.1": {"type": "DWRR", "weight": "15"}},
    "QUEUE": {"Ethernet0|3": {"wred_profile": "AZURE_LOSSLESS", "scheduler": "scheduler.1"}},
    "CABLE_LENGTH": {"AZURE": {"Ethernet0": "40m", "Ethernet8": "5m"}},
    "BUFFER_POOL": {"ingress_lossless_pool": {"mode": "dynamic", "type": "ingress", "size": "100000", "xoff": "20000"}},
    "BUFFER_PROFILE": {
        "pg_lossless": {
            "pool": "ingress_lossless_pool",
            "size": "0",
            "dynamic_th": "0",
            "xon": "19456",
            "xoff": "400000",
        }
    },
    "BUFFER_PG": {"Ethernet0|3-4": {"profile": "pg_lossless"}},
}

MUTANTS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "dangling leafref": ("PORT_QOS_MAP", "Ethernet0", {"dscp_to_tc_map": "ABSENT"}, "ABSENT"),
    "unknown field": ("PORT", "Ethernet0", {"colour": "blue"}, "colour"),
    "bad cable length": ("CABLE_LENGTH", "AZURE", {"Ethernet0": "30.5m"}, "cable length"),
    "port that does not exist": ("CABLE_LENGTH", "AZURE", {"Ethernet64": "30m"}, "Ethernet64"),
    "MTU out of range": ("PORT", "Ethernet0", {"mtu": "9999"}, "9999"),
    "thresholds crossed": ("WRED_PROFILE", "AZURE_LOSSLESS", {"green_max_threshold": "1"}, "Green max"),
    "number, not string": ("PORT", "Ethernet0", {"mtu": 9216}, "strings"),
    "row with too long a key": ("QUEUE", "Ethernet0|3|4", {"scheduler": "scheduler.1"}, "parts"),
    "reference to a port without a row": ("BUFFER_PG", "Ethernet72|3", {"profile": "pg_lossless"}, "Ethernet72"),
    "unknown table": ("GPU_PORT", "Ethernet0", {"speed": "1"}, "GPU_PORT"),
}


def test_a_right_leaf_is_accepted() -> None:
    """SONiC's models accept the leaf."""
    assert validate(LEAF) == []


@pytest.mark.parametrize("name", MUTANTS)
def test_each_planted_fault_is_found(name: str) -> None:
    """One fault at a time, and the error names it."""
    table, key, fields, word = MUTANTS[name]
    leaf = copy.deepcopy(LEAF)
    leaf.setdefault(table, {}).setdefault(key, {}).update(fields)
    errors = validate(leaf)
    assert any(word in error for error in errors), errors
