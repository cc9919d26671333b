"""The formatter: one canonical form, no options, every comment kept, the meaning untouched.

Two spaces of indentation; at most one blank line between items; `=` and the comparisons of neighbouring attributes
stand in one column, and so do the parts of neighbouring blocks of the same shape. A body that was written on one line
stays there while it fits in 110 columns; everything else about line ends inside an item is decided here.
"""

from __future__ import annotations

from itertools import pairwise

from optidsl._record import field, record
from optidsl.diag import InternalError, Sink
from optidsl.syntax import nodes as n
from optidsl.syntax.align import Entry, aligned
from optidsl.syntax.outline import Outline
from optidsl.syntax.parser import parse
from optidsl.syntax.spacing import gap, inline
from optidsl.syntax.tables import default_tables
from optidsl.syntax.tokens import Comment, scan

WIDTH = 110
_STEP = 2


def format_source(text: str, file: int = 0, sink: Sink | None = None) -> str | None:
    """Return a source text in canonical form.

    Args:
        text: the source.
        file: its id, for diagnostics.
        sink: where diagnostics go.

    Returns:
        The canonical text, or None when the source does not parse; the sink then says why.
    """
    sink = Sink() if sink is None else sink
    module = parse(text, file, sink)
    if module is None:
        return None
    scanned = scan(text, default_tables())
    result = _Printer(Outline(text, scanned, module)).whole()
    again = scan(result, default_tables())
    if _essence([t.text for t in scanned.tokens]) != _essence([t.text for t in again.tokens]):
        raise InternalError("formatting changed the tokens of the text")
    return result


def _essence(texts: list[str]) -> list[str]:
    return [text for text in texts if text != ","]


@record(slots=True)
class _Text:
    """Lines of an item while it is printed; `current` is the one being filled."""

    indent: int
    lines: list[str] = field(default_factory=list)
    current: str = ""
    is_fresh: bool = True

    def add(self, text: str, space: str) -> None:
        if self.is_fresh:
            self.current, self.is_fresh = " " * self.indent + text, False
        else:
            self.current += space + text

    def flush(self, comment: Comment | None = None, column: int = 0) -> None:
        if comment is not None:
            self.current = self.current.ljust(max(column, len(self.current) + 2)) + comment.text.rstrip()
        if not self.is_fresh:
            self.lines.append(self.current)
        self.current, self.is_fresh = "", True


class _Printer:
    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.tokens = outline.tokens

    def whole(self) -> str:
        tokens, outline = self.tokens, self.outline
        last = len(tokens) - 1
        starts = [i for i in outline.items if not self._is_nested(i)]
        if tokens[0].type == "OPTD":
            starts.append(0)
        lines = self.sequence(sorted(starts), last, 0)
        return "".join(line + "\n" for line in lines)

    def _is_nested(self, index: int) -> bool:
        span = self.outline.items[index].span
        return all(item.span != span for item in self.outline.root.items)

    # -------------------------------------------------------------- sequences of items

    def sequence(self, starts: list[int], closer: int, indent: int) -> list[str]:
        """Print items that start at these tokens, and the comments among them up to the token `closer`."""
        entries: list[Entry] = []
        end_of_last = -1
        for start in starts:
            for comment in self.outline.leading.get(start, []):
                entries.append(self.comment(comment, end_of_last, indent))
                end_of_last = comment.end
            entry = self.item(start, indent)
            entry.is_after_blank = self.has_blank(end_of_last, self.tokens[start].start)
            entries.append(entry)
            end = self.last_token(start)
            end_of_last = self.outline.trailing[end].end if end in self.outline.trailing else self.tokens[end].end
        for comment in self.outline.leading.get(closer, []):
            entries.append(self.comment(comment, end_of_last, indent))
            end_of_last = comment.end
        return aligned(entries, WIDTH)

    def comment(self, comment: Comment, before: int, indent: int) -> Entry:
        line = " " * indent + comment.text.rstrip()
        return Entry([line], is_after_blank=self.has_blank(before, comment.start))

    def has_blank(self, end: int, start: int) -> bool:
        """Tell whether the text between two places has an empty line (never before the first thing of a body)."""
        return end >= 0 and self.outline.text.count("\n", end, start) > 1

    def last_token(self, start: int) -> int:
        if start not in self.outline.items:
            return start + 1
        return self.outline.end_of(self.outline.items[start]) - 1

    # -------------------------------------------------------------- one item

    def item(self, start: int, indent: int) -> Entry:
        """Print one item: on one line where it may, else with its last body opened."""
        last = self.last_token(start)
        entry = self.range(start, last, indent)
        comment = self.outline.trailing.get(last)
        entry.comment = None if comment is None else comment.text.rstrip()
        entry.comment_column = 0 if comment is None else self.column(comment)
        if len(entry.lines) == 1 and start in self.outline.items:
            self._set_cells(entry, self.outline.items[start], start, last, indent)
        return entry

    def column(self, comment: Comment) -> int:
        return comment.start - (self.outline.text.rfind("\n", 0, comment.start) + 1)

    def _set_cells(self, entry: Entry, item: n.Item, start: int, last: int, indent: int) -> None:
        """Cut a one-line item into the cells that line up with its neighbours."""
        cut = self._cell_boundary(item, start, last)
        group = _group(item)
        if group is None:
            return
        entry.group = group
        if cut is None:
            entry.cells = [entry.lines[0]]
            return
        head = " " * indent + inline(self.outline, start, cut).text
        tail = inline(self.outline, cut, last + 1)
        entry.cells = [head, *tail.segments]
        entry.shape = tuple(tail.shapes)

    def _cell_boundary(self, item: n.Item, start: int, last: int) -> int | None:
        if isinstance(item, n.Attr | n.Bound):
            is_membership = isinstance(item, n.Bound) and item.op == "in"
            return None if is_membership else self.outline.places.after_key(start)
        if isinstance(item, n.Let):
            return next(i for i in range(start, last) if self.tokens[i].type == "EQUAL")
        if isinstance(item, n.Param):
            return start + 3
        if isinstance(item, n.Goal):
            return start + 3 if item.name is not None else None
        if isinstance(item, n.Block | n.Connect):
            return self.outline.index[item.body.span.start] if item.body is not None else None
        braces = (i for i in range(start, last) if self.tokens[i].type == "LBRACE")
        return next(braces, None)

    def range(self, start: int, last: int, indent: int) -> Entry:
        """Print the tokens `start..last`."""
        lines = self._print(start, last, indent, None)
        if len(lines) == 1 and len(lines[0]) > WIDTH:
            opened = self._last_body(start, last)
            if opened is not None:
                lines = self._print(start, last, indent, opened)
        return Entry(lines)

    def _last_body(self, start: int, last: int) -> int | None:
        found = None
        position = start
        while position <= last:
            if position in self.outline.bodies and self.outline.partner[position] > position + 1:
                found = position
            position = self.outline.partner.get(position, position) + 1
        return found

    def _print(self, start: int, last: int, indent: int, opened: int | None) -> list[str]:
        outline, text = self.outline, _Text(indent)
        keep_breaks = self._is_too_long(start, last, indent)
        index = start
        while index <= last:
            token = self.tokens[index]
            if index > start:
                self._break_before(text, index, keep_breaks)
            space = gap(outline, index) if index else ""
            partner = outline.partner.get(index)
            if partner is not None and self._is_open(index, partner, index == opened):
                text.add(token.text, space)
                self.flush(text, index)
                text.indent = indent
                text.lines += self._inside(index, partner, indent + _STEP)
                text.add(self.tokens[partner].text, "")
                index = partner
            elif partner is not None:
                text.add(inline(outline, index, partner + 1).text, space)
                index = partner
            elif not (token.type == "COMMA" and outline.tokens[index + 1].type in ("RPAR", "RSQB")):
                text.add(token.text, space)
            if index < last and index in outline.trailing:
                self.flush(text, index)
                text.indent = indent + 2 * _STEP
            index += 1
        text.flush()
        return text.lines

    def flush(self, text: _Text, index: int) -> None:
        """End the line behind a token, with the comment that follows it."""
        comment = self.outline.trailing.get(index)
        text.flush(comment, 0 if comment is None else self.column(comment))

    def _is_too_long(self, start: int, last: int, indent: int) -> bool:
        """Tell whether the item would not fit on a line, so that the author's line ends in it stay."""
        if self._last_body(start, last) is not None or self.outline.has_comment(start, last):
            return False
        return indent + len(inline(self.outline, start, last + 1).text) > WIDTH

    def _break_before(self, text: _Text, index: int, keep_breaks: bool) -> None:
        comments = self.outline.leading.get(index, [])
        is_broken = keep_breaks and self.outline.has_break(index - 1, index)
        if not (comments or is_broken) or (text.is_fresh and not comments):
            return
        text.flush()
        text.indent = max(text.indent, self.indent_of(text) + 2 * _STEP)
        for comment in comments:
            text.lines.append(" " * text.indent + comment.text.rstrip())

    def indent_of(self, text: _Text) -> int:
        """Return the indentation of the item's first line."""
        first = text.lines[0] if text.lines else ""
        return len(first) - len(first.lstrip(" "))

    # -------------------------------------------------------------- brackets

    def _is_open(self, index: int, partner: int, is_opened: bool) -> bool:
        """Tell whether what is between two brackets goes on lines of its own."""
        outline = self.outline
        if partner == index + 1 and partner not in outline.leading and index not in outline.trailing:
            return False
        if is_opened or outline.has_comment(index, partner):
            return True
        if index in outline.bodies:
            return outline.has_break(index, partner)
        return outline.has_break(index, index + 1)

    def _inside(self, opener: int, closer: int, indent: int) -> list[str]:
        if opener in self.outline.bodies:
            starts = [self.outline.index[item.span.start] for item in self.outline.bodies[opener].items]
            return self.sequence(starts, closer, indent)
        return self._elements(opener, closer, indent)

    def _elements(self, opener: int, closer: int, indent: int) -> list[str]:
        """Print the entries of a list or the arguments of a call, one a line."""
        ranges = self._split(opener, closer)
        if self._is_packed(ranges) and not self.outline.has_comment(opener, closer):
            return self._filled(ranges, indent)
        entries: list[Entry] = []
        before = -1
        takes_comma = self._takes_last_comma(opener, closer)
        for first, last in ranges:
            for comment in self.outline.leading.get(first, []):
                entries.append(self.comment(comment, before, indent))
                before = comment.end
            entry = self.range(first, last, indent)
            entry.is_after_blank = self.has_blank(before, self.tokens[first].start)
            comment_behind = self.outline.trailing.get(last)
            if comment_behind is not None:
                entry.comment = comment_behind.text.rstrip()
                entry.comment_column = self.column(comment_behind)
            if len(entry.lines) == 1 and first in self.outline.bodies and self.outline.partner[first] == last:
                line = inline(self.outline, first, last + 1)
                entry.group, entry.shape = ("entry",), tuple(line.shapes)
                entry.cells = [" " * indent + line.segments[0], *line.segments[1:]]
                entry.has_plain_head = True
            if takes_comma or last != ranges[-1][1]:
                entry.add(",")
            before = comment_behind.end if comment_behind is not None else self.tokens[last].end
            entries.append(entry)
        for comment in self.outline.leading.get(closer, []):
            entries.append(self.comment(comment, before, indent))
            before = comment.end
        return aligned(entries, WIDTH)

    def _takes_last_comma(self, opener: int, closer: int) -> bool:
        if opener in self.outline.type_brackets or any(
            self.tokens[i].type == "FOR" for i in self._level(opener, closer)
        ):
            return False
        is_call = self.tokens[opener - 1].type in ("NAME", "TYPE", "RPAR", "RSQB")
        return self.tokens[opener].type != "LPAR" or is_call

    def _is_packed(self, ranges: list[tuple[int, int]]) -> bool:
        """Tell whether the author put several short entries on a line."""
        line = self.outline.places.line
        if any(line[first] != line[last] or first in self.outline.bodies for first, last in ranges):
            return False
        return any(line[a] == line[b] for (a, _), (b, _) in pairwise(ranges))

    def _filled(self, ranges: list[tuple[int, int]], indent: int) -> list[str]:
        """Print entries as many to a line as fit."""
        lines: list[str] = []
        texts = [inline(self.outline, first, last + 1).text for first, last in ranges]
        for position, text in enumerate(texts):
            word = text if position == len(texts) - 1 else text + ","
            if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
                lines[-1] += " " + word
            else:
                lines.append(" " * indent + word)
        return lines

    def _level(self, opener: int, closer: int) -> list[int]:
        """Return the tokens right between two brackets, deeper ones left out."""
        found = []
        index = opener + 1
        while index < closer:
            found.append(index)
            index = self.outline.partner.get(index, index) + 1
        return found

    def _split(self, opener: int, closer: int) -> list[tuple[int, int]]:
        commas = [i for i in self._level(opener, closer) if self.tokens[i].type == "COMMA"]
        if any(self.tokens[i].type == "FOR" for i in self._level(opener, closer)):
            commas = []
        edges = [opener, *commas, closer]
        return [(a + 1, b - 1) for a, b in pairwise(edges) if b > a + 1]


def _group(item: n.Item) -> tuple[str, ...] | None:
    if isinstance(item, n.Attr | n.Bound):
        return ("attribute",)
    if isinstance(item, n.Block):
        return ("block", item.kind.text) if item.label is not None else ("block",)
    if isinstance(item, n.Goal):
        return ("goal", item.verb) if item.name is not None else None
    if isinstance(item, n.Use):
        return ("use", "file" if item.path is not None else "module")
    for kind in (n.Connect, n.Let, n.Param):
        if isinstance(item, kind):
            return (kind.__name__,)
    return None
