"""Physical cables of a plan: most serve one link; a direct-attach cable between whole cages serves all of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.emit.ends import all_ports, port_rows, take
from optidsl.emit.wording import natural_key
from optidsl.plan.model import Plan, PortColumns

Rows = NDArray[np.intp]
PortWord = Callable[[Sequence[tuple[PortColumns, int]]], str]


@record(frozen=True, slots=True)
class Cables:
    """The cables, sorted by A end, then Z end, numbers in names by their value; shape `(n_cables,)`.

    Attributes:
        ids: `device:port--device:port`, made of the names of both ends and of nothing else, so that a design that
            grows renames no cable. A cable with several ports at an end has `port+port`.
        first: the link (of the lowest port) that a cable serves.
        shared: the cables that serve several links, and all links of each by port.
    """

    ids: tuple[str, ...]
    first: Rows
    shared: dict[int, list[int]]


def cables_of(plan: Plan) -> Cables:
    """Return the cables of a plan."""
    first, shared = _bundled(plan)
    unsorted = Cables((), first, shared)
    ends = [end_words(plan, unsorted, end, port_names) for end in "az"]
    devices = (take(plan.devices.name, plan.links.a_device[first]), take(plan.devices.name, plan.links.z_device[first]))
    columns = zip(devices[0], ends[0], devices[1], ends[1], strict=True)
    ids = [f"{a}:{a_port}--{z}:{z_port}" for a, a_port, z, z_port in columns]
    order = np.lexsort([_natural_ranks(column) for column in (ends[1], devices[1], ends[0], devices[0])]).tolist()
    place = {cable: row for row, cable in enumerate(order)} if shared else {}
    moved = {place[cable]: links for cable, links in shared.items()}
    return Cables(tuple(ids[row] for row in order), first[np.array(order, dtype=np.intp)], moved)


def _natural_ranks(names: list[str]) -> NDArray[np.int64]:
    """Return the rank of each name among all, alike names alike."""
    rank = {name: place for place, name in enumerate(sorted(set(names), key=natural_key))}
    return np.array([rank[name] for name in names], dtype=np.int64)


def _bundled(plan: Plan) -> tuple[Rows, dict[int, list[int]]]:
    """Return the first link of every cable, in the order of links, and the links of those that serve several."""
    links = plan.links
    wide = [_takes_a_cage(plan, row) for row in range(len(plan.classes))]
    n = len(links.segment)
    if not any(wide):
        return np.arange(n), {}
    cages = np.array([ports.cage[index] for ports, index in all_ports(plan)], dtype=np.int64)
    keys = np.stack(
        [
            links.a_device.astype(np.int64),
            cages[port_rows(plan, links.a_device, links.a_port)],
            links.z_device.astype(np.int64),
            cages[port_rows(plan, links.z_device, links.z_port)],
            np.where(np.array(wide, dtype=np.bool_)[links.link_class], -1, np.arange(n)),
        ]
    )
    by_port = np.argsort(links.a_port, kind="stable")
    _, index, cable, count = np.unique(
        keys[:, by_port], axis=1, return_index=True, return_inverse=True, return_counts=True
    )
    found, shared = by_port[index], {}
    members = by_port[np.argsort(cable, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(count)])
    for row in np.flatnonzero(count > 1).tolist():
        shared[row] = members[starts[row] : starts[row + 1]].tolist()
    return found, shared


def _takes_a_cage(plan: Plan, link_class: int) -> bool:
    direct = plan.classes[link_class].direct
    bores = plan.parts[direct].facts.get("bores") if direct else None
    return bores is not None and isinstance(bores.value, int) and bores.value > 1


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
