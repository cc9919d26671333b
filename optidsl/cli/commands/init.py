"""`optidsl init`."""

from __future__ import annotations

import argparse
import sys
from importlib import resources
from pathlib import Path

from optidsl.cli.exits import EXIT_OK
from optidsl.cli.output import write_file
from optidsl.diag import UsageError


def run(options: argparse.Namespace) -> int:
    """Write a first design into a folder; never over an existing one."""
    folder = Path(options.folder)
    target = folder / "design.optd"
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder, the design is `design.optd` in it")
    if target.exists():
        raise UsageError(f"{target} exists already; nothing was written")
    text = resources.files("optidsl.cli").joinpath("first_design.optd").read_text(encoding="utf-8")
    write_file(target, text)
    print(f"wrote {target}\nnext: optidsl compile {target}", file=sys.stderr)
    return EXIT_OK
