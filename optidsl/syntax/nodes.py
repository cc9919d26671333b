"""The syntax tree: what was written, with a span on every node. Nothing here is resolved or evaluated.

Expressions carry literals as text (`QuantityLit.text == "0.35dB/km"`); `units` gives them a value.
"""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Span

# ------------------------------------------------------------------ expressions


@record(frozen=True, slots=True)
class Expr:
    """Base of expressions."""

    span: Span


@record(frozen=True, slots=True)
class NumberLit(Expr):
    text: str


@record(frozen=True, slots=True)
class QuantityLit(Expr):
    """`800Gbps`, `0.35dB/km`, `48U`; also a percent or a money literal, told apart by `units`."""

    text: str


@record(frozen=True, slots=True)
class LanesLit(Expr):
    """`8x100Gbps`."""

    text: str


@record(frozen=True, slots=True)
class RatioLit(Expr):
    """`4:1`."""

    text: str


@record(frozen=True, slots=True)
class PrefixLit(Expr):
    """`10.0.0.0/8` or `10.0.0.1`."""

    text: str


@record(frozen=True, slots=True)
class DateLit(Expr):
    text: str


@record(frozen=True, slots=True)
class StringLit(Expr):
    """`parts` are literal texts and interpolated expressions in turn; `formats[i]` belongs to `parts[i]`."""

    parts: tuple[str | Expr, ...]
    formats: tuple[str | None, ...]


@record(frozen=True, slots=True)
class BoolLit(Expr):
    value: bool


@record(frozen=True, slots=True)
class AutoLit(Expr):
    """`auto`: the compiler decides."""


@record(frozen=True, slots=True)
class NoneLit(Expr):
    """`none`: absent on purpose."""


@record(frozen=True, slots=True)
class Name(Expr):
    name: str


@record(frozen=True, slots=True)
class Member(Expr):
    """`value.name`."""

    value: Expr
    name: str
    name_span: Span


@record(frozen=True, slots=True)
class Subscript:
    """One entry between brackets: an expression, `*` (both None), or `name = expression`."""

    span: Span
    value: Expr | None
    name: str | None = None


@record(frozen=True, slots=True)
class Index(Expr):
    """`value[sub, …]`."""

    value: Expr
    subs: tuple[Subscript, ...]


@record(frozen=True, slots=True)
class Argument:
    span: Span
    value: Expr
    name: str | None = None


@record(frozen=True, slots=True)
class Call(Expr):
    function: Expr
    args: tuple[Argument, ...]


@record(frozen=True, slots=True)
class Unary(Expr):
    """`op` is `-`, `+` or `not`."""

    op: str
    value: Expr


@record(frozen=True, slots=True)
class Binary(Expr):
    """`op` is one of `+ - * / ?? and or`."""

    op: str
    left: Expr
    right: Expr
    op_span: Span


@record(frozen=True, slots=True)
class Compare(Expr):
    """A chain `a < b <= c`: `len(ops) == len(values) - 1`; ops are `== != < <= > >= in`, `not in`."""

    values: tuple[Expr, ...]
    ops: tuple[str, ...]
    op_spans: tuple[Span, ...]


@record(frozen=True, slots=True)
class RangeExpr(Expr):
    """`low..high`, both ends included."""

    low: Expr
    high: Expr


@record(frozen=True, slots=True)
class Tolerance(Expr):
    """`nominal ± deviation` (a percent literal as deviation is relative)."""

    nominal: Expr
    deviation: Expr


@record(frozen=True, slots=True)
class Conditional(Expr):
    """`if c then a else b`."""

    condition: Expr
    then: Expr
    otherwise: Expr


@record(frozen=True, slots=True)
class ListExpr(Expr):
    items: tuple[Expr, ...]


@record(frozen=True, slots=True)
class CompClause:
    """`for a[, b] in source [if condition]`."""

    span: Span
    names: tuple[str, ...]
    source: Expr
    condition: Expr | None


@record(frozen=True, slots=True)
class Comprehension(Expr):
    """`[e for x in xs if c]`, and the bare generator argument of a call."""

    element: Expr
    clauses: tuple[CompClause, ...]


@record(frozen=True, slots=True)
class ObjectExpr(Expr):
    """`{ a = 1, b = 2 }`: only attribute items are legal inside, which `sema` checks."""

    body: Body


# ------------------------------------------------------------------ types


@record(frozen=True, slots=True)
class TypeExpr:
    """`form` is `name` (names[0]), `enum` (names), `list` or `map` (inner)."""

    span: Span
    form: str
    names: tuple[str, ...] = ()
    inner: TypeExpr | None = None
    optional: bool = False


# ------------------------------------------------------------------ items


@record(frozen=True, slots=True)
class Item:
    """Base of items. `doc` is the text of the `##` comments right above, lines joined by a newline."""

    span: Span
    doc: str


@record(frozen=True, slots=True)
class Body:
    """The items between braces; `span` covers both braces (or the whole file)."""

    span: Span
    items: tuple[Item, ...]


@record(frozen=True, slots=True)
class Key:
    """A dotted attribute name: `power.budget`."""

    span: Span
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name as written."""
        return ".".join(self.parts)


@record(frozen=True, slots=True)
class Use(Item):
    """`use std.optics { a, b }`, `use x.y as z`, `use "./file.optd" { A }`; exactly one of `module`, `path` is set."""

    module: tuple[str, ...]
    path: str | None
    names: tuple[Key, ...] | None
    alias: str | None
    source_span: Span


@record(frozen=True, slots=True)
class Let(Item):
    name: str
    name_span: Span
    type: TypeExpr | None
    value: Expr


@record(frozen=True, slots=True)
class Param(Item):
    name: str
    name_span: Span
    type: TypeExpr
    domain: Expr | None
    default: Expr | None
    body: Body | None


@record(frozen=True, slots=True)
class Fn(Item):
    name: str
    name_span: Span


@record(frozen=True, slots=True)
class TypeDef(Item):
    name: str
    name_span: Span


@record(frozen=True, slots=True)
class Goal(Item):
    """`verb` is require, assert, prefer, minimize, maximize or expect."""

    verb: str
    verb_span: Span
    name: str | None
    value: Expr
    body: Body | None


@record(frozen=True, slots=True)
class For(Item):
    names: tuple[str, ...]
    source: Expr
    body: Body


@record(frozen=True, slots=True)
class If(Item):
    condition: Expr
    then: Body
    otherwise: Body | If | None


@record(frozen=True, slots=True)
class Connect(Item):
    left: Expr
    right: Expr
    body: Body | None


@record(frozen=True, slots=True)
class PathStep:
    span: Span
    name: str
    subs: tuple[Subscript, ...] | None


@record(frozen=True, slots=True)
class Path:
    span: Span
    steps: tuple[PathStep, ...]


@record(frozen=True, slots=True)
class Override(Item):
    """Either `value` or `body` is set."""

    path: Path
    value: Expr | None
    body: Body | None


@record(frozen=True, slots=True)
class Moved(Item):
    source: Path
    target: Path


@record(frozen=True, slots=True)
class Attr(Item):
    """`key = value { … }`: decided by the author."""

    key: Key
    value: Expr
    body: Body | None


@record(frozen=True, slots=True)
class Bound(Item):
    """`key <= value`, `key in value`: left to the compiler inside these limits; `op` is `<= >= < > == != in`."""

    key: Key
    op: str
    value: Expr
    body: Body | None


@record(frozen=True, slots=True)
class Block(Item):
    """`kind label[keys] : base { … }`. `kind` may be dotted; `label` is None for an anonymous block.

    A label written as a string may hold interpolations: `label_string` is that string, and `label` its text as written
    between the quotes.
    """

    kind: Key
    label: str | None
    label_span: Span | None
    keys: tuple[Subscript, ...] | None
    base: Key | None
    body: Body
    label_string: StringLit | None = None


@record(frozen=True, slots=True)
class Module:
    """One file: its edition, its items, and the documentation comment that stands above no item."""

    span: Span
    edition: int | None
    edition_span: Span | None
    doc: str
    items: tuple[Item, ...]
