"""`check` and `fix` judge a design with its lock, as a compile does."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.support.locked import Fabric, compiled

BASE = Fabric(nodes="1..8", leaves=4, spines=2, up=4, more="param spare: Int = 1\n  assert spare >= 1")


@pytest.fixture(scope="module")
def lock_text() -> str:
    return compiled(BASE).lock_text


@pytest.fixture
def design(lock_text: str, tmp_path: Path) -> Path:
    path = tmp_path / "design.optd"
    path.write_text(BASE.text(), encoding="utf-8")
    (tmp_path / "optidsl.lock").write_text(lock_text, encoding="utf-8")
    return path


def _with_a_part_of_another(lock_text: str) -> str:
    """Return a lock whose spine links hold parts that do not exist."""
    lines = lock_text.splitlines()
    return (
        "\n".join("pick  backend: leaf -- spine = gone + wire + gone" if "leaf -- spine" in x else x for x in lines)
        + "\n"
    )


@pytest.mark.parametrize("command", ["check", "fix"])
def test_parts_of_the_lock_that_cannot_stay(
    command: str, design: Path, lock_text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(design)]) == 0
    capsys.readouterr()
    (design.parent / "optidsl.lock").write_text(_with_a_part_of_another(lock_text), encoding="utf-8")
    assert main([command, str(design)]) == 1
    out, err = capsys.readouterr()
    assert "pins-infeasible" in err + out or "error" in out


def test_check_takes_upgrade(design: Path, lock_text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (design.parent / "optidsl.lock").write_text(_with_a_part_of_another(lock_text), encoding="utf-8")
    assert main(["check", str(design), "--upgrade", "all"]) == 0
    assert main(["compile", str(design), "--upgrade", "all"]) == 0
    assert main(["check", str(design)]) == 0


def test_other_parameters_are_another_design(design: Path, lock_text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (design.parent / "optidsl.lock").write_text(_with_a_part_of_another(lock_text), encoding="utf-8")
    assert main(["check", str(design), "-p", "spare=2"]) == 0


def test_a_lock_that_cannot_be_read_fails_the_check(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (design.parent / "optidsl.lock").open("a", encoding="utf-8") as file:
        file.write("<<<<<<< ours\n")
    assert main(["check", str(design)]) == 1
    assert "lock-conflict" in capsys.readouterr().err
    assert main(["check", str(design), "--no-solve"]) == 0
