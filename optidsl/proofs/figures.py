"""Figures of a network, whole or with something failed: each measured once, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from optidsl._record import record
from optidsl.proofs.bisection import bisection
from optidsl.proofs.distances import Distances, distances, fewest_paths
from optidsl.proofs.graph import Graph, graph_of, parts_of
from optidsl.proofs.loads import Loads, loads_of
from optidsl.proofs.network import I64, Failure, Mask, Network, Survivors, no_failure, survivors_of
from optidsl.proofs.paths import path_links
from optidsl.proofs.scenarios import devices_of
from optidsl.sema.pairs import ends_of, function_of

_MOST_PATH_WORK = 400_000_000
"""Links that a search for shortest paths may look at: some seconds."""


@record(frozen=True, slots=True)
class Figure:
    """A figure, None where it is not known or there is none.

    `is_endless` says that two switches have no path: then a distance is above every number. `is_bound` says that the
    true figure may be lower, `is_open` that no promise may rest on it for that. `note` says where it is, how it was
    found, or why it is not known.
    """

    value: Fraction | None
    note: str = ""
    is_bound: bool = False
    is_endless: bool = False
    is_open: bool = False


class Figures:
    """The figures of a network after a failure (None: whole), by the name of the function that asks for them."""

    def __init__(self, network: Network, failure: Failure | None = None, whole: Figures | None = None) -> None:
        """Prepare; nothing is measured yet. `whole` are the figures of the same network without a failure."""
        self.network = network
        self.failure = failure
        self.whole = whole or self
        self.left: Survivors = survivors_of(network, failure or no_failure(network.plan))
        self._kept: dict[str, Figure] = {}
        self._parts: I64 | None = None
        self._graphs: dict[int, tuple[Graph, I64]] = {}
        self._loads: Loads | str | None = None

    def get(self, name: str) -> Figure:
        """Return a figure by name."""
        if name not in self._kept:
            pair = PAIRS.get(function_of(name))
            if self.network.is_patched and (pair is not None or name not in _OF_PORTS):
                self._kept[name] = _over_circuits(self, name)
            else:
                self._kept[name] = MEASURES[name](self) if pair is None else pair(self, name)
        return self._kept[name]

    @property
    def loads(self) -> Loads | str:
        """Return what links between switches carry under uniform traffic, or why that is not known."""
        if self._loads is None:
            self._loads = loads_of(self.network, self.left, [self.plane(number) for number in self.planes])
        return self._loads

    @property
    def parts(self) -> I64:
        """Return the connected part of every vertex, shape `(n_vertices,)`."""
        if self._parts is None:
            edges = self.left.edges
            self._parts = parts_of(self.network.size, self.network.a[edges], self.network.z[edges])
        return self._parts

    def plane(self, number: int) -> tuple[Graph, I64]:
        """Return the graph of what is left of a plane, and the vertices of the network that it numbers."""
        if number not in self._graphs:
            network, left = self.network, self.left
            vertices = np.flatnonzero(left.vertices & (network.plane == number))
            place = np.full(network.size, -1, dtype=np.int64)
            place[vertices] = np.arange(len(vertices))
            edges = left.edges & (network.plane[network.a] == number)
            self._graphs[number] = (
                graph_of(len(vertices), place[network.a[edges]], place[network.z[edges]]),
                vertices,
            )
        return self._graphs[number]

    @property
    def planes(self) -> list[int]:
        """Return the planes that have a switch left."""
        return sorted(set(self.network.plane[self.left.vertices].tolist()))

    def cut_off(self) -> Mask:
        """Return which endpoints have no path to the largest part of what they were in, shape `(n_endpoints,)`.

        The largest part has the most endpoints, and among equals those of the most nodes.
        """
        network, alive = self.network, self.left.seats
        home, part = self.whole.parts[network.seat], self.parts[network.seat]
        served = np.bincount(part[alive], minlength=network.size)
        nodes = np.zeros(network.size, dtype=np.int64)
        parts = np.flatnonzero(served)
        if len(np.unique(self.whole.parts[parts] * (len(home) + 1) + served[parts])) < len(parts):
            pairs = np.unique(np.stack([part[alive], network.node[alive]]), axis=1)
            nodes = np.bincount(pairs[0], minlength=network.size)
        order = np.lexsort((np.arange(network.size), -nodes, -served))
        _, first = np.unique(self.whole.parts[order], return_index=True)
        main = np.full(network.size, -1, dtype=np.int64)
        main[self.whole.parts[order[first]]] = order[first]
        return np.asarray(~alive | (part != main[home]))


def _distances(figures: Figures, *, is_between_ends: bool = False) -> list[tuple[Distances, I64]]:
    """Return the distances in every plane; a plane that is a copy of one before is not searched again."""
    kept: dict[bytes, Distances] = {}
    found: list[tuple[Distances, I64]] = []
    for plane in figures.planes:
        graph, vertices = figures.plane(plane)
        among = np.ones(len(vertices), dtype=bool)
        if is_between_ends:
            among = np.isin(vertices, figures.network.seat[figures.left.seats])
        key = b"".join(each.tobytes() for each in (graph.starts, graph.far, graph.count, among))
        if key not in kept:
            kept[key] = distances(graph, np.flatnonzero(among))
        found.append((kept[key], vertices))
    return found


def _apart(figures: Figures, found: list[tuple[Distances, I64]]) -> Figure | None:
    """Return the figure of a network in pieces, None for one that hangs together."""
    for each, vertices in found:
        if each.apart is not None:
            a, z = (figures.network.name(int(vertices[end])) for end in each.apart)
            return Figure(None, f"no path leads from {a} to {z}", is_endless=True)
    return None if found else Figure(None, "no switch is left")


def _longest(figures: Figures, *, is_between_ends: bool, more: int) -> Figure:
    found = _distances(figures, is_between_ends=is_between_ends)
    longest = max((each.longest or 0 for each, _ in found), default=0)
    return _apart(figures, found) or Figure(Fraction(longest + more))


def _diameter(figures: Figures) -> Figure:
    return _longest(figures, is_between_ends=False, more=0)


def _hops(figures: Figures) -> Figure:
    return _longest(figures, is_between_ends=True, more=1)


def _mean_distance(figures: Figures) -> Figure:
    found = _distances(figures)
    apart = _apart(figures, found)
    if apart is not None:
        return apart
    pairs = sum(len(vertices) * (len(vertices) - 1) for _, vertices in found)
    return Figure(Fraction(sum(each.total or 0 for each, _ in found), pairs)) if pairs else Figure(Fraction(0))


def _degrees(figures: Figures) -> I64:
    network, edges = figures.network, figures.left.edges
    ends = np.concatenate([network.a[edges], network.z[edges]])
    return np.bincount(ends, minlength=network.size).astype(np.int64)


def _degree(figures: Figures, *, is_most: bool) -> Figure:
    alive = np.flatnonzero(figures.left.vertices)
    if not alive.size:
        return Figure(None, "no switch is left")
    degrees = _degrees(figures)[alive]
    at = int(degrees.argmax() if is_most else degrees.argmin())
    return Figure(Fraction(int(degrees[at])), f"at {figures.network.name(int(alive[at]))}")


def _degree_min(figures: Figures) -> Figure:
    return _degree(figures, is_most=False)


def _degree_max(figures: Figures) -> Figure:
    return _degree(figures, is_most=True)


def _path_diversity(figures: Figures) -> Figure:
    fewest: int | None = None
    is_whole = True
    for plane in figures.planes:
        graph, vertices = figures.plane(plane)
        ends = np.flatnonzero(np.isin(vertices, figures.network.seat[figures.left.seats]))
        if len(ends) < 2:
            continue
        found, is_searched = fewest_paths(graph, ends, _MOST_PATH_WORK)
        is_whole = is_whole and is_searched
        if found is None:
            return Figure(Fraction(0), "two switches with endpoints have no path")
        fewest = found if fewest is None else min(fewest, found)
    if fewest is None:
        return Figure(None, "no two switches have endpoints")
    return Figure(
        Fraction(fewest),
        "" if is_whole else "searched from some switches only",
        is_bound=not is_whole,
        is_open=not is_whole,
    )


def _links(figures: Figures) -> Figure:
    network, left = figures.network, figures.left
    return Figure(Fraction(int(left.edges.sum()) + int((left.seats & (network.seat_link >= 0)).sum())))


def _reachable(figures: Figures) -> Figure:
    network, left = figures.network, figures.left
    per_plane = np.bincount(network.plane[network.seat]).tolist() if len(network.seat) else []
    pairs = sum(count * (count - 1) for count in per_plane)
    if not pairs:
        return Figure(None, "no two endpoints are in one plane")
    served = np.bincount(figures.parts[network.seat[left.seats]]).astype(object)
    return Figure(Fraction(int((served * (served - 1)).sum()), pairs))


def _lost_endpoints(figures: Figures) -> Figure:
    return Figure(Fraction(int(figures.cut_off().sum())))


def _lost_nodes(figures: Figures) -> Figure:
    nodes, of = np.unique(figures.network.node, return_inverse=True)
    kept = np.bincount(of[~figures.cut_off()], minlength=len(nodes))
    return Figure(Fraction(int((kept == 0).sum())))


def uplink_mbps(network: Network, edges: Mask) -> I64:
    """Return the bandwidth of every vertex to vertices of its level or above over some edges, shape `(n_vertices,)`."""
    level, rate = network.level, np.where(edges, network.mbps, 0)
    up = np.zeros(network.size, dtype=np.int64)
    np.add.at(up, network.a, np.where(level[network.a] <= level[network.z], rate, 0))
    np.add.at(up, network.z, np.where(level[network.z] <= level[network.a], rate, 0))
    return up


def _uplink_share(figures: Figures) -> Figure:
    network, left = figures.network, figures.left
    own = uplink_mbps(network, np.ones(len(network.a), dtype=bool))
    having = np.flatnonzero(left.vertices & (own > 0))
    if not having.size:
        return Figure(None, "no switch that is left has links upwards or beside")
    kept = uplink_mbps(network, left.edges)[having]
    at = int((kept / own[having]).argmin())
    value = Fraction(int(kept[at]), int(own[having[at]]))
    return Figure(value, f"at {network.name(int(having[at]))}")


def _bisection(figures: Figures) -> Figure:
    if figures.failure is None:
        known = figures.network.fabric.bisection_mbps
        return Figure(None, "this family knows no bisection") if known is None else Figure(Fraction(known))
    cut = bisection(figures.network, figures.left, ~figures.cut_off())
    is_open = figures.network.fabric.bisection_mbps is None
    return Figure(cut.mbps, cut.note, cut.is_bound, is_open=is_open)


def _pair_counts(figures: Figures) -> list[int]:
    """Return the links between every two groups of a plane, those without one counted too."""
    network, edges = figures.network, figures.left.edges
    counts: list[int] = []
    for plane in figures.planes:
        mine = figures.left.vertices & (network.plane == plane) & (network.pod >= 0)
        groups, place = np.unique(network.pod[mine], return_inverse=True)
        of = np.full(network.size, -1, dtype=np.int64)
        of[mine] = place
        a, z = of[network.a[edges]], of[network.z[edges]]
        between = (a >= 0) & (z >= 0) & (a != z)
        keys = np.minimum(a, z)[between] * len(groups) + np.maximum(a, z)[between]
        table = np.bincount(keys, minlength=len(groups) ** 2).reshape(len(groups), len(groups))
        counts += table[np.triu_indices(len(groups), 1)].tolist()
    return counts


def _group_links(figures: Figures, pick: Callable[[list[int]], int]) -> Figure:
    counts = _pair_counts(figures) if figures.network.fabric.dimensions else []
    return Figure(Fraction(pick(counts))) if counts else Figure(None, "it has no groups that are joined directly")


def _group_links_min(figures: Figures) -> Figure:
    return _group_links(figures, min)


def _group_links_max(figures: Figures) -> Figure:
    return _group_links(figures, max)


def _rail_alignment(figures: Figures) -> Figure:
    network = figures.network
    alive = figures.left.seats & (network.seat_link >= 0)
    rail = network.plan.links.rail[network.seat_link[alive]].astype(np.int64)
    if not rail.size or rail.min() < 0:
        return Figure(None, "its endpoints have no rails")
    seat = network.seat[alive]
    least, most = np.full(network.size, np.iinfo(np.int64).max), np.full(network.size, -1)
    np.minimum.at(least, seat, rail)
    np.maximum.at(most, seat, rail)
    having = most >= 0
    return Figure(Fraction(int((least[having] == most[having]).sum()), int(having.sum())))


def _max_link_load(figures: Figures) -> Figure:
    loads = figures.loads
    if isinstance(loads, str):
        return Figure(None, loads)
    at = loads.busiest
    near, far = (figures.network.name(end) for end in (loads.near[at], loads.far[at]))
    return Figure(loads.load[at], f"from {near} to {far}{'' if loads.is_exact else ', to 12 digits'}")


def _load_balance(figures: Figures) -> Figure:
    loads = figures.loads
    if isinstance(loads, str):
        return Figure(None, loads)
    busiest = loads.load[loads.busiest]
    return Figure(loads.mean / busiest) if busiest else Figure(None, "no link between switches carries anything")


def _distance(figures: Figures, name: str) -> Figure:
    a, z = ends_of(name)
    masks = [devices_of(figures.network.plan, end) for end in (a, z)]
    for end, mask in zip((a, z), masks, strict=True):
        if not mask[figures.network.rows].any() and not mask[figures.network.node].any():
            return Figure(None, f"{end.text} is nothing in the fabric")
    found = path_links(figures.network, figures.left, *masks)
    if found is None:
        return Figure(None, f"no path leads from {a.text} to {z.text}", is_endless=True)
    return Figure(Fraction(found))


def _link_load(figures: Figures, name: str) -> Figure:
    a, z = ends_of(name)
    loads = figures.loads
    if isinstance(loads, str):
        return Figure(None, loads)
    near, far = (devices_of(figures.network.plan, end)[figures.network.rows] for end in (a, z))
    found = [load for u, v, load in zip(loads.near, loads.far, loads.load, strict=True) if near[u] and far[v]]
    return Figure(max(found)) if found else Figure(None, f"no link joins {a.text} and {z.text}")


SHARES = frozenset({"link_load", "load_balance", "max_link_load", "rail_alignment", "reachable", "uplink_share"})
"""Measures that are shares of a whole, printed in percent."""

_OF_PORTS = frozenset({"degree_max", "degree_min", "links", "lost_endpoints", "lost_nodes"})
"""What circuit switches alone say of cubes joined by them; the rest is of the paths from chip to chip."""


def _over_circuits(figures: Figures, name: str) -> Figure:
    """Return the diameter of a whole torus of chips, which its axes give; paths over circuits are not measured.

    Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), chapter 5: half of each ring.
    """
    plan, fabric = figures.network.plan, figures.network.fabric.name
    slices = [each for each in plan.slices if each.fabric == fabric]
    if name == "diameter" and figures.failure is None and slices:
        longest = max(slices, key=lambda each: sum(size // 2 for size in each.dims))
        return Figure(Fraction(sum(size // 2 for size in longest.dims)), f"from chip to chip of slice {longest.name}")
    return Figure(None, "chips reach one another through cubes and circuits, and such paths are not measured")


MEASURES: dict[str, Callable[[Figures], Figure]] = {
    "bisection_mbps": _bisection,
    "degree_max": _degree_max,
    "degree_min": _degree_min,
    "diameter": _diameter,
    "group_links_max": _group_links_max,
    "group_links_min": _group_links_min,
    "hops": _hops,
    "links": _links,
    "load_balance": _load_balance,
    "lost_endpoints": _lost_endpoints,
    "lost_nodes": _lost_nodes,
    "max_link_load": _max_link_load,
    "mean_distance": _mean_distance,
    "path_diversity": _path_diversity,
    "rail_alignment": _rail_alignment,
    "reachable": _reachable,
    "uplink_share": _uplink_share,
}
"""What can be measured of a network with something failed, by the last word of the metric."""

PAIRS: dict[str, Callable[[Figures, str], Figure]] = {"distance": _distance, "link_load": _link_load}
"""What can be measured between two devices, which the metric names in brackets."""


def is_measure(name: str) -> bool:
    """Tell whether the last word of a metric is one that can be measured."""
    return name in MEASURES or function_of(name) in PAIRS
