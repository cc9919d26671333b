"""The algebra of a BCube: servers whose ports each join them to those that differ in one digit of their address."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.fabric.tables import I64


@record(frozen=True, slots=True)
class BCube:
    """One plane of a BCube: `cubes` of the `ports` cubes of the level below, joined by a full top level of switches.

    Server s has the digits s = a0 + ports * (a1 + ports * (a2 + …)), one for each level; its port i leads to the switch
    of level i that all servers share whose other digits are the same, at port a_i. With `cubes` = `ports` it is whole,
    else partial.

    Source: Guo, Lu, Li, Wu, Zhang, Shi, Tian, Zhang, Lu, BCube: A High Performance, Server-centric Network Architecture
    for Modular Data Centers (SIGCOMM 2009), sections 3.1 and 5.3 (partial BCubes).
    """

    ports: int
    levels: int
    cubes: int

    @property
    def servers(self) -> int:
        """Servers."""
        found: int = self.cubes * self.ports ** (self.levels - 1)
        return found

    @property
    def counts(self) -> tuple[int, ...]:
        """Switches of every level, lowest first."""
        return (*(self.servers // self.ports for _ in range(self.levels - 1)), self.ports ** (self.levels - 1))

    @property
    def links(self) -> int:
        """Links of all levels."""
        return self.servers * self.levels

    @property
    def diameter(self) -> int:
        """Switches between the farthest servers: they differ in every digit."""
        return self.levels

    @property
    def disjoint_paths(self) -> int:
        """Paths without a common link between any two servers, one for each of their ports.

        Source: Guo et al. (2009), theorem 3 (parallel paths).
        """
        return self.levels if self.servers > 1 else 0

    def halves(self) -> int | None:
        """Return the links cut when half of the cubes are parted from the others; None where they are odd in number.

        A top switch carries as many links across as it has on either side. Where the cubes are odd in number, cuts
        through one of them are narrower, and how narrow is not known.

        Source: Bhuyan and Agrawal, Generalized Hypercube and Hyperbus Structures for a Computer Network (1984), of
        which a BCube is one with switches for lines.
        """
        return None if self.cubes % 2 and self.levels > 1 else self.servers // 2

    def switch_of(self, level: int) -> I64:
        """Return the switch of a level that every server is at, shape `(servers,)`."""
        server = np.arange(self.servers, dtype=np.int64)
        low = self.ports**level
        found: I64 = server // (low * self.ports) * low + server % low
        return found

    def port_of(self, level: int) -> I64:
        """Return the port of the switch of a level that every server has, shape `(servers,)`."""
        found: I64 = np.arange(self.servers, dtype=np.int64) // self.ports**level % self.ports
        return found
