"""The lock: readable records, read back whole, wrong lines told with their number."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from optidsl._context import Context
from optidsl.diag import Diagnostic, Sink
from optidsl.lock import Lock, check_locked, differences, lock_of, lock_picks, pins_of, read_lock, write_lock
from optidsl.lock.write import HEADER, lock_text
from tests.support import designs, frozen
from tests.support.designs import DictLoader

SMALL = frozen.clos(2, 1, 2, mode="numbered").freeze()


def read(text: str) -> tuple[Lock | None, list[Diagnostic], list[int]]:
    """Return the lock, the diagnostics, and the line of each."""
    context = designs.context()
    lock = read_lock(text, context)
    told = context.sink.sorted()
    lines = [
        context.sources[each.primary.span.file].line_col(each.primary.span.start)[0]
        for each in told
        if each.primary is not None
    ]
    return lock, told, lines


def good(text: str) -> Lock:
    lock, told, _ = read(text)
    assert told == []
    assert lock is not None
    return lock


def test_the_text_of_a_lock() -> None:
    assert (
        write_lock(SMALL)
        == """\
# optidsl.lock v1 — written by the compiler, reviewed by people
note  naming node "{node}-{key:03}"
note  naming switch "{fabric}-{tier}-{index:03}"
pick  compute: endpoints -- leaf = sr4 + mm-mpo + sr8
pick  compute: leaf -- spine = sr8 + mm-mpo + sr8
shape compute = kind clos, tiers 2, planes 1
shape compute.leaf = model sn5600, ratio 0.5:1, down 1, up 2, parallel 2
shape compute.spine = model sn5600
count compute.leaf = 2
count compute.spine = 1
name  compute.leaf[1] compute-leaf-001
name  compute.leaf[2] compute-leaf-002
name  compute.spine[1] compute-spine-001
name  server[1] server-001
name  server[2] server-002
place compute-leaf-001 net-1 1
place compute-leaf-002 net-1 3
place compute-spine-001 net-1 5
place server-001 gpu-1 1
place server-002 gpu-1 3
asn   compute-leaf-001 4200001000
asn   compute-leaf-002 4200001001
asn   compute-spine-001 4200000000
addr  compute-leaf-001 lo0 10.250.0.1/32
addr  compute-leaf-002 lo0 10.250.0.2/32
addr  compute-spine-001 lo0 10.250.64.1/32
port  compute-leaf-001 1/2 -- compute-spine-001 1/1 cable mm-mpo 5m p2p 10.132.0.2/31
port  compute-leaf-001 2/1 -- compute-spine-001 1/2 cable mm-mpo 5m p2p 10.132.0.4/31
port  compute-leaf-002 1/2 -- compute-spine-001 2/1 cable mm-mpo 5m p2p 10.132.1.2/31
port  compute-leaf-002 2/1 -- compute-spine-001 2/2 cable mm-mpo 5m p2p 10.132.1.4/31
port  server-001 eth0 -- compute-leaf-001 1/1 cable mm-mpo 10m p2p 10.128.0.0/31
port  server-002 eth0 -- compute-leaf-002 1/1 cable mm-mpo 10m p2p 10.128.1.0/31
"""
    )


@pytest.mark.parametrize("plan", [SMALL, frozen.clos().freeze(), frozen.rails().freeze()], ids=["p2p", "clos", "ib"])
def test_read_gives_the_lock_back(plan: object) -> None:
    lock = lock_of(plan)  # type: ignore[arg-type]
    assert good(lock_text(lock)) == lock


def test_order_and_comments_do_not_matter() -> None:
    first, *records = write_lock(SMALL).splitlines()
    shuffled = "\n".join([first, "# a remark", "", *reversed(records), "   "])
    assert good(shuffled) == lock_of(SMALL)


def test_names_with_blanks_are_quoted_and_are_no_host_names() -> None:
    names = tuple(f'rack 1 "{name}"' for name in SMALL.devices.name)
    plan = replace(SMALL, devices=replace(SMALL.devices, name=names))
    text = write_lock(plan)
    assert 'port  "rack 1 \\"server-001\\"" eth0 -- "rack 1 \\"compute-leaf-001\\"" 1/1 cable mm-mpo 10m' in text
    context = Context(DictLoader({}))
    assert read_lock(text, context) is None
    assert any("cannot name a host" in str(each) for each in context.sink.sorted())


def test_unknown_lengths() -> None:
    links = replace(SMALL.links, ordered_mm=SMALL.links.ordered_mm * 0 - 1)
    text = write_lock(replace(SMALL, links=links))
    assert "cable mm-mpo ? p2p" in text
    assert good(text).cables["server-001", "eth0", "compute-leaf-001", "1/1"] == "mm-mpo ?"


def test_pins_and_picks() -> None:
    pins = pins_of(good(write_lock(SMALL)))
    assert pins.asns["compute.leaf[2]"] == 4_200_001_001
    assert pins.loopbacks["compute.leaf[1]"] == int(SMALL.devices.loopback[2])
    cable = ("server[2]", "eth0", "compute.leaf[2]", "1/1")
    assert pins.p2p[cable] == int(SMALL.links.p2p[1])
    assert pins.cables[cable] == "mm-mpo 10m"
    assert pins.places["server[2]"] == ("gpu-1", 3)
    assert pins.shapes["compute.leaf"] == "model sn5600, ratio 0.5:1, down 1, up 2, parallel 2"
    assert pins.names["server[2]"] == "server-002"
    assert pins_of(None).asns == {}
    assert lock_picks(lock_of(SMALL))["compute: leaf -- spine"] == "sr8 + mm-mpo + sr8"
    assert lock_picks(None) == {}


def test_locked_plan_compiles_to_the_same_lock() -> None:
    wired = frozen.clos(4, 2, 16, mode="numbered")
    text = write_lock(wired.freeze())
    assert write_lock(wired.freeze(pins_of(good(text)))) == text


# ------------------------------------------------------------------ what is wrong with a lock

PORT_FORM = "expected `port DEVICE PORT -- DEVICE PORT cable PART LENGTH [p2p ADDRESS/31]`"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "pkg acme 2.3.1",
            "`pkg` is no kind of record; expected one of note, pick, shape, count, name, place, asn, addr, port, free",
        ),
        ("pick compute: leaf", "expected `pick LINKS = PARTS`"),
        ("count compute.leaf 4", "expected `count FABRIC.TIER = NUMBER`"),
        ("count compute.leaf = many", "`many` is not a whole number"),
        ("name a b c", "expected `name GROUP[KEY] NAME`"),
        ("asn leaf", "expected `asn DEVICE NUMBER`"),
        ("asn leaf -3", "`-3` is not a whole number"),
        ("addr leaf lo1 10.0.0.1/32", "expected `addr DEVICE lo0 ADDRESS/32`"),
        ("addr leaf lo0 10.0.0/32", "`10.0.0/32` is not an IPv4 address with its length"),
        ("addr leaf lo0 10.0.0.256/32", "`10.0.0.256/32` is not an IPv4 address with its length"),
        ("addr leaf lo0 10.0.0.1/31", "`10.0.0.1/31` is not a /32"),
        ("port a 1 -- b 2 cable", PORT_FORM),
        ("port a 1 to b 2 cable x 3m", PORT_FORM),
        ("port a 1 -- b 2 cable x 3m via 10.0.0.0/31", "expected `p2p ADDRESS/31` after the length, found `via`"),
        ('note naming rack "x"', 'expected `note naming switch|node "TEMPLATE"`'),
        ('name a "\\q"', "a quoted word is not written as JSON writes strings"),
    ],
)
def test_wrong_records(line: str, problem: str) -> None:
    lock, told, lines = read(f"{HEADER}\n{line}\n")
    assert lock is None
    assert [(each.severity, each.name) for each in told] == [("error", "lock-malformed")]
    assert told[0].message == f"optidsl.lock line 2: {problem}"
    assert lines == [2]


def test_a_record_twice() -> None:
    _, told, lines = read(f"{HEADER}\nasn   a 1\nasn   a 2\n")
    assert told[0].message == "optidsl.lock line 3: `a` has a second record of this kind"
    assert lines == [3]


def test_many_wrong_records_are_not_all_told() -> None:
    _, told, _ = read(HEADER + "\nwhat" * 14)
    assert len(told) == 10
    assert told[-1].notes == ("4 more lines cannot be read",)


def test_merge_conflict() -> None:
    lock, told, lines = read(f"{HEADER}\n<<<<<<< HEAD\nasn   a 1\n=======\nasn   a 2\n>>>>>>> other\n")
    assert lock is None
    assert [(each.name, each.message) for each in told] == [
        ("lock-conflict", "optidsl.lock line 2 is a merge conflict marker")
    ]
    assert lines == [2]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "it has no version line"),
        ("asn   a 1\n", "it has no version line"),
        ("# optidsl.lock v2 — x\n", "it is version 2"),
    ],
)
def test_versions(text: str, what: str) -> None:
    lock, told, _ = read(text)
    assert lock is None
    assert [(each.name, each.message) for each in told] == [
        ("lock-version", f"optidsl.lock cannot be read: {what}, this program reads version 1")
    ]


# ------------------------------------------------------------------ --locked


def stale(old: str | None, new: str) -> list[Diagnostic]:
    sink = Sink()
    check_locked(old, new, sink)
    return sink.sorted()


def test_an_equal_lock_is_not_stale() -> None:
    assert stale(write_lock(SMALL), write_lock(SMALL)) == []


def test_changes_are_told_old_to_new() -> None:
    old = write_lock(SMALL)
    new = old.replace("4200001001", "4200001009").replace("compute.spine = 1", "compute.spine = 2")
    new = new.replace("addr  compute-spine-001 lo0 10.250.64.1/32\n", "")
    new = new.replace("cable mm-mpo 10m", "cable mm-mpo 15m")
    new += "asn   compute-spine-002 4200000000\n"
    told = stale(old, new)
    assert [(each.severity, each.name, each.message) for each in told] == [
        ("error", "lock-stale", "optidsl.lock is stale: 6 records would change (4 different, 1 new, 1 gone)")
    ]
    assert told[0].notes == (
        "count compute.spine: 1 -> 2",
        "asn compute-leaf-002: 4200001001 -> 4200001009",
        "new: asn compute-spine-002 4200000000",
        "gone: addr compute-spine-001 10.250.64.1",
        "port server-001 eth0 -- compute-leaf-001 1/1: mm-mpo 10m -> mm-mpo 15m",
        "port server-002 eth0 -- compute-leaf-002 1/1: mm-mpo 10m -> mm-mpo 15m",
    )


def test_at_most_ten_changes_are_shown() -> None:
    told = stale(f"{HEADER}\n", write_lock(SMALL))
    assert len(told[0].notes) == 11
    assert told[0].notes[-1] == "and 27 more"


def test_stale_in_other_ways() -> None:
    text = write_lock(SMALL)
    assert [each.message for each in stale(None, text)] == ["there is no optidsl.lock: --locked compares with one"]
    assert [each.message for each in stale(text + "# a remark\n", text)] == [
        "optidsl.lock has the right records in another form"
    ]
    assert [each.message for each in stale("rubbish", text)] == ["optidsl.lock cannot be compared: it is not readable"]


def test_differences_between_equal_locks() -> None:
    assert differences(lock_of(SMALL), lock_of(SMALL)) == []


def test_fifty_thousand_links_are_written_and_read_quickly() -> None:
    plan = frozen.clos(512, 32, 16_384, uplinks=2, rack_pitch_mm=0, mode="numbered").freeze()
    start = time.process_time()
    text = write_lock(plan)
    written = time.process_time()
    good(text)
    assert text.count("\nport ") == 49_152
    assert written - start < 1.0
    assert time.process_time() - written < 1.5
