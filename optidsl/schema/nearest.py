"""The nearest names to a misspelt one, for "did you mean" in messages."""

from __future__ import annotations

from collections.abc import Iterable


def edit_distance(a: str, b: str, limit: int) -> int:
    """Count single-letter edits (insert, delete, replace, swap neighbours) from a to b; stop counting above `limit`."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        current = [i]
        for j, other in enumerate(b, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


def nearest(name: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """Return up to `count` candidates near enough to be meant, nearest first, then by name."""
    limit = max(1, (len(name) + 1) // 3) if len(name) > 1 else 0
    folded = name.lower().replace("-", "_")
    scored: list[tuple[int, str]] = []
    for candidate in set(candidates):
        distance = edit_distance(folded, candidate.lower().replace("-", "_"), limit)
        if distance <= limit:
            scored.append((distance, candidate))
    return [candidate for _, candidate in sorted(scored)[:count]]


def quoted(names: Iterable[str], joint: str = "or") -> str:
    """Return "`a`, `b` or `c`"."""
    items = [f"`{name}`" for name in names]
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + f" {joint} {items[-1]}"


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return " (did you mean `x`?)", or an empty string when nothing is near."""
    found = nearest(name, candidates)
    return f" (did you mean {quoted(found)}?)" if found else ""


def alternatives(names: Iterable[str], most: int = 12) -> str:
    """Return the valid names as a list for a help line, cut off after `most`."""
    items = list(names)
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"
