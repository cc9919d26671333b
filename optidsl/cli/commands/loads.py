"""`optidsl loads`."""

from __future__ import annotations

import argparse
import sys

from optidsl.cli.exits import EXIT_OK
from optidsl.cli.session import plan_to_look_at

_SHOWN = 10


def run(options: argparse.Namespace) -> int:
    """Print what links between switches carry when all endpoints send to all."""
    plan, code = plan_to_look_at(options)
    if plan is None or code != EXIT_OK:
        return code
    from optidsl.proofs.link_table import load_table, loads_text

    table = load_table(plan)
    most = None if options.all else _SHOWN
    sys.stdout.write(table.to_json() if options.format == "json" else loads_text(table, most))
    return EXIT_OK
