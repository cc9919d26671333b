"""Numbers and names already in service, which a new plan keeps."""

from __future__ import annotations

from collections.abc import Mapping

from optidsl._record import field, record


@record(frozen=True, slots=True)
class Pins:
    """What an earlier plan assigned; the lock fills this record, freezing obeys it.

    Attributes:
        loopbacks: IPv4 address as an integer, by device name.
        asns: autonomous system number, by device name.
        p2p: even IPv4 address of a /31 as an integer, by link key (`a-device a-port -- z-device z-port`).
        names: device name, by identity (`compute.leaf[3]`).
        naming: naming templates (`switch`, `node`) that made those names; names hold while their template does.
    """

    loopbacks: Mapping[str, int] = field(default_factory=dict)
    asns: Mapping[str, int] = field(default_factory=dict)
    p2p: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    naming: Mapping[str, str] = field(default_factory=dict)


def identity(group: str, key: str) -> str:
    """Return the identity of a device: its group and its key in it, `compute.leaf[3]`."""
    return f"{group}[{key}]"
