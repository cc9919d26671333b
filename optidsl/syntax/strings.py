"""String literals: escapes, and `{expression[:format]}` between the literal texts."""

from __future__ import annotations

import re
from collections.abc import Callable

from optidsl._record import record
from optidsl.diag import Span
from optidsl.syntax.nodes import Expr, StringLit
from optidsl.syntax.tokens import Token

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "{": "{", "}": "}"}
_UNICODE = re.compile(r"u\{([0-9A-Fa-f]{1,6})\}")
_PLAIN = re.compile(r"[^\\{}]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_OPEN, _CLOSE = "([{", ")]}"

Complain = Callable[[str, str, int, int, str], None]
"""Report (name, message, start, end, help) at a place of the file."""
ParseExpression = Callable[[str, int], Expr | None]
"""Parse an expression that starts at a place of the file; None when it does not parse, which is then reported."""


@record(slots=True)
class _Reader:
    body: str
    base: int
    complain: Complain
    parse_expression: ParseExpression
    parts: list[str | Expr]
    formats: list[str | None]
    literal: list[str]

    def flush(self) -> None:
        if self.literal:
            self.parts.append("".join(self.literal))
            self.formats.append(None)
            self.literal = []


def read_string(token: Token, file: int, complain: Complain, parse_expression: ParseExpression) -> StringLit:
    """Return the node of a string token; what is wrong inside goes to `complain`."""
    quotes = 3 if token.text.startswith('"""') and len(token.text) >= 6 else 1
    span = Span(file, token.start, token.end)
    body = token.text[quotes:-quotes]
    for control in _CONTROL.finditer(body):
        place = token.start + quotes + control.start()
        _complain_of_control(complain, ord(control[0]), place, place + 1)
    if "\\" not in body and "{" not in body and "}" not in body:
        return StringLit(span, (body,) if body else (), (None,) if body else ())
    reader = _Reader(body, token.start + quotes, complain, parse_expression, [], [], [])
    position = 0
    while position < len(body):
        position = _step(reader, position)
    reader.flush()
    return StringLit(span, tuple(reader.parts), tuple(reader.formats))


def _step(reader: _Reader, position: int) -> int:
    body = reader.body
    plain = _PLAIN.match(body, position)
    if plain is not None:
        reader.literal.append(plain[0])
        return plain.end()
    if body[position] == "\\":
        return _escape(reader, position)
    if body.startswith(("{{", "}}"), position):
        reader.literal.append(body[position])
        return position + 2
    if body[position] == "}":
        place = reader.base + position
        reader.complain(
            "bad-interpolation", "a `}` in a string closes nothing", place, place + 1, "write `}}` for a brace"
        )
        return position + 1
    return _interpolation(reader, position)


def _escape(reader: _Reader, position: int) -> int:
    body = reader.body
    following = body[position + 1 : position + 2]
    if following in _ESCAPES and following:
        reader.literal.append(_ESCAPES[following])
        return position + 2
    code = _UNICODE.match(body, position + 1)
    if code is not None and int(code[1], 16) < 0x110000 and not 0xD800 <= int(code[1], 16) < 0xE000:
        character = chr(int(code[1], 16))
        if _CONTROL.match(character):
            _complain_of_control(reader.complain, ord(character), reader.base + position, reader.base + code.end())
        reader.literal.append(character)
        return code.end()
    end = code.end() if code is not None else position + 2
    reader.complain(
        "bad-escape",
        f"unknown escape `{body[position:end]}` in a string",
        reader.base + position,
        reader.base + end,
        'the escapes are \\n \\t \\r \\" \\\\ \\u{…}; write `\\\\` for a backslash',
    )
    return end


def _complain_of_control(complain: Complain, code: int, start: int, end: int) -> None:
    message = f"a string holds the control character U+{code:04X}, which no device and no table accepts"
    complain("control-character", message, start, end, "remove it; a line break is written `\\n`, a tab `\\t`")


def _interpolation(reader: _Reader, position: int) -> int:
    body = reader.body
    end, colon = _end_of_interpolation(body, position + 1)
    if end < 0:
        place = reader.base + position
        message = "a `{` in a string opens an expression that no `}` closes"
        reader.complain("bad-interpolation", message, place, place + 1, "write `{{` for a brace")
        return len(body)
    stop = end if colon < 0 else colon
    source = body[position + 1 : stop]
    if not source.strip():
        message = "an interpolation in a string has no expression"
        span = reader.base + position, reader.base + end + 1
        reader.complain("bad-interpolation", message, *span, "write `{{}}` for a pair of braces")
        return end + 1
    expression = reader.parse_expression(source, reader.base + position + 1)
    reader.flush()
    if expression is not None:
        reader.parts.append(expression)
        reader.formats.append(None if colon < 0 else body[colon + 1 : end])
    return end + 1


def _end_of_interpolation(body: str, position: int) -> tuple[int, int]:
    """Return where the closing brace and the colon of the format are (-1 for neither)."""
    depth, colon = 0, -1
    for index in range(position, len(body)):
        character = body[index]
        if depth == 0 and character == "}":
            return index, colon
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        elif character == ":" and depth == 0 and colon < 0:
            colon = index
    return -1, -1
