"""What devices in service are called: names, AS numbers, addresses; and the sessions that this touches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._protocols import is_ethernet
from optidsl._record import record
from optidsl.difference.attribution import LinkCauses
from optidsl.difference.cables import CableTable
from optidsl.difference.causes import Causes, shown
from optidsl.difference.model import Renumbered
from optidsl.difference.same import Both, Side, group_key, port_name, same_links
from optidsl.difference.words import dotted

I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


@record(frozen=True, slots=True)
class Numbers:
    """Numbers and names that change on what stays.

    Attributes:
        changes: each of them.
        session: by number of a device, the cause for which all its sessions reset, or -1.
        called: by number of a device, the cause for which its neighbours name it otherwise, or -1.
        links: pairs of links, old and new, that get other addresses, shape `(k, 2)`.
        link_cause: of each pair.
    """

    changes: tuple[Renumbered, ...]
    session: I64
    called: I64
    links: I64
    link_cause: I64


def numbers(both: Both, causes: Causes) -> Numbers:
    """Compare what devices that stay are called, and the addresses of links that stay."""
    staying = np.flatnonzero(both.stays)
    old, new = both.before.row[staying], both.after.row[staying]
    one, other = both.before.plan.devices, both.after.plan.devices
    session, called = np.full(len(both.stays), -1, np.int64), np.full(len(both.stays), -1, np.int64)
    changes: list[Renumbered] = []
    for what in ("name", "asn", "loopback"):
        if what == "name":
            differs = np.array(
                [one.name[a] != other.name[z] for a, z in zip(old.tolist(), new.tolist(), strict=True)], np.bool_
            )
        else:
            before, after = getattr(one, what)[old], getattr(other, what)[new]
            differs = before != after
        for at in np.flatnonzero(differs).tolist():
            row = int(new[at])
            cause = _cause(both.after, row, what, causes)
            (called if what == "name" else session)[staying[at]] = cause
            texts = (_text(both.before, int(old[at]), what), _text(both.after, row, what))
            changes.append(Renumbered(what, both.after.identity(row), *texts))
    links, link_cause, more = _p2p(both, causes)
    return Numbers((*changes, *more), session, called, links, link_cause)


def _text(side: Side, row: int, what: str) -> str:
    devices = side.plan.devices
    if what == "name":
        return devices.name[row]
    return str(int(devices.asn[row])) if what == "asn" else dotted(int(devices.loopback[row]))


def _cause(side: Side, row: int, what: str, causes: Causes) -> int:
    """Return why a device that stays is called otherwise; that nothing says so is a cause of its own."""
    group = side.plan.groups[int(side.plan.devices.group[row])]
    keys: tuple[tuple[object, ...], ...] = (("given", group_key(group)),)
    keys += (("naming", "naming"), ("header", "design")) if what == "name" else (("addressing",),)
    for key in keys:
        if (found := causes.get(key)) >= 0:
            return found
    moved = [place for key, place in causes.place.items() if key[0] == "moved"]
    if moved and what == "name":
        return moved[0]
    if what in group.given:
        return causes.add(
            ("given", group_key(group)), f"{shown(group)}: the {what} given to its devices", group.source_ref
        )
    words = {"name": "names", "asn": "AS numbers", "loopback": "loopbacks"}[what]
    return causes.add(("unexplained", what, group_key(group)), f"{words} of {shown(group)}: nothing stated explains it")


def _p2p(both: Both, causes: Causes) -> tuple[I64, I64, list[Renumbered]]:
    """Return links that stay and get other addresses: both numberings, the side of the even one included."""
    one, other = both.before.plan, both.after.plan
    none = np.zeros((0, 2), np.int64), np.zeros(0, np.int64), list[Renumbered]()
    if not (one.links.p2p >= 0).any() and not (other.links.p2p >= 0).any():
        return none
    old = np.arange(len(one.links.segment), dtype=np.int64)
    match = same_links(both, old, np.arange(len(other.links.segment), dtype=np.int64))
    old, new = old[match >= 0], match[match >= 0]
    differs = one.links.p2p[old] != other.links.p2p[new]
    if one.addressing.even != other.addressing.even:
        differs |= one.links.p2p[old] >= 0
    if not differs.any():
        return none
    key = ("unexplained", "p2p")
    cause = causes.get(("addressing",))
    cause = cause if cause >= 0 else causes.add(key, "addresses of links that stay: nothing stated explains it")
    pairs = np.stack([old[differs], new[differs]], axis=1)
    changes = [
        Renumbered("p2p", link_identity(both.after, z), dotted(int(one.links.p2p[a])), dotted(int(other.links.p2p[z])))
        for a, z in pairs.tolist()
    ]
    return pairs, np.full(len(pairs), cause, np.int64), changes


def link_identity(side: Side, row: int) -> str:
    """Return the identity of a link: `compute.leaf[3] et1 -- compute.spine[1] et3`."""
    links = side.plan.links
    ends = ((links.a_device, links.a_port), (links.z_device, links.z_port))
    words = [(int(device[row]), int(port[row])) for device, port in ends]
    return " -- ".join(f"{side.identity(device)} {port_name(side, device, port)}" for device, port in words)


# ------------------------------------------------------------------ sessions


@record(frozen=True, slots=True)
class Sessions:
    """Routing sessions between switches. Rows of links of the second plan, of the first for those that close.

    Attributes:
        reset: links whose session goes down and comes back.
        reset_cause: of each.
        opened: links with a new session.
        closed: links whose session ends.
    """

    reset: I64
    reset_cause: I64
    opened: I64
    closed: I64


def sessions(both: Both, table: CableTable, causes: LinkCauses, found: Numbers) -> Sessions:
    """Return what happens to the eBGP session that runs over every Ethernet link between switches.

    It resets where its cable or a module is worked on, and where an end gets another AS number, router id or address.

    Source: RFC 4271 sections 6.8 and 8 (a session ends with its connection), RFC 6286 (the router id is part of it).
    """
    has_session = [_sessions(both.before), _sessions(both.after)]
    match = same_links(both, table.old_links, table.new_links)
    kept = match >= 0
    reset = np.concatenate([table.new_links[match[kept]], table.replugged[:, 1], found.links[:, 1]])
    cause = np.concatenate(
        [causes.new[table.new_links[match[kept]]], causes.new[table.replugged[:, 1]], found.link_cause]
    )
    if (found.session >= 0).any():
        rows, why = _renumbered(both, found.session)
        reset, cause = np.concatenate([reset, rows]), np.concatenate([cause, why])
    counts = has_session[1][reset]
    reset, cause = reset[counts], cause[counts]
    first = np.sort(np.unique(reset, return_index=True)[1])
    is_new = np.ones(len(table.new_links), np.bool_)
    is_new[match[kept]] = False
    opened, closed = table.new_links[is_new], table.old_links[~kept]
    return Sessions(reset[first], cause[first], opened[has_session[1][opened]], closed[has_session[0][closed]])


def _sessions(side: Side) -> Bools:
    """Tell which links have a session."""
    plan = side.plan
    speaks = np.array([group.kind == "switch" and is_ethernet(group.protocol) for group in plan.groups] or [False])
    device = speaks[plan.devices.group]
    found: Bools = device[plan.links.a_device] & device[plan.links.z_device]
    return found


def _renumbered(both: Both, session: I64) -> tuple[I64, I64]:
    """Return the links that stay at devices with another AS number or router id, and the cause of each."""
    side = both.after
    cause = np.maximum(session[side.a // side.stride], session[side.z // side.stride])
    rows = np.flatnonzero(cause >= 0)
    old = np.arange(len(both.before.plan.links.segment), dtype=np.int64)
    match = same_links(both, old, rows)
    stays = np.zeros(len(rows), np.bool_)
    stays[match[match >= 0]] = True
    return rows[stays], cause[rows[stays]]
