"""Place every device and measure every cable."""

from __future__ import annotations

from optidsl._context import Context
from optidsl._record import replace
from optidsl.fabric.names import Location, device_names, names_place, report_names
from optidsl.fabric.tables import FabricTables
from optidsl.layout.findings import report_bounds, report_endless, report_pathways, report_unknown
from optidsl.layout.lengths import link_ends, route_lengths, state_lengths
from optidsl.layout.racks import halls_of, pathway_lengths, rack_table
from optidsl.layout.standing import Standing, stand
from optidsl.layout.tables import PlacedFabric, RackTable
from optidsl.sema.design import Design


def place(design: Design, tables: FabricTables, context: Context) -> PlacedFabric | None:
    """Return every device's rack and unit and every cable's length, or None after errors in the sink."""
    racks = rack_table(design, context.sink)
    if racks is None:
        return None
    standing = stand(design, tables, racks, context.sink, context.pins)
    if context.sink.has_errors:
        return None
    if names_place(design):
        tables = _named_by_place(design, tables, racks, standing)
        report_names(design, tables.groups, tables.devices.name, context.sink)
    halls, pathway_mm = halls_of(design), pathway_lengths(design)
    ends = link_ends(tables, racks, standing)
    lengths = state_lengths(tables, route_lengths(ends, racks, halls, pathway_mm))
    if any(each.length_mm is not None for fabric in design.fabrics for each in fabric.links):
        from optidsl.layout.stated_links import state_link_lengths

        lengths = state_link_lengths(design, tables, lengths)
    if design.lines:
        from optidsl.layout.over_lines import ride_lines

        lengths = ride_lines(design, tables, racks, ends, halls, lengths, context.sink)
    is_routed = None if lengths.line is None else lengths.line >= 0
    if lengths.is_stated is not None:
        is_routed = lengths.is_stated if is_routed is None else is_routed | lengths.is_stated
    report_pathways(tables, racks, ends, halls, pathway_mm, context.sink, is_routed)
    report_unknown(tables, ends, lengths, context.sink)
    report_endless(tables, lengths, context.sink, is_routed)
    report_bounds(tables, lengths, context.sink)
    if design.scale_up:
        from optidsl.layout.domains import report_domains

        report_domains(design.scale_up, tables, racks, standing.rack, context.sink)
    if context.sink.has_errors:
        return None
    return PlacedFabric(tables, racks, standing.rack, standing.unit, standing.height, lengths, halls, pathway_mm)


def _named_by_place(design: Design, tables: FabricTables, racks: RackTable, standing: Standing) -> FabricTables:
    nowhere = Location()
    by_rack = [Location(*fields) for fields in zip(racks.site, racks.hall, racks.row, racks.name, strict=True)]
    where = [by_rack[rack] if rack >= 0 else nowhere for rack in standing.rack.tolist()]
    names = device_names(design, tables.groups, tables.devices, where)
    return replace(tables, devices=replace(tables.devices, name=names))
