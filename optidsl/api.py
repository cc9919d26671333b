"""The functions of the public API: designs as text or as files, results as plans and diagnostics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import optidsl.pipeline as pipeline
from optidsl._context import Context, Options
from optidsl._record import record
from optidsl.diag import Diagnostic, Sink
from optidsl.source import SourceMap

if TYPE_CHECKING:
    from optidsl.plan.model import Plan


@record(frozen=True, slots=True)
class Result:
    """What a compilation gave. `plan` is None when a diagnostic is an error; `files` are the artefacts by path."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    sources: SourceMap
    files: dict[str, str]
    lock_text: str

    @property
    def is_ok(self) -> bool:
        """Tell whether there is a plan."""
        return self.plan is not None


class TextLoader:
    """Read source texts from a map."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def read(self, path: str) -> str | None:
        """Return the text of that path, or None."""
        return self._texts.get(path)


def compile_text(
    text: str, *, others: dict[str, str] | None = None, options: Options | None = None, name: str = "design.optd"
) -> Result:
    """Compile a design given as text.

    Args:
        text: The design.
        others: Texts of the files it uses, by path.
        options: Parameters, environment, lock.
        name: The path that messages show.

    Returns:
        The plan with its artefacts, or the diagnostics that prevented it.
    """
    context = Context(TextLoader({**(others or {}), name: text}), options or Options())
    return _compile(name, context)


def compile_file(path: str | Path, *, options: Options | None = None) -> Result:
    """Compile a design from a file; `use "./…"` paths are relative to it. Nothing is written."""
    from optidsl.cli.files import context_for

    file = Path(path)
    return _compile(file.name, context_for(file, options or Options()))


def _compile(root: str, context: Context) -> Result:
    compiled = pipeline.compile_design(root, context)
    diagnostics = tuple(context.sink.sorted())
    if compiled is None:
        return Result(None, diagnostics, context.sources, {}, "")
    return Result(compiled.plan, diagnostics, context.sources, compiled.files, compiled.lock_text)


def check_text(text: str, *, others: dict[str, str] | None = None, options: Options | None = None) -> Result:
    """Run every stage up to the choice of parts; the result has no plan, only diagnostics."""
    context = Context(TextLoader({**(others or {}), "design.optd": text}), options or Options())
    pipeline.judged("design.optd", context)
    return Result(None, tuple(context.sink.sorted()), context.sources, {}, "")


def check_file(path: str | Path, *, options: Options | None = None) -> Result:
    """Like `check_text`, from a file."""
    from optidsl.cli.files import context_for

    file = Path(path)
    context = context_for(file, options or Options())
    pipeline.judged(file.name, context)
    return Result(None, tuple(context.sink.sorted()), context.sources, {}, "")


def format_source(text: str) -> str | None:
    """Return a source text in canonical form, or None when it does not parse."""
    from optidsl.syntax import format_source as format_text

    sources = SourceMap()
    return format_text(text, sources.add("<text>", text), Sink())


def load_plan(text: str) -> Plan:
    """Return the plan of a `plan.json` text; raises `UsageError` when it is not one of this version."""
    from optidsl.plan.io import load

    return load(text)
