"""What depends on who is watching: colour, and a progress line on work that takes long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

from optidsl.cli.exits import EXIT_ERRORS, EXIT_GAVE_UP, EXIT_OK
from optidsl.diag import Diagnostic
from optidsl.diag.render import Places, renderer
from optidsl.diag.render.text import render_text

_PATIENCE_S = 2.0
_MACHINE_FORMATS = frozenset({"json", "sarif"})


def wants_colour(choice: str) -> bool:
    """Tell whether to colour standard error."""
    if choice != "auto":
        return choice == "always"
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


class Progress:
    """A line on standard error, rewritten at each stage, once two seconds have passed and a person watches."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._is_watched = sys.stderr.isatty()
        self._is_shown = False

    def __call__(self, stage: str) -> None:
        elapsed = time.monotonic() - self._start
        if self._is_watched and elapsed > _PATIENCE_S:
            print(f"\r\x1b[K{stage} … {elapsed:.0f} s", end="", file=sys.stderr, flush=True)
            self._is_shown = True

    def close(self) -> None:
        """Take the line away."""
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def report(diagnostics: Sequence[Diagnostic], places: Places, form: str, colour: str) -> None:
    """Print diagnostics: for people to standard error, for machines to standard output."""
    if form in _MACHINE_FORMATS:
        sys.stdout.write(renderer(form)(diagnostics, places))
        return
    if not diagnostics:
        return
    if form == "text":
        sys.stderr.write(render_text(diagnostics, places, colour=wants_colour(colour)))
        sys.stderr.write(_tally(diagnostics))
        return
    sys.stderr.write(renderer(form)(diagnostics, places))


def _tally(diagnostics: Sequence[Diagnostic]) -> str:
    counts = [(sum(d.severity == kind for d in diagnostics), kind) for kind in ("error", "warning", "note")]
    words = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for n, kind in counts if n)
    return f"\n{words}; `optidsl explain NAME` tells more about each\n"


def exit_code(diagnostics: Sequence[Diagnostic]) -> int:
    """Return the exit code that a list of diagnostics stands for."""
    errors = [d for d in diagnostics if d.severity == "error"]
    if not errors:
        return EXIT_OK
    return EXIT_GAVE_UP if all(d.name == "solver-gave-up" for d in errors) else EXIT_ERRORS
