"""`optidsl explain budget`: every name of a link, formats, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optidsl.cli.commands.explain_budget import split
from optidsl.cli.main import main
from tests.unit.test_plan_light import DESIGN, PARTS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A design beside nothing, in the working folder."""
    text = "optd 1\n" + PARTS + DESIGN.replace("POLICY", "margin >= 0.2dB")
    (tmp_path / "design.optd").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ["n-1:p1"],
        ["n-1:p1", "design.optd"],
        ["n-1", "f-leaf001"],
        ["n-1", "f-leaf001", "design.optd"],
        ["n-1 f-leaf001"],
        ["n-1 -> f-leaf001"],
        ["f-leaf001 -- n-1", "design.optd"],
        ["n-1:p1--f-leaf001:Ethernet1"],
        ["a-r-1-01:p1/a-r-1-09:Ethernet1"],
        ["a-r-1-09:Ethernet1/a-r-1-01:p1"],
    ],
)
def test_a_link_by_any_of_its_names(folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "budget", *words]) == 0
    assert capsys.readouterr().out.startswith("budget n-1:p1 -- f-leaf001:Ethernet1\n")


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "budget", "n-1:p1", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parts"] == "lr (lc-2db) + jumper + lr (lc-2db)"
    assert {check["verdict"] for check in told["checks"]} == {"holds"}


def test_no_such_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "budget", "n-9:p1"]) == 2
    assert "no link of the design is called n-9:p1 (did you mean " in capsys.readouterr().err
    assert main(["explain", "budget", "design.optd"]) == 2
    assert "explain budget takes a link before the design" in capsys.readouterr().err


def test_one_name_and_one_design(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "one", "two", "three"]) == 2
    assert "explain takes one name and one design" in capsys.readouterr().err


def test_path_and_design() -> None:
    assert split(["n-1:p1"]) == ("n-1:p1", "design.optd")
    assert split(["n-1", "n-2"]) == ("n-1 n-2", "design.optd")
    assert split(["n-1", "n-2", "other"]) == ("n-1 n-2", "other")
    assert split(["n-1:p1", "other.optd"]) == ("n-1:p1", "other.optd")
    assert split(["n-1 -> n-2", "a b/other.optd"]) == ("n-1 n-2", "a b/other.optd")
