"""Records of devices that no `name` record has: told with their lines, never dropped in silence."""

from __future__ import annotations

import pytest

from optidsl.api import Result
from tests.support.locked import Fabric, attempted, compiled, told

BASE = Fabric(nodes="1..8", leaves=4, spines=2, up=4)


@pytest.fixture(scope="module")
def before() -> Result:
    return compiled(BASE)


def _without(text: str, start: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(start))


def test_a_lost_name_is_told_with_the_first_record_that_hangs_on_it(before: Result) -> None:
    text = _without(before.lock_text, "name  backend.leaf[2] ")
    result = attempted(BASE, text)
    assert not result.is_ok
    number = text.splitlines().index(
        next(line for line in text.splitlines() if line.startswith("place backend-leaf-002"))
    )
    assert told(result) == [
        (
            "lock-void",
            f"optidsl.lock line {number + 1}: no `name` record has `backend-leaf-002`: 23 records, the first here, "
            "hold nothing",
        )
    ]


@pytest.mark.parametrize(
    "record",
    [
        "asn   nobody 4200000077",
        "addr  nobody lo0 10.250.0.77/32",
        "place nobody n-net-1 40",
        "port  gpu-001 nic9 -- nobody 1/1 cable x 1m",
    ],
)
def test_every_kind_of_record_of_a_device(before: Result, record: str) -> None:
    text = before.lock_text.replace("gpu-001", "gpu-1") + record.replace("gpu-001", "gpu-1") + "\n"
    line = len(text.splitlines())
    assert told(attempted(BASE, text)) == [
        ("lock-void", f"optidsl.lock line {line}: no `name` record has `nobody`: the record holds nothing")
    ]


@pytest.mark.parametrize("number", ["9" * 23, "9" * 6000, "4294967296"])
def test_a_number_beyond_all_is_refused(before: Result, number: str) -> None:
    text = before.lock_text.replace("backend-leaf-002 4200001001", f"backend-leaf-002 {number}")
    ((name, message),) = told(attempted(BASE, text))
    assert name == "lock-malformed"
    assert message.endswith(f"`{number[:20]}` is more than 4294967295, the most that such a number can be")


def test_records_that_are_bad_and_held_twice_at_once(before: Result) -> None:
    text = before.lock_text + 'port x\nname\nname "\\q" x\nname a gpu-1\n'
    assert [name for name, _ in told(attempted(BASE, text))] == ["lock-malformed"] * 3


def test_a_place_that_cannot_stay_is_told(before: Result) -> None:
    text = before.lock_text.replace("place backend-leaf-002 n-net-1 3", "place backend-leaf-002 n-net-1 1")
    line = text.splitlines().index("place backend-leaf-002 n-net-1 1") + 1
    assert told(compiled(BASE, text)) == [
        (
            "lock-not-kept",
            f"optidsl.lock line {line}: backend.leaf[2] stands in n-net-1 at 1U, where the design has no place for it: "
            "it moves to n-net-1 at 3U",
        )
    ]


def test_many_are_counted(before: Result) -> None:
    text = _without(before.lock_text, "name ")
    result = attempted(BASE, text)
    messages = told(result)
    assert {name for name, _ in messages} == {"lock-void"}
    assert len(messages) == 10
    assert any("4 more names are unknown" in each.notes for each in result.diagnostics)
