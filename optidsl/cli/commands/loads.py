"""`optidsl loads`."""

from __future__ import annotations

import argparse
import sys

import optidsl.pipeline as pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import lock_text_of
from optidsl.cli.session import open_design, run_stages

_SHOWN = 10


def run(options: argparse.Namespace) -> int:
    """Print what links between switches carry when all endpoints send to all."""
    path, context = open_design(options)
    if not options.param and options.environment is None:
        context.options.lock_text = lock_text_of(path.parent / "optidsl.lock")
    context.options.tests = ()
    plan, code = run_stages(context, lambda: pipeline.plan(path.name, context), "text", options.color)
    if plan is None or code != EXIT_OK:
        return code
    from optidsl.proofs.link_table import load_table, loads_text

    table = load_table(plan)
    most = None if options.all else _SHOWN
    sys.stdout.write(table.to_json() if options.format == "json" else loads_text(table, most))
    return EXIT_OK
