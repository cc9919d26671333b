"""`python -m optidsl`, and the `optidsl` command."""

from __future__ import annotations

import gc
import os
import sys

from optidsl.cli.main import main

_COLLECT_EVERY = 500_000
"""Objects between two looks for cyclic garbage: a start makes many objects and hardly any cycle."""


def run() -> None:
    """Run the command line and leave at once: the system frees memory faster than the interpreter takes it down."""
    gc.set_threshold(_COLLECT_EVERY, 20, 20)
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    run()
