"""The lock after a compilation: what the plan has, and what nobody has any longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._context import Context
from optidsl.lock.freed import with_freed
from optidsl.lock.kept import report_lost
from optidsl.lock.model import lock_of
from optidsl.lock.write import lock_text

if TYPE_CHECKING:
    from datetime import date

    from optidsl.plan.model import Plan


def next_lock(plan: Plan, today: date | None, context: Context) -> str:
    """Return the text of the lock of a plan that was compiled with the pins of an earlier one.

    Args:
        plan: what is in service once it is built.
        today: the day of what becomes free now, None where that does not matter.
        context: what was in service; takes `lock-held-twice` and `lock-not-kept`.
    """
    lock, pins = lock_of(plan), context.pins
    if pins.names:
        given = {
            kind: frozenset(group.name for group in plan.groups if word in group.given)
            for kind, word in (("asn", "asn"), ("addr", "loopback"))
        }
        report_lost(lock, pins, given, context)
        lock = with_freed(lock, pins, plan.addressing.reuse_days, "" if today is None else today.isoformat())
    return lock_text(lock)
