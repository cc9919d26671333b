"""The lock: what is in service, one reviewed record per line, and what a new plan would change of it."""

from optidsl.lock.difference import Change, check_locked, differences
from optidsl.lock.in_use import report_in_use
from optidsl.lock.model import Lock, lock_of, lock_picks
from optidsl.lock.moved import Moving, moved_lock, report_moves
from optidsl.lock.next import next_lock
from optidsl.lock.pins import pins_of
from optidsl.lock.read import read_lock
from optidsl.lock.void import report_void
from optidsl.lock.write import write_lock

__all__ = [
    "Change",
    "Lock",
    "Moving",
    "check_locked",
    "differences",
    "lock_of",
    "lock_picks",
    "moved_lock",
    "next_lock",
    "pins_of",
    "read_lock",
    "report_in_use",
    "report_moves",
    "report_void",
    "write_lock",
]
