"""Random regular graphs, the same for a seed on every machine and with every version of Python and NumPy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from optidsl.diag import InternalError
from optidsl.fabric.tables import I64

_U64 = NDArray[np.uint64]

_ATTEMPTS = 64
_TRIES_PER_PAIR = 1_000


def splitmix(seed: int, stream: int, count: int) -> _U64:
    """Return random numbers of 64 bits, shape `(count,)`.

    Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators (OOPSLA 2014): SplitMix64.
    Assumes: its state begins at a mix of seed and stream, so that neighbouring seeds have nothing in common.

    Args:
        seed: of the sequence.
        stream: another number gives another sequence.
        count: how many.
    """
    start = _mixed(np.array([seed * 2**32 + stream], np.uint64))
    return _mixed(start + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _mixed(mixed: _U64) -> _U64:
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


@lru_cache(maxsize=4)
def regular_graph(switches: int, degree: int, seed: int) -> tuple[I64, I64]:
    """Return the pairs of a connected random graph, the lower switch first, sorted.

    Every switch has `degree` neighbours; where `switches * degree` is odd, the last one less. Needs
    `2 <= degree < switches`, or two switches of degree 1.

    Source: Bollobas, A probabilistic proof of an asymptotic formula for the number of labelled regular graphs (1980):
    the pairing model; pairs that a graph cannot have are exchanged with others, as in Singla, Hong, Popa, Godfrey,
    Jellyfish: Networking Data Centers Randomly (NSDI 2012), section 3. A graph with more than half of all pairs is the
    complement of one with fewer.
    """
    spare = switches * degree % 2
    is_dense = 2 * degree > switches - 1
    degrees = np.full(switches, switches - 1 - degree if is_dense else degree, np.int64)
    degrees[-1] += spare if is_dense else -spare
    for attempt in range(_ATTEMPTS):
        pairs = _simple_pairs(degrees, seed, attempt)
        if pairs is None:
            continue
        if is_dense:
            pairs = _complement(pairs, switches)
        _join(pairs, switches)
        columns = np.sort(np.array(pairs, np.int64).reshape(-1, 2), axis=1)
        columns = columns[np.lexsort((columns[:, 1], columns[:, 0]))]
        return columns[:, 0], columns[:, 1]
    raise InternalError(f"no graph of {switches} switches of degree {degree} found with seed {seed}")


def _simple_pairs(degrees: I64, seed: int, attempt: int) -> list[tuple[int, int]] | None:
    """Pair the free ports at random, and exchange ends until no switch meets itself or another one twice."""
    stubs = np.repeat(np.arange(len(degrees)), degrees)
    stubs = stubs[np.argsort(splitmix(seed, 2 * attempt, len(stubs)), kind="stable")].tolist()
    pairs = list(zip(stubs[0::2], stubs[1::2], strict=True))
    taken: set[tuple[int, int]] = set()
    faults: list[int] = []
    for at, (one, other) in enumerate(pairs):
        if one == other or _key(one, other) in taken:
            faults.append(at)
        else:
            taken.add(_key(one, other))
    wrong = set(faults)
    draws = splitmix(seed, 2 * attempt + 1, max(1, len(faults)) * _TRIES_PER_PAIR).tolist()
    while faults and draws:
        at, draw = faults[-1], draws.pop()
        other = draw % len(pairs)
        (a, b), (c, d) = pairs[at], pairs[other] if draw >> 63 else pairs[other][::-1]
        new = {_key(a, c), _key(b, d)}
        if other in wrong or a == c or b == d or len(new) < 2 or new & taken:
            continue
        taken.discard(_key(c, d))
        taken |= new
        pairs[at], pairs[other] = (a, c), (b, d)
        wrong.discard(faults.pop())
    return None if faults else pairs


def _key(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _complement(pairs: list[tuple[int, int]], switches: int) -> list[tuple[int, int]]:
    is_joined = np.ones((switches, switches), np.bool_)
    for one, other in pairs:
        is_joined[one, other] = is_joined[other, one] = False
    low, high = np.nonzero(np.triu(is_joined, 1))
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _join(pairs: list[tuple[int, int]], switches: int) -> None:
    """Make a graph connected: exchange ends of a pair of the first part with one on a cycle of each other part."""
    root = list(range(switches))

    def find(switch: int) -> int:
        while root[switch] != switch:
            root[switch] = root[root[switch]]
            switch = root[switch]
        return switch

    closing: list[int] = []
    for at, (one, other) in enumerate(pairs):
        first, second = find(one), find(other)
        if first == second:
            closing.append(at)
        root[max(first, second)] = min(first, second)
    cycles: dict[int, int] = {}
    for at in closing:
        cycles.setdefault(find(pairs[at][0]), at)
    parts = sorted({find(switch) for switch in range(switches)})
    bridge = next((at for at, pair in enumerate(pairs) if find(pair[0]) == 0), 0)
    for part in parts[1:]:
        at = cycles[part]
        (a, b), (c, d) = pairs[bridge], pairs[at]
        pairs[bridge], pairs[at] = (a, c), (b, d)
