"""The lossless class of RoCE on SONiC: maps only, the same for every switch.

RoCE is marked DSCP 26 and uses traffic class, priority and queue 3, which priority flow control keeps lossless;
congestion notification packets are marked DSCP 48 and use class 6; everything else is class 0. SONiC's own default
maps put DSCP 26 into a lossy class, so that they are not used. Buffers and ECN thresholds belong to the ASIC and its
software and are not written here.

Source: DSCP 26 and 48 as in the RoCE defaults of Broadcom and Juniper (JVD for AI data centres); class and queue
numbers as in NVIDIA Cumulus Linux `qos roce`; watchdog times as in `pfcwd start_default` of sonic-utilities.
"""

from __future__ import annotations

ROCE_DSCP, ROCE_CLASS = 26, 3
CNP_DSCP, CNP_CLASS = 48, 6
MAP = "ROCE"
Rows = dict[str, dict[str, str]]

_DSCP_TO_CLASS = {ROCE_DSCP: ROCE_CLASS, CNP_DSCP: CNP_CLASS}
_WATCHDOG_MS = "200"

MAP_TABLES: dict[str, Rows] = {
    "DSCP_TO_TC_MAP": {MAP: {str(dscp): str(_DSCP_TO_CLASS.get(dscp, 0)) for dscp in range(64)}},
    "MAP_PFC_PRIORITY_TO_QUEUE": {MAP: {str(priority): str(priority) for priority in range(8)}},
    "TC_TO_PRIORITY_GROUP_MAP": {MAP: {str(tc): str(tc if tc == ROCE_CLASS else 0) for tc in range(8)}},
    "TC_TO_QUEUE_MAP": {MAP: {str(tc): str(tc) for tc in range(8)}},
}
"""Tables that name no port."""

PORT_QOS_ROW = {
    "dscp_to_tc_map": MAP,
    "pfc_enable": str(ROCE_CLASS),
    "pfc_to_queue_map": MAP,
    "pfcwd_sw_enable": str(ROCE_CLASS),
    "tc_to_pg_map": MAP,
    "tc_to_queue_map": MAP,
}
WATCHDOG_ROW = {"action": "drop", "detection_time": _WATCHDOG_MS, "restoration_time": _WATCHDOG_MS}
WATCHDOG_GLOBAL_ROW = {"POLL_INTERVAL": _WATCHDOG_MS}
