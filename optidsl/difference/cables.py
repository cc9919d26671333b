"""Which cables stay, are pulled, removed, moved, re-lengthed or exchanged: columns over the links that differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct, distinct_rows
from optidsl._record import record
from optidsl.difference.moves import Cables, moves, surplus
from optidsl.difference.same import Both, Side, cable_numbers, changed_links, same_links
from optidsl.plan.cage_counts import cages_of

I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

PULL, REMOVE, MOVE, RELENGTH, EXCHANGE = range(5)
"""Places in `CABLE_KINDS`."""


@record(frozen=True, slots=True)
class CableTable:
    """The cables to work on, one row each; -1 stands for no link.

    Attributes:
        kind: place in `CABLE_KINDS`.
        old: first link of the cable in the first plan.
        new: first link in the second plan.
        ends_moved: of a cable to move, else 0.
        old_links: rows of links of the first plan whose cable is worked on, or that go with their line.
        new_links: rows of links of the second plan whose cable is worked on, or that come with their line.
        of_old: row of this table for each of `old_links`; -1 of a link on a line.
        of_new: the same for `new_links`.
        replugged: pairs of links, old and new, whose cable stays while what it plugs into changes, shape `(k, 2)`.
        disturbed: cables in service that do not stay as they are.
        bound: how many any wiring with as many cables of each kind between each pair of devices disturbs at least.
    """

    kind: I64
    old: I64
    new: I64
    ends_moved: I64
    old_links: I64
    new_links: I64
    of_old: I64
    of_new: I64
    replugged: I64
    disturbed: int
    bound: int


def cable_table(both: Both) -> CableTable:
    """Compare the cables of two plans; segments that are equal in every link cost one comparison of columns."""
    old, new = changed_links(both)
    wires = [rows[side.sku[rows] >= 0] for side, rows in ((both.before, old), (both.after, new))]
    before, after = _cables(both.before, wires[0]), _cables(both.after, wires[1])
    match = same_links(both, *wires)
    partner = _paired(before, after, match)
    kind, ends_moved = _kinds(before, after, partner, match)
    is_free = np.ones(len(after.first), np.bool_)
    is_free[partner[partner >= 0]] = False
    lost, to, ends = moves(before, after, np.flatnonzero(partner < 0), np.flatnonzero(is_free))
    partner[lost], kind[lost], ends_moved[lost] = to, MOVE, ends
    is_free[to] = False
    table = _Table(before, after, partner, kind, ends_moved, np.flatnonzero(is_free), match)
    return table.made(_on_lines(both, old, new))


def _cables(side: Side, rows: I64) -> Cables:
    _, first, cable, size = distinct_rows(cable_numbers(side.plan)[rows] if rows.size else rows)
    return Cables(side, rows, cable, first, size)


def _on_lines(both: Both, old: I64, new: I64) -> tuple[I64, I64]:
    """Return the links on lines that go, and those that come."""
    waves = [rows[side.sku[rows] < 0] for side, rows in ((both.before, old), (both.after, new))]
    match = same_links(both, *waves)
    stays = match >= 0
    stays[stays] = both.before.content[waves[0][stays]] == both.after.content[waves[1][match[stays]]]
    is_new = np.ones(len(waves[1]), np.bool_)
    is_new[match[stays]] = False
    return waves[0][~stays], waves[1][is_new]


# ------------------------------------------------------------------ cables that keep a link


def _paired(before: Cables, after: Cables, match: I64) -> I64:
    """Return for each cable of the first plan the one of the second that runs a link of it, -1 for none."""
    partner = np.full(len(before.first), -1, np.int64)
    hits = np.flatnonzero(match >= 0)
    if hits.size:
        hits = hits[np.sort(distinct_rows(before.cable[hits])[1])]
        hits = hits[np.sort(distinct_rows(after.cable[match[hits]])[1])]
        partner[before.cable[hits]] = after.cable[match[hits]]
    return partner


def _kinds(before: Cables, after: Cables, partner: I64, match: I64) -> tuple[I64, I64]:
    """Return the kind of every cable of the first plan, -1 for one that stays, and its ends to move."""
    kind = np.where(partner >= 0, -1, REMOVE)
    ends = np.zeros(len(kind), np.int64)
    kept = np.flatnonzero(partner >= 0)
    sku, to = before.sku()[kept], after.sku()[partner[kept]]
    kind[kept[sku != to]] = RELENGTH
    kind[kept[sku >> 40 != to >> 40]] = EXCHANGE
    many = kept[(kind[kept] == -1) & ((before.size[kept] > 1) | (after.size[partner[kept]] > 1))]
    if many.size:
        moved = many[_have_other_cages(before, after, many, partner[many])]
        kind[moved], ends[moved] = MOVE, 1
    return kind, ends


def _have_other_cages(before: Cables, after: Cables, old: I64, new: I64) -> Bools:
    """Tell which of some pairs of cables do not plug into the same cages."""
    sets = [_cages(cables, which) for cables, which in ((before, old), (after, new))]
    pairs, _, _, count = distinct_rows(np.concatenate(sets))
    is_other = np.zeros(len(old), np.bool_)
    is_other[pairs[count == 1] // _SPAN] = True
    return is_other


_SPAN = 1 << 40


def _cages(cables: Cables, which: I64) -> I64:
    """Return the cages of cables, each once: the place of the cable in `which`, then the cage."""
    place = np.full(len(cables.first), -1, np.int64)
    place[which] = np.arange(len(which))
    mine = place[cables.cable] >= 0
    rows, at = cables.rows[mine], place[cables.cable[mine]]
    plan = cables.side.plan
    found = []
    for device, port in ((plan.links.a_device, plan.links.a_port), (plan.links.z_device, plan.links.z_port)):
        cage = cages_of(plan.groups, plan.devices, device[rows], port[rows])
        found.append(at * _SPAN + cables.side.device[device[rows]] * cables.side.stride + cage)
    return distinct(np.concatenate(found))


# ------------------------------------------------------------------ the table


@record(frozen=True, slots=True)
class _Table:
    """What was found about every cable: the partner and kind of those of the first plan, and those that are pulled."""

    before: Cables
    after: Cables
    partner: I64
    kind: I64
    ends_moved: I64
    pulled: I64
    match: I64

    def made(self, on_lines: tuple[I64, I64]) -> CableTable:
        """Return the table."""
        before, after = self.before, self.after
        worked = np.flatnonzero(self.kind >= 0)
        to = self.partner[worked]
        n_pulled, none = len(self.pulled), np.full(len(self.pulled), -1, np.int64)
        new = np.full(len(worked), -1, np.int64)
        new[to >= 0] = after.links[to[to >= 0]]
        row_of_old = np.full(len(before.first), -1, np.int64)
        row_of_old[worked] = np.arange(len(worked))
        row_of_new = np.full(len(after.first), -1, np.int64)
        row_of_new[to[to >= 0]] = np.flatnonzero(to >= 0)
        row_of_new[self.pulled] = len(worked) + np.arange(n_pulled)
        old_rows, new_rows = row_of_old[before.cable], row_of_new[after.cable]
        is_old, is_new = old_rows >= 0, new_rows >= 0
        gone, come = on_lines
        return CableTable(
            kind=np.concatenate([self.kind[worked], np.full(n_pulled, PULL, np.int64)]),
            old=np.concatenate([before.links[worked], none]),
            new=np.concatenate([new, after.links[self.pulled]]),
            ends_moved=np.concatenate([self.ends_moved[worked], np.zeros(n_pulled, np.int64)]),
            old_links=np.concatenate([before.rows[is_old], gone]),
            new_links=np.concatenate([after.rows[is_new], come]),
            of_old=np.concatenate([old_rows[is_old], np.full(len(gone), -1, np.int64)]),
            of_new=np.concatenate([new_rows[is_new], np.full(len(come), -1, np.int64)]),
            replugged=self._replugged(is_old),
            disturbed=len(worked),
            bound=surplus(before, after),
        )

    def _replugged(self, is_worked: Bools) -> I64:
        """Return the links of cables that stay whose modules or attenuators become others."""
        stays = np.flatnonzero((self.match >= 0) & ~is_worked)
        old, new = self.before.rows[stays], self.after.rows[self.match[stays]]
        differs = self.before.side.content[old] != self.after.side.content[new]
        return np.stack([old[differs], new[differs]], axis=1)
