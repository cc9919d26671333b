"""`optidsl compile`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import optidsl.pipeline as pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.files import lock_text_of
from optidsl.cli.output import write_file, write_tree
from optidsl.cli.session import open_design, run_stages
from optidsl.diag import UsageError


def run(options: argparse.Namespace) -> int:
    """Compile a design and write its artefacts and its lock."""
    path, context = open_design(options)
    lock_path = path.parent / "optidsl.lock" if options.lock is None else _lock_path(options.lock)
    folder = "generated" if options.phase is None else f"generated-{options.phase}"
    out = Path(options.out) if options.out else path.parent / folder
    context.options.phase = options.phase
    context.options.locked = options.locked
    context.options.upgrade = tuple(options.upgrade)
    context.options.lock_text = lock_text_of(lock_path)
    emitters = None if options.emit is None else _emitters(options.emit)

    compiled, code = run_stages(
        context, lambda: pipeline.compile_design(path.name, context, emitters), options.format, options.color
    )
    if compiled is None or code != EXIT_OK:
        return code
    n_kept = write_tree(compiled.files, out, compiled.makers, emitters)
    if context.options.lock_text != compiled.lock_text:
        write_file(lock_path, compiled.lock_text)
    if options.format in ("text", "concise", "github"):
        from optidsl.plan.statistics import summary

        sys.stderr.write(summary(compiled.plan))
        kept = f"; {n_kept} files of other emitters stay as they were" if n_kept else ""
        print(f"\nwrote {len(compiled.files)} files to {out} and {lock_path}{kept}", file=sys.stderr)
    return EXIT_OK


def _lock_path(name: str) -> Path:
    path = Path(name)
    if path.is_dir() or not path.name:
        raise UsageError(f"--lock {name}: this is a folder; name a file")
    if not path.parent.is_dir():
        raise UsageError(f"--lock {name}: there is no folder {path.parent}")
    return path


def _emitters(names: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in names.split(","))
    if all(words):
        return words
    from optidsl.emit import emitter_names

    raise UsageError(f"--emit {names!r}: write NAME,NAME; the emitters are {', '.join(emitter_names())}")
