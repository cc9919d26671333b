"""What the commands that compile have in common: a context, a progress line, a report."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from optidsl._context import Context, Options
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import context_for, design_path, params_of
from optidsl.cli.terminal import Progress, exit_code, report

if TYPE_CHECKING:
    from datetime import date

T = TypeVar("T")


def open_design(arguments: argparse.Namespace) -> tuple[Path, Context]:
    """Return the path of the design named on the command line, and a context for it."""
    path = design_path(arguments.design)
    options = Options(environment=arguments.environment, params=params_of(arguments.param))
    options.today = arguments.today
    if arguments.rlimit is not None:
        options.rlimit = arguments.rlimit
    context = context_for(path, options)
    context.calendar = _machine_day
    return path, context


def _machine_day() -> date:
    from datetime import date

    return date.today()


def run_stages(context: Context, stages: Callable[[], T | None], form: str, colour: str) -> tuple[T | None, int]:
    """Run stages under a progress line, report every diagnostic, and return the result with the exit code."""
    progress = Progress()
    context.progress = progress
    try:
        result = stages()
    finally:
        progress.close()
    diagnostics = context.sink.sorted()
    report(diagnostics, context.sources, form, colour)
    code = exit_code(diagnostics)
    return (result if code == EXIT_OK else None), code
