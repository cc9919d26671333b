"""Read the language reference in `tests/spec/*.md` as test cases, and compile them in memory.

A heading with a fenced block of `optd` below it is a case; each block is a file. A block that starts with
`# file: NAME` has that name, any other is `design.optd`. A block without a `design` of its own is the body of
one, which uses what it names of `parts.optd` (beside the pages).
`# option: environment = NAME` and `# option: param NAME = EXPRESSION` are what the caller asks for;
`# option: check` runs every stage up to the choice of parts.

What a case must give stands at the end of the line it is about: `# error: [name] "message"`, or `# warning: …`. On a
line of its own it is a diagnostic without a place. Nothing else may be reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import optidsl.pipeline as pipeline
from optidsl._context import Context, Options
from optidsl.modules import resolve
from optidsl.sema import elaborate
from optidsl.sema.design import Design

_HEADING = re.compile(r"#{2,4} (.+)")
_EXPECTED = re.compile(r'# (error|warning): \[([a-z0-9-]+)\] "(.*?)"(?=\s*(?:#|$))')
_OPTION = re.compile(r"# option: (?:environment = (\S+)|param (\S+) = (.+))")
_PLACE = re.compile(r"([\w./-]+\.optd):(\d+)")
_FILE = re.compile(r"# file: (\S+)")
ROOT = "design.optd"
PARTS = Path(__file__).resolve().parent.parent / "spec" / "parts.optd"
PART_NAMES = ("box", "optic", "sw", "sw-small")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A diagnostic as the reference states it; line 0 stands for no place."""

    file: str
    line: int
    severity: str
    name: str
    message: str

    def __str__(self) -> str:
        return f'{self.file}:{self.line}: {self.severity}: [{self.name}] "{self.message}"'


@dataclass(slots=True)
class Case:
    """A heading of the reference with its files and what they must give."""

    title: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    first_lines: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    expected: list[Finding] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    is_checked: bool = False  # every stage up to the choice of parts runs, not the elaboration alone

    def read(self, path: str) -> str | None:
        """Return a file of the case, as the loader of its compilation."""
        return PARTS.read_text(encoding="utf-8") if path == "parts.optd" else self.files.get(path)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of one page, in order."""
    cases: list[Case] = []
    current = Case(path.stem, 1)
    block: list[str] | None = None
    start = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        heading = _HEADING.fullmatch(line)
        if block is not None:
            if line.startswith("```"):
                _add_block(current, block, start)
                block = None
            else:
                block.append(line)
        elif heading is not None:
            current = Case(heading.group(1), number)
            cases.append(current)
        elif line.strip() == "```optd":
            block, start = [], number + 1
    return [case for case in cases if case.files]


def _add_block(case: Case, lines: list[str], start: int) -> None:
    first = start
    named = _FILE.match(lines[0]) if lines else None
    name = named.group(1) if named is not None else ROOT
    text = "\n".join(lines) + "\n"
    is_whole = named is not None or re.search(r"^(design|optd|use) ", text, re.MULTILINE) is not None
    if not is_whole:
        head = _head(text)
        text = head + text + "}\n"
        start -= head.count("\n")
    elif not re.search(r"^optd ", text, re.MULTILINE) and "missing-edition" not in text:
        text = "optd 1\n" + text
        start -= 1
    case.files[name] = text
    case.heads[name] = first - start
    case.first_lines[name] = start
    for number, line in enumerate(text.splitlines(), 1):
        for severity, diagnostic, message in _EXPECTED.findall(line):
            is_placed = not line.lstrip().startswith("#")
            place = (name, number + start - 1) if is_placed else ("", 0)
            case.expected.append(Finding(*place, severity, diagnostic, message.replace('\\"', '"')))
        case.is_checked |= line.strip() == "# option: check"
        option = _OPTION.search(line)
        if option is not None and option.group(1) is not None:
            case.options.environment = option.group(1)
        elif option is not None:
            case.options.params[option.group(2)] = option.group(3)


def _head(body: str) -> str:
    """Return what stands before the body of a design."""
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*", re.sub(r"#.*", "", body)))
    own = set(re.findall(r"^(?:switch_model|server_model|transceiver) (\S+)", body, re.MULTILINE))
    names = [name for name in PART_NAMES if name in words - own]
    use = f'use "./parts.optd" {{ {", ".join(names)} }}\n' if names else ""
    return f"optd 1\n{use}design spec {{\n"


def compile_case(case: Case) -> tuple[Design | None, list[Finding]]:
    """Resolve and elaborate a case; findings carry the lines of the page."""
    context = Context(case, case.options)
    program = resolve(ROOT, context)
    design = None if program is None else elaborate(program, context)
    if case.is_checked:
        context = Context(case, case.options)
        pipeline.judged(ROOT, context)
    found: list[Finding] = []
    for diagnostic in context.sink.sorted():
        place = ("", 0)
        file = None if diagnostic.primary is None else context.sources[diagnostic.primary.span.file]
        if diagnostic.primary is not None and file is not None and not file.path.startswith("<param"):
            span = diagnostic.primary.span
            place = (file.path, file.line_col(span.start)[0] + case.first_lines.get(file.path, 1) - 1)
        found.append(Finding(*place, diagnostic.severity, diagnostic.name, _in_block(case, diagnostic.message)))
    return design, found


def _in_block(case: Case, message: str) -> str:
    """Return a message with its line numbers counted from the first line of the page's block."""

    def counted(match: re.Match[str]) -> str:
        line = int(match[2]) - case.heads.get(match[1], 0)
        return f"{match[1]}:{line}"

    return _PLACE.sub(counted, message)
