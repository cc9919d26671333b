"""The tree of what parses: nodes, spans, precedence, documentation, strings."""

from __future__ import annotations

from typing import TypeVar

import pytest

from optidsl._resources import grammar_text
from optidsl.diag import Sink, Span
from optidsl.syntax import dump_module, load_module, nodes, parse
from optidsl.syntax.outline import walk

DESIGN = """optd 1

## The file's own documentation.

use std.servers { dgx-h100, ufm }
use acme.standards as acme
use "./lib/pod.optd" { Pod }

## Two lines
## of documentation.
design d {
  title = "SU {su:02} of {{x}}"
  param su: Int in 1..4 = 1 { doc = "units" }
  let nodes: Int = 32 * su - 1   # not documentation
  rack gpu[1..8], tray { drop = 1.2m }
  node "n{su}"["a", "b"] : base.x { place { at = site[*].row[rail = r].x } }
  count <= 8
  model in [a, b,]
  launch = -2dBm..3dBm
  pue = 1.25 +/- 0.05
  for i, e in edges { x = e }
  if a == b { x = 1 } else if c { x = 2 } else { x = 3 }
  connect leaf -- spine[1] { rate = 8x100Gbps }
  require ok: 1km <= x <= 2km and not y in z { because = "b" }
  override a["x"].type = 3
  override a.b { c = 1 }
  moved a["x"] -> b["y"]
  type = x ?? none
  o = { a = 1, b = [e for x in xs if x > 0] }
  v = all(f(x, k = 2) for x in xs for y in ys)
  w = if a then b else c
  d = [2027-03-01, 10.0.0.0/8, 4:1, 99.9%, $1.2M, true, auto, (a + b) * c]
}
type Grade = gold | silver
fn f(a: Int, b: [Rate]? = 3) -> {Int} = a
""".replace("rack gpu[1..8], tray", "rack gpu[1..8] { }, tray")

T = TypeVar("T")


def module_of(text: str) -> nodes.Module:
    sink = Sink()
    module = parse(text, 7, sink)
    assert module is not None, sink.sorted()
    return module


def value_of(expression: str) -> nodes.Expr:
    (item,) = module_of(f"x = {expression}").items
    assert isinstance(item, nodes.Attr)
    return item.value


def only(module: nodes.Module, kind: type[T]) -> T:
    return next(node for node in walk(module) if isinstance(node, kind))


def show(e: nodes.Expr) -> str:
    """Print an expression with every operator in parentheses."""
    match e:
        case nodes.Binary():
            return f"({show(e.left)} {e.op} {show(e.right)})"
        case nodes.Unary():
            return f"({e.op} {show(e.value)})"
        case nodes.Compare():
            tail = "".join(f" {op} {show(value)}" for op, value in zip(e.ops, e.values[1:], strict=True))
            return f"({show(e.values[0])}{tail})"
        case nodes.RangeExpr():
            return f"({show(e.low)}..{show(e.high)})"
        case nodes.Tolerance():
            return f"({show(e.nominal)} ± {show(e.deviation)})"
        case nodes.Name():
            return e.name
        case nodes.NumberLit() | nodes.QuantityLit():
            return e.text
    return type(e).__name__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("(a + b) * c", "((a + b) * c)"),
        ("a or b and not c == d", "(a or (b and (not (c == d))))"),
        ("a ?? b or c", "(a ?? (b or c))"),
        ("1..n - 1", "(1..(n - 1))"),
        ("a +/- b + c", "(a ± (b + c))"),
        ("10km <= x < 80km", "(10km <= x < 80km)"),
        ("a not  in b", "(a not in b)"),
        ("-a * b", "((- a) * b)"),
        ("-2.9dBm + 1dB", "(-2.9dBm + 1dB)"),
        ("- - 3dB", "(- -3dB)"),
        ("a - -3dB", "(a - -3dB)"),
        ("-3", "(- 3)"),
        ("not not a", "(not (not a))"),
        ("x in 1..4 and y", "((x in (1..4)) and y)"),
    ],
)
def test_precedence(text: str, expected: str) -> None:
    assert show(value_of(text)) == expected


def test_every_node_has_an_exact_span() -> None:
    module = module_of(DESIGN)
    for node in walk(module):
        span = getattr(node, "span", None)
        if isinstance(node, Span) or span is None:
            continue
        assert span.file == 7
        text = DESIGN[span.start : span.end]
        assert text == text.strip() or isinstance(node, nodes.Module)
        if isinstance(node, nodes.Name):
            assert text.strip("()") == node.name
        if isinstance(node, nodes.QuantityLit):
            assert text == node.text
        if isinstance(node, nodes.Member):
            assert DESIGN[node.name_span.start : node.name_span.end] == node.name
        if isinstance(node, nodes.Body):
            assert text.startswith("{") and text.endswith("}")
        if isinstance(node, nodes.Use):
            assert text.startswith("use ") and text[-1] in "}e"
        if isinstance(node, nodes.Block):
            assert text.startswith(node.kind.text) and text.endswith("}")


def test_parenthesised_expression_covers_its_parentheses() -> None:
    text = "x = (a + b) * (c)"
    (item,) = module_of(text).items
    assert text[item.span.start : item.span.end] == text
    assert isinstance(item, nodes.Attr) and isinstance(item.value, nodes.Binary)
    assert text[item.value.left.span.start : item.value.left.span.end] == "(a + b)"


def test_documentation_belongs_to_the_item_below() -> None:
    module = module_of(DESIGN)
    assert module.doc == "The file's own documentation."
    design = only(module, nodes.Block)
    assert design.doc == "Two lines\nof documentation."
    assert all(item.doc == "" for item in design.body.items)


def test_edition() -> None:
    module = module_of(DESIGN)
    assert module.edition == 1
    assert module.edition_span == Span(7, 0, 6)
    assert module_of("x = 1").edition is None


def test_use_forms() -> None:
    first, second, third = (i for i in module_of(DESIGN).items if isinstance(i, nodes.Use))
    assert (first.module, [k.text for k in first.names or ()]) == (("std", "servers"), ["dgx-h100", "ufm"])
    assert (second.module, second.alias, second.names) == (("acme", "standards"), "acme", None)
    assert (third.module, third.path, [k.text for k in third.names or ()]) == ((), "./lib/pod.optd", ["Pod"])


def test_block_parts() -> None:
    blocks = [node for node in walk(module_of(DESIGN)) if isinstance(node, nodes.Block)]
    node = next(b for b in blocks if b.kind.text == "node")
    assert node.label == "n{su}"
    assert node.label_string is not None and isinstance(node.label_string.parts[1], nodes.Name)
    assert node.keys is not None and len(node.keys) == 2
    assert node.base is not None and node.base.text == "base.x"
    tray = next(b for b in blocks if b.kind.text == "tray")
    assert (tray.label, tray.keys, tray.base) == (None, None, None)


def test_subscripts() -> None:
    indexes = [node for node in walk(module_of(DESIGN)) if isinstance(node, nodes.Index)]
    by_name = next(i for i in indexes if i.subs[0].name == "rail")
    every = next(i for i in indexes if i.subs[0].value is None)
    assert isinstance(by_name.subs[0].value, nodes.Name)
    assert isinstance(every.value, nodes.Name) and every.value.name == "site"


def test_string_parts_and_formats() -> None:
    string = value_of('"SU {su:02} of {{x}}"')
    assert isinstance(string, nodes.StringLit)
    assert string.parts[0] == "SU "
    assert isinstance(string.parts[1], nodes.Name)
    assert string.parts[2] == " of {x}"
    assert string.formats == (None, "02", None)


def test_interpolated_expression_has_its_place_in_the_file() -> None:
    text = 'x = "a{b + len(c)}"'
    binary = only(module_of(text), nodes.Binary)
    assert text[binary.span.start : binary.span.end] == "b + len(c)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r'"a\n\t\"\\"', 'a\n\t"\\'),
        (r'"\u{e9}"', "é"),
        ('"""a\n"b" """', 'a\n"b" '),
        ('""', ""),
        ('""""""', ""),
        ('"{{}}"', "{}"),
    ],
)
def test_escapes(source: str, expected: str) -> None:
    string = value_of(source)
    assert isinstance(string, nodes.StringLit)
    assert "".join(p for p in string.parts if isinstance(p, str)) == expected


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("8", nodes.NumberLit),
        ("1e-12", nodes.NumberLit),
        ("1_000", nodes.NumberLit),
        ("2EB", nodes.QuantityLit),
        ("0.35dB/km", nodes.QuantityLit),
        ("1.4/yr", nodes.QuantityLit),
        ("16ps/nm^2/km", nodes.QuantityLit),
        ("99.99%", nodes.QuantityLit),
        ("$0.12/kWh", nodes.QuantityLit),
        ("8x100Gbps", nodes.LanesLit),
        ("4:1", nodes.RatioLit),
        ("10.0.0.0/8", nodes.PrefixLit),
        ("2027-03-01", nodes.DateLit),
        ("1..8", nodes.RangeExpr),
        ("5 / s", nodes.Binary),
        ("in-service", nodes.Name),
        ("none", nodes.NoneLit),
        ("auto", nodes.AutoLit),
        ("{ a = 1 }", nodes.ObjectExpr),
        ("[]", nodes.ListExpr),
    ],
)
def test_literal_forms(source: str, kind: type[nodes.Expr]) -> None:
    assert type(value_of(source)) is kind


def test_goal_with_and_without_a_name() -> None:
    named, plain = module_of("require a: b < c { because = 1 }\nminimize d").items
    assert isinstance(named, nodes.Goal) and (named.verb, named.name) == ("require", "a")
    assert named.body is not None
    assert isinstance(plain, nodes.Goal) and (plain.verb, plain.name, plain.body) == ("minimize", None, None)


def test_else_if_chain() -> None:
    (item,) = module_of("if a { } else if b { } else { x = 1 }").items
    assert isinstance(item, nodes.If) and isinstance(item.otherwise, nodes.If)
    assert isinstance(item.otherwise.otherwise, nodes.Body)


def test_bytes_of_a_module_come_back_equal() -> None:
    module = module_of(DESIGN)
    assert load_module(dump_module(module)) == module


@pytest.mark.parametrize("kept", [b"", b"optd-ast-2\n", b"optd-ast-1\nxx", b"optd-ast-2\ngarbage"])
def test_damaged_bytes_are_no_module(kept: bytes) -> None:
    assert load_module(kept) is None


def test_bytes_never_build_anything_but_nodes() -> None:
    import pickle

    assert load_module(b"optd-ast-2\n" + pickle.dumps(Sink())) is None
    cut = dump_module(module_of(DESIGN))
    assert load_module(cut[: len(cut) // 2]) is None


def test_byte_order_mark_and_line_ends_of_windows() -> None:
    module = module_of("\ufeffoptd 1\r\n## doc\r\nx = 1\r\n")
    assert module.edition == 1
    assert module.items[0].doc == "doc"


def test_grammar_is_strict_and_has_no_conflicts() -> None:
    import interegular  # noqa: F401  strict mode needs it
    from lark import Lark

    Lark(grammar_text(), parser="lalr", lexer="basic", start=["start", "expr"], strict=True)
