"""The library of functions: their names, arity and meaning."""

from __future__ import annotations

from collections.abc import Callable

from optidsl._record import record
from optidsl.schema.nearest import did_you_mean
from optidsl.schema.types import word
from optidsl.sema import functions_collective as collectives
from optidsl.sema import functions_list as lists
from optidsl.sema import functions_number as numbers
from optidsl.sema import functions_text as texts
from optidsl.sema.calls import CallSite
from optidsl.sema.metrics import INSTANCE_FIGURES
from optidsl.sema.pairs import PAIR_FIGURES, of_pair
from optidsl.sema.picking import link_between
from optidsl.sema.scope import Scope, Typed
from optidsl.sema.session import Session
from optidsl.sema.values import ERROR, NoneValue, Poison, Value
from optidsl.syntax import nodes


@record(frozen=True, slots=True)
class Function:
    """A library function: how it is written, how many arguments it takes (`most` None: any number), what it does.

    `names` are those that its arguments may be given by; `words` are what a bare word as the first may be; with
    `picks` single switches have names in its arguments.
    """

    usage: str
    least: int
    most: int | None
    apply: Callable[[CallSite], Value]
    doc: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    picks: bool = False


_COLLECTIVE = ("operation", "ranks", "bytes")

FUNCTIONS: dict[str, Function] = {
    "len": Function("len(list)", 1, 1, lists.length, "How many items, keys or letters."),
    "count": Function("count(list)", 1, 1, lists.length, "How many items or keys."),
    "sum": Function("sum(list)", 1, 1, lists.total, "The sum of the items."),
    "min": Function("min(a, b, …)", 1, None, lists.least, "The least of the values or of a list's items."),
    "max": Function("max(a, b, …)", 1, None, lists.greatest, "The greatest of the values or of a list's items."),
    "mean": Function("mean(list)", 1, 1, lists.mean, "The sum divided by the count."),
    "all": Function("all(c for x in xs)", 1, 1, lists.every, "Whether every condition holds."),
    "any": Function("any(c for x in xs)", 1, 1, lists.some, "Whether some condition holds."),
    "none_of": Function("none_of(c for x in xs)", 1, 1, lists.no_one, "Whether no condition holds."),
    "pairs": Function("pairs(list)", 1, 1, lists.pairs, "Every pair of two different items, in order."),
    "zip": Function("zip(a, b)", 2, 2, lists.zipped, "Pairs of the items at the same place of two lists."),
    "range": Function("range(first, last, step)", 2, 3, lists.sequence, "Integers from first to last, both included."),
    "keys": Function("keys(family)", 1, 1, lists.keys, "The keys of a family, or the fields of an object."),
    "values": Function("values(object)", 1, 1, lists.values, "The values of an object, or the members of a family."),
    "sorted": Function("sorted(list)", 1, 1, lists.in_order, "The items in ascending order."),
    "unique": Function("unique(list)", 1, 1, lists.unique, "The items without repetitions, in order of appearance."),
    "flatten": Function("flatten(lists)", 1, 1, lists.flatten, "The items of the lists, in one list."),
    "ceil": Function("ceil(x)", 1, 1, numbers.ceil, "The least Int not below a number."),
    "floor": Function("floor(x)", 1, 1, numbers.floor, "The greatest Int not above a number."),
    "round": Function(
        "round(x, decimals)", 1, 2, numbers.rounded, "The nearest Int, or number of so many decimals; halves to even."
    ),
    "abs": Function("abs(x)", 1, 1, numbers.absolute, "The value without its sign."),
    "log2": Function("log2(x)", 1, 1, numbers.log2, "The logarithm to the base 2; exact for powers of two."),
    "mod": Function("mod(a, b)", 2, 2, numbers.mod, "The remainder of a divided by b, with the sign of b."),
    "gcd": Function("gcd(a, b)", 2, 2, numbers.gcd, "The greatest common divisor."),
    "lcm": Function("lcm(a, b)", 2, 2, numbers.lcm, "The least common multiple."),
    "mW": Function("mW(level)", 1, 1, numbers.milliwatts, "The power of a level in dBm."),
    "dBm": Function("dBm(power)", 1, 1, numbers.level, "The level of a power."),
    "lin": Function("lin(gain)", 1, 1, numbers.linear, "The ratio of a gain in dB."),
    "db": Function("db(ratio)", 1, 1, numbers.decibels, "The gain of a ratio."),
    "powersum": Function("powersum(level, …)", 1, None, numbers.powersum, "The level of several signals together."),
    "nominal": Function("nominal(x)", 1, 1, numbers.nominal, "The middle of what nature may choose."),
    "worst": Function("worst(x)", 1, 1, numbers.worst, "The greatest value that nature may choose."),
    "cidr_host": Function("cidr_host(prefix, n)", 2, 2, texts.cidr_host, "The n-th address of a prefix, from 0."),
    "cidr_split": Function("cidr_split(prefix, length)", 2, 2, texts.cidr_split, "The prefixes of that length inside."),
    "format": Function('format(x, "km")', 2, 2, texts.formatted, "The value as text, in a unit, width or decimals."),
    "bisection": Function("bisection(fabric)", 1, 1, texts.of_fabric, "Bandwidth between two halves of the endpoints."),
    "oversubscription": Function(
        "oversubscription(fabric)", 1, 1, texts.of_fabric, "Down over up, the product of the tiers."
    ),
    "hops": Function("hops(fabric)", 1, 1, texts.of_fabric, "Switches between the farthest endpoints."),
    "links": Function("links(fabric)", 1, 1, texts.of_fabric, "How many links the fabric has."),
    **{
        name: Function(f"{name}(fabric)", 1, 1, texts.of_fabric, figure.doc)
        for name, figure in INSTANCE_FIGURES.items()
    },
    **{name: Function(f"{name}(fabric, a, b)", 3, 3, of_pair, doc, picks=True) for name, doc in PAIR_FIGURES.items()},
    "bus_factor": Function(
        "bus_factor(operation, ranks)",
        2,
        2,
        collectives.bus_factor,
        "Bytes that the slowest rank moves for one of the buffer: 2(n-1)/n of `all_reduce`, (n-1)/n of "
        "`reduce_scatter`, `all_gather` and `all_to_all`, 1 of `broadcast` and `reduce`.",
        names=_COLLECTIVE[:2],
        words=collectives.OPERATIONS,
    ),
    "collective_time": Function(
        "collective_time(operation, ranks, bytes, bandwidth)",
        4,
        4,
        collectives.collective_time,
        "How long a collective takes at a bus bandwidth.",
        names=(*_COLLECTIVE, "bandwidth"),
        words=collectives.OPERATIONS,
    ),
    "bus_bandwidth": Function(
        "bus_bandwidth(operation, ranks, bytes, time)",
        4,
        4,
        collectives.bus_bandwidth,
        "The bus bandwidth of a collective that took a time.",
        names=(*_COLLECTIVE, "time"),
        words=collectives.OPERATIONS,
    ),
    "link": Function("link(a, b)", 2, 2, link_between, "The links between two devices, in `fail` of a test."),
}
"""Functions by name; `exists(x)` stands apart because its argument may be absent."""


def call_function(session: Session, expr: nodes.Call, scope: Scope) -> Value:
    """Return the value of a call of a library function."""
    if not isinstance(expr.function, nodes.Name):
        session.sink.error("unknown-function", "only functions of the library can be called", expr.function.span)
        return ERROR
    name = expr.function.name
    if name == "exists":
        return _exists(session, expr, scope)
    function = FUNCTIONS.get(name)
    if function is None:
        session.sink.error(
            "unknown-function",
            f"unknown function `{name}`{did_you_mean(name, [*FUNCTIONS, 'exists'])}",
            expr.function.span,
            "no such function",
        )
        return ERROR
    arguments = _arguments(session, expr, function)
    if arguments is None:
        return ERROR
    picked, session.picks_devices = session.picks_devices, session.picks_devices or function.picks
    first = Typed(word(*function.words), f"`{name}`") if function.words else None
    values = tuple(
        session.evaluate(each.value, scope, None if position else first) for position, each in enumerate(arguments)
    )
    session.picks_devices = picked
    if any(isinstance(value, Poison) for value in values):
        return ERROR
    return function.apply(CallSite(session, name, values, tuple(a.value.span for a in arguments), expr.span))


def _arguments(session: Session, expr: nodes.Call, function: Function) -> list[nodes.Argument] | None:
    """Return the arguments in the function's order; None after an error."""
    named = next((argument for argument in expr.args if argument.name is not None), None)
    if named is not None and not function.names:
        session.sink.error("wrong-arguments", f"`{function.usage}` takes no named arguments", named.span)
        return None
    given = len(expr.args)
    if given < function.least or (function.most is not None and given > function.most):
        wanted = str(function.least) if function.least == function.most else f"{function.least} or more"
        if function.most is not None and function.most != function.least:
            wanted = f"{function.least} to {function.most}"
        message = f"`{function.usage}` takes {wanted} arguments, found {given}"
        session.sink.error("wrong-arguments", message, expr.span, function.usage)
        return None
    return list(expr.args) if named is None else _by_name(session, expr, function)


def _by_name(session: Session, expr: nodes.Call, function: Function) -> list[nodes.Argument] | None:
    placed: dict[str, nodes.Argument] = {}
    for position, argument in enumerate(expr.args):
        name = argument.name or function.names[position]
        if name not in function.names:
            message = f"`{function.usage}` has no argument `{name}`{did_you_mean(name, function.names)}"
        elif name in placed:
            message = f"`{function.usage}` has `{name}` twice"
        else:
            placed[name] = argument
            continue
        session.sink.error("wrong-arguments", message, argument.span, function.usage)
        return None
    return [placed[name] for name in function.names]


def _exists(session: Session, expr: nodes.Call, scope: Scope) -> Value:
    if len(expr.args) != 1:
        session.sink.error("wrong-arguments", f"`exists(x)` takes 1 argument, found {len(expr.args)}", expr.span)
        return ERROR
    session.lenient += 1
    value = session.evaluate(expr.args[0].value, scope, None)
    session.lenient -= 1
    return value if isinstance(value, Poison) else not isinstance(value, NoneValue)
