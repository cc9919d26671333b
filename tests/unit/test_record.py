"""A record behaves as the frozen, slotted dataclass of the same shape."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Generic, TypeVar

import pytest

from optidsl._record import field, record, replace

T = TypeVar("T")


@record(frozen=True, slots=True)
class Point:
    """A point."""

    x: int
    y: int = 7

    @property
    def total(self) -> int:
        """The sum."""
        return self.x + self.y


@record(frozen=True, slots=True)
class Named(Point):
    """A point with a name, and a list of its own."""

    name: str = ""
    tags: list[str] = field(default_factory=list)
    rank: int = field(default=3)


@record(frozen=True, slots=True)
class Box(Generic[T]):
    """One thing."""

    value: T


def test_arguments_by_place_and_by_name_with_defaults() -> None:
    assert (Point(1).x, Point(1).y) == (1, 7)
    assert Point(x=1, y=2) == Point(1, 2)
    assert Named(1, 2, "a").name == "a"
    assert Named(1).total == 8
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        Point(1, z=3)  # type: ignore[call-arg]


def test_a_default_factory_gives_each_its_own() -> None:
    one, two = Named(1), Named(1)
    one.tags.append("a")
    assert two.tags == []


def test_equality_hash_and_repr() -> None:
    assert Point(1, 2) == Point(1, 2) != Point(1, 3)
    assert Point(1, 2) != Named(1, 2)
    assert Point(1, 2) != object()
    assert len({Point(1, 2), Point(1, 2), Point(2, 1)}) == 2
    assert repr(Named(1, name="a")) == "Named(x=1, y=7, name='a', tags=[], rank=3)"


def test_frozen_and_slotted() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del Point(1).x
    assert not hasattr(Point(1), "__dict__")


@record(slots=True)
class Tally:
    """A count that changes."""

    count: int = 0
    seen: list[int] = field(default_factory=list, compare=False)


@record(slots=True, eq=False)
class Place:
    """A thing that is only itself."""

    name: str


def test_a_record_that_is_not_frozen_changes_and_has_no_hash() -> None:
    tally = Tally()
    tally.count += 1
    assert tally == Tally(1, [7]) != Tally(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(tally)


def test_a_record_without_equality_is_itself_only() -> None:
    place = Place("a")
    assert place == place != Place("a")
    assert len({place, Place("a")}) == 2


def test_dataclass_tools_work() -> None:
    assert dataclasses.is_dataclass(Point)
    assert [f.name for f in dataclasses.fields(Named)] == ["x", "y", "name", "tags", "rank"]
    assert dataclasses.replace(Point(1), y=9) == replace(Point(1), y=9) == Point(1, 9)
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 7}
    assert dataclasses.replace(Box("a"), value="b") == Box("b")


def test_copies_and_pickles() -> None:
    point = Named(1, 2, "a", ["b"])
    assert pickle.loads(pickle.dumps(point)) == point
    assert copy.deepcopy(point) == point
    assert copy.copy(point) is not point


def test_patterns_match_by_place() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_generic_records_can_be_named_with_their_type() -> None:
    assert Box[int](3).value == 3
