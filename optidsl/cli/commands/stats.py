"""`optidsl stats`."""

from __future__ import annotations

import argparse
import sys

from optidsl.cli.exits import EXIT_OK
from optidsl.cli.session import plan_to_look_at


def run(options: argparse.Namespace) -> int:
    """Print the figures of a design's plan."""
    plan, code = plan_to_look_at(options)
    if plan is None or code != EXIT_OK:
        return code
    from optidsl.plan.statistics import statistics, summary

    sys.stdout.write(statistics(plan).to_json() if options.format == "json" else summary(plan))
    return EXIT_OK
