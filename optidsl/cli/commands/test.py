"""`optidsl test`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import optidsl.pipeline as pipeline
from optidsl.cli.session import open_as_locked, run_stages

if TYPE_CHECKING:
    from optidsl.plan.model import Plan, PlanTest

_WORDS = {"holds": "ok", "fails": "fails", "unknown": "unknown"}


def run(options: argparse.Namespace) -> int:
    """Run the tests of a design, and print one line for each."""
    path, context = open_as_locked(options)
    context.options.tests = tuple(options.names) or None
    plans: list[Plan | None] = []

    def stages() -> object | None:
        plans.append(pipeline.proved(path.name, context))
        return plans[-1]

    _, code = run_stages(context, stages, options.format, options.color)
    for plan in plans:
        if plan is not None and options.format == "text":
            sys.stdout.write("".join(f"{_line(test)}\n" for test in plan.tests) or "no tests\n")
    return code


def _line(test: PlanTest) -> str:
    count = len(test.expectations)
    words = f"{count} expectation{'' if count == 1 else 's'}"
    failure = f"; {test.failure} failed" if test.failure else ""
    over = f", each of {test.elements:,} in turn" if test.elements else ""
    return f"{_WORDS[test.verdict]:<7} {test.name}: {words}{failure}{over}"
