"""Results are written whole or not at all, and nobody else's files are touched."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optidsl.cli import output
from optidsl.cli.output import MARKER, write_file, write_tree
from optidsl.diag import InternalError, UsageError

CHECKOUT = Path(output.__file__).resolve().parents[2]
N_FILES = 150

# Replaces the tree by ever newer ones until it is killed; every file holds the number of its tree.
WRITER = """
import sys
from pathlib import Path
from optidsl.cli import output
if sys.argv[2] == "no-exchange":
    output.exchange = lambda a, b: False
number = int(sys.argv[3])
print("ready", flush=True)
while True:
    number += 1
    files = {f"d{i % 7}/f{i}.txt": f"{number}" for i in range(int(sys.argv[4]))}
    output.write_tree(files, Path(sys.argv[1]))
"""

# Replaces tree 1 by tree 2 in a child that is killed at its first, second, … file operation, until one survives.
KILLED_AT_EACH_OPERATION = """
import os, shutil, signal, sys
from pathlib import Path
from optidsl.cli import output
if sys.argv[2] == "no-exchange":
    output.exchange = lambda a, b: False
target = Path(sys.argv[1])
trees = [{f"d{i % 3}/{n}-{i}.txt": str(n) for i in range(6)} for n in (1, 2)]

def killed_at(operation):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    left = [operation]
    def count(event, arguments):
        if event.startswith(("open", "os.", "shutil.")):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    output.write_tree(trees[1], target)
    os._exit(0)

def state():
    found = {p.relative_to(target).as_posix(): p.read_text() for p in target.rglob("*") if p.is_file()}
    del found[output.MARKER]
    return found

operation, was_killed = 0, True
while was_killed:
    operation += 1
    shutil.rmtree(target, ignore_errors=True)
    output.write_tree(trees[0], target)
    was_killed = killed_at(operation)
    if sys.argv[2] == "exchange" and sys.platform == "linux" and not target.is_dir():
        sys.exit(f"nothing is in place after operation {operation}")
    output.recover(target)
    if state() not in trees:
        sys.exit(f"neither tree is whole after operation {operation}: {sorted(state())}")
    if [entry.name for entry in target.parent.iterdir()] != [target.name]:
        sys.exit(f"something is left over after operation {operation}")
if state() != trees[1]:
    sys.exit("the run that was not killed did not finish")
print(operation)
"""


@pytest.fixture(params=["exchange", "no-exchange"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of moving a tree into place."""
    if request.param == "no-exchange":
        monkeypatch.setattr(output, "exchange", lambda a, b: False)
    return str(request.param)


def read(folder: Path) -> dict[str, str]:
    """The files of a tree, without the marker."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_a_tree_is_made(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "generated"
    write_tree({"a.txt": "1\n", "b/c/d.txt": "ß\r\n"}, target)
    assert (target / "b/c/d.txt").read_bytes() == "ß\r\n".encode()
    assert (target / MARKER).read_text() == (
        "Made by optidsl; every file below is replaced by the next compile.\na.txt\nb/c/d.txt\n"
    )
    assert [path.name for path in target.parent.iterdir()] == ["generated"]


def test_a_tree_is_replaced_whole(tmp_path: Path, way: str) -> None:
    target = tmp_path / "generated"
    write_tree({"old/a.txt": "1", "kept.txt": "1"}, target)
    write_tree({"kept.txt": "2", "new/b.txt": "2"}, target)
    assert read(target) == {"kept.txt": "2", "new/b.txt": "2"}
    assert not (target / "old").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


def test_an_empty_folder_is_used(tmp_path: Path, way: str) -> None:
    write_tree({"a.txt": "1"}, tmp_path)
    assert read(tmp_path) == {"a.txt": "1"}


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "src"
    target.mkdir()
    (target / "main.py").write_text("print()")
    with pytest.raises(UsageError) as caught:
        write_tree({"a.txt": "1"}, target)
    assert str(caught.value) == (
        f"{target} was not made by optidsl (it has no .optidsl-output); choose another folder with --out, or empty it"
    )
    assert read(target) == {"main.py": "print()"}
    assert [path.name for path in tmp_path.iterdir()] == ["src"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    target.write_text("mine")
    with pytest.raises(UsageError, match="is a file; choose another folder with --out"):
        write_tree({"a.txt": "1"}, target)
    assert target.read_text() == "mine"


def test_files_of_somebody_else_are_carried_over(tmp_path: Path, way: str) -> None:
    target = tmp_path / "generated"
    write_tree({"a/1.txt": "1"}, target)
    (target / "a" / "notes.md").write_text("mine")
    (target / "link").symlink_to("nowhere")
    write_tree({"b/2.txt": "2"}, target)
    assert read(target) == {"a/notes.md": "mine", "b/2.txt": "2"}
    assert (target / "link").readlink() == Path("nowhere")
    write_tree({"b/2.txt": "3"}, target)
    assert read(target) == {"a/notes.md": "mine", "b/2.txt": "3"}


def test_a_file_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    write_tree({"a.txt": "1"}, target)
    (target / "b.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"b\.txt is not one of optidsl's files, and one is to be written there"):
        write_tree({"a.txt": "2", "b.txt": "2"}, target)
    assert read(target) == {"a.txt": "1", "b.txt": "mine"}


@pytest.mark.parametrize("path", ["../a.txt", "/a.txt", "a/../../b", "", MARKER])
def test_a_path_outside_the_folder_is_a_bug(tmp_path: Path, path: str) -> None:
    with pytest.raises(InternalError):
        write_tree({path: ""}, tmp_path / "generated")
    assert not list(tmp_path.iterdir())


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real"
    write_tree({"a.txt": "1"}, real)
    link = tmp_path / "generated"
    link.symlink_to("real")
    write_tree({"a.txt": "2"}, link)
    assert link.is_symlink()
    assert read(real) == {"a.txt": "2"}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written: "):
        write_tree({"a.txt": "1"}, tmp_path / "file" / "generated")


def test_the_gap_of_a_killed_swap_is_closed_by_the_next_run(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    write_tree({"a.txt": "1"}, target)
    target.rename(tmp_path / ".generated.optidsl-old")
    (tmp_path / ".generated.optidsl-new").mkdir()
    output.recover(target)
    assert read(target) == {"a.txt": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


def test_what_a_killed_run_left_over_is_removed(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    write_tree({"a.txt": "1"}, target)
    for word in ("old", "new"):
        (tmp_path / f".generated.optidsl-{word}").mkdir()
    write_tree({"a.txt": "2"}, target)
    assert read(target) == {"a.txt": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("way_of_moving", ["exchange", "no-exchange"])
def test_killed_at_any_file_operation_one_whole_tree_is_there(tmp_path: Path, way_of_moving: str) -> None:
    command = [sys.executable, "-c", KILLED_AT_EACH_OPERATION, str(tmp_path / "generated"), way_of_moving]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 20


@pytest.mark.parametrize("way_of_moving", ["exchange", "no-exchange"])
def test_killed_at_random_moments_one_whole_tree_is_there(tmp_path: Path, way_of_moving: str) -> None:
    target = tmp_path / "generated"
    rng = random.Random(1)
    write_tree({f"d{i % 7}/f{i}.txt": "0" for i in range(N_FILES)}, target)
    (target / "notes.md").write_text("mine")
    last = 0
    for _ in range(8):
        command = [sys.executable, "-c", WRITER, str(target), way_of_moving, str(last), str(N_FILES)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.1))
        writer.kill()
        writer.wait()
        writer.stdout.close()
        output.recover(target)
        files = read(target)
        assert files.pop("notes.md") == "mine"
        numbers = {int(number) for number in files.values()}
        assert (len(files), len(numbers)) == (N_FILES, 1)
        assert min(numbers) >= last
        last = numbers.pop()


def test_two_runs_at_once_take_turns(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    script = WRITER.replace("while True:", "for _ in range(8):")
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(target), "exchange", start, "20"], cwd=CHECKOUT)
        for start in ("100", "200")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert len(set(read(target).values())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


def test_files_of_emitters_that_are_not_renewed_stay_with_their_makers(tmp_path: Path, way: str) -> None:
    target = tmp_path / "generated"
    makers = {"bom.csv": "bom", "old.csv": "bom", "a/frr.conf": "frr", "gone.conf": "frr"}
    write_tree({**dict.fromkeys(makers, "1"), "plan.json": "1"}, target, makers)
    (target / "gone.conf").unlink()
    (target / "notes.md").write_text("mine")
    kept = write_tree({"bom.csv": "2", "plan.json": "2"}, target, {"bom.csv": "bom"}, ["bom"])
    assert kept == 1
    assert read(target) == {"bom.csv": "2", "a/frr.conf": "1", "plan.json": "2", "notes.md": "mine"}
    assert (target / MARKER).read_text().splitlines()[1:] == ["a/frr.conf\tfrr", "bom.csv\tbom", "plan.json"]
    assert write_tree({"plan.json": "3"}, target) == 0
    assert read(target) == {"plan.json": "3", "notes.md": "mine"}


def test_a_marker_that_is_no_text_is_told(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    write_tree({"a.txt": "1"}, target)
    (target / MARKER).write_bytes(b"Made\n\xff\xfe")
    with pytest.raises(UsageError, match=r"output is not UTF-8 text \(byte 5\), so it is unknown which files"):
        write_tree({"a.txt": "2"}, target)
    assert (target / "a.txt").read_text() == "1"


# ------------------------------------------------------------------ single files


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "optidsl.lock"
    write_file(path, "1\n")
    write_file(path, "2\n")
    assert path.read_bytes() == b"2\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["optidsl.lock"]


def test_a_file_behind_a_link_is_replaced_there(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("1")
    (tmp_path / "optidsl.lock").symlink_to("real")
    write_file(tmp_path / "optidsl.lock", "2")
    assert (tmp_path / "optidsl.lock").is_symlink()
    assert (tmp_path / "real").read_text() == "2"


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "optidsl.lock").mkdir()
    with pytest.raises(UsageError, match=r"optidsl\.lock cannot be written: "):
        write_file(tmp_path / "optidsl.lock", "1")
    assert [entry.name for entry in tmp_path.iterdir()] == ["optidsl.lock"]
