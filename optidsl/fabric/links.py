"""Lay the links of a fabric by arithmetic on columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl._record import record
from optidsl.fabric.demand import Sizes
from optidsl.fabric.edge import Edge, Seats
from optidsl.fabric.ports import up_start
from optidsl.fabric.tables import I64, LinkTable


@record(frozen=True, slots=True)
class Rows:
    """Links of one segment, shape `(n_links,)` each: device rows and port indices of both ends, and the rail."""

    a_device: I64
    a_port: I64
    z_device: I64
    z_port: I64
    rail: I64


def endpoint_rows(edge: Edge, seat: Seats, leaf_first: int) -> Rows:
    """Return the links of a plane's endpoint ports to their leaves; the first leaf is device `leaf_first`."""
    return Rows(
        edge.device.astype(np.int64),
        edge.port.astype(np.int64),
        leaf_first + seat.leaf,
        seat.port,
        edge.rail.astype(np.int64),
    )


def leaf_rows(sizes: Sizes, leaf_first: int, spine_first: int) -> Rows:
    """Return leaf uplinks: uplink i of a leaf goes to spine `i // parallel` of its pod, on ports in leaf order."""
    leaves, up, parallel = sizes.counts[0], sizes.leaf.up, sizes.parallel[0]
    leaf = np.repeat(np.arange(leaves, dtype=np.int64), up)
    uplink = np.tile(np.arange(up, dtype=np.int64), leaves)
    pod = leaf_pods(sizes)[leaf]
    position = leaf - pod_starts(sizes)[pod]
    spines_per_pod = sizes.counts[1] // sizes.pods
    return Rows(
        leaf_first + leaf,
        up_start(sizes.ask.boxes[0], sizes.leaf.down) + uplink,
        spine_first + pod * spines_per_pod + uplink // parallel,
        position * parallel + uplink % parallel,
        np.full(len(leaf), -1, np.int64),
    )


def spine_rows(sizes: Sizes, spine_first: int, core_first: int) -> Rows:
    """Return spine uplinks: position j of every pod goes to core group j, on ports in pod order."""
    spines, up, parallel = sizes.counts[1], sizes.up[1], sizes.parallel[1]
    spines_per_pod = spines // sizes.pods
    cores_per_position = sizes.counts[2] // spines_per_pod
    spine = np.repeat(np.arange(spines, dtype=np.int64), up)
    uplink = np.tile(np.arange(up, dtype=np.int64), spines)
    pod, position = spine // spines_per_pod, spine % spines_per_pod
    return Rows(
        spine_first + spine,
        up_start(sizes.ask.boxes[1], sizes.down[1]) + uplink,
        core_first + position * cores_per_position + uplink // parallel,
        pod * parallel + uplink % parallel,
        np.full(len(spine), -1, np.int64),
    )


def pod_starts(sizes: Sizes) -> I64:
    """Return the first leaf of every pod, shape `(n_pods,)`."""
    if sizes.pods == 1:
        return np.zeros(1, np.int64)
    pod = np.arange(sizes.pods, dtype=np.int64)
    starts: I64 = pod * sizes.pod_leaves - np.maximum(pod - sizes.full_pods, 0) * sizes.pod_step
    return starts


def leaf_pods(sizes: Sizes) -> I64:
    """Return the pod of every leaf, shape `(n_leaves,)`."""
    leaf = np.arange(sizes.counts[0], dtype=np.int64)
    return np.searchsorted(pod_starts(sizes), leaf, side="right").astype(np.int64) - 1


def link_table(rows: Sequence[tuple[int, Rows]]) -> LinkTable:
    """Join rows of `(segment, links)` into one table, ordered by segment."""
    ordered = sorted(rows, key=lambda each: each[0])
    if not ordered:
        empty = np.zeros(0, np.int32)
        return LinkTable(empty, empty, empty, empty, empty, empty)
    segment = np.repeat(np.array([each[0] for each in ordered], np.int32), [len(each[1].a_device) for each in ordered])
    columns = [np.concatenate([getattr(each[1], name) for each in ordered]).astype(np.int32) for name in Rows.__slots__]
    return LinkTable(segment, *columns)
