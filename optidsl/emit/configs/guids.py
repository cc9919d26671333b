"""Design-time GUIDs of InfiniBand nodes.

Real GUIDs are burnt into the hardware and known when it arrives. Until then a node has one made from its name, so that
the subnet manager's files can be written, reviewed and tried in a simulator: `0x02d5` and 44 bits of the name's hash,
then four zero bits, which leave a channel adapter room for the GUIDs of its ports (node GUID + port number). The
first octet, 02, marks an identifier that nobody assigned. Replace all of them by those of the hardware as built:
`node-name-map` says which is whose.

Source: IEEE Guidelines for Use of Extended Unique Identifier: the local bit of an EUI-64.
"""

from __future__ import annotations

from collections.abc import Iterable

from optidsl.emit.identifiers import hashed_numbers

PREFIX = 0x02D5
_HASH_BITS = 44
_PORT_BITS = 4


def node_guids(names: Iterable[str]) -> dict[str, int]:
    """Return the GUID of every node, by its node description."""
    first = PREFIX << (_HASH_BITS + _PORT_BITS)
    return {name: first | number << _PORT_BITS for name, number in hashed_numbers(names, _HASH_BITS).items()}


def port_guid(node_guid: int, port: int) -> int:
    """Return the GUID of a port of a channel adapter."""
    return node_guid + port
