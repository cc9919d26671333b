"""The start of the command: what is kept cheap stays right."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from optidsl._digest import digest
from optidsl.cli.main import build_parser

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("text", ["", "optd 1\n", "µ — 光", "x" * 100_000])
def test_digest_is_blake2b(text: str) -> None:
    assert digest(text) == hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


def test_digest_takes_any_text() -> None:
    assert digest("\ud800") != digest("\ud801")


@pytest.mark.parametrize("command", ["compile", "check", "stats", "fmt", "explain", "catalog", "schema", "init"])
def test_the_parser_of_one_command_reads_it_as_the_whole_one_does(command: str) -> None:
    words = [command, *{"fmt": ["a"], "catalog": ["show", "a"]}.get(command, [])]
    assert build_parser(command).parse_args(words) == build_parser().parse_args(words)


@pytest.mark.parametrize(("words", "code"), [(["explain", "cycle"], 0), (["check", "no-such-file"], 2), (["chekc"], 2)])
def test_the_process_ends_with_the_code_and_all_its_output(words: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "optidsl", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code
    assert (done.stdout if code == 0 else done.stderr).endswith("\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written_is_no_success() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-m", "optidsl", "explain", "cycle"], cwd=ROOT, stdout=full, stderr=-1)
    assert done.returncode != 0
