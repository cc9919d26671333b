"""Tokens, and the text cut into them."""

from __future__ import annotations

from optidsl._record import field, record
from optidsl.diag import Edit, Fix, Sink, Span
from optidsl.syntax.lexical import Stray, read_stray
from optidsl.syntax.tables import END, Tables


@record(slots=True)
class Token:
    """`type` is the terminal's name in the grammar, `start..end` its place in the file."""

    type: str
    text: str
    start: int
    end: int


@record(slots=True)
class Comment:
    """A comment from its `#` to the end of its line."""

    start: int
    end: int
    text: str


@record(slots=True)
class Scan:
    """The tokens of a text, the last of which is the end of the input; its comments; whether it was clean."""

    tokens: list[Token]
    comments: list[Comment] = field(default_factory=list)
    has_errors: bool = False


def scan(text: str, tables: Tables, file: int = 0, sink: Sink | None = None, base: int = 0) -> Scan:
    """Cut a text into tokens; characters no token starts with are reported, once for each, and mended.

    Args:
        text: what to cut.
        tables: the parse tables.
        file: the id of the file it is in.
        sink: where diagnostics go; None to drop them.
        base: the place of the text's first character in the file.
    """
    result = Scan([])
    tokens, comments = result.tokens, result.comments
    match = tables.scanner.match
    position, size = 0, len(text)
    if text.startswith("\ufeff"):
        position = 1
    while position < size:
        found = match(text, position)
        if found is None or (found[0] == "/" and text.startswith(("//", "/*"), position)):
            stray = read_stray(text, position)
            result.has_errors = True
            if sink is not None:
                _report(stray, file, base, sink)
            if stray.type is not None:
                tokens.append(Token(stray.type, stray.replacement or "", base + position, base + stray.end))
            position = stray.end
            continue
        kind = found.lastgroup or ""
        end = found.end()
        if kind == "COMMENT":
            comments.append(Comment(base + position, base + end, found[0]))
        elif kind != "WS":
            tokens.append(Token(kind, found[0], base + position, base + end))
        position = end
    tokens.append(Token(END, "", base + size, base + size))
    return result


def _report(stray: Stray, file: int, base: int, sink: Sink) -> None:
    span = Span(file, base + stray.start, base + stray.end)
    fixes: tuple[Fix, ...] = ()
    if stray.fix is not None:
        fixes = (Fix(stray.help, (Edit(span, stray.fix),), "safe"),)
    sink.error(stray.name, stray.message, span, stray.label, helps=(stray.help,) if stray.help else (), fixes=fixes)


def documentation(text: str, scanned: Scan) -> dict[int, str]:
    """Return the text of `##` comments by the start of the item right below them; -1 holds the file's own.

    A documentation comment belongs to the item on the line after it. The first group above all items that has no item
    right below it documents the file.
    """
    docs: dict[int, str] = {}
    if not any(comment.text.startswith("##") for comment in scanned.comments):
        return docs
    starts = {token.start for token in scanned.tokens[:-1]}
    has_header = scanned.tokens[0].type == "OPTD" and len(scanned.tokens) > 2
    first_item = scanned.tokens[2 if has_header else 0].start
    group: list[str] = []
    for index, comment in enumerate(scanned.comments):
        if not comment.text.startswith("##") or not _stands_alone(text, comment.start):
            group = []
            continue
        group.append(comment.text[2:].removeprefix(" ").rstrip())
        below = _start_of_next_line(text, comment.end)
        following = scanned.comments[index + 1] if index + 1 < len(scanned.comments) else None
        if following is not None and following.start == below and following.text.startswith("##"):
            continue
        if below in starts:
            docs[below] = "\n".join(group)
        elif comment.start < first_item:
            docs.setdefault(-1, "\n".join(group))
        group = []
    return docs


def _stands_alone(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _start_of_next_line(text: str, end: int) -> int:
    """Return where the first character other than a blank of the line after `end` is."""
    position = end + 1
    while position < len(text) and text[position] in " \t":
        position += 1
    return position
