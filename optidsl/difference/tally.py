"""Sums of work: cables of rows of a table, and everything that comes of a cause."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.difference.attribution import LinkCauses
from optidsl.difference.cables import EXCHANGE, PULL, RELENGTH, REMOVE, CableTable
from optidsl.difference.model import CableWork, Work
from optidsl.difference.modules import ModuleTable
from optidsl.difference.numbers import Sessions
from optidsl.difference.same import Both, length_of

I64 = NDArray[np.int64]


def cable_work(both: Both, table: CableTable, rows: I64) -> CableWork:
    """Return what is to be done with the cables of some rows of a table."""
    kind, ends = table.kind[rows], table.ends_moved[rows]
    pulled, removed = rows[np.isin(kind, (PULL, RELENGTH, EXCHANGE))], rows[np.isin(kind, (REMOVE, RELENGTH, EXCHANGE))]
    pull_mm = length_of(both.after.sku[table.new[pulled]])
    remove_mm = length_of(both.before.sku[table.old[removed]])
    return CableWork(
        pull=int((kind == PULL).sum()),
        remove=int((kind == REMOVE).sum()),
        move_one_end=int((ends == 1).sum()),
        move_both_ends=int((ends == 2).sum()),
        relength=int((kind == RELENGTH).sum()),
        exchange=int((kind == EXCHANGE).sum()),
        pull_mm=int(pull_mm[pull_mm > 0].sum()),
        remove_mm=int(remove_mm[remove_mm > 0].sum()),
    )


@record(frozen=True, slots=True)
class Devices:
    """What happens to devices: their numbers, and the cause of each, in columns of one length.

    Attributes:
        rack: devices that come.
        unrack: devices that go.
        reseat: devices that stay and stand elsewhere.
        replace: devices that stay and become another model.
        configs: devices that stay and get another configuration.
    """

    rack: tuple[I64, I64]
    unrack: tuple[I64, I64]
    reseat: tuple[I64, I64]
    replace: tuple[I64, I64]
    configs: tuple[I64, I64]


@record(frozen=True, slots=True)
class Tally:
    """All work, to be summed by cause."""

    both: Both
    table: CableTable
    links: LinkCauses
    modules: ModuleTable
    devices: Devices
    sessions: Sessions

    def work(self, cause: int | None = None) -> Work:
        """Return the work of a cause, or all of it."""
        table, sessions = self.table, self.sessions
        rows = np.arange(len(table.kind)) if cause is None else np.flatnonzero(self.links.cable == cause)
        reset, opened, closed = sessions.reset_cause, self.links.new[sessions.opened], self.links.old[sessions.closed]
        counts = [len(of) if cause is None else int((of == cause).sum()) for of in (reset, opened, closed)]
        devices = self.devices
        return Work(
            cables=cable_work(self.both, table, rows),
            modules=self.modules.work(None if cause is None else (cause,)),
            rack=self._names(devices.rack, cause),
            unrack=self._names(devices.unrack, cause, is_before=True),
            reseat=self._names(devices.reseat, cause),
            replace=self._names(devices.replace, cause),
            configs=self._names(devices.configs, cause),
            resets=counts[0],
            opened=counts[1],
            closed=counts[2],
        )

    def _names(self, of: tuple[I64, I64], cause: int | None, *, is_before: bool = False) -> tuple[str, ...]:
        numbers, causes = of
        side = self.both.before if is_before else self.both.after
        mine = numbers if cause is None else numbers[causes == cause]
        return tuple(side.plan.devices.name[int(row)] for row in side.row[mine])
