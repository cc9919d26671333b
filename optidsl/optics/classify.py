"""Group the links into classes that one choice of parts serves, and find which classes share cages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct, distinct_rows
from optidsl._record import record
from optidsl.catalog.rules import Use
from optidsl.diag import InternalError
from optidsl.fabric.tables import FabricTables, Segment
from optidsl.layout.tables import LinkLengths, PlacedFabric
from optidsl.optics.ends import End, LinkEnds, end_of, link_ends, use_of
from optidsl.optics.tables import LinkClass
from optidsl.sema.design import Design, Fabric

if TYPE_CHECKING:
    from optidsl.sema.transport import Line

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Wiring:
    """All links of the design: their ends, and the length each needs in mm (-1: not known)."""

    ends: LinkEnds
    required_mm: I64


@record(frozen=True, slots=True)
class ClassView:
    """A link class with everything the checks look at.

    `required_mm` is per link, shape `(n_links,)`, -1 where no length is known. `a_slot` and `z_slot` number the
    sets of cages that must carry the same part: classes that share a cage have the same slot there.
    `a_owned` and `z_owned` are the cage ids this class counts: a cage shared by classes counts in the first.
    """

    index: int
    link_class: LinkClass
    segment: Segment
    fabric: Fabric
    a: End
    z: End
    required_mm: I64
    is_bore_aligned: bool
    a_slot: int
    z_slot: int
    a_owned: I64
    z_owned: I64
    longest_name: str
    wiring: Wiring
    line: Line | None = None

    @property
    def has_lengths(self) -> bool:
        """Tell whether every link has a length."""
        return bool((self.required_mm >= 0).all())


def use_at(end: End, view: ClassView) -> Use:
    """Return how the box at an end of a class is used."""
    return use_of(end, view.fabric.protocol, view.segment.rate_mbps)


def classify(design: Design, placed: PlacedFabric) -> list[LinkClass]:
    """Group the links by segment, kind of port at both ends, and same rack or not."""
    return [view.link_class for view in views(design, placed)]


def views(design: Design, placed: PlacedFabric) -> list[ClassView]:
    """Group the links into classes and describe each, in order of segment and groups."""
    tables = placed.tables
    ends = link_ends(tables)
    rows = _rows_by_class(tables, ends, placed.lengths.is_same_rack, placed.lengths.line)
    slots, owned = _shared_cages(ends, rows)
    names = _names(tables, ends, rows, placed.lengths)
    return [
        _view(index, links, design, placed, ends, names[index], slots[index], owned[index])
        for index, links in enumerate(rows)
    ]


def _rows_by_class(
    tables: FabricTables, ends: LinkEnds, same_rack: NDArray[np.bool_], line: NDArray[np.int32] | None
) -> list[NDArray[np.int32]]:
    """Return the link rows of each class, ascending."""
    n_kinds = max(1, len(ends.kinds))
    key = ((tables.links.segment.astype(np.int64) * n_kinds + ends.a_kind) * n_kinds + ends.z_kind) * 2 + same_rack
    if line is not None:
        key = key * 2 + (line >= 0)
    order = np.argsort(key, kind="stable")
    if order.size == 0:
        return []
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    return [rows.astype(np.int32) for rows in np.split(order, cuts)]


def _names(tables: FabricTables, ends: LinkEnds, rows: list[NDArray[np.int32]], lengths: LinkLengths) -> list[str]:
    """Name each class: "compute: leaf -- spine", with what tells it apart from its like in brackets."""
    plain: list[str] = []
    marks: list[list[str]] = []
    for links in rows:
        first = int(links[0])
        fabric = tables.segments[int(tables.links.segment[first])].fabric
        sides = []
        for number in (int(ends.a_kind[first]), int(ends.z_kind[first])):
            kind = ends.kinds[number]
            group = tables.groups[kind.group]
            sides.append(group.name.removeprefix(f"{fabric}."))
        plain.append(f"{fabric}: {sides[0]} -- {sides[1]}")
        marks.append(_marks(tables, ends, first, lengths))
    return [
        _distinguish(name, mine, [marks[i] for i, other in enumerate(plain) if other == name and marks[i] != mine])
        for name, mine in zip(plain, marks, strict=True)
    ]


def _marks(tables: FabricTables, ends: LinkEnds, link: int, lengths: LinkLengths) -> list[str]:
    """Return what may tell a class apart from another between the same groups."""
    a, z = ends.kinds[int(ends.a_kind[link])], ends.kinds[int(ends.z_kind[link])]
    nics = getattr(tables.groups[a.group].model, "nics", ())
    nic = nics[a.nic].name if 0 <= a.nic < len(nics) else ""
    dimension = tables.segments[int(tables.links.segment[link])].dimension
    ports = f"{a.ports_per_cage}x{a.lanes} to {z.ports_per_cage}x{z.lanes} lanes"
    where = "same rack" if bool(lengths.is_same_rack[link]) else "between racks"
    if lengths.line is not None and int(lengths.line[link]) >= 0:
        where = f"over {tables.segments[int(tables.links.segment[link])].connect.via}"
    return [dimension, nic, ports, where]


def _distinguish(name: str, mine: list[str], others: list[list[str]]) -> str:
    words = [word for at, word in enumerate(mine) if any(other[at] != word for other in others)]
    return f"{name} ({', '.join(words)})" if words else name


def _shared_cages(ends: LinkEnds, rows: list[NDArray[np.int32]]) -> tuple[list[tuple[int, int]], list[tuple[I64, I64]]]:
    """Return per class the slots of its ends and the cages it counts.

    Class ends that share a cage get the same slot: one cage holds one module.
    """
    n = 2 * len(rows)
    cages = [distinct((ends.a_cage if end % 2 == 0 else ends.z_cage)[rows[end // 2]]) for end in range(n)]
    everything = np.concatenate(cages) if cages else np.zeros(0, np.int64)
    owner = np.repeat(np.arange(n), [len(each) for each in cages])
    order = np.argsort(everything, kind="stable")  # ends stay ascending within a cage: the first one owns it
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = np.diff(everything[order]) != 0
    parent = list(range(n))

    def root(end: int) -> int:
        while parent[end] != end:
            end = parent[end]
        return end

    again = np.flatnonzero(~is_first)
    pairs = distinct(owner[order[again - 1]] * n + owner[order[again]])
    for left, right in (divmod(pair, n) for pair in pairs.tolist()):
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    counted = everything[order[is_first]]
    counts_for = owner[order[is_first]]
    owned = [counted[counts_for == end] for end in range(n)]
    slots = [(root(2 * c), root(2 * c + 1)) for c in range(len(rows))]
    return slots, [(owned[2 * c], owned[2 * c + 1]) for c in range(len(rows))]


def _view(
    index: int,
    links: NDArray[np.int32],
    design: Design,
    placed: PlacedFabric,
    ends: LinkEnds,
    name: str,
    slots: tuple[int, int],
    owned: tuple[I64, I64],
) -> ClassView:
    """Describe one class."""
    tables = placed.tables
    first = int(links[0])
    number = int(tables.links.segment[first])
    segment = tables.segments[number]
    required = placed.lengths.required_mm[links]
    known = required[required >= 0]
    at = int(np.argmax(required))
    a_kind, z_kind = ends.kinds[int(ends.a_kind[first])], ends.kinds[int(ends.z_kind[first])]
    longest = int(links[at])
    names = tables.devices.name
    link_class = LinkClass(
        name,
        number,
        a_kind.group,
        z_kind.group,
        links,
        int(known.min()) if known.size else -1,
        int(known.max()) if known.size else -1,
        longest,
    )
    return ClassView(
        index,
        link_class,
        segment,
        _fabric(design, segment.fabric),
        end_of(tables, a_kind, ends.a_cage[links], ends.stride),
        end_of(tables, z_kind, ends.z_cage[links], ends.stride),
        required,
        _is_bore_aligned(ends, links),
        *slots,
        *owned,
        f"{names[int(tables.links.a_device[longest])]} -> {names[int(tables.links.z_device[longest])]}",
        Wiring(ends, placed.lengths.required_mm),
        design.line(segment.connect.via) if _is_over_line(placed.lengths, first) else None,
    )


def _is_over_line(lengths: LinkLengths, link: int) -> bool:
    return lengths.line is not None and int(lengths.line[link]) >= 0


def _fabric(design: Design, name: str) -> Fabric:
    found = next((fabric for fabric in design.fabrics if fabric.name == name), None)
    if found is None:
        raise InternalError(f"a segment belongs to no fabric: {name}")
    return found


def _is_bore_aligned(ends: LinkEnds, links: NDArray[np.int32]) -> bool:
    """Tell whether every cage of the class faces one cage only, bore to equal bore, with no other link in it."""
    a, z = ends.a_cage, ends.z_cage
    if not bool((ends.a_bore[links] == ends.z_bore[links]).all()):
        return False
    for mine, far, both in ((a, z, (a, z)), (z, a, (a, z))):
        cages, _, where, _ = distinct_rows(mine[links])
        low = np.full(len(cages), np.iinfo(np.int64).max)
        high = np.full(len(cages), -1)
        np.minimum.at(low, where, far[links])
        np.maximum.at(high, where, far[links])
        if not bool((low == high).all()):
            return False
        n_inside = np.bincount(where, minlength=len(cages))
        every = np.concatenate([np.asarray(each) for each in both])
        n_all = np.zeros(len(cages), dtype=np.int64)
        at = np.searchsorted(cages, every)
        hit = (at < len(cages)) & (cages[np.minimum(at, len(cages) - 1)] == every)
        np.add.at(n_all, at[hit], 1)
        if not bool((n_inside == n_all).all()):
            return False
    return True
