"""The nearest smaller network whose switches have ports enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optidsl._record import replace
from optidsl.fabric.families.network import Network, NetworkAsk
from optidsl.fabric.refusal import Refusal
from optidsl.sema.design import Parameter

_MOST_TRIED = 4_096


def smaller_that_fits(ask: NetworkAsk, make: Callable[[NetworkAsk], Network | Refusal]) -> str:
    """Return what to write for a network that fits the switch, as `order = 41`; "" when no smaller one is found.

    Args:
        ask: what was asked for, whose network needs more ports than the switch has.
        make: builds a network of the family.
    """
    for name, value in _values(ask):
        given = ask.fabric.parameters[name]
        parameters = {**ask.fabric.parameters, name: Parameter(value, given.span)}
        smaller = replace(ask, fabric=replace(ask.fabric, parameters=parameters))
        network = make(smaller)
        if not isinstance(network, Refusal) and ask.fits(network.down, [each.ports for each in network.dimensions]):
            return f"{name} = {_written(value)}"
    return ""


def _values(ask: NetworkAsk) -> Iterator[tuple[str, int | tuple[int, ...]]]:
    """Yield smaller values of one parameter that the author wrote, nearest first."""
    for name in ("order", "routers_per_group", "groups"):
        number = ask.number(name)
        if number is not None:
            yield from ((name, value) for value in range(number - 1, max(0, number - 1 - _MOST_TRIED), -1))
    dims = ask.numbers("dims")
    for _ in range(_MOST_TRIED if dims else 0):
        if dims is None or max(dims) < 3:
            return
        longest = dims.index(max(dims))
        dims = (*dims[:longest], dims[longest] - 1, *dims[longest + 1 :])
        yield "dims", dims


def _written(value: int | tuple[int, ...]) -> str:
    return str(value) if isinstance(value, int) else f"[{', '.join(str(each) for each in value)}]"
