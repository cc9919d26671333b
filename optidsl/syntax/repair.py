"""Mistakes that two or three neighbouring tokens give away; the tokens are mended so that the parse goes on."""

from __future__ import annotations

from optidsl.diag import Edit, Fix, Sink, Span
from optidsl.syntax.tokens import Token
from optidsl.units import units

_NULLS = frozenset({"null", "nil", "None", "Null", "NULL", "undefined"})
_BEFORE_VALUE = frozenset({"EQUAL", "CMPOP", "IN", "BINOP", "ELSE", "THEN", "LPAR", "LSQB", "COMMA"})
_NOT_AFTER_UNIT = frozenset({"EQUAL", "COLON", "DOT", "NAME", "STRING", "LPAR", "LSQB"})
_AFTER_NAME = frozenset({"DOT", "LPAR", "LSQB", "EQUAL", "LBRACE", "COLON", "STRING", "NAME"})
_ALSO_KINDS = frozenset({"node", "rack", "port", "link"})


def repair(text: str, tokens: list[Token], file: int, sink: Sink) -> list[Token]:
    """Return the tokens with what these rules recognise reported and mended; the same list when there is nothing."""
    if not any(_is_suspect(token) for token in tokens):
        return tokens
    mender = _Mender(text, tokens, file, sink)
    return mender.run()


def _is_suspect(token: Token) -> bool:
    kind = token.type
    return kind in ("NUMBER", "VBAR", "ARROW", "CONNECT") or (kind == "NAME" and token.text in _NULLS)


class _Mender:
    def __init__(self, text: str, tokens: list[Token], file: int, sink: Sink) -> None:
        self.text = text
        self.tokens = tokens
        self.file = file
        self.sink = sink
        self.done: list[Token] = []
        self.position = 0

    def run(self) -> list[Token]:
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if not (
                (token.type == "NUMBER" and self._detached_unit())
                or (token.type == "VBAR" and self._double_bar())
                or (token.type == "CONNECT" and self._arrow_link())
                or (token.type == "NAME" and token.text in _NULLS and self._null())
            ):
                self.done.append(token)
                self.position += 1
        return self.done

    def _ahead(self, count: int) -> Token:
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def _gap(self, first: Token, second: Token) -> str:
        return self.text[first.end : second.start]

    def _span(self, first: Token, last: Token) -> Span:
        return Span(self.file, first.start, last.end)

    def _detached_unit(self) -> bool:
        number, name = self.tokens[self.position], self._ahead(1)
        gap = self._gap(number, name)
        if name.type != "NAME" or name.text not in units() or gap.strip(" \t") or not gap:
            return False
        count = 2
        last = name
        while (
            self._ahead(count).text == "/"
            and self._ahead(count).start == last.end
            and self._ahead(count + 1).type == "NAME"
            and self._ahead(count + 1).start == self._ahead(count).end
        ):
            last = self._ahead(count + 1)
            count += 2
        after = self._ahead(count)
        same_line = "\n" not in self._gap(last, after)
        if same_line and (after.type in _NOT_AFTER_UNIT or (after.type == "LBRACE" and name.text in _ALSO_KINDS)):
            return False
        unit = self.text[name.start : last.end]
        joined = number.text + unit
        span = self._span(number, last)
        self.sink.error(
            "detached-unit",
            f"the unit `{unit}` does not touch its number",
            span,
            helps=(f"write `{joined}`",),
            fixes=(Fix(f"write `{joined}`", (Edit(span, joined),), "safe"),),
        )
        self.done.append(Token("QUANTITY", joined, number.start, last.end))
        self.position += count
        return True

    def _double_bar(self) -> bool:
        first, second = self.tokens[self.position], self._ahead(1)
        if second.type != "VBAR" or second.start != first.end:
            return False
        span = self._span(first, second)
        self.sink.error(
            "c-operators",
            "`||` is not an operator of this language",
            span,
            helps=("write `or`",),
            fixes=(Fix("write `or`", (Edit(span, "or"),), "safe"),),
        )
        self.done.append(Token("BOOLOP", "or", first.start, second.end))
        self.position += 2
        return True

    def _arrow_link(self) -> bool:
        """Find `->`, `<->`, `<-` or `=>` between the two ends of a `connect`."""
        connect = self.position
        end = connect + 1
        while self.tokens[end].type in ("NAME", "DOT", "LSQB", "RSQB", "STAR", "NUMBER", "STRING", "COMMA", "TYPE"):
            end += 1
        if self.tokens[end].type not in ("ARROW", "CMPOP", "EQUAL"):
            return False
        last = end
        while self.tokens[last + 1].type in ("ARROW", "CMPOP", "ADDOP") and (
            self.tokens[last + 1].start == self.tokens[last].end
        ):
            last += 1
        if self.text[self.tokens[end].start : self.tokens[last].end] not in ("->", "<->", "<-", "=>", "<=>"):
            return False
        span = self._span(self.tokens[end], self.tokens[last])
        self.sink.error(
            "arrow-link",
            "a link has no direction",
            span,
            helps=("write `--` between its two ends",),
            fixes=(Fix("write `--`", (Edit(span, "--"),), "safe"),),
        )
        self.done += self.tokens[connect:end]
        self.done.append(Token("LINKOP", "--", span.start, span.end))
        self.position = last + 1
        return True

    def _null(self) -> bool:
        token, after = self.tokens[self.position], self._ahead(1)
        before = self.done[-1] if self.done else token
        if before.type not in _BEFORE_VALUE or after.type in _AFTER_NAME:
            return False
        self.sink.error(
            "no-null",
            f"there is no `{token.text}`",
            self._span(token, token),
            helps=("leave the attribute out, or write `none` for one that is absent on purpose",),
            fixes=(Fix("write `none`", (Edit(self._span(token, token), "none"),), "unsafe"),),
        )
        self.done.append(Token("NONE", "none", token.start, token.end))
        self.position += 1
        return True
