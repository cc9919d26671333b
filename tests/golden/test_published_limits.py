"""Published rules on lengths and counts of cables, cell for cell, from a design in `tests/published`."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.golden.test_published_families import DESIGNS, Cells, only

Row = dict[str, str]
DESIGN = str(DESIGNS / "oracle-bda-limits.optd")


@pytest.fixture
def expected() -> Cells:
    _, cells = only("oracle-bda-limits")
    return cells


def cables(away: int, folder: Path) -> list[Row]:
    """Return the cut sheet with the spine `away` racks off."""
    folder.mkdir(exist_ok=True)
    out, lock = str(folder / "out"), str(folder / "lock")
    assert main(["compile", DESIGN, "--param", f"away={away}", "-o", out, "--lock", lock]) == 0
    return list(csv.DictReader((folder / "out" / "cabling" / "cables.csv").read_text("utf-8").splitlines()))


def to_spine(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["z_node"] == "ib-sw003"]


def longest(rows: list[Row]) -> float:
    return max(float(row["ordered_m"]) for row in rows)


def test_cables_of_a_rack(expected: Cells, tmp_path: Path) -> None:
    rows = cables(0, tmp_path)
    assert len(rows) == expected["total_ib_cables_single_bda_rack"]
    pairs = Counter((row["a_node"], row["z_node"]) for row in rows if row["a_role"] == "sw")
    assert pairs["ib-sw001", "ib-sw002"] == expected["leaf_leaf_links_single_rack"]
    assert {pairs[f"ib-sw00{leaf}", "ib-sw003"] for leaf in (1, 2)} == {expected["leaf_spine_links_single_rack"]}
    servers = Counter((row["a_node"], row["z_node"]) for row in rows if row["a_role"] != "sw")
    assert sorted(servers) == sorted((f"server-{n}", f"ib-sw00{leaf}") for n in range(1, 19) for leaf in (1, 2))
    assert set(servers.values()) == {1}


def test_lengths_in_a_rack_and_two_racks_away(expected: Cells, tmp_path: Path) -> None:
    near, away = cables(0, tmp_path / "0"), cables(2, tmp_path / "2")
    assert longest(near) == expected["same_rack_m"]
    assert {float(row["ordered_m"]) for row in to_spine(away)} == {expected["two_racks_away_m"]}
    assert {row["medium"] for row in near + away} == {"dac"}


def test_copper_ends_where_the_rule_ends_it(expected: Cells, tmp_path: Path) -> None:
    rows = cables(3, tmp_path)
    assert {row["medium"] for row in to_spine(rows)} == {"aoc"}
    # A copper cable of 7 m is on offer and would reach: the policy alone keeps it out.
    assert expected["max_copper_m"] < float(to_spine(rows)[0]["route_m"]) < 7
    assert longest([row for row in rows if row["medium"] == "dac"]) <= expected["max_copper_m"]


def test_no_cable_is_longer_than_the_rule(expected: Cells, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert longest(cables(155, tmp_path)) == expected["max_m"]
    assert main(["check", DESIGN, "--param", "away=165"]) == 1
    assert f"exceeds the {expected['max_m']} m allowed" in capsys.readouterr().err
