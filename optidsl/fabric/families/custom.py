"""Custom networks: the links that the author states, and figures measured on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from optidsl._record import record
from optidsl.fabric.families.custom_ports import link_refusal, most_links, places_by_name
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.measured import MOST_SWITCHES, diameter, narrowest_cut, parts
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.families.population import asked
from optidsl.fabric.refusal import Refusal, count_of, words
from optidsl.fabric.tables import I32
from optidsl.sema.design import Fabric, StatedLinks


@record(frozen=True, slots=True)
class _Link:
    """A link, its lower switch first: switches from 0, the names of their ports ("": none is named), its statement."""

    switches: tuple[int, int]
    names: tuple[str, str]
    stated: StatedLinks


@record(frozen=True, slots=True)
class Custom:
    """A network of stated links; `ports` is one more than the last port that a switch uses for them."""

    down: int
    switches: int
    ports: int
    ties: Ties
    diameter: int
    disjoint_paths: int | None

    @property
    def groups(self) -> int:
        """One."""
        return 1

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The stated links."""
        return (Dimension("link", self.ports, len(self.ties.a)),)

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """A number that goes with the stated links and, very likely, with no others: the plan is checked against it."""
        order = np.lexsort((self.ties.z, self.ties.a))
        pairs = np.stack([self.ties.a[order], self.ties.z[order]], axis=1)
        return (("fingerprint", crc32(pairs.astype("<i8").tobytes())),)

    def halves(self) -> None:
        """Return None: the bisection of any graph has no closed form."""

    def links(self, dimension: int) -> Ties:
        """Return the stated links."""
        return self.ties

    def group_of(self) -> I32 | None:
        """Return None: there are no groups."""
        return None


def _network(ask: NetworkAsk) -> Custom | Refusal:
    count = asked(ask)
    if isinstance(count, Refusal):
        return count
    stated = ask.fabric.links
    if not stated:
        return _none_refusal(ask)
    last = max(max(*each.a, *each.z) for each in stated)
    switches = count or max(2, last)
    refusal = _numbers_refusal(ask, stated, switches)
    if refusal is not None:
        return refusal
    refusal = _many_refusal(ask, stated)
    if refusal is not None:
        return refusal
    links = [link for each in stated for link in _rows(each)]
    down = ask.tier.down.value or -(-ask.ports // switches)
    place_of = places_by_name(ask, down)
    if isinstance(place_of, Refusal):
        return place_of
    ties = _ties(ask, links, place_of)
    return ties if isinstance(ties, Refusal) else _measured(ask, down, switches, ties)


def _rows(stated: StatedLinks) -> Iterator[_Link]:
    """Yield the links of a statement; between switches of one set each pair has them once."""
    is_set = set(stated.a) == set(stated.z)
    for a in stated.a:
        for z in stated.z:
            if is_set and a >= z:
                continue
            for lane in range(stated.parallel):
                names = [each[lane] if each else "" for each in (stated.a_ports, stated.z_ports)]
                if a < z:
                    yield _Link((a - 1, z - 1), (names[0], names[1]), stated)
                else:
                    yield _Link((z - 1, a - 1), (names[1], names[0]), stated)


def stated_lengths(fabric: Fabric) -> list[int | None]:
    """Return what is stated of the length of every link of a plane in mm, in the order of its rows."""
    return [each.length_mm for each in fabric.links for _ in _rows(each)]


def _ties(ask: NetworkAsk, links: Sequence[_Link], place_of: dict[str, int]) -> Ties | Refusal:
    """Give every end its port: the one named, else the lowest of the switch that nothing has, in the order written."""
    named: dict[tuple[int, int], int] = {}
    taken: set[tuple[int, int]] = set()
    for at, link in enumerate(links):
        for end, (switch, name) in enumerate(zip(link.switches, link.names, strict=True)):
            if not name:
                continue
            refusal = _name_refusal(ask, link, name, place_of)
            if refusal is not None:
                return refusal
            if (switch, place_of[name]) in taken:
                what = f"port `{name}` of {ask.tier.name} {switch + 1} in `{ask.fabric.name}` has two links"
                return link_refusal(what, link.stated, ("a port has one cable: name another",))
            taken.add((switch, place_of[name]))
            named[at, end] = place_of[name]
    free: dict[int, int] = {}
    columns = np.empty((4, len(links)), np.int64)
    for at, link in enumerate(links):
        for end, switch in enumerate(link.switches):
            place = named.get((at, end), -1)
            if place < 0:
                place = free.get(switch, 0)
                while (switch, place) in taken:
                    place += 1
                free[switch] = place + 1
            columns[2 * end, at], columns[2 * end + 1, at] = switch, place
    return Ties(columns[0], columns[1], columns[2], columns[3])


def _name_refusal(ask: NetworkAsk, link: _Link, name: str, place_of: dict[str, int]) -> Refusal | None:
    if name in place_of:
        return None
    message = f"port `{name}` of `{ask.box.model.name}` is not among those to other switches in `{ask.fabric.name}`"
    return link_refusal(message, link.stated, (f"those are {words(_shown(list(place_of)), 'and')}",))


def _shown(names: Sequence[str]) -> list[str]:
    return [*names[:6], f"{len(names) - 6} more"] if len(names) > 7 else list(names)


def _measured(ask: NetworkAsk, down: int, switches: int, ties: Ties) -> Custom | Refusal:
    longest = diameter(ties.a, ties.z, switches)
    if longest is None:
        lone = int(parts(ties.a, ties.z, switches)[0])
        tier = ask.tier.name
        return link_refusal(
            f"no path leads from {tier} 1 to {tier} {lone + 1} in `{ask.fabric.name}`",
            ask.fabric.links[0],
            (f"join them: `connect {tier}[1] -- {tier}[{lone + 1}]`",),
        )
    ports = int(max(ties.a_port.max(), ties.z_port.max())) + 1
    return Custom(down, switches, ports, ties, longest, narrowest_cut(ties.a, ties.z, switches, longest))


def _none_refusal(ask: NetworkAsk) -> Refusal:
    tier = ask.tier.name
    return Refusal(
        "link-not-possible",
        f"`{ask.fabric.name}` is of kind custom, and states no link",
        ask.fabric.origin.span,
        helps=(f"write `connect {tier}[1] -- {tier}[2]` for every link",),
    )


def _numbers_refusal(ask: NetworkAsk, stated: Sequence[StatedLinks], switches: int) -> Refusal | None:
    tier = ask.tier.name
    if switches > MOST_SWITCHES:
        message = f"`{ask.fabric.name}` has {switches:,} switches, and a custom network is measured up to"
        return link_refusal(f"{message} {MOST_SWITCHES:,}", stated[0], ("use one of the other kinds",))
    for each in stated:
        beyond = next((number for number in (*each.a, *each.z) if not 1 <= number <= switches), None)
        if beyond is not None:
            return link_refusal(
                f"`{ask.fabric.name}` has {count_of(switches, tier, tier + 's')}, numbered from 1: there is no "
                f"{tier} {beyond}",
                each,
                (f"set `count = {beyond}` in tier `{tier}`",) if beyond > 0 else (),
            )
        twice = next((number for side in (each.a, each.z) for number, n in Counter(side).items() if n > 1), None)
        if twice is not None:
            return link_refusal(f"{tier} {twice} of `{ask.fabric.name}` is named twice at one end", each, ())
        both = set(each.a) & set(each.z)
        if both and (set(each.a) != set(each.z) or len(both) == 1):
            return link_refusal(f"{tier} {min(both)} of `{ask.fabric.name}` is linked to itself", each, ())
    return None


def _many_refusal(ask: NetworkAsk, stated: Sequence[StatedLinks]) -> Refusal | None:
    """Refuse more links than a switch has ports before any is laid."""
    switch, most = most_links(stated)
    ports = ask.box.cages * ask.box.per_up
    if most <= ports:
        return None
    busy = next(each for each in stated if switch in (*each.a, *each.z))
    return Refusal(
        "radix-exceeded",
        f"{ask.tier.name} {switch} of `{ask.fabric.name}` has {count_of(most, 'link')}, and a `{ask.box.model.name}` "
        f"{count_of(ports, 'port')}",
        busy.span,
        helps=("state fewer links, or name a model with more ports",),
    )


FAMILY = Direct(
    _network,
    "The ports of a switch: endpoints, then stated links; a link has the ports that it names, others the lowest that "
    "are left, in the order written.",
)
