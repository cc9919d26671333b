"""From text to tree."""

from __future__ import annotations

from optidsl.diag import InternalError, Sink, Span
from optidsl.syntax import nodes as n
from optidsl.syntax.balance import balance
from optidsl.syntax.build import Builder
from optidsl.syntax.build_expr import MOST_DEEP, ExpressionBuilder, TooDeep
from optidsl.syntax.engine import Unexpected, acceptable, run
from optidsl.syntax.recover import recover
from optidsl.syntax.repair import repair
from optidsl.syntax.tables import END, Tables, default_tables
from optidsl.syntax.tokens import Token, documentation, scan
from optidsl.syntax.words import describe, expected

EDITION = 1


def parse(text: str, file: int, sink: Sink, tables: Tables | None = None) -> n.Module | None:
    """Parse one file.

    Args:
        text: the source.
        file: its id in the source map; every span carries it.
        sink: where diagnostics go; every syntax error of the file is reported.
        tables: the parse tables, by default those of the platform's cache folder.

    Returns:
        The tree, or None when the sink holds an error about this file.
    """
    tables = tables or default_tables()
    own = Sink()
    module = _parse(text, file, own, tables)
    for diagnostic in own.sorted():
        sink.emit(diagnostic)
    return None if own.has_errors else module


def _parse(text: str, file: int, sink: Sink, tables: Tables) -> n.Module | None:
    scanned = scan(text, tables, file, sink)
    tokens = repair(text, scanned.tokens, file, sink)
    deep = _deepest_bracket(tokens)
    if deep is not None:
        message = f"brackets nest more than {MOST_DEEP} levels deep"
        sink.error("nesting-too-deep", message, Span(file, deep.start, deep.end))
        return None
    builder = Builder(text, file, sink, documentation(text, scanned))
    actions = [None if rule.is_inline else getattr(builder, rule.action, None) for rule in tables.rules]
    try:
        module: n.Module = run(tables, "start", tokens, actions)
    except Unexpected:
        _recover(text, tokens, file, sink, tables)
        if not sink.has_errors:
            raise InternalError("a text that does not parse has no diagnostic") from None
        return None
    except TooDeep as stop:
        sink.error("nesting-too-deep", f"an expression nests more than {MOST_DEEP} levels deep", stop.span)
        return None
    span = module.edition_span
    _check_edition(module, "" if span is None else text[span.start : span.end], sink)
    return module


def _recover(text: str, tokens: list[Token], file: int, sink: Sink, tables: Tables) -> None:
    """Report the syntax errors; on a line with a lexical error they would only repeat it."""
    lines = {
        _line(text, d.primary.span.start) for d in sink.sorted() if d.primary is not None and d.severity == "error"
    }
    found = Sink()
    recover(text, balance(text, tokens, file, found), tables, file, found)
    for diagnostic in found.sorted():
        span = None if diagnostic.primary is None else diagnostic.primary.span
        if span is None or diagnostic.severity != "error" or _line(text, span.start) not in lines:
            sink.emit(diagnostic)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)


def _deepest_bracket(tokens: list[Token]) -> Token | None:
    """Return the first bracket that opens too deep inside others."""
    depth = 0
    for token in tokens:
        if token.type in ("LPAR", "LSQB", "LBRACE"):
            depth += 1
            if depth > MOST_DEEP:
                return token
        elif token.type in ("RPAR", "RSQB", "RBRACE"):
            depth -= 1
    return None


def _check_edition(module: n.Module, written: str, sink: Sink) -> None:
    if module.edition is None or module.edition_span is None or module.edition == EDITION:
        return
    message = f"`{written}` names no edition of the language; this compiler knows edition {EDITION}"
    if module.edition > EDITION:
        message = f"edition {module.edition} of the language is newer than this compiler, which knows edition {EDITION}"
    help_ = f"write `optd {EDITION}`, or use a newer compiler"
    sink.error("unknown-edition", message, module.edition_span, helps=(help_,))


def parse_interpolated(source: str, base: int, file: int, sink: Sink) -> n.Expr | None:
    """Parse the expression of an interpolation, which starts at `base` of the file."""
    tables = default_tables()
    scanned = scan(source, tables, file, sink, base)
    builder = ExpressionBuilder(source, file, sink)
    actions = [None if rule.is_inline else getattr(builder, rule.action, None) for rule in tables.rules]
    try:
        value: n.Expr = run(tables, "expr", scanned.tokens, actions)
    except Unexpected as stop:
        token = scanned.tokens[stop.index]
        span = Span(file, token.start, max(token.end, token.start + 1))
        found = "the end of the braces" if token.type == END else describe(token)
        wanted = expected(acceptable(tables, stop.states) - {END})
        message = f"expected {wanted} in the interpolation `{{{source}}}`, found {found}"
        sink.error("bad-interpolation", message, span, helps=("write `{{` for a brace",))
        return None
    return value
