"""HyperX networks (flattened butterflies), and the full mesh, which is one of a single axis."""

from __future__ import annotations

from math import prod

from optidsl._record import record
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.grids import Axes, clique_ties, fewest_around
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.families.population import population
from optidsl.fabric.refusal import Refusal
from optidsl.schema.families import axis_names


@record(frozen=True, slots=True)
class HyperX(Axes):
    """Switches at the points of a grid, every two that differ on one axis only joined by `parallel` links of it.

    Source: Ahn, Binkert, Davis, McLaren, Schreiber, HyperX: Topology, Routing, and Packaging of Efficient Large-Scale
    Networks (SC 2009): L axes of S_k switches, relative bandwidth K_k, T terminals a switch.
    """

    is_mesh: bool = False  # one axis, told as a full mesh

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """One dimension for each axis that is longer than 1: K (S - 1) ports, K P (S - 1) / 2 links."""
        names = ("mesh",) if self.is_mesh else axis_names(len(self.dims))
        return tuple(
            Dimension(names[axis], self._degree(axis), self.switches * self._degree(axis) // 2) for axis in self._axes
        )

    def _degree(self, axis: int) -> int:
        return self.parallel[axis] * (self.dims[axis] - 1)

    @property
    def diameter(self) -> int:
        """One hop for every axis."""
        return len(self._axes)

    @property
    def disjoint_paths(self) -> int:
        """The links around the sub-grid with the fewest: one switch, or all switches along the axes with many links.

        Source: Lindsey, Assignment of numbers to vertices (Amer. Math. Monthly 71, 1964): sub-grids have the fewest
        links around them. Assumes: that holds with parallel links for whole axes.
        """
        return fewest_around((self.dims[axis], self._degree(axis)) for axis in self._axes) or 0

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """The sizes of the axes; a full mesh has none but its switches."""
        return () if self.is_mesh else (("dims", self.dims),)

    def halves(self) -> tuple[int, ...]:
        """Return the links cut when the grid is split across one axis, the one where that costs least.

        Source: Ahn et al. (2009). Assumes: along an odd axis the larger part has one layer more.
        """
        cuts = [
            (size // 2) * -(-size // 2) * self.parallel[axis] * (self.switches // size)
            for axis, size in ((axis, self.dims[axis]) for axis in self._axes)
        ]
        order = sorted(range(len(cuts)), key=lambda at: (self.dims[self._axes[at]] % 2, cuts[at], at))
        return tuple(cut if at == order[0] else 0 for at, cut in enumerate(cuts))

    def links(self, dimension: int) -> Ties:
        """Return the links along an axis."""
        axis = self._axes[dimension]
        return clique_ties(self.dims, axis, self.parallel[axis])


def _network(ask: NetworkAsk) -> HyperX | Refusal:
    if ask.fabric.kind == "full_mesh":
        return _mesh(ask)
    dims = ask.numbers("dims") or ()
    if not dims or min(dims) < 1 or prod(dims) < 2:
        return ask.refuse(
            "dims-not-possible",
            f"`dims` of `{ask.fabric.name}` is `[{', '.join(str(size) for size in dims)}]`: a HyperX has at least 2 "
            "switches, and 1 on every axis",
            "dims",
            ("write the switches along each axis, as `dims = [8, 8]`",),
        )
    parallel: list[int] = []
    for name in axis_names(len(dims)):
        found = ask.parallel(name)
        if isinstance(found, Refusal):
            return found
        parallel.append(found)
    return HyperX(ask.tier.down.value or -(-ask.ports // prod(dims)), dims, tuple(parallel))


def _mesh(ask: NetworkAsk) -> HyperX | Refusal:
    """Return the full mesh of as many switches as the tier counts, or as few as the endpoints need."""
    parallel = ask.parallel("mesh")
    if isinstance(parallel, Refusal):
        return parallel
    found = population(ask, lambda switches: (switches - 1) * parallel)
    return found if isinstance(found, Refusal) else HyperX(found[1], (found[0],), (parallel,), is_mesh=True)


FAMILY = Direct(
    _network,
    "The ports of a switch: endpoints, then one cage range for each axis in their order; on an axis port K j + k is "
    "the k-th of the K links to the j-th of the other switches on it, in their order.",
)
