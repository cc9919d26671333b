"""`optidsl test` and `optidsl faults`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optidsl.cli.main import main
from optidsl.proofs.faults import Faults
from tests.unit.test_proofs_tests import files

PASSES = "  test whole { expect links(f) == 128, expect diameter(f) == 2 }\n"
BREAKS = "  test any-switch { fail_any = switch, expect lost_endpoints(f) <= 8 }\n"


def _design(folder: Path, body: str) -> str:
    for name, text in files(body).items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder / "design.optd")


def test_one_line_for_each_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", _design(tmp_path, PASSES + BREAKS)]) == 1
    shown = capsys.readouterr()
    assert shown.out == (
        "fails   any-switch: 1 expectation; any switch failed, each of 6 in turn\nok      whole: 2 expectations\n"
    )
    assert "when f-leaf001 has failed: `lost_endpoints(f) <= 8` is 16, wanted at most 8, 8 too much" in shown.err


def test_tests_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    design = _design(tmp_path, PASSES + BREAKS)
    assert main(["test", design, "whole"]) == 0
    assert capsys.readouterr().out == "ok      whole: 2 expectations\n"
    assert main(["test", design, "hole"]) == 1
    assert "error[unknown-test]: there is no test `hole` (did you mean `whole`?)" in capsys.readouterr().err
    assert main(["test", _design(tmp_path, "")]) == 0
    assert capsys.readouterr().out == "no tests\n"


def test_a_failed_test_stops_compile_and_not_what_looks_into_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design = _design(tmp_path, PASSES + BREAKS + "  require near: diameter(f) <= 2\n")
    assert main(["compile", design]) == 1
    assert not (tmp_path / "generated").exists()
    assert main(["stats", design]) == 0
    assert main(["faults", design, "--any", "switch"]) == 0
    assert "any switch of 6" in capsys.readouterr().out
    assert main(["check", design]) == 0
    assert (
        "no errors; `optidsl test` and `compile` judge 2 tests and 1 promise on the finished network"
        in capsys.readouterr().err
    )


def test_faults_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", _design(tmp_path, ""), "--format", "json", "--any", "link", "--any", "rack"]) == 0
    text = capsys.readouterr().out
    found = Faults.model_validate_json(text)
    assert found.to_json() == text
    assert [line.kind for line in found.lines] == ["link", "rack"]
    assert json.loads(text)["lines"][1]["lost_endpoints"] == {
        "element": "rack b-s-1",
        "value": "32",
        "at_most": False,
        "note": "",
        "measured": 9,
        "different": 9,
    }
