"""`optidsl check`."""

from __future__ import annotations

import argparse
import sys

import optidsl.pipeline as pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.session import open_design, run_stages


def run(options: argparse.Namespace) -> int:
    """Report what is wrong with a design."""
    path, context = open_design(options)

    def stages() -> object | None:
        if options.no_solve:
            return pipeline.elaborate(path.name, context)
        return pipeline.check(path.name, context)

    _, code = run_stages(context, stages, options.format, options.color)
    if code == EXIT_OK and options.format == "text":
        print(f"{path}: no errors", file=sys.stderr)
    return code
