"""What the parsers of several commands share."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_LEAST_EFFORT = 1_000
"""Below it is a slip of the pen: a question of two variables costs the solver some 100 units."""

_MOST_EFFORT = 2**32 - 1
"""What the solver takes for a limit: an unsigned number of 32 bits."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. `argparse` asks for the width at every argument, by way of three compressors."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_columns() - 2)


def _terminal_columns() -> int:
    """Return the width of the terminal as `shutil` tells it: that of the environment, of the screen, or 80."""
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isascii() and wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    try:
        return os.get_terminal_size().columns or 80
    except OSError:
        return 80


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # argparse hands out a class without a public name


def command(commands: Commands, name: str, line: str, text: str) -> argparse.ArgumentParser:
    """Return the parser of a new command."""
    return commands.add_parser(name, help=line, description=text, formatter_class=HelpFormatter)


def add_design(parser: argparse.ArgumentParser, *, is_positional: bool = True) -> None:
    """Add the design and what it is compiled with."""
    if is_positional:
        parser.add_argument("design", nargs="?", default="design.optd", help="the design (default: design.optd)")
    parser.add_argument(
        "-p",
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter of the design, as it would be written in it (repeatable)",
    )
    parser.add_argument("-e", "--environment", metavar="NAME", help="apply the overrides of this environment")
    parser.add_argument(
        "--rlimit",
        type=_effort,
        default=None,
        metavar="N",
        help="work the solver may do, in its own units: the same on every machine, unlike seconds",
    )
    parser.add_argument(
        "--today",
        type=_day,
        default=None,
        metavar="DATE",
        help="the day by which waivers and approvals end (default: the machine's); artefacts do not depend on it",
    )


def _day(word: str) -> date:
    """Return the day of `--today`."""
    from datetime import date

    try:
        return date.fromisoformat(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word}: write a day as 2027-01-31") from None


def _effort(word: str) -> int:
    """Return the number of `--rlimit`."""
    number = int(word) if word.isascii() and word.isdigit() and len(word) <= len(str(_MOST_EFFORT)) else 0
    if not _LEAST_EFFORT <= number <= _MOST_EFFORT:
        raise argparse.ArgumentTypeError(f"{word}: write a number from {_LEAST_EFFORT} to {_MOST_EFFORT}")
    return number


def add_diagnostics(parser: argparse.ArgumentParser) -> None:
    """Add the form and colour of diagnostics."""
    parser.add_argument(
        "--format",
        choices=["text", "concise", "json", "sarif", "github"],
        default="text",
        help="of the diagnostics; json and sarif go to standard output, the rest to standard error",
    )
    add_color(parser)


def add_upgrade(parser: argparse.ArgumentParser) -> None:
    """Add `--upgrade`."""
    parser.add_argument(
        "--upgrade",
        action="append",
        default=[],
        metavar="PATH",
        help="let what the lock holds move to the optimum: a fabric (`backend`), a tier (`backend.leaf`), a class of "
        "links (`backend.leaf--spine`) or `all` (repeatable)",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the form and colour of an answer."""
    parser.add_argument("--format", choices=["text", "json"], default="text", help="(default: text)")
    add_color(parser)


def add_color(parser: argparse.ArgumentParser) -> None:
    """Add the colour of diagnostics."""
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")
