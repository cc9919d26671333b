"""Tori and meshes of any number of axes."""

from __future__ import annotations

from math import prod

from optidsl._record import record
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.grids import Axes, fewest_around, ring_ties
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.refusal import Refusal, words
from optidsl.schema.families import axis_names


@record(frozen=True, slots=True)
class Grid(Axes):
    """A torus or a mesh: switches at the points of a grid, joined to their neighbours by `parallel` links an axis.

    Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), chapter 5.
    Assumes: an axis of 2 is a single hop, not a ring of two links.
    """

    is_closed: bool

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """One dimension for each axis that is longer than 1."""
        names = axis_names(len(self.dims))
        return tuple(
            Dimension(names[axis], self._ways(axis) * self.parallel[axis], self._links(axis)) for axis in self._axes
        )

    def _ways(self, axis: int) -> int:
        return 1 if self.dims[axis] == 2 else 2

    def _is_ring(self, axis: int) -> bool:
        return self.is_closed and self.dims[axis] > 2

    def _links(self, axis: int) -> int:
        size = self.dims[axis]
        per_line = size if self._is_ring(axis) else size - 1
        return self.switches // size * per_line * self.parallel[axis]

    @property
    def diameter(self) -> int:
        """Half of every ring, the whole of every line."""
        return sum(size // 2 if self.is_closed else size - 1 for size in self.dims)

    @property
    def disjoint_paths(self) -> int:
        """The links around the sub-grid with the fewest: one switch, or all switches along the axes with many links.

        Source: Mader (1971): a connected vertex-transitive graph has the edge connectivity of its degree. Assumes:
        parallel links weaken that only for whole axes; in a mesh it is the corner that has the fewest.
        """
        ways = ((self.dims[axis], (2 if self._is_ring(axis) else 1) * self.parallel[axis]) for axis in self._axes)
        return fewest_around(ways) or 0

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """The sizes of the axes."""
        return (("dims", self.dims),)

    def halves(self) -> tuple[int, ...]:
        """Return the links between two halves cut across one axis; on an odd axis the middle layer is cut in turn.

        Source: Dally and Towles (2004), section 5.2.1. Assumes: no other cut into halves has fewer links, as is proven
        for rings of even length.
        """
        cut = self._cut(tuple(self._axes), {})
        return tuple(cut.get(axis, 0) for axis in self._axes)

    def _cut(self, axes: tuple[int, ...], known: dict[tuple[int, ...], dict[int, int]]) -> dict[int, int]:
        """Return the links by axis between two halves of the part of the grid that these axes span."""
        if axes in known:
            return known[axes]
        found: list[dict[int, int]] = []
        for axis in axes:
            rest = tuple(other for other in axes if other != axis)
            layer = prod(self.dims[other] for other in rest)
            across = layer * (2 if self._is_ring(axis) else 1) * self.parallel[axis]
            inner = self._cut(rest, known) if self.dims[axis] % 2 else {}
            found.append({axis: across, **inner})
        known[axes] = min(found, key=lambda cut: sum(cut.values()), default={})
        return known[axes]

    def links(self, dimension: int) -> Ties:
        """Return the links along an axis."""
        axis = self._axes[dimension]
        return ring_ties(self.dims, axis, self.parallel[axis], self.is_closed)


def _network(ask: NetworkAsk) -> Grid | Refusal:
    dims = ask.numbers("dims") or ()
    bad = [size for size in dims if size < 1]
    if not dims or bad or prod(dims) < 2:
        found = f"`[{', '.join(str(size) for size in dims)}]`"
        return ask.refuse(
            "dims-not-possible",
            f"`dims` of `{ask.fabric.name}` is {found}: a grid has at least 2 switches, and 1 on every axis",
            "dims",
            ("write the switches along each axis, as `dims = [4, 4, 4]`",),
        )
    parallel: list[int] = []
    for name in axis_names(len(dims)):
        found_parallel = ask.parallel(name)
        if isinstance(found_parallel, Refusal):
            return found_parallel
        parallel.append(found_parallel)
    down = ask.tier.down.value or -(-ask.ports // prod(dims))
    return Grid(down, dims, tuple(parallel), ask.fabric.kind == "torus")


FAMILY = Direct(
    _network,
    f"The ports of a switch: endpoints, then one cage range for each axis, {words(axis_names(3), 'then')}; on an axis "
    "first the links to the next switch up the axis, then those to the next one down.",
)
