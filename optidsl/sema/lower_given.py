"""Numbers given one by one: AS numbers and addresses of switches, /31s of links."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag import Sink
from optidsl.schema.entity import Entity
from optidsl.sema.design import Given
from optidsl.sema.lowering import span_of

_LAST_ASN = 4_294_967_294
_LENGTHS = {"loopback": 32, "p2p": 31}


def lower_given(sink: Sink, entity: Entity, names: Sequence[str]) -> dict[str, Given]:
    """Return the lists of numbers that a tier or a connect gives, after reporting what no list can hold."""
    found: dict[str, Given] = {}
    for name in names:
        value = entity.value(name)
        if not isinstance(value, tuple) or not value:
            continue
        numbers = [_number(sink, entity, name, each) for each in value]
        if all(number is not None for number in numbers):
            found[name] = Given(tuple(number for number in numbers if number is not None), span_of(entity, name))
    return found


def _number(sink: Sink, entity: Entity, name: str, value: object) -> int | None:
    what = f"an item of `{entity.kind}.{name}`"
    if isinstance(value, int):
        if 1 <= value <= _LAST_ASN:
            return value
        sink.error(
            "out-of-range",
            f"{what} is {value}, 1 to {_LAST_ASN} makes sense",
            span_of(entity, name),
            "no AS number",
        )
        return None
    import ipaddress

    from optidsl.sema.pools import pool_refusal

    refusal = pool_refusal(str(value))
    if refusal:
        sink.error("bad-prefix", f"{what} {refusal}", span_of(entity, name))
        return None
    network, length = ipaddress.ip_network(str(value)), _LENGTHS[name]
    if not isinstance(network, ipaddress.IPv4Network) or network.prefixlen != length:
        sink.error(
            "bad-prefix",
            f"{what} is {value}, and a {'loopback' if name == 'loopback' else 'link'} takes an IPv4 /{length}",
            span_of(entity, name),
            helps=(f"write it with /{length}",),
        )
        return None
    return int(network.network_address)
