"""Laws of plan and lock over many fabrics: round trips, and growth that leaves what stands alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from optidsl._pins import Pins
from optidsl.api import Result
from optidsl.lock import differences, lock_of, pins_of, read_lock, write_lock
from optidsl.lock.write import lock_text
from optidsl.plan.io import dump, load
from optidsl.plan.verify import verify
from tests.support import designs, frozen
from tests.support.locked import Fabric, compiled

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


STEPS = st.lists(
    st.tuples(
        st.sets(st.integers(1, 20), min_size=4, max_size=12), st.sampled_from([2, 3, 4]), st.sampled_from([6, 7, 8])
    ),
    min_size=2,
    max_size=3,
)


@settings(max_examples=10, deadline=None)
@given(STEPS)
def test_any_sequence_of_changes_keeps_what_the_shapes_have_in_common(
    steps: list[tuple[set[int], int, int]],
) -> None:
    """After each step: verified, a fixed point, places and numbers of all that stay, and no cable moved needlessly."""
    before: Result | None = None
    for keys, spines, leaves in steps:
        nodes = ", ".join(str(key) for key in sorted(keys))
        fabric = Fabric(nodes=nodes, leaves=leaves, spines=spines, up=12)
        after = compiled(fabric, None if before is None else before.lock_text)
        assert compiled(fabric, after.lock_text).files == after.files
        if before is not None:
            _assert_kept(before, after)
        before = after


def _assert_kept(before: Result, after: Result) -> None:
    old, new = _pins(before), _pins(after)
    for name in ("places", "asns", "loopbacks", "names"):
        one, other = getattr(old, name), getattr(new, name)
        stay = {who for who in one.keys() & other.keys() if who in _standing(after) and who in _standing(before)}
        assert {who: one[who] for who in stay} == {who: other[who] for who in stay}
    counts: dict[object, list[int]] = {}
    for which, pins in enumerate((old, new)):
        for a, a_port, z, _ in pins.cables:
            counts.setdefault((a, a_port if a.startswith("gpu") else "", z), [0, 0])[which] += 1
    most = sum(min(pair) for pair in counts.values())
    assert len(old.cables.keys() & new.cables.keys()) == most


def _pins(result: Result) -> Pins:
    return pins_of(read_lock(result.lock_text, designs.context()))


def _standing(result: Result) -> set[str]:
    assert result.plan is not None
    return set(lock_of(result.plan).names)
