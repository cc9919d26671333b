"""What is wrong at a token that does not fit, and which line is to blame."""

from __future__ import annotations

from collections.abc import Callable

from optidsl._record import record
from optidsl.diag import Edit, Fix, Span
from optidsl.syntax.engine import acceptable, advance
from optidsl.syntax.places import LITERALS, RESERVED, VALUES, WANTS_VALUE, Places
from optidsl.syntax.tables import END, Tables
from optidsl.syntax.tokens import Token
from optidsl.syntax.words import describe, expected

_ENDS = ("RBRACE", "COMMA", "RPAR", "RSQB", END)
_AROUND_NAMES = {"NAME", "STRING", "LBRACE", "COLON", "TYPE", "EQUAL", "CMPOP", "IN", "DOT"}
_INSTEAD_OF_RESERVED = {"in": "at", "for": "purpose", "if": "when", "use": "usage", "as": "alias", "not": "except"}
_CLOSED_BY = {"LPAR": ")", "LSQB": "]", "LBRACE": "}"}


@record(frozen=True, slots=True)
class Situation:
    """The token at `at` does not fit; its statement starts at `statement`, with these brackets open."""

    places: Places
    tables: Tables
    states: list[int]
    at: int
    statement: int
    brackets: tuple[int, ...]
    file: int

    @property
    def token(self) -> Token:
        """Return the token that does not fit."""
        return self.places.tokens[self.at]

    def token_at(self, offset: int) -> Token:
        """Return a token by its distance from the one that does not fit."""
        tokens = self.places.tokens
        return tokens[min(max(self.at + offset, 0), len(tokens) - 1)]

    @property
    def is_first(self) -> bool:
        """Tell whether the token is the first of its line."""
        return self.places.is_first(self.at)

    @property
    def is_complete(self) -> bool:
        """Tell whether the statement could end before the token."""
        return advance(self.tables, list(self.states), "LET")

    def span(self, first: int, last: int) -> Span:
        """Return the span from one token to another, by index."""
        tokens = self.places.tokens
        return Span(self.file, tokens[first].start, max(tokens[last].end, tokens[first].start))

    def slice(self, first: int, last: int) -> str:
        """Return the text from one token to another on one line, cut where it is long."""
        text = " ".join(self.places.slice(first, last).split())
        return text if len(text) <= 50 else text[:49] + "…"


@record(frozen=True, slots=True)
class Mistake:
    """A diagnostic to be; parsing goes on at the token `resume`, or where the next item starts."""

    name: str
    message: str
    span: Span
    help: str = ""
    fixes: tuple[Fix, ...] = ()
    label: str = ""
    resume: int | None = None


Rule = Callable[[Situation], Mistake | None]


def blame(s: Situation) -> Mistake:
    """Return what is wrong: the first rule that recognises the situation, else what was found and what may stand."""
    for rule in _RULES:
        mistake = rule(s)
        if mistake is not None:
            return mistake
    return _unexpected(s)


def _fix(title: str, span: Span, text: str) -> tuple[Fix, ...]:
    return (Fix(title, (Edit(span, text),), "unsafe"),)


# ------------------------------------------------------------------ nothing where a value should be


def _missing_value(s: Situation) -> Mistake | None:
    """`power.budget =` and the line ends: also when the next line was taken for the value."""
    tokens = s.places.tokens
    operator = s.at - 1
    resume: int | None = s.at if s.is_first and s.token.type != END else None
    if not (tokens[operator].type in WANTS_VALUE and operator >= s.statement and _ends_here(s)):
        first = s.places.first_of_line(s.at)
        if not (first > s.statement and tokens[first - 1].type in WANTS_VALUE and s.places.looks_like_item(first)):
            return None
        if s.brackets and tokens[s.brackets[-1]].type == "LPAR":
            return None
        operator, resume = first - 1, first
    if tokens[operator].type == "ADDOP" and s.places.is_first(operator):
        return None
    if s.token.type in _ENDS:
        resume = None
    sign = tokens[operator].text
    if operator == s.statement:
        return None
    if tokens[operator].type == "EQUAL":
        what = s.slice(s.statement, operator - 1)
        message = f"`{what}` has no value" if len(what) < 50 else "nothing follows `=`"
    else:
        message = f"nothing follows `{sign}`"
    return Mistake("missing-value", message, s.span(s.statement, operator), "", (), "unfinished", resume)


def _ends_here(s: Situation) -> bool:
    return s.token.type in _ENDS or (s.is_first and s.places.looks_like_item(s.at))


# ------------------------------------------------------------------ habits of other languages


def _yaml_list(s: Situation) -> Mistake | None:
    first = s.places.first_of_line(s.at)
    if s.places.tokens[first].text != "-" or s.at > first + 2 or s.brackets:
        return None
    last = s.places.next_line(first) - 1
    resume = last + 1
    while s.places.tokens[resume].type not in (END, "RBRACE") and (
        s.places.tokens[resume].text == "-" or s.places.column[resume] > s.places.column[first]
    ):
        if any(s.places.tokens[i].type in ("LBRACE", "RBRACE") for i in range(resume, s.places.next_line(resume))):
            break
        resume = s.places.next_line(resume)
    if any(s.places.tokens[i].type in ("LBRACE", "RBRACE") for i in range(first, last + 1)):
        return Mistake("yaml-list-item", "`-` does not start an item", s.span(first, first), _YAML_HELP)
    span = s.span(first, last)
    return Mistake("yaml-list-item", "`-` does not start an item of a list", span, _YAML_HELP, resume=resume)


_YAML_HELP = "write a list as `name = [a, b]`, or one block for each entry: `rack a { … }`"


_RELATIONS = frozenset({"=", "==", "<=", ">=", "<", ">"})


def _ratio_of_names(s: Situation) -> Mistake:
    """Return what is wrong with `name:1` behind a relation, where a ratio would stand."""
    name, rest = s.token_at(-1).text, s.token_at(1).text.partition("\n")[0]
    said = f"{s.token_at(-3).text} {s.token_at(-2).text}"
    message = f"a ratio is written with two numbers, found `{name}:{rest}`"
    help_ = f"where `{name}` is a ratio (`param {name}: Ratio = 2:1`), write `{said} {name}`"
    return Mistake("colon-for-equals", message, s.span(s.at - 1, s.at + 1), help_)


def _colon_for_equals(s: Situation) -> Mistake | None:
    tokens = s.places.tokens
    colon = s.places.after_key(s.statement) if tokens[s.statement].type in ("NAME", "TYPE") else s.statement
    if tokens[s.statement].type == "LET" and s.at > s.statement + 2:
        colon = s.statement + 2
    if colon >= s.at or tokens[colon].type != "COLON":
        if s.token.type == "STRING" and s.token_at(1).type == "COLON":
            colon = s.at + 1
        elif s.token.type == "COLON" and s.token_at(-1).type in ("NAME", "TYPE"):
            if s.token_at(-2).text in _RELATIONS:
                return _ratio_of_names(s)
            colon = s.at
        else:
            return None
    key = tokens[colon - 1].text.strip('"')
    value = colon + 1
    is_list = tokens[value].type == END or s.places.line[value] != s.places.line[colon]
    help_ = f"write `{key} {{ … }}` or `{key} = …`"
    fixes: tuple[Fix, ...] = ()
    if not is_list:
        help_ = f"write `{key} = {tokens[value].text.splitlines()[0]}`"
        span = Span(s.file, tokens[colon - 1].end, tokens[colon].end)
        fixes = _fix("replace `:` by ` =`", span, " =" if s.places.text[span.end : span.end + 1].isspace() else " = ")
    message = "a value is given with `=`, found `:`"
    resume = value if is_list and s.places.looks_like_item(value) else None
    return Mistake("colon-for-equals", message, s.span(colon, colon), help_, fixes, resume=resume)


def _ternary(s: Situation) -> Mistake | None:
    if s.token.type != "OPT":
        return None
    tokens = s.places.tokens
    begin = s.at - 1
    while begin > s.statement and tokens[begin - 1].type not in ("EQUAL", "LPAR", "LSQB", "COMMA", "LBRACE", "THEN"):
        begin -= 1
    colon = next((i for i in range(s.at, s.places.next_line(s.at)) if tokens[i].type == "COLON"), None)
    if colon is None:
        help_ = "write `if condition then a else b`"
        return Mistake("ternary", "`?` is not an operator of this language", s.span(s.at, s.at), help_)
    last = _end_of_value(s, colon + 1)
    condition, then = s.slice(begin, s.at - 1), s.slice(s.at + 1, colon - 1)
    fixed = f"if {condition} then {then} else {s.slice(colon + 1, last)}"
    span = s.span(begin, last)
    message = "`? :` is not an operator of this language"
    return Mistake("ternary", message, span, f"write `{fixed}`", _fix("write `if … then … else …`", span, fixed))


def _end_of_value(s: Situation, index: int) -> int:
    depth = 0
    last = index
    while s.places.line[last] == s.places.line[index] and s.places.tokens[last].type != END:
        kind = s.places.tokens[last].type
        depth += (kind in _CLOSED_BY) - (kind in ("RPAR", "RSQB", "RBRACE"))
        if depth < 0 or (depth == 0 and kind == "COMMA"):
            break
        last += 1
    return max(last - 1, index)


def _reserved(s: Situation) -> Mistake | None:
    index = s.at
    if s.token.type in ("EQUAL", "COLON") and s.token_at(-1).type in RESERVED:
        index = s.at - 1
    elif not (s.token.type in RESERVED and s.token_at(1).type in ("EQUAL", "COLON", "CMPOP")):
        takes_name = s.token.type in RESERVED and not s.is_first and not s.is_complete
        if not (takes_name and "NAME" in acceptable(s.tables, s.states) <= _AROUND_NAMES):
            return None
    word = s.places.tokens[index].text
    instead = _INSTEAD_OF_RESERVED.get(word)
    help_ = f"use another name, such as `{instead}`" if instead else "use another name"
    return Mistake("reserved-word", f"`{word}` is a reserved word", s.span(index, index), help_)


# ------------------------------------------------------------------ brackets


def _unclosed_bracket(s: Situation) -> Mistake | None:
    if not s.brackets:
        return None
    tokens = s.places.tokens
    opener = s.brackets[-1]
    first = s.places.first_of_line(s.at)
    is_next_item = (
        first > opener and s.places.looks_like_item(first) and s.places.column[first] <= s.places.indent(s.statement)
    )
    if not (is_next_item or s.token.type in ("RBRACE", END)):
        return None
    closer = _CLOSED_BY[tokens[opener].type]
    message = f"the `{tokens[opener].text}` is never closed"
    last = (first if is_next_item else s.at) - 1
    end = tokens[last].end
    fixes = _fix(f"insert `{closer}`", Span(s.file, end, end), closer)
    resume = first if is_next_item else None
    span = s.span(opener, opener)
    return Mistake("unclosed-bracket", message, span, f"add `{closer}`", fixes, "opened here", resume)


def _missing_comma(s: Situation) -> Mistake | None:
    starts_value = s.token.type in VALUES or s.token.type in ("NAME", "LBRACE")
    ended_value = s.token_at(-1).type in VALUES or s.token_at(-1).type in ("NAME", "RPAR", "RSQB", "RBRACE")
    if not (s.brackets and starts_value and ended_value):
        return None
    if "COMMA" not in acceptable(s.tables, s.states):
        return None
    end = s.token_at(-1).end
    fixes = _fix("insert `,`", Span(s.file, end, end), ",")
    message = f"a comma is missing before {describe(s.token)}"
    return Mistake("missing-comma", message, s.span(s.at, s.at), "separate entries by commas", fixes)


# ------------------------------------------------------------------ blocks


def _label(s: Situation) -> int | None:
    """Return the label's token when the statement so far is `kind label[keys]`, else None."""
    tokens = s.places.tokens
    if tokens[s.statement].type != "NAME":
        return None
    label = s.places.after_key(s.statement)
    if label >= s.at or tokens[label].type not in ("NAME", "STRING"):
        return None
    if label + 1 == s.at or (tokens[label + 1].type == "LSQB" and tokens[s.at - 1].type == "RSQB"):
        return label
    return None


def _two_labels(s: Situation) -> Mistake | None:
    label = _label(s)
    if label is None or s.token.type not in ("NAME", "STRING") or s.is_first:
        return None
    rest = range(s.at, s.places.next_line(s.at))
    if not any(s.places.tokens[i].type == "LBRACE" for i in rest):
        return None
    first = s.places.tokens[label].text
    return Mistake(
        "two-labels",
        f"a block has one name, found `{first}` and `{s.token.text}`",
        s.span(s.at, s.at),
        f"keep one, or join them: `{first.strip(chr(34))}-{s.token.text.strip(chr(34))}`",
    )


def _missing_equals(s: Situation) -> Mistake | None:
    tokens = s.places.tokens
    start = s.statement + 1 if tokens[s.statement].type == "LET" else s.statement
    if tokens[start].type not in ("NAME", "TYPE") or start >= s.at:
        return None
    key_end = s.places.after_key(start)
    value = s.at
    if tokens[start].type == "NAME" and tokens[key_end].type == "STRING" and _label(s) and _ends_statement(s):
        value = key_end
    elif key_end != s.at or s.is_first or s.token.type not in VALUES | {"LSQB"}:
        return None
    name = s.slice(s.statement, key_end - 1)
    gap = Span(s.file, tokens[key_end - 1].end, tokens[key_end - 1].end)
    text = "[…]" if tokens[value].type == "LSQB" else tokens[value].text.splitlines()[0]
    resume = s.at if value != s.at and s.is_first and s.token.type not in _ENDS else None
    return Mistake(
        "missing-equals",
        f"`=` is missing between `{s.slice(start, key_end - 1)}` and its value",
        s.span(start, value),
        f"write `{name} = {text}`",
        _fix("insert `=`", gap, " ="),
        resume=resume,
    )


def _ends_statement(s: Situation) -> bool:
    return s.is_first or s.token.type in _ENDS


def _block_without_body(s: Situation) -> Mistake | None:
    tokens = s.places.tokens
    if tokens[s.statement].type not in ("NAME", "TYPE") or s.statement >= s.at or s.brackets:
        return None
    is_same_line_item = not s.is_first and s.places.looks_like_item(s.at)
    if not (_ends_statement(s) or is_same_line_item):
        return None
    label = _label(s)
    if label is None and s.places.after_key(s.statement) != s.at:
        return None
    head = s.slice(s.statement, s.at - 1)
    key = s.slice(s.statement, s.places.after_key(s.statement) - 1)
    end = Span(s.file, tokens[s.at - 1].end, tokens[s.at - 1].end)
    resume = s.at if s.places.looks_like_item(s.at) else None
    if label is None:
        message, help_ = f"`{head}` has neither a value nor a body", f"write `{head} = …` or `{head} {{ }}`"
        return Mistake("block-without-body", message, s.span(s.statement, s.at - 1), help_, resume=resume)
    message = f"the block `{head}` has no body"
    help_ = f"write `{head} {{ }}`, or `{key} = {tokens[label].text}`"
    fixes = _fix("add an empty body", end, " { }")
    return Mistake("block-without-body", message, s.span(s.statement, s.at - 1), help_, fixes, resume=resume)


# ------------------------------------------------------------------ everything else


def _unexpected(s: Situation) -> Mistake:
    span = s.span(s.at, s.at)
    if s.token.type == END and s.at > 0:
        last = s.at - 1
        span = s.span(last, last)
    found = describe(s.token)
    if s.is_complete and not s.brackets:
        message = f"{found} cannot start an item"
        is_number = s.token.type in LITERALS or s.token.type == "STRING"
        help_ = "an item is `name = value`, a bound such as `name <= value`, or a block `kind name { }`"
        if not s.is_first and not is_number:
            message = f"expected the next item after `{s.slice(s.statement, s.at - 1)}`, found {found}"
        if s.token.type == "EQUAL":
            help_ = "write `==` to compare"
        return Mistake("unexpected-token", message, span, help_)
    wanted = expected(acceptable(s.tables, s.states))
    message = f"expected {wanted}, found {found}"
    resume = s.at if s.is_first and s.places.looks_like_item(s.at) and s.statement < s.at else None
    help_ = ""
    if s.token.type == "DOT" and s.token_at(1).type == "NUMBER":
        help_ = f"write `0.{s.token_at(1).text}`"
    if s.token.type == "EQUAL" and s.token_at(-1).type == "ADDOP":
        help_ = "there is no assignment operator: one value, written once"
    return Mistake("unexpected-token", message, span, help_, resume=resume)


_RULES: tuple[Rule, ...] = (
    _yaml_list,
    _missing_value,
    _reserved,
    _unclosed_bracket,
    _ternary,
    _colon_for_equals,
    _two_labels,
    _missing_equals,
    _block_without_body,
    _missing_comma,
)
