"""Sizes in service hold where the author leaves them open: ports of leaves, uplinks, parallel links, pods."""

from __future__ import annotations

from functools import partial

import pytest

from optidsl.api import Options, Result, compile_text
from tests.support.locked import Fabric, attempted, cables, changed_devices, compiled, told

_LEAF = "tier leaf  { model = sn5600, count = 12, down = 16, up = 8, place"
_SPINE = "tier spine { model = sn5600, count = 4, place { at = lab.h1.s.core, spread = rack } }"
_CORE = "tier core { model = sn5600, place { at = lab.h1.s.core, per_rack = 2 } }"
_UP = """connect leaf -- spine { rate = 400Gbps }
    connect spine -- core { rate = 400Gbps }"""


def _open(
    nodes: int,
    ratio: str,
    *,
    kind: str = "clos",
    leaf: str = "",
    spine: str = "",
    is_three: bool = False,
    goal: str = "",
    lock: str | None = None,
    upgrade: tuple[str, ...] = (),
) -> Result:
    """Compile servers whose ratio, and all sizes that are not given, are left open."""
    text = Fabric(nodes=f"1..{nodes}", kind=kind, emit="frr, cabling").text()
    core = f"tiers = 3\n    {_CORE}" if is_three else ""
    for old, new in (
        ("oversubscription = 8:1", f"oversubscription <= {ratio}"),
        (_LEAF, f"tier leaf {{ model = sn5600, {leaf} place"),
        (_SPINE, f"tier spine {{ model = sn5600, {spine} place {{ at = lab.h1.s.core, per_rack = 2 }} }}\n    {core}"),
        ("connect leaf -- spine { rate = 400Gbps }", _UP if is_three else "connect leaf -- spine { rate = 400Gbps }"),
        ("minimize power.optics", goal),
        ("net[1..10]", "net[1..30]"),
        ("core[1..10]", "core[1..30]"),
    ):
        assert old in text
        text = text.replace(old, new)
    result = compile_text(text, options=Options(lock_text=lock, upgrade=upgrade))
    if not result.is_ok:
        raise AssertionError([str(each) for each in result.diagnostics])
    return result


def _identity(name: str) -> str:
    fabric, tier, key = name.split("-")
    return f"{fabric}.{tier}[{int(key)}]"


def _sizes(result: Result) -> tuple[tuple[int, ...], ...]:
    assert result.plan is not None
    fabric = result.plan.fabrics[0]
    return fabric.counts, fabric.down, fabric.up


def _pods(result: Result) -> dict[str, int]:
    assert result.plan is not None
    devices = result.plan.devices
    return {name: pod for name, pod in zip(devices.name, devices.pod.tolist(), strict=True) if "-leaf-" in name}


@pytest.mark.parametrize("goal", ["", "minimize power.optics"], ids=["", "goal"])
@pytest.mark.parametrize("kind", ["clos", "rail_optimized"])
def test_a_wider_limit_drops_no_uplinks(kind: str, goal: str) -> None:
    before = _open(20, "1:1", kind=kind, goal=goal)
    after = _open(20, "4:1", kind=kind, goal=goal, lock=before.lock_text)
    assert _sizes(after) == _sizes(before)
    assert after.lock_text == before.lock_text
    again = _open(20, "4:1", kind=kind, goal=goal, lock=after.lock_text)
    assert again.files == after.files
    assert not {"shape-not-kept", "cables-moved"} & {name for name, _ in told(after)}
    freed = _open(20, "4:1", kind=kind, goal=goal, lock=before.lock_text, upgrade=("backend",))
    assert _sizes(freed) == _sizes(_open(20, "4:1", kind=kind, goal=goal))


@pytest.mark.parametrize("kind", ["clos", "rail_optimized"])
def test_more_servers_move_no_cable(kind: str) -> None:
    before = _open(20, "2:1", kind=kind)
    after = _open(30, "4:1", kind=kind, lock=before.lock_text)
    assert cables(before.lock_text) <= cables(after.lock_text)
    assert _sizes(after)[2] == _sizes(before)[2]
    assert _open(30, "4:1", kind=kind, lock=after.lock_text).files == after.files


def test_a_narrower_limit_adds_uplinks_and_says_so() -> None:
    before = _open(16, "4:1", leaf="down = 16,")
    after = _open(16, "2:1", leaf="down = 16,", lock=before.lock_text)
    assert (_sizes(before)[2][0], _sizes(after)[2][0]) == (4, 8)
    assert [each for each in told(after) if each[0] == "shape-not-kept"] == [
        (
            "shape-not-kept",
            "the sizes in service of `backend` do not serve what is asked for now: `leaf` has 4 ports up and gets 8",
        )
    ]
    again = _open(16, "2:1", leaf="down = 16,", lock=after.lock_text)
    assert again.files == after.files
    assert told(again) == []


def test_one_more_leaf_of_three_tiers_stays_in_one_pod() -> None:
    """Pods have room: one more goes to the smallest of them, and nothing else is touched."""
    shaped = partial(_open, leaf="down = 16, up = 8,", spine="down <= 16, up = 16,", is_three=True)
    before = shaped(30, "4:1")
    after = shaped(32, "4:1", lock=before.lock_text)
    one, other = _pods(before), _pods(after)
    (new,) = other.keys() - one.keys()
    assert {name: other[name] for name in one} == one
    changed = changed_devices(before, after)
    assert sorted(changed) == [f"backend-spine-{other[new] + 1}{key:02}" for key in range(1, len(changed) + 1)]
    assert cables(before.lock_text) < cables(after.lock_text)
    assert shaped(32, "4:1", lock=after.lock_text).files == after.files


@pytest.mark.parametrize("nodes", [50, 62, 44, 28])
def test_pods_in_service_stay(nodes: int) -> None:
    shaped = partial(_open, leaf="down = 16, up = 4,", spine="down <= 8,", is_three=True)
    before = shaped(48, "4:1")
    after = shaped(nodes, "4:1", lock=before.lock_text)
    one, other = _pods(before), _pods(after)
    assert {one[name] == other[name] for name in one.keys() & other.keys()} == {True}
    assert shaped(nodes, "4:1", lock=after.lock_text).files == after.files


def test_a_pod_with_room_takes_a_leaf_before_there_is_another_pod() -> None:
    shaped = partial(_open, leaf="down = 16,", spine="down <= 32,", is_three=True)
    before = shaped(48, "4:1")
    after = shaped(50, "4:1", lock=before.lock_text)
    assert _sizes(before)[0] == (24, 4, 4)
    assert _sizes(after)[0] == (25, 4, 4)
    assert cables(before.lock_text) <= cables(after.lock_text)


NUMBERED = Fabric(nodes="1..8", leaves=4, spines=2, up=4, addressing="mode = numbered")


def test_a_link_outside_its_pool_is_told() -> None:
    before = compiled(NUMBERED)
    number, line = next(
        (number, line)
        for number, line in enumerate(before.lock_text.splitlines(), 1)
        if "backend-spine" in line and " p2p " in line
    )
    address = line.split()[-1].removesuffix("/31")
    after = compiled(NUMBERED, before.lock_text.replace(f"p2p {address}/31", "p2p 11.0.0.0/31"))
    a, a_port, _, z, z_port = line.split()[1:6]
    ends = f"{_identity(a)} {a_port} -- {_identity(z)} {z_port}"
    assert told(after) == [
        (
            "lock-not-kept",
            f"optidsl.lock line {number}: {ends} has the /31 11.0.0.0, which the design does not offer it: it gets "
            f"{address}",
        )
    ]
    assert cables(after.lock_text) == cables(before.lock_text)


@pytest.mark.parametrize("kind", ["name", "asn", "addr", "p2p"])
def test_what_is_free_and_in_service_is_told(kind: str) -> None:
    before = compiled(NUMBERED).lock_text
    lines = before.splitlines()
    start = "port" if kind == "p2p" else kind
    at, line = next((at, each) for at, each in enumerate(lines, 1) if each.startswith(start))
    value = line.split()[-1]
    owner = "gpu[77] eth0 -- backend.leaf[9] 1/1" if kind == "p2p" else "backend.leaf[9]"
    result = attempted(NUMBERED, f"{before}free  {kind} {value} {owner}\n")
    holder = " ".join(line.split()[1:6]) if kind == "p2p" else line.split()[1]
    assert told(result) == [
        (
            "lock-held-twice",
            f"optidsl.lock line {len(lines) + 1}: {kind} {value} is kept from reuse, and {holder} has it (line {at})",
        )
    ]
