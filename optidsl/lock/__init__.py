"""The lock: what is in service, one reviewed record per line, and what a new plan would change of it."""

from optidsl.lock.difference import Change, check_locked, differences
from optidsl.lock.model import Lock, lock_of, lock_picks, pins_of
from optidsl.lock.read import read_lock
from optidsl.lock.write import write_lock

__all__ = [
    "Change",
    "Lock",
    "check_locked",
    "differences",
    "lock_of",
    "lock_picks",
    "pins_of",
    "read_lock",
    "write_lock",
]
