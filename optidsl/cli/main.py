"""The `optidsl` command: arguments and dispatch. Commands live in `cli.commands` and are imported when run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from optidsl._errors import UsageError
from optidsl._version import __version__
from optidsl.cli.exits import EXIT_INTERNAL, EXIT_USAGE

if TYPE_CHECKING:
    from datetime import date

_DESCRIPTION = """\
optidsl compiles a design of an AI cluster's optical network (.optd) into a checked plan: topology,
optics, cables with lengths, switch configurations and simulator inputs.
"""

_EPILOG = """\
start here:
  optidsl init my-cluster            a small design that compiles, to change
  optidsl check design.optd          every error and warning, in seconds
  optidsl compile design.optd        write generated/ and optidsl.lock, both to be reviewed
  optidsl explain no-optic-fits      what a message means and what to do
  optidsl catalog search 400g        parts the compiler may choose

exit codes: 0 ok, 1 the design has errors, 2 usage, 3 internal error, 4 the solver gave up
"""

_LEAST_EFFORT = 1_000
"""Below it is a slip of the pen: a question of two variables costs the solver some 100 units."""

_MOST_EFFORT = 2**32 - 1
"""What the solver takes for a limit: an unsigned number of 32 bits."""


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
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


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or with one command alone: the others take longer than to parse."""
    parser = argparse.ArgumentParser(
        prog="optidsl",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=_HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"optidsl {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", prog="optidsl")
    for name, add in _COMMANDS.items():
        if only is None or only == name:
            add(commands)
    return parser


_Commands = argparse._SubParsersAction  # the class argparse hands out has no public name


def _command(commands: _Commands[argparse.ArgumentParser], name: str, line: str, text: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=line, description=text, formatter_class=_HelpFormatter)


def _add_design(parser: argparse.ArgumentParser, *, is_positional: bool = True) -> None:
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


def _add_diagnostics(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=["text", "concise", "json", "sarif", "github"],
        default="text",
        help="of the diagnostics; json and sarif go to standard output, the rest to standard error",
    )
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def _add_compile(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "compile",
        "compile a design into a plan and its artefacts",
        "Check the design, choose what it leaves open, and write the artefacts and the lock beside it.\n"
        "Both are meant to be committed: a second compile of the same input changes no byte.",
    )
    _add_design(parser)
    parser.add_argument("-o", "--out", metavar="DIR", help="where to write (default: generated/ beside the design)")
    parser.add_argument("--lock", metavar="FILE", help="the lock (default: optidsl.lock beside the design)")
    parser.add_argument("--locked", action="store_true", help="fail when the lock would change (for CI)")
    parser.add_argument(
        "--emit", metavar="NAMES", help="only these emitters, separated by commas, and plan.json; files of others stay"
    )
    _add_diagnostics(parser)


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "check",
        "report errors and warnings; write nothing",
        "Run every stage up to the choice of parts, and write nothing.",
    )
    _add_design(parser)
    parser.add_argument("--no-solve", action="store_true", help="stop after names, types and units (for editors)")
    _add_diagnostics(parser)


def _add_stats(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "stats",
        "count switches, links, optics, watts and margins",
        "Compile in memory and print the figures of the plan.",
    )
    _add_design(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="(default: text)")
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def _add_test(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "test",
        "run the tests of a design",
        "Compile in memory and judge every `test` of the design, or those named: one line each, and a report of what\n"
        "does not hold. A compile runs them too.",
    )
    _add_design(parser)
    parser.add_argument("names", nargs="*", metavar="NAME", help="tests to run (default: all)")
    _add_diagnostics(parser)


def _add_faults(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "faults",
        "what the worst single failure does, and where",
        "For every fabric and every kind of element, the failure of any one: most endpoints and nodes cut off, least\n"
        "share of its uplinks that a switch keeps, least bisection left; each with the element that does it.",
    )
    _add_design(parser)
    parser.add_argument(
        "--any",
        action="append",
        choices=["link", "switch", "plane", "rack", "tray", "feed"],
        dest="kinds",
        metavar="KIND",
        help="only this kind: link, switch, plane, rack, tray or feed (repeatable; default: all)",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="(default: text)")
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def _add_loads(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "loads",
        "what every link carries when all endpoints send to all",
        "The share of its rate that each link between switches carries, one direction at a time, when every endpoint\n"
        "sends at full rate and alike to all others, over shortest paths, split equally at every hop.",
    )
    _add_design(parser)
    parser.add_argument("--all", action="store_true", help="every link, not only the busiest (JSON has all)")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="(default: text)")
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def _add_fmt(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands, "fmt", "format .optd files", "Rewrite files in the one canonical form; there are no options of style."
    )
    parser.add_argument(
        "paths", nargs="+", metavar="FILE", help="files, or folders to search for .optd files; - is stdin"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a file would change")


def _add_explain(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "explain",
        "explain a message, or a thing the compiler decided",
        "NAME is the name of a diagnostic (`optidsl explain no-optic-fits`); without one, they are listed.\n"
        "PATH is a thing of the design: a fabric (`compute`), the terms of its worst latency\n"
        "(`compute.latency`) or of that between two devices (`gpu-1 -> gpu-9`), a tier (`compute.leaf`), links\n"
        "(`compute: leaf -- spine`), a device (`compute-leaf001`), one cable by either end\n"
        "(`compute-leaf001:1/1`), nodes (`gpu`) or racks (`dc.h1.a.net`, or a whole row or hall).\n"
        "`optidsl explain budget LINK` prints the optical budget of one link, number by number with its source;\n"
        "LINK is either of its ends (`compute-leaf001:1/1`), the id or a label of its cable, or two devices.",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WORD",
        help="[budget] NAME, PATH or LINK, then the design (default: design.optd); without any, messages are listed",
    )
    _add_design(parser, is_positional=False)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="of a budget (default: text)")
    parser.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def _add_catalog(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands, "catalog", "search and show parts", "Parts of the standard library, each number with its source."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    search = verbs.add_parser("search", help="list parts whose name, number or attributes contain every word")
    search.add_argument("words", nargs="*", metavar="WORD")
    search.add_argument("--format", choices=["text", "json"], default="text")
    show = verbs.add_parser("show", help="print every number of a part with its source and confidence")
    show.add_argument("part", metavar="PART")
    show.add_argument("--format", choices=["text", "json"], default="text")
    check = verbs.add_parser("check", help="lint the catalogue: sources, consistency laws")
    check.add_argument("--summary", action="store_true", help="print the page on the library instead (Markdown)")
    check.add_argument("--format", choices=["text", "json"], default="text")
    for verb in (search, show, check):
        words = "a file of your own parts, read with the library; may be repeated"
        verb.add_argument("--with", dest="own", action="append", default=[], metavar="FILE", help=words)
    imported = verbs.add_parser(
        "import", help="print a switch model from a NetBox device type or a SONiC platform.json"
    )
    imported.add_argument("file", metavar="FILE")
    imported.add_argument("--format", choices=["auto", "netbox", "sonic"], default="auto", help="(default: auto)")
    imported.add_argument("--name", metavar="NAME", help="of the model (default: made of what the file calls it)")


def _add_schema(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "schema",
        "print the kinds of block and their attributes",
        "reference: every kind of block with its attributes, as Markdown\n"
        "language:  the same as JSON Schema, for editors\n"
        "plan:      the JSON Schema of plan.json",
    )
    parser.add_argument("what", nargs="?", choices=["reference", "language", "plan"], default="reference")


def _add_init(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands, "init", "start a design", "Write a small design that compiles, with comments that teach the language."
    )
    parser.add_argument("folder", nargs="?", default=".", help="where (default: here)")


_COMMANDS: dict[str, Callable[[_Commands[argparse.ArgumentParser]], None]] = {
    "compile": _add_compile,
    "check": _add_check,
    "stats": _add_stats,
    "test": _add_test,
    "faults": _add_faults,
    "loads": _add_loads,
    "fmt": _add_fmt,
    "explain": _add_explain,
    "catalog": _add_catalog,
    "schema": _add_schema,
    "init": _add_init,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    # Linear algebra is not used; starting its threads costs more than the rest of NumPy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = sys.argv[1:] if arguments is None else arguments
    parser = build_parser(words[0] if words and words[0] in _COMMANDS else None)
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    try:
        from importlib import import_module

        command = import_module(f"optidsl.cli.commands.{options.command}")
        code: int = command.run(options)
    except UsageError as error:
        print(f"optidsl: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001  the last line of defence: a bug must end in a report, not a bare trace
        return _report_bug(error)
    return code


def _report_bug(error: BaseException) -> int:
    """Say that this is a bug of the compiler, with what is needed to report it."""
    import traceback

    print("error[internal-error]: the compiler is in a state that cannot be; this is a bug of optidsl", file=sys.stderr)
    print(f"  optidsl {__version__}, Python {sys.version.split()[0]}: {type(error).__name__}: {error}", file=sys.stderr)
    print("  please report it with the design and the lines below", file=sys.stderr)
    traceback.print_exception(error, file=sys.stderr)
    return EXIT_INTERNAL


if __name__ == "__main__":
    sys.exit(main())
