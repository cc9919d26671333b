"""Library functions over collectives: how long one takes at a bus bandwidth, and the bus bandwidth of a time.

Source: NVIDIA, nccl-tests, doc/PERFORMANCE.md (bus bandwidth: all-reduce, reduce-scatter, all-gather, broadcast,
reduce) and src/alltoall.cu (all-to-all).
Assumes: the bytes are the size that nccl-tests prints: of the whole buffer, over all ranks for reduce-scatter,
all-gather and all-to-all.
"""

from __future__ import annotations

from fractions import Fraction

from optidsl.schema.nearest import did_you_mean
from optidsl.sema.calls import CallSite
from optidsl.sema.operators import combine, wrong_type
from optidsl.sema.values import ERROR, Value, show, whole
from optidsl.units import Quantity, Uncertain, parse_quantity

OPERATIONS: tuple[str, ...] = ("all_reduce", "reduce_scatter", "all_gather", "all_to_all", "broadcast", "reduce")
"""Collectives that a bus bandwidth is defined for."""

_WHOLE = frozenset({"broadcast", "reduce"})
_SECOND = parse_quantity("1s")
_BIT = parse_quantity("1b")
_RATE = parse_quantity("1bps")


def bus_factor(call: CallSite) -> Value:
    """Return by how much the bus moves more than the buffer: 2(n-1)/n, (n-1)/n or 1 for n ranks."""
    factor = _factor(call)
    return ERROR if factor is None else whole(factor)


def collective_time(call: CallSite) -> Value:
    """Return the time of a collective: bytes x factor / bus bandwidth."""
    return _quotient(call, _RATE, "a Rate")


def bus_bandwidth(call: CallSite) -> Value:
    """Return the bus bandwidth of a collective that took a time: bytes x factor / time."""
    return _quotient(call, _SECOND, "a Time")


def _quotient(call: CallSite, unit: Quantity, kind: str) -> Value:
    factor = _factor(call)
    size, by = _amount(call, 2, _BIT, "Data"), _amount(call, 3, unit, kind)
    if factor is None or size is None or by is None:
        return ERROR
    found = combine("*", combine("/", size, by), factor)
    return ERROR if isinstance(found, Uncertain) else found


def _factor(call: CallSite) -> Fraction | None:
    operation, ranks = call.values[0], call.integer(1)
    if operation not in OPERATIONS:
        near = did_you_mean(str(operation), OPERATIONS) if isinstance(operation, str) else ""
        words = ", ".join(f"`{each}`" for each in OPERATIONS)
        message = f"`{call.name}` needs one of {words}, found {show(operation)}{near}"
        wrong_type(call.session, message, call.spans[0])
        return None
    if ranks is None:
        return None
    if ranks < 2:
        message = f"`{call.name}` needs 2 ranks or more, found {ranks}"
        call.session.sink.error("wrong-arguments", message, call.spans[1])
        return None
    if operation in _WHOLE:
        return Fraction(1)
    return Fraction((2 if operation == "all_reduce" else 1) * (ranks - 1), ranks)


def _amount(call: CallSite, position: int, unit: Quantity, kind: str) -> Quantity | None:
    value = call.values[position]
    if not isinstance(value, Quantity) or value.dim != unit.dim:
        call.reject(position, kind)
        return None
    if value.value <= 0:
        message = f"`{call.name}` needs {kind} above 0, found {show(value)}"
        call.session.sink.error("not-positive", message, call.spans[position])
        return None
    return value
