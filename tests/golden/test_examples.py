"""Every example recompiles to the bytes that are committed beside it.

Update with `pytest tests/golden --update-goldens`, never in CI; review the diff like any other.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from optidsl.cli.main import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/design.optd"))

pytestmark = pytest.mark.golden


def _tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", NAMES)
def test_example_is_what_is_committed(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    example = EXAMPLES / name
    is_update = bool(request.config.getoption("--update-goldens"))
    work = tmp_path / name
    work.mkdir()
    for path in example.glob("*.optd"):
        shutil.copy(path, work)
    lock = example / "optidsl.lock"
    if lock.exists():
        shutil.copy(lock, work)
    if is_update:
        assert main(["compile", str(work / "design.optd")]) == 0
        shutil.rmtree(example / "generated", ignore_errors=True)
        shutil.copytree(work / "generated", example / "generated")
        shutil.copy(work / "optidsl.lock", lock)
        return
    assert main(["compile", str(work / "design.optd"), "--locked"]) == 0
    fresh, committed = _tree(work / "generated"), _tree(example / "generated")
    assert sorted(fresh) == sorted(committed)
    changed = [path for path in fresh if fresh[path] != committed[path]]
    assert changed == []
    assert (work / "optidsl.lock").read_text() == lock.read_text()


@pytest.mark.parametrize("name", NAMES)
def test_example_is_formatted(name: str) -> None:
    assert main(["fmt", "--check", str(EXAMPLES / name)]) == 0
