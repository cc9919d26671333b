"""Cubes of chips whose faces meet at optical circuit switches, and the circuits that make tori of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from optidsl._record import record
from optidsl.fabric.families.network import Ties
from optidsl.fabric.tables import I64

PLUS, MINUS = 0, 1


@record(frozen=True, slots=True)
class Cubes:
    """`cubes` grids of `edges` chips. A face position of an axis has its own switch, which all cubes reach twice.

    Link number `2 F + side F + p` of an axis (F positions of its face; side 0 towards +, 1 towards -) of every cube
    leads to switch p of the axis: of cube k to port k from the + face, to port `cubes + k` from the - face.

    Source: Jouppi et al., TPU v4: An Optically Reconfigurable Supercomputer for Machine Learning with Hardware Support
    for Embeddings (ISCA 2023), section 2: links of opposite faces go to the same optical circuit switch.
    """

    cubes: int
    edges: tuple[int, ...]

    @property
    def faces(self) -> tuple[int, ...]:
        """Positions of a face of each axis."""
        return tuple(prod(self.edges) // edge for edge in self.edges)

    @property
    def switches(self) -> int:
        """Switches: one for each position of each axis."""
        return sum(self.faces)

    @property
    def ports(self) -> int:
        """Ports of a switch."""
        return 2 * self.cubes

    @property
    def ends(self) -> int:
        """Links of a cube to switches."""
        return 2 * self.switches

    def links(self) -> Ties:
        """Return the links: cube (a), its link number, switch (z), its port; cube after cube."""
        cube, number = (each.ravel() for each in np.indices((self.cubes, self.ends)))
        axis, side, position = self.meaning()
        first = np.cumsum([0, *self.faces])[:-1]
        switch = first[axis[number]] + position[number]
        return Ties(
            cube.astype(np.int64),
            number.astype(np.int64),
            switch.astype(np.int64),
            (side[number] * self.cubes + cube).astype(np.int64),
        )

    def meaning(self) -> tuple[I64, I64, I64]:
        """Return axis, side and position of every link number of a cube, shape `(ends,)` each."""
        axis = np.repeat(np.arange(len(self.edges)), [2 * face for face in self.faces]).astype(np.int64)
        side = np.concatenate([np.repeat([PLUS, MINUS], face) for face in self.faces]).astype(np.int64)
        position = np.concatenate([np.tile(np.arange(face), 2) for face in self.faces]).astype(np.int64)
        return axis, side, position

    def circuits(self, axis: int, members: Sequence[int], dims: Sequence[int]) -> tuple[I64, I64]:
        """Return the cubes whose + and - faces of an axis meet, for a torus of some cubes.

        Args:
            axis: index into `edges`.
            members: cubes of the torus, those of the first axis fastest.
            dims: cubes of the torus along each axis. Along an axis of one cube its own faces meet.
        """
        order = np.asarray(members, np.int64)
        at = np.arange(len(order), dtype=np.int64)
        stride, size = prod(dims[:axis]), dims[axis]
        place = at // stride % size
        after = at + np.where(place + 1 < size, stride, stride * (1 - size))
        return order, order[after]
