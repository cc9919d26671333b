"""Files as a git revision has them."""

from __future__ import annotations

import hashlib
import posixpath
import subprocess
from pathlib import Path

from optidsl.diag import UsageError


def is_blob(name: str, text: str) -> bool:
    """Tell whether a text is the file that git keeps under an id: SHA-1, or SHA-256 in a repository of these."""
    content = text.encode("utf-8")
    digest = hashlib.sha256 if len(name) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest() == name


class Revision:
    """A commit of the repository that holds a folder; a loader of sources as they were there."""

    def __init__(self, folder: Path, name: str) -> None:
        """Look up a revision.

        Args:
            folder: A folder of the work tree; paths are relative to it.
            name: `main`, `HEAD~1`, a commit's id, …

        Raises:
            UsageError: There is no git, no repository, or no such revision.
        """
        self.name = name
        self._folder = folder
        prefix = self._git("rev-parse", "--show-prefix")
        if prefix is None:
            raise UsageError(
                f"{folder.resolve()} is in no git repository: there is no revision `{name}` to compare with"
            )
        self._prefix = prefix.removesuffix("\n")
        commit = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if commit is None:
            raise UsageError(
                f"there is no git revision `{name}`, and no plan.json of that name; BASE is a revision (main, HEAD~1), "
                "a plan.json, or a folder that holds one"
            )
        self._commit = commit.strip()

    def read(self, path: str) -> str | None:
        """Return the text of a file of the commit, or None where it has none; paths are relative to the folder."""
        inside = posixpath.normpath(posixpath.join(self._prefix, path))
        if inside.startswith(("..", "/")):
            return None
        return self._git("cat-file", "blob", f"{self._commit}:{inside}", shown=f"{path} of {self.name}")

    def blobs(self, folder: str) -> dict[str, str]:
        """Return the ids of the files below a folder of the commit, by their path in it; empty where it has none."""
        inside = posixpath.normpath(posixpath.join(self._prefix, folder))
        listed = self._git("ls-tree", "-r", "-z", "--full-tree", f"{self._commit}:{inside}", shown=folder) or ""
        entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
        return {path: head.split()[2] for head, _, path in entries}

    def _git(self, *words: str, shown: str = "") -> str | None:
        """Run git and return what it prints, or None when it fails."""
        try:
            done = subprocess.run(
                ["git", "-C", str(self._folder), *words], capture_output=True, check=False, stdin=subprocess.DEVNULL
            )
        except FileNotFoundError:
            raise UsageError("git is not installed, and BASE names a git revision") from None
        if done.returncode != 0:
            return None
        try:
            return done.stdout.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(f"{shown or words[0]} is not UTF-8 text (byte {error.start})") from error
