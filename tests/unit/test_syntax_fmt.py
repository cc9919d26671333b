"""The formatter: what the canonical form looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.diag import Sink
from optidsl.syntax import format_source

ROOT = Path(__file__).resolve().parents[2]


def formatted(text: str) -> str:
    result = format_source(text)
    assert result is not None
    assert format_source(result) == result
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x=1", "x = 1\n"),
        ("x = 1\n\n\n\ny = 2", "x = 1\n\ny = 2\n"),
        ("title = 1\npue=2", "title = 1\npue   = 2\n"),
        ("a<=1\nlong>=2\nb in [1,2]", "a    <= 1\nlong >= 2\nb in [1, 2]\n"),
        ("a { }", "a { }\n"),
        ("a {\n}", "a { }\n"),
        ("a {x=1,y=2}", "a { x = 1, y = 2 }\n"),
        ("a {x=1 y=2,}", "a { x = 1, y = 2 }\n"),
        ("a {\nx=1\n}", "a {\n  x = 1\n}\n"),
        ("a {\n\nx = 1\n\n}", "a {\n  x = 1\n}\n"),
        ("a { x = 1\n  y = 2 }", "a {\n  x = 1\n  y = 2\n}\n"),
        ("x = a+b*-c", "x = a + b * -c\n"),
        ("x = 1 .. 8", "x = 1..8\n"),
        ("x = 4:1 .. 8:1", "x = 4:1 .. 8:1\n"),
        ("x = f ( a,b = 2 , )", "x = f(a, b = 2)\n"),
        ("x = a [ * ] . b", "x = a[*].b\n"),
        ("x = [1,2,]", "x = [1, 2]\n"),
        ("x = [\n1,2\n]", "x = [\n  1, 2\n]\n"),
        ("x = [\n1,\n2\n]", "x = [\n  1,\n  2,\n]\n"),
        ("x = [\nf(a)\nfor a in b\n]", "x = [\n  f(a) for a in b\n]\n"),
        ("let x:Int=1", "let x: Int = 1\n"),
        ("param a:Int in 1..4=1\nparam bcd:[T]?=none", "param a:   Int in 1..4 = 1\nparam bcd: [T]? = none\n"),
        ("connect a--b{ }", "connect a -- b { }\n"),
        ("if a{x=1}else{y=2}", "if a { x = 1 } else { y = 2 }\n"),
        ("require a:b<c{because=1}", "require a: b < c { because = 1 }\n"),
        ("require a: b\nrequire long: c", "require a:    b\nrequire long: c\n"),
        ("use a.b{c,d}\nuse abc.def{e}", "use a.b     { c, d }\nuse abc.def { e }\n"),
        ("r a { x = 1 }\nr bcd { y = 2 }", "r a   { x = 1 }\nr bcd { y = 2 }\n"),
        ("r a { x = 1, y = 2 }\nr b { x = 100, y = 2 }", "r a { x = 1,   y = 2 }\nr b { x = 100, y = 2 }\n"),
        ("a = 1 # one\n#two\nb = 2", "a = 1  # one\n# two\nb = 2\n".replace("# two", "#two")),
        ("a {\n  # only\n}", "a {\n  # only\n}\n"),
        ("a { # why\n  x = 1\n}", "a {  # why\n  x = 1\n}\n"),
        ("x = [\n  1, # one\n  2,\n  # end\n]", "x = [\n  1,  # one\n  2,\n  # end\n]\n"),
        ("x = a +  # why\n  b", "x = a +  # why\n    b\n"),
        ("# only a comment", "# only a comment\n"),
        ("", ""),
        ("optd 1\n\n\n## doc\nx = 1\r\n", "optd 1\n\n## doc\nx = 1\n"),
        ('row "r{s}"[1..2]{}', 'row "r{s}"[1..2] { }\n'),
        ("override a [ 1 ].b=2\nmoved a->b", "override a[1].b = 2\nmoved a -> b\n"),
        ("x = not  a and not(b)", "x = not a and not (b)\n"),
    ],
)
def test_canonical_form(text: str, expected: str) -> None:
    assert formatted(text) == expected


def test_long_one_line_block_is_opened() -> None:
    items = ", ".join(f"attribute_{i} = {i}" for i in range(8))
    lines = formatted(f"block name {{ {items} }}").splitlines()
    assert lines[0] == "block name {" and lines[-1] == "}"
    assert lines[1:-1] == [f"  attribute_{i} = {i}" for i in range(8)]


def test_block_that_fits_stays_on_its_line() -> None:
    text = "block name { a = 1, b = { c = 2 }, place { at = d } }\n"
    assert formatted(text) == text


def test_trailing_comments_keep_their_column() -> None:
    text = "x = 1        # here\nlonger = 2   # there\n"
    assert formatted(text) == "x      = 1   # here\nlonger = 2   # there\n"


def test_text_that_does_not_parse_gives_diagnostics() -> None:
    sink = Sink()
    assert format_source("x =", 0, sink) is None
    assert [d.name for d in sink.sorted()] == ["missing-value"]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/design.optd")), ids=lambda p: p.parent.name)
def test_examples_are_in_canonical_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text
