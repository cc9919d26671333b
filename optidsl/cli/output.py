"""Writing results so that a reader, or a run that is killed, never sees half of them.

A tree is written beside its target and moved into place whole. Its file `.optidsl-output` lists what this program put
there, each file with its emitter after a tab: a folder without one belongs to somebody else and is left alone, and so
are files that the list does not name.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from optidsl.diag import InternalError, UsageError

MARKER = ".optidsl-output"
_MARKER_HEAD = "Made by optidsl; every file below is replaced by the next compile.\n"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
"""Arguments of Linux' renameat2(2)."""


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all; an existing one is replaced."""
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_tree(
    files: dict[str, str],
    target: Path,
    makers: Mapping[str, str] | None = None,
    renewed: Collection[str] | None = None,
) -> int:
    """Replace a folder by the files given, whole or not at all, and return how many files of earlier runs stay.

    Files in it that an earlier run did not write are carried over. Killed at any moment, the old tree or the new one
    is there, or (on systems that cannot exchange two folders) will be after the next run.

    Args:
        files: Texts by path relative to the folder.
        target: The folder; made when there is none.
        makers: Which emitter made a file, by path.
        renewed: Emitters whose files are replaced; those of others stay when they are not among `files`. None: all.

    Raises:
        UsageError: The folder was not made by this program, a file of somebody else is where one is to be
            written, or the system refuses.
    """
    _check_paths(files)
    folder = target.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _exclusive(folder.parent):
            recover(folder)
            found, own = _found_files(folder, target)
            kept = [path for path in found if path not in own]
            clash = next((path for path in kept if path in files), None)
            if clash is not None:
                raise UsageError(f"{target / clash} is not one of optidsl's files, and one is to be written there")
            fresh = _sibling(folder, "new")
            stays = _staying(found, own, files, renewed)
            listed = {**{path: own[path] for path in stays}, **{path: (makers or {}).get(path, "") for path in files}}
            _write_all(files, fresh, listed)
            _carry_over([*kept, *stays], folder, fresh)
            _move_in(fresh, folder)
            return len(stays)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error


def recover(folder: Path) -> None:
    """Finish what a killed run left: put the old tree back when nothing is in place, remove what is left over."""
    old, fresh = _sibling(folder, "old"), _sibling(folder, "new")
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (old, fresh):
        if leftover.exists():
            shutil.rmtree(leftover)


# ------------------------------------------------------------------ what may be replaced


def _check_paths(files: dict[str, str]) -> None:
    for path in files:
        parts = PurePosixPath(path).parts
        if not parts or parts[0] == "/" or ".." in parts or path == MARKER:
            raise InternalError(f"an artefact's path is {path!r}")


def _found_files(folder: Path, target: Path) -> tuple[list[str], dict[str, str]]:
    """Return the files in the folder and those that this program wrote, with their emitters.

    A folder that this program did not make is refused.
    """
    if not folder.exists():
        return [], {}
    if not folder.is_dir():
        raise UsageError(f"{target} is a file; choose another folder with --out")
    marker = folder / MARKER
    if not marker.is_file():
        if any(folder.iterdir()):
            raise UsageError(
                f"{target} was not made by optidsl (it has no {MARKER}); choose another folder with --out, or empty it"
            )
        return [], {}
    own = _listed(marker, target / MARKER)
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(path for path in found if path != MARKER), own


def _listed(marker: Path, shown: Path) -> dict[str, str]:
    """Return the files that a marker lists, with their emitters."""
    try:
        lines = marker.read_text(encoding="utf-8").splitlines()[1:]
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{shown} is not UTF-8 text (byte {error.start}), so it is unknown which files are optidsl's; "
            "choose another folder with --out, or empty it"
        ) from error
    return {path: maker for path, _, maker in (line.partition("\t") for line in lines)}


def _staying(
    found: list[str], own: dict[str, str], files: dict[str, str], renewed: Collection[str] | None
) -> list[str]:
    """Return the files of earlier runs whose emitters are not renewed."""
    if renewed is None:
        return []
    return [path for path in found if path in own and own[path] not in renewed and path not in files]


# ------------------------------------------------------------------ writing and moving


def _sibling(folder: Path, word: str) -> Path:
    return folder.with_name(f".{folder.name}.optidsl-{word}")


def _write_all(files: dict[str, str], folder: Path, listed: dict[str, str]) -> None:
    folder.mkdir()
    made = {folder}
    for path in sorted(files):
        file = folder / path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        with file.open("w", encoding="utf-8", newline="") as stream:
            stream.write(files[path])
    lines = "".join(f"{path}\t{maker}\n" if maker else f"{path}\n" for path, maker in sorted(listed.items()))
    (folder / MARKER).write_text(_MARKER_HEAD + lines, encoding="utf-8", newline="")


def _carry_over(paths: list[str], folder: Path, fresh: Path) -> None:
    for path in paths:
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / path, fresh / path, follow_symlinks=False)


def _move_in(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
    elif exchange(fresh, folder):
        shutil.rmtree(fresh)
    else:
        old = _sibling(folder, "old")
        folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old)


def exchange(a: Path, b: Path) -> bool:
    """Let two folders change places in one step; return False where the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result: int = renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE)
    return result == 0


@contextlib.contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Let one run at a time write below a folder; the lock ends with the process and leaves no file."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
