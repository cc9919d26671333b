"""Synthesise every fabric of a design: sizes, devices, port maps and links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from optidsl._context import Context
from optidsl._protocols import carries
from optidsl._record import replace
from optidsl.catalog.parts import Lanes, Nic, SwitchModel
from optidsl.fabric.doubts import report_doubts
from optidsl.fabric.edge import dealt, edge_of, node_count, node_firsts
from optidsl.fabric.families import family
from optidsl.fabric.families.contract import NODES, Built, Plane, Run
from optidsl.fabric.fec import report_fec
from optidsl.fabric.keys import report_retired
from optidsl.fabric.links import Rows, link_table
from optidsl.fabric.names import device_names, names_place, report_names, template_refusal
from optidsl.fabric.needs import report_needs
from optidsl.fabric.order import with_places
from optidsl.fabric.ports import DOWN, host_ports
from optidsl.fabric.rates import nic_mode
from optidsl.fabric.refusal import Refusal, gbps, words
from optidsl.fabric.tables import I32, DeviceGroup, DeviceTable, FabricTables, Segment
from optidsl.sema.design import Design, Endpoint, Fabric
from optidsl.sema.design_place import Address


def synthesize(
    design: Design, context: Context, why: Callable[[Fabric, Refusal], Refusal] | None = None
) -> FabricTables | None:
    """Return the devices, ports and links of every fabric, or None after errors in the sink.

    Args:
        design: the design.
        context: the sink.
        why: asked to say more of a fabric that is refused; None where the refusal is not told.
    """
    refusals = [*_port_conflicts(design)]
    template = template_refusal(design)
    if template is not None:
        refusals.append(template)
    built: list[Built] = []
    for fabric in design.fabrics:
        result = _nic_refusal(design, fabric) or _build(design, fabric)
        if isinstance(result, Refusal):
            refusals.append(result if why is None else why(fabric, result))
        else:
            built.append(result)
    refusals += _mode_conflicts(design, built)
    if refusals:
        for refusal in refusals:
            refusal.emit(context.sink)
        return None
    tables = _tables(design, built)
    if context.pins.cables:
        from optidsl.fabric.keep import keep

        tables = keep(tables, context.pins, context)
    report_doubts(design.catalog, _parts_in_use(design, built), context.sink)
    report_needs(design, tables, context)
    report_fec(design, tables, context)
    levels = ((each.fabric.name, level.tier, level.keys) for each in built for level in each.levels)
    report_retired(levels, context.sink)
    if not names_place(design):
        report_names(design, tables.groups, tables.devices.name, context.sink)
    return None if context.sink.has_errors else tables


def _parts_in_use(design: Design, built: Sequence[Built]) -> list[tuple[str, SwitchModel | Nic]]:
    parts: list[tuple[str, SwitchModel | Nic]] = []
    for each in built:
        for endpoint in each.fabric.endpoints:
            model = design.nodes[endpoint.node].model
            nic = model.nic(endpoint.nic)
            if nic is not None:
                parts.append((f"{model.name}.{nic.name}", nic))
        parts.extend((level.model.name, level.model) for level in each.levels)
    return parts


def _port_conflicts(design: Design) -> list[Refusal]:
    """Return a refusal for every endpoint term that claims ports of another."""
    claims: list[tuple[Endpoint, str]] = []
    refusals: list[Refusal] = []
    for fabric in design.fabrics:
        for endpoint in fabric.endpoints:
            other = next((name for claimed, name in claims if claimed.meets(endpoint)), "")
            claims.append((endpoint, fabric.name))
            if other:
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


def _mode_conflicts(design: Design, built: Sequence[Built]) -> list[Refusal]:
    """Return a refusal for every NIC that fabrics run at different rates: its ports have one."""
    rates: dict[tuple[int, str], tuple[str, int]] = {}
    refusals: list[Refusal] = []
    for each in built:
        rate = each.segments[0].rate_mbps
        for endpoint in each.fabric.endpoints:
            name, other = rates.setdefault((endpoint.node, endpoint.nic), (each.fabric.name, rate))
            if other != rate:
                role = f"{design.nodes[endpoint.node].name}.nic.{endpoint.nic}"
                refusals.append(
                    Refusal(
                        "endpoint-rates-differ",
                        f"the ports of `{role}` run at {gbps(other)} in `{name}` and at {gbps(rate)} in "
                        f"`{each.fabric.name}`; a NIC has one rate",
                        endpoint.span,
                        helps=("give both fabrics one rate, or the server model another NIC",),
                    )
                )
    return refusals


def _build(design: Design, fabric: Fabric) -> Built | Refusal:
    planes = dealt(fabric, edge_of(design, fabric))
    return planes if isinstance(planes, Refusal) else family(fabric.kind).build(design, fabric, planes)


def _nic_refusal(design: Design, fabric: Fabric) -> Refusal | None:
    for endpoint in fabric.endpoints:
        group = design.nodes[endpoint.node]
        nic = group.model.nic(endpoint.nic)
        if nic is not None and not carries(nic.protocols, fabric.protocol):
            return Refusal(
                "protocol-not-offered",
                f"`{group.model.name}.{endpoint.nic}` speaks {words(nic.protocols, 'and')}, and `{fabric.name}` needs "
                f"{fabric.protocol}",
                endpoint.span,
                helps=(f"name a NIC that speaks {fabric.protocol}, or change `protocol`",),
            )
    return None


def _tables(design: Design, built: Sequence[Built]) -> FabricTables:
    groups, firsts = _groups(design, built)
    segments: list[Segment] = []
    rows: list[tuple[int, Rows]] = []
    for each, of_planes in zip(built, firsts, strict=True):
        for plane, first in zip(each.planes, of_planes, strict=True):
            rows.extend((len(segments) + run.segment, _placed(run, first)) for run in plane.runs)
        segments.extend(each.segments)
    devices = _devices(groups, built, firsts)
    named = replace(devices, name=device_names(design, groups, devices))
    links = with_places(groups, devices.group, link_table(rows))
    return FabricTables(groups, named, tuple(segments), links, tuple(each.shape for each in built))


def _placed(run: Run, first: Sequence[int]) -> Rows:
    """Return the links of a run between rows of the device table; `first` are those of the first switch by tier."""
    rows = run.rows
    a_first = 0 if run.a_level == NODES else first[run.a_level]
    return Rows(rows.a_device + a_first, rows.a_port, rows.z_device + first[run.z_level], rows.z_port, rows.rail)


def _groups(design: Design, built: Sequence[Built]) -> tuple[tuple[DeviceGroup, ...], list[list[list[int]]]]:
    """Return all groups, nodes first, and per fabric, plane and tier the row of its first switch."""
    used = _used_nics(design, built)
    groups: list[DeviceGroup] = []
    for index, (node, first) in enumerate(zip(design.nodes, node_firsts(design.nodes), strict=True)):
        ports = host_ports(node.model, used.get(index, {}))
        name = relative_name(node.address, node.name)
        count = node_count(node)
        groups.append(DeviceGroup(name, "node", node, None, "", "", 0, -1, node.model, ports, first, count))
    row = sum(group.count for group in groups)
    firsts: list[list[list[int]]] = []
    for each in built:
        firsts.append([])
        for plane in range(each.fabric.planes):
            firsts[-1].append([])
            for number, level in enumerate(each.levels):
                groups.append(_switch_group(each, plane, number, row))
                firsts[-1][-1].append(row)
                row += level.count
    return tuple(groups), firsts


def _used_nics(design: Design, built: Sequence[Built]) -> dict[int, dict[str, Lanes | None]]:
    """Return per node declaration the NIC roles that serve a fabric, and how their ports run there."""
    used: dict[int, dict[str, Lanes | None]] = {}
    for each in built:
        rate, ports = each.segments[0].rate_mbps, each.levels[0].ports
        lanes = next(iter(ports.lanes[ports.role == DOWN].tolist()), 0)
        for endpoint in each.fabric.endpoints:
            nic = design.nodes[endpoint.node].model.nic(endpoint.nic)
            mode = None if nic is None else nic_mode(nic, rate, lanes)
            used.setdefault(endpoint.node, {})[endpoint.nic] = mode
    return used


def _switch_group(each: Built, plane: int, number: int, first: int) -> DeviceGroup:
    fabric, level = each.fabric, each.levels[number]
    tier, is_split = level.tier, fabric.planes > 1
    name = f"{fabric.name}.p{plane}.{tier.name}" if is_split else f"{fabric.name}.{tier.name}"
    return DeviceGroup(
        name,
        "switch",
        None,
        tier,
        fabric.name,
        tier.name,
        number + 1,
        plane if is_split else -1,
        level.model,
        level.ports,
        first,
        level.count,
        level.order,
        level.keys,
        level.per_pod,
    )


def relative_name(address: Address, name: str) -> str:
    """Return an entity's address without the design's name: `dgx`, or `pod1.dgx` inside a component."""
    return ".".join(address.parts[1:]) or name


def _devices(
    groups: Sequence[DeviceGroup], built: Sequence[Built], firsts: Sequence[Sequence[Sequence[int]]]
) -> DeviceTable:
    counts = [group.count for group in groups]
    total = sum(counts)
    pod, rail = (np.full(total, -1, np.int32) for _ in range(2))
    for each, of_planes in zip(built, firsts, strict=True):
        for plane, first in zip(each.planes, of_planes, strict=True):
            _set_pods(plane, first, pod, rail)
    keys: list[str] = []
    for group in groups:
        given = group.node.keys if group.node is not None else group.keys or range(1, group.count + 1)
        keys.extend(("",) if given is None else (str(key) for key in given))
    group_of = np.repeat(np.arange(len(groups), dtype=np.int32), counts)
    ordinal = np.concatenate([np.arange(count, dtype=np.int32) for count in counts] or [np.zeros(0, np.int32)])
    return DeviceTable(group_of, ordinal, pod, rail, tuple(keys), ())


def _set_pods(plane: Plane, first: Sequence[int], pod: I32, rail: I32) -> None:
    """Write the pod and rail of the switches of one plane, and the unit of nodes without one."""
    for row, pods, rails in zip(first, plane.pods, plane.rails, strict=True):
        pod[row : row + len(pods)] = pods
        rail[row : row + len(rails)] = rails
    if plane.homes is not None:
        device, unit = plane.homes
        is_new = pod[device] < 0
        pod[device[is_new]] = unit[is_new]
