"""Braces that are missing or too many, told by the indentation."""

from __future__ import annotations

from optidsl.diag import Edit, Fix, Sink, Span
from optidsl.syntax.places import Places
from optidsl.syntax.tables import END
from optidsl.syntax.tokens import Token


def balance(text: str, tokens: list[Token], file: int, sink: Sink) -> list[Token]:
    """Report every brace without a partner and return tokens whose braces match.

    A `}` that is first on its line belongs to the `{` whose line has the same indentation. With more `{` than `}`, the
    one that a `}` further out would close is left open; with more `}` than `{`, one deeper than its `{` is too many.
    """
    surplus = sum((t.type == "LBRACE") - (t.type == "RBRACE") for t in tokens)
    places = Places(text, tokens)
    if surplus > 0:
        return _close(places, _unclosed(places), file, sink)
    return _drop(places, -surplus, file, sink)


def _unclosed(places: Places) -> list[int]:
    stack: list[int] = []
    found: list[int] = []
    for index, token in enumerate(places.tokens):
        if token.type == "LBRACE":
            stack.append(index)
        elif token.type == "RBRACE":
            while len(stack) > 1 and places.is_first(index) and places.column[index] < places.indent(stack[-1]):
                found.append(stack.pop())
            if stack:
                stack.pop()
    return sorted(found + stack)


def _close(places: Places, unclosed: list[int], file: int, sink: Sink) -> list[Token]:
    inserted: dict[int, int] = {}
    for opener in unclosed:
        before = _where_it_ends(places, opener)
        inserted[before] = inserted.get(before, 0) + 1
        _report_unclosed(places, opener, before, file, sink)
    result: list[Token] = []
    for index, token in enumerate(places.tokens):
        for _ in range(inserted.get(index, 0)):
            end = result[-1].end
            result.append(Token("RBRACE", "}", end, end))
        result.append(token)
    return result


def _where_it_ends(places: Places, opener: int) -> int:
    """Return the token before which the missing `}` belongs."""
    indent = places.indent(opener)
    depth = 0
    for index in range(opener + 1, len(places.tokens)):
        kind = places.tokens[index].type
        if kind == END or (
            depth == 0
            and places.is_first(index)
            and places.line[index] > places.line[opener]
            and places.column[index] <= indent
        ):
            return index
        if kind == "LBRACE":
            depth += 1
        elif kind == "RBRACE":
            if depth == 0:
                return index
            depth -= 1
    return len(places.tokens) - 1


def _report_unclosed(places: Places, opener: int, before: int, file: int, sink: Sink) -> None:
    token = places.tokens[opener]
    head = places.text[places.tokens[places.first_of_line(opener)].start : token.start].strip()
    whose = f" of `{head}`" if head and len(head) <= 60 else ""
    end = places.tokens[before - 1].end
    line = places.line[before] + 1
    at_end = places.tokens[before].type == END
    where = "at the end of the file" if at_end else f"before line {line}"
    insert = "\n" + " " * places.indent(opener) + "}"
    sink.error(
        "unclosed-brace",
        f"the `{{`{whose} is never closed",
        Span(file, token.start, token.end),
        "opened here",
        helps=(f"the indentation suggests a `}}` {where}",),
        fixes=(Fix(f"insert `}}` {where}", (Edit(Span(file, end, end), insert),), "unsafe"),),
    )


def _drop(places: Places, surplus: int, file: int, sink: Sink) -> list[Token]:
    stack: list[int] = []
    result: list[Token] = []
    for index, token in enumerate(places.tokens):
        if token.type == "LBRACE":
            stack.append(index)
        elif token.type == "RBRACE":
            is_deeper = bool(stack) and places.is_first(index) and places.column[index] > places.indent(stack[-1])
            if not stack or (surplus > 0 and is_deeper):
                surplus -= 1
                span = Span(file, token.start, token.end)
                fix = Fix("remove this `}`", (Edit(span, ""),), "unsafe")
                sink.error("stray-brace", "this `}` closes nothing", span, helps=("remove it",), fixes=(fix,))
                continue
            stack.pop()
        result.append(token)
    return result
