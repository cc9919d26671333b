"""The command line: exit codes, streams, help that teaches, what is written and what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from optidsl._version import __version__
from optidsl.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "optidsl/cli/first_design.optd"


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A copy of the first design, to compile or to break."""
    path = tmp_path / "design.optd"
    path.write_text(FIRST.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def _broken(design: Path, old: str, new: str) -> Path:
    text = design.read_text(encoding="utf-8")
    assert old in text
    design.write_text(text.replace(old, new), encoding="utf-8")
    return design


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"optidsl {__version__}\n"


@pytest.mark.parametrize(
    "command",
    [
        "",
        "compile",
        "check",
        "fix",
        "stats",
        "test",
        "faults",
        "loads",
        "lock",
        "fmt",
        "explain",
        "catalog",
        "schema",
        "init",
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--help"])
    assert stop.value.code == 0
    assert "usage: optidsl" in capsys.readouterr().out


def test_no_command_is_a_usage_error() -> None:
    assert main([]) == 2


def test_start_up_imports_nothing_heavy() -> None:
    script = (
        "import sys; from optidsl.cli.main import build_parser; build_parser(); "
        "print([m for m in ('numpy', 'pydantic', 'z3', 'lark', 'networkx', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_fmt_imports_nothing_heavy() -> None:
    script = (
        "import sys; from optidsl.cli.main import main; main(['fmt', '--check', sys.argv[1]]); "
        "print([m for m in ('numpy', 'pydantic', 'z3', 'networkx', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(FIRST)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_check_imports_nothing_that_the_design_does_not_use(tmp_path: Path) -> None:
    script = (
        "import sys; from optidsl.cli.main import main; main(['check', sys.argv[1]]); "
        "print([m for m in ('pydantic', 'z3', 'shutil', 'optidsl.solve', 'optidsl.optics.encode', 'optidsl.emit', "
        "'optidsl.catalog.build_coherent', 'optidsl.sema.lower_transport', 'optidsl.sema.lower_tests', "
        "'optidsl.sema.lower_purchase', 'optidsl.sema.standard', 'optidsl.layout.over_lines', 'optidsl.fabric.xgft') "
        "if m in sys.modules])"
    )
    command = [sys.executable, "-c", script, str(FIRST)]
    environment = {**os.environ, "OPTIDSL_CACHE": str(tmp_path)}
    for _ in range(2):  # the first run parses what the second finds kept
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[]\n"


def test_init_then_check_then_compile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert main(["init", str(folder)]) == 0
    assert main(["init", str(folder)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["check", str(folder)]) == 0
    assert "no errors" in capsys.readouterr().err
    assert not (folder / "generated").exists()
    assert main(["compile", str(folder / "design.optd")]) == 0
    assert (folder / "generated/plan.json").is_file()
    assert main(["compile", str(folder / "design.optd"), "--locked"]) == 0


def test_locked_fails_when_the_lock_would_change(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(design)]) == 0
    before = (design.parent / "optidsl.lock").read_text()
    capsys.readouterr()
    assert main(["compile", str(design), "--locked", "-p", "nodes=17"]) == 1
    assert "error[lock-stale]" in capsys.readouterr().err
    assert (design.parent / "optidsl.lock").read_text() == before


def test_an_error_writes_nothing(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _broken(design, "protocol         = infiniband", "protocol         = infinibad")
    assert main(["compile", str(design)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "did you mean `infiniband`" in captured.err
    assert sorted(path.name for path in design.parent.iterdir()) == ["design.optd"]


def test_json_and_sarif_go_to_standard_output(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _broken(design, "48U", "48W")
    for form in ("json", "sarif"):
        assert main(["check", str(design), "--format", form]) == 1
        captured = capsys.readouterr()
        assert json.loads(captured.out)
        assert captured.err == ""


def test_stats_json(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", str(design), "--format", "json", "-p", "nodes=31"]) == 0
    stats = json.loads(capsys.readouterr().out)
    assert stats["totals"]["gpus"] == 248


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "no/such.optd"], "there is no design no/such.optd"),
        (["check", "{}", "-p", "nodes"], "write NAME=VALUE"),
        (["fmt", "no-such-file"], "there is no file no-such-file"),
        (["catalog", "show", "mma4z00-nz"], "did you mean mma4z00-ns"),
        (["explain", "reach-exceded", "no/such.optd"], "did you mean reach-exceeded"),
        (["explain", "compute.spin", "{}"], "did you mean compute.spine"),
        (["check", "{}", "-p", "nodes=4", "-p", "nodes = 5"], "--param nodes = 5: nodes=4 is given already"),
        (["compile", "{}", "--emit", ""], "--emit '': write NAME,NAME; the emitters are bom, cabling, "),
        (["compile", "{}", "--emit", "bom,"], "--emit 'bom,': write NAME,NAME"),
        (["compile", "{}", "--lock", "no/such/a"], "--lock no/such/a: there is no folder no/such"),
        (["compile", "{}", "--lock", "."], "--lock .: this is a folder; name a file"),
        (["init", "{}"], "design.optd is a file; name a folder"),
        (["init", "{}/deeper"], "cannot be written: Not a directory"),
    ],
)
def test_usage_errors_exit_with_2(
    arguments: list[str], words: str, design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.replace("{}", str(design)) for word in arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("reach-exceeded", "# reach-exceeded"),
        ("compute", "fabric compute: rail_optimized, infiniband"),
        ("compute.spine", "is the fewest that take them"),
        ("compute: leaf -- spine", "checks"),
        ("compute-leaf001", "stands in  home/h1/a/a-net-1"),
        ("compute-leaf001:1/1", "along the trays"),
        ("gpu-1", "device gpu-1: dgx-h100"),
        ("gpu", "nodes gpu: 16 of model dgx-h100, written at "),
        ("gpu", "  links      128 to compute.leaf at 400 Gbit/s\n"),
        ("home.h1.a.net", "place home.h1.a.net: 2 racks, written at design.optd:"),
        ("home.h1.a.net", "rack home/h1/a/a-net-2: "),
        ("home/h1/a/a-net-1", "place home/h1/a/a-net-1: 1 rack, "),
        ("home.h1", "place home.h1: 10 racks, "),
    ],
)
def test_explain(what: str, words: str, design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", what, str(design)]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("command", [["compile"], ["stats"], ["explain", "compute"]])
def test_a_lock_that_is_no_text_is_a_usage_error(
    command: list[str], design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = design.parent / "optidsl.lock"
    lock.write_bytes(b"optidsl\xff")
    assert main([*command, str(design)]) == 2
    assert capsys.readouterr().err == f"optidsl: {lock} is not UTF-8 text (byte 7)\n"
    assert not (design.parent / "generated").exists()


def test_a_design_that_is_no_text_is_not_formatted(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    design.write_bytes(b"optd 1\n\xff")
    assert main(["fmt", str(design)]) == 2
    assert capsys.readouterr().err == f"optidsl: {design} is not UTF-8 text (byte 7)\n"
    assert design.read_bytes() == b"optd 1\n\xff"


def test_standard_input_is_formatted_unless_it_is_no_text() -> None:
    def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "optidsl", "fmt", "-"]
        return subprocess.run(command, cwd=ROOT, input=data, capture_output=True, check=False)

    assert run(FIRST.read_bytes()).stdout == FIRST.read_bytes()
    failed = run(b"optd \xff")
    assert (failed.returncode, failed.stderr) == (2, b"optidsl: standard input is not UTF-8 text (byte 5)\n")


@pytest.mark.parametrize("effort", ["-5", "0", "1", "999", "4294967296", "1" * 5000, "many"])
def test_an_effort_that_makes_no_sense_is_refused(
    effort: str, design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", str(design), f"--rlimit={effort}"])
    assert stop.value.code == 2
    assert "write a number from 1000 to 4294967295" in capsys.readouterr().err


def test_emitting_one_artefact_leaves_the_others_as_they_were(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(design)]) == 0
    out = design.parent / "generated"
    cables = (out / "cabling/cables.csv").read_text()
    bill = (out / "bom/bom.csv").read_text()
    capsys.readouterr()
    assert main(["compile", str(design), "--emit", "bom", "-p", "nodes=17"]) == 0
    assert " files of other emitters stay as they were" in capsys.readouterr().err
    assert (out / "cabling/cables.csv").read_text() == cables
    assert (out / "bom/bom.csv").read_text() != bill
    assert main(["compile", str(design), "-p", "nodes=17"]) == 0
    assert (out / "cabling/cables.csv").read_text() != cables


def test_catalog(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "search", "qm9700"]) == 0
    assert "switch_model" in capsys.readouterr().out
    assert main(["catalog", "show", "qm9700", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert main(["catalog", "check"]) == 0
    assert "0 findings" in capsys.readouterr().out


def test_fmt_rewrites_and_checks(design: Path) -> None:
    assert main(["fmt", "--check", str(design)]) == 0
    _broken(design, "  title = ", "  title   =   ")
    assert main(["fmt", "--check", str(design)]) == 1
    assert main(["fmt", str(design)]) == 0
    assert design.read_text() == FIRST.read_text()


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "oversubscription" in capsys.readouterr().out
    for what in ("language", "plan"):
        assert main(["schema", what]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("command", [["stats"], ["faults", "--any", "rack"], ["explain", "compute.spine"], ["loads"]])
def test_questions_do_not_repeat_the_warnings(
    command: list[str], design: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(design.parent)
    assert main(["check"]) == 0
    assert "warning[" in capsys.readouterr().err
    assert main(command) == 0
    told = capsys.readouterr()
    assert (bool(told.out), told.err) == (True, "")
    _broken(design, "qm9700", "qm9701")
    assert main(command) == 1
    assert "error[" in capsys.readouterr().err
