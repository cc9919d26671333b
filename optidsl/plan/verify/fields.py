"""Networks over finite fields, by the geometry that they have whatever the field's arithmetic; and random ones.

Source: Hafner, Geometric realisation of the graphs of McKay-Miller-Siran (JCTB 90, 2004); Lakhotia et al., PolarFly: A
Cost-Effective and Flexible Low-Diameter Topology (SC 2022); Singla, Hong, Popa, Godfrey, Jellyfish:
Networking Data Centers Randomly (NSDI 2012), section 3.
"""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.hyperx import even_findings
from optidsl.plan.verify.peers import Peers, mismatch, pair_counts
from optidsl.plan.verify.view import I64

_CHUNK = 1 << 22
"""Neighbours of neighbours that are held at once."""


def slim_fly_findings(peers: Peers) -> list[Diagnostic]:
    """Check a Slim Fly of order q as the biaffine plane that it is.

    Its 2 q^2 switches are q groups, in each q points and then q lines. A point is on one line of every group, so that
    points are joined to points, and lines to lines, in their own group only; two points of two groups are on one line
    at most. Every switch has as many neighbours.
    """
    q = peers.number("order")
    wanted = np.arange(peers.switches) % peers.per_plane // max(2 * q, 1)
    if peers.per_plane != 2 * q * q or not np.array_equal(peers.group, wanted):
        return [mismatch(peers.fabric, f"its switches do not form a Slim Fly of order {q}: {q} groups of {2 * q}")]
    degree = (q + 1) // 2 if q % 4 == 3 else (q - 1) // 2 if q % 4 == 1 else q // 2
    half = peers.switches // (2 * q) * q
    findings = even_findings(peers, "local", half * degree + half)
    findings += even_findings(peers, "global", half * (q - 1))
    return findings or _planes(peers, q) or _two_points(peers, q)


def _planes(peers: Peers, q: int) -> list[Diagnostic]:
    """Links leave a group between points and lines only, one from a point to each group's lines."""
    for name in ("local", "global"):
        a, z = peers.of(name)
        is_mixed = a % (2 * q) // q != z % (2 * q) // q
        is_inside = a // (2 * q) == z // (2 * q)
        bad = np.flatnonzero(~is_inside if name == "local" else is_inside | ~is_mixed)
        if bad.size:
            what = f"{peers.name(a[bad[0]])} and {peers.name(z[bad[0]])} are joined by a {name} link"
            return [mismatch(peers.fabric, f"{what}, which a Slim Fly of order {q} does not have")]
    point, line = _incidences(peers, q)
    joined, counts = np.unique(point * peers.switches + line // q, return_counts=True)
    if bool((counts != 1).any()):
        switch = int(joined[np.flatnonzero(counts != 1)[0]]) // peers.switches
        return [mismatch(peers.fabric, f"{peers.name(switch)} is joined to two switches of the other half of a group")]
    points = np.bincount(line, minlength=peers.switches)
    odd = np.flatnonzero((points != q) & (np.arange(peers.switches) % (2 * q) >= q))
    if odd.size:
        what = f"{peers.name(odd[0])} is joined to {points[odd[0]]} switches of the other half of the groups"
        return [mismatch(peers.fabric, f"{what}, in a Slim Fly of order {q} to {q}")]
    return []


def _incidences(peers: Peers, q: int) -> tuple[I64, I64]:
    """Return points and lines that are joined, each pair once."""
    ends = [peers.of(name) for name in ("local", "global")]
    a, z = (np.concatenate([each[end] for each in ends]) for end in (0, 1))
    is_mixed = a % (2 * q) // q != z % (2 * q) // q
    low, high, _ = pair_counts(a[is_mixed], z[is_mixed], peers.switches)
    is_point = low % (2 * q) < q
    return np.where(is_point, low, high), np.where(is_point, high, low)


def _two_points(peers: Peers, q: int) -> list[Diagnostic]:
    """No two points are on two lines."""
    point, line = _incidences(peers, q)
    order = np.argsort(line, kind="stable")
    on_line = point[order].reshape(-1, q)
    low, high = np.triu_indices(q, 1)
    one, other, counts = pair_counts(on_line[:, low].ravel(), on_line[:, high].ravel(), peers.switches)
    if bool((counts != 1).any()):
        pair = int(np.flatnonzero(counts != 1)[0])
        what = f"{peers.name(one[pair])} and {peers.name(other[pair])} have {counts[pair]} lines in common"
        return [mismatch(peers.fabric, f"{what}, at most 1 in a Slim Fly")]
    return []


def polar_fly_findings(peers: Peers) -> list[Diagnostic]:
    """Check a PolarFly of order q as the projective plane that it is: any two lines meet in one point.

    The line of a switch are its neighbours, with itself where it has one less. So every other switch is met once from
    the neighbours of the neighbours of a switch.
    """
    q = peers.number("order")
    if peers.per_plane != q * q + q + 1:
        return [mismatch(peers.fabric, f"{peers.per_plane} switches do not form a PolarFly of order {q}")]
    findings = even_findings(peers, "polar", q * (q + 1) ** 2 // 2 * peers.fabric.planes)
    if findings:
        return findings
    a, z = peers.of("polar")
    low, high, _ = pair_counts(a, z, peers.switches)
    near, far = np.concatenate([low, high]), np.concatenate([high, low])
    degree = np.bincount(near, minlength=peers.switches)
    odd = np.flatnonzero((degree != q + 1) & (degree != q))
    if odd.size:
        return [mismatch(peers.fabric, f"{peers.name(odd[0])} has {degree[odd[0]]} neighbours, not {q} or {q + 1}")]
    quadric = np.flatnonzero(degree == q)
    near, far = np.concatenate([near, quadric]), np.concatenate([far, quadric])
    lines = far[np.argsort(near, kind="stable")].reshape(-1, q + 1)
    return _met_once(peers, lines, q)


def _met_once(peers: Peers, lines: I64, q: int) -> list[Diagnostic]:
    step = max(1, _CHUNK // (q + 1) ** 2)
    for first in range(0, len(lines), step):
        own = np.arange(first, min(first + step, len(lines)))
        met = np.sort(lines[lines[own]].reshape(len(own), -1), axis=1)
        is_other = (met != own[:, None]) & (np.arange(met.shape[1]) > 0)
        twice = np.argwhere((met[:, 1:] == met[:, :-1]) & is_other[:, 1:])
        if twice.size:
            switch, other = int(own[twice[0][0]]), int(met[twice[0][0], twice[0][1]])
            what = f"the lines of {peers.name(switch)} and {peers.name(other)} meet more than once"
            return [mismatch(peers.fabric, f"{what}, and once in a PolarFly of order {q}")]
    return []


def jellyfish_findings(peers: Peers) -> list[Diagnostic]:
    """Every switch has as many neighbours, one of them a neighbour less where the ends do not pair up."""
    degree, size = peers.number("degree"), peers.per_plane
    findings = even_findings(peers, "random", size * degree // 2 * peers.fabric.planes)
    if findings:
        return findings
    a, z = peers.of("random")
    low, high, _ = pair_counts(a, z, peers.switches)
    found = np.bincount(np.concatenate([low, high]), minlength=peers.switches)
    short = np.flatnonzero(found != degree)
    if short.size > size * degree % 2 * peers.fabric.planes or bool((found[short] != degree - 1).any()):
        switch = int(short[int(np.argmax(np.abs(found[short] - degree)))])
        return [mismatch(peers.fabric, f"{peers.name(switch)} has {found[switch]} neighbours, its shape {degree}")]
    return []
