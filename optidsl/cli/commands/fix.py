"""`optidsl fix`: the ways out of what a check reports, and writing them into the source."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import optidsl.pipeline as pipeline
from optidsl._context import Context
from optidsl._errors import UsageError
from optidsl.cli.exits import EXIT_OK
from optidsl.cli.session import open_as_locked
from optidsl.cli.terminal import exit_code, report
from optidsl.diag import Diagnostic, Edit
from optidsl.diag.ways import Way, priced, ways_of


def run(options: argparse.Namespace) -> int:
    """List the ways out of what a check reports, or apply some."""
    path, context = open_as_locked(options)
    pipeline.check(path.name, context)
    diagnostics = context.sink.sorted()
    ways = ways_of(diagnostics)
    if options.conflict is not None:
        ways = [way for way in ways if way.conflict == options.conflict]
        if not ways:
            raise UsageError(f"--conflict {options.conflict}: there is no such conflict with a way out")
    if options.apply:
        return _apply(options, path, context, _chosen(ways, options.apply))
    if options.dry_run:
        raise UsageError("--dry-run shows what --apply N would change: name a way out with --apply N")
    _list(options, path, context, diagnostics, ways)
    return exit_code(diagnostics)


# ------------------------------------------------------------------ listing


def _list(
    options: argparse.Namespace, path: Path, context: Context, diagnostics: list[Diagnostic], ways: list[Way]
) -> None:
    if options.format == "json":
        _print_json(context, ways, [], exit_code(diagnostics))
        return
    for conflict in dict.fromkeys(way.conflict for way in ways):
        of_conflict = [way for way in ways if way.conflict == conflict]
        told = of_conflict[0].diagnostic
        where = "" if told.primary is None else f"{context.sources.where(told.primary.span)}: "
        print(f"{conflict}. {where}{told.severity}[{told.name}]: {told.message}")
        for way in of_conflict:
            by_hand = "" if way.fix.edits else "; by hand"
            print(f"   {way.number}. {priced(way.fix)}{by_hand}")
    left = sum(each.severity == "error" and not each.fixes for each in diagnostics)
    if left:
        print(f"{left} error{'s' if left > 1 else ''} without a way out to apply: `optidsl check {path}`")
    if any(way.fix.edits for way in ways):
        print(f"apply one with `optidsl fix {path} --apply N`; add --dry-run to see the change first")
    elif not ways and not left:
        print(f"{path}: no errors, nothing to fix")


def _print_json(context: Context, ways: list[Way], applied: list[int], code: int) -> None:
    import json

    from optidsl.diag.render.json_lines import place

    rows = [
        {
            "number": way.number,
            "conflict": way.conflict,
            "name": way.diagnostic.name,
            "severity": way.diagnostic.severity,
            "message": way.diagnostic.message,
            "title": way.fix.title,
            "price": way.fix.price,
            "applicability": way.fix.applicability,
            "edits": [{**place(edit.span, context.sources), "replacement": edit.text} for edit in way.fix.edits],
        }
        for way in ways
    ]
    document = {"schema": "optidsl.fixes/1", "ways": rows, "applied": applied, "has_errors": code != EXIT_OK}
    print(json.dumps(document, indent=2, ensure_ascii=False))


# ------------------------------------------------------------------ applying


def _chosen(ways: list[Way], numbers: list[int]) -> list[Way]:
    """Return the ways out named on the command line, each of which can be written."""
    by_number = {way.number: way for way in ways}
    chosen: list[Way] = []
    for number in dict.fromkeys(numbers):
        way = by_number.get(number)
        if way is None:
            known = f"there are {min(by_number)} to {max(by_number)}" if by_number else "the check offers none"
            raise UsageError(f"--apply {number}: no way out has this number; {known}")
        if not way.fix.edits:
            raise UsageError(f"--apply {number}: nothing in the text stands for this; do it by hand: {way.fix.title}")
        chosen.append(way)
    return chosen


def _apply(options: argparse.Namespace, path: Path, context: Context, chosen: list[Way]) -> int:
    from optidsl.cli.edited import changed_files, difference, write_changed

    changed = changed_files(path.parent, context.sources, _edits(chosen))
    again = _checked(options, path, {each.path: each.text for each in changed})
    diagnostics = again.sink.sorted()
    code = exit_code(diagnostics)
    if options.dry_run:
        sys.stdout.write("".join(difference(each) for each in changed))
    else:
        write_changed(changed)
    if options.format == "json":
        _print_json(context, chosen, [] if options.dry_run else [way.number for way in chosen], code)
        return code
    report([each for each in diagnostics if each.severity == "error"], again.sources, "text", options.color)
    verb = "would change" if options.dry_run else "changed"
    for way in chosen:
        print(f"{way.number}. {way.fix.title}", file=sys.stderr)
    names = ", ".join(str(path.parent / each.path) for each in changed)
    outcome = "the design has no errors then" if code == EXIT_OK else "errors are left"
    print(f"{verb} {names}; {outcome}{_elsewhere(options, path, code)}", file=sys.stderr)
    return code


def _edits(chosen: list[Way]) -> list[Edit]:
    return list(dict.fromkeys(edit for way in chosen for edit in way.fix.edits))


def _checked(options: argparse.Namespace, path: Path, texts: dict[str, str]) -> Context:
    """Check the design again with changed texts, under the same options."""
    from optidsl.cli.edited import Overlay

    _, again = open_as_locked(options)
    again.loader = Overlay(again.loader, texts)
    pipeline.check(path.name, again)
    return again


def _elsewhere(options: argparse.Namespace, path: Path, code: int) -> str:
    """Say for what the change was tried where options made another design of the text."""
    if options.environment is None and not options.param:
        return ""
    given = [] if options.environment is None else [f"environment `{options.environment}`"]
    given += [f"`{each}`" for each in options.param]
    return f" (checked with {' and '.join(given)}; check the design without, too)"
