"""`optidsl check`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import optidsl.pipeline as pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.session import open_as_locked, run_stages

if TYPE_CHECKING:
    from optidsl.sema.design import Design


def run(options: argparse.Namespace) -> int:
    """Report what is wrong with a design, judged with its lock as a compile judges it."""
    path, context = open_as_locked(options)
    context.options.upgrade = tuple(options.upgrade)

    def stages() -> object | None:
        if options.no_solve:
            return pipeline.elaborate(path.name, context)
        return pipeline.judged(path.name, context)

    result, code = run_stages(context, stages, options.format, options.color)
    if code == EXIT_OK and options.format == "text":
        later = "" if not isinstance(result, pipeline.Checked) else _left_to_compile(result.design)
        print(f"{path}: no errors{later}", file=sys.stderr)
    return code


def _left_to_compile(design: Design) -> str:
    """Return what only the finished network answers, "" where the design asks for nothing of it."""
    limited = sum(feed.power_mw is not None for site in design.sites for feed in site.feeds)
    words = [(len(design.tests), "test"), (len(design.promised), "promise"), (limited, "feed")]
    counts = " and ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in words if n)
    return f"; `optidsl test` and `compile` judge {counts} on the finished network" if counts else ""
