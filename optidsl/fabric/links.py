"""Lay the links of a fabric by arithmetic on columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl._record import record
from optidsl.fabric.demand import Sizes
from optidsl.fabric.edge import Edge, occurrence
from optidsl.fabric.keys import TreeKeys
from optidsl.fabric.ports import up_start
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.seating import Seats
from optidsl.fabric.tables import I64, LinkTable


@record(frozen=True, slots=True)
class Rows:
    """Links of one segment, shape `(n_links,)` each: device rows and port indices of both ends, and the rail."""

    a_device: I64
    a_port: I64
    z_device: I64
    z_port: I64
    rail: I64


def endpoint_rows(edge: Edge, seat: Seats) -> Rows:
    """Return the links of a plane's endpoint ports to their leaves."""
    return Rows(
        edge.device.astype(np.int64),
        edge.port.astype(np.int64),
        seat.leaf,
        seat.port,
        edge.rail.astype(np.int64),
    )


def leaf_rows(sizes: Sizes, keys: TreeKeys) -> Rows:
    """Return leaf uplinks: uplink i of a leaf goes to spine `i // parallel` of its pod, on ports in leaf order.

    Where switches are retired and the boxes have room, ports go by the slots of `keys`, those of retired ones free.
    Dealt in turn, the uplinks of a pod go to its spines one after another, leaf after leaf.
    """
    leaves, up, parallel = sizes.counts[0], sizes.leaf.up, sizes.parallel[0]
    leaf = np.repeat(np.arange(leaves, dtype=np.int64), up)
    uplink = np.tile(np.arange(up, dtype=np.int64), leaves)
    pods = leaf_pods(sizes)
    pod, position = pods[leaf], occurrence(pods)[leaf]
    spines_per_pod = sizes.counts[1] // sizes.pods
    sizes_of_pods = np.bincount(pods, minlength=sizes.pods)
    set_ = _Set(position, uplink, sizes_of_pods[pod], up, spines_per_pod, parallel)
    above, port = set_.ends(sizes.ask.connect(1).scheme)
    if parallel and sizes.pods == 1:
        uplink = uplink + (keys.above[above] - above) * parallel
        port = port + (keys.below[leaf] - leaf) * parallel
    return Rows(
        leaf,
        up_start(sizes.ask.boxes[0], sizes.leaf.down) + uplink,
        pod * spines_per_pod + above,
        port,
        np.full(len(leaf), -1, np.int64),
    )


@record(frozen=True, slots=True)
class _Set:
    """Switches that are joined to the same ones above them, and their uplinks, shape `(n_links,)`.

    `position` counts the switches below from 0 and `below` says how many there are; `above` are above them.
    """

    position: I64
    uplink: I64
    below: I64
    up: int
    above: int
    parallel: int

    def ends(self, scheme: Sequence[str]) -> tuple[I64, I64]:
        """Return which switch above each uplink goes to, and the port there; `scheme` as `sema.design.Connect`."""
        if not self.parallel:
            turn = self.position * self.up + self.uplink
            return turn % self.above, turn // self.above
        is_striped = "striped" in scheme
        step = self.uplink % self.above if is_striped else self.uplink // self.parallel
        link = self.uplink // self.above if is_striped else self.uplink % self.parallel
        if "own_first" not in scheme:
            port = link * self.below + self.position if "by_link" in scheme else self.position * self.parallel + link
            return step, port
        share = self.below // self.above
        found = (self.position // share + step) % self.above
        if "by_link" not in scheme:
            return found, self.position * self.parallel + link
        return found, (step * self.parallel + link) * share + self.position % share


def scheme_refusal(sizes: Sizes) -> Refusal | None:
    """Refuse a port scheme that the sizes of a tree leave no room for."""
    for level in range(1, len(sizes.counts)):
        connect, per_pod = sizes.ask.connect(level), sizes.counts[1] // sizes.pods
        if not connect.scheme:
            continue
        above = per_pod if level == 1 else sizes.counts[2] // per_pod
        below = [sizes.pods] if level == 2 else np.bincount(leaf_pods(sizes), minlength=sizes.pods).tolist()
        odd = next((each for each in below if each % above), 0) if "own_first" in connect.scheme else 0
        if sizes.parallel[level - 1] and not odd:
            continue
        what = (
            f"`own_first` gives each {connect.z} switch its share of those below, and {odd} do not divide over {above}"
            if odd
            else "its uplinks do not divide evenly and are dealt in turn"
        )
        return Refusal(
            "scheme-not-possible",
            f"`{connect.a} -- {connect.z}` of `{sizes.ask.fabric.name}` has a `scheme`: {what}",
            connect.scheme_span or connect.origin.span,
            helps=("leave it out, or decide `count` of both tiers so that they divide",),
        )
    return None


def spine_rows(sizes: Sizes) -> Rows:
    """Return spine uplinks: position j of every pod goes to core group j, on ports in pod order."""
    spines, up, parallel = sizes.counts[1], sizes.up[1], sizes.parallel[1]
    spines_per_pod = spines // sizes.pods
    cores_per_position = sizes.counts[2] // spines_per_pod
    spine = np.repeat(np.arange(spines, dtype=np.int64), up)
    uplink = np.tile(np.arange(up, dtype=np.int64), spines)
    pod, position = spine // spines_per_pod, spine % spines_per_pod
    set_ = _Set(pod, uplink, np.full(len(spine), sizes.pods, np.int64), up, cores_per_position, parallel)
    above, port = set_.ends(sizes.ask.connect(2).scheme)
    return Rows(
        spine,
        up_start(sizes.ask.boxes[1], sizes.down[1]) + uplink,
        position * cores_per_position + above,
        port,
        np.full(len(spine), -1, np.int64),
    )


def _pod_starts(sizes: Sizes) -> I64:
    """Return the first leaf of every pod where pods are runs, shape `(n_pods,)`."""
    if sizes.pods == 1:
        return np.zeros(1, np.int64)
    pod = np.arange(sizes.pods, dtype=np.int64)
    starts: I64 = pod * sizes.pod_leaves - np.maximum(pod - sizes.full_pods, 0) * sizes.pod_step
    return starts


def leaf_pods(sizes: Sizes) -> I64:
    """Return the pod of every leaf, shape `(n_leaves,)`."""
    if sizes.leaf_pods:
        return np.array(sizes.leaf_pods, np.int64)
    leaf = np.arange(sizes.counts[0], dtype=np.int64)
    return np.searchsorted(_pod_starts(sizes), leaf, side="right").astype(np.int64) - 1


def link_table(rows: Sequence[tuple[int, Rows]]) -> LinkTable:
    """Join rows of `(segment, links)` into one table, ordered by segment."""
    ordered = sorted(rows, key=lambda each: each[0])
    if not ordered:
        empty = np.zeros(0, np.int32)
        return LinkTable(empty, empty, empty, empty, empty, empty)
    segment = np.repeat(np.array([each[0] for each in ordered], np.int32), [len(each[1].a_device) for each in ordered])
    columns = [np.concatenate([getattr(each[1], name) for each in ordered]).astype(np.int32) for name in Rows.__slots__]
    return LinkTable(segment, *columns)
