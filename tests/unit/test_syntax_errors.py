"""Wrong inputs: each gives exactly these diagnostics, on these lines, and no other."""

from __future__ import annotations

import pytest

from optidsl.diag import Diagnostic, Sink
from optidsl.syntax import parse

Expected = tuple[int, str, str]


def diagnose(text: str) -> list[Diagnostic]:
    sink = Sink()
    module = parse(text, 0, sink)
    assert (module is None) == sink.has_errors
    return sink.sorted()


def line_of(text: str, diagnostic: Diagnostic) -> int:
    assert diagnostic.primary is not None
    return text.count("\n", 0, diagnostic.primary.span.start) + 1


CONTROL = "a string holds the control character U+{}, which no device and no table accepts"
EQUALS = "a value is given with `=`, found `:`"
SINGLE: list[tuple[str, int, str, str]] = [
    ("site a {\n  power.budget =\n  pue = 1.2\n}", 2, "missing-value", "`power.budget` has no value"),
    ("x =", 1, "missing-value", "`x` has no value"),
    ("a { x = , y = 2 }", 1, "missing-value", "`x` has no value"),
    ("a { x = }", 1, "missing-value", "`x` has no value"),
    ("x =\nsite s { y = 1 }", 1, "missing-value", "`x` has no value"),
    ("x =\ntray { y = 1 }", 1, "missing-value", "`x` has no value"),
    ("x = 1 +\ny = 2", 1, "missing-value", "nothing follows `+`"),
    ("require x <\nminimize y", 1, "missing-value", "nothing follows `<`"),
    ("rack r[1..] { u = 3 }", 1, "missing-value", "nothing follows `..`"),
    ("x in\ny = 2", 1, "missing-value", "nothing follows `in`"),
    ("connect a --\nx = 1", 1, "missing-value", "nothing follows `--`"),
    ("l = " + "1" * 6000, 1, "bad-number", "a number of 6,000 characters is too long: at most 100"),
    ("l = " + "1" * 6000 + "x100Gbps", 1, "bad-number", "a number of 6,008 characters is too long: at most 100"),
    ("l = 1:" + "1" * 6000, 1, "bad-number", "a number of 6,002 characters is too long: at most 100"),
    ('t = "a\0b"', 1, "control-character", CONTROL.format("0000")),
    ('t = "a\x85b"', 1, "control-character", CONTROL.format("0085")),
    ('t = "a\\u{7}b"', 1, "control-character", CONTROL.format("0007")),
    ("l = 800 Gbps", 1, "detached-unit", "the unit `Gbps` does not touch its number"),
    ("l = 0.35 dB/km", 1, "detached-unit", "the unit `dB/km` does not touch its number"),
    ("t = 5 µs", 1, "detached-unit", "the unit `µs` does not touch its number"),
    ("x = 99 %", 1, "detached-unit", "the unit `%` does not touch its number"),
    ("x = [1 m, 2m]", 1, "detached-unit", "the unit `m` does not touch its number"),
    ("power: 12MW", 1, "colon-for-equals", EQUALS),
    ("x = { a: 1 }", 1, "colon-for-equals", EQUALS),
    ('x = { "a": 1 }', 1, "colon-for-equals", EQUALS),
    ("x = f(a: 1)", 1, "colon-for-equals", EQUALS),
    ("let x: 5", 1, "colon-for-equals", EQUALS),
    ("ratio <= front:1", 1, "colon-for-equals", "a ratio is written with two numbers, found `front:1`"),
    ("ratio = front:1", 1, "colon-for-equals", "a ratio is written with two numbers, found `front:1`"),
    ("site a {\n  racks {\n    - a\n    - b\n  }\n}", 3, "yaml-list-item", "`-` does not start an item of a list"),
    ("emit cabling\nemit config { }", 1, "block-without-body", "the block `emit cabling` has no body"),
    ("rack r[1..8]\nx = 1", 1, "block-without-body", "the block `rack r[1..8]` has no body"),
    ("a { b }", 1, "block-without-body", "`b` has neither a value nor a body"),
    ('resource "a" "b" { }', 1, "two-labels", 'a block has one name, found `"a"` and `"b"`'),
    ("tier leaf switch { x = 1 }", 1, "two-labels", "a block has one name, found `leaf` and `switch`"),
    ("place { in = a }", 1, "reserved-word", "`in` is a reserved word"),
    ("let = 3", 1, "reserved-word", "`let` is a reserved word"),
    ("let for = 3", 1, "reserved-word", "`for` is a reserved word"),
    ("node if { }", 1, "reserved-word", "`if` is a reserved word"),
    ("x = a && b", 1, "c-operators", "`&&` is not an operator of this language"),
    ("x = a || b", 1, "c-operators", "`||` is not an operator of this language"),
    ("x = !a", 1, "c-operators", "`!` is not an operator of this language"),
    ("x = a % b", 1, "c-operators", "`%` is not an operator"),
    ("x = a ^ b", 1, "c-operators", "`^` is not an operator"),
    ("x = c ? 1 : 2", 1, "ternary", "`? :` is not an operator of this language"),
    ("a { x = b > 1 ? 1 : 2, y = 3 }", 1, "ternary", "`? :` is not an operator of this language"),
    (
        "title = “x”",
        1,
        "typographic-quotes",
        "a string is written in straight double quotes, found typographic quotes",
    ),
    ("title = 'x'", 1, "typographic-quotes", "a string is written in straight double quotes, found `'`"),
    ("x = 1;\ny = 2", 1, "semicolon", "an item does not end in a semicolon"),
    ("a { x = 1; y = 2 }", 1, "semicolon", "an item does not end in a semicolon"),
    ("connect a -> b", 1, "arrow-link", "a link has no direction"),
    ("connect a.b[1] <-> c { }", 1, "arrow-link", "a link has no direction"),
    (
        "design a {\n  site s {\n    x = 1\n  fabric f {\n    y = 2\n  }\n}",
        2,
        "unclosed-brace",
        "the `{` of `site s` is never closed",
    ),
    ("site a {", 1, "unclosed-brace", "the `{` of `site a` is never closed"),
    ("design a {\n  x = 1\n\ndesign b {\n}\n", 1, "unclosed-brace", "the `{` of `design a` is never closed"),
    ("design a {\n  site s {\n  }\n  }\n  y = 2\n}", 4, "stray-brace", "this `}` closes nothing"),
    ("x = 1\n}", 2, "stray-brace", "this `}` closes nothing"),
    ("x = null", 1, "no-null", "there is no `null`"),
    ("x = [a, None]", 1, "no-null", "there is no `None`"),
    (
        "optd 7\nx = 1",
        1,
        "unknown-edition",
        "edition 7 of the language is newer than this compiler, which knows edition 1",
    ),
    ("optd 1.5", 1, "unknown-edition", "`optd 1.5` names no edition of the language; this compiler knows edition 1"),
    ('title = "abc\nx = 1', 1, "unterminated-string", "the string has no closing quote on its line"),
    ('x = """abc\ny = 1', 1, "unterminated-string", 'the string that `"""` opens has no closing `"""`'),
    ("x = [1, 2\ny = 3", 1, "unclosed-bracket", "the `[` is never closed"),
    ("x = f(a, b\ny = 3", 1, "unclosed-bracket", "the `(` is never closed"),
    ("a { x = (1 + 2 }", 1, "unclosed-bracket", "the `(` is never closed"),
    ("x = [a b, c]", 1, "missing-comma", "a comma is missing before the name `b`"),
    ("use std.x { a b }\ny = 3", 1, "missing-comma", "a comma is missing before the name `b`"),
    ("units 48U", 1, "missing-equals", "`=` is missing between `units` and its value"),
    ('title "abc"\ny = 1', 1, "missing-equals", "`=` is missing between `title` and its value"),
    ("let x 5", 1, "missing-equals", "`=` is missing between `x` and its value"),
    ("x [1, 2]", 1, "missing-equals", "`=` is missing between `x` and its value"),
    ("// hello\nx = 1", 1, "c-comment", "`//` does not start a comment"),
    ("/* a\n b */ x = 1", 1, "c-comment", "`/* */` is not a comment"),
    ("x ≤ 5", 1, "unknown-character", "`≤` (less-than or equal to) has no meaning here"),
    ("x = @foo", 1, "unknown-character", "`@` (commercial at) has no meaning here"),
    ("straße = 1", 1, "unknown-character", "`ß` (latin small letter sharp s) has no meaning here"),
    ('x = "a{b"', 1, "bad-interpolation", "a `{` in a string opens an expression that no `}` closes"),
    ('x = "a}b"', 1, "bad-interpolation", "a `}` in a string closes nothing"),
    ('x = "{}"', 1, "bad-interpolation", "an interpolation in a string has no expression"),
    (
        'x = "{a +}"',
        1,
        "bad-interpolation",
        "expected a value in the interpolation `{a +}`, found the end of the braces",
    ),
    ('use "./{a}.optd" { B }', 1, "bad-interpolation", "the path of a file cannot be computed"),
    (r'x = "\d"', 1, "bad-escape", r"unknown escape `\d` in a string"),
    (r'x = "\u{110000}"', 1, "bad-escape", r"unknown escape `\u{110000}` in a string"),
    ("x = .5", 1, "unexpected-token", "expected a value, found `.`"),
    ("x = = 3", 1, "unexpected-token", "expected a value, found `=`"),
    ("for x { }", 1, "unexpected-token", "expected `,` or `in`, found `{`"),
    ("param x = 3", 1, "unexpected-token", "expected `:`, found `=`"),
    ("moved a b", 1, "unexpected-token", "expected `.`, `[` or `->`, found the name `b`"),
    ("x = if a then b", 1, "unexpected-token", "expected an operator or `else`, found the end of the file"),
    ("else { }", 1, "unexpected-token", "`else` cannot start an item"),
    ("require x = 3", 1, "unexpected-token", "expected the next item after `require x`, found `=`"),
    ("x = " + "(" * 150 + "1" + ")" * 150, 1, "nesting-too-deep", "brackets nest more than 100 levels deep"),
    ("x = a" + ".b" * 500, 1, "nesting-too-deep", "an expression nests more than 100 levels deep"),
    ("x = " + "not " * 5000 + "a", 1, "nesting-too-deep", "an expression nests more than 100 levels deep"),
]


@pytest.mark.parametrize(("text", "line", "name", "message"), SINGLE)
def test_one_mistake_gives_one_diagnostic(text: str, line: int, name: str, message: str) -> None:
    found = [(line_of(text, d), d.name, d.message) for d in diagnose(text)]
    assert found == [(line, name, message)]


def test_two_items_on_a_line_is_a_warning() -> None:
    text = "x = 5 km = 3"
    (diagnostic,) = diagnose(text)
    assert (diagnostic.name, diagnostic.severity) == ("two-items-on-a-line", "warning")
    assert fixed(text) == "x = 5, km = 3"


MANY: list[tuple[str, list[tuple[int, str]]]] = [
    (
        "site a {\n  x = \n  y = 2\n  z = = 3\n  w = 4 }\nsite b { q 5 }\nsite c { ok = 1 }\n",
        [(2, "missing-value"), (4, "unexpected-token"), (6, "missing-equals")],
    ),
    (
        "site a {\n  p 3\n  l = 800 Gbps\n  require x = 3\n  rack r[1..] { u = 3 }\n  ok = 1\n}\n",
        [(2, "missing-equals"), (3, "detached-unit"), (4, "unexpected-token"), (5, "missing-value")],
    ),
    (
        "site a {\n  power: 12MW\n  racks {\n    - a\n    - b\n  }\n  l = a && b\n}\nrequire x <\nminimize y\n",
        [(2, "colon-for-equals"), (4, "yaml-list-item"), (7, "c-operators"), (9, "missing-value")],
    ),
    (
        "site:\n  name: x\n  power: 3kW\n",
        [(1, "colon-for-equals"), (2, "colon-for-equals"), (3, "colon-for-equals")],
    ),
    (
        'resource "a" "b" {\n  x 1\n  y = 2\n}\nz =\n',
        [(1, "two-labels"), (2, "missing-equals"), (5, "missing-value")],
    ),
    (
        "edges = [\n  { id = 1, next 7 },\n  { id 2, next = 8 },\n]\nx =\n",
        [(2, "missing-equals"), (3, "missing-equals"), (5, "missing-value")],
    ),
    (
        "design d {\n  site s {\n    x =\n  }\n  fabric f {\n    y 1\n    z = null\n",
        [(3, "missing-value"), (5, "unclosed-brace"), (6, "missing-equals"), (7, "no-null")],
    ),
    (
        "rack r[1..] { u = 3, v 4 }\nx = 'a'\n",
        [(1, "missing-value"), (1, "missing-equals"), (2, "typographic-quotes")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), MANY)
def test_every_mistake_of_a_file_is_reported_without_cascades(text: str, expected: list[tuple[int, str]]) -> None:
    found = sorted((line_of(text, d), d.name) for d in diagnose(text) if d.name != "unclosed-brace")
    assert found == sorted(e for e in expected if e[1] != "unclosed-brace")


def fixed(text: str) -> str:
    edits = [edit for d in diagnose(text) for fix in d.fixes[:1] for edit in fix.edits]
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l = 800 Gbps", "l = 800Gbps"),
        ("t = 5 µs", "t = 5µs"),
        ("x = 99 %", "x = 99%"),
        ("power: 12MW", "power = 12MW"),
        ("power:12MW", "power = 12MW"),
        ("x = a && b", "x = a and b"),
        ("x = a&&b", "x = a and b"),
        ("x = a || b", "x = a or b"),
        ("x = !a", "x = not a"),
        ("x = c ? 1 : 2", "x = if c then 1 else 2"),
        ("a { x = b > 1 ? f(1) : 2, y = 3 }", "a { x = if b > 1 then f(1) else 2, y = 3 }"),
        ("title = “x”", 'title = "x"'),
        ("title = 'x'", 'title = "x"'),
        ("a { x = 1; y = 2 }", "a { x = 1, y = 2 }"),
        ("x = 1;", "x = 1"),
        ("connect a -> b", "connect a -- b"),
        ("x = null", "x = none"),
        ("// hello\nx = 1", "# hello\nx = 1"),
        ("x ≤ 5", "x <= 5"),
        ("x = [a b]", "x = [a, b]"),
        ("x = [1, 2\ny = 3", "x = [1, 2]\ny = 3"),
        ("emit cabling\nx = 1", "emit cabling { }\nx = 1"),
        ("units 48U", "units = 48U"),
        ("a {\n  b {\n    x = 1\n}", "a {\n  b {\n    x = 1\n  }\n}"),
        ("x = 1\n}", "x = 1\n"),
    ],
)
def test_the_offered_edit_gives_a_text_that_parses(text: str, expected: str) -> None:
    assert fixed(text) == expected
    assert diagnose(expected) == []


def test_no_message_shows_the_inside_of_the_parser() -> None:
    for text, *_ in SINGLE:
        for diagnostic in diagnose(text):
            words = " ".join([diagnostic.message, *diagnostic.helps])
            for inside in ("ANON", "LSQB", "LBRACE", "RPAR", "NAME", "QUANTITY", "CMPOP", "$END", "Token("):
                assert inside not in words


def test_a_warning_does_not_stop_the_parse() -> None:
    sink = Sink()
    assert parse("x = 5 y = 3", 0, sink) is not None
    assert [d.severity for d in sink.sorted()] == ["warning"]
