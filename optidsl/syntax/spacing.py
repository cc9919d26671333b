"""A run of tokens on one line, spaced canonically."""

from __future__ import annotations

from optidsl._record import field, record
from optidsl.syntax import nodes as n
from optidsl.syntax.outline import Outline
from optidsl.syntax.places import VALUES

_OPERAND_ENDS = VALUES | {"NAME", "TYPE", "RPAR", "RSQB", "RBRACE"}
_TIGHT_AFTER = frozenset({"LPAR", "LSQB", "DOT"})
_TIGHT_BEFORE = frozenset({"RPAR", "RSQB", "DOT", "COMMA", "COLON", "OPT"})
_KEEP_APART = frozenset({"RATIO", "IPV4", "DATE"})


def is_unary(outline: Outline, index: int) -> bool:
    """Tell whether the `+` or `-` at a token is a sign."""
    return index == 0 or outline.tokens[index - 1].type not in _OPERAND_ENDS


def gap(outline: Outline, index: int) -> str:
    """Return what stands between a token and the one before it."""
    before, token = outline.tokens[index - 1], outline.tokens[index]
    if before.type in _TIGHT_AFTER or token.type in _TIGHT_BEFORE:
        return ""
    if before.type == "ADDOP" and is_unary(outline, index - 1):
        return ""
    if token.type == "LPAR" and before.type in ("NAME", "TYPE", "RPAR", "RSQB"):
        return ""
    if token.type == "LSQB" and before.type in ("NAME", "TYPE", "RPAR", "RSQB", "STRING", "RBRACE"):
        return ""
    if token.text == "..":
        return " " if before.type in _KEEP_APART else ""
    if before.text == "..":
        return " " if outline.tokens[index - 2].type in _KEEP_APART else ""
    return " "


@record(slots=True)
class Line:
    """Text of one line in segments: a new one starts with every item after the first of a body.

    `shapes[i]` are the keys and kinds that start in segment i: lines of the same shapes can be aligned to a table.
    """

    segments: list[str] = field(default_factory=lambda: [""])
    shapes: list[tuple[str, ...]] = field(default_factory=lambda: [()])

    @property
    def text(self) -> str:
        """Return the whole line."""
        return " ".join(self.segments)

    def add(self, text: str) -> None:
        """Append to the last segment."""
        self.segments[-1] += text

    def cut(self) -> None:
        """Start the next segment."""
        self.segments.append("")
        self.shapes.append(())

    def mark(self, shape: str) -> None:
        """Note that an item of this shape starts in the last segment."""
        self.shapes[-1] = (*self.shapes[-1], shape)


def inline(outline: Outline, first: int, end: int) -> Line:
    """Return the tokens `first..end-1` on one line; bodies get commas between their items and none after the last."""
    line = Line()
    open_bodies: list[int] = []
    is_first_item: list[bool] = []
    tokens = outline.tokens
    for index in range(first, end):
        token = tokens[index]
        is_in_body = bool(open_bodies) and _innermost(outline, open_bodies[-1], index)
        if token.type == "COMMA" and (is_in_body or _is_last_comma(outline, index)):
            continue
        space = "" if index == first else gap(outline, index)
        if is_in_body and index in outline.items:
            if not is_first_item[-1]:
                line.add(",")
                line.cut()
                space = ""
            is_first_item[-1] = False
            line.mark(shape_of(outline.items[index]))
        if index in outline.nested_blocks and open_bodies:
            line.cut()
            space = ""
        line.add(space + token.text)
        if index in outline.bodies:
            open_bodies.append(index)
            is_first_item.append(True)
        elif open_bodies and outline.partner[open_bodies[-1]] == index:
            open_bodies.pop()
            is_first_item.pop()
    return line


def _innermost(outline: Outline, body: int, index: int) -> bool:
    """Tell whether no bracket other than the body's brace is open at a token."""
    position = body + 1
    while position < index:
        position = outline.partner.get(position, position) + 1
    return position == index


def _is_last_comma(outline: Outline, index: int) -> bool:
    return outline.tokens[index + 1].type in ("RPAR", "RSQB", "RBRACE")


def shape_of(item: n.Item) -> str:
    """Return what two items have in common when they can stand in one column."""
    if isinstance(item, n.Attr):
        return f"{item.key.text}="
    if isinstance(item, n.Bound):
        return f"{item.key.text}{item.op}"
    if isinstance(item, n.Block):
        return f"{item.kind.text}{{"
    return type(item).__name__
