"""The parsers of the commands that compile a design."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optidsl.cli.parsers.common import add_color, add_design, add_diagnostics, add_format, add_upgrade, command

if TYPE_CHECKING:
    from optidsl.cli.parsers.common import Commands


def compile(commands: Commands) -> None:
    """Add `optidsl compile`."""
    parser = command(
        commands,
        "compile",
        "compile a design into a plan and its artefacts",
        "Check the design, choose what it leaves open, and write the artefacts and the lock beside it.\n"
        "Both are meant to be committed: a second compile of the same input changes no byte.",
    )
    add_design(parser)
    parser.add_argument("-o", "--out", metavar="DIR", help="where to write (default: generated/ beside the design)")
    parser.add_argument("--lock", metavar="FILE", help="the lock (default: optidsl.lock beside the design)")
    parser.add_argument("--locked", action="store_true", help="fail when the lock would change (for CI)")
    add_upgrade(parser)
    parser.add_argument(
        "--emit", metavar="NAMES", help="only these emitters, separated by commas, and plan.json; files of others stay"
    )
    parser.add_argument(
        "--phase", metavar="NAME", help="write what stands in this phase of growth (default: generated-NAME/)"
    )
    add_diagnostics(parser)


def check(commands: Commands) -> None:
    """Add `optidsl check`."""
    parser = command(
        commands,
        "check",
        "report errors and warnings; write nothing",
        "Run every stage up to the choice of parts, and write nothing. What the lock beside the design holds is kept,\n"
        "as in a compile, unless other parameters or an environment are asked for.",
    )
    add_design(parser)
    add_upgrade(parser)
    parser.add_argument("--no-solve", action="store_true", help="stop after names, types and units (for editors)")
    add_diagnostics(parser)


def fix(commands: Commands) -> None:
    """Add `optidsl fix`."""
    parser = command(
        commands,
        "fix",
        "list the ways out of what check reports; write one into the source",
        "List the changes that errors and warnings offer, by the numbers that their messages give them. The ways out\n"
        "of a conflict were tried on the whole design. With --apply N, change the source: formatting and comments\n"
        "stay, and the design is checked again. With -e or -p the change is tried for that design, and written where\n"
        "its statement stands: in the environment, or in the text that all environments share.\n\n"
        "exit code with --apply: 0 the design has no errors then, 1 errors are left.",
    )
    add_design(parser)
    parser.add_argument(
        "--apply", type=_number, action="append", default=[], metavar="N", help="write way out N (repeatable)"
    )
    parser.add_argument("--conflict", type=_number, metavar="K", help="only the ways out of conflict K")
    parser.add_argument("--dry-run", action="store_true", help="print the change as a diff; write nothing")
    add_format(parser)


def plan(commands: Commands) -> None:
    """Add `optidsl plan`."""
    parser = command(
        commands,
        "plan",
        "what a change asks for: cables to pull and move, parts to buy, devices that change, waves",
        "Compile in memory and print what differs from BASE in units of work, by the statement that causes it.\n"
        "Nothing is printed where nothing changes: a comment is no change. Markdown fits a comment on a pull\n"
        "request (65,536 characters) whatever its size; JSON has every cable.\n\n"
        "BASE is a git revision (main, HEAD~1, a commit), a plan.json, or a folder that holds one. At a revision, its\n"
        "generated/plan.json serves where it is of the sources there; else the design is compiled as it was, with its\n"
        "lock. Without BASE: generated/plan.json beside the design, else HEAD. A lone word that is no file is BASE.\n"
        "Configurations kept beside that plan which this version makes otherwise are told apart.\n\n"
        "exit code: 0 whether or not something changes; with --exit-code, 5 where it does.",
    )
    add_design(parser)
    add_upgrade(parser)
    parser.add_argument("base", nargs="?", metavar="BASE", help="what to compare with")
    parser.add_argument("--format", choices=["text", "md", "json"], default="text", help="(default: text)")
    parser.add_argument("--out", metavar="FILE", help="write to a file instead of standard output")
    parser.add_argument("--exit-code", action="store_true", help="exit with 5 where something changes")
    add_color(parser)


def _number(word: str) -> int:
    """Return the number of a way out or a conflict."""
    if not (word.isascii() and word.isdigit() and 0 < int(word) < 1_000_000):
        raise argparse.ArgumentTypeError(f"{word}: write a number from 1")
    return int(word)
