"""`optidsl fmt`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from optidsl.cli.exits import EXIT_ERRORS, EXIT_OK
from optidsl.cli.files import read_text
from optidsl.cli.output import write_file
from optidsl.cli.terminal import report
from optidsl.diag import Sink, UsageError
from optidsl.source import SourceMap
from optidsl.syntax import format_source


def run(options: argparse.Namespace) -> int:
    """Format the files named, or tell which ones would change."""
    if options.paths == ["-"]:
        return _format_stdin(options.check)
    code = EXIT_OK
    for path in _files(options.paths):
        code = max(code, _format_file(path, options.check))
    return code


def _files(paths: list[str]) -> list[Path]:
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found += sorted(path.rglob("*.optd"))
        elif path.is_file():
            found.append(path)
        else:
            raise UsageError(f"there is no file {name}")
    return list(dict.fromkeys(found))


def _formatted(name: str, text: str) -> str | None:
    sources, sink = SourceMap(), Sink()
    formatted = format_source(text, sources.add(name, text), sink)
    if formatted is None:
        report(sink.sorted(), sources, "text", "auto")
    return formatted


def _format_file(path: Path, is_check: bool) -> int:
    text = read_text(path)
    formatted = _formatted(str(path), text)
    if formatted is None:
        return EXIT_ERRORS
    if formatted == text:
        return EXIT_OK
    if is_check:
        print(f"would reformat {path}", file=sys.stderr)
        return EXIT_ERRORS
    write_file(path, formatted)
    print(f"reformatted {path}", file=sys.stderr)
    return EXIT_OK


def _format_stdin(is_check: bool) -> int:
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 text (byte {error.start})") from error
    formatted = _formatted("<stdin>", text)
    if formatted is None:
        return EXIT_ERRORS
    if is_check:
        return EXIT_OK if formatted == text else EXIT_ERRORS
    sys.stdout.write(formatted)
    return EXIT_OK
