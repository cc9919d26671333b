"""The plan's records of what earlier stages hold: racks, groups, segments, fabrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

from optidsl._context import Context
from optidsl.catalog.parts import Fact, ServerModel, SwitchModel
from optidsl.fabric.metrics import total_oversubscription
from optidsl.fabric.tables import DeviceGroup, FabricShape, FabricTables, PortMap, Segment
from optidsl.fabric.tapering import limit_of
from optidsl.layout.tables import RackTable
from optidsl.plan.model import PlanDimension, PlanFabric, PlanGroup, PlanRack, PlanSegment, PlanSource, PortColumns
from optidsl.schema.families import family_kind

ROLES = ("down", "up", "unused")


class SourceText(Protocol):
    """A source file of the design: its path as messages show it, and what it says whatever the order."""

    @property
    def path(self) -> str:
        """The path that messages show."""
        ...

    @property
    def content(self) -> str:
        """Its items, sorted, without comments."""
        ...


def plan_sources(files: Iterable[SourceText]) -> tuple[PlanSource, ...]:
    """Return the design's own files with the hash of what they say, by path; the order of items changes none."""
    import hashlib

    own = {file.path: file.content for file in files if not file.path.startswith("<")}
    hashes = {path: hashlib.sha256(text.encode("utf-8")).hexdigest() for path, text in own.items()}
    return tuple(PlanSource(path=path, sha256=digest) for path, digest in sorted(hashes.items()))


def plan_racks(racks: RackTable, context: Context) -> tuple[PlanRack, ...]:
    """Return one record per rack, in the order of the rack table."""
    caps, xs, ys = racks.power_cap_mw.tolist(), racks.x_mm.tolist(), racks.y_mm.tolist()
    return tuple(
        PlanRack(
            name=name,
            site=racks.site[row],
            hall=racks.hall[row],
            row=racks.row[row],
            x_mm=xs[row],
            y_mm=ys[row],
            units=int(racks.units[row]),
            power_cap_mw=None if caps[row] < 0 else caps[row],
            source_ref=context.sources.written(racks.group[row].origin.span),
            feeds=racks.group[row].feeds,
        )
        for row, name in enumerate(racks.name)
    )


def plan_groups(tables: FabricTables, context: Context) -> tuple[PlanGroup, ...]:
    """Return one record per group of devices."""
    protocols = {shape.fabric.name: shape.fabric.protocol for shape in tables.shapes}
    return tuple(_group(group, _protocol(group, tables, protocols), context) for group in tables.groups)


def _protocol(group: DeviceGroup, tables: FabricTables, protocols: Mapping[str, str]) -> str:
    """Return the protocol of a switch's fabric; of nodes, that of all their fabrics when it is one."""
    if group.kind == "switch":
        return protocols[group.fabric]
    rows = (tables.links.a_device >= group.first) & (tables.links.a_device < group.first + group.count)
    spoken = {protocols[tables.segments[index].fabric] for index in np.unique(tables.links.segment[rows]).tolist()}
    return spoken.pop() if len(spoken) == 1 else ""


def _group(group: DeviceGroup, protocol: str, context: Context) -> PlanGroup:
    model = group.model
    origin = group.node.origin if group.node is not None else group.tier.origin if group.tier is not None else None
    switch = model if isinstance(model, SwitchModel) else None
    place = group.node.place if group.node is not None else group.tier.place if group.tier is not None else None
    return PlanGroup(
        name=group.name,
        kind=group.kind,
        fabric=group.fabric,
        tier=group.tier_name,
        level=group.level,
        plane=group.plane,
        model=model.name,
        protocol=protocol,
        platform="" if switch is None else switch.sonic_platform or "",
        hwsku="" if switch is None else switch.sonic_hwsku or "",
        device_id="" if switch is None else switch.device_id or "",
        gpus=_value_or_zero(model.gpus) if isinstance(model, ServerModel) else 0,
        height=_value_or_zero(model.units),
        first=group.first,
        count=group.count,
        ports=_ports(group.ports),
        source_ref="" if origin is None else context.sources.written(origin.span),
        given=() if group.tier is None else tuple(group.tier.given),
        feeds=() if place is None else place.feeds,
    )


def _value_or_zero(fact: Fact[int] | None) -> int:
    return 0 if fact is None else fact.value


def _ports(ports: PortMap) -> PortColumns:
    return PortColumns(
        name=ports.name,
        alias=ports.alias,
        cage=tuple(ports.cage.tolist()),
        cage_name=ports.cage_name,
        bore=tuple(ports.bore.tolist()),
        lane=tuple(ports.lane.tolist()),
        lanes=tuple(ports.lanes.tolist()),
        rate_mbps=tuple(ports.rate_mbps.tolist()),
        role=tuple(ROLES[role] for role in ports.role.tolist()),
        rail=tuple(ports.rail.tolist()),
        gpu=tuple(ports.gpu.tolist()),
        device=ports.device,
    )


def plan_segments(segments: Iterable[Segment], context: Context) -> tuple[PlanSegment, ...]:
    """Return one record per pair of neighbouring tiers."""
    return tuple(
        PlanSegment(
            fabric=segment.fabric,
            a=segment.a,
            z=segment.z,
            rate_mbps=segment.rate_mbps,
            connections=segment.connect.connections,
            source_ref=context.sources.written(segment.connect.origin.span),
            splices=segment.connect.splices,
            splice_loss_mdb=segment.connect.splice_loss_mdb,
            dimension=segment.dimension,
            uneven=segment.connect.uneven,
        )
        for segment in segments
    )


def plan_fabrics(shapes: Iterable[FabricShape], context: Context) -> tuple[PlanFabric, ...]:
    """Return the shape of every fabric."""
    return tuple(_fabric(shape, context) for shape in shapes)


def _fabric(shape: FabricShape, context: Context) -> PlanFabric:
    limit = limit_of(shape.fabric) if family_kind(shape.fabric.kind).is_tree else None
    if limit is None:  # nothing says more: what was built is what is allowed
        limit = total_oversubscription(shape.oversubscription)
    return PlanFabric(
        name=shape.fabric.name,
        kind=shape.fabric.kind,
        protocol=shape.fabric.protocol,
        planes=shape.planes,
        tiers=shape.tiers,
        counts=shape.counts,
        down=shape.down,
        up=shape.up,
        pods=shape.pods,
        units=shape.units,
        endpoints=shape.endpoints,
        bisection_mbps=shape.bisection_mbps,
        oversubscription=shape.oversubscription,
        oversubscription_limit=(limit.numerator, limit.denominator),
        hops=shape.hops,
        source_ref=context.sources.written(shape.fabric.origin.span),
        dimensions=tuple(
            PlanDimension(name=each.name, tier=each.tier, ports=each.ports, links=each.links)
            for each in shape.dimensions
        ),
        disjoint_paths=shape.disjoint_paths,
        parameters=dict(shape.parameters),
        port_scheme=shape.port_scheme,
    )
