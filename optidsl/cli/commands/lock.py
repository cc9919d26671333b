"""`optidsl lock`: what the lock holds of a thing, and letting go of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from optidsl._context import Context
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import FileLoader, lock_text_of
from optidsl.cli.output import write_file
from optidsl.cli.terminal import exit_code, report
from optidsl.diag import UsageError
from optidsl.lock.model import Lock
from optidsl.lock.part import part_of, released
from optidsl.lock.read import read_lock
from optidsl.lock.write import lock_text


def run(options: argparse.Namespace) -> int:
    """Show the records of a thing, or remove some."""
    path = Path(options.lock)
    text = lock_text_of(path)
    if text is None:
        raise UsageError(f"there is no lock {path}: `optidsl compile` writes one")
    context = Context(FileLoader(path.parent))
    lock = read_lock(text, context)
    if lock is None:
        report(context.sink.sorted(), context.sources, "text", options.color)
        return exit_code(context.sink.sorted())
    return _release(lock, path, options) if options.verb == "release" else _show(lock, path, options.path)


def _show(lock: Lock, path: Path, thing: str) -> int:
    records = lock_text(part_of(lock, thing)).splitlines()[1:]
    if not records:
        raise UsageError(f"{path} has no record of `{thing}`: name a fabric, a tier, a device as `gpu[7]`, or all")
    sys.stdout.write("\n".join(records) + "\n")
    return EXIT_OK


def _release(lock: Lock, path: Path, options: argparse.Namespace) -> int:
    kinds = tuple(dict.fromkeys(options.kinds or ["free"]))
    left, number = released(lock, options.path, kinds)
    words = " or ".join(f"`{kind}`" for kind in kinds)
    if not number:
        raise UsageError(f"{path} has no {words} record of `{options.path}`")
    write_file(path, lock_text(left))
    print(f"released {number} {'record' if number == 1 else 'records'} of {options.path} in {path}", file=sys.stderr)
    return EXIT_OK
