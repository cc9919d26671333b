"""parse∘print is the identity, printing is idempotent, and no text whatever makes the parser raise."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from optidsl.diag import Sink, Span
from optidsl.syntax import format_source, nodes, parse

NAMES = st.sampled_from(["a", "leaf", "us-east-1", "x_1", "type", "rail"])
PLAIN = st.sampled_from(["a", "leaf", "us-east-1", "x_1", "rail"])
LITERALS = st.sampled_from(
    [
        *("1", "1e-12", "800Gbps", "0.35dB/km", "99.9%", "$1.2M", "8x100Gbps", "4:1", "10.0.0.0/8", "2027-03-01"),
        *("true", "auto", "none", '"s"', '"a{b:02}c"', '"""t\n u"""', "1.4/yr"),
    ]
)


def _compose(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "..", "+/-", "and", "or", "??", "<=", "==", "in", "not in"])
    gaps = st.sampled_from([" ", "  ", "\n "])
    return st.one_of(
        st.builds(lambda a, g, o, h, b: f"{a}{g}{o}{h}{b}", inner, gaps, operators, gaps, inner),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda a: f"-{a}", inner),
        st.builds(lambda a: f"not {a}", inner),
        st.builds(lambda a, b: f"[{a},{b}]", inner, inner),
        st.builds(lambda a, b: f"[\n{a}, # c\n{b}\n]", inner, inner),
        st.builds(lambda n, a, b: f"{n}({a}, k={b})", PLAIN, inner, inner),
        st.builds(lambda n, m, a: f"{n}.{m}[{a}, *]", PLAIN, NAMES, inner),
        st.builds(lambda a, b: f"[{a} for x in {b} if x]", inner, inner),
        st.builds(lambda a, b, c: f"if {a} then {b} else {c}", inner, inner, inner),
        st.builds(lambda n, a: f"{{ {n} = {a} }}", NAMES, inner),
    )


EXPRESSIONS = st.recursive(st.one_of(PLAIN, LITERALS), _compose, max_leaves=8)
COMMENTS = st.sampled_from(["", " # note", "\n# above\n", "\n\n## doc\n"])


def _items(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.builds(
        lambda items, a, z: "{" + a + "\n".join(items) + z + "}",
        st.lists(inner, max_size=3),
        st.sampled_from([" ", "\n", " # why\n"]),
        st.sampled_from([" ", "\n", "\n# end\n"]),
    )
    return st.one_of(
        inner,
        st.builds(lambda n, m, b: f"{n} {m}[1..2] {b}", PLAIN, PLAIN, bodies),
        st.builds(lambda n, b: f"{n} {b}", PLAIN, bodies),
        st.builds(lambda e, b, c: f"if {e} {b} else {c}", EXPRESSIONS, bodies, bodies),
        st.builds(lambda n, e, b: f"for {n} in {e} {b}", PLAIN, EXPRESSIONS, bodies),
        st.builds(lambda e, b: f"require r: {e} {b}", EXPRESSIONS, bodies),
        st.builds(lambda a, b, c: f"connect {a} -- {b} {c}", PLAIN, PLAIN, bodies),
    )


SIMPLE = st.one_of(
    st.builds(lambda n, e, c: f"{n} = {e}{c}", NAMES, EXPRESSIONS, COMMENTS),
    st.builds(lambda n, e: f"{n} <= {e}", NAMES, EXPRESSIONS),
    st.builds(lambda n, e: f"let {n} = {e}", PLAIN, EXPRESSIONS),
    st.builds(lambda n, e: f"override {n}[1].b = {e}", PLAIN, EXPRESSIONS),
    st.just("use std.optics { a, b }"),
)
TEXTS = st.lists(st.recursive(SIMPLE, _items, max_leaves=6)).map("\n".join)
SCRAPS = st.sampled_from(
    [
        *(
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "=",
            "<=",
            "in",
            "for",
            "if",
            "else",
            '"',
            '"""',
            "#",
            "## d\n",
            ",",
            ";",
            "\n",
        ),
        *("--", "->", "-", "..", "5 m", "1:2", "not", "&&", "“", "'", "\\", "//", "/*", "?", ":", ".", "*", "|", "±"),
        *("null", "$", "é", "\x00", "\r\n", "1e999", "optd", "use", "let", "connect", "require", "{{", "µ", "%"),
    ]
)
MUTATED = st.builds(
    lambda text, cuts: _mutate(text, cuts),
    TEXTS,
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), SCRAPS), min_size=1, max_size=5),
)


def _mutate(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for place, length, scrap in cuts:
        at = place % (len(text) + 1)
        text = text[:at] + scrap + text[at + length :]
    return text


def without_spans(node: object) -> object:
    if isinstance(node, Span):
        return None
    if isinstance(node, tuple):
        return tuple(without_spans(entry) for entry in node)
    names = getattr(node, "__dataclass_fields__", None)
    if names is None:
        return node
    return (type(node).__name__, *(without_spans(getattr(node, name)) for name in names))


def tree_of(text: str) -> nodes.Module | None:
    return parse(text, 0, Sink())


def check_formatting(text: str, module: nodes.Module) -> None:
    printed = format_source(text)
    assert printed is not None
    again = tree_of(printed)
    assert again is not None
    assert without_spans(again) == without_spans(module)
    assert format_source(printed) == printed
    assert all(line == line.rstrip() for line in printed.splitlines() if '"""' not in printed)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_printing_keeps_the_tree_and_is_idempotent(text: str) -> None:
    module = tree_of(text)
    if module is not None:
        check_formatting(text, module)


@settings(max_examples=200, deadline=None)
@given(st.one_of(MUTATED, st.lists(SCRAPS, max_size=25).map(" ".join), st.text(max_size=60)))
def test_any_text_gives_a_tree_or_diagnostics_with_places_inside_it(text: str) -> None:
    sink = Sink()
    module = parse(text, 3, sink)
    assert (module is None) == sink.has_errors
    for diagnostic in sink.sorted():
        assert diagnostic.primary is not None
        spans = [diagnostic.primary.span, *(edit.span for fix in diagnostic.fixes for edit in fix.edits)]
        assert all(span.file == 3 and 0 <= span.start <= span.end <= len(text) for span in spans)
    if module is not None:
        check_formatting(text, module)
