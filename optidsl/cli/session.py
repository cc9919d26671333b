"""What the commands that compile have in common: a context, a progress line, a report."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from optidsl._context import Context, Options
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import context_for, design_path, lock_text_of, params_of
from optidsl.cli.terminal import Progress, exit_code, report

if TYPE_CHECKING:
    from datetime import date

    from optidsl.plan.model import Plan

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


def open_as_locked(arguments: argparse.Namespace) -> tuple[Path, Context]:
    """Open a design with its lock, which holds for the design as it is, not for other parameters or an environment."""
    path, context = open_design(arguments)
    if not arguments.param and arguments.environment is None:
        context.options.lock_text = lock_text_of(path.parent / "optidsl.lock")
    return path, context


def plan_to_look_at(arguments: argparse.Namespace) -> tuple[Plan | None, int]:
    """Compile a design for a command that only answers a question: no test is run, and errors alone are told."""
    import optidsl.pipeline as pipeline

    path, context = open_as_locked(arguments)
    context.options.tests = ()
    return run_stages(context, lambda: pipeline.plan(path.name, context), "text", arguments.color, is_answer=True)


def run_stages(
    context: Context, stages: Callable[[], T | None], form: str, colour: str, *, is_answer: bool = False
) -> tuple[T | None, int]:
    """Run stages under a progress line, report diagnostics, and return the result with the exit code.

    Args:
        context: with the sink that the stages fill.
        stages: what to run.
        form: of the report.
        colour: of the report.
        is_answer: the command answers a question about a design; warnings are left to `check` and `compile`.
    """
    progress = Progress()
    context.progress = progress
    try:
        result = stages()
    finally:
        progress.close()
    diagnostics = context.sink.sorted()
    told = [each for each in diagnostics if each.severity == "error"] if is_answer else diagnostics
    report(told, context.sources, form, colour)
    code = exit_code(diagnostics)
    return (result if code == EXIT_OK else None), code
