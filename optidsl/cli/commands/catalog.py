"""`optidsl catalog`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from optidsl._context import Options
from optidsl.catalog.parts import Catalog
from optidsl.cli.exits import EXIT_ERRORS, EXIT_OK
from optidsl.cli.files import context_for
from optidsl.cli.terminal import exit_code, report
from optidsl.diag import Diagnostic, Label, Span, UsageError

if TYPE_CHECKING:
    from optidsl.catalog.imports import Finding


def run(options: argparse.Namespace) -> int:
    """Search, show or lint the catalogue and own files of parts, or import a switch from a file of another project."""
    if options.verb == "import":
        return _import(options)
    from optidsl.sema.standard import standard_catalog

    own = tuple(Path(file) for file in options.own)
    for file in own:
        _text_of(file)  # one that cannot be read is told as such
    context = context_for(Path("design.optd"), Options())
    catalog = standard_catalog(context, tuple(str(file) for file in own))
    if catalog is None:
        report(context.sink.sorted(), context.sources, "text", "auto")
        return EXIT_ERRORS
    verbs = {"search": _search, "show": _show, "check": _check}
    return verbs[options.verb](catalog, options)


def _search(catalog: Catalog, options: argparse.Namespace) -> int:
    from optidsl.catalog.search import search

    hits = search(catalog, " ".join(options.words))
    if options.format == "json":
        print(json.dumps([{"name": hit.name, "kind": hit.kind, "summary": hit.summary} for hit in hits], indent=2))
        return EXIT_OK
    if not hits:
        print("no part has all of these words", file=sys.stderr)
        return EXIT_ERRORS
    width = max(len(hit.name) for hit in hits)
    for hit in hits:
        print(f"{hit.name:<{width}}  {hit.kind:<13}  {hit.summary}")
    return EXIT_OK


def _show(catalog: Catalog, options: argparse.Namespace) -> int:
    from optidsl.catalog.show import describe, describe_json, suggest

    text = describe_json(catalog, options.part) if options.format == "json" else describe(catalog, options.part)
    if text is None:
        near = suggest(catalog, options.part)
        raise UsageError(f"there is no part {options.part}" + (f" (did you mean {near}?)" if near else ""))
    print(text, end="")
    return EXIT_OK


def _check(catalog: Catalog, options: argparse.Namespace) -> int:
    from optidsl.catalog.lint import count_by_confidence, lint

    if options.summary:
        return _summary(catalog)
    findings = lint(catalog)
    counts = count_by_confidence(catalog)
    if options.format == "json":
        print(json.dumps({"findings": [str(finding) for finding in findings], "numbers": counts}, indent=2))
    else:
        for finding in findings:
            print(finding)
        print(f"{sum(counts.values())} numbers: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
        print("1 finding" if len(findings) == 1 else f"{len(findings)} findings")
    return EXIT_ERRORS if findings else EXIT_OK


def _summary(catalog: Catalog) -> int:
    from optidsl._resources import stdlib_modules
    from optidsl.catalog.overview import overview
    from optidsl.modules import IMPLICIT_MODULES

    print(overview(catalog, stdlib_modules(), IMPLICIT_MODULES), end="")
    return EXIT_OK


def _import(options: argparse.Namespace) -> int:
    """Print the block of a device file to standard output, and what is odd about the file to standard error."""
    from optidsl.catalog.imports import import_switch, render
    from optidsl.source import SourceMap

    sources = SourceMap()
    text = _text_of(Path(options.file))
    file = sources.add(options.file, text)
    imported = import_switch(text, options.file, options.format)
    printed = None if imported.switch is None else render(imported.switch, options.file, options.name)
    diagnostics = [_diagnostic(finding, text, file) for finding in imported.findings]
    report(diagnostics, sources, "text", "auto")
    if printed is not None:
        print(printed, end="")
    return exit_code(diagnostics)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _diagnostic(finding: Finding, text: str, file: int) -> Diagnostic:
    """Return a finding as a diagnostic that points at the first whole occurrence of its anchor."""
    found = re.search(rf"(?<![\w.]){re.escape(finding.anchor)}(?![\w.])", text) if finding.anchor else None
    primary = Label(Span(file, found.start(), found.end()), finding.label) if found else None
    message = " ".join(finding.message.split())
    return Diagnostic(finding.name, finding.severity, message, primary, (), finding.notes, finding.helps)
