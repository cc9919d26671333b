"""Synthesise every fabric of a design: sizes, devices, port maps and links."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl._columns import distinct
from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.catalog.parts import Nic, SwitchModel
from optidsl.fabric.capacity import bisection_mbps, hops, oversubscription
from optidsl.fabric.demand import Sizes
from optidsl.fabric.doubts import report_doubts
from optidsl.fabric.edge import Edge, Seats, demand_of, edge_of, node_count, node_firsts, seats, split_planes
from optidsl.fabric.links import Rows, endpoint_rows, leaf_pods, leaf_rows, link_table, spine_rows
from optidsl.fabric.names import device_names, names_place, report_names, template_refusal
from optidsl.fabric.ports import host_ports, switch_ports
from optidsl.fabric.refusal import Refusal, words
from optidsl.fabric.sizing import size_fabric
from optidsl.fabric.tables import I32, DeviceGroup, DeviceTable, FabricShape, FabricTables, PortMap, Segment
from optidsl.sema.design import Address, Design, Fabric


@record(frozen=True, slots=True)
class _Sized:
    """A fabric with its sizes, and the endpoint ports of each plane with their seats."""

    fabric: Fabric
    sizes: Sizes
    maps: tuple[PortMap, ...]  # by tier
    planes: tuple[tuple[Edge, Seats], ...]


def synthesize(design: Design, context: Context) -> FabricTables | None:
    """Return the devices, ports and links of every fabric, or None after errors in the sink."""
    refusals = [*_port_conflicts(design)]
    template = template_refusal(design)
    if template is not None:
        refusals.append(template)
    sized: list[_Sized] = []
    for fabric in design.fabrics:
        result = _size(design, fabric)
        if isinstance(result, Refusal):
            refusals.append(result)
        else:
            sized.append(result)
    if refusals:
        for refusal in refusals:
            refusal.emit(context.sink)
        return None
    tables = _tables(design, sized)
    report_doubts(design.catalog, _parts_in_use(design, sized), context.sink)
    if not names_place(design):
        report_names(design, tables.groups, tables.devices.name, context.sink)
    return None if context.sink.has_errors else tables


def _parts_in_use(design: Design, sized: Sequence[_Sized]) -> list[tuple[str, SwitchModel | Nic]]:
    parts: list[tuple[str, SwitchModel | Nic]] = []
    for each in sized:
        for endpoint in each.fabric.endpoints:
            model = design.nodes[endpoint.node].model
            nic = model.nic(endpoint.nic)
            if nic is not None:
                parts.append((f"{model.name}.{nic.name}", nic))
        parts.extend((box.model.name, box.model) for box in each.sizes.ask.boxes)
    return parts


def _port_conflicts(design: Design) -> list[Refusal]:
    """Return a refusal for every NIC role that two endpoint terms claim."""
    owner: dict[tuple[int, str], str] = {}
    refusals: list[Refusal] = []
    for fabric in design.fabrics:
        for endpoint in fabric.endpoints:
            other = owner.setdefault((endpoint.node, endpoint.nic), fabric.name)
            if other != fabric.name or fabric.endpoints.count(endpoint) > 1:
                role = f"{design.nodes[endpoint.node].name}.nic.{endpoint.nic}"
                where = f"`{other}` and `{fabric.name}`" if other != fabric.name else f"`{fabric.name}` twice"
                refusals.append(
                    Refusal(
                        "port-used-twice",
                        f"the ports of `{role}` are endpoints of {where}; a port has one cable",
                        endpoint.span,
                        "named again here",
                        helps=("remove one of the two, or give the server model another NIC",),
                    )
                )
    return refusals


def _size(design: Design, fabric: Fabric) -> _Sized | Refusal:
    edges = split_planes(edge_of(design, fabric), fabric.planes)
    demand = demand_of(fabric, edges)
    if isinstance(demand, Refusal):
        return demand
    sizes = _nic_refusal(design, fabric) or size_fabric(design, fabric, demand)
    if isinstance(sizes, Refusal):
        return sizes
    maps: list[PortMap] = []
    for box, down, up in zip(sizes.ask.boxes, sizes.down, sizes.up, strict=True):
        ports = switch_ports(box, down, up)
        if isinstance(ports, Refusal):
            return ports
        maps.append(ports)
    return _Sized(fabric, sizes, tuple(maps), tuple((edge, seats(edge, demand, sizes.leaf)) for edge in edges))


def _nic_refusal(design: Design, fabric: Fabric) -> Refusal | None:
    for endpoint in fabric.endpoints:
        group = design.nodes[endpoint.node]
        nic = group.model.nic(endpoint.nic)
        if nic is not None and fabric.protocol not in nic.protocols:
            return Refusal(
                "protocol-not-offered",
                f"`{group.model.name}.{endpoint.nic}` speaks {words(nic.protocols, 'and')}, and `{fabric.name}` needs "
                f"{fabric.protocol}",
                endpoint.span,
                helps=(f"name a NIC that speaks {fabric.protocol}, or change `protocol`",),
            )
    return None


def _tables(design: Design, sized: Sequence[_Sized]) -> FabricTables:
    groups, firsts = _groups(design, sized)
    segments: list[Segment] = []
    rows: list[tuple[int, Rows]] = []
    for each, first in zip(sized, firsts, strict=True):
        base = len(segments)
        segments.extend(_segments(each))
        rows.extend((base + level, links) for level, links in _rows(each, first))
    devices = _devices(groups, sized, firsts)
    named = replace(devices, name=device_names(design, groups, devices))
    shapes = tuple(_shape(each) for each in sized)
    return FabricTables(groups, named, tuple(segments), link_table(rows), shapes)


def _groups(design: Design, sized: Sequence[_Sized]) -> tuple[tuple[DeviceGroup, ...], list[list[list[int]]]]:
    """Return all groups, nodes first, and per fabric, plane and tier the row of its first switch."""
    used: dict[int, set[str]] = {}
    for fabric in design.fabrics:
        for endpoint in fabric.endpoints:
            used.setdefault(endpoint.node, set()).add(endpoint.nic)
    groups: list[DeviceGroup] = []
    for index, (node, first) in enumerate(zip(design.nodes, node_firsts(design.nodes), strict=True)):
        ports = host_ports(node.model, used.get(index, ()))
        name = relative_name(node.address, node.name)
        count = node_count(node)
        groups.append(DeviceGroup(name, "node", node, None, "", "", 0, -1, node.model, ports, first, count))
    row = sum(group.count for group in groups)
    firsts: list[list[list[int]]] = []
    for each in sized:
        firsts.append([])
        for plane in range(each.fabric.planes):
            firsts[-1].append([])
            for level in range(len(each.sizes.counts)):
                groups.append(_switch_group(each, plane, level, row))
                firsts[-1][-1].append(row)
                row += each.sizes.counts[level]
    return tuple(groups), firsts


def _switch_group(each: _Sized, plane: int, level: int, first: int) -> DeviceGroup:
    fabric, tier = each.fabric, each.sizes.ask.tiers[level]
    is_split = fabric.planes > 1
    name = f"{fabric.name}.p{plane}.{tier.name}" if is_split else f"{fabric.name}.{tier.name}"
    model, count = each.sizes.ask.boxes[level].model, each.sizes.counts[level]
    where = plane if is_split else -1
    return DeviceGroup(
        name, "switch", None, tier, fabric.name, tier.name, level + 1, where, model, each.maps[level], first, count
    )


def relative_name(address: Address, name: str) -> str:
    """Return an entity's address without the design's name: `dgx`, or `pod1.dgx` inside a component."""
    return ".".join(address.parts[1:]) or name


def _segments(each: _Sized) -> list[Segment]:
    ask = each.sizes.ask
    connects = [ask.connect(level) for level in range(len(ask.tiers))]
    return [Segment(each.fabric.name, c.a, c.z, c, rate) for c, rate in zip(connects, ask.rates_mbps, strict=True)]


def _rows(each: _Sized, firsts: Sequence[Sequence[int]]) -> list[tuple[int, Rows]]:
    rows: list[tuple[int, Rows]] = []
    for (edge, seat), first in zip(each.planes, firsts, strict=True):
        rows.append((0, endpoint_rows(edge, seat, first[0])))
        if len(first) > 1:
            rows.append((1, leaf_rows(each.sizes, first[0], first[1])))
        if len(first) > 2:
            rows.append((2, spine_rows(each.sizes, first[1], first[2])))
    return rows


def _devices(
    groups: Sequence[DeviceGroup], sized: Sequence[_Sized], firsts: Sequence[Sequence[Sequence[int]]]
) -> DeviceTable:
    counts = [group.count for group in groups]
    total = sum(counts)
    pod, rail = (np.full(total, -1, np.int32) for _ in range(2))
    for each, planes in zip(sized, firsts, strict=True):
        for (edge, seat), first in zip(each.planes, planes, strict=True):
            _set_pods(each.sizes, edge, seat, first, pod, rail)
    keys: list[str] = []
    for group in groups:
        given = group.node.keys if group.node is not None else range(1, group.count + 1)
        keys.extend(("",) if given is None else (str(key) for key in given))
    group_of = np.repeat(np.arange(len(groups), dtype=np.int32), counts)
    ordinal = np.concatenate([np.arange(count, dtype=np.int32) for count in counts] or [np.zeros(0, np.int32)])
    return DeviceTable(group_of, ordinal, pod, rail, tuple(keys), ())


def _set_pods(sizes: Sizes, edge: Edge, seat: Seats, first: Sequence[int], pod: I32, rail: I32) -> None:
    """Write the pod (or scalable unit) and rail of the switches of one plane, and the unit of nodes without one."""
    rails, leaves = sizes.ask.demand.rails, sizes.counts[0]
    leaf = np.arange(leaves)
    if rails:
        rail[first[0] : first[0] + leaves] = distinct(edge.rail[edge.rail >= 0])[leaf % rails]
        pod[first[0] : first[0] + leaves] = leaf // rails
        is_new = (edge.rail >= 0) & (pod[edge.device] < 0)
        pod[edge.device[is_new]] = (seat.leaf // rails)[is_new]
    if len(sizes.counts) == 3:
        spines = sizes.counts[1]
        pod[first[0] : first[0] + leaves] = leaf_pods(sizes)
        pod[first[1] : first[1] + spines] = np.arange(spines) // (spines // sizes.pods)


def _shape(each: _Sized) -> FabricShape:
    sizes, fabric = each.sizes, each.fabric
    planes = [seats for _, seats in each.planes]
    return FabricShape(
        fabric,
        fabric.planes,
        tuple(tier.name for tier in sizes.ask.tiers),
        tuple(count * fabric.planes for count in sizes.counts),
        sizes.down,
        sizes.up,
        sizes.pods,
        sizes.leaf.units,
        sum(len(edge.device) for edge, _ in each.planes),
        bisection_mbps(sizes, planes),
        oversubscription(sizes, planes),
        hops(sizes),
    )
