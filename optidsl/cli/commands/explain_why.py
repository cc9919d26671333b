"""`optidsl explain PATH`, `explain slack`, `explain sensitivity`: why the compiler decided as it did."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import optidsl.pipeline as pipeline
from optidsl._record import record
from optidsl.cli.exits import EXIT_GAVE_UP, EXIT_OK
from optidsl.cli.session import open_as_locked, run_stages
from optidsl.diag import GaveUp, UsageError

if TYPE_CHECKING:
    from optidsl._context import Context
    from optidsl.optics.why.study import Study
    from optidsl.plan.model import Plan


@record(frozen=True, slots=True)
class Opened:
    """A checked design with its plan, and what every layer said."""

    checked: pipeline.Checked
    plan: Plan
    context: Context

    @property
    def study(self) -> Study:
        """The choice of parts, open to questions."""
        from optidsl.optics.why.study import study

        return study(self.checked.design, self.checked.placed, self.checked.choice, self.context)


def opened(options: argparse.Namespace) -> tuple[Opened | None, int]:
    """Compile a design for a question; errors alone are told."""
    path, context = open_as_locked(options)
    context.options.tests = ()
    context.said = {}

    def stages() -> Opened | None:
        checked = pipeline.check(path.name, context)
        plan = None if checked is None else pipeline.planned(checked, context)
        return None if checked is None or plan is None else Opened(checked, plan, context)

    return run_stages(context, stages, "text", options.color, is_answer=True)


def asked(ask: Callable[[], int]) -> int:
    """Answer a question, or say that the solver gave up over it."""
    try:
        return ask()
    except GaveUp:
        print("optidsl: the solver used up its limit over this question; raise it with --rlimit", file=sys.stderr)
        return EXIT_GAVE_UP


def explain_slack(options: argparse.Namespace) -> int:
    """Print what every requirement, limit and cap leaves."""
    found, code = opened(options)
    if found is None:
        return code
    from optidsl.optics.why.as_json import slack_json
    from optidsl.optics.why.slack import slacks
    from optidsl.optics.why.slack_text import slack_lines

    table = slacks(found.study)
    write(slack_json(table, found.context) if options.format == "json" else slack_lines(table, found.context))
    return EXIT_OK


def explain_sensitivity(options: argparse.Namespace, words: list[str]) -> int:
    """Print how far the numbers of the design can move before the choice changes."""
    path, options.design = _split(words)
    found, code = opened(options)
    if found is None:
        return code
    from optidsl.optics.why.as_json import plain
    from optidsl.optics.why.flips_text import flip_lines
    from optidsl.optics.why.sensitivity import numbers, sensitivity

    study = found.study
    table = sensitivity(study, path)
    if table is None:
        from optidsl.optics.why.paths import dotted

        known = [*numbers(study), *(dotted(study, row) for row in range(len(study.classes)))]
        names = difflib.get_close_matches(path, known, 3, 0.5)
        meant = f" (did you mean {' or '.join(names)}?)" if names else ""
        raise UsageError(f"no links and no number of the design to move: {path}{meant}")
    notes = _notes(found, study)
    document = {"sensitivity": plain(table, found.context), "unproven": plain(study.doubts, found.context)}
    document["notes"] = plain(notes, found.context)
    write(document if options.format == "json" else [*flip_lines(table, found.context), *notes])
    return EXIT_OK


def _notes(found: Opened, study: Study) -> list[str]:
    """Return what the answers about flips leave out, a line each."""
    notes: list[str] = []
    if study.is_held:
        notes.append("of the choice without the lock, which keeps another: `--upgrade all` takes it")
    elif study.is_locked:
        notes.append("as without the lock, which would keep its parts wherever they still fit")
    if found.checked.considered:
        notes.append("with the shape that was chosen: other shapes are not weighed again at each value")
    if not found.checked.design.purchase.is_empty:
        notes.append("prices stand as they are: compile with another price to see what it flips")
    if study.doubts:
        notes.append(f"not all of this is proven ({', '.join(study.doubts)}); raise --rlimit to know")
    return notes


def _split(words: list[str]) -> tuple[str, str]:
    """Return the path and the design of `[PATH] [DESIGN]`."""
    if len(words) > 2:
        raise UsageError(f"explain sensitivity takes one path and one design: {' '.join(words)}")
    if len(words) == 1:
        return ("", words[0]) if words[0].endswith(".optd") or Path(words[0]).is_dir() else (words[0], "design.optd")
    return (words[0], words[1]) if words else ("", "design.optd")


def explain_path(options: argparse.Namespace) -> int:
    """Print why one thing of the design is as it is."""
    found, code = opened(options)
    if found is None:
        return code
    from optidsl.plan.explain_why import answer, why_not_answer

    if options.why_not is not None:
        told = why_not_answer(found.study, options.what, options.why_not, is_whole=options.all)
        if told is None and answer(found.plan, found.study, (), options.what) is not None:
            models = difflib.get_close_matches(options.why_not, list(found.checked.design.catalog.switches), 3, 0.5)
            meant = f" (did you mean {' or '.join(models)}?)" if models else ""
            raise UsageError(
                f"--why-not asks for a part of links (`compute.leaf--spine`) or a switch model of a tier "
                f"(`compute.leaf`): not {options.why_not} for {options.what}{meant}"
            )
    else:
        told = answer(found.plan, found.study, found.checked.considered, options.what, is_whole=options.all)
    if told is None:
        raise UsageError(_unknown(found, options.what))
    write(told.document if options.format == "json" else told.lines)
    return EXIT_OK


def _unknown(found: Opened, what: str) -> str:
    from optidsl.optics.text import listing
    from optidsl.plan.explain import ports_of
    from optidsl.plan.explain_why import near

    ports = ports_of(found.plan, what)
    if ports:
        return f"no port of that name: {what}; {ports}"
    names = near(found.plan, found.study, what)
    words = f" (did you mean {listing(names)}?)" if names else ""
    return f"neither a diagnostic nor a thing of the design: {what}{words}"


def write(told: list[str] | object) -> None:
    """Print lines as they are, anything else as JSON."""
    if isinstance(told, list) and all(isinstance(line, str) for line in told):
        sys.stdout.write("\n".join(told) + "\n")
        return
    import json

    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
