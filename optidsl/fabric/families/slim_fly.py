"""Slim Flies: networks of diameter 2 near the Moore bound, by McKay, Miller and Siran, over any finite field."""

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


@record(frozen=True, slots=True)
class SlimFly:
    """A Slim Fly over GF(order): `order` groups of twice as many switches, every two groups joined by as many links.

    Group x holds the switches (0, x, y) and then (1, x, c), for y and c in the field. (0, x, y) and (1, m, c) are
    joined when y = m x + c, (0, x, y) and (0, x, y') when y - y' is in X, (1, m, c) and (1, m, c') when c - c' is in
    X'. With order = 4 w + d, d in {-1, 0, 1}: X are the even powers of a primitive element, X' the odd ones; for
    d = -1 those below 2 w - 1, and their negatives.

    Source: McKay, Miller, Siran, A note on large graphs of diameter two and given maximum degree (JCTB 74, 1998);
    Hafner, Geometric realisation of the graphs of McKay-Miller-Siran (JCTB 90, 2004); Besta and Hoefler, Slim Fly: A
    Cost Effective Low-Diameter Network Topology (SC 2014), section II; Blach et al., A High-Performance Design,
    Implementation, Deployment, and Evaluation of the Slim Fly Network (NSDI 2024): a group is a rack.
    """

    down: int
    order: int
    local_parallel: int = 1
    global_parallel: int = 1

    @property
    def switches(self) -> int:
        """Switches: 2 q^2."""
        return 2 * self.order**2

    @property
    def groups(self) -> int:
        """Groups: q."""
        return self.order

    @property
    def delta(self) -> int:
        """The d of q = 4 w + d."""
        return self.order - 4 * ((self.order + 1) // 4)

    @property
    def local_degree(self) -> int:
        """Neighbours of a switch in its group: those by X or X', and one of the other half."""
        return (self.order - self.delta) // 2 + 1

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """`local` in groups, `global` between them."""
        return tuple(
            Dimension(name, degree * parallel, self.switches * degree * parallel // 2)
            for name, degree, parallel in (
                ("local", self.local_degree, self.local_parallel),
                ("global", self.order - 1, self.global_parallel),
            )
        )

    @property
    def diameter(self) -> int:
        """Two, of every order that there is."""
        return 2

    @property
    def disjoint_paths(self) -> int | None:
        """The links of a switch; not known where the dimensions have unlike numbers of parallel links.

        Source: Plesnik, Critical graphs of given diameter (1975): diameter 2 gives edge connectivity of the degree.
        """
        if self.local_parallel != self.global_parallel:
            return None
        return (self.local_degree + self.order - 1) * self.local_parallel

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """The order of the field."""
        return (("order", self.order),)

    def halves(self) -> None:
        """Return None: no closed form of the bisection is known."""

    def generators(self) -> tuple[I64, I64]:
        """Return X and X'."""
        powers, half = galois_field(self.order).powers, (self.order - 1) // 2
        if self.delta >= 0:
            exponents = [np.arange(start, self.order - 1 + start, 2) for start in (0, 1)]
        else:  # the power `half` is -1
            low = [np.arange(start, half + start, 2) for start in (0, 1)]
            exponents = [np.concatenate([each, each + half]) for each in low]
        first, second = (powers[each % (self.order - 1)] for each in exponents)
        return first, second

    def links(self, dimension: int) -> Ties:
        """Return the links in groups (0), or between them (1)."""
        a, z = self._across()
        is_local = a // (2 * self.order) == z // (2 * self.order)
        if dimension == 1:
            return ranked_ties(a[~is_local], z[~is_local], self.switches, self.global_parallel)
        near = [self._inside(half, steps) for half, steps in enumerate(self.generators())]
        columns = [np.concatenate([each[end] for each in (*near, (a[is_local], z[is_local]))]) for end in (0, 1)]
        return ranked_ties(columns[0], columns[1], self.switches, self.local_parallel)

    def _inside(self, half: int, steps: I64) -> tuple[I64, I64]:
        """Return the pairs of one half of every group whose difference is among the steps."""
        add = galois_field(self.order).add
        low = np.repeat(np.arange(self.order), len(steps))
        high = add[low, np.tile(steps, self.order)]
        is_first = low < high
        base = np.arange(self.order)[:, None] * 2 * self.order + half * self.order
        return (base + low[is_first]).ravel(), (base + high[is_first]).ravel()

    def _across(self) -> tuple[I64, I64]:
        """Return the pairs of switches (0, x, m x + c) and (1, m, c), the lower switch first."""
        field, q = galois_field(self.order), self.order
        x, m, c = (each.ravel() for each in np.meshgrid(*(np.arange(q),) * 3, indexing="ij"))
        one = x * 2 * q + field.add[field.mul[m, x], c]
        other = m * 2 * q + q + c
        return np.minimum(one, other), np.maximum(one, other)

    def group_of(self) -> I32 | None:
        """Return the group of every switch."""
        return (np.arange(self.switches) // (2 * self.order)).astype(np.int32)


def is_order(number: int) -> bool:
    """Tell whether there is a Slim Fly of that order: a prime power from 3 that is not 2 more than a multiple of 4."""
    return number > 2 and prime_power(number) is not None


ORDERS = Orders(
    3, is_order, lambda q: 2 * q * q, lambda q: (3 * q - SlimFly(1, q).delta) // 2, "a prime power from 3 on"
)


def _network(ask: NetworkAsk) -> SlimFly | Refusal:
    local, distant = ask.parallel("local"), ask.parallel("global")
    if isinstance(local, Refusal):
        return local
    if isinstance(distant, Refusal):
        return distant
    found = order_of(ask, ORDERS)
    if isinstance(found, Refusal):
        return found
    order, down = found
    return SlimFly(down, order, local, distant)


FAMILY = Direct(
    _network,
    "The ports of a switch: endpoints, then its group, then other groups. Local port K j + k is the k-th of the K "
    "links to the j-th of its neighbours in the group, in their order; global port K j + k is the k-th to the j-th of "
    "the other groups.",
)
