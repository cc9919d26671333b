"""Waves: who is drained when, so that no device loses more than the failure of one neighbour would take.

A wave drains switches of one tier and plane that share no device below them. A cable is worked on while a switch at
one of its ends is drained: the upper one, or the one that is itself removed, moved, replaced or renumbered.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct
from optidsl._record import record
from optidsl.difference.cables import PULL, CableTable
from optidsl.difference.capacity import kept_of_each, least, pairs, upwards
from optidsl.difference.model import Rollout, Wave, Work
from optidsl.difference.names import folded
from optidsl.difference.numbers import Numbers, Sessions
from optidsl.difference.same import Both
from optidsl.difference.tally import cable_work
from optidsl.plan.model import Plan

I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 1 << 40
"""The wave of what no wave touches."""


@record(frozen=True, slots=True)
class Schedule:
    """When what happens, in waves from 0 on.

    Attributes:
        wave: wave in which a device is drained, by number; `NEVER` for one that is not.
        off: wave from which a link of the first plan is out for good, shape `(n_links,)`; `NEVER`.
        on: wave after which a link of the second plan that is not there as it is runs; -1 before all waves.
            `NEVER` for links that stay.
        units: by wave, the numbers of the devices that it drains.
        places: by wave, fabric and plane.
    """

    wave: I64
    off: I64
    on: I64
    units: tuple[I64, ...]
    places: tuple[tuple[str, int], ...]


def rollout(
    both: Both, table: CableTable, found: Numbers, reseated: I64, sessions: Sessions, configs: I64, spare: Sequence[int]
) -> Rollout:
    """Return the waves of a change.

    Args:
        both: the plans.
        table: the cables to work on.
        found: numbers that change.
        reseated: by number of a device, the cause for which it stands elsewhere, or -1.
        sessions: what becomes of sessions.
        configs: numbers of the devices in service whose configuration changes.
        spare: numbers of devices that are replaced by another model.
    """
    schedule = scheduled(both, table, found, reseated, spare)
    names = both.after.plan.devices.name
    in_waves, waves = _waves(both, table, sessions, configs, schedule)
    pushes = tuple(names[int(both.after.row[number])] for number in configs.tolist() if number not in in_waves)
    first = table.new[table.kind == PULL]
    ready = np.flatnonzero(table.kind == PULL)[schedule.on[first] < 0] if first.size else np.zeros(0, np.int64)
    rack = tuple(names[int(row)] for row in both.after.row[np.flatnonzero(both.is_new)])
    unrack = tuple(both.before.plan.devices.name[int(row)] for row in both.before.row[np.flatnonzero(both.is_old)])
    return Rollout(
        prepare=Work(cables=cable_work(both, table, ready), rack=rack),
        waves=waves,
        pushes=pushes,
        finish=Work(unrack=unrack),
        disturbed=table.disturbed,
        bound=table.bound,
    )


# ------------------------------------------------------------------ who is drained, and when


def scheduled(both: Both, table: CableTable, found: Numbers, reseated: I64, spare: Sequence[int]) -> Schedule:
    """Choose who is drained and in which wave; say when every link goes down and comes up."""
    own = both.is_old | (reseated >= 0) | (found.session >= 0)
    own[list(spare)] = True
    old_rows = np.concatenate([table.old_links, table.replugged[:, 0], found.links[:, 0]])
    side = both.before
    a, z = side.a[old_rows] // side.stride, side.z[old_rows] // side.stride
    drained = np.where(own[a], a, z)
    needed = np.zeros(len(own), np.bool_)
    needed[drained] = True
    needed |= own
    wave, units, places = _packed(both, needed)
    off = np.full(len(side.plan.links.segment), NEVER, np.int64)
    off[old_rows] = wave[drained]
    return Schedule(wave, off, _on(both, table, found, off), units, places)


def _packed(both: Both, needed: Bools) -> tuple[I64, tuple[I64, ...], tuple[tuple[str, int], ...]]:
    """Put the devices to drain into waves: nodes first, then planes one after the other, upper tiers first."""
    plan, side = both.before.plan, both.before
    wave = np.full(len(needed), NEVER, np.int64)
    units: list[list[int]] = []
    places: list[tuple[str, int]] = []
    order = sorted(
        (group for group in plan.groups if group.count),
        key=lambda group: (group.kind != "node", group.fabric, group.plane, -group.level, group.first),
    )
    last: dict[str, I64] = {}
    below = {fabric.name: _below(plan, fabric.name) for fabric in plan.fabrics}
    alone: set[int] = set()
    at: tuple[object, ...] = ()
    start = 0
    for group in order:
        here = (group.kind == "node", group.fabric, group.plane, group.level)
        if here != at:
            at, start, last = here, len(units), {}
        rows = np.arange(group.first, group.first + group.count)
        for row in rows[needed[side.device[rows]]].tolist():
            if group.kind == "node":
                place = start
            else:
                lows = below[group.fabric](row)
                used = last.setdefault(group.fabric, np.full(len(plan.devices.name), start - 1, np.int64))
                place = int(used[lows].max(initial=start - 1)) + 1
                if below[group.fabric].is_only(row):
                    place = len(units)
                    alone.add(place)
                while place in alone and place < len(units):
                    place += 1
                used[lows] = place
            if place == len(units):
                units.append([])
                places.append((group.fabric, group.plane) if group.kind == "switch" else ("", -1))
            units[place].append(int(side.device[row]))
            wave[side.device[row]] = place
    return wave, tuple(np.array(each, np.int64) for each in units), tuple(places)


def _below(plan: Plan, fabric: str) -> _Below:
    low, high, _ = upwards(plan, fabric)
    order = np.argsort(high, kind="stable")
    count = len(plan.devices.name)
    kept, total = kept_of_each(pairs(low, high, np.ones(len(low), np.int64)), count)
    return _Below(low[order], high[order], (kept == 0) & (total > 0))


@record(frozen=True, slots=True)
class _Below:
    """The devices below each switch of a fabric; `is_single` tells which devices hang on one switch alone."""

    low: I64
    high: I64
    is_single: Bools

    def is_only(self, row: int) -> bool:
        """Tell whether a device below a switch has no other way."""
        return bool(self.is_single[self(row)].any())

    def __call__(self, row: int) -> I64:
        start, end = np.searchsorted(self.high, [row, row + 1])
        return self.low[start:end]


def _on(both: Both, table: CableTable, found: Numbers, off: I64) -> I64:
    """Return the wave after which each link of the second plan that is not there as it is runs."""
    on = np.full(len(both.after.plan.links.segment), NEVER, np.int64)
    rows = table.new_links
    on[rows] = -1
    first = np.append(off, -1)[table.old]
    cabled = table.of_new >= 0
    on[rows[cabled]] = first[table.of_new[cabled]]
    busy: dict[int, int] = {}
    for row in table.old_links.tolist():
        for end in (both.before.a, both.before.z):
            busy[int(end[row])] = int(off[row])
    for row in rows.tolist():
        ends = (int(both.after.a[row]), int(both.after.z[row]))
        on[row] = max(int(on[row]), *(busy.get(end, -1) for end in ends))
    on[table.replugged[:, 1]] = off[table.replugged[:, 0]]
    on[found.links[:, 1]] = off[found.links[:, 0]]
    return on


# ------------------------------------------------------------------ what each wave does and leaves


def _waves(
    both: Both, table: CableTable, sessions: Sessions, configs: I64, schedule: Schedule
) -> tuple[set[int], tuple[Wave, ...]]:
    """Return the devices whose configuration changes in a wave, and the waves."""
    shares = remaining(both, schedule)
    has_config = np.zeros(len(both.stays), np.bool_)
    has_config[configs] = True
    when = np.where(table.old >= 0, np.append(schedule.off, -1)[table.old], np.append(schedule.on, -1)[table.new])
    touched = _touched(both, schedule)
    resets = np.where(
        schedule.on[sessions.reset] == NEVER, _by_device(both, sessions.reset, schedule), schedule.on[sessions.reset]
    )
    names, before = both.after.plan.devices.name, both.before.plan.devices.name
    in_waves: set[int] = set()
    folds: dict[bytes, tuple[str, ...]] = {}  # spines of a plane have the same leaves
    waves = []
    for place, units in enumerate(schedule.units):
        numbers = distinct(np.concatenate([units, *touched.get(place, ())]))
        own = numbers[has_config[numbers]]
        if own.tobytes() not in folds:
            folds[own.tobytes()] = tuple(folded(names[int(row)] for row in both.after.row[own]))
            in_waves.update(own.tolist())
        share, floor, at = shares[place]
        waves.append(
            Wave(
                *schedule.places[place],
                drain=tuple(before[int(row)] for row in both.before.row[units]),
                cables=cable_work(both, table, np.flatnonzero(when == place)),
                configs=folds[own.tobytes()],
                config_count=len(own),
                resets=int((resets == place).sum()),
                share=share,
                floor=floor,
                at=at,
            )
        )
    return in_waves, tuple(waves)


def _by_device(both: Both, rows: I64, schedule: Schedule) -> I64:
    """Return the wave of the first drained end of links."""
    side = both.after
    a, z = schedule.wave[side.a[rows] // side.stride], schedule.wave[side.z[rows] // side.stride]
    first: I64 = np.minimum(a, z)
    return first


def _touched(both: Both, schedule: Schedule) -> dict[int, list[I64]]:
    """Return the devices at the links of each wave."""
    found: dict[int, list[I64]] = {}
    for side, when in ((both.before, schedule.off), (both.after, schedule.on)):
        rows = np.flatnonzero((when >= 0) & (when != NEVER))
        rows = rows[np.argsort(when[rows], kind="stable")]
        waves = when[rows]
        for place in distinct(waves).tolist():
            start, end = np.searchsorted(waves, [place, place + 1])
            mine = rows[start:end]
            found.setdefault(place, []).append(np.concatenate([side.a[mine], side.z[mine]]) // side.stride)
    return found


Remaining = tuple[tuple[int, int], tuple[int, int], str]
"""Least share in a wave, the share that one failure leaves, and the device that keeps the least."""


def remaining(both: Both, schedule: Schedule) -> list[Remaining]:
    """Return for each wave the least share of its bandwidth to the drained tier that a device below it keeps."""
    found: list[Remaining] = [((1, 1), (1, 1), "")] * len(schedule.units)
    states: dict[tuple[str, int], _State] = {}
    levels = np.array([group.level for group in both.before.plan.groups] or [0])
    for place, (fabric, _) in enumerate(schedule.places):
        if fabric:
            level = int(levels[both.before.group[schedule.units[place][0]]])
            if (fabric, level) not in states:
                states[fabric, level] = _state(both, schedule, fabric, level)
            found[place] = states[fabric, level].wave(place, schedule.units[place])
    return found


def _state(both: Both, schedule: Schedule, fabric: str, level: int) -> _State:
    """Return the links of a fabric up to (or beside) its switches of one level."""
    sides = []
    for side, when in ((both.before, schedule.off), (both.after, schedule.on)):
        low, high, mbps = upwards(side.plan, fabric)
        rows = _rows_upwards(side.plan, fabric)
        levels = np.array([group.level for group in side.plan.groups] or [0])[side.plan.devices.group]
        mine = levels[high] == level
        sides.append((side.device[low[mine]], side.device[high[mine]], mbps[mine], when[rows[mine]]))
    count = len(both.stays)
    old, new = sides
    floors = [kept_of_each(pairs(low, high, mbps), count) for low, high, mbps, _ in sides]
    total = np.where(both.stays, floors[0][1], 0)
    kept = np.minimum(floors[0][0], floors[1][0])
    worst = least(kept, total)
    floor = (int(kept[worst]), int(total[worst])) if total[worst] else (1, 1)
    fresh = new[3] != NEVER
    return _State(both, old, tuple(column[fresh] for column in new), total, floor)


def _rows_upwards(plan: Plan, fabric: str) -> I64:
    """Return the link of each entry of `upwards`."""
    links = plan.links
    mine = np.flatnonzero(np.array([each.fabric == fabric for each in plan.segments] or [False])[links.segment])
    level = np.array([group.level for group in plan.groups] or [0])[plan.devices.group]
    beside = level[links.a_device[mine]] == level[links.z_device[mine]]
    return np.concatenate([mine, mine[beside]])


_Columns = tuple[I64, ...]
"""Device below, device above, bandwidth, wave."""


@record(frozen=True, slots=True)
class _State:
    """The links of a fabric in both plans, and what every device has upwards before anything is done."""

    both: Both
    old: _Columns
    new: _Columns
    total: I64
    floor: tuple[int, int]

    def wave(self, place: int, units: I64) -> Remaining:
        """Return what is left in a wave: links that are not yet, or already, as they are to be, and not drained."""
        drained = np.zeros(len(self.total), np.bool_)
        drained[units] = True
        kept = np.zeros(len(self.total), np.int64)
        for (low, high, mbps, _), is_there in ((self.old, self.old[3] > place), (self.new, self.new[3] < place)):
            runs = is_there & ~drained[high]
            kept += np.bincount(low[runs], mbps[runs], len(self.total)).astype(np.int64)
        total = np.where(drained, 0, self.total)
        kept = np.minimum(kept, total)
        worst = least(kept, total)
        if not total[worst]:
            return (1, 1), self.floor, ""
        name = self.both.after.plan.devices.name[int(self.both.after.row[worst])]
        return (int(kept[worst]), int(total[worst])), self.floor, name
