"""Reckon which routes eBGP must install: a path-vector exchange in a few lines of Python.

It is the expectation that the routers' kernels are held against. It knows eBGP with AS-path loop
prevention and ``multipath-relax``, which is all that a Clos fabric uses; it knows no iBGP and no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Cable = tuple[str, str, str, str]
_AS = re.compile(r"^router bgp (\d+)", re.MULTILINE)


def asn_by_node(config_dir: Path) -> dict[str, int]:
    """Read the AS number of each router.

    Args:
        config_dir: holds ``<node>/frr.conf``.

    Returns:
        The number after ``router bgp``, by router.
    """
    found = {}
    for path in sorted(config_dir.glob("*/frr.conf")):
        match = _AS.search(path.read_text(encoding="utf-8"))
        if match:
            found[path.parent.name] = int(match[1])
    return found


def expected_widths(
    links: Iterable[Cable],
    asn: Mapping[str, int],
    loopbacks: Mapping[str, Sequence[str]],
    max_paths: int = 64,
) -> dict[str, dict[str, int]]:
    """Count the ECMP next hops of every router towards every loopback of another AS.

    Args:
        links: rows of router, interface, router, interface; parallel cables count one next hop each.
        asn: AS number by router.
        loopbacks: prefixes by router, such as ``10.0.0.1/32``.
        max_paths: ``maximum-paths`` of the routers.

    Returns:
        Number of next hops by router and prefix; 0 where loop prevention leaves no path.
    """
    n_cables: dict[str, dict[str, int]] = {node: {} for node in asn}
    for node_a, _, node_b, _ in links:
        for near, far in ((node_a, node_b), (node_b, node_a)):
            n_cables[near][far] = n_cables[near].get(far, 0) + 1
    expected: dict[str, dict[str, int]] = {node: {} for node in asn}
    for origin, prefixes in loopbacks.items():
        widths = _widths_to(origin, n_cables, asn)
        for node, width in widths.items():
            if asn[node] != asn[origin]:
                expected[node].update(dict.fromkeys(prefixes, min(width, max_paths)))
    return expected


def without(links: Iterable[Cable], cut: Iterable[Cable]) -> list[Cable]:
    """Take cables out of a list.

    Args:
        links: all cables.
        cut: those that are cut.

    Returns:
        The others, in order.
    """
    gone = set(cut)
    return [link for link in links if link not in gone]


def _widths_to(origin: str, n_cables: Mapping[str, Mapping[str, int]], asn: Mapping[str, int]) -> dict[str, int]:
    best: dict[str, tuple[int, ...]] = {origin: ()}
    widths = dict.fromkeys(asn, 0)
    # Rounds are AS-path lengths: a router that heard a path in an earlier round keeps the shorter one.
    frontier = [origin]
    while frontier:
        heard: dict[str, list[tuple[tuple[int, ...], int]]] = {}
        for speaker in frontier:
            path = (asn[speaker], *best[speaker])
            for listener, n in n_cables[speaker].items():
                if listener not in best and asn[listener] not in path:
                    heard.setdefault(listener, []).append((path, n))
        for listener, offers in heard.items():
            best[listener] = min(path for path, _ in offers)
            widths[listener] = sum(n for _, n in offers)
        frontier = sorted(heard)
    return widths
