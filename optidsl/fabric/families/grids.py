"""Links of grids of switches along one axis: all to all, in rings, in lines.

The coordinates of switch s in a grid of sizes d0, d1, …: s = c0 + d0 * (c1 + d1 * (c2 + …)).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

import numpy as np

from optidsl._record import record
from optidsl.fabric.families.network import Ties
from optidsl.fabric.tables import I32, I64


@record(frozen=True, slots=True)
class Axes:
    """What all grids of switches have in common: `down` endpoint ports, sizes and links by axis, no groups."""

    down: int
    dims: tuple[int, ...]
    parallel: tuple[int, ...]

    @property
    def switches(self) -> int:
        """Switches."""
        return prod(self.dims)

    @property
    def groups(self) -> int:
        """One: the axes of a grid are all alike."""
        return 1

    @property
    def _axes(self) -> list[int]:
        return [axis for axis, size in enumerate(self.dims) if size > 1]

    def group_of(self) -> I32 | None:
        """Return None: there are no groups."""
        return None


def clique_ties(dims: Sequence[int], axis: int, parallel: int, copies: int = 1) -> Ties:
    """Return links between all switches that differ on one axis only.

    Port `parallel * i + k` of a switch is the k-th link to the i-th of the others on its axis, in their order.

    Args:
        dims: sizes of the grid.
        axis: index into `dims`.
        parallel: links between two switches.
        copies: how many such grids follow one another.
    """
    low, high = np.triu_indices(dims[axis], 1)
    base = origins(dims, axis, copies)
    stride = prod(dims[:axis])
    a = base[:, None] + low.astype(np.int64) * stride
    z = base[:, None] + high.astype(np.int64) * stride
    lanes = np.arange(parallel, dtype=np.int64)
    a_port = np.broadcast_to(((high - 1) * parallel)[None, :, None] + lanes, (*a.shape, parallel))
    z_port = np.broadcast_to((low * parallel)[None, :, None] + lanes, (*a.shape, parallel))
    return Ties(_lay(a, parallel), a_port.ravel(), _lay(z, parallel), z_port.ravel())


def ring_ties(dims: Sequence[int], axis: int, parallel: int, is_closed: bool) -> Ties:
    """Return links between neighbours on one axis; the ends of a line are joined when it `is_closed` and longer than 2.

    Ports `0 … parallel - 1` of a switch lead up the axis, the next `parallel` down; on an axis of 2 there is one way.
    """
    size, stride = dims[axis], prod(dims[:axis])
    base = origins(dims, axis)
    below = np.arange(size - 1, dtype=np.int64)
    a = base[:, None] + below * stride
    z = a + stride
    a_port, z_port = np.zeros_like(a), np.full_like(z, parallel if size > 2 else 0)
    if is_closed and size > 2:
        a = np.concatenate([a, base[:, None]], axis=1)
        z = np.concatenate([z, base[:, None] + (size - 1) * stride], axis=1)
        a_port = np.concatenate([a_port, np.full((len(base), 1), parallel)], axis=1)
        z_port = np.concatenate([z_port, np.zeros((len(base), 1), np.int64)], axis=1)
    lanes = np.arange(parallel, dtype=np.int64)
    return Ties(
        _lay(a, parallel),
        (a_port[:, :, None] + lanes).ravel(),
        _lay(z, parallel),
        (z_port[:, :, None] + lanes).ravel(),
    )


def fewest_around(axes: Iterable[tuple[int, int]]) -> int | None:
    """Return the fewest links out of a sub-grid that has some axes whole and one place on the others.

    Where parallel links make an axis wide, all switches along it are parted from the rest by fewer links than one
    switch is. Kept for every size of a sub-grid: the fewest links of one of its switches that leave it.

    Source: Mader (1971): the least sets that the fewest links lead out of are blocks; in a Cayley graph of a grid
    these are sub-grids. Lindsey, Assignment of numbers to vertices (Amer. Math. Monthly 71, 1964), for cliques.

    Args:
        axes: the size of each axis, above 1, and the links of a switch along it that leave one place on it.

    Returns:
        The fewest links; None where there is no axis. The whole grid is no sub-grid.
    """
    sizes, total = {1: 0}, 1
    for size, links in axes:
        total *= size
        grown: dict[int, int] = {}
        for place, out in sizes.items():
            for number, leaving in ((place, out + links), (place * size, out)):
                grown[number] = min(grown.get(number, leaving), leaving)
        sizes = grown
    return min((number * out for number, out in sizes.items() if number < total), default=None)


def origins(dims: Sequence[int], axis: int, copies: int = 1) -> I64:
    """Return the switches whose coordinate on an axis is 0, ascending, shape `(n,)`."""
    total, stride = prod(dims) * copies, prod(dims[:axis])
    switch = np.arange(total, dtype=np.int64)
    found: I64 = switch[switch // stride % dims[axis] == 0]
    return found


def _lay(switches: I64, parallel: int) -> I64:
    return np.repeat(switches.ravel(), parallel)
