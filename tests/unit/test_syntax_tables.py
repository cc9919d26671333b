"""The parse tables and their cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from optidsl.diag import Sink
from optidsl.syntax import load_tables, parse
from optidsl.syntax.tables import default_cache


def cached_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_tables_are_written_once_and_read_back(tmp_path: Path) -> None:
    load_tables.cache_clear()
    built = load_tables(tmp_path / "cache")
    load_tables.cache_clear()
    kept = load_tables(tmp_path / "cache")
    assert kept == built
    assert cached_file(tmp_path / "cache").name.startswith("grammar-")


@pytest.mark.parametrize("damage", ["", "{}", '{"key": "x"}', "not json", "[1, 2]"])
def test_damaged_cache_is_ignored_and_replaced(tmp_path: Path, damage: str) -> None:
    load_tables.cache_clear()
    built = load_tables(tmp_path)
    file = cached_file(tmp_path)
    whole = file.read_text(encoding="utf-8")
    file.write_text(damage, encoding="utf-8")
    load_tables.cache_clear()
    assert load_tables(tmp_path) == built
    assert file.read_text(encoding="utf-8") == whole


def test_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    load_tables.cache_clear()
    tables = load_tables(blocked / "below")
    assert parse("x = 1", 0, Sink(), tables) is not None


def test_default_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "optidsl"


def test_warm_process_parses_without_lark(tmp_path: Path) -> None:
    load_tables.cache_clear()
    load_tables(tmp_path / "optidsl")
    program = (
        "import sys; from optidsl.syntax import parse; from optidsl.diag import Sink;"
        "assert parse('x = 1', 0, Sink()) is not None; print('lark' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
