"""What the lengths of cables mean for the design: unknown ones, halls without a pathway, bounds not met."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl.diag import Label, Sink
from optidsl.fabric.refusal import count_of
from optidsl.fabric.tables import FabricTables
from optidsl.layout.lengths import Ends
from optidsl.layout.racks import LONGEST_MM
from optidsl.layout.tables import I64, LinkLengths, RackTable
from optidsl.layout.wording import kilometres, metres
from optidsl.sema.design_place import Hall
from optidsl.sema.slot import Slot

_LONGEST_ROUTE_MM = 40_000_000_000
"""How long a link may be that leaves the floor: 40,000 km, once around the Earth."""


def report_pathways(
    tables: FabricTables,
    racks: RackTable,
    ends: Ends,
    halls: tuple[Hall, ...],
    pathway_mm: I64,
    sink: Sink,
    is_routed: NDArray[np.bool_] | None = None,
) -> None:
    """Put one error into the sink for each pair of halls that cables join and no pathway does.

    `is_routed` marks the links that run over a line, or whose own length is stated.
    """
    needs_route = np.array([segment.connect.length_mm.value is None for segment in tables.segments], np.bool_)
    is_placed = (ends.a_rack >= 0) & (ends.z_rack >= 0) & needs_route[tables.links.segment]
    if is_routed is not None:
        is_placed &= ~is_routed
    if not is_placed.any():
        return
    hall_a, hall_z = racks.hall_index[ends.a_rack[is_placed]], racks.hall_index[ends.z_rack[is_placed]]
    is_cut = pathway_mm[hall_a, hall_z] < 0
    low, high = np.minimum(hall_a, hall_z)[is_cut], np.maximum(hall_a, hall_z)[is_cut]
    pairs, counts = np.unique(np.stack([low, high]), axis=1, return_counts=True)
    for pair, count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        first, second = halls[pair[0]], halls[pair[1]]
        names = [".".join(hall.address.parts[1:]) for hall in (first, second)]
        runs = "cable runs" if count == 1 else "cables run"
        sink.error(
            "pathway-missing",
            f"{count:,} {runs} between hall `{names[0]}` and hall `{names[1]}`, and no pathway joins them",
            first.origin.span,
            f"{count_of(count, 'cable')} to or from this hall",
            secondary=(Label(second.origin.span, "the other hall"),),
            helps=(
                f"add `pathway {{ from = {first.address.parts[-1]}, to = {second.address.parts[-1]}, length = … }}` to "
                "their site, or state `length` on the connect",
            ),
        )


def report_unknown(tables: FabricTables, ends: Ends, lengths: LinkLengths, sink: Sink) -> None:
    """Put one warning into the sink for each segment with links of unknown length."""
    is_placed = (ends.a_rack >= 0) & (ends.z_rack >= 0)
    for index, segment in enumerate(tables.segments):
        in_segment = tables.links.segment == index
        unknown = np.flatnonzero(in_segment & (lengths.required_mm < 0) & ~is_placed)
        if len(unknown) == 0:
            continue
        link = int(unknown[0])
        is_a = ends.a_rack[link] < 0
        device = int((tables.links.a_device if is_a else tables.links.z_device)[link])
        sink.warning(
            "length-unknown",
            f"no length is known for {len(unknown):,} of {int(in_segment.sum()):,} links of "
            f"`{segment.fabric}: {segment.a} -- {segment.z}`: `{tables.devices.name[device]}` has no place",
            segment.connect.origin.span,
            "no place and no `length`",
            helps=("give the devices a `place` in a site with racks, or state `length` on the connect",),
        )


def report_endless(
    tables: FabricTables, lengths: LinkLengths, sink: Sink, is_routed: NDArray[np.bool_] | None = None
) -> None:
    """Put one error into the sink for the longest cable, when it is longer than lengths are computed for.

    `is_routed` marks the links that leave the floor: their length is that of a line, or stated one by one.
    """
    longest: I64 = np.full(len(lengths.required_mm), LONGEST_MM, np.int64)
    if is_routed is not None:
        longest[is_routed] = _LONGEST_ROUTE_MM
    beyond = lengths.required_mm - longest
    if not beyond.size or int(beyond.max()) <= 0:
        return
    link = int(beyond.argmax())
    segment = tables.segments[int(tables.links.segment[link])]
    over = int((beyond > 0).sum())
    names = [tables.devices.name[int(column[link])] for column in (tables.links.a_device, tables.links.z_device)]
    sink.error(
        "cable-too-long",
        f"a cable of `{segment.fabric}: {segment.a} -- {segment.z}` needs "
        f"{kilometres(int(lengths.required_mm[link]))}, and one may be {kilometres(int(longest[link]))} long "
        f"({over:,} such links; longest {names[0]} → {names[1]})",
        segment.connect.origin.span,
        helps=("check `rack_pitch`, `row_pitch`, the `tray` with its `slack`, and the pathways between halls",),
    )


def report_bounds(tables: FabricTables, lengths: LinkLengths, sink: Sink) -> None:
    """Put one error into the sink for each segment with links longer than its `connect` allows."""
    for index, segment in enumerate(tables.segments):
        slot = segment.connect.length_mm
        limit = _limit(slot)
        if limit is None:
            continue
        rows = np.flatnonzero(tables.links.segment == index)
        required = lengths.required_mm[rows]
        over = int((required > limit).sum())
        if not over:
            continue
        worst = int(rows[int(required.argmax())])
        longest = int(required.max())
        a, z = int(tables.links.a_device[worst]), int(tables.links.z_device[worst])
        sink.error(
            "length-exceeded",
            f"length {metres(longest)} exceeds the {metres(limit)} allowed on `{segment.fabric}: {segment.a} -- "
            f"{segment.z}` by {metres(longest - limit)} ({over:,} of {len(rows):,} links; longest "
            f"{tables.devices.name[a]} → {tables.devices.name[z]})",
            slot.span or segment.connect.origin.span,
            f"at most {metres(limit)}",
            helps=("place the devices nearer to each other, or raise the bound",),
        )


def _limit(slot: Slot[int]) -> int | None:
    """Return the longest length that a slot allows in mm; None when it is decided or has no upper end."""
    if slot.value is not None:
        return None
    ends = [each for each in (slot.upper, max(slot.options) if slot.options else None) if each is not None]
    return min(ends, default=None)
