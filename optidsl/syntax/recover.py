"""Go on after a syntax error, statement by statement, so that every error of a file is reported once.

The automaton runs without values. When a token does not fit, `blame` says what is wrong, the stack falls back to the
innermost body that is open, and tokens are skipped to where the next item of that body starts. A body that the broken
statement opens is entered all the same, so that errors inside it are found too.
"""

from __future__ import annotations

from optidsl._record import field, record
from optidsl.diag import Sink
from optidsl.syntax.blame import Situation, blame
from optidsl.syntax.places import Places
from optidsl.syntax.tables import END, Tables
from optidsl.syntax.tokens import Token

_MOST_ERRORS = 100
_OPENERS, _CLOSERS = ("LPAR", "LSQB"), ("RPAR", "RSQB")


@record(slots=True)
class _Frame:
    """A body that is open: the stack's height inside it, and the brackets open in its current statement.

    `is_broken` says that the statement around it was, and goes on after its closing brace.
    """

    height: int
    opener: int
    is_broken: bool = False
    brackets: list[int] = field(default_factory=list)
    statement: int = 0


def recover(text: str, tokens: list[Token], tables: Tables, file: int, sink: Sink) -> None:
    """Report every syntax error among tokens whose braces match."""
    _Recovery(text, tokens, tables, file, sink).run()


class _Recovery:
    def __init__(self, text: str, tokens: list[Token], tables: Tables, file: int, sink: Sink) -> None:
        self.places = Places(text, tokens)
        self.tokens = tokens
        self.tables = tables
        self.file = file
        self.sink = sink
        self.states = [tables.start_states["start"]]
        self.frames = [_Frame(1, -1)]

    def run(self) -> None:
        position = errors = 0
        while position < len(self.tokens) and errors < _MOST_ERRORS:
            if self._shift(position):
                if self.tokens[position].type == END:
                    return
                position = self._follow(position)
                continue
            frame = self.frames[-1]
            errors += 1
            situation = Situation(
                self.places, self.tables, self.states, position, frame.statement, tuple(frame.brackets), self.file
            )
            mistake = blame(situation)
            self.sink.error(
                mistake.name,
                mistake.message,
                mistake.span,
                mistake.label,
                helps=(mistake.help,) if mistake.help else (),
                fixes=mistake.fixes,
            )
            if mistake.resume is not None:
                del self.states[frame.height :]
                frame.brackets.clear()
                position = mistake.resume
                frame.statement = position
            else:
                position = self._resynchronise(position, len(frame.brackets))

    def _shift(self, position: int) -> bool:
        """Feed one token; remember where a statement starts."""
        tables, token = self.tables, self.tokens[position]
        trial = list(self.states)
        while True:
            action = tables.states[trial[-1]].get(token.type)
            if action is None:
                return False
            if action >= 0:
                if tables.states[trial[-1]].get("LET", -1) >= 0 and token.type not in ("RBRACE", "COMMA"):
                    self.frames[-1].statement = position
                    self.frames[-1].brackets.clear()
                trial.append(action)
                self.states = trial
                return True
            rule = tables.rules[-1 - action]
            if rule.size:
                del trial[-rule.size :]
            trial.append(tables.states[trial[-1]][rule.origin])
            if token.type == END and trial[-1] == tables.end_states["start"]:
                return True

    def _follow(self, position: int) -> int:
        """Keep the books on brackets and bodies after a token went in; return the next position."""
        kind = self.tokens[position].type
        frame = self.frames[-1]
        if kind == "LBRACE":
            if self.tables.states[self.states[-1]].get("LET", -1) >= 0:
                self.frames.append(_Frame(len(self.states), position, statement=position + 1))
            else:
                frame.brackets.append(position)
        elif kind in _OPENERS:
            frame.brackets.append(position)
        elif kind in _CLOSERS:
            if frame.brackets:
                frame.brackets.pop()
        elif kind == "RBRACE":
            if frame.brackets and self.tokens[frame.brackets[-1]].type == "LBRACE":
                frame.brackets.pop()
            elif len(self.frames) > 1:
                self.frames.pop()
                if frame.is_broken:
                    return self._resynchronise(position + 1, len(self.frames[-1].brackets))
        return position + 1

    def _resynchronise(self, position: int, depth: int) -> int:
        """Fall back to the innermost open body and return where its next item (or its end) is.

        Args:
            position: the first token to skip.
            depth: how many brackets of the broken statement are open there.
        """
        frame = self.frames[-1]
        del self.states[frame.height :]
        braces = sum(self.tokens[index].type == "LBRACE" for index in frame.brackets)
        frame.brackets.clear()
        column = self.places.column[frame.statement] if frame.statement < len(self.tokens) else 0
        start = position
        while True:
            token = self.tokens[position]
            if token.type == END or (token.type == "RBRACE" and braces == 0):
                return position
            if token.type == "RBRACE":
                braces, depth = braces - 1, depth - 1
            elif token.type == "LBRACE":
                self._enter(position, depth)
                return position + 1
            if position > start or self.places.is_first(position):
                is_inside = depth > 0 and self.places.column[position] > column
                if self.places.is_first(position) and not is_inside and self.places.looks_like_item(position):
                    return position
                after_comma = depth == 0 and self.tokens[position - 1].type == "COMMA"
                if after_comma and self.places.looks_like_item(position):
                    return position
            if token.type in _OPENERS:
                depth += 1
            elif token.type in _CLOSERS:
                depth = max(0, depth - 1)
            position += 1

    def _enter(self, position: int, depth: int) -> None:
        outer = self.frames[-1]
        outer.brackets[:] = [position] * depth
        for kind in ("NAME", "LBRACE"):
            self.states.append(self._after(kind))
        self.frames.append(_Frame(len(self.states), position, True, statement=position + 1))

    def _after(self, kind: str) -> int:
        """Return the state after a token at the start of an item, reducing what must be."""
        while True:
            action = self.tables.states[self.states[-1]][kind]
            if action >= 0:
                return action
            rule = self.tables.rules[-1 - action]
            if rule.size:
                del self.states[-rule.size :]
            self.states.append(self.tables.states[self.states[-1]][rule.origin])
