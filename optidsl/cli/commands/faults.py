"""`optidsl faults`."""

from __future__ import annotations

import argparse
import sys

from optidsl.cli.exits import EXIT_OK
from optidsl.cli.session import plan_to_look_at


def run(options: argparse.Namespace) -> int:
    """Print what the worst single failures do to a design."""
    plan, code = plan_to_look_at(options)
    if plan is None or code != EXIT_OK:
        return code
    from optidsl.proofs.elements import KINDS
    from optidsl.proofs.faults import faults, faults_text

    found = faults(plan, tuple(kind for kind in KINDS if kind in options.kinds) if options.kinds else None)
    sys.stdout.write(found.to_json() if options.format == "json" else faults_text(found))
    return EXIT_OK
