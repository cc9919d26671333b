"""What is in service, which a new plan keeps: names, numbers, cables, places and picks of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from optidsl._record import field, record

if TYPE_CHECKING:
    from optidsl.diag import Span

Cable = tuple[str, str, str, str]
"""The identity of a link: identity and port of its A end, identity and port of its Z end."""


@record(frozen=True, slots=True)
class Quarantine:
    """Names and numbers that are not to be handed out: what is in service, and what was until it is released.

    A pin may name one of these for the thing that has or had it; no allocation gives one to something else.

    Attributes:
        names: device names.
        asns: autonomous system numbers.
        loopbacks: IPv4 addresses as integers.
        p2p: even IPv4 addresses of /31s as integers.
    """

    names: frozenset[str] = frozenset()
    asns: frozenset[int] = frozenset()
    loopbacks: frozenset[int] = frozenset()
    p2p: frozenset[int] = frozenset()


@record(frozen=True, slots=True)
class Pins:
    """What an earlier plan assigned, by identity: `compute.leaf[3]`, whatever the device is called.

    The lock fills this record; every stage reads what concerns it and keeps that where the design allows.

    Attributes:
        names: device name, by identity.
        naming: naming templates (`switch`, `node`) that made those names; names hold while their template does.
        loopbacks: IPv4 address as an integer, by identity.
        asns: autonomous system number, by identity.
        p2p: even IPv4 address of a /31 as an integer, by cable.
        cables: part and ordered length (`mm-mpo 10m`), by cable.
        places: rack name (`site/rack` where sites share it) and lowest unit (0: not known), by identity.
        picks: candidate (`sr8 + mm-mpo + sr8`), by name of the link class.
        shapes: what a fabric or a tier of it was built as, in words, by `fabric` or `fabric.tier`.
        quarantined: names and numbers that only a pin may give.
        since: day on which a record became free, by its kind (`name`, `asn`, `addr`, `p2p`) and by whose it was.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    naming: Mapping[str, str] = field(default_factory=dict)
    loopbacks: Mapping[str, int] = field(default_factory=dict)
    asns: Mapping[str, int] = field(default_factory=dict)
    p2p: Mapping[Cable, int] = field(default_factory=dict)
    cables: Mapping[Cable, str] = field(default_factory=dict)
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    picks: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    quarantined: Quarantine = Quarantine()
    since: Mapping[tuple[str, str], str] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Move:
    """One thing that moved, by identity: a device (`gpu[7]`), or all devices below a path (`compute.leaf`, `pod.a`)."""

    source: str
    target: str
    span: Span
    source_span: Span
    target_span: Span


def identity(group: str, key: str) -> str:
    """Return the identity of a device: its group and its key in it, `compute.leaf[3]`."""
    return f"{group}[{key}]"
