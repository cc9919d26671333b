"""The `optidsl` command: arguments and dispatch. Commands live in `cli.commands` and are imported when run."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from optidsl._errors import UsageError
from optidsl._version import __version__
from optidsl.cli.exits import EXIT_INTERNAL, EXIT_USAGE
from optidsl.cli.parsers.common import HelpFormatter

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

exit codes: 0 ok, 1 the design has errors, 2 usage, 3 internal error, 4 the solver gave up,
5 something changes (`plan --exit-code`)
"""


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or with one command alone: the others take longer than to parse."""
    parser = argparse.ArgumentParser(
        prog="optidsl",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"optidsl {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", prog="optidsl")
    for name, group in _GROUP_OF.items():
        if only is None or only == name:
            getattr(import_module(f"optidsl.cli.parsers.{group}"), name)(commands)
    return parser


_GROUP_OF = {
    "compile": "designs",
    "check": "designs",
    "fix": "designs",
    "stats": "questions",
    "test": "questions",
    "faults": "questions",
    "loads": "questions",
    "plan": "designs",
    "lock": "others",
    "fmt": "others",
    "explain": "questions",
    "catalog": "others",
    "schema": "others",
    "init": "others",
}
"""The module in `cli.parsers` with the parser of each command, in the order of the help."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    # Linear algebra is not used; starting its threads costs more than the rest of NumPy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = sys.argv[1:] if arguments is None else arguments
    parser = build_parser(words[0] if words and words[0] in _GROUP_OF else None)
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    try:
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
