"""`optidsl explain`."""

from __future__ import annotations

import argparse
import sys

import optidsl.cli.commands.explain_budget as explain_budget
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import design_path
from optidsl.diag import UsageError, pages

SLACK = ("slack", "requirements")
"""Words for what every requirement leaves."""

SENSITIVITY = "sensitivity"
"""The word for what flips the verdict."""


def run(options: argparse.Namespace) -> int:
    """Print the page of a diagnostic, or explain a thing of the design."""
    words: list[str] = options.what
    if not words:
        return _list_names()
    if words[0] == explain_budget.WORD and len(words) > 1:
        return explain_budget.run(options, words[1:])
    if words[0] == SENSITIVITY:
        import optidsl.cli.commands.explain_why as explain_why

        return explain_why.asked(lambda: explain_why.explain_sensitivity(options, words[1:]))
    if len(words) > 2:
        raise UsageError(f"explain takes one name and one design: {' '.join(words)}")
    options.what, options.design = words[0], words[1] if len(words) > 1 else "design.optd"
    if options.what in SLACK:
        import optidsl.cli.commands.explain_why as explain_why

        return explain_why.asked(lambda: explain_why.explain_slack(options))
    text = pages.page(options.what)
    if text is not None:
        sys.stdout.write(text)
        return EXIT_OK
    return _explain_design(options)


def _list_names() -> int:
    names = pages.names()
    width = max(map(len, names))
    for name in names:
        print(f"{name:<{width}}  {pages.summary(name)}")
    return EXIT_OK


def _explain_design(options: argparse.Namespace) -> int:
    try:
        design_path(options.design)
    except UsageError as error:
        near = _near_names(options.what)
        raise UsageError(f"{options.what} is not the name of a diagnostic{near}, and {error}") from error
    import optidsl.cli.commands.explain_why as explain_why

    return explain_why.asked(lambda: explain_why.explain_path(options))


def _near_names(what: str) -> str:
    import difflib

    near = difflib.get_close_matches(what, pages.names(), 3, 0.6)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
