"""The shape of each fabric: counts, even uplinks, rails, oversubscription, hops."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanFabric
from optidsl.plan.verify.direct import RELAYED, direct_findings
from optidsl.plan.verify.trees import tree_findings
from optidsl.plan.verify.view import I64, View, finding, some_links


def shape_findings(view: View) -> list[Diagnostic]:
    """Check every fabric against the shape that the plan states for it."""
    findings: list[Diagnostic] = []
    for fabric in view.plan.fabrics:
        findings += _counts(view, fabric) + _evenness(view, fabric) + _capacity(fabric)
        findings += direct_findings(view, fabric) + tree_findings(view, fabric)
    return findings + _rails(view)


def _tier_rows(view: View, fabric: PlanFabric, tier: str) -> I64:
    """Return the devices of a tier, all planes."""
    groups = [g for g in view.plan.groups if g.fabric == fabric.name and g.tier == tier]
    return np.concatenate([np.arange(g.first, g.first + g.count) for g in groups] or [np.zeros(0, dtype=np.int64)])


def _segment(view: View, fabric: PlanFabric, z: str) -> I64:
    """Return the links of a fabric that end at a tier from below."""
    wanted = [s.fabric == fabric.name and s.z == z != s.a for s in view.plan.segments]
    return np.flatnonzero(np.array(wanted, dtype=bool)[view.plan.links.segment])


def _endpoint_links(view: View, fabric: PlanFabric) -> int:
    """Return how many endpoint ports of a fabric have a cable, at whatever tier."""
    wanted = [s.fabric == fabric.name and s.a == "endpoints" for s in view.plan.segments]
    return int(np.count_nonzero(np.array(wanted, dtype=bool)[view.plan.links.segment]))


def _mismatch(fabric: PlanFabric, message: str) -> Diagnostic:
    return finding("shape-mismatch", f"fabric {fabric.name}: {message}", f"declared at {fabric.source_ref}")


def _counts(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    n_devices = len(view.plan.devices.name)
    findings = []
    for row, tier in enumerate(fabric.tiers):
        devices = _tier_rows(view, fabric, tier)
        if devices.size != fabric.counts[row]:
            findings.append(
                _mismatch(fabric, f"tier {tier} has {devices.size} switches, its shape {fabric.counts[row]}")
            )
        below = _segment(view, fabric, tier)
        served = _endpoint_links(view, fabric) if row == 0 else fabric.endpoints
        if served != fabric.endpoints:
            findings.append(
                _mismatch(fabric, f"{served} endpoint ports have a cable, its shape says {fabric.endpoints}")
            )
        down = np.bincount(view.z.device[below], minlength=n_devices)[devices]
        over = np.flatnonzero(down > fabric.down[row])
        if over.size:
            name, used = view.plan.devices.name[int(devices[over[0]])], int(down[over[0]])
            findings.append(_mismatch(fabric, f"{name} has {used} links down, its shape at most {fabric.down[row]}"))
        if row + 1 == len(fabric.tiers):
            continue
        above = _segment(view, fabric, fabric.tiers[row + 1])
        up = np.bincount(view.a.device[above], minlength=n_devices)[devices]
        odd = np.flatnonzero(up != fabric.up[row])
        if odd.size:
            name, used = view.plan.devices.name[int(devices[odd[0]])], int(up[odd[0]])
            more = f" ({odd.size} such switches)" if odd.size > 1 else ""
            findings.append(_mismatch(fabric, f"{name} has {used} uplinks, its shape {fabric.up[row]}{more}"))
    return findings


def _evenness(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """A switch spreads its uplinks evenly over the switches above that it reaches (in its plane and pod).

    Source: Clos (1953), A Study of Non-Blocking Switching Networks: equal links to every switch of the middle stage.
    """
    n_devices = len(view.plan.devices.name)
    for row in range(1, len(fabric.tiers)):
        links = _segment(view, fabric, fabric.tiers[row])
        if not links.size:
            continue
        pair = view.a.device[links] * n_devices + view.z.device[links]
        pairs, counts = np.unique(pair, return_counts=True)
        lower = pairs // n_devices
        least, most = np.full(n_devices, np.iinfo(np.int64).max), np.zeros(n_devices, dtype=np.int64)
        np.minimum.at(least, lower, counts)
        np.maximum.at(most, lower, counts)
        devices = np.unique(lower)
        reached = np.bincount(lower, minlength=n_devices)[devices]
        apart = _uneven_links(view, fabric, fabric.tiers[row])
        uneven = devices[(most[devices] > least[devices] + apart) | (reached != np.bincount(reached).argmax())]
        if uneven.size:
            return [_uneven(view, fabric, int(uneven[0]), pairs, counts, fabric.tiers[row], uneven.size)]
    return []


def _uneven_links(view: View, fabric: PlanFabric, tier: str) -> int:
    """Return by how many links two pairs of switches below and of a tier may differ."""
    return max(s.uneven for s in view.plan.segments if s.fabric == fabric.name and s.z == tier != s.a)


def _uneven(
    view: View, fabric: PlanFabric, device: int, pairs: I64, counts: I64, tier: str, n_uneven: int
) -> Diagnostic:
    names = view.plan.devices.name
    mine = pairs // len(names) == device
    spread = sorted(zip(counts[mine].tolist(), (pairs[mine] % len(names)).tolist(), strict=True))
    low, high = spread[0], spread[-1]
    others = f" ({n_uneven} switches are uneven)" if n_uneven > 1 else ""
    return finding(
        "uplinks-uneven",
        f"{names[device]} reaches {len(spread)} {tier} switches, {names[high[1]]} with {high[0]} links and "
        f"{names[low[1]]} with {low[0]}{others}",
        f"declared at {fabric.source_ref}",
    )


def _capacity(fabric: PlanFabric) -> list[Diagnostic]:
    """Compare the product of the tiers' ratios with the limit, and the longest path with the tiers."""
    findings = []
    total = Fraction(1)
    for down_mbps, up_mbps in fabric.oversubscription:
        total *= Fraction(down_mbps, up_mbps) if up_mbps else Fraction(1)
    limit = Fraction(*fabric.oversubscription_limit)
    if total > limit:
        findings.append(
            finding(
                "oversubscription-not-met",
                f"fabric {fabric.name}: oversubscription {float(total):g}:1 exceeds the limit {float(limit):g}:1",
                f"declared at {fabric.source_ref}",
            )
        )
    if fabric.dimensions or fabric.kind in RELAYED:
        return findings
    is_flat = len(fabric.tiers) == 1 or fabric.counts[0] == fabric.planes
    hops = 1 if is_flat else 5 if fabric.pods > 1 else 3
    if hops != fabric.hops:
        findings.append(_mismatch(fabric, f"the longest path crosses {hops} switches, its shape says {fabric.hops}"))
    return findings


def _rails(view: View) -> list[Diagnostic]:
    """A port that belongs to a rail ends at a leaf of that rail."""
    is_node = np.array([group.kind == "node" for group in view.plan.groups], dtype=bool)[view.a.group]
    leaf_rail = view.plan.devices.rail[view.z.device]
    port_rail = view.a.rail
    bad = is_node & (leaf_rail >= 0) & (port_rail >= 0) & (leaf_rail != port_rail)
    findings = some_links(
        view,
        bad,
        "rail-mismatch",
        lambda link: (
            f"port {view.port_name(view.a, link)} serves rail {int(port_rail[link])}, "
            f"{view.plan.devices.name[int(view.z.device[link])]} is a leaf of rail {int(leaf_rail[link])}"
        ),
    )
    stated = is_node & (view.plan.links.rail >= 0) & (view.plan.links.rail != port_rail)
    return findings + some_links(
        view,
        stated,
        "rail-mismatch",
        lambda link: (
            f"the link states rail {int(view.plan.links.rail[link])}, its port serves rail {int(port_rail[link])}"
        ),
    )
