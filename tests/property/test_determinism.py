"""The same design gives the same bytes: across runs, folders and hash seeds, and again from its own lock."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("superpod-h100", "rail-roce-512")


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _compile(design: Path, folder: Path, seed: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "design.optd").write_bytes(design.read_bytes())
    subprocess.run(
        [sys.executable, "-m", "optidsl", "compile", str(folder / "design.optd")],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_same_bytes_for_every_folder_hash_seed_and_run(name: str, tmp_path: Path) -> None:
    design = ROOT / "examples" / name / "design.optd"
    first, second = tmp_path / "one", tmp_path / "two" / "deeper"
    _compile(design, first, "0")
    _compile(design, second, "4242")
    assert _digest(first) == _digest(second)
    before = _digest(first)
    _compile(design, first, "7")
    assert _digest(first) == before
