"""The rendering for people: the code as written, underlined, with notes and helps below.

```
error[no-optic-fits]: no optic in the catalogue fits `compute: leaf -- spine`
  --> fabric.optd:31:5
   |
31 |     length <= 480m
   |     ^^^^^^^^^^^^^^ reach must cover 480 m
   |
   = note: …
   = help: …
   = help: 1. … (+3.5 kW); `optidsl fix --apply 1`
```
"""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag.model import Diagnostic, Label
from optidsl.diag.render.places import Places
from optidsl.diag.ways import first_numbers, priced

_RESET = "\x1b[0m"
_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1;36m"}
_BOLD = "\x1b[1m"
_BLUE = "\x1b[1;34m"
_TAB = "    "


def render_text(diagnostics: Sequence[Diagnostic], places: Places, *, colour: bool = False) -> str:
    """Return every diagnostic with its source lines, one blank line between two."""
    painter = _Painter(colour)
    firsts = first_numbers(diagnostics)
    return "\n".join(_render(d, places, painter, firsts.get(at, 0)) for at, d in enumerate(diagnostics))


class _Painter:
    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self._colour and text else text


def _render(diagnostic: Diagnostic, places: Places, paint: _Painter, first_way: int) -> str:
    tint = _COLOURS[diagnostic.severity]
    head = paint(tint, f"{diagnostic.severity}[{diagnostic.name}]") + paint(_BOLD, f": {diagnostic.message}")
    lines = [head]
    labels = [] if diagnostic.primary is None else [diagnostic.primary]
    labels += diagnostic.secondary
    width = max((len(str(_line(label, places))) for label in labels), default=1)
    bar = paint(_BLUE, " " * (width + 1) + "|")
    for file in _files_in_order(labels):
        lines += _snippet([label for label in labels if label.span.file == file], diagnostic, places, width, paint)
    tail = _tail(diagnostic, width, paint, first_way)
    if labels and tail:
        lines.append(bar)
    lines += tail
    return "\n".join(lines) + "\n"


def _line(label: Label, places: Places) -> int:
    return places[label.span.file].line_col(label.span.start)[0]


def _files_in_order(labels: Sequence[Label]) -> list[int]:
    return list(dict.fromkeys(label.span.file for label in labels))


def _snippet(labels: list[Label], diagnostic: Diagnostic, places: Places, width: int, paint: _Painter) -> list[str]:
    primary = diagnostic.primary
    file = places[labels[0].span.file]
    line, column = file.line_col(labels[0].span.start)
    arrow = "-->" if primary is labels[0] else ":::"
    out = [" " * width + paint(_BLUE, arrow) + f" {file.path}:{line}:{column}", paint(_BLUE, " " * (width + 1) + "|")]
    shown: int | None = None
    for label in sorted(labels, key=lambda item: (item.span.start, item.span.end)):
        start_line, start_column = file.line_col(label.span.start)
        if shown is not None and start_line > shown + 1:
            out.append(paint(_BLUE, "..."))
        if shown != start_line:
            text = file.line_text(start_line).replace("\t", _TAB)
            out.append(paint(_BLUE, f"{start_line:>{width}} |") + f" {text}".rstrip())
            shown = start_line
        is_primary = label is primary
        mark = _underline(label, file.line_text(start_line), start_column, file.line_col(label.span.end), start_line)
        char = "^" if is_primary else "-"
        tint = _COLOURS[diagnostic.severity] if is_primary else _BLUE
        pad, length = mark
        words = f"{char * length} {label.text}".rstrip()
        out.append(paint(_BLUE, " " * (width + 1) + "|") + f" {' ' * pad}" + paint(tint, words))
    return out


def _underline(label: Label, text: str, column: int, end: tuple[int, int], line: int) -> tuple[int, int]:
    """Return the padding before the mark and its length, with tabs widened as in the shown line."""
    stop = end[1] - 1 if end[0] == line else len(text.rstrip())
    before = text[: column - 1].replace("\t", _TAB)
    under = text[column - 1 : max(stop, column)].replace("\t", _TAB)
    return len(before), max(len(under), 1)


def _tail(diagnostic: Diagnostic, width: int, paint: _Painter, first_way: int) -> list[str]:
    pad = " " * (width + 1)
    out = []
    for kind, texts in (("note", diagnostic.notes), ("help", (*diagnostic.helps, *_ways(diagnostic, first_way)))):
        for text in texts:
            first, *rest = text.split("\n")
            out.append(pad + paint(_BLUE, "=") + paint(_BOLD, f" {kind}:") + f" {first}")
            out += [f"{pad}  {' ' * len(kind)}  {line}" for line in rest]
    return out


def _ways(diagnostic: Diagnostic, first_way: int) -> list[str]:
    """Number what is offered, with the command that applies it where the compiler can."""
    return [
        f"{number}. {priced(fix)}" + (f"; `optidsl fix --apply {number}`" if fix.edits else "")
        for number, fix in enumerate(diagnostic.fixes, first_way)
    ]
