"""The wheel carries the grammar and the standard library, and nothing else, and works where it lands."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST = "optidsl/cli/first_design.optd"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_the_package_the_grammar_and_the_library_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"optidsl"}
    assert "optidsl/_grammar/optd.lark" in names
    assert "optidsl/_stdlib/switches.optd" in names
    assert FIRST in names
    assert "optidsl/py.typed" in names
    kinds = {name.rsplit(".", 1)[-1] for name in names if name.startswith("optidsl/")}
    assert kinds <= {"py", "typed", "lark", "optd", "md", "j2", "csv"}
    checked_in = {path.relative_to(ROOT).as_posix() for path in (ROOT / "stdlib").rglob("*.optd")}
    assert {f"stdlib/{name.removeprefix('optidsl/_stdlib/')}" for name in names if "_stdlib/" in name} == checked_in


def test_installed_wheel_compiles_a_design_elsewhere(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, timeout=300)
    _compile_first_design(target, tmp_path)


def test_the_package_runs_from_a_zip(wheel: Path, tmp_path: Path) -> None:
    _compile_first_design(wheel, tmp_path)


def test_editable_install_finds_its_resources(tmp_path: Path) -> None:
    _compile_first_design(ROOT, tmp_path)


def _compile_first_design(location: Path, folder: Path) -> None:
    """Start a design and compile it with the package imported from `location` only."""
    env = {**os.environ, "PYTHONPATH": str(location), "OPTIDSL_CACHE": "off", "PYTHONSAFEPATH": "1"}
    work = folder / "work"
    for arguments in (["init", str(work)], ["compile", str(work / "design.optd")]):
        script = "import sys, optidsl; assert optidsl.__file__.startswith(sys.argv.pop(1)), optidsl.__file__; "
        script += "from optidsl.cli.main import main; sys.exit(main(sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", script, str(location), *arguments],
            env=env,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert (work / "generated" / "plan.json").is_file()
    assert (work / "optidsl.lock").is_file()
