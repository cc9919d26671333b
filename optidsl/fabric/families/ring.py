"""Rings and stars of switches."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.grids import ring_ties
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.families.population import population
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import I32


@record(frozen=True, slots=True)
class Ring:
    """Switches in a ring, every two neighbours joined by `parallel` links; two switches are one hop, no ring.

    Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), section 5.1.
    """

    down: int
    switches: int
    parallel: int

    @property
    def groups(self) -> int:
        """One."""
        return 1

    @property
    def _pairs(self) -> int:
        return self.switches if self.switches > 2 else self.switches - 1

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The links of the ring."""
        ways = min(2, self.switches - 1)
        return (Dimension("ring", ways * self.parallel, self._pairs * self.parallel),)

    @property
    def diameter(self) -> int:
        """Half of the ring."""
        return self.switches // 2

    @property
    def disjoint_paths(self) -> int:
        """Both ways round."""
        return min(2, self.switches - 1) * self.parallel

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """None but the switches."""
        return ()

    def halves(self) -> tuple[int, ...]:
        """Return the links cut when the ring falls into two runs."""
        return (min(2, self.switches - 1) * self.parallel,)

    def links(self, dimension: int) -> Ties:
        """Return the links of the ring."""
        return ring_ties((self.switches,), 0, self.parallel, is_closed=True)

    def group_of(self) -> I32 | None:
        """Return None: there are no groups."""
        return None


@record(frozen=True, slots=True)
class Star:
    """A switch in the centre, the first, and others that are each joined to it by `parallel` links."""

    down: int
    switches: int
    parallel: int

    @property
    def groups(self) -> int:
        """One."""
        return 1

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The links of the centre; a star of one switch has none."""
        links = (self.switches - 1) * self.parallel
        return (Dimension("spoke", links, links),) if links else ()

    @property
    def diameter(self) -> int:
        """Through the centre."""
        return min(2, self.switches - 1)

    @property
    def disjoint_paths(self) -> int:
        """The links of a switch that is not the centre."""
        return self.parallel if self.switches > 1 else 0

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """None but the switches."""
        return ()

    def halves(self) -> tuple[int, ...]:
        """Return the links between the centre with half of the others, and the other half."""
        return (self.switches // 2 * self.parallel,) if self.switches > 1 else ()

    def links(self, dimension: int) -> Ties:
        """Return the links of the centre: its port `parallel * (s - 1) + k` is the k-th to switch s."""
        spokes = (self.switches - 1) * self.parallel
        port = np.arange(spokes, dtype=np.int64)
        return Ties(np.zeros(spokes, np.int64), port, 1 + port // self.parallel, port % self.parallel)

    def group_of(self) -> I32 | None:
        """Return None: there are no groups."""
        return None


def _network(ask: NetworkAsk) -> Ring | Star | Refusal:
    is_ring = ask.fabric.kind == "ring"
    parallel = ask.parallel("ring" if is_ring else "spoke")
    if isinstance(parallel, Refusal):
        return parallel
    if is_ring:
        found = population(ask, lambda switches: min(2, switches - 1) * parallel)
        return found if isinstance(found, Refusal) else Ring(found[1], found[0], parallel)
    found = population(ask, lambda switches: (switches - 1) * parallel, least=1)
    return found if isinstance(found, Refusal) else Star(found[1], found[0], parallel)


FAMILY = Direct(
    _network,
    "The ports of a switch: endpoints, then other switches. In a ring first the links to the next switch, then those "
    "to the one before; in a star the first switch is the centre, and its ports lead to the others in their order.",
)
