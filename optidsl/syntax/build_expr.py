"""Make expression nodes; the flat operator chain gets its precedence here (Pratt)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from optidsl._record import replace
from optidsl.diag import Sink, Span
from optidsl.syntax import nodes as n
from optidsl.syntax.engine import Child, Children
from optidsl.syntax.strings import read_string
from optidsl.syntax.tokens import Token

_PRECEDENCE = {
    "??": 1,
    "or": 2,
    "and": 3,
    "==": 5,
    "!=": 5,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "in": 5,
    "not in": 5,
    "..": 6,
    "±": 7,
    "+/-": 7,
    "+": 8,
    "-": 8,
    "*": 9,
    "/": 9,
}
_COMPARISON, _RANGE, _TOLERANCE, _NOT = 5, 6, 7, 4
MOST_DEEP = 100
"""How deep expressions may nest: every later stage walks them recursively."""

LONGEST_LITERAL = 100
"""Characters of a number with its unit: more is no measurement, and reading it costs the square of its length."""

_LITERALS: dict[str, type[n.NumberLit | n.QuantityLit | n.LanesLit | n.RatioLit | n.PrefixLit | n.DateLit]] = {
    "NUMBER": n.NumberLit,
    "QUANTITY": n.QuantityLit,
    "PERCENT": n.QuantityLit,
    "MONEY": n.QuantityLit,
    "LANES": n.LanesLit,
    "RATIO": n.RatioLit,
    "IPV4": n.PrefixLit,
    "DATE": n.DateLit,
}


Deep = TypeVar("Deep", bound=n.Expr | n.If)


class TooDeep(Exception):
    """An expression nests deeper than `MOST_DEEP`."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class Index:
    """The brackets of an index with what is between them, until the indexed value is known."""

    __slots__ = ("span", "subs")

    def __init__(self, span: Span, subs: tuple[n.Subscript, ...]) -> None:
        self.span = span
        self.subs = subs


def subscripts(index: Index) -> tuple[n.Subscript, ...]:
    """Return the subscripts of an index."""
    return index.subs


class Every:
    """The `*` of `leaf[*]`."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span


class Named:
    """`name = value` among arguments or subscripts."""

    __slots__ = ("name", "span", "value")

    def __init__(self, span: Span, name: str, value: n.Expr) -> None:
        self.span = span
        self.name = name
        self.value = value


class ExpressionBuilder:
    """Build the expressions of one file."""

    def __init__(self, text: str, file: int, sink: Sink) -> None:
        self.text = text
        self.file = file
        self.sink = sink
        self._names_end = 0
        self._depths: dict[int, int] = {}

    # -------------------------------------------------------------- places

    def begin(self, child: Child) -> int:
        """Return where a token or node starts."""
        start: int = child.start if isinstance(child, Token) else child.span.start
        return start

    def span(self, c: Children) -> Span:
        """Return the span from the first child to the last."""
        last = c[-1]
        end = last.end if isinstance(last, Token) else last.span.end
        return Span(self.file, self.begin(c[0]), end)

    def nest(self, node: Deep, children: Iterable[Child]) -> Deep:
        """Return the node; its depth is one more than that of its deepest child.

        Raises:
            TooDeep: when that is more than later stages can walk.
        """
        depth = 1 + max((self._depths.get(id(child), 0) for child in children), default=0)
        if depth > MOST_DEEP:
            raise TooDeep(node.span)
        self._depths[id(node)] = depth
        return node

    # -------------------------------------------------------------- atoms

    def literal(self, c: Children) -> n.Expr:
        """A literal of one token."""
        token: Token = c[0]
        text = token.text
        if len(text) > LONGEST_LITERAL:
            self._complain(
                "bad-number",
                f"a number of {len(text):,} characters is too long: at most {LONGEST_LITERAL}",
                token.start,
                token.end,
                "write a large number with an exponent, as `1e12`",
            )
            text = text[0]
        return _LITERALS[token.type](self.span(c), text)

    def word(self, c: Children) -> n.Expr:
        """true, false, auto or none."""
        word = c[0].text
        if word == "auto":
            return n.AutoLit(self.span(c))
        if word == "none":
            return n.NoneLit(self.span(c))
        return n.BoolLit(self.span(c), word == "true")

    def name(self, c: Children) -> n.Name:
        """NAME"""
        return n.Name(self.span(c), c[0].text)

    def string(self, c: Children) -> n.StringLit:
        """STRING"""
        return read_string(c[0], self.file, self._complain, self._interpolated)

    def plain_string(self, token: Token) -> str:
        """Return the text of a string that may not interpolate anything."""
        parts = self.string([token]).parts
        if any(not isinstance(part, str) for part in parts):
            self._complain(
                "bad-interpolation", "the path of a file cannot be computed", token.start, token.end, "write it out"
            )
        return "".join(part for part in parts if isinstance(part, str))

    def _complain(self, name: str, message: str, start: int, end: int, help_: str) -> None:
        self.sink.error(name, message, Span(self.file, start, end), helps=(help_,))

    def _interpolated(self, source: str, base: int) -> n.Expr | None:
        from optidsl.syntax.parser import parse_interpolated

        return parse_interpolated(source, base, self.file, self.sink)

    def group(self, c: Children) -> n.Expr:
        """ "(" expr ")": the expression itself, whose span then covers the parentheses."""
        inner: n.Expr = c[1]
        return self.nest(replace(inner, span=self.span(c)), c[1:2])

    def list_expr(self, c: Children) -> n.ListExpr:
        """ "[" (expr ("," expr)* ","?)? "]\""""
        return n.ListExpr(self.span(c), tuple(child for child in c if not isinstance(child, Token)))

    def list_comp(self, c: Children) -> n.Comprehension:
        """ "[" expr comp+ "]\""""
        return n.Comprehension(self.span(c), c[1], tuple(c[2:-1]))

    def generator(self, c: Children) -> n.Comprehension:
        """generator: expr comp+"""
        return n.Comprehension(self.span(c), c[0], tuple(c[1:]))

    def comp(self, c: Children) -> n.CompClause:
        """comp: "for" NAME ("," NAME)? "in" expr ("if" expr)?"""
        at = next(i for i, child in enumerate(c) if isinstance(child, Token) and child.type == "IN")
        names = tuple(token.text for token in c[1:at:2])
        return n.CompClause(self.span(c), names, c[at + 1], c[at + 3] if len(c) > at + 2 else None)

    def object_expr(self, c: Children) -> n.ObjectExpr:
        """ "{" _items "}\""""
        span = self.span(c)
        return n.ObjectExpr(span, n.Body(span, self.items(c[1:-1])))

    def items(self, c: Children) -> tuple[n.Item, ...]:
        """Return the items among tokens."""
        return tuple(child for child in c if not isinstance(child, Token))

    # -------------------------------------------------------------- postfix

    def member(self, c: Children) -> n.Member:
        """postfix "." _id"""
        return self.nest(n.Member(self.span(c), c[0], c[2].text, self.span(c[2:])), c[:1])

    def subscript(self, c: Children) -> n.Index:
        """postfix index"""
        return self.nest(n.Index(self.span(c), c[0], subscripts(c[1])), c[:1])

    def index(self, c: Children) -> Index:
        """index: "[" _sub ("," _sub)* ","? "]\""""
        given = (child for child in c if not isinstance(child, Token))
        return Index(self.span(c), tuple(_subscript(child) for child in given))

    def every(self, c: Children) -> Every:
        """every: STAR"""
        return Every(self.span(c))

    def named(self, c: Children) -> Named:
        """named: NAME "=" expr"""
        return Named(self.span(c), c[0].text, c[2])

    def call(self, c: Children) -> n.Call:
        """postfix "(" _args? ")\""""
        given = (child for child in c[2:-1] if not isinstance(child, Token))
        return self.nest(n.Call(self.span(c), c[0], tuple(_argument(child) for child in given)), c[:1])

    # -------------------------------------------------------------- operators

    def conditional(self, c: Children) -> n.Conditional:
        """ "if" expr "then" expr "else" expr"""
        return self.nest(n.Conditional(self.span(c), c[1], c[3], c[5]), c)

    def chain(self, c: Children) -> n.Expr:
        """Operands and operators in a row."""
        if len(c) > 2 * MOST_DEEP:
            raise TooDeep(self.span(c))
        return self.nest(_Chain(self, c).expression(0), c)


def _subscript(child: Child) -> n.Subscript:
    if isinstance(child, Every):
        return n.Subscript(child.span, None)
    if isinstance(child, Named):
        return n.Subscript(child.span, child.value, child.name)
    return n.Subscript(child.span, child)


def _argument(child: Child) -> n.Argument:
    if isinstance(child, Named):
        return n.Argument(child.span, child.value, child.name)
    return n.Argument(child.span, child)


class _Chain:
    def __init__(self, builder: ExpressionBuilder, children: Children) -> None:
        self.builder = builder
        self.children = children
        self.position = 0

    def operand(self) -> n.Expr:
        child = self.children[self.position]
        self.position += 1
        if not isinstance(child, Token):
            value: n.Expr = child
            return value
        inner = self.expression(_NOT) if child.type == "NOT" else self.operand()
        span = Span(self.builder.file, child.start, inner.span.end)
        if child.text == "-" and isinstance(inner, n.QuantityLit) and inner.text[0] not in "+-":
            return n.QuantityLit(span, "-" + inner.text)
        return n.Unary(span, "not" if child.type == "NOT" else child.text, inner)

    def expression(self, least: int) -> n.Expr:
        left = self.operand()
        while self.position < len(self.children):
            token: Token = self.children[self.position]
            op = " ".join(token.text.split())
            power = _PRECEDENCE[op]
            if power < least:
                break
            if power == _COMPARISON:
                left = self._comparison(left)
                continue
            self.position += 1
            right = self.expression(power + 1)
            span = left.span.to(right.span)
            if power == _RANGE:
                left = n.RangeExpr(span, left, right)
            elif power == _TOLERANCE:
                left = n.Tolerance(span, left, right)
            else:
                left = n.Binary(span, op, left, right, Span(self.builder.file, token.start, token.end))
        return left

    def _comparison(self, first: n.Expr) -> n.Compare:
        values, ops, spans = [first], [], []
        while self.position < len(self.children):
            token: Token = self.children[self.position]
            op = " ".join(token.text.split())
            if _PRECEDENCE[op] != _COMPARISON:
                break
            self.position += 1
            ops.append(op)
            spans.append(Span(self.builder.file, token.start, token.end))
            values.append(self.expression(_COMPARISON + 1))
        return n.Compare(first.span.to(values[-1].span), tuple(values), tuple(ops), tuple(spans))
