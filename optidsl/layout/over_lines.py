"""Links that run over a line: which they are, how long their route is, and whether the line has waves for them."""

from __future__ import annotations

import numpy as np

from optidsl._record import replace
from optidsl.diag import Label, Sink
from optidsl.fabric.refusal import count_of
from optidsl.fabric.tables import FabricTables
from optidsl.layout.lengths import Ends, Mask
from optidsl.layout.tables import I32, LinkLengths, RackTable
from optidsl.sema.design import Design
from optidsl.sema.design_place import Hall


def ride_lines(
    design: Design,
    tables: FabricTables,
    racks: RackTable,
    ends: Ends,
    halls: tuple[Hall, ...],
    lengths: LinkLengths,
    sink: Sink,
) -> LinkLengths:
    """Return lengths in which links over a line are as long as its route; what cannot be goes to the sink.

    A link runs over the line of its `connect` when its ends stand at the two ends of the route; the other links of
    the connect lie on the floor.
    """
    line = np.full(len(lengths.required_mm), -1, np.int32)
    for index, segment in enumerate(tables.segments):
        over = design.line(segment.connect.via)
        if over is None:
            continue
        number = next(at for at, each in enumerate(design.lines) if each is over)
        joined = np.array([[over.joins(a.address.parts, z.address.parts) for z in halls] for a in halls], np.bool_)
        mask = (tables.links.segment == index) & _joined(racks, ends, joined)
        if segment.connect.length_mm.value is not None:
            sink.error(
                "line-unused",
                f"`{segment.fabric}: {segment.a} -- {segment.z}` states a length, and that of line `{over.name}` is "
                "the length of its route",
                segment.connect.length_mm.span or segment.connect.origin.span,
                "remove the `length`",
            )
        elif lengths.is_stated is not None and (mask & lengths.is_stated).any():
            sink.error(
                "line-unused",
                f"`{segment.fabric}: {segment.a} -- {segment.z}` states the length of "
                f"{count_of(int((mask & lengths.is_stated).sum()), 'link')} over line `{over.name}`, and that is the "
                "length of its route",
                segment.connect.via_span or segment.connect.origin.span,
                "remove the `length` of the links",
            )
        elif not mask.any():
            _refuse_unused(tables, index, over.name, over.route.a, over.route.z, sink)
        line[mask] = number
        lengths = _over(lengths, mask, over.route.length_mm)
    _count_waves(design, line, sink)
    return replace(lengths, line=line)


def _joined(racks: RackTable, ends: Ends, joined: Mask) -> Mask:
    """Mark the links whose ends stand in halls that a line joins, shape `(n_links,)`."""
    is_placed = (ends.a_rack >= 0) & (ends.z_rack >= 0)
    if not racks.name:
        return np.zeros(len(is_placed), np.bool_)
    a, z = racks.hall_index[np.maximum(ends.a_rack, 0)], racks.hall_index[np.maximum(ends.z_rack, 0)]
    found: Mask = is_placed & joined[a, z]
    return found


def _over(lengths: LinkLengths, mask: Mask, length_mm: int) -> LinkLengths:
    nothing = np.int64(0)
    return replace(
        lengths,
        dress_mm=np.where(mask, nothing, lengths.dress_mm),
        vertical_mm=np.where(mask, nothing, lengths.vertical_mm),
        horizontal_mm=np.where(mask, np.int64(length_mm), lengths.horizontal_mm),
        slack_mm=np.where(mask, nothing, lengths.slack_mm),
        required_mm=np.where(mask, np.int64(length_mm), lengths.required_mm),
    )


def _refuse_unused(
    tables: FabricTables, index: int, name: str, a: tuple[str, ...], z: tuple[str, ...], sink: Sink
) -> None:
    segment = tables.segments[index]
    ends = " and ".join(f"`{'.'.join(place[1:])}`" for place in (a, z))
    sink.error(
        "line-unused",
        f"no link of `{segment.fabric}: {segment.a} -- {segment.z}` runs over line `{name}`: none has its ends in "
        f"{ends}, which it joins",
        segment.connect.via_span or segment.connect.origin.span,
        "runs over nothing",
        helps=("give the devices a `place` at both ends of the route",),
    )


def _count_waves(design: Design, line: I32, sink: Sink) -> None:
    """Report lines that carry more waves than they have channels."""
    for number, each in enumerate(design.lines):
        waves = int((line == number).sum())
        if waves > each.channels:
            sink.error(
                "line-full",
                f"line `{each.name}` carries {each.channels:,} waves, {waves:,} links run over it: "
                f"{waves - each.channels:,} too many",
                each.origin.span,
                f"{each.channels:,} channels",
                secondary=(Label(each.route.origin.span, "a second line needs a fibre pair of its own"),),
            )
