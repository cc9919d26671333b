"""Which IPv4 prefixes may hold the addresses of a fabric."""

from __future__ import annotations

import ipaddress

_RESERVED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", 'for "this network"'),
    ("127.0.0.0/8", "for the loopback of one host"),
    ("169.254.0.0/16", "for link-local addresses"),
    ("224.0.0.0/4", "for multicast"),
    ("240.0.0.0/4", "for later use"),
)
"""Prefixes that no router takes as unicast addresses of interfaces. Source: RFC 6890 tables 1 to 16; RFC 5771."""


def pool_refusal(prefix: str) -> str:
    """Return why a prefix cannot be a pool of addresses, or "" when it can.

    An IPv6 prefix is no matter of this: see the caller.
    """
    try:
        network = ipaddress.ip_network(prefix)
    except ValueError as error:
        return f"is not a pool: {error}"
    if not isinstance(network, ipaddress.IPv4Network):
        return ""
    for text, use in _RESERVED:
        reserved = ipaddress.IPv4Network(text)
        if network.overlaps(reserved):
            inside = "lies in" if network.subnet_of(reserved) else "holds"
            return f"= {prefix} {inside} {text}, which is reserved {use}"
    return ""
