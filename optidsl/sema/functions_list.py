"""Library functions over lists, families and objects."""

from __future__ import annotations

from fractions import Fraction
from functools import cmp_to_key
from itertools import combinations

from optidsl.sema.calls import CallSite
from optidsl.sema.comparison import both, compare_values, either, invert
from optidsl.sema.iteration import family_keys
from optidsl.sema.operators import arithmetic
from optidsl.sema.values import (
    ERROR,
    FrameRef,
    ObjectValue,
    Poison,
    Promise,
    Solved,
    Value,
    describe,
)
from optidsl.units import Quantity, UnitError, compare


def length(call: CallSite) -> Value:
    """Return how many items; a family is counted without listing it."""
    value = call.values[0]
    if isinstance(value, FrameRef) and not value.tail:
        own = family_keys(call.session, value)
        return 1 if own is None else len(own)
    if isinstance(value, Solved) and call.name == "count":
        return value
    if isinstance(value, str) and call.name == "len":
        return len(value)
    if isinstance(value, ObjectValue):
        return len(value.fields)
    items = call.items()
    return ERROR if items is None else len(items)


def total(call: CallSite) -> Value:
    """Return the sum; of nothing, 0."""
    items = call.items()
    if items is None:
        return ERROR
    result: Value = 0
    for position, item in enumerate(items):
        result = item if position == 0 else arithmetic(call.session, "+", result, item, call.span)
    return result


def mean(call: CallSite) -> Value:
    """Return the sum divided by the count."""
    items = call.items()
    if items is None:
        return ERROR
    if not items:
        return _empty(call)
    return arithmetic(call.session, "/", total(call), len(items), call.span)


def _empty(call: CallSite) -> Poison:
    call.session.sink.error("empty-list", f"`{call.name}` of an empty list has no value", call.span)
    return ERROR


def least(call: CallSite) -> Value:
    """Return the least value."""
    return _extreme(call, "<")


def greatest(call: CallSite) -> Value:
    """Return the greatest value."""
    return _extreme(call, ">")


def _extreme(call: CallSite, op: str) -> Value:
    items = call.values if len(call.values) > 1 else call.items()
    if items is None:
        return ERROR
    if not items:
        return _empty(call)
    best = items[0]
    for item in items[1:]:
        better = compare_values(call.session, op, item, best, call.span)
        if isinstance(better, Poison):
            return ERROR
        if isinstance(better, Promise):
            call.session.sink.error(
                "non-linear",
                f"`{call.name}` needs exact values: one of these is decided later or has a tolerance",
                call.span,
                helps=("state the condition for each of them",),
            )
            return ERROR
        if better:
            best = item
    return best


def every(call: CallSite) -> Value:
    """Return whether every condition holds."""
    items = call.items()
    if items is None:
        return ERROR
    if not items:
        call.session.empty.add(call.span)
    result: Value = True
    for item in items:
        result = both(call.session, result, item, call.span)
    return result


def some(call: CallSite) -> Value:
    """Return whether some condition holds."""
    items = call.items()
    if items is None:
        return ERROR
    result: Value = False
    for item in items:
        result = either(call.session, result, item, call.span)
    return result


def no_one(call: CallSite) -> Value:
    """Return whether no condition holds."""
    items = call.items()
    if items is None:
        return ERROR
    if not items:
        call.session.empty.add(call.span)
    result: Value = True
    for item in items:
        result = both(call.session, result, invert(call.session, item, call.span), call.span)
    return result


def pairs(call: CallSite) -> Value:
    """Return every pair of two different items."""
    items = call.items()
    if items is None or not call.session.count_expansion(len(items) * len(items) // 2, call.span):
        return ERROR
    return tuple(combinations(items, 2))


def zipped(call: CallSite) -> Value:
    """Return pairs of items at the same place; lists of different length are a mistake."""
    left, right = call.items(0), call.items(1)
    if left is None or right is None:
        return ERROR
    if len(left) != len(right):
        call.session.sink.error(
            "wrong-arguments", f"`zip` needs lists of one length, found {len(left)} and {len(right)} items", call.span
        )
        return ERROR
    return tuple(zip(left, right, strict=True))


def sequence(call: CallSite) -> Value:
    """Return integers from first to last, both included."""
    first, last = call.integer(0), call.integer(1)
    step = call.integer(2) if len(call.values) == 3 else 1
    if first is None or last is None or step is None:
        return ERROR
    if step == 0:
        call.session.sink.error("wrong-arguments", "the step of `range` cannot be 0", call.spans[2])
        return ERROR
    numbers = range(first, last + (1 if step > 0 else -1), step)
    return tuple(numbers) if call.session.count_expansion(len(numbers), call.span) else ERROR


def keys(call: CallSite) -> Value:
    """Return the keys of a family, or the fields of an object."""
    value = call.values[0]
    if isinstance(value, ObjectValue):
        return tuple(value.fields)
    own = family_keys(call.session, value) if isinstance(value, FrameRef) else None
    return call.reject(0, "a keyed family or an object") if own is None else tuple(own)


def values(call: CallSite) -> Value:
    """Return the values of an object, or the members of a family."""
    value = call.values[0]
    if isinstance(value, ObjectValue):
        return tuple(value.fields.values())
    if not isinstance(value, FrameRef) or family_keys(call.session, value) is None:
        return call.reject(0, "a keyed family or an object")
    items = call.items()
    return ERROR if items is None else items


def in_order(call: CallSite) -> Value:
    """Return the items in ascending order: numbers and quantities of one dimension, or strings."""
    items = call.items()
    if items is None:
        return ERROR
    if all(isinstance(item, str) for item in items):
        return tuple(sorted(items, key=str))
    exact = [item for item in items if isinstance(item, int | Fraction | Quantity) and not isinstance(item, bool)]
    if len(exact) != len(items):
        odd = next(item for item in items if item not in exact)
        call.session.sink.error("wrong-type", f"`sorted` cannot order {describe(odd)}", call.span)
        return ERROR
    try:
        return tuple(sorted(exact, key=cmp_to_key(compare)))
    except UnitError as error:
        call.session.sink.error(error.name, error.message, call.span)
        return ERROR


def unique(call: CallSite) -> Value:
    """Return the items without repetitions."""
    items = call.items()
    if items is None:
        return ERROR
    kept: list[Value] = []
    seen: set[object] = set()
    for item in items:
        identity: object = (type(item).__name__, item)
        if identity not in seen:
            seen.add(identity)
            kept.append(item)
    return tuple(kept)


def flatten(call: CallSite) -> Value:
    """Return the items of the lists in one list."""
    items = call.items()
    if items is None:
        return ERROR
    flat: list[Value] = []
    for item in items:
        if not isinstance(item, tuple):
            return call.reject(0, "a list of lists")
        flat.extend(item)
    return tuple(flat)
