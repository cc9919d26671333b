"""`optidsl plan`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import optidsl.pipeline as pipeline
from optidsl.cli.base import base_plan
from optidsl.cli.exits import EXIT_CHANGES, EXIT_OK
from optidsl.cli.files import lock_text_of
from optidsl.cli.output import write_file
from optidsl.cli.session import open_design, run_stages

if TYPE_CHECKING:
    from optidsl._context import Context
    from optidsl.cli.base import Base, Differs
    from optidsl.difference import Difference, Texts
    from optidsl.plan.model import Plan

_DEVICE_EMITTERS = ("frr", "sonic")
_SUBNET_EMITTERS = ("infiniband",)


def run(options: argparse.Namespace) -> int:
    """Print what a design would change of a plan; nothing where nothing changes."""
    _settle(options)
    path, context = open_design(options)
    context.options.lock_text = lock_text_of(path.parent / "optidsl.lock")
    context.options.upgrade = tuple(options.upgrade)
    compiled, code = run_stages(context, lambda: _compiled(path.name, context), "text", options.color, is_answer=True)
    if compiled is None or code != EXIT_OK:
        return code
    after, moved = compiled
    before = base_plan(path, options.base, context.options)
    found = _difference(before, after, moved)
    text = _rendered(found, options.format)
    if options.out:
        write_file(Path(options.out), text)
    else:
        sys.stdout.write(text)
    return EXIT_CHANGES if options.exit_code and not found.is_empty else EXIT_OK


def _settle(options: argparse.Namespace) -> None:
    """Take a single word that is no design as BASE: `optidsl plan main`."""
    word = options.design
    if options.base is None and word != "design.optd" and not Path(word).exists() and not word.endswith(".optd"):
        options.design, options.base = "design.optd", word


def _compiled(root: str, context: Context) -> tuple[Plan, dict[str, str]] | None:
    """Compile a design; return its plan and what it says has moved."""
    checked = pipeline.check(root, context, recheck=True)
    plan = None if checked is None else pipeline.planned(checked, context)
    if checked is None or plan is None:
        return None
    return plan, {each.source: each.target for each in checked.design.moved}


def _difference(before: Base, after: Plan, moved: dict[str, str]) -> Difference:
    from optidsl.difference import difference

    return difference(before.plan, after, _texts(before.plan, before.differs), _texts(after), moved)


def _texts(plan: Plan, differs: Differs | None = None) -> Texts:
    """Make the configurations of a plan that its design asks for, by device; `differs` knows those that are kept."""
    from optidsl.diag import Sink
    from optidsl.difference import Texts
    from optidsl.emit import emit_all
    from optidsl.emit.wording import path_part

    wanted = [
        name for name in (*_DEVICE_EMITTERS, *_SUBNET_EMITTERS) if plan.header.emit is None or name in plan.header.emit
    ]
    files = emit_all(plan, tuple(wanted), Sink())
    by_folder: dict[str, list[str]] = {}
    others = {}
    for path, text in files.items():
        parts = path.split("/")
        if parts[0] == "configs" and len(parts) > 2:
            by_folder.setdefault(parts[1], []).append(text)
        else:
            others[path] = text
    names = {path_part(name): name for name in plan.devices.name} if by_folder else {}
    rewritten = () if differs is None else tuple(sorted(path for path, text in files.items() if differs(path, text)))
    return Texts({names[folder]: tuple(texts) for folder, texts in by_folder.items()}, others, rewritten)


def _rendered(found: Difference, form: str) -> str:
    from optidsl.difference import json_of, markdown_of, text_of

    if form == "json":
        return json_of(found)
    return markdown_of(found) if form == "md" else text_of(found)
