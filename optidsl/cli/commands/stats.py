"""`optidsl stats`."""

from __future__ import annotations

import argparse
import sys

import optidsl.pipeline as pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import lock_text_of
from optidsl.cli.session import open_design, run_stages


def run(options: argparse.Namespace) -> int:
    """Print the figures of a design's plan."""
    path, context = open_design(options)
    lock_path = path.parent / "optidsl.lock"
    is_as_locked = not options.param and options.environment is None
    if is_as_locked:
        context.options.lock_text = lock_text_of(lock_path)
    context.options.tests = ()
    plan, code = run_stages(context, lambda: pipeline.plan(path.name, context), "text", options.color)
    if plan is None or code != EXIT_OK:
        return code
    from optidsl.plan.statistics import statistics, summary

    sys.stdout.write(statistics(plan).to_json() if options.format == "json" else summary(plan))
    return EXIT_OK
