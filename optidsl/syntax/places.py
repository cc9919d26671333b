"""Tokens with their lines and columns, as error recovery reads them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from optidsl.syntax.tables import END
from optidsl.syntax.tokens import Token

ITEM_WORDS = frozenset({"USE", "LET", "PARAM", "FN", "TYPE", "GOAL", "FOR", "IF", "CONNECT", "OVERRIDE", "MOVED"})
WANTS_VALUE = frozenset(
    {"EQUAL", "CMPOP", "IN", "NOTIN", "ADDOP", "BINOP", "STAR", "BOOLOP", "NOT", "LINKOP", "THEN", "ELSE", "ARROW"}
)
LITERALS = frozenset({"NUMBER", "QUANTITY", "PERCENT", "MONEY", "LANES", "RATIO", "IPV4", "DATE"})
VALUES = LITERALS | {"STRING", "TRUE", "FALSE", "AUTO", "NONE"}
RESERVED = frozenset(
    {
        *("OPTD", "USE", "AS", "LET", "PARAM", "FN", "GOAL", "FOR", "IN", "IF", "THEN", "ELSE", "CONNECT", "OVERRIDE"),
        *("MOVED", "BOOLOP", "NOT", "TRUE", "FALSE", "AUTO", "NONE"),
    }
)
_AFTER_KEY = frozenset({"EQUAL", "CMPOP", "IN", "LBRACE", "NAME", "STRING", "COLON"})


class Places:
    """The tokens of a file and where each stands. `line` counts from 0."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        starts = [0]
        position = text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1)
        self.line = [bisect_right(starts, token.start) - 1 for token in tokens]
        self.column = [token.start - starts[line] for token, line in zip(tokens, self.line, strict=True)]
        self._indents: dict[int, int] = {}
        self._first_of_line: dict[int, int] = {}
        for index, line in enumerate(self.line):
            self._first_of_line.setdefault(line, index)

    def is_first(self, index: int) -> bool:
        """Tell whether a token is the first of its line (the end of the input counts as one)."""
        return self._first_of_line[self.line[index]] == index or self.tokens[index].type == END

    def first_of_line(self, index: int) -> int:
        """Return the first token of the line of a token."""
        return self._first_of_line[self.line[index]]

    def indent(self, index: int) -> int:
        """Return the column of the first token on the line of a token."""
        return self.column[self.first_of_line(index)]

    def next_line(self, index: int) -> int:
        """Return the first token on a later line."""
        line = self.line[index]
        while self.line[index] == line and self.tokens[index].type != END:
            index += 1
        return index

    def after_key(self, index: int) -> int:
        """Return the token after the dotted name that starts at `index`."""
        index += 1
        while self.tokens[index].type == "DOT" and self.tokens[index + 1].type in ("NAME", "TYPE"):
            index += 2
        return index

    def looks_like_item(self, index: int) -> bool:
        """Tell whether an item may start here."""
        kind = self.tokens[index].type
        if kind in ITEM_WORDS and self.tokens[index + 1].type not in ("EQUAL",):
            return True
        if kind not in ("NAME", "TYPE"):
            return False
        return self.tokens[self.after_key(index)].type in _AFTER_KEY

    def slice(self, first: int, last: int) -> str:
        """Return the text from the start of one token to the end of another."""
        return self.text[self.tokens[first].start : self.tokens[last].end]
