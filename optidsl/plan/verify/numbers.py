"""Names and numbers: unique, from their pools, and where routing needs them."""

from __future__ import annotations

import ipaddress
from collections import Counter

import numpy as np

from optidsl._protocols import carrier_of
from optidsl.diag import Diagnostic
from optidsl.plan.verify.view import I64, Mask, View, finding


def number_findings(view: View) -> list[Diagnostic]:
    """Check names, loopbacks, autonomous system numbers and point-to-point addresses."""
    return _names(view) + _loopbacks(view) + _asns(view) + _p2p(view)


def _names(view: View) -> list[Diagnostic]:
    names = view.plan.devices.name
    findings = []
    if len(set(names)) != len(names):
        name, count = Counter(names).most_common(1)[0]
        findings.append(finding("name-collision", f"{count} devices are named `{name}`"))
    if "" in names:
        findings.append(finding("name-collision", f"{names.count('')} devices have no name"))
    for group in view.plan.groups:
        keys = view.plan.devices.key[group.first : group.first + group.count]
        if len(set(keys)) != len(keys):
            key, count = Counter(keys).most_common(1)[0]
            findings.append(finding("name-collision", f"{count} devices of {group.name} have the key `{key}`"))
        ports = group.ports.name
        if len(set(ports)) != len(ports):
            port, count = Counter(ports).most_common(1)[0]
            findings.append(finding("name-collision", f"{count} ports of {group.name} are named `{port}`"))
    racks = Counter((rack.site, rack.name) for rack in view.plan.racks)
    for (site, name), count in racks.items():
        if count > 1:
            findings.append(finding("name-collision", f"{count} racks of site {site} are named `{name}`"))
    return findings


def _routed(view: View) -> Mask:
    """Mark the switches of Ethernet fabrics."""
    protocol = {fabric.name: fabric.protocol for fabric in view.plan.fabrics}
    is_routed = [g.kind == "switch" and carrier_of(protocol.get(g.fabric, "")) == "ethernet" for g in view.plan.groups]
    marks: Mask = np.array(is_routed, dtype=bool)[view.plan.devices.group]
    return marks


def _bounds(prefix: str) -> tuple[int, int]:
    """Return the first and last address of a prefix; what is no prefix holds no address."""
    try:
        network = ipaddress.ip_network(prefix, strict=False)
    except ValueError:
        return 0, -1
    return int(network.network_address), int(network.broadcast_address)


def _dotted(address: int) -> str:
    return str(ipaddress.IPv4Address(address)) if 0 <= address < 1 << 32 else str(address)


def _loopbacks(view: View) -> list[Diagnostic]:
    devices, routed = view.plan.devices, _routed(view)
    names, loopback = devices.name, devices.loopback
    findings = []
    without = np.flatnonzero(routed & (loopback < 0))
    if without.size:
        findings.append(finding("loopback-mismatch", f"{names[int(without[0])]} routes and has no loopback address"))
    surplus = np.flatnonzero(~routed & (loopback >= 0))
    if surplus.size:
        row = int(surplus[0])
        findings.append(finding("loopback-mismatch", f"{names[row]} has a loopback, but does not route in this plan"))
    rows = np.flatnonzero(loopback >= 0)
    if not rows.size:
        return findings
    pair = _twice(loopback, rows)
    if pair is not None:
        shown = _dotted(int(loopback[pair[0]]))
        findings.append(
            finding("loopback-mismatch", f"{names[pair[0]]} and {names[pair[1]]} share the loopback {shown}")
        )
    low, high = _bounds(view.plan.addressing.loopback)
    pooled = rows[~_given(view, "loopback")[rows]]
    outside = pooled[(loopback[pooled] < low) | (loopback[pooled] > high)]
    if outside.size:
        row = int(outside[0])
        shown = f"{_dotted(int(loopback[row]))}, outside {view.plan.addressing.loopback}"
        findings.append(finding("loopback-mismatch", f"{names[row]} has the loopback {shown}"))
    return findings


def _given(view: View, what: str) -> Mask:
    """Mark the devices to which the author gives a number of their own."""
    marks: Mask = np.array([what in group.given for group in view.plan.groups], dtype=bool)[view.plan.devices.group]
    return marks


def _twice(column: I64, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[int, int] | None:
    """Return two rows that hold the same value, or None."""
    order = rows[np.argsort(column[rows], kind="stable")]
    same = np.flatnonzero(np.diff(column[order]) == 0)
    return (int(order[same[0]]), int(order[same[0] + 1])) if same.size else None


def _asns(view: View) -> list[Diagnostic]:
    """Each leaf has its own number, and no switch meets its own number on a path through another tier.

    Source: RFC 7938 section 5.2.2; RFC 4271 section 9.1.2 (a route whose AS_PATH holds the own number is not used).
    """
    plan, devices = view.plan, view.plan.devices
    names, asn = devices.name, devices.asn
    routed, findings = _routed(view), list[Diagnostic]()
    without = np.flatnonzero(routed & (asn <= 0))
    if without.size:
        findings.append(finding("asn-mismatch", f"{names[int(without[0])]} routes and has no autonomous system number"))
    surplus = np.flatnonzero(~routed & (asn != 0))
    if surplus.size:
        row = int(surplus[0])
        findings.append(
            finding("asn-mismatch", f"{names[row]} has AS {int(asn[row])}, but does not route in this plan")
        )
    joined = {(fabric.name, each.tier) for fabric in plan.fabrics for each in fabric.dimensions}
    joined |= {(segment.fabric, segment.z) for segment in plan.segments if segment.a == "endpoints"}
    has_own = np.array([g.level == 1 or (g.fabric, g.tier) in joined for g in plan.groups], dtype=bool)[devices.group]
    leaves = np.flatnonzero(routed & has_own)
    pair = _twice(asn, leaves)
    if pair is not None:
        findings.append(
            finding("asn-mismatch", f"leaves {names[pair[0]]} and {names[pair[1]]} share AS {int(asn[pair[0]])}")
        )
    upper = np.flatnonzero(routed & ~has_own & ~_given(view, "asn"))
    both = np.intersect1d(asn[leaves], asn[upper])
    if both.size:
        findings.append(finding("asn-mismatch", f"AS {int(both[0])} is used by a leaf and by a switch above it"))
    return findings + _shared_asns(view, upper) + _sessions(view, routed)


def _sessions(view: View, routed: Mask) -> list[Diagnostic]:
    """Switches that are joined have different numbers: between them runs eBGP.

    Source: RFC 7938 section 5.2.1 (eBGP on every link); RFC 4271 section 5.1.2.
    """
    asn, links = view.plan.devices.asn, view.plan.links
    same = routed[links.a_device] & routed[links.z_device] & (asn[links.a_device] == asn[links.z_device])
    rows = np.flatnonzero(same & (asn[links.a_device] > 0))
    if not rows.size:
        return []
    link = int(rows[0])
    message = f"{view.link_name(link)} joins two switches of AS {int(asn[links.a_device[link]])}"
    return [finding("asn-mismatch", f"{message} ({rows.size} such links)")]


def _shared_asns(view: View, upper: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[Diagnostic]:
    """Switches above the leaves share a number exactly when they stand in the same tier, plane and pod."""
    plan, devices = view.plan, view.plan.devices
    top = {fabric.name: len(fabric.tiers) for fabric in plan.fabrics}
    number_of: dict[tuple[str, str, int, int], int] = {}
    set_of: dict[int, tuple[str, str, int, int]] = {}
    for row in upper.tolist():
        group = plan.groups[int(devices.group[row])]
        pod = int(devices.pod[row]) if group.level < top[group.fabric] else -1
        key, asn = (group.fabric, group.tier, group.plane, pod), int(devices.asn[row])
        if number_of.setdefault(key, asn) != asn:
            where = f"the {group.tier} switches of one plane and pod"
            message = f"{where} have AS {number_of[key]} and AS {asn} ({devices.name[row]}); they share one"
            return [finding("asn-mismatch", message)]
        if set_of.setdefault(asn, key) != key:
            message = f"AS {asn} is used by {devices.name[row]} and by switches of another tier, plane or pod"
            return [finding("asn-mismatch", message)]
    return []


def _p2p(view: View) -> list[Diagnostic]:
    """Every Ethernet link of a server has a /31 of its own from the pool, in numbered mode every Ethernet link.

    Source: RFC 3021 section 2.1 (31-bit prefixes).
    """
    plan, p2p = view.plan, view.plan.links.p2p
    protocol = {fabric.name: fabric.protocol for fabric in plan.fabrics}
    of_segment = np.array([carrier_of(protocol.get(s.fabric, "")) == "ethernet" for s in plan.segments], dtype=bool)
    is_node = np.array([group.kind == "node" for group in plan.groups], dtype=bool)
    is_of_server = is_node[plan.devices.group[plan.links.a_device]]
    wanted = of_segment[plan.links.segment] & (is_of_server | (plan.addressing.mode == "numbered"))
    findings = []
    odd = np.flatnonzero(wanted != (p2p >= 0))
    if odd.size:
        link = int(odd[0])
        why = "it serves a server" if is_of_server[link] else "addressing is numbered"
        state = f"has no /31, {why}" if wanted[link] else "has a /31 that nothing asks for"
        findings.append(finding("p2p-mismatch", f"{view.link_name(link)} {state} ({odd.size} such links)"))
    rows = np.flatnonzero(p2p >= 0)
    if not rows.size:
        return findings
    pair = _twice(p2p >> 1, rows)
    if pair is not None:
        links = f"{view.link_name(pair[0])} and {view.link_name(pair[1])}"
        findings.append(finding("p2p-mismatch", f"{links} share {_dotted(int(p2p[pair[0]]))}/31"))
    findings += _owners(view, rows)
    low, high = _bounds(plan.addressing.p2p)
    bad = rows[(p2p[rows] < low) | (p2p[rows] + 1 > high) | (p2p[rows] % 2 != 0)]
    if bad.size:
        link = int(bad[0])
        shown = f"{_dotted(int(p2p[link]))}, not an even address of {plan.addressing.p2p}"
        findings.append(finding("p2p-mismatch", f"{view.link_name(link)} has {shown}"))
    return findings


def _owners(view: View, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[Diagnostic]:
    """No address of a link is the loopback of a device."""
    even, loopback = view.plan.links.p2p[rows], view.plan.devices.loopback
    both = np.flatnonzero(np.isin(even, loopback) | np.isin(even + 1, loopback))
    if not both.size:
        return []
    link = int(rows[both[0]])
    address = next(each for each in (int(even[both[0]]), int(even[both[0]]) + 1) if (loopback == each).any())
    owner = view.plan.devices.name[int(np.flatnonzero(loopback == address)[0])]
    return [
        finding("p2p-mismatch", f"{view.link_name(link)} has the address {_dotted(address)}, the loopback of {owner}")
    ]
