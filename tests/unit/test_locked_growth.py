"""Four spines and twelve leaves with a committed lock: a change touches what it is about and nothing else."""

from __future__ import annotations

import re

import pytest

from optidsl.api import Options, Result, compile_text
from optidsl.plan.model import Plan
from tests.support.locked import Fabric, cables, changed_devices, compiled, told

BASE = Fabric(up=4)
DOUBLE = Fabric()
"""Two links between a leaf and a spine."""


SWITCHES = {
    "sonic": BASE,
    "sonic numbered": BASE.but(addressing="mode = numbered"),
    "plain": BASE.but(emit="frr, cabling"),
    "plain numbered": BASE.but(emit="frr, cabling", addressing="mode = numbered"),
}
MOST_LINES = 10
"""What one more link may change on a switch, in all its files."""


@pytest.fixture(scope="module")
def before() -> Result:
    return compiled(BASE)


@pytest.fixture(scope="module", params=SWITCHES.values(), ids=list(SWITCHES))
def grown(request: pytest.FixtureRequest) -> tuple[Fabric, Result]:
    """A fabric that is going to grow, and what it was compiled to."""
    return request.param, compiled(request.param)


def test_a_lock_is_a_fixed_point(before: Result) -> None:
    again = compiled(BASE, before.lock_text)
    assert again.lock_text == before.lock_text
    assert again.files == before.files


def test_one_more_spine_changes_the_leaves_only(grown: tuple[Fabric, Result]) -> None:
    fabric, before = grown
    after = compiled(fabric.but(spines=5, up=5), before.lock_text)
    changed = changed_devices(before, after)
    assert sorted(changed) == [f"backend-leaf-{key:03}" for key in range(1, 13)]
    assert max(changed.values()) <= MOST_LINES
    assert cables(before.lock_text) <= cables(after.lock_text)
    assert told(after) == []


def test_one_more_leaf_changes_the_spines_only(grown: tuple[Fabric, Result]) -> None:
    fabric, before = grown
    after = compiled(fabric.but(leaves=13, nodes="1..26"), before.lock_text)
    changed = changed_devices(before, after)
    assert sorted(changed) == [f"backend-spine-{key:03}" for key in range(1, 5)]
    assert max(changed.values()) <= MOST_LINES
    assert cables(before.lock_text) <= cables(after.lock_text)


def test_one_leaf_less_changes_the_spines_only(grown: tuple[Fabric, Result]) -> None:
    fabric, before = grown
    after = compiled(fabric.but(leaves=11, nodes="1..4, 7..24", retired="3"), before.lock_text)
    changed = changed_devices(before, after)
    assert sorted(changed) == [f"backend-spine-{key:03}" for key in range(1, 5)]
    assert max(changed.values()) <= MOST_LINES
    assert cables(after.lock_text) < cables(before.lock_text)
    assert not any("leaf-003" in each for each in cables(after.lock_text))


def test_a_server_less_changes_its_leaf_only(before: Result) -> None:
    after = compiled(BASE.but(nodes="1..4, 6..24"), before.lock_text)
    assert list(changed_devices(before, after)) == ["backend-leaf-003"]
    assert len(cables(before.lock_text) - cables(after.lock_text)) == 8
    assert cables(after.lock_text) < cables(before.lock_text)


def test_a_new_server_takes_the_ports_that_are_free(before: Result) -> None:
    less = compiled(BASE.but(nodes="1..4, 6..24"), before.lock_text)
    after = compiled(BASE.but(nodes="1..4, 6..25"), less.lock_text)
    assert cables(less.lock_text) < cables(after.lock_text)
    new = cables(after.lock_text) - cables(less.lock_text)
    assert len(new) == 8
    assert all("backend-leaf-003" in each for each in new)


def test_other_names_change_descriptions_only(before: Result) -> None:
    after = compiled(BASE.but(naming="{tier}{index}"), before.lock_text)
    assert len(after.files) == len(before.files)
    renamed = {path: _by_old_names(text) for path, text in after.files.items() if path.startswith("configs/")}
    assert renamed.keys() != before.files.keys()
    for path, text in renamed.items():
        assert text == before.files[_by_old_names(path)]


def _by_old_names(text: str) -> str:
    return re.sub(r"\b(leaf|spine)([0-9]+)\b", lambda found: f"backend-{found[1]}-{int(found[2]):03}", text)


def test_twice_as_many_spines_move_half_of_the_uplinks() -> None:
    """Two links to each spine become one: the other of each pair has to move, and no more."""
    before = compiled(DOUBLE)
    after = compiled(DOUBLE.but(spines=8), before.lock_text)
    assert len(cables(before.lock_text) - cables(after.lock_text)) == 12 * 4
    assert len(cables(after.lock_text)) == len(cables(before.lock_text))
    assert told(after) == [
        (
            "cables-moved",
            "48 links of 288 in service between devices that stay have to end elsewhere or go: the new shape has "
            "fewer links between their ends",
        )
    ]
    assert after.plan is not None
    assert after.plan.fabrics[0].port_scheme.startswith("As in the lock. Without one: Endpoints take the ports")
    again = compiled(DOUBLE.but(spines=8), after.lock_text)
    assert again.files == after.files
    assert told(again) == []


def test_what_leaves_and_returns_is_what_it_was(before: Result) -> None:
    less = compiled(BASE.but(leaves=11, nodes="1..22"), before.lock_text)
    back = compiled(BASE, less.lock_text)
    assert back.lock_text == before.lock_text
    assert back.files == before.files


def test_places_stay_though_the_design_would_fill_them(before: Result) -> None:
    after = compiled(BASE.but(nodes="1..2, 4..24"), before.lock_text)
    assert after.plan is not None
    assert before.plan is not None
    assert _places(after.plan).items() <= _places(before.plan).items()


def _places(plan: Plan) -> dict[str, tuple[int, int]]:
    devices = plan.devices
    places = zip(devices.rack.tolist(), devices.unit.tolist(), strict=True)
    return dict(zip(devices.name, places, strict=True))


def test_a_rack_that_is_gone_gives_up_its_devices(before: Result) -> None:
    text = before.lock_text.replace("place gpu-001 a-gpu-a-1 ", "place gpu-001 a-gpu-zzz ")
    again = compiled(BASE, text)
    assert again.lock_text == before.lock_text


@pytest.mark.parametrize(
    "words",
    [
        ("dragonfly", "groups = 3\n    routers_per_group = 4\n    global_ports = 2"),
        ("torus", "dims = [3, 4]"),
    ],
    ids=lambda words: words[0],
)
def test_servers_of_direct_networks_stay_at_their_switches(words: tuple[str, str]) -> None:
    first = _direct(*words, "1..8", "")
    assert first.is_ok, [str(each) for each in first.diagnostics]
    moved = _direct(*words, "1..2, 4..8, 12", "moved gpu[3] -> gpu[12]", first.lock_text)
    assert cables(moved.lock_text) == cables(first.lock_text)
    less = _direct(*words, "1..2, 4..8", "", first.lock_text)
    assert cables(less.lock_text) < cables(first.lock_text)
    assert _direct(*words, "1..2, 4..8", "", less.lock_text).lock_text == less.lock_text


def _direct(kind: str, sizes: str, nodes: str, moved: str, lock: str | None = None) -> Result:
    text = BASE.but(nodes=nodes, kind=kind, more=moved).text()
    cut = re.compile(r"    oversubscription = 8:1\n.*?(?=    connect endpoints)", re.DOTALL)
    text = cut.sub(f"    {sizes}\n    tier leaf {{ model = sn5600, down = 16 }}\n", text)
    text = re.sub(r"    connect leaf -- spine.*\n", "", text)
    return compile_text(text, options=Options(lock_text=lock))
