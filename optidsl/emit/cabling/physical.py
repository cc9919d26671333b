"""Physical cables of a plan: most serve one link; a direct-attach cable between whole cages serves all of theirs.

Of a cable with several far ends every leg is an entry of its own, under the one id of the cable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import field, record
from optidsl.emit.cabling.legs import LETTERS, Assembly, assemblies_of, assembly_id
from optidsl.emit.ends import all_ports, port_rows, take
from optidsl.emit.wording import natural_key
from optidsl.plan.assemblies import cables_of_links, legs_of_links
from optidsl.plan.model import Plan, PortColumns

Rows = NDArray[np.intp]
PortWord = Callable[[Sequence[tuple[PortColumns, int]]], str]


@record(frozen=True, slots=True)
class Cables:
    """The cables, sorted by A end, then Z end, numbers in names by their value; shape `(n_cables,)`.

    The legs of a cable with several far ends are entries of their own, together, in the order of their letters.

    Attributes:
        ids: `device:port--device:port`, made of the names of both ends and of nothing else, so that a design that
            grows renames no cable. A cable with several ports at an end has `port+port`; one with several far ends
            is named by its near end alone, `device:port+port`.
        first: the link (of the lowest port) that a cable serves.
        shared: the cables that serve several links, and all links of each by port.
        legs: the letter of each leg; "" of a cable with one far end. None where the plan has no other.
        assemblies: the cables with several far ends, by the entry of their first leg in use.
    """

    ids: tuple[str, ...]
    first: Rows
    shared: dict[int, list[int]]
    legs: tuple[str, ...] | None = None
    assemblies: dict[int, Assembly] = field(default_factory=dict)


def cables_of(plan: Plan) -> Cables:
    """Return the cables of a plan."""
    first, shared = _bundled(plan)
    unsorted = Cables((), first, shared)
    ends = [end_words(plan, unsorted, end, port_names) for end in "az"]
    devices = (take(plan.devices.name, plan.links.a_device[first]), take(plan.devices.name, plan.links.z_device[first]))
    columns = zip(devices[0], ends[0], devices[1], ends[1], strict=True)
    ids = [f"{a}:{a_port}--{z}:{z_port}" for a, a_port, z, z_port in columns]
    keys = [_natural_ranks(column) for column in (ends[1], devices[1], ends[0], devices[0])]
    order = np.lexsort(keys)
    assemblies = assemblies_of(plan)
    if assemblies:
        return _with_legs(plan, ids, first, order, shared, assemblies)
    place = {cable: row for row, cable in enumerate(order.tolist())} if shared else {}
    moved = {place[cable]: links for cable, links in shared.items()}
    return Cables(tuple(ids[row] for row in order.tolist()), first[order], moved)


def _with_legs(
    plan: Plan, ids: list[str], first: Rows, order: Rows, shared: dict[int, list[int]], assemblies: list[Assembly]
) -> Cables:
    """Put the legs of a cable together where the first of them stands, and name them by their cable."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    entry = {link: row for row, link in enumerate(first.tolist())}
    legs, leg_of = [""] * len(ids), np.zeros(len(ids), dtype=np.int64)
    for assembly in assemblies:
        rows = [(leg, entry[link]) for leg, link in enumerate(assembly.links) if link >= 0]
        together = min(int(rank[row]) for _, row in rows)
        for leg, row in rows:
            ids[row], legs[row] = assembly_id(plan, assembly), LETTERS[leg]
            rank[row], leg_of[row] = together, leg
    final = np.lexsort((leg_of, rank)).tolist()
    place = {row: at for at, row in enumerate(final)}
    return Cables(
        tuple(ids[row] for row in final),
        first[np.array(final, dtype=np.intp)],
        {place[cable]: links for cable, links in shared.items()},
        tuple(legs[row] for row in final),
        {place[entry[assembly.first]]: assembly for assembly in assemblies},
    )


def _natural_ranks(names: list[str]) -> NDArray[np.int64]:
    """Return the rank of each name among all, alike names alike."""
    rank = {name: place for place, name in enumerate(sorted(set(names), key=natural_key))}
    return np.array([rank[name] for name in names], dtype=np.int64)


def _bundled(plan: Plan) -> tuple[Rows, dict[int, list[int]]]:
    """Return the first link of every cable or leg, and the links of the cables that serve several."""
    n = len(plan.links.segment)
    numbers = np.where(legs_of_links(plan) >= 0, n + np.arange(n), cables_of_links(plan))
    by_port = np.argsort(plan.links.a_port, kind="stable")
    _, index, cable, count = np.unique(numbers[by_port], return_index=True, return_inverse=True, return_counts=True)
    found, shared = by_port[index], {}
    members = by_port[np.argsort(cable, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(count)])
    for row in np.flatnonzero(count > 1).tolist():
        shared[row] = members[starts[row] : starts[row + 1]].tolist()
    return found, shared


# ------------------------------------------------------------------ words of the ports at an end


def end_words(plan: Plan, cables: Cables, end: str, word: PortWord) -> list[str]:
    """Return a word on the ports of every cable at its end `a` or `z`, in the order of the cables.

    Args:
        plan: The plan.
        cables: Its cables.
        end: `a` or `z`.
        word: Makes the word of the ports of one cable; is called once for each port that is alone on its cable.
    """
    links = plan.links
    device, port = (links.a_device, links.a_port) if end == "a" else (links.z_device, links.z_port)
    flat = all_ports(plan)
    words = take([word([one]) for one in flat], port_rows(plan, device[cables.first], port[cables.first]))
    for cable, members in cables.shared.items():
        rows = port_rows(plan, device[members], port[members])
        words[cable] = word(take(flat, rows))
    return words


def port_names(ports: Sequence[tuple[PortColumns, int]]) -> str:
    """Return the names of the ports of a cable, joined by `+`."""
    return "+".join([columns.name[index] for columns, index in ports])
