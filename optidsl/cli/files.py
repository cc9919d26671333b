"""Reading designs from the file system, and the cache of parsed modules."""

from __future__ import annotations

import os
from pathlib import Path

from optidsl._context import Context, Options
from optidsl._version import __version__
from optidsl.diag import UsageError


class FileLoader:
    """Read source texts below (or beside) the folder of a design."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> str | None:
        """Return the text of a file named relative to the design's folder, or None when it cannot be read."""
        file = self._folder / path
        try:
            return file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except IsADirectoryError:
            return None
        except UnicodeDecodeError as error:
            raise _not_text(file, error) from error
        except PermissionError as error:
            raise UsageError(f"{file} cannot be read: permission denied") from error


def read_text(file: Path) -> str:
    """Return the text of a file; what keeps it from being read is a usage error."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _not_text(file, error) from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def lock_text_of(file: Path) -> str | None:
    """Return the text of a lock, or None when there is no such file."""
    return read_text(file) if file.is_file() else None


def _not_text(file: Path, error: UnicodeDecodeError) -> UsageError:
    return UsageError(f"{file} is not UTF-8 text (byte {error.start})")


def cache_folder() -> Path | None:
    """Return the user's cache folder of this program, or None when caching is switched off."""
    if os.environ.get("OPTIDSL_CACHE") == "off":
        return None
    base = os.environ.get("OPTIDSL_CACHE") or os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "optidsl" / __version__
    home = Path.home() if "HOME" in os.environ else None
    return None if home is None else home / ".cache" / "optidsl" / __version__


class FileCache:
    """Keep byte strings by key below a folder; a cache that cannot be used is silently no cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key."""
        try:
            return (self._folder / key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, content: bytes) -> None:
        """Keep a byte string; concurrent writers each move a whole file into place."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary = self._folder / f"{key}.{os.getpid()}.tmp"
            temporary.write_bytes(content)
            temporary.replace(self._folder / key)
        except OSError:
            return


def design_path(name: str) -> Path:
    """Return the path of a design; a folder stands for the `design.optd` in it."""
    path = Path(name)
    if path.is_dir():
        path = path / "design.optd"
    if not path.is_file():
        raise UsageError(f"there is no design {name} (start one with `optidsl init FOLDER`)")
    return path


def params_of(assignments: list[str]) -> dict[str, str]:
    """Return the `--param NAME=VALUE` options as a map."""
    params: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"--param {assignment}: write NAME=VALUE")
        if name.strip() in params:
            first = f"{name.strip()}={params[name.strip()]}"
            raise UsageError(f"--param {assignment}: {first} is given already; give each parameter once")
        params[name.strip()] = value.strip()
    return params


def context_for(path: Path, options: Options) -> Context:
    """Return a context that reads the files beside a design."""
    folder = cache_folder()
    cache = None if folder is None else FileCache(folder)
    return Context(loader=FileLoader(path.parent), options=options, parse_cache=cache)
