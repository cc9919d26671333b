"""The README shows what the commands print: every `console` block is run on its example."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from optidsl.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def console() -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the README with the lines of its output; `…` stands for what is left out."""
    for block in re.findall(r"(?ms)^```console\n(.*?)^```", README):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            command, *lines = part.splitlines()
            yield command, [line for line in lines if line != "…"]


def run(command: str) -> None:
    """Run `sed -i s/a/b/ FILE && optidsl …` without a shell."""
    for part in command.split(" && "):
        words = shlex.split(part)
        if words[0] == "sed":
            _, old, new, _ = words[2].split("/")
            path = Path(words[3])
            before = path.read_text(encoding="utf-8")
            assert old in before
            path.write_text(before.replace(old, new), encoding="utf-8")
        else:
            assert words[0] == "optidsl"
            main(words[1:])


def test_the_readme_shows_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = ROOT / "examples" / "rail-roce-512"
    for name in ("design.optd", "optidsl.lock"):
        shutil.copy(example / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    commands = list(console())
    assert commands
    for command, lines in commands:
        run(command)
        printed = capsys.readouterr().out.splitlines()
        for line in lines:
            assert line in printed, f"`{command}` prints no line `{line}`:\n" + "\n".join(printed)
            printed = printed[printed.index(line) + 1 :]
