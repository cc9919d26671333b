"""Run the LALR(1) automaton over tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from optidsl.diag import InternalError
from optidsl.syntax.tables import END, Tables
from optidsl.syntax.tokens import Token

Child = Any
"""A token or what an action returned: which one, the grammar says and the types of Python cannot."""
Children = list[Child]
Action = Callable[[Children], Child]


class Unexpected(Exception):
    """The token at `index` cannot stand where it is; `states` is the automaton's stack."""

    def __init__(self, index: int, states: list[int]) -> None:
        super().__init__(index)
        self.index = index
        self.states = states


def run(tables: Tables, start: str, tokens: Sequence[Token], actions: Sequence[Action | None]) -> Child:
    """Parse tokens (the last one is the end of the input) and return the value of the start rule.

    Args:
        tables: the automaton.
        start: a name of `tables.STARTS`.
        tokens: what to parse.
        actions: what makes the value of each rule; None splices the rule's values into its parent.

    Raises:
        Unexpected: at the first token that does not fit.
    """
    states = [tables.start_states[start]]
    values: Children = []
    table, rules = tables.states, tables.rules
    end_state = tables.end_states[start]
    for index, token in enumerate(tokens):
        while True:
            action = table[states[-1]].get(token.type)
            if action is None:
                raise Unexpected(index, states)
            if action >= 0:
                states.append(action)
                values.append(token)
                break
            rule = rules[-1 - action]
            size = rule.size
            if size:
                children = values[-size:]
                del states[-size:]
                del values[-size:]
            else:
                children = []
            values.append(_reduce(children, actions[-1 - action], rule.is_transparent))
            states.append(table[states[-1]][rule.origin])
            if states[-1] == end_state and token.type == END:
                return values[-1]
    raise InternalError("the tokens do not end with the end of the input")


def _reduce(children: Children, action: Action | None, is_transparent: bool) -> Child:
    flat: Children = []
    for child in children:
        if type(child) is list:
            flat.extend(child)
        else:
            flat.append(child)
    if is_transparent and len(flat) == 1:
        return flat[0]
    return flat if action is None else action(flat)


def advance(tables: Tables, states: list[int], symbol: str) -> bool:
    """Move the stack over one token without values; False, and no change, when it does not fit."""
    trial = list(states)
    while True:
        action = tables.states[trial[-1]].get(symbol)
        if action is None:
            return False
        if action >= 0:
            trial.append(action)
            states[:] = trial
            return True
        rule = tables.rules[-1 - action]
        if rule.size:
            del trial[-rule.size :]
        trial.append(tables.states[trial[-1]][rule.origin])
        if symbol == END and trial[-1] in tables.end_states.values():
            states[:] = trial
            return True


def acceptable(tables: Tables, states: list[int]) -> set[str]:
    """Return the types of token that fit next."""
    return {
        symbol
        for symbol in tables.states[states[-1]]
        if (symbol.isupper() or symbol == END) and advance(tables, list(states), symbol)
    }
