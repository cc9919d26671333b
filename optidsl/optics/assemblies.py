"""Cables with several far ends: which links share one, and how long it must be.

An assembly has one near end, at a bore (fibre) or a whole cage (plugs on), and a leg for each of the ports it serves
there. Its legs have one length: the longest that any of them needs.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct_rows
from optidsl._record import record, replace
from optidsl.catalog.parts import DirectCable, FiberCable
from optidsl.diag import InternalError
from optidsl.optics.classify import ClassView
from optidsl.optics.tables import Candidate, Check
from optidsl.optics.text import plural
from optidsl.optics.verdict import verdict

I64 = NDArray[np.int64]
Hub = Literal["a", "z"]

_PORTS = 64
"""More than the ports of any cage: an assembly's number is its cage's times this, plus its place in the cage."""


@record(frozen=True, slots=True)
class Legs:
    """The assemblies that serve a class. Numbers are of the whole design, shape `(n_links,)` of the class.

    `required_mm` is what each link's assembly needs for its longest leg, -1 where a leg's length is not known.
    `is_first` marks the links that stand for their assembly: those with the lowest row of all its links.
    """

    number: I64
    required_mm: I64
    is_first: NDArray[np.bool_]


def near_ports(cable: FiberCable | DirectCable) -> int:
    """Return the ports that one cable serves at its near end: legs of a bore, or all ports of the cage."""
    return cable.ends if isinstance(cable, FiberCable) else max(cable.bores, cable.ends)


def legs_of(view: ClassView, hub: Hub, n_ports: int) -> Legs:
    """Group the links of a class, with those of other classes in the same cages, by assembly.

    Args:
        view: the class.
        hub: the side of the near end.
        n_ports: the ports of the near cage that one assembly serves.
    """
    ends, mine = view.wiring.ends, view.link_class.links
    cage, bore = (ends.a_cage, ends.a_bore) if hub == "a" else (ends.z_cage, ends.z_bore)
    rows = np.flatnonzero(_among(cage, (view.a if hub == "a" else view.z).cages))
    keys, first, where, _ = distinct_rows(cage[rows] * _PORTS + bore[rows] // n_ports)
    required = view.wiring.required_mm[rows]
    longest = np.full(len(keys), -1, dtype=np.int64)
    np.maximum.at(longest, where, required)
    longest[where[required < 0]] = -1
    at = where[np.searchsorted(rows, mine)]
    return Legs(keys[at], longest[at], rows[first[at]] == mine)


def view_of_legs(view: ClassView, candidate: Candidate) -> ClassView:
    """Return the class as the cables see it: with assemblies every link needs what its assembly needs."""
    hub, cable = candidate.hub, candidate.direct or candidate.fiber
    if hub == "" or cable is None:
        return view
    return stretched(view, legs_of(view, hub, near_ports(cable)))


def stretched(view: ClassView, legs: Legs) -> ClassView:
    """Return the class with the lengths of its assemblies."""
    known = legs.required_mm[legs.required_mm >= 0]
    low, high = (int(known.min()), int(known.max())) if known.size else (-1, -1)
    measured = replace(view.link_class, shortest_mm=low, longest_mm=high)
    return replace(view, link_class=measured, required_mm=legs.required_mm)


def first_links(view: ClassView, candidate: Candidate) -> NDArray[np.bool_]:
    """Return which links of a class stand for an assembly of their own or as the first of their assembly."""
    cable = candidate.direct or candidate.fiber
    if candidate.hub == "" or cable is None:
        raise InternalError(f"{candidate.name} has no legs")
    return legs_of(view, candidate.hub, near_ports(cable)).is_first


def splitter_check(view: ClassView, cable: FiberCable | DirectCable, hub: Hub) -> Check:
    """Check that a cage of near ends is a near end for all its links, and that a far end serves one port."""
    here, there = (view.a, view.z) if hub == "a" else (view.z, view.a)
    ends, n_ports = view.wiring.ends, near_ports(cable)
    if n_ports != cable.ends:
        what = f"a far end of {cable.name} would serve {n_ports // cable.ends} ports, and can only serve one"
        return verdict("splitter", False, what)
    other = ends.z_cage if hub == "a" else ends.a_cage
    is_clear = not bool(_among(other, here.cages).any())
    each = f"{cable.name} joins {plural(cable.ends, 'port')} of a {here.cage_label} to one {there.cage_label} each"
    return verdict("splitter", is_clear, each if is_clear else f"{each}; here some links of a cage run the other way")


def _among(values: I64, cages: I64) -> NDArray[np.bool_]:
    """Mark the values that are among ascending cage ids."""
    if not cages.size:
        return np.zeros(len(values), dtype=np.bool_)
    at = np.minimum(np.searchsorted(cages, values), len(cages) - 1)
    found: NDArray[np.bool_] = cages[at] == values
    return found
