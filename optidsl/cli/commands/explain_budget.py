"""`optidsl explain budget`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from optidsl.cli.exits import EXIT_OK
from optidsl.diag import UsageError

WORD = "budget"

_ARROW = re.compile(r"\s+(->|--)\s+")


def split(words: Sequence[str]) -> tuple[str, str]:
    """Return the path and the design of `PATH [DESIGN]`, where PATH is one word or two names of devices.

    Two devices may have an arrow between them, as in what `optidsl explain` prints.
    """
    *path, last = (_ARROW.sub(" ", word) for word in words)
    if path and (last.endswith(".optd") or len(path) == 2):
        return " ".join(path), last
    if last.endswith(".optd"):
        raise UsageError(f"explain budget takes a link before the design: `optidsl explain budget LINK {last}`")
    return " ".join((*path, last)), "design.optd"


def run(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Print the optical budget of one link of a design."""
    from optidsl.cli.session import plan_to_look_at
    from optidsl.plan.budget_text import explain_budget
    from optidsl.plan.explain import suggest, wrapped

    what, options.design = split(words)
    plan, code = plan_to_look_at(options)
    if plan is None:
        return code
    text = explain_budget(plan, what, options.format) or _by_label(plan, what, options.format)
    if text is None:
        wanted = "`device:port`, the id or a label of a cable, or two devices"
        names = suggest(plan, what)
        near = f" (did you mean {' or '.join(names)}?)" if names else ""
        raise UsageError(f"no link of the design is called {what}{near}: write {wanted}")
    if options.format == "text":
        text = "".join(f"{short}\n" for line in text.splitlines() for short in wrapped(line))
    sys.stdout.write(text)
    return EXIT_OK


def _by_label(plan: object, what: str, form: str) -> str | None:
    """Look for a cable by the label at either of its ends."""
    from optidsl.emit.cabling.labels import labels
    from optidsl.emit.cabling.physical import cables_of
    from optidsl.plan.budget_text import explain_budget
    from optidsl.plan.model import Plan

    if not isinstance(plan, Plan):
        return None
    cables = cables_of(plan)
    for names in labels(plan, cables):
        if what in names:
            row = names.index(what)
            return explain_budget(plan, what, form, cables.first[row : row + 1])
    return None
