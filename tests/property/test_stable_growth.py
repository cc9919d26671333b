"""Without a lock, what is added, removed or renamed changes what touches it and nothing else: counted in lines.

All files of a switch count together: `frr.conf` of a plain switch, that and `config_db.json` of one that runs SONiC.
The design is 4 spines and 12 leaves with eight servers each, no key, name or number written by hand.
"""

from __future__ import annotations

import difflib
import re
from functools import cache

import pytest

from optidsl import api
from optidsl.plan.model import Plan
from tests.support.compiled import PARTS

SONIC = 'sonic_platform = "x86_64-house-r0"\n  sonic_hwsku = "House-32"'
MODES = ("unnumbered", "numbered")
SYSTEMS = {"plain": "", "sonic": SONIC}
FILES = {"plain": {"frr.conf"}, "sonic": {"config_db.json", "frr.conf"}}
MOST_LINES = 10
"""What one more link may change on a switch, in all its files."""
FIRST_36 = "[k for k in 1..96 if k < 17 or k > 24]"


def design(
    mode: str,
    *,
    leaf: str = "count = 12",
    spine: str = "count = 4",
    keys: str = "1..96",
    node: str = "n",
    tier: str = "leaf",
    naming: str = "",
) -> str:
    return f"""optd 1
use "./ours.optd" {{ box, sw }}
design d {{
  {naming}
  site s {{
    hall h {{
      row_pitch = 3m, rack_pitch = 0.6m
      tray {{ drop = 1m, slack = 5% }}
      row r {{ rack servers[1..8] {{ units = 48U }}, rack network[1..2] {{ units = 48U }} }}
    }}
  }}
  node {node}[{keys}] {{ model = box, place {{ at = s.h.r.servers, per_rack = 16 }} }}
  fabric f {{
    kind      = clos
    protocol  = ethernet
    endpoints = {node}.nic.compute
    oversubscription <= 3:1
    tier {tier} {{ model = sw, down = 8, {leaf}, place {{ at = s.h.r.network[1] }} }}
    tier spine {{ model = sw, {spine}, place {{ at = s.h.r.network[2] }} }}
  }}
  addressing {{ mode = {mode} }}
}}
"""


@cache
def compiled(text: str, switch: str = "") -> tuple[Plan, dict[str, str]]:
    parts = PARTS.replace("NIC", "").replace("MODULE", "").replace("SWITCH", switch)
    result = api.compile_text(text, others={"ours.optd": parts})
    assert result.plan is not None, [each.message for each in result.diagnostics]
    assert result.diagnostics == ()
    return result.plan, result.files


def lines(old: str, new: str) -> list[str]:
    """Return the lines that a diff takes away and adds."""
    told = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in told if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def configs(files: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return the configurations by device and by name of the file."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        folder, *rest = path.split("/")
        if folder == "configs":
            found.setdefault(rest[0], {})[rest[1]] = text
    return found


class Change:
    """What differs between the artefacts of two designs."""

    def __init__(self, system: str, old: str, new: str) -> None:
        before, after = compiled(old, SYSTEMS[system])[1], compiled(new, SYSTEMS[system])[1]
        old_configs, new_configs = configs(before), configs(after)
        assert {frozenset(files) for files in (old_configs | new_configs).values()} == {frozenset(FILES[system])}
        told = {
            device: [line for name, text in files.items() for line in lines(text, new_configs[device][name])]
            for device, files in old_configs.items()
            if device in new_configs
        }
        self.changed = {device: found for device, found in told.items() if found}
        self.new = sorted(new_configs.keys() - old_configs.keys())
        self.gone = sorted(old_configs.keys() - new_configs.keys())
        self.cables = lines(before["cabling/cables.csv"], after["cabling/cables.csv"])
        self.labels = lines(before["cabling/labels.csv"], after["cabling/labels.csv"])

    @property
    def most(self) -> int:
        """The most lines that change on one switch."""
        return max(map(len, self.changed.values()))


def leaves(*keys: int) -> set[str]:
    return {f"f-leaf{key:03}" for key in keys}


SPINES = {f"f-spine{key:03}" for key in range(1, 5)}
each_system = pytest.mark.parametrize("system", SYSTEMS)
each_mode = pytest.mark.parametrize("mode", MODES)


@each_system
@each_mode
def test_a_spine_more_changes_the_leaves(system: str, mode: str) -> None:
    change = Change(system, design(mode), design(mode, spine="count = 5"))
    assert set(change.changed) == leaves(*range(1, 13))
    assert (change.new, change.gone) == (["f-spine005"], [])
    assert change.most <= MOST_LINES
    assert sum(map(len, change.changed.values())) <= 120
    assert len(change.cables) == 12
    assert len(change.labels) == 24


@each_system
@each_mode
def test_a_leaf_more_with_its_servers_changes_the_spines(system: str, mode: str) -> None:
    change = Change(system, design(mode), design(mode, leaf="count = 13", keys="1..104"))
    assert set(change.changed) == SPINES
    assert (change.new, change.gone) == (["f-leaf013"], [])
    assert change.most <= MOST_LINES
    assert sum(map(len, change.changed.values())) <= 40
    assert len(change.cables) == 8 + 4


@each_system
@each_mode
def test_a_leaf_less_with_its_servers_changes_the_spines(system: str, mode: str) -> None:
    change = Change(system, design(mode), design(mode, leaf="count = 11, retired = [3]", keys=FIRST_36))
    assert set(change.changed) == SPINES
    assert (change.new, change.gone) == ([], ["f-leaf003"])
    assert change.most <= MOST_LINES
    assert sum(map(len, change.changed.values())) <= 40
    assert len(change.cables) == 8 + 4
    assert len(change.labels) == 2 * 12


@each_system
@each_mode
def test_a_spine_less_changes_the_leaves(system: str, mode: str) -> None:
    change = Change(system, design(mode), design(mode, leaf="count = 12, up = 3", spine="count = 3, retired = [2]"))
    assert set(change.changed) == leaves(*range(1, 13))
    assert (change.new, change.gone) == ([], ["f-spine002"])
    assert change.most <= MOST_LINES


@each_system
@each_mode
def test_a_server_less_changes_its_leaf(system: str, mode: str) -> None:
    change = Change(system, design(mode), design(mode, keys="[k for k in 1..96 if k != 20]"))
    assert set(change.changed) == leaves(3)
    assert change.most <= MOST_LINES
    assert len(change.cables) == 1


@each_system
@each_mode
def test_another_name_of_the_servers_changes_descriptions(system: str, mode: str) -> None:
    change = Change(system, design(mode), design(mode, node="gpu"))
    assert (change.new, change.gone) == ([], [])
    for told in change.changed.values():
        assert {re.sub(r"\b(gpu|n)-", "X-", line[1:]) for line in told if line[0] == "-"} == {
            re.sub(r"\b(gpu|n)-", "X-", line[1:]) for line in told if line[0] == "+"
        }
    same_numbers(design(mode), design(mode, node="gpu"))


@each_mode
@pytest.mark.parametrize(
    "renamed", [{"naming": 'naming { switch = "{tier}-{index}" }'}, {"tier": "edge"}], ids=["template", "tier"]
)
def test_another_name_of_the_switches_moves_nothing(mode: str, renamed: dict[str, str]) -> None:
    same_numbers(design(mode), design(mode, **renamed))


def same_numbers(one: str, other: str) -> None:
    """Addresses, AS numbers, ports and cables are those of before; the order of rows is the same."""
    old, new = compiled(one)[0], compiled(other)[0]
    for name in ("asn", "loopback", "rack", "unit"):
        assert getattr(old.devices, name).tolist() == getattr(new.devices, name).tolist()
    for name in ("a_device", "a_port", "z_device", "z_port", "p2p", "ordered_mm"):
        assert getattr(old.links, name).tolist() == getattr(new.links, name).tolist()
    assert [line.quantity for line in old.bom] == [line.quantity for line in new.bom]


# ------------------------------------------------------------------ three tiers


def pods(nodes: int, spines: int, up: int) -> str:
    return f"""optd 1
use "./ours.optd" {{ box, sw }}
design d {{
  node n[1..{nodes}] {{ model = box }}
  fabric f {{
    kind      = clos
    protocol  = ethernet
    endpoints = n.nic.compute
    oversubscription <= 4:1
    tiers     = 3
    tier leaf  {{ model = sw, down = 8, up = {up} }}
    tier spine {{ model = sw, down = 4, count = {spines} }}
    tier core  {{ model = sw }}
    connect endpoints -- leaf {{ length = 3m }}
    connect leaf -- spine     {{ length = 8m }}
    connect spine -- core     {{ length = 8m }}
  }}
  addressing {{ mode = numbered }}
}}
"""


@each_system
def test_a_pod_more_changes_the_cores(system: str) -> None:
    change = Change(system, pods(128, 8, 2), pods(160, 10, 2))
    assert set(change.changed) == {"f-core101", "f-core201"}
    assert change.new == [*sorted(leaves(17, 18, 19, 20)), "f-spine501", "f-spine502"]
    assert len(change.cables) == 32 + 4 * 2 + 2 * 4


@each_system
def test_a_spine_more_in_every_pod_changes_the_leaves(system: str) -> None:
    change = Change(system, pods(128, 8, 2), pods(128, 12, 3))
    assert set(change.changed) == leaves(*range(1, 17))
    assert change.new == ["f-core301", *(f"f-spine{pod}03" for pod in (1, 2, 3, 4))]
    assert change.most <= MOST_LINES
