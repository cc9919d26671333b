"""`optidsl plan` on the command line: what it compares with, where it writes, how it exits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.support.compiled import files_of

ONE_MORE = ("node n[1..4]", "node n[1..5]")


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A compiled design, alone in a folder below the root of a repository with one commit."""
    folder = tmp_path / "sub"
    folder.mkdir()
    for path, text in files_of().items():
        (folder / path).write_text(text, encoding="utf-8")
    assert main(["compile", str(folder / "design.optd")]) == 0
    _git(tmp_path, "init", "-q", "-b", "main")
    _git(tmp_path, "config", "user.name", "Test")
    _git(tmp_path, "config", "user.email", "test@example.org")
    _commit(tmp_path)
    return folder / "design.optd"


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def _commit(folder: Path) -> None:
    _git(folder, "add", "-A")
    _git(folder, "-c", "commit.gpgsign=false", "commit", "-q", "-m", "a state")


def _edit(design: Path, old: str, new: str) -> None:
    text = design.read_text(encoding="utf-8")
    assert old in text
    design.write_text(text.replace(old, new), encoding="utf-8")


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["plan", *words])
    out, err = capsys.readouterr()
    return code, out, err


def _headline(text: str) -> str:
    return text.splitlines()[0]


MORE = "+1 n: pull 1 cable (10 m), buy 2 modules, 1 device changes, no session resets"


# ------------------------------------------------------------------ silence


@pytest.mark.parametrize("form", ["text", "md"])
def test_nothing_changes_nothing_is_printed(design: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert _run(capsys, str(design), "--format", form, "--exit-code") == (0, "", "")


def test_a_comment_is_no_change(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, "design d {", "# a comment\n\n\ndesign d {  # another")
    assert _run(capsys, str(design)) == (0, "", "")
    assert _run(capsys, str(design), "main") == (0, "", "")


def test_json_says_that_nothing_changes(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(_run(capsys, str(design), "--format", "json")[1])["is_empty"] is True


# ------------------------------------------------------------------ what it compares with


def test_the_plan_beside_the_design_is_the_base(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    code, out, err = _run(capsys, str(design))
    assert (code, err) == (0, "")
    assert _headline(out) == MORE
    assert main(["compile", str(design)]) == 0
    assert _run(capsys, str(design))[1] == ""


def test_without_a_plan_beside_it_head_is_the_base(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    (design.parent / "generated/plan.json").unlink()
    assert _headline(_run(capsys, str(design))[1]) == MORE


def test_a_revision_with_its_committed_plan(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    assert main(["compile", str(design)]) == 0
    _commit(design.parent)
    assert _run(capsys, str(design), "HEAD")[1] == ""
    assert _headline(_run(capsys, str(design), "HEAD~1")[1]) == MORE


def test_a_revision_whose_plan_is_stale_or_missing_is_compiled(
    design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(design, *ONE_MORE)
    _commit(design.parent)
    assert _run(capsys, str(design), "main")[1] == ""
    _git(design.parent, "rm", "-q", "-r", "generated")
    _commit(design.parent)
    assert _run(capsys, str(design), "main")[1] == ""
    assert _headline(_run(capsys, str(design), "main~2")[1]) == MORE


def test_a_file_and_folders(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    generated = design.parent / "generated"
    for base in (generated / "plan.json", generated, design.parent):
        assert _headline(_run(capsys, str(design), str(base))[1]) == MORE


def test_a_lone_word_that_is_no_file_is_the_base(
    design: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(design, *ONE_MORE)
    monkeypatch.chdir(design.parent)
    assert _headline(_run(capsys, "main")[1]) == MORE


# ------------------------------------------------------------------ output


def test_exit_code(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    assert _run(capsys, str(design), "--exit-code")[0] == 5


def test_out(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    file = tmp_path / "comment.md"
    assert _run(capsys, str(design), "--format", "md", "--out", str(file)) == (0, "", "")
    assert file.read_text(encoding="utf-8").startswith(f"### d: {MORE}\n")


def test_the_lock_holds_for_the_plan_to_come(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, *ONE_MORE)
    content = json.loads(_run(capsys, str(design), "--format", "json")[1])
    assert content["renumbered"] == []
    assert content["unexplained"] == []
    assert [each["kind"] for each in content["cables"]] == ["pull"]


def test_moved_carries_over_what_is_there(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = design.read_text(encoding="utf-8").replace("fabric f {", "fabric g {")
    design.write_text(text, encoding="utf-8")
    out = _run(capsys, str(design))[1]
    assert "    moved f -> g" in out.splitlines()
    _edit(design, "design d {", "design d {\n  moved f -> g\n")
    assert (
        _headline(_run(capsys, str(design))[1]) == "moved f -> g: no work on cables, modules, boxes or configurations"
    )


# ------------------------------------------------------------------ mistakes


def test_no_such_revision(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, str(design), "no-such")
    assert (code, out) == (2, "")
    assert "there is no git revision `no-such`, and no plan.json of that name" in err


def test_a_word_that_looks_like_an_option_is_no_option_of_git(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, str(design), "--", "--all")[0] == 2


def test_no_repository(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").rename(tmp_path / "git-away")
    code, _, err = _run(capsys, str(design), "main")
    assert code == 2
    assert "is in no git repository: there is no revision `main` to compare with" in err


def test_nothing_to_compare_with(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").rename(tmp_path / "git-away")
    (design.parent / "generated/plan.json").unlink()
    code, _, err = _run(capsys, str(design))
    assert code == 2
    assert "there is nothing to compare" in err
    assert "compile it first, or name BASE" in err


def test_a_design_that_is_not_there_at_that_revision(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = design.with_name("other.optd")
    other.write_text(design.read_text(encoding="utf-8"), encoding="utf-8")
    code, _, err = _run(capsys, str(other), "main")
    assert code == 2
    assert "main has no other.optd: there is nothing to compare with" in err


def test_a_plan_of_another_version(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.json"
    text = (design.parent / "generated/plan.json").read_text(encoding="utf-8")
    file.write_text(text.replace('"schema_version": "1.0"', '"schema_version": "9.0"'), encoding="utf-8")
    code, _, err = _run(capsys, str(design), str(file))
    assert code == 2
    assert "the plan has schema version 9.0" in err


def test_no_such_plan(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, str(design), "no/plan.json")
    assert code == 2
    assert "there is no plan no/plan.json" in err


def test_a_design_with_errors(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(design, "model = box", "model = bax")
    code, out, err = _run(capsys, str(design))
    assert (code, out) == (1, "")
    assert "bax" in err


def test_a_revision_that_does_not_compile(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = design.read_text(encoding="utf-8")
    _edit(design, "model = box", "model = bax")
    _commit(design.parent)
    design.write_text(good, encoding="utf-8")
    code, _, err = _run(capsys, str(design), "main")
    assert code == 2
    assert "the design of main does not compile: " in err


# ------------------------------------------------------------------ artefacts of another version


@pytest.mark.parametrize("base", [[], ["generated"], ["HEAD"]])
def test_artefacts_that_another_version_made_are_told(
    design: Path, base: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(design.parent)
    assert _run(capsys, "design.optd", *base) == (0, "", "")
    config = next((design.parent / "generated" / "configs").rglob("*.conf"))
    config.write_text(config.read_text(encoding="utf-8") + "! from an older version\n", encoding="utf-8")
    _commit(design.parent.parent)
    code, out, err = _run(capsys, "design.optd", *base, "--exit-code")
    assert (code, err) == (5, "")
    assert _headline(out) == "the design does not change, 1 artefact does"
    name = config.relative_to(design.parent / "generated").as_posix()
    assert "Artefacts that change although the design does not" in out
    assert name in out
    _edit(design, *ONE_MORE)
    _, out, _ = _run(capsys, "design.optd", *base)
    assert _headline(out) == MORE
    assert name in out
