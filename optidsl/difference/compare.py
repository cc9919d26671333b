"""Compare two plans: the one function of this room."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from optidsl.difference.attribution import link_causes, reseat_causes
from optidsl.difference.cables import CableTable, cable_table
from optidsl.difference.causes import Causes, shown, stated_causes
from optidsl.difference.columns import column_changes
from optidsl.difference.configs import changed_configs, changed_files, config_causes, unexplained
from optidsl.difference.figures import bom_changes, figure_changes, requirement_changes
from optidsl.difference.headline import headline
from optidsl.difference.listing import cable_changes
from optidsl.difference.model import Cause, Difference, GroupChange, Texts
from optidsl.difference.modules import module_table
from optidsl.difference.numbers import numbers, sessions
from optidsl.difference.records import record_changes
from optidsl.difference.renames import moved_lines
from optidsl.difference.renaming import under_new_names
from optidsl.difference.rollout import rollout
from optidsl.difference.same import Both, GroupKey, group_key, joined
from optidsl.difference.tally import Devices, Tally
from optidsl.plan.model import Plan

I64 = NDArray[np.int64]


def difference(
    before: Plan,
    after: Plan,
    texts_before: Texts | None = None,
    texts_after: Texts | None = None,
    moved: Mapping[str, str] | None = None,
) -> Difference:
    """Return what changes from one plan to another.

    Things are the same by group and key, cables by what both ends are plugged into; never by row. Comments, and where
    a statement stands in its file, are no difference.

    Args:
        before: the plan in service.
        after: the plan to come.
        texts_before: configurations made from the first plan.
        texts_after: configurations made from the second plan.
        moved: identities, groups or fabrics of the first plan that the second calls otherwise.
    """
    called_anew, devices_moved = under_new_names(before, moved or {})
    both = joined(called_anew, after, devices_moved)
    texts = (texts_before or Texts(), texts_after or Texts())
    causes = stated_causes(both, before, dict(moved or {}))
    table = cable_table(both)
    reseated = reseat_causes(both, causes)
    found = numbers(both, causes)
    links = link_causes(both, table, reseated, causes)
    modules = module_table(both, table, links)
    running = sessions(both, table, links, found)
    configs = changed_configs(both, *texts)
    records = (*record_changes(both), *column_changes(both))
    files = changed_files(*texts)
    devices = _devices(both, reseated, configs, config_causes(both, configs, links, found, records, causes), causes)
    tally = Tally(both, table, links, modules, devices, running)
    work = tally.work()
    bom = bom_changes(before, after)
    is_rewired = bool(
        len(table.kind) or len(table.replugged) or work.rack or work.unrack or work.reseat or work.replace
    )
    groups = _groups(tally, found.session, found.called)
    stated = tuple(Cause(*head, tally.work(place)) for place, head in enumerate(causes.heads))
    return Difference(
        design=after.header.design,
        headline=headline(work, stated, groups, records, texts[0].rewritten),
        causes=stated,
        groups=groups,
        work=work,
        cables=cable_changes(both, table, links),
        bom=bom,
        renumbered=found.changes,
        figures=figure_changes(called_anew, after, is_rewired=is_rewired),
        requirements=requirement_changes(before, after),
        records=records,
        rollout=rollout(both, table, found, reseated, running, configs, devices.replace[0].tolist()),
        files=files,
        rewritten=texts[0].rewritten,
        unexplained=unexplained(causes, both, *devices.configs, files, is_other=bool(causes.heads or records)),
        moved=moved_lines(both),
    )


def _devices(both: Both, reseated: I64, configs: I64, config_cause: I64, causes: Causes) -> Devices:
    new, old = np.flatnonzero(both.is_new), np.flatnonzero(both.is_old)
    moved = np.flatnonzero(reseated >= 0)
    growth = [
        np.array([causes.get(("group", group_key(each))) for each in side.plan.groups] or [-1], np.int64)
        for side in (both.after, both.before)
    ]
    model = np.array([causes.get(("model", group_key(each))) for each in both.after.plan.groups] or [-1], np.int64)
    swapped = np.flatnonzero(both.stays)
    swapped = swapped[model[both.after.group[swapped]] >= 0]
    return Devices(
        rack=(new, growth[0][both.after.group[new]]),
        unrack=(old, growth[1][both.before.group[old]]),
        reseat=(moved, reseated[moved]),
        replace=(swapped, model[both.after.group[swapped]]),
        configs=(configs, config_cause),
    )


# ------------------------------------------------------------------ groups


def _groups(tally: Tally, session: I64, called: I64) -> tuple[GroupChange, ...]:
    """Return every group with a device that comes, goes or is touched, those of the second plan first."""
    both, table = tally.both, tally.table
    found: dict[GroupKey, dict[str, int]] = {}
    titles: dict[GroupKey, tuple[str, int, int]] = {}
    for side in (both.after, both.before):
        for group in side.plan.groups:
            is_after = side is both.after
            title = titles.get(group_key(group), (shown(group), 0, 0))
            counts = (title[1], group.count) if is_after else (group.count, title[2])
            titles[group_key(group)] = (title[0], *counts)
            found.setdefault(group_key(group), {})
    _count(both, np.flatnonzero(both.is_new), "added", found)
    _count(both, np.flatnonzero(both.is_old), "removed", found)
    _count(both, tally.devices.configs[0], "configs", found)
    _count(both, np.flatnonzero((session >= 0) | (called >= 0)), "called", found)
    _count(both, np.concatenate([tally.devices.reseat[0], tally.devices.replace[0]]), "boxes", found)
    _count(both, _ends(both, table), "cables", found)
    after = both.after
    reset = tally.sessions.reset
    _count(both, np.concatenate([after.a[reset], after.z[reset]]) // after.stride, "resets", found)
    return tuple(
        GroupChange(
            *titles[key],
            added=counts.get("added", 0),
            removed=counts.get("removed", 0),
            configs=counts.get("configs", 0),
            resets=counts.get("resets", 0),
            cables=counts.get("cables", 0),
        )
        for key, counts in found.items()
        if counts
    )


def _count(both: Both, numbers: I64, what: str, found: dict[GroupKey, dict[str, int]]) -> None:
    """Count numbers of devices by their group."""
    row = both.after.row[numbers]
    for side, mine in ((both.after, numbers[row >= 0]), (both.before, numbers[row < 0])):
        counts = np.bincount(side.group[mine], minlength=len(side.plan.groups)).tolist()
        for group, count in zip(side.plan.groups, counts, strict=True):
            if count:
                own = found[group_key(group)]
                own[what] = own.get(what, 0) + count


def _ends(both: Both, table: CableTable) -> I64:
    """Return the devices at both ends of every cable that is worked on, after where it has a place after, each once."""
    is_new = table.new >= 0
    found = [np.zeros(0, np.int64)]
    for side, rows in ((both.after, table.new[is_new]), (both.before, table.old[~is_new])):
        found += [side.a[rows] // side.stride, side.z[rows] // side.stride]
    replugged = table.replugged[:, 1]
    found += [both.after.a[replugged] // both.after.stride, both.after.z[replugged] // both.after.stride]
    return np.concatenate(found)
