"""`optidsl init`."""

from __future__ import annotations

import argparse
import sys
from importlib import resources
from pathlib import Path

from optidsl.cli.exits import EXIT_OK
from optidsl.diag import UsageError


def run(options: argparse.Namespace) -> int:
    """Write a first design into a folder; never over an existing one."""
    folder = Path(options.folder)
    target = folder / "design.optd"
    if target.exists():
        raise UsageError(f"{target} exists already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    text = resources.files("optidsl.cli").joinpath("first_design.optd").read_text(encoding="utf-8")
    target.write_text(text, encoding="utf-8", newline="")
    print(f"wrote {target}\nnext: optidsl compile {target}", file=sys.stderr)
    return EXIT_OK
