"""Measure the compiler as a whole process, in CPU seconds, against a bare interpreter of the same run.

Not a gate: machines differ. Run `python tests/bench/run.py` (or `make bench`); it prints a table and writes
`bench.json` when given a path.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# An installed package has its bytecode compiled: a run may write it too.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
SMALL = ROOT / "optidsl" / "cli" / "first_design.optd"


@dataclass(frozen=True)
class Figure:
    """The least CPU seconds of several runs, and the greatest resident size of one."""

    name: str
    cpu_s: float
    rss_mib: float
    ratio: float  # to a bare `python -c pass` of the same run


def measure(command: list[str], runs: int) -> tuple[float, float]:
    """Return the least CPU seconds (user + system) and the greatest RSS in MiB of a command."""
    best, rss = float("inf"), 0.0
    for _ in range(runs):
        with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            assert child.stderr is not None
            errors = child.stderr.read().decode()
        if child.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{errors}")
        best = min(best, usage.ru_utime + usage.ru_stime)
        rss = max(rss, usage.ru_maxrss / 1024)
    return best, rss


def cases(work: Path) -> list[tuple[str, list[str]]]:
    """Return the commands to measure, by name."""
    python = sys.executable
    optidsl = [python, "-m", "optidsl"]
    small = work / "small"
    small.mkdir()
    shutil.copy(SMALL, small / "design.optd")
    h100 = str(ROOT / "examples/superpod-h100/design.optd")
    b200 = str(ROOT / "examples/superpod-b200/design.optd")
    lock = ["--lock", str(work / "none.lock"), "-o", str(work / "out")]
    return [
        ("python -c pass", [python, "-c", "pass"]),
        ("optidsl --version", [*optidsl, "--version"]),
        ("optidsl --help", [*optidsl, "--help"]),
        ("catalog show, all parts", [*optidsl, "catalog", "show", "qm9700"]),
        ("check, 2 KB design", [*optidsl, "check", str(small / "design.optd")]),
        ("compile, 1,016 GPUs", [*optidsl, "compile", h100, "-p", "su=4", *lock]),
        ("compile, 16,384 GPUs", [*optidsl, "compile", b200, "-p", "su=64", *lock]),
    ]


def main() -> None:
    """Measure every case and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, command in cases(Path(folder)):
            cpu, rss = measure(command, options.runs)
            bare = figures[0].cpu_s if figures else cpu
            figures.append(Figure(name, round(cpu, 4), round(rss, 1), round(cpu / bare, 1)))
            print(f"{name:<24} {cpu:8.3f} CPU s {rss:8.1f} MiB {cpu / bare:8.1f} x bare", flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")


if __name__ == "__main__":
    main()
