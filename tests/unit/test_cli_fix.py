"""`optidsl fix`: what is listed, what is written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.differential.test_explanations import written

CONFLICT = {"up": ["length = 80m  # measured", "medium = multimode"]}


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A design whose leaf uplinks are too long for the medium asked for."""
    path = tmp_path / "design.optd"
    path.write_text(written(CONFLICT), encoding="utf-8")
    return path


def put(path: Path, **case: list[str]) -> str:
    text = written(case)
    path.write_text(text, encoding="utf-8")
    return text


def test_the_ways_out_are_listed_with_their_numbers_and_prices(
    design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fix", str(design)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1. design.optd:43: error[no-optic-fits]: no optic in the catalogue fits")
    assert lines[1:] == [
        "   1. shorten the longest link of `compute: leaf -- spine` to 50 m or less (30 m less): "
        "mma4z00-ns + mfp7e10-om4 + mma4z00-ns then fits "
        "(cheapest: 1.088 kW of optics, 2 optic SKUs, 1,920 m of cable)",
        "   2. allow singlemode as medium: mms4x00-nm + mfp7e30 + mms4x00-nm then fits (+1,600 m of cable)",
        f"apply one with `optidsl fix {design} --apply N`; add --dry-run to see the change first",
    ]


def test_the_numbers_are_those_of_the_messages(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(design)])
    told = capsys.readouterr().err
    assert "= help: 1. shorten the longest link" in told
    assert "; `optidsl fix --apply 1`\n" in told
    assert "= help: 2. allow singlemode as medium" in told


def test_a_way_out_is_written_and_the_rest_of_the_text_stays(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = design.read_text(encoding="utf-8")
    assert main(["fix", str(design), "--apply", "1"]) == 0
    assert design.read_text(encoding="utf-8") == before.replace("length = 80m  # measured", "length = 50m  # measured")
    assert f"changed {design}; the design has no errors then\n" in capsys.readouterr().err
    assert main(["check", str(design)]) == 0


def test_a_dry_run_prints_the_difference_and_writes_nothing(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = design.read_text(encoding="utf-8")
    assert main(["fix", str(design), "--apply", "2", "--dry-run"]) == 0
    assert design.read_text(encoding="utf-8") == before
    told = capsys.readouterr()
    changed = [line for line in told.out.splitlines() if line[0] in "+-"]
    assert changed == [
        "--- a/design.optd",
        "+++ b/design.optd",
        "-      medium = multimode",
        "+      medium in [multimode, singlemode]",
    ]
    assert "would change" in told.err


def test_json_lists_what_can_be_applied(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", str(design), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "optidsl.fixes/1"
    assert [(way["number"], way["conflict"], len(way["edits"])) for way in document["ways"]] == [(1, 1, 1), (2, 1, 1)]
    assert document["has_errors"] is True
    assert main(["fix", str(design), "--format", "json", "--apply", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["applied"] == [2]


def test_two_conflicts_are_numbered_through_and_applied_together(
    design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(design, rules=["require cables.count <= 10", "require cables.length <= 20m"])
    assert main(["fix", str(design), "--conflict", "2"]) == 1
    assert "   2. raise the limit to 336 m" in capsys.readouterr().out
    assert main(["fix", str(design), "--apply", "1"]) == 1
    assert "errors are left" in capsys.readouterr().err
    put(design, rules=["require cables.count <= 10", "require cables.length <= 20m"])
    assert main(["fix", str(design), "--apply", "1", "--apply", "2"]) == 0


def test_ends_of_lines_stay_as_they_are(design: Path) -> None:
    design.write_bytes(design.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["fix", str(design), "--apply", "1"]) == 0
    raw = design.read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert b"length = 50m  # measured\r\n" in raw


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--apply", "9"], "--apply 9: no way out has this number; there are 1 to 2"),
        (["--conflict", "4"], "--conflict 4: there is no such conflict with a way out"),
        (["--dry-run"], "--dry-run shows what --apply N would change: name a way out with --apply N"),
    ],
)
def test_what_cannot_be_applied_is_refused(
    arguments: list[str], words: str, design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = design.read_text(encoding="utf-8")
    assert main(["fix", str(design), *arguments]) == 2
    assert capsys.readouterr().err == f"optidsl: {words}\n"
    assert design.read_text(encoding="utf-8") == before


def test_a_way_out_by_hand_is_refused_with_what_to_do(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = put(design, down=["medium = multimode"]).replace("rack_pitch = 0.6m", "rack_pitch = 40m")
    design.write_text(text, encoding="utf-8")
    main(["fix", str(design)])
    listed = capsys.readouterr().out
    (by_hand,) = (line for line in listed.splitlines() if line.endswith("; by hand"))
    assert "shorten the longest link" in by_hand
    number = by_hand.split(".")[0].strip()
    assert main(["fix", str(design), "--apply", number]) == 2
    words = f"optidsl: --apply {number}: nothing in the text stands for this; do it by hand: shorten the longest link"
    assert capsys.readouterr().err.startswith(words)


def test_a_file_that_changes_meanwhile_is_not_written(
    design: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import optidsl.pipeline as pipeline

    real = pipeline.check

    def check_and_change(*arguments: object, **options: object) -> object:
        found = real(*arguments, **options)  # type: ignore[arg-type]
        design.write_text("optd 1\n", encoding="utf-8")
        return found

    monkeypatch.setattr(pipeline, "check", check_and_change)
    assert main(["fix", str(design), "--apply", "1"]) == 2
    assert "changed while it was checked; nothing was written" in capsys.readouterr().err
    assert design.read_text(encoding="utf-8") == "optd 1\n"


def test_misspelt_names_and_missing_imports_are_fixed_too(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = put(design).replace("model = qm9700, place { at", "model = qm970, place { at")
    design.write_text(text, encoding="utf-8")
    assert main(["fix", str(design)]) == 1
    assert "1. replace by `qm9700`" in capsys.readouterr().out
    design.write_text(put(design).replace("use std.switches { qm9700 }\n", ""), encoding="utf-8")
    assert main(["fix", str(design), "--apply", "1"]) == 0
    assert "use std.switches { qm9700 }\n" in design.read_text(encoding="utf-8")


def test_a_name_joins_the_list_that_is_imported_already(design: Path) -> None:
    text = put(design).replace("tier spine { model = qm9700", "tier spine { model = qm9790")
    design.write_text(text, encoding="utf-8")
    main(["fix", str(design), "--apply", "1"])
    found = design.read_text(encoding="utf-8")
    assert "{ qm9790 }" in found or "{ qm9700, qm9790 }" in found


def test_nothing_wrong_is_said(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = put(design).replace("use std.optics   { mma4z00-ns }\nuse std.cables   { mfp7e10 }\n", "")
    design.write_text(text, encoding="utf-8")
    assert main(["fix", str(design)]) == 0
    assert capsys.readouterr().out == f"{design}: no errors, nothing to fix\n"
