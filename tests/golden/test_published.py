"""The published tables of the SuperPOD reference architectures, cell for cell.

The tables are read from the folder in `OPTIDSL_PUBLISHED` (default: `../shared/published` beside the checkout).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from optidsl.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(os.environ.get("OPTIDSL_PUBLISHED", ROOT.parent / "shared" / "published"))

Row = dict[str, int]


def _rows(name: str) -> Iterator[Row]:
    file = PUBLISHED / f"{name}.yaml"
    if not file.is_file():
        return
    yield from yaml.safe_load(file.read_text(encoding="utf-8"))["expected"]


CASES = [
    pytest.param(name, row, id=f"{name}-{row['su']}su")
    for name in ("superpod-h100", "superpod-b200")
    for row in _rows(name)
]


def test_the_published_tables_are_there() -> None:
    if not PUBLISHED.is_dir() and "OPTIDSL_PUBLISHED" not in os.environ:
        pytest.skip(f"no published tables in {PUBLISHED}")
    assert len(CASES) == 10


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_stats_equal_the_published_row(name: str, expected: Row, capsys: pytest.CaptureFixture[str]) -> None:
    design = str(ROOT / "examples" / name / "design.optd")
    assert main(["stats", design, "--param", f"su={expected['su']}", "--format", "json"]) == 0
    assert _cells(json.loads(capsys.readouterr().out), expected["su"]) == expected


def _cells(stats: dict[str, object], units: int) -> Row:
    """Return the statistics under the names of the published table."""
    fabrics = stats["fabrics"]
    totals = stats["totals"]
    assert isinstance(fabrics, list)
    assert isinstance(totals, dict)
    (fabric,) = fabrics
    cells = {"su": units, "gpus": totals["gpus"], "nodes": totals["gpu_nodes"]}
    cells |= {tier["name"]: tier["switches"] for tier in fabric["tiers"]}
    names = {
        "endpoints--leaf": "node_leaf_cables",
        "leaf--spine": "leaf_spine_cables",
        "spine--core": "spine_core_cables",
    }
    cells |= {names[f"{s['a']}--{s['z']}"]: s["links"] for s in fabric["segments"]}
    return cells
