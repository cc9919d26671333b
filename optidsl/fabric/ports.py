"""Port maps: the logical ports of a switch whose cages serve two sides, and of a server."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from optidsl._record import record
from optidsl.catalog.parts import BreakoutMode, HostPort, Nic, ServerModel, SwitchModel
from optidsl.diag import InternalError
from optidsl.fabric.box import Box, mode_at
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import PortMap

DOWN, UP, UNUSED = 0, 1, 2

_PORT_NAME = re.compile(r"[A-Za-z0-9/.:_-]+")


@record(slots=True)
class _Port:
    """One logical port while a map is built (once per group, not per device)."""

    name: str
    alias: str
    cage: int
    bore: int
    lane: int
    lanes: int
    rate_mbps: int
    role: int
    cage_name: str
    rail: int = -1
    gpu: int = -1
    device: str = ""


def up_start(box: Box, down: int) -> int:
    """Return the index of the first up port: the first port of the first cage after those that serve down."""
    return -(-down // box.per_down) * box.per_down


def switch_ports(box: Box, down: int, up: int) -> PortMap | Refusal:
    """Return the map of a switch: cages that serve down, then those that serve up, then unused ones.

    An unused cage stays in the mode with the fewest ports; where the box's limit of logical ports leaves no room
    for it, it has none.
    """
    ports: list[_Port] = []
    try:
        for cage, (mode, side) in enumerate(_cage_modes(box, down, up)):
            taken = sum(port.role == side for port in ports)
            wanted = {DOWN: down, UP: up, UNUSED: 0}[side]
            for bore in range(mode.ports):
                role = side if taken + bore < wanted else UNUSED
                ports.append(_switch_port(box.model, cage, bore, mode, role, len(ports)))
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        return _bad_template(box.model, f"has a field that ports do not have ({error})")
    for names in ([port.name for port in ports], [port.alias for port in ports if port.alias]):
        if len(set(names)) < len(names):
            twice = next(name for i, name in enumerate(names) if name in names[:i])
            return _bad_template(box.model, f"names two ports `{twice}`")
        odd = next((name for name in names if _PORT_NAME.fullmatch(name) is None), None)
        if odd is not None:
            return _bad_template(box.model, f"makes `{odd}`, and ports have names of letters, digits and `/ . : _ -`")
    return _columns(ports)


def _cage_modes(box: Box, down: int, up: int) -> Iterable[tuple[BreakoutMode, int]]:
    down_mode = mode_at(box.model, box.down_mbps)
    up_mode = mode_at(box.model, box.up_mbps) if up else None
    if down_mode is None:
        raise InternalError(f"{box.model.name} has no mode at {box.down_mbps} Mbit/s")
    down_cages = box.cages_for(down, 0)
    up_cages = box.cages_for(down, up) - down_cages
    yield from ((down_mode, DOWN) for _ in range(down_cages))
    if up_mode is not None:
        yield from ((up_mode, UP) for _ in range(up_cages))
    rest = box.cages - down_cages - up_cages
    idle = min(box.model.breakout.value, key=lambda mode: (mode.ports, -mode.rate_mbps))
    limit = box.model.max_ports
    if limit is not None:
        used = down_cages * down_mode.ports + (up_cages * up_mode.ports if up_mode else 0)
        rest = min(rest, (limit.value - used) // idle.ports)
    yield from ((idle, UNUSED) for _ in range(rest))


def _switch_port(model: SwitchModel, cage: int, bore: int, mode: BreakoutMode, role: int, index: int) -> _Port:
    cage_lanes = model.lanes.value.count
    lanes = max(1, cage_lanes // mode.ports)
    lane = cage * cage_lanes + bore * lanes
    fields = {
        "cage": cage + 1,
        "cage0": cage,
        "bore": bore + 1,
        "bore0": bore,
        "letter": "" if mode.ports == 1 else "abcdefghijklmnopqrstuvwxyz"[bore],
        "lane": lane,
        "port": index + 1,
        "port0": index,
    }
    name, alias = model.port_name.format(**fields), model.port_alias.format(**fields)
    return _Port(name, alias, cage, bore, lane, lanes, mode.rate_mbps, role, str(cage + 1))


def _bad_template(model: SwitchModel, what: str) -> Refusal:
    return Refusal(
        "port-name-template",
        f'`port_name = "{model.port_name}"` of `{model.name}` {what}',
        model.span,
        helps=("fields: {cage} {cage0} {bore} {bore0} {letter} {lane} {port} {port0}",),
    )


def host_ports(model: ServerModel, used: Iterable[str]) -> PortMap:
    """Return the map of a server: the ports of every NIC role in order; those of `used` roles serve a fabric."""
    roles = set(used)
    cages: dict[tuple[str, str], int] = {}
    ports: list[_Port] = []
    for nic in model.nics:
        for port in nic.ports:
            cage = cages.setdefault((nic.name, port.cage), len(cages))
            role = DOWN if nic.name in roles else UNUSED
            ports.append(_host_port(nic, port, cage, len(ports), role))
    return _columns(ports)


def _host_port(nic: Nic, port: HostPort, cage: int, index: int, role: int) -> _Port:
    lanes = nic.lanes.value.count
    return _Port(
        port.name,
        "",
        cage,
        port.bore - 1,
        index * lanes,
        lanes,
        nic.rate_mbps.value,
        role,
        port.cage,
        -1 if port.rail is None else port.rail,
        -1 if port.gpu is None else port.gpu,
        port.device or "",
    )


def _columns(ports: list[_Port]) -> PortMap:
    return PortMap(
        tuple(port.name for port in ports),
        tuple(port.alias for port in ports),
        np.array([port.cage for port in ports], np.int32),
        np.array([port.bore for port in ports], np.int32),
        np.array([port.lane for port in ports], np.int32),
        np.array([port.lanes for port in ports], np.int32),
        np.array([port.rate_mbps for port in ports], np.int64),
        np.array([port.role for port in ports], np.int32),
        np.array([port.rail for port in ports], np.int32),
        np.array([port.gpu for port in ports], np.int32),
        tuple(port.device for port in ports),
        tuple(port.cage_name for port in ports),
    )
