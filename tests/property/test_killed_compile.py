"""A compile that is killed at a random moment leaves the former output, or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DESIGN = ROOT / "optidsl/cli/first_design.optd"


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _start(work: Path, nodes: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "optidsl", "compile", str(work / "design.optd"), "-p", f"nodes={nodes}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=work,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _compile(work: Path, nodes: int) -> dict[str, bytes]:
    (work / "optidsl.lock").unlink(missing_ok=True)
    assert _start(work, nodes).wait(timeout=120) == 0
    return _tree(work / "generated")


@pytest.mark.slow
def test_output_is_the_old_or_the_new_one_whenever_the_compiler_is_killed(tmp_path: Path) -> None:
    (tmp_path / "design.optd").write_bytes(DESIGN.read_bytes())
    new = _compile(tmp_path, 9)
    start = time.monotonic()
    old = _compile(tmp_path, 8)
    duration = time.monotonic() - start
    assert old != new
    moments = random.Random(20)
    n_killed = 0
    for _ in range(12):
        (tmp_path / "optidsl.lock").unlink(missing_ok=True)
        child = _start(tmp_path, 9)
        # Most of the danger is at the end, when files are moved.
        time.sleep(duration * moments.uniform(0.3, 1.05))
        child.send_signal(signal.SIGKILL)
        n_killed += child.wait(timeout=60) == -signal.SIGKILL
        left = _tree(tmp_path / "generated")
        assert left in (old, new)
        if left == new:
            old_again = _compile(tmp_path, 8)
            assert old_again == old
    assert n_killed > 0
    assert _compile(tmp_path, 8) == old
    assert sorted(p.name for p in tmp_path.iterdir()) == ["design.optd", "generated", "optidsl.lock"]
