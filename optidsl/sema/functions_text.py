"""Library functions over addresses, texts and fabrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl.sema.calls import CallSite
from optidsl.sema.metrics import fabric_metric
from optidsl.sema.strings import text_of
from optidsl.sema.values import ERROR, FrameRef, Poison, PrefixText, Value

if TYPE_CHECKING:
    import ipaddress

_MOST_PREFIXES = 65_536


def _network(call: CallSite) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    import ipaddress

    text = call.prefix()
    if text is None:
        return None
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        call.session.sink.error("bad-prefix", f"`{text}` is not a prefix: {error}", call.spans[0])
        return None


def cidr_host(call: CallSite) -> Value:
    """Return the n-th address of a prefix, counted from 0."""
    network, number = _network(call), call.integer(1)
    if network is None or number is None:
        return ERROR
    if not 0 <= number < network.num_addresses:
        call.session.sink.error(
            "bad-prefix", f"{network} has {network.num_addresses:,} addresses: there is no number {number}", call.span
        )
        return ERROR
    return PrefixText(network.network_address + number)


def cidr_split(call: CallSite) -> Value:
    """Return the prefixes of a length inside a prefix."""
    network, new_length = _network(call), call.integer(1)
    if network is None or new_length is None:
        return ERROR
    if not network.prefixlen <= new_length <= network.max_prefixlen:
        call.session.sink.error(
            "bad-prefix",
            f"{network} splits into prefixes of /{network.prefixlen} to /{network.max_prefixlen}, not /{new_length}",
            call.spans[1],
        )
        return ERROR
    amount = 1 << (new_length - network.prefixlen)
    if amount > _MOST_PREFIXES or not call.session.count_expansion(amount, call.span):
        call.session.sink.error(
            "bad-prefix", f"{network} has {amount:,} prefixes of /{new_length}, at most {_MOST_PREFIXES:,}", call.span
        )
        return ERROR
    return tuple(PrefixText(subnet) for subnet in network.subnets(new_prefix=new_length))


def formatted(call: CallSite) -> Value:
    """Return a value as text, in a unit, a width or decimals."""
    form = call.values[1]
    if not isinstance(form, str):
        return call.reject(1, "a String")
    return text_of(call.session, call.values[0], str(form), call.spans[0])


def of_fabric(call: CallSite) -> Value:
    """Return a quantity of a fabric that only the compiler knows."""
    value = call.values[0]
    if isinstance(value, Poison):
        return ERROR
    if not isinstance(value, FrameRef) or value.frame.kind.name != "fabric":
        return call.reject(0, "a fabric")
    return fabric_metric(value.frame, call.name)
