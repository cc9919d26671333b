"""Make the syntax tree: one method for each rule of the grammar."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from optidsl.diag import Sink, Span
from optidsl.syntax import nodes as n
from optidsl.syntax.build_expr import ExpressionBuilder, subscripts
from optidsl.syntax.engine import Child, Children
from optidsl.syntax.suspicious import swallowed_block, two_items_on_a_line
from optidsl.syntax.tokens import Token


class Builder(ExpressionBuilder):
    """Build the items of one file.

    Children are tokens and nodes in source order; every token of the rule is among them, so that the span of a node
    runs from its first child to its last.
    """

    def __init__(self, text: str, file: int, sink: Sink, docs: dict[int, str]) -> None:
        super().__init__(text, file, sink)
        self.docs = docs

    # -------------------------------------------------------------- whole file and bodies

    def start(self, c: Children) -> n.Module:
        """start: header? _items"""
        edition: int | None = None
        edition_span: Span | None = None
        if c and isinstance(c[0], tuple):
            edition, edition_span = c[0]
            c = c[1:]
        span = Span(self.file, 0, len(self.text))
        return n.Module(span, edition, edition_span, self.docs.get(-1, ""), self.items(c))

    def header(self, c: Children) -> tuple[int, Span]:
        """header: "optd" NUMBER"""
        digits = c[1].text
        return int(digits) if digits.isdigit() and len(digits) < 10 else -1, self.span(c)

    def items(self, c: Iterable[Child]) -> tuple[n.Item, ...]:
        """Return the items among tokens, warning where two share a line without a comma."""
        found: list[n.Item] = []
        previous: n.Item | None = None
        for child in c:
            if isinstance(child, Token):
                previous = None
                continue
            if previous is not None and "\n" not in self.text[previous.span.end : child.span.start]:
                self._same_line(previous, child)
            found.append(child)
            previous = child
        return tuple(found)

    def _same_line(self, first: n.Item, second: n.Item) -> None:
        if (
            isinstance(first, n.Attr)
            and isinstance(first.value, n.Name)
            and isinstance(second, n.Block)
            and "\n" in self.text[first.key.span.end : first.value.span.start]
        ):
            swallowed_block(self.sink, first.key, first.value)
        else:
            two_items_on_a_line(self.sink, first, second)

    def body(self, c: Children) -> n.Body:
        """body: "{" _items "}\""""
        return n.Body(self.span(c), self.items(c[1:-1]))

    def doc(self, c: Children) -> str:
        """Return the documentation of the item that starts with these children."""
        return self.docs.get(self.begin(c[0]), "") if self.docs else ""

    # -------------------------------------------------------------- declarations

    def use_stmt(self, c: Children) -> n.Use:
        """use_stmt: "use" (dotted | STRING) use_names? ("as" NAME)?"""
        source = c[1]
        module: tuple[str, ...] = ()
        path: str | None = None
        if isinstance(source, Token):
            path = self.plain_string(source)
        else:
            module = source.parts
        names: tuple[n.Key, ...] | None = None
        alias: str | None = None
        for child in c[2:]:
            if isinstance(child, tuple):
                names = child
            elif child.type == "NAME":
                alias = child.text
        ends = [child for child in c if not isinstance(child, tuple)]
        span = self.span(ends) if names is None or alias is not None else Span(self.file, c[0].start, self._names_end)
        return n.Use(span, self.doc(c), module, path, names, alias, self.span([source]))

    def use_names(self, c: Children) -> tuple[n.Key, ...]:
        """use_names: "{" NAME ("," NAME)* ","? "}\""""
        self._names_end = c[-1].end
        return tuple(n.Key(self.span([t]), (t.text,)) for t in c if t.type == "NAME")

    def let_stmt(self, c: Children) -> n.Let:
        """let_stmt: "let" NAME (":" type)? "=" expr"""
        declared = c[3] if c[2].type == "COLON" else None
        return n.Let(self.span(c), self.doc(c), c[1].text, self.span([c[1]]), declared, c[-1])

    def param_stmt(self, c: Children) -> n.Param:
        """param_stmt: "param" NAME ":" type ("in" expr)? ("=" expr)? body?"""
        body = c[-1] if isinstance(c[-1], n.Body) else None
        domain = default = None
        for mark, value in pairwise(c):
            if isinstance(mark, Token) and mark.type == "IN":
                domain = value
            elif isinstance(mark, Token) and mark.type == "EQUAL":
                default = value
        return n.Param(self.span(c), self.doc(c), c[1].text, self.span([c[1]]), c[3], domain, default, body)

    def fn_stmt(self, c: Children) -> n.Fn:
        """fn_stmt: "fn" NAME "(" … ")" "->" type "=" expr"""
        return n.Fn(self.span(c), self.doc(c), c[1].text, self.span([c[1]]))

    def fn_param(self, c: Children) -> Token:
        """fn_param: NAME ":" type ("=" expr)?"""
        first: Token = c[0]
        return first

    def type_stmt(self, c: Children) -> n.TypeDef:
        """type_stmt: TYPE NAME "=" type ("in" expr)?"""
        return n.TypeDef(self.span(c), self.doc(c), c[1].text, self.span([c[1]]))

    # -------------------------------------------------------------- statements

    def goal_stmt(self, c: Children) -> n.Goal:
        """goal_stmt: GOAL (NAME ":")? expr body?"""
        body = c[-1] if isinstance(c[-1], n.Body) else None
        name = c[1].text if isinstance(c[1], Token) else None
        value = c[1] if name is None else c[3]
        return n.Goal(self.span(c), self.doc(c), c[0].text, self.span([c[0]]), name, value, body)

    def for_stmt(self, c: Children) -> n.For:
        """for_stmt: "for" NAME ("," NAME)? "in" expr body"""
        names = tuple(t.text for t in c if isinstance(t, Token) and t.type == "NAME")
        return n.For(self.span(c), self.doc(c), names, c[-2], c[-1])

    def if_stmt(self, c: Children) -> n.If:
        """if_stmt: "if" expr body ("else" (body | if_stmt))?"""
        return self.nest(n.If(self.span(c), self.doc(c), c[1], c[2], c[4] if len(c) > 4 else None), c[-1:])

    def connect_stmt(self, c: Children) -> n.Connect:
        """connect_stmt: "connect" expr LINKOP expr body?"""
        return n.Connect(self.span(c), self.doc(c), c[1], c[3], c[4] if len(c) > 4 else None)

    def override_stmt(self, c: Children) -> n.Override:
        """override_stmt: "override" path ("=" expr | body)"""
        body = c[2] if isinstance(c[2], n.Body) else None
        return n.Override(self.span(c), self.doc(c), c[1], None if body is not None else c[3], body)

    def moved_stmt(self, c: Children) -> n.Moved:
        """moved_stmt: "moved" path "->" path"""
        return n.Moved(self.span(c), self.doc(c), c[1], c[3])

    def attr(self, c: Children) -> n.Attr:
        """attr: key "=" expr body?"""
        body = c[3] if len(c) > 3 else None
        if isinstance(c[2], n.Name) and body is not None and "\n" in self.text[c[1].end : c[2].span.start]:
            swallowed_block(self.sink, c[0], c[2])
        return n.Attr(self.span(c), self.doc(c), c[0], c[2], body)

    def bound(self, c: Children) -> n.Bound:
        """bound: key (CMPOP | IN) expr body?"""
        return n.Bound(self.span(c), self.doc(c), c[0], c[1].text, c[2], c[3] if len(c) > 3 else None)

    def key(self, c: Children) -> n.Key:
        """key: dotted | TYPE"""
        only = c[0]
        return n.Key(self.span(c), (only.text,)) if isinstance(only, Token) else only

    def block(self, c: Children) -> n.Block:
        """block: dotted label? (":" dotted)? body"""
        label: str | None = None
        label_span: Span | None = None
        keys: tuple[n.Subscript, ...] | None = None
        string: n.StringLit | None = None
        if isinstance(c[1], tuple):
            label, label_span, keys, string = c[1]
        base = c[-2] if len(c) > 2 and isinstance(c[-2], n.Key) else None
        return n.Block(self.span(c), self.doc(c), c[0], label, label_span, keys, base, c[-1], string)

    def label(self, c: Children) -> tuple[str, Span, tuple[n.Subscript, ...] | None, n.StringLit | None]:
        """label: (NAME | STRING) index?"""
        token: Token = c[0]
        keys = subscripts(c[1]) if len(c) > 1 else None
        if token.type == "NAME":
            return token.text, self.span([token]), keys, None
        string = self.string([token])
        quotes = 3 if token.text.startswith('"""') and len(token.text) >= 6 else 1
        return token.text[quotes:-quotes], self.span([token]), keys, string

    # -------------------------------------------------------------- types and paths

    def type(self, c: Children) -> n.TypeExpr:
        """type: _type_core OPT?"""
        inner: n.TypeExpr = c[0]
        if len(c) == 1:
            return inner
        return n.TypeExpr(self.span(c), inner.form, inner.names, inner.inner, True)

    def type_name(self, c: Children) -> n.TypeExpr:
        """type_name: dotted"""
        return n.TypeExpr(self.span(c), "name", (c[0].text,))

    def type_enum(self, c: Children) -> n.TypeExpr:
        """type_enum: dotted ("|" dotted)+"""
        return n.TypeExpr(self.span(c), "enum", tuple(child.text for child in c[::2]))

    def type_list(self, c: Children) -> n.TypeExpr:
        """type_list: "[" type "]\""""
        return n.TypeExpr(self.span(c), "list", (), c[1])

    def type_map(self, c: Children) -> n.TypeExpr:
        """type_map: "{" type "}\""""
        return n.TypeExpr(self.span(c), "map", (), c[1])

    def dotted(self, c: Children) -> n.Key:
        """dotted: NAME ("." _id)*"""
        return n.Key(self.span(c), tuple(token.text for token in c[::2]))

    def path(self, c: Children) -> n.Path:
        """path: step ("." later_step)*"""
        return n.Path(self.span(c), tuple(c[::2]))

    def step(self, c: Children) -> n.PathStep:
        """step: NAME index?"""
        return n.PathStep(self.span(c), c[0].text, subscripts(c[1]) if len(c) > 1 else None)

    later_step = step
