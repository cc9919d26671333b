"""`optidsl faults`."""

from __future__ import annotations

import argparse
import sys

import optidsl.pipeline as pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import lock_text_of
from optidsl.cli.session import open_design, run_stages


def run(options: argparse.Namespace) -> int:
    """Print what the worst single failures do to a design."""
    path, context = open_design(options)
    if not options.param and options.environment is None:
        context.options.lock_text = lock_text_of(path.parent / "optidsl.lock")
    context.options.tests = ()
    plan, code = run_stages(context, lambda: pipeline.plan(path.name, context), "text", options.color)
    if plan is None or code != EXIT_OK:
        return code
    from optidsl.proofs.elements import KINDS
    from optidsl.proofs.faults import faults, faults_text

    found = faults(plan, tuple(kind for kind in KINDS if kind in options.kinds) if options.kinds else None)
    sys.stdout.write(found.to_json() if options.format == "json" else faults_text(found))
    return EXIT_OK
