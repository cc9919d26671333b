"""Laws of plan and lock over many fabrics: round trips, and growth that leaves what stands alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from optidsl.lock import differences, lock_of, pins_of, read_lock, write_lock
from optidsl.lock.write import lock_text
from optidsl.plan.io import dump, load
from optidsl.plan.verify import verify
from tests.support import designs, frozen

LEAVES, SPINES = st.integers(1, 6), st.integers(1, 3)
MODES = st.sampled_from(["unnumbered", "numbered"])


@settings(max_examples=30, deadline=None)
@given(LEAVES, SPINES, st.integers(1, 4), MODES)
def test_round_trips(leaves: int, spines: int, per_leaf: int, mode: str) -> None:
    plan = frozen.clos(leaves, spines, leaves * per_leaf, mode=mode).freeze()  # type: ignore[arg-type]
    assert dump(load(dump(plan))) == dump(plan)
    text = write_lock(plan)
    lock = read_lock(text, designs.context())
    assert lock == lock_of(plan)
    assert lock is not None
    assert lock_text(lock) == text


@settings(max_examples=30, deadline=None)
@given(LEAVES, st.integers(1, 3), st.integers(1, 3), MODES)
def test_growth_changes_nothing_that_stands(leaves: int, more: int, spines: int, mode: str) -> None:
    """A new leaf may bring new records and must not change an old number or name."""
    old = frozen.clos(leaves, spines, leaves * 2, mode=mode).freeze()  # type: ignore[arg-type]
    wired = frozen.clos(leaves + more, spines, (leaves + more) * 2, mode=mode)  # type: ignore[arg-type]
    new = wired.freeze(pins_of(lock_of(old)))
    changes = differences(lock_of(old), lock_of(new))
    numbers = [each for each in changes if each.kind in ("name", "asn", "addr", "p2p")]
    assert all(each.old is None for each in numbers), [str(each) for each in numbers]
    assert not [each for each in verify(new) if each.name in ("loopback-mismatch", "asn-mismatch", "p2p-mismatch")]


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.integers(1, 3), MODES)
def test_removal_frees_only_what_leaves(leaves: int, spines: int, mode: str) -> None:
    old = frozen.clos(leaves, spines, leaves * 2, mode=mode).freeze()  # type: ignore[arg-type]
    wired = frozen.clos(leaves - 1, spines, (leaves - 1) * 2, mode=mode)  # type: ignore[arg-type]
    new = wired.freeze(pins_of(lock_of(old)))
    changes = differences(lock_of(old), lock_of(new))
    assert all(each.new is None for each in changes if each.kind in ("name", "asn", "addr", "p2p"))
