"""What a token is called in a message."""

from __future__ import annotations

from collections.abc import Iterable

from optidsl.syntax.tables import END
from optidsl.syntax.tokens import Token

_LONGEST = 40
_LITERALS = {
    "NUMBER": "the number",
    "QUANTITY": "the quantity",
    "PERCENT": "the percentage",
    "MONEY": "the amount",
    "LANES": "the lanes",
    "RATIO": "the ratio",
    "IPV4": "the address",
    "DATE": "the date",
    "STRING": "the string",
    "NAME": "the name",
}
_OPERATORS = {"BINOP", "BOOLOP", "ADDOP", "STAR", "NOTIN"}
_VALUE_STARTS = {
    *("NUMBER", "QUANTITY", "PERCENT", "MONEY", "LANES", "RATIO", "IPV4", "DATE", "STRING", "TRUE", "FALSE", "AUTO"),
    *("NONE", "NAME", "LPAR", "LSQB", "LBRACE", "ADDOP", "NOT", "IF"),
}
_ITEM_STARTS = {
    *("NAME", "TYPE", "USE", "LET", "PARAM", "FN", "GOAL", "FOR", "IF", "CONNECT", "OVERRIDE", "MOVED", "OPTD"),
}
_WORDS = {
    "NAME": "a name",
    "STRING": "a string",
    "NUMBER": "a number",
    "EQUAL": "`=`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "DOT": "`.`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LINKOP": "`--`",
    "ARROW": "`->`",
    "CMPOP": "a comparison",
    "IN": "`in`",
    "AS": "`as`",
    "THEN": "`then`",
    "ELSE": "`else`",
    "FOR": "`for`",
    "IF": "`if`",
    "VBAR": "`|`",
    "OPT": "`?`",
    "STAR": "`*`",
    "TYPE": "`type`",
    "USE": "`use`",
    END: "the end of the file",
}


def describe(token: Token) -> str:
    """Return words for a token found, with its text as written."""
    if token.type == END:
        return "the end of the file"
    text = token.text.split("\n")[0]
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    word = _LITERALS.get(token.type)
    return f"`{text}`" if word is None else f"{word} `{text}`" if token.type != "STRING" else f"{word} {text}"


def expected(types: Iterable[str]) -> str:
    """Return words for what may stand at a place: at most four, joined by commas and `or`."""
    left = set(types)
    found: list[str] = []
    if {"NUMBER", "STRING", "LSQB"} <= left:
        found.append("a value")
        left -= _VALUE_STARTS
    if {"LET", "NAME"} <= left:
        found.append("the next item")
        left -= _ITEM_STARTS | {"COMMA"}
    if left >= {"BINOP", "STAR"}:
        found.append("an operator")
        left -= _OPERATORS | {"CMPOP", "IN", "DOT", "LPAR", "LSQB"}
    found += [_WORDS[name] for name in _WORDS if name in left and (name != END or not found)]
    found = found[:4]
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " or " + found[-1] if found else "nothing"
