"""Characters that no token starts with: what the author meant, and what to write."""

from __future__ import annotations

import re
import unicodedata

from optidsl._record import record

_OPENING_QUOTES = "“”„«‟"
_CLOSING_QUOTES = '“”»‟"'
_LOOKALIKES = {
    "−": "-",
    "–": "-",
    "—": "--",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "·": "*",
    "÷": "/",
    "→": "--",
    "↔": "--",
    "…": "..",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u200b": "",
    "\ufeff": "",
    "（": "(",
    "）": ")",
    "，": ",",
    "：": ":",
    "＝": "=",
}
_TYPES = {
    "-": "ADDOP",
    "--": "LINKOP",
    "<=": "CMPOP",
    ">=": "CMPOP",
    "!=": "CMPOP",
    "*": "STAR",
    "/": "BINOP",
    "..": "BINOP",
    "(": "LPAR",
    ")": "RPAR",
    ",": "COMMA",
    ":": "COLON",
    "=": "EQUAL",
}


_NUMBER_BEFORE = re.compile(r"(?<![\w.-])\d[\d_]*(?:\.\d+)?[ \t]+\Z")
_DETACHED = re.compile(r"%(?!\s*[\w(\"])|[µΩ°][A-Za-z]*(?:/[A-Za-z]+)*")


@record(frozen=True, slots=True)
class Stray:
    """Text from `start` to `end` that is no token.

    `type` is the token it stands for in the rest of the parse (None: nothing), `replacement` that token's text, and
    `fix` what to write in its place.
    """

    name: str
    message: str
    label: str
    help: str
    start: int
    end: int
    type: str | None = None
    replacement: str | None = None
    fix: str | None = None


def read_stray(text: str, start: int) -> Stray:
    """Return what is wrong at `start`, where no token of the language begins."""
    character = text[start]
    detached = _DETACHED.match(text, start) if start and text[start - 1] in " \t" else None
    if detached is not None:
        stray = _detached_unit(text, start, detached.end())
        if stray is not None:
            return stray
    if text.startswith(("//", "/*"), start):
        return _c_comment(text, start)
    if character in _OPENING_QUOTES or character in "'‘’`":
        return _foreign_quotes(text, start)
    if character == '"':
        return _unterminated(text, start)
    if character == ";":
        return _semicolon(text, start)
    if character in "&!^%~":
        return _c_operator(text, start)
    if character in _LOOKALIKES:
        return _lookalike(text, start)
    return _unknown(text, start)


def _detached_unit(text: str, start: int, end: int) -> Stray | None:
    line = text.rfind("\n", 0, start) + 1
    before = _NUMBER_BEFORE.search(text[line:start])
    if before is None:
        return None
    unit = text[start:end]
    number = before[0].rstrip()
    message = f"the unit `{unit}` does not touch its number"
    gap = line + before.start() + len(number)
    return Stray("detached-unit", message, "", f"write `{number}{unit}`", gap, end, fix=unit)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _c_comment(text: str, start: int) -> Stray:
    if text.startswith("//", start):
        end = _line_end(text, start)
        words = text[start + 2 : end].strip()
        return Stray(
            "c-comment", "`//` does not start a comment", "", "a comment starts with `#`", start, end, fix=f"# {words}"
        )
    close = text.find("*/", start + 2)
    end = len(text) if close < 0 else close + 2
    return Stray("c-comment", "`/* */` is not a comment", "", "start every line of a comment with `#`", start, end)


def _foreign_quotes(text: str, start: int) -> Stray:
    closing = _CLOSING_QUOTES if text[start] in _OPENING_QUOTES else "'‘’`"
    end = _line_end(text, start)
    close = next((i for i in range(start + 1, end) if text[i] in closing), None)
    if close is None:
        stop = start + 1
        return Stray("typographic-quotes", f"`{text[start]}` does not start a string", "", 'write `"`', start, stop)
    content = text[start + 1 : close]
    fixed = f'"{content}"'
    what = "typographic quotes" if text[start] in _OPENING_QUOTES else f"`{text[start]}`"
    message = f"a string is written in straight double quotes, found {what}"
    return Stray("typographic-quotes", message, "", f"write `{fixed}`", start, close + 1, "STRING", fixed, fixed)


def _unterminated(text: str, start: int) -> Stray:
    if text.startswith('"""', start):
        end = len(text)
        message = 'the string that `"""` opens has no closing `"""`'
        return Stray("unterminated-string", message, "opened here", 'close it with `"""`', start, end, "STRING", '""')
    end = _line_end(text, start)
    stripped = start + len(text[start:end].rstrip())
    message = "the string has no closing quote on its line"
    help_ = 'close it with `"`; a string over several lines stands between `"""`'
    return Stray("unterminated-string", message, "opened here", help_, start, max(stripped, start + 1), "STRING", '""')


def _semicolon(text: str, start: int) -> Stray:
    rest = text[start + 1 : _line_end(text, start)].lstrip()
    fix = "" if not rest or rest[0] in "}#" else ","
    help_ = "leave it out" if fix == "" else "separate items on one line by a comma"
    kind = None if fix == "" else "COMMA"
    return Stray("semicolon", "an item does not end in a semicolon", "", help_, start, start + 1, kind, fix, fix)


def _c_operator(text: str, start: int) -> Stray:
    character = text[start]
    if text.startswith("&&", start) or character == "&":
        end = start + (2 if text.startswith("&&", start) else 1)
        return _operator(text, start, end, "and", "BOOLOP", "write `and`")
    if character == "!":
        return _operator(text, start, start + 1, "not", "NOT", "write `not`")
    if character == "%":
        message, help_ = "`%` is not an operator", "the remainder of a division is `mod(a, b)`; `5%` is a percent"
        return Stray("c-operators", message, "", help_, start, start + 1, "STAR", "*")
    message = f"`{character}` is not an operator"
    help_ = "the operators are + - * / .. ± and or not in ??"
    return Stray("c-operators", message, "", help_, start, start + 1, "STAR", "*")


def _operator(text: str, start: int, end: int, word: str, kind: str, help_: str) -> Stray:
    found = text[start:end]
    before = "" if start == 0 or text[start - 1].isspace() or text[start - 1] in "([{" else " "
    after = "" if end < len(text) and text[end].isspace() else " "
    message = f"`{found}` is not an operator of this language"
    return Stray("c-operators", message, "", help_, start, end, kind, word, before + word + after)


def _lookalike(text: str, start: int) -> Stray:
    character = text[start]
    fix = _LOOKALIKES[character]
    end = start + 1
    while end < len(text) and text[end] == character:
        end += 1
    fix = fix if character.isspace() or not fix else fix * (end - start)
    message = f"{_describe(character)} has no meaning here"
    help_ = f"write `{fix}`" if fix.strip() else "remove it" if not fix else "write an ordinary space"
    return Stray("unknown-character", message, "", help_, start, end, _TYPES.get(fix), fix, fix)


def _unknown(text: str, start: int) -> Stray:
    end = start + 1
    if text[start].isalpha():
        while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
            end += 1
    while end < len(text) and not text[end].isascii() and text[end] not in _LOOKALIKES and not text[end].isspace():
        end += 1
    message = f"{_describe(text[start])} has no meaning here"
    help_ = ""
    if text[start].isalpha():
        help_ = "names are made of ASCII letters, digits, `_` and `-`; other text goes into a string"
    return Stray("unknown-character", message, "", help_, start, end, "NAME" if help_ else None, text[start:end])


def _describe(character: str) -> str:
    name = unicodedata.name(character, "")
    if character.isprintable() and not character.isspace():
        return f"`{character}` ({name.lower()})" if name else f"`{character}`"
    return f"a character U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")
