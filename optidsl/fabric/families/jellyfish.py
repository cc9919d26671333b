"""Jellyfish networks: switches joined at random, each to as many others."""

from __future__ import annotations

from functools import lru_cache

from optidsl._record import record
from optidsl.diag import InternalError
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.measured import MOST_SWITCHES, diameter, narrowest_cut
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.families.population import asked
from optidsl.fabric.families.random_graph import regular_graph
from optidsl.fabric.families.ranked import ranked_ties
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.fabric.tables import I32

_SEED = 1


@record(frozen=True, slots=True)
class Jellyfish:
    """A random regular graph of switches with `degree` neighbours each; `seed` says which.

    Source: Singla, Hong, Popa, Godfrey, Jellyfish: Networking Data Centers Randomly (NSDI 2012), section 3.
    """

    down: int
    switches: int
    degree: int
    seed: int = _SEED
    parallel: int = 1

    @property
    def groups(self) -> int:
        """One."""
        return 1

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Links of floor(N r / 2) pairs; a port stays free when N r is odd."""
        links = self.switches * self.degree // 2 * self.parallel
        return (Dimension("random", self.degree * self.parallel, links),)

    @property
    def diameter(self) -> int:
        """Measured on this graph."""
        return _measured(self.switches, self.degree, self.seed)[0]

    @property
    def disjoint_paths(self) -> int | None:
        """Measured on this graph; None where it is too large."""
        found = _measured(self.switches, self.degree, self.seed)[1]
        return None if found is None else found * self.parallel

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """Neighbours of a switch, and the seed."""
        return (("degree", self.degree), ("seed", self.seed))

    def halves(self) -> None:
        """Return None: the bisection of a random graph has no closed form."""

    def links(self, dimension: int) -> Ties:
        """Return the links of the graph."""
        low, high = regular_graph(self.switches, self.degree, self.seed)
        return ranked_ties(low, high, self.switches, self.parallel)

    def group_of(self) -> I32 | None:
        """Return None: there are no groups."""
        return None


@lru_cache(maxsize=4)
def _measured(switches: int, degree: int, seed: int) -> tuple[int, int | None]:
    low, high = regular_graph(switches, degree, seed)
    longest = diameter(low, high, switches)
    if longest is None:
        raise InternalError(f"a random graph of {switches} switches came out in parts")
    return longest, narrowest_cut(low, high, switches, longest)


# ------------------------------------------------------------------ sizes


def _network(ask: NetworkAsk) -> Jellyfish | Refusal:
    parallel, count = ask.parallel("random"), asked(ask)
    if isinstance(parallel, Refusal):
        return parallel
    if isinstance(count, Refusal):
        return count
    degree, down = ask.number("degree"), ask.tier.down.value
    if count is None:
        if down is None and degree is None:
            return _open_refusal(ask)
        down = down or _most_down(ask, (degree or 0) * parallel)
        count = max(2, (degree or 0) + 1, -(-ask.ports // max(down, 1)))
    down = down or -(-ask.ports // count)
    degree = degree or _most_degree(ask, down, count, parallel)
    seed = ask.number("seed")
    made = Jellyfish(down, count, degree, _SEED if seed is None else seed, parallel)
    return _degree_refusal(ask, made) or _size_refusal(ask, made) or made


def _most_down(ask: NetworkAsk, peers: int) -> int:
    most = ask.box.cages * ask.box.per_down
    return next((down for down in range(most, 0, -1) if ask.fits(down, (peers,))), 1)


def _most_degree(ask: NetworkAsk, down: int, count: int, parallel: int) -> int:
    """Return the neighbours that a switch has ports for beside its endpoints, all other switches at most."""
    most = min(count - 1, ask.box.cages * ask.box.per_up // parallel)
    return next((degree for degree in range(most, 0, -1) if ask.fits(down, (degree * parallel,))), 1)


def _open_refusal(ask: NetworkAsk) -> Refusal:
    return ask.refuse(
        "degree-not-possible",
        f"nothing says how large `{ask.fabric.name}` is: neither its switches, nor their neighbours, nor their "
        "endpoints",
        "degree",
        (f"write `degree = …`, or `count` or `down` in tier `{ask.tier.name}`",),
    )


def _degree_refusal(ask: NetworkAsk, made: Jellyfish) -> Refusal | None:
    count, degree = made.switches, made.degree
    switches = count_of(count, "switch", "switches")
    if degree >= count:
        message = f"a switch of `{ask.fabric.name}` has {degree} neighbours, and there are {switches}"
        return ask.refuse(
            "degree-not-possible",
            message,
            "degree",
            (f"set `degree = {count - 1}` or less, or `count = {degree + 1}`",),
        )
    if degree < 2 < count:
        message = f"{switches} of `{ask.fabric.name}` with {count_of(degree, 'neighbour')} each would fall apart"
        return ask.refuse("degree-not-possible", message, "degree", ("set `degree = 2` or more",))
    return None


def _size_refusal(ask: NetworkAsk, made: Jellyfish) -> Refusal | None:
    if made.switches <= MOST_SWITCHES:
        return None
    return Refusal(
        "count-not-possible",
        f"`{ask.fabric.name}` has {made.switches:,} switches, and the longest path of a random network is measured for "
        f"{MOST_SWITCHES:,} at most",
        ask.tier.count.span or ask.fabric.origin.span,
        helps=(f"set `count = {MOST_SWITCHES}` or less, or a larger `down`",),
    )


FAMILY = Direct(
    _network,
    "The ports of a switch: endpoints, then other switches; port K j + k is the k-th of the K links to the j-th of its "
    "neighbours, in their order.",
)
