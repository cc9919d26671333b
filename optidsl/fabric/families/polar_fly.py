"""PolarFlies: the polarity graphs of Erdos and Renyi, over any finite field."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.galois import galois_field, prime_power
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.families.orders import Orders, order_of
from optidsl.fabric.families.ranked import ranked_ties
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import I32, I64

_CHUNK = 256
"""Points whose lines are found at once."""


@record(frozen=True, slots=True)
class PolarFly:
    """The points of the projective plane over GF(order), joined where their vectors are orthogonal.

    Switches are the points (1, y, z) in the order of y and z, then (0, 1, z), then (0, 0, 1). The order + 1 points
    that are orthogonal to themselves, the quadrics, have a neighbour less.

    Source: Erdos, Renyi, Sos, On a problem of graph theory (1966); Brown (1966); Lakhotia et al., PolarFly: A
    Cost-Effective and Flexible Low-Diameter Topology (SC 2022).
    """

    down: int
    order: int
    parallel: int = 1

    @property
    def switches(self) -> int:
        """Switches: q^2 + q + 1."""
        return self.order**2 + self.order + 1

    @property
    def groups(self) -> int:
        """One."""
        return 1

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Links between orthogonal points: q (q + 1)^2 / 2 pairs."""
        q = self.order
        return (Dimension("polar", (q + 1) * self.parallel, q * (q + 1) ** 2 // 2 * self.parallel),)

    @property
    def diameter(self) -> int:
        """Two: any two points are on one line, whose pole is joined to both."""
        return 2

    @property
    def disjoint_paths(self) -> int:
        """The links of a quadric.

        Source: Plesnik, Critical graphs of given diameter (1975): diameter 2 gives edge connectivity of the least
        degree.
        """
        return self.order * self.parallel

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """The order of the field."""
        return (("order", self.order),)

    def halves(self) -> None:
        """Return None: no closed form of the bisection is known."""

    def _points(self) -> I64:
        q = self.order
        number = np.arange(q * q, dtype=np.int64)
        z = np.arange(q, dtype=np.int64)
        return np.concatenate(
            [
                np.stack([np.ones_like(number), number // q, number % q], axis=1),
                np.stack([np.zeros_like(z), np.ones_like(z), z], axis=1),
                np.array([[0, 0, 1]], np.int64),
            ]
        )

    def links(self, dimension: int) -> Ties:
        """Return the links between orthogonal points."""
        field, points = galois_field(self.order), self._points()
        low: list[I64] = []
        high: list[I64] = []
        for start in range(0, len(points), _CHUNK):
            one = points[start : start + _CHUNK]
            terms = [field.mul[one[:, None, axis], points[None, start:, axis]] for axis in range(3)]
            a, z = np.nonzero(field.add[field.add[terms[0], terms[1]], terms[2]] == 0)
            low.append(start + a[a < z])
            high.append(start + z[a < z])
        return ranked_ties(np.concatenate(low), np.concatenate(high), self.switches, self.parallel)

    def group_of(self) -> I32 | None:
        """Return None: there are no groups."""
        return None


ORDERS = Orders(
    2,
    lambda number: prime_power(number) is not None,
    lambda q: q * q + q + 1,
    lambda q: q + 1,
    "a prime power",
)


def _network(ask: NetworkAsk) -> PolarFly | Refusal:
    parallel = ask.parallel("polar")
    if isinstance(parallel, Refusal):
        return parallel
    found = order_of(ask, ORDERS)
    return found if isinstance(found, Refusal) else PolarFly(found[1], found[0], parallel)


FAMILY = Direct(
    _network,
    "The ports of a switch: endpoints, then other switches; port K j + k is the k-th of the K links to the j-th of its "
    "neighbours, in their order.",
)
