"""Numbers of what went away: kept from reuse, given back, released, or used again after their time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from optidsl._context import Context
from optidsl.api import Result
from optidsl.cli.main import main
from optidsl.lock import pins_of, read_lock
from optidsl.lock.model import Freed
from optidsl.lock.write import HEADER
from tests.support.designs import DictLoader
from tests.support.locked import Fabric, attempted, changed_files, compiled, told

BASE = Fabric(nodes="1..8", leaves=4, spines=2, up=4)
LESS = BASE.but(nodes="1..6", leaves=3)
OTHER = BASE.but(nodes="1..6, 9, 10", leaves=4, retired="4")
"""One leaf for another: leaf 4 is gone and leaf 5 is new."""

QUARTER = "reuse_after = 90d"


@pytest.fixture(scope="module")
def before() -> Result:
    return compiled(BASE)


def free(result: Result) -> list[str]:
    return [line for line in result.lock_text.splitlines() if line.startswith("free")]


def numbers(result: Result, what: str) -> set[str]:
    return {line.split()[-1] for line in result.lock_text.splitlines() if line.startswith(what)}


def test_what_went_away_is_kept_from_reuse(before: Result) -> None:
    less = compiled(LESS, before.lock_text)
    assert free(less)[:5] == [
        "free  addr 10.250.0.4/32 backend.leaf[4]",
        "free  asn 4200001003 backend.leaf[4]",
        "free  name backend-leaf-004 backend.leaf[4]",
        "free  name gpu-7 gpu[7]",
        "free  name gpu-8 gpu[8]",
    ]
    assert sum("p2p" in line for line in free(less)) == 16
    assert compiled(LESS, less.lock_text).lock_text == less.lock_text
    other = compiled(OTHER, less.lock_text)
    assert "4200001003" not in numbers(other, "asn")
    assert "10.250.0.4/32" not in numbers(other, "addr")
    assert free(less)[0] in free(other)


def test_what_comes_back_has_its_numbers_again(before: Result) -> None:
    other = compiled(OTHER, compiled(LESS, before.lock_text).lock_text)
    back = compiled(BASE, other.lock_text)
    gone = [line for line in back.lock_text.splitlines() if not line.startswith("free")]
    assert gone == before.lock_text.splitlines()
    assert all("leaf[5]" in line or "gpu[9]" in line or "gpu[10]" in line for line in free(back))


def test_at_once() -> None:
    policy = {"addressing": "reuse_after = 0d"}
    less = compiled(LESS.but(**policy), compiled(BASE.but(**policy)).lock_text)
    assert free(less) == []


def test_after_some_days() -> None:
    policy = {"addressing": QUARTER}
    first = compiled(BASE.but(**policy)).lock_text
    less = compiled(LESS.but(**policy), first, date(2026, 1, 31))
    assert free(less)[0] == "free  addr 10.250.0.4/32 backend.leaf[4] since 2026-01-31"
    assert less.plan is not None
    assert less.plan.addressing.reuse_days == 90
    later = compiled(LESS.but(**policy), less.lock_text, date(2027, 1, 31))
    assert later.lock_text == less.lock_text


@pytest.mark.parametrize(
    ("days", "today", "is_kept"),
    [
        (None, date(2030, 1, 1), True),
        (90, None, True),
        (90, date(2026, 4, 30), True),
        (90, date(2026, 5, 1), False),
        (0, None, False),
    ],
)
def test_when_a_number_serves_again(days: int | None, today: date | None, is_kept: bool) -> None:
    text = f"{HEADER}\nfree  asn 4200001003 f.leaf[4] since 2026-01-31\n"
    lock = read_lock(text, Context(DictLoader({})))
    pins = pins_of(lock, days, today)
    assert pins.quarantined.asns == (frozenset({4_200_001_003}) if is_kept else frozenset())
    assert pins.asns == {"f.leaf[4]": 4_200_001_003}


HOSTS = BASE.but(naming="{tier}{index}")


def test_a_name_of_what_is_gone_is_nobody_elses() -> None:
    before = compiled(HOSTS)
    renamed = HOSTS.but(fabric="net")
    assert told(attempted(renamed, before.lock_text)) == [
        (
            "name-not-free",
            "`net.leaf[1]` would be called leaf1, which was the name of `backend.leaf[1]`: names of what is gone are "
            "kept from reuse; 6 devices have no other name",
        )
    ]
    moved = compiled(renamed.but(more="moved backend -> net"), before.lock_text)
    assert changed_files(before, moved) == {}
    at_once = compiled(renamed.but(addressing="reuse_after = 0d"), before.lock_text)
    assert "name  net.leaf[1] leaf1" in at_once.lock_text


def test_names_in_quarantine_give_way_to_names_that_are_free() -> None:
    text = f"{HEADER}\nname a[1] a-1\nfree name a-2 a[2]\nfree name a-3 a[3] since 2026-01-31\n"
    lock = read_lock(text, Context(DictLoader({})))
    assert pins_of(lock).quarantined.names == {"a-1", "a-2", "a-3"}
    assert pins_of(lock, 90, date(2026, 5, 1)).quarantined.names == {"a-1", "a-2"}
    assert pins_of(lock, 0).quarantined.names == set()


def test_numbers_of_what_goes_in_this_very_step_are_kept_too(before: Result) -> None:
    """Another fabric in place of the first, in one step: nothing of it has a number of the first."""
    other = compiled(BASE.but(fabric="net"), before.lock_text)
    for kind in ("asn", "addr"):
        assert not numbers(other, kind) & numbers(before, kind)
    assert numbers(before, "asn") == {line.split()[2] for line in free(other) if line.startswith("free  asn")}


def test_a_pool_that_kept_numbers_fill_says_so(before: Result) -> None:
    small = BASE.but(fabric="net", addressing="loopback = 10.250.0.0/29")
    first = compiled(small.but(fabric="backend"))
    ((name, message),) = told(attempted(small, first.lock_text))
    assert name == "address-pool-exhausted"
    assert message == (
        "addressing.loopback 10.250.0.0/29 holds 6 addresses, 6 switches need one each: 6 of them are in service or "
        "kept from reuse, and too few are left for what is new"
    )


def test_releasing_a_name_releases_what_hangs_on_it(lock_file: Path) -> None:
    assert main(["lock", "release", "backend.leaf[1]", "--kind", "name", "--lock", str(lock_file)]) == 0
    text = lock_file.read_text(encoding="utf-8")
    assert "backend-leaf-001" not in text
    assert compiled(LESS, text).plan is not None


def test_free_records_are_read_and_written() -> None:
    records = [
        "free  addr 10.250.0.4/32 f.leaf[4] since 2026-01-31",
        "free  asn 7 f.leaf[4]",
        'free  name leaf4 "f.leaf[a b]"',
        "free  p2p 10.128.0.4/31 n[1] p1 -- f.leaf[4] 1/1",
    ]
    lock = read_lock("\n".join([HEADER, *records]), Context(DictLoader({})))
    assert lock is not None
    assert lock.free["p2p", ("n[1]", "p1", "f.leaf[4]", "1/1")] == Freed(0x0A800004)
    from optidsl.lock.write import lock_text

    assert lock_text(lock) == "\n".join([HEADER, *records]) + "\n"


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ("free", "expected `free name|asn|addr|p2p VALUE OWNER [since DAY]`"),
        ("free port 1 x", "expected `free name|asn|addr|p2p VALUE OWNER [since DAY]`"),
        ("free asn many x", "`many` is not a whole number"),
        ("free addr 10.0.0.1/31 x", "`10.0.0.1/31` is not a /32"),
        ("free asn 1 x since 2026-02-30", "`2026-02-30` is no day, as 2027-01-31"),
        ("free asn 1 x\nfree asn 2 x", "`x` has a second record of this kind"),
        ("place a b", "expected `place DEVICE RACK UNIT`"),
        ("place a b top", "`top` is not a whole number"),
        ("shape compute", "expected `shape FABRIC[.TIER] = WORDS`"),
    ],
)
def test_wrong_records(record: str, problem: str) -> None:
    context = Context(DictLoader({}))
    assert read_lock(f"{HEADER}\n{record}\n", context) is None
    assert problem in context.sink.sorted()[0].message


# ------------------------------------------------------------------ numbers that cannot stay


def test_two_leaves_with_one_number(before: Result) -> None:
    text = before.lock_text.replace("backend-leaf-002 4200001001", "backend-leaf-002 4200001000")
    result = attempted(BASE, text)
    assert not result.is_ok
    name, message = told(result)[0]
    assert name == "lock-held-twice"
    line = text.splitlines().index("asn   backend-leaf-002 4200001000") + 1
    assert message == (
        f"optidsl.lock line {line}: backend.leaf[2] and backend.leaf[1] hold the same AS number, 4200001000 "
        f"(backend.leaf[1] on line {line - 1}), and the design has them apart"
    )


def test_a_loopback_outside_its_pool(before: Result) -> None:
    text = before.lock_text.replace("10.250.0.2/32", "10.9.0.2/32")
    result = compiled(BASE, text)
    line = text.splitlines().index("addr  backend-leaf-002 lo0 10.9.0.2/32") + 1
    assert told(result) == [
        (
            "lock-not-kept",
            f"optidsl.lock line {line}: backend.leaf[2] has the loopback 10.9.0.2, which the design does not offer it: "
            "it gets 10.250.0.2",
        )
    ]


def test_another_pool_is_told_once(before: Result) -> None:
    result = compiled(BASE.but(addressing="loopback = 10.251.0.0/16"), before.lock_text)
    names = [name for name, _ in told(result)]
    assert names == ["lock-not-kept"]
    assert told(result)[0][1].endswith("and 5 more devices get others")


# ------------------------------------------------------------------ the command


@pytest.fixture
def lock_file(before: Result, tmp_path: Path) -> Path:
    path = tmp_path / "optidsl.lock"
    path.write_text(compiled(LESS, before.lock_text).lock_text, encoding="utf-8")
    return path


def test_show(lock_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lock", "show", "backend.leaf[3]", "--lock", str(lock_file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "asn   backend-leaf-003 4200001002" in lines
    assert sum(line.startswith("port") for line in lines) == 16 + 4
    assert not any("leaf-002" in line for line in lines)
    assert main(["lock", "show", "--lock", str(lock_file)]) == 0
    assert capsys.readouterr().out == lock_file.read_text(encoding="utf-8").partition("\n")[2]
    assert main(["lock", "show", "nobody", "--lock", str(lock_file)]) == 2
    assert "no record of `nobody`" in capsys.readouterr().err


def test_release(lock_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lock", "release", "gpu[7]", "--lock", str(lock_file)]) == 0
    assert "released 9 records of gpu[7]" in capsys.readouterr().err
    assert main(["lock", "release", "all", "--lock", str(lock_file)]) == 0
    assert "\nfree" not in lock_file.read_text(encoding="utf-8")
    assert main(["lock", "release", "all", "--lock", str(lock_file)]) == 2
    assert main(["lock", "release", "backend.leaf[1]", "--kind", "place", "--lock", str(lock_file)]) == 0
    text = lock_file.read_text(encoding="utf-8")
    assert "place backend-leaf-001" not in text
    assert "place backend-leaf-002" in text
    assert "asn   backend-leaf-001" in text


def test_no_lock_and_a_bad_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "optidsl.lock"
    assert main(["lock", "show", "--lock", str(path)]) == 2
    assert "there is no lock" in capsys.readouterr().err
    path.write_text(f"{HEADER}\nwhat\n", encoding="utf-8")
    assert main(["lock", "show", "--lock", str(path)]) == 1
    assert "lock-malformed" in capsys.readouterr().err
