"""`optidsl compile`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from optidsl import pipeline
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.output import write_file, write_tree
from optidsl.cli.session import open_design, run_stages


def run(options: argparse.Namespace) -> int:
    """Compile a design and write its artefacts and its lock."""
    path, context = open_design(options)
    lock_path = Path(options.lock) if options.lock else path.parent / "optidsl.lock"
    out = Path(options.out) if options.out else path.parent / "generated"
    context.options.locked = options.locked
    context.options.lock_text = lock_path.read_text(encoding="utf-8") if lock_path.is_file() else None
    emitters = tuple(name.strip() for name in options.emit.split(",")) if options.emit else None

    compiled, code = run_stages(
        context, lambda: pipeline.compile_design(path.name, context, emitters), options.format, options.color
    )
    if compiled is None or code != EXIT_OK:
        return code
    write_tree(compiled.files, out)
    if context.options.lock_text != compiled.lock_text:
        write_file(lock_path, compiled.lock_text)
    if options.format in ("text", "concise", "github"):
        from optidsl.plan.statistics import summary

        sys.stderr.write(summary(compiled.plan))
        print(f"\nwrote {len(compiled.files)} files to {out} and {lock_path}", file=sys.stderr)
    return EXIT_OK
