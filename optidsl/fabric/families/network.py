"""A direct network of one tier of switches: its algebra in closed form, and its links as columns.

The algebra says what the links are without building them; tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from optidsl._record import record
from optidsl.fabric.box import Box
from optidsl.fabric.refusal import Refusal, allows
from optidsl.fabric.tables import I32, I64
from optidsl.sema.design import Connect, Fabric, Tier


@record(frozen=True, slots=True)
class Dimension:
    """The links along one dimension in one plane: ports of a switch at most, and links."""

    name: str
    ports: int
    links: int


@record(frozen=True, slots=True)
class Ties:
    """Links of one dimension, shape `(n_links,)` each: switches, and the number of the port from 0 in the dimension.

    `a < z`; a port of a switch has one link.
    """

    a: I64
    a_port: I64
    z: I64
    z_port: I64


class Network(Protocol):
    """One plane of a direct network: switches 0 to `switches - 1`, each with `down` ports for endpoints."""

    @property
    def down(self) -> int:
        """Endpoint ports of a switch."""
        ...

    @property
    def switches(self) -> int:
        """Switches."""
        ...

    @property
    def groups(self) -> int:
        """Groups of switches; 1 where there are none."""
        ...

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Dimensions in the order of their ports; those without links left out."""
        ...

    @property
    def diameter(self) -> int:
        """Links on the shortest path between the switches that are farthest apart."""
        ...

    @property
    def disjoint_paths(self) -> int | None:
        """Paths without a common link that any two switches have at least; None when not known."""
        ...

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """The parameters by the names of `schema.families`, derived ones included."""
        ...

    def halves(self) -> tuple[int, ...] | None:
        """Return the links of each dimension between the two halves of the worst cut known; None: not known."""
        ...

    def links(self, dimension: int) -> Ties:
        """Return the links of a dimension."""
        ...

    def group_of(self) -> I32 | None:
        """Return the group of every switch, shape `(switches,)`; None where there are no groups."""
        ...


@record(frozen=True, slots=True)
class NetworkAsk:
    """What a direct network is built from: the author's words, one switch model, and the endpoint ports of a plane."""

    fabric: Fabric
    tier: Tier
    box: Box  # side down: endpoints; side up: other switches
    connects: tuple[Connect, ...]  # of the dimensions
    ports: int

    def number(self, name: str) -> int | None:
        """Return a number that the author decided, None where he did not."""
        given = self.fabric.parameters.get(name)
        return given.value if given is not None and isinstance(given.value, int) else None

    def numbers(self, name: str) -> tuple[int, ...] | None:
        """Return a list that the author decided, None where he did not."""
        given = self.fabric.parameters.get(name)
        return given.value if given is not None and isinstance(given.value, tuple) else None

    def parallel(self, dimension: str) -> int | Refusal:
        """Return the links between two neighbours of a dimension: what its connect asks for, else 1."""
        connect = next(each for each in self.connects if each.dimension == dimension)
        slot = connect.parallel
        if slot.value is not None:
            return slot.value
        least = min(slot.options) if slot.options else max(slot.lower or 1, 1)
        if allows(slot, least):
            return least
        return Refusal(
            "parallel-not-possible",
            f"no number of parallel links is allowed on `{connect.a}.{dimension} -- {connect.z}.{dimension}` of "
            f"`{self.fabric.name}`",
            slot.span or connect.origin.span,
            helps=("loosen `parallel`, or leave it out: then it is 1",),
        )

    def fits(self, down: int, peers: Sequence[int]) -> bool:
        """Tell whether the switch has the ports: `down` for endpoints, `peers` for each dimension."""
        return peer_places(self.box, down, peers) is not None

    def refuse(self, name: str, message: str, parameter: str, helps: tuple[str, ...]) -> Refusal:
        """Return a refusal told at a parameter, or at the fabric where the author did not write it."""
        given = self.fabric.parameters.get(parameter)
        return Refusal(name, message, self.fabric.origin.span if given is None else given.span, helps=helps)


def peer_places(box: Box, down: int, peers: Sequence[int]) -> tuple[int, tuple[int, ...]] | None:
    """Return the ports to keep for other switches, and where those of each dimension begin among them.

    Each dimension begins at a new cage where the box has room for that; else its ports follow those of the one
    before. None when the box has too few ports.
    """
    whole = [-(-ports // box.per_up) * box.per_up for ports in peers] if box.per_up else list(peers)
    for sizes in (whole, list(peers)):
        if box.fits(down, sum(sizes)):
            return sum(sizes), tuple(sum(sizes[:at]) for at in range(len(sizes)))
    return None
