"""Seats: the leaf, and the port of it, that every endpoint port of a fabric takes.

Seats follow from keys. Where the leaves have room, a hole in the keys of a group of nodes keeps its ports free, so that
a node that goes moves no other; so do the ports of a retired leaf. Keys count from 1, or from the least of the group
where there is no room for those before it. Where there is no room at all, endpoint ports take seats in their order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl._columns import distinct, distinct_rows
from optidsl._record import record
from optidsl.fabric.demand import Demand, LeafSizes
from optidsl.fabric.edge import Edge, occurrence
from optidsl.fabric.tables import I64


@record(frozen=True, slots=True)
class Seats:
    """The leaf (within its plane) and leaf port index of every port of an `Edge`, shape `(n_ports,)`."""

    leaf: I64
    port: I64


def seats(edge: Edge, demand: Demand, leaf: LeafSizes, slots: I64 | None = None) -> Seats:
    """Give every endpoint port of a plane its leaf and leaf port.

    Without rails ports fill leaf after leaf. With rails, leaf `(unit, rail)` is number `unit * rails + rail`, and
    node n of a unit takes down ports from `n * width`; loose ports take what is left, one per leaf and round, from
    the last unit's first rail upwards.

    Args:
        edge: endpoint ports of the plane.
        demand: what they come to.
        leaf: how many leaves there are, and of how many ports.
        slots: key of each leaf less one, ascending, shape `(leaf.count,)`; 0, 1, 2, … when None.
    """
    slots = np.arange(leaf.count, dtype=np.int64) if slots is None else slots
    if not demand.rails:
        return _turned_seats(edge, leaf, slots)
    is_railed = edge.rail >= 0
    leaf_of, port_of = (np.zeros(len(edge.device), np.int64) for _ in range(2))
    railed = edge.select(is_railed)
    leaf_of[is_railed], port_of[is_railed] = _railed_seats(railed, demand, leaf, slots)
    n_loose = len(edge.device) - len(railed.device)
    if n_loose:
        loose = _loose_seats(leaf_of[is_railed], port_of[is_railed], demand.rails, leaf, n_loose)
        leaf_of[~is_railed], port_of[~is_railed] = loose
    return Seats(leaf_of, port_of)


def _found(wanted: I64, slots: I64) -> I64 | None:
    """Return the positions of wanted slots among those there are, None where one is missing."""
    if not len(wanted):
        return wanted
    at = np.searchsorted(slots, wanted)
    if int(wanted.max()) > int(slots[-1]) or (slots[at] != wanted).any():
        return None
    return at.astype(np.int64)


def _turned_seats(edge: Edge, leaf: LeafSizes, slots: I64) -> Seats:
    for turn, first in zip(_turns(edge), (0, int(slots[0])), strict=True):
        found = _found(turn // leaf.down + first, slots)
        if found is not None:
            return Seats(found, turn % leaf.down)
    order = np.arange(len(edge.device), dtype=np.int64)
    return Seats(order // leaf.down, order % leaf.down)


def _turns(edge: Edge) -> Iterator[I64]:
    """Yield the number of every port when keys count from 1, then when they count from the least of each term."""
    for from_least in (False, True):
        turn, first, last = np.zeros(len(edge.device), np.int64), 0, 0
        for term in distinct(edge.term).tolist():
            mine = edge.term == term
            node = _from(edge.key[mine], from_least, last)
            last = int(edge.key[mine].max())
            within = occurrence(node)
            width = int(within.max()) + 1
            turn[mine] = first + node * width + within
            first += (int(node.max()) + 1) * width
        yield turn


def _from(keys: I64, from_least: bool, last: int) -> I64:
    """Return keys from 0; those that go on where the `last` of the term before ends count on from there."""
    least = int(keys.min())
    return keys - (least if from_least else last + 1 if least > last else 1)


def _railed_seats(edge: Edge, demand: Demand, leaf: LeafSizes, slots: I64) -> tuple[I64, I64]:
    _, first, inverse, _ = distinct_rows(edge.device)
    rail = np.searchsorted(distinct(edge.rail), edge.rail).astype(np.int64)
    unit_slots = _unit_slots(slots, demand.rails)
    for number, start in zip(_node_numbers(edge, first), (0, int(unit_slots[0])), strict=True):
        unit = _found(number // leaf.nodes_per_unit + start, unit_slots)
        if unit is not None:
            break
    else:
        number = np.empty(len(first), np.int64)  # nodes by first appearance
        number[np.argsort(first, kind="stable")] = np.arange(len(first))
        unit = number // leaf.nodes_per_unit
    node = number[inverse]
    seat = node % leaf.nodes_per_unit
    return unit[inverse] * demand.rails + rail, seat * demand.width + occurrence(node * demand.rails + rail)


def _unit_slots(slots: I64, rails: int) -> I64:
    """Return the number of each scalable unit by the keys of its leaves; its rank where they are of no one unit."""
    whole = slots.reshape(-1, rails)
    if ((whole // rails != whole[:, :1] // rails) | (whole % rails != np.arange(rails))).any():
        return np.arange(len(whole), dtype=np.int64)
    units: I64 = whole[:, 0] // rails
    return units


def _node_numbers(edge: Edge, first: I64) -> Iterator[I64]:
    """Yield the number of every node, by its first port, as `_turns` does for ports."""
    terms, keys = edge.term[first], edge.key[first]
    for from_least in (False, True):
        number, start, last = np.zeros(len(first), np.int64), 0, 0
        for term in distinct(terms).tolist():
            mine = terms == term
            number[mine] = start + _from(keys[mine], from_least, last)
            last = int(keys[mine].max())
            start = int(number[mine].max()) + 1
        yield number


def _loose_seats(taken_leaf: I64, taken_port: I64, rails: int, leaf: LeafSizes, n_loose: int) -> tuple[I64, I64]:
    is_free = np.ones((leaf.count, leaf.down), np.bool_)
    is_free[taken_leaf, taken_port] = False
    free_leaf, free_port = np.nonzero(is_free)
    order = np.lexsort((free_leaf % rails, -(free_leaf // rails), occurrence(free_leaf)))[:n_loose]
    return free_leaf[order], free_port[order]
