"""The parse tables: made by lark from the grammar once, then kept as JSON in a cache folder.

A cold process neither imports lark nor rebuilds the automaton when the cache holds the tables of this grammar. A cache
that is missing, foreign or damaged costs the time of a rebuild and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optidsl._record import record
from optidsl._resources import grammar_text

if TYPE_CHECKING:
    from lark.grammar import Rule as LarkRule

FORMAT = 3
Plain = dict[str, Any]
STARTS = ("start", "expr")
END = "$END"


@record(frozen=True, slots=True)
class Rule:
    """One production: it pops `size` values, and its result is `action` (a method of the tree builder).

    `is_inline` splices the values into the parent, `is_transparent` passes a single value through.
    """

    origin: str
    size: int
    action: str
    is_inline: bool
    is_transparent: bool


@record(frozen=True, slots=True)
class Tables:
    """An LALR(1) automaton and its scanner.

    In `states[s][symbol]` a number >= 0 shifts (or goes) to that state; a negative one, -1 - r, reduces by rule r.
    """

    scanner: re.Pattern[str]
    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    start_states: dict[str, int]
    end_states: dict[str, int]


def default_cache() -> Path | None:
    """Return the folder for caches that this platform's convention gives, or None when there is no home."""
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "optidsl"
    try:
        return Path.home() / ".cache" / "optidsl"
    except RuntimeError:
        return None


@lru_cache(maxsize=4)
def load_tables(cache: Path | None = None) -> Tables:
    """Return the tables of the grammar.

    Args:
        cache: a folder to keep them in; None for no cache.
    """
    grammar = grammar_text()
    digest = hashlib.sha256(grammar.encode("utf-8")).hexdigest()
    key = f"{FORMAT}-{digest}"
    if cache is None:
        return _from_plain(_build(grammar))
    file = cache / f"grammar-{key}.json"
    kept = _read(file, key)
    if kept is not None:
        return kept
    plain = _build(grammar)
    _write(file, {"key": key, "tables": plain})
    return _from_plain(plain)


@lru_cache(maxsize=1)
def default_tables() -> Tables:
    """Return the tables of the grammar by way of the platform's cache folder."""
    return load_tables(default_cache())


def _read(file: Path, key: str) -> Tables | None:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return _from_plain(kept["tables"]) if kept["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, re.error):
        return None


def _write(file: Path, content: Plain) -> None:
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".grammar-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(content, stream, separators=(",", ":"))
            Path(temporary).replace(file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)


def _from_plain(plain: Plain) -> Tables:
    terminals: list[str] = plain["terminals"]
    states = tuple({str(k): int(v) for k, v in state.items()} for state in plain["states"])
    rules = tuple(
        Rule(origin, size, action, bool(inline), bool(through))
        for origin, size, action, inline, through in plain["rules"]
    )
    starts, ends = plain["start_states"], plain["end_states"]
    return Tables(re.compile("|".join(terminals)), states, rules, starts, ends)


def _build(grammar: str) -> Plain:
    from lark import Lark

    lark = Lark(
        grammar, parser="lalr", lexer="basic", start=list(STARTS), keep_all_tokens=True, maybe_placeholders=False
    )
    table = lark.parse_interactive("", start=STARTS[0]).parser_state.parse_conf.parse_table
    numbers = _numbers(table.states, [table.start_states[name] for name in STARTS])
    rules: dict[LarkRule, int] = {}
    plain_states: list[dict[str, int]] = []
    for state in numbers:
        plain: dict[str, int] = {}
        for symbol, (action, target) in sorted(table.states[state].items(), key=lambda entry: entry[0]):
            is_shift = str(action) == "Shift"
            plain[symbol] = numbers[target] if is_shift else -1 - rules.setdefault(target, len(rules))
        plain_states.append(plain)
    terminals = sorted(
        lark.terminals,
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    return {
        "terminals": [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in terminals],
        "states": plain_states,
        "rules": [_plain_rule(rule) for rule in rules],
        "start_states": {name: numbers[table.start_states[name]] for name in STARTS},
        "end_states": {name: numbers[table.end_states[name]] for name in STARTS},
    }


def _numbers(states: Plain, starts: list[Any]) -> dict[Any, int]:
    """Number the states in the order a breadth-first walk over sorted symbols meets them: lark's own order varies."""
    order = list(starts)
    seen = set(starts)
    for state in order:
        for _, (action, target) in sorted(states[state].items(), key=lambda entry: entry[0]):
            if str(action) == "Shift" and target not in seen:
                seen.add(target)
                order.append(target)
    return {state: number for number, state in enumerate(order)}


def _plain_rule(rule: LarkRule) -> tuple[str, int, str, bool, bool]:
    origin = str(rule.origin.name)
    action = str(rule.alias or origin)
    return (origin, len(rule.expansion), action, origin.startswith("_"), bool(rule.options.expand1) and not rule.alias)
