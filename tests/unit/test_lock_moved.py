"""`moved`: the records of a thing under its new name, and what has nothing to move."""

from __future__ import annotations

import pytest

from optidsl._pins import Move
from optidsl.api import Result
from optidsl.diag import Sink, Span
from optidsl.lock import Lock, moved_lock, report_moves
from optidsl.lock.model import Freed
from tests.support.locked import Fabric, attempted, changed_files, compiled, told

BASE = Fabric(nodes="1..8", leaves=4, spines=2, up=4)
HERE = Span(0, 0, 1)


@pytest.fixture(scope="module")
def before() -> Result:
    return compiled(BASE)


def move(source: str, target: str) -> Move:
    return Move(source, target, HERE, HERE, HERE)


def test_a_tier_with_another_name_keeps_everything(before: Result) -> None:
    renamed = BASE.but(leaf="tor", more="moved backend.leaf -> backend.tor")
    after = compiled(renamed, before.lock_text)
    assert changed_files(before, after) == {}
    expected = before.lock_text.replace("backend.leaf", "backend.tor").replace("gpu -- leaf", "gpu -- tor")
    expected = expected.replace("backend: leaf -- spine", "backend: tor -- spine")
    assert sorted(after.lock_text.splitlines()) == sorted(expected.splitlines())
    assert told(after) == []
    again = compiled(renamed, after.lock_text)
    assert again.files == after.files
    assert told(again) == [
        (
            "moved-applied",
            "`moved backend.leaf -> backend.tor` is done: the lock has `backend.tor` and no `backend.leaf`",
        )
    ]


def test_a_fabric_with_another_name_keeps_everything(before: Result) -> None:
    after = compiled(BASE.but(fabric="net", more="moved backend -> net"), before.lock_text)
    assert changed_files(before, after) == {}
    assert "net.leaf[3] backend-leaf-003" in after.lock_text
    assert "backend." not in after.lock_text


def test_servers_with_other_keys_keep_everything(before: Result) -> None:
    after = compiled(BASE.but(nodes="1..6, 17..18", more="moved gpu[7..8] -> gpu[17..18]"), before.lock_text)
    assert changed_files(before, after) == {}
    assert "name  gpu[17] gpu-7" in after.lock_text


def test_without_a_lock_nothing_is_said_of_it() -> None:
    assert told(compiled(BASE.but(fabric="net", more="moved backend -> net"))) == []


# ------------------------------------------------------------------ racks


class _Renamed:
    """A design with words of its text replaced, and the `moved` statement that says so."""

    def __init__(self, moved: str, *words: tuple[str, str]) -> None:
        self._text = BASE.text()
        for old, new in words:
            assert old in self._text
            self._text = self._text.replace(old, new)
        self._text = self._text.replace("  emit =", f"  {moved}\n  emit =")

    def text(self) -> str:
        return self._text


NET = (("rack net[1..10]", "rack spine[1..10]"), ("lab.h1.n.net", "lab.h1.n.spine"))
ROW = (("row n {", "row m {"), ("lab.h1.n.net", "lab.h1.m.net"))


@pytest.mark.parametrize(
    ("moved", "words", "old", "new"),
    [
        ("moved lab.h1.n.net -> lab.h1.n.spine", NET, " n-net-", " n-spine-"),
        ("moved lab.h1.n -> lab.h1.m", ROW, " n-net-", " m-net-"),
    ],
    ids=["racks", "row"],
)
def test_places_go_with_their_racks(
    before: Result, moved: str, words: tuple[tuple[str, str], ...], old: str, new: str
) -> None:
    design = _Renamed(moved, *words)
    after = attempted(design, before.lock_text)  # type: ignore[arg-type]
    assert after.lock_text == before.lock_text.replace(old, new)
    assert told(after) == []
    again = attempted(design, after.lock_text)  # type: ignore[arg-type]
    assert again.files == after.files
    assert [name for name, _ in told(again)] == ["moved-applied"]


def test_one_rack_with_another_key(before: Result) -> None:
    design = _Renamed("moved lab.h1.n.net[2] -> lab.h1.n.net[12]", ("rack net[1..10]", "rack net[1, 3..10, 12]"))
    after = attempted(design, before.lock_text)  # type: ignore[arg-type]
    assert "place backend-leaf-003 n-net-12 1" in after.lock_text
    assert "place backend-leaf-001 n-net-1 1" in after.lock_text


@pytest.mark.parametrize(
    ("moved", "words", "why"),
    [
        ("moved lab.h1.n.net -> lab.h1.n.spine", (), "nothing in the design is `lab.h1.n.spine`"),
        ("moved lab.h1.n.net -> lab.h1.a.gpu-a", (), "`lab.h1.n.net` is still in the design"),
        (
            "moved lab.h1.n.old -> lab.h1.n.spine",
            NET,
            "the lock has neither `lab.h1.n.old` nor `lab.h1.n.spine`",
        ),
        ("moved lab.net -> lab.h1.n.spine", NET, "the lock has neither `lab.net` nor `lab.h1.n.spine`"),
    ],
)
def test_racks_that_do_not_move(before: Result, moved: str, words: tuple[tuple[str, str], ...], why: str) -> None:
    result = attempted(_Renamed(moved, *words), before.lock_text)  # type: ignore[arg-type]
    assert told(result)[0] == ("moved-nothing", f"`{moved}` moves nothing: {why}")


def test_what_was_gone_comes_back_under_another_key(before: Result) -> None:
    less = compiled(BASE.but(nodes="1..7"), before.lock_text)
    assert "free  name gpu-8 gpu[8]" in less.lock_text
    back = compiled(BASE.but(nodes="1..7, 18", more="moved gpu[8] -> gpu[18]"), less.lock_text)
    assert "name  gpu[18] gpu-8" in back.lock_text
    assert "free" not in back.lock_text


def test_two_that_change_places_go_by_a_third_name(before: Result) -> None:
    """A swap in one step would be done again at every compile, so the two statements are refused."""
    result = attempted(BASE.but(more="moved gpu[1] -> gpu[2]\n  moved gpu[2] -> gpu[1]"), before.lock_text)
    assert [name for name, _ in told(result)] == ["moved-chain"]
    first = compiled(BASE.but(nodes="2..8, 99", more="moved gpu[1] -> gpu[99]"), before.lock_text)
    second = compiled(BASE.but(nodes="1, 3..8, 99", more="moved gpu[2] -> gpu[1]"), first.lock_text)
    third = BASE.but(more="moved gpu[99] -> gpu[2]")
    swapped = compiled(third, second.lock_text)
    assert "name  gpu[1] gpu-2" in swapped.lock_text
    assert "name  gpu[2] gpu-1\n" in swapped.lock_text
    assert compiled(third, swapped.lock_text).lock_text == swapped.lock_text


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("moved backend.leaf -> backend.spine", "`backend.leaf` is still in the design"),
        ("moved gpu[1] -> gpu[2]", "`gpu[1]` is still in the design"),
        ("moved gpu[9] -> gpu[10]", "nothing in the design is `gpu[10]`"),
        ("moved old.leaf -> backend.leaf[9]", ""),
        ("moved srv[1] -> nodes[1]", "nothing in the design is `nodes[1]`"),
    ],
)
def test_what_moves_nothing(before: Result, statement: str, why: str) -> None:
    result = attempted(BASE.but(more=statement), before.lock_text)
    assert not result.is_ok
    first = told(result)[0]
    assert first[0] == "moved-nothing"
    if why:
        assert first[1] == f"`{statement}` moves nothing: {why}"


def test_neither_name_is_in_the_lock(before: Result) -> None:
    grown = BASE.but(nodes="1..9", leaves=5, more="moved srv[1] -> gpu[9]")
    assert told(attempted(grown, before.lock_text)) == [
        ("moved-nothing", "`moved srv[1] -> gpu[9]` moves nothing: the lock has neither `srv[1]` nor `gpu[9]`")
    ]


def test_records_of_both_names_are_told() -> None:
    lock = Lock(names={"a[1]": "x", "b[1]": "y"})
    same, moving = moved_lock(lock, (move("a", "b"),))
    assert same.names == lock.names
    sink = Sink()
    report_moves(moving, (move("a", "b"),), ["b[1]"], sink)
    assert [each.message for each in sink.sorted()] == [
        "`moved a -> b` moves nothing: the lock has records of `a` and of `b`"
    ]


def test_planes_and_what_is_free_move_too() -> None:
    lock = Lock(
        names={"c.p0.leaf[1]": "l1", "c.p1.leaf[1]": "l2", "c.leafy[1]": "l3"},
        free={("asn", ("c.p0.leaf[2]",)): Freed(7), ("p2p", ("n[1]", "p1", "c.p1.leaf[2]", "1/1")): Freed(8)},
        picks={"c: n -- leaf (same rack)": "x", "d: n -- leaf": "y"},
        counts={"c.leaf": 2, "c.leafy": 1},
    )
    now, _ = moved_lock(lock, (move("c.leaf", "d.tor"), move("n", "m")))
    assert set(now.names) == {"d.p0.tor[1]", "d.p1.tor[1]", "c.leafy[1]"}
    assert set(now.free) == {("asn", ("d.p0.tor[2]",)), ("p2p", ("m[1]", "p1", "d.p1.tor[2]", "1/1"))}
    assert set(now.picks) == {"c: m -- tor (same rack)", "d: m -- leaf"}
    assert now.counts == {"d.tor": 2, "c.leafy": 1}
