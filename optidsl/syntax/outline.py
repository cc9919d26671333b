"""What the formatter knows of a text: its tokens, where items and bodies are, and where comments belong."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from optidsl.syntax import nodes as n
from optidsl.syntax.places import Places
from optidsl.syntax.tokens import Comment, Scan

_OPEN = {"LBRACE": "RBRACE", "LSQB": "RSQB", "LPAR": "RPAR"}


class Outline:
    """A parsed text by token index.

    `items` maps the first token of an item to the item, `bodies` the opening brace of a body to the body; `partner`
    pairs brackets. `nested_blocks` are the opening braces of blocks, `type_brackets` the brackets of types.
    `leading[i]` are the comments on lines of their own above token i, `trailing[i]` the one behind it.
    """

    def __init__(self, text: str, scanned: Scan, module: n.Module) -> None:
        self.text = text
        self.tokens = scanned.tokens
        self.places = Places(text, scanned.tokens)
        self.starts = [token.start for token in self.tokens]
        self.index = {start: i for i, start in enumerate(self.starts)}
        self.items: dict[int, n.Item] = {}
        self.bodies: dict[int, n.Body] = {}
        self.nested_blocks: set[int] = set()
        self.type_brackets: set[int] = set()
        self._collect(module)
        self.partner = _partners(self)
        self.leading: dict[int, list[Comment]] = {}
        self.trailing: dict[int, Comment] = {}
        for comment in scanned.comments:
            self._attach(comment)
        self.root = module

    def _collect(self, module: n.Module) -> None:
        nested_ifs: set[int] = set()
        for node in walk(module):
            if isinstance(node, n.If) and isinstance(node.otherwise, n.If):
                nested_ifs.add(node.otherwise.span.start)
            if isinstance(node, n.Item) and node.span.start in self.index:
                self.items[self.index[node.span.start]] = node
                if isinstance(node, n.Block):
                    self.nested_blocks.add(self.index[node.body.span.start])
            elif isinstance(node, n.TypeExpr) and node.form in ("list", "map"):
                self.type_brackets.add(self.index[node.span.start])
            elif isinstance(node, n.Body) and node.span.start in self.index:
                self.bodies[self.index[node.span.start]] = node
        for start in nested_ifs:
            self.items.pop(self.index[start], None)

    def _attach(self, comment: Comment) -> None:
        following = bisect_right(self.starts, comment.start)
        before = following - 1
        while before >= 0 and self.tokens[before].type == "COMMA":
            before -= 1
        if before >= 0 and "\n" not in self.text[self.tokens[before].end : comment.start]:
            self.trailing[before] = comment
        else:
            self.leading.setdefault(min(following, len(self.tokens) - 1), []).append(comment)

    def end_of(self, item: n.Item) -> int:
        """Return the index after the last token of an item."""
        return bisect_right(self.starts, item.span.end - 1)

    def has_comment(self, first: int, last: int) -> bool:
        """Tell whether a comment stands anywhere inside the tokens `first..last`, both included."""
        return any(i in self.leading for i in range(first + 1, last + 1)) or any(
            i in self.trailing for i in range(first, last)
        )

    def has_break(self, first: int, last: int) -> bool:
        """Tell whether a line ends between two tokens."""
        return self.places.line[first] != self.places.line[last]


def walk(node: object) -> Iterator[object]:
    """Yield a node of the tree and every node below it."""
    stack: list[object] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, tuple):
            stack.extend(current)
        elif hasattr(current, "__dataclass_fields__"):
            yield current
            stack.extend(getattr(current, name) for name in current.__dataclass_fields__)


def _partners(outline: Outline) -> dict[int, int]:
    partner: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(outline.tokens):
        if token.type in _OPEN:
            stack.append(index)
        elif token.type in _OPEN.values():
            partner[stack.pop()] = index
    return partner
