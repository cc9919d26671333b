"""Port maps: the logical ports of a switch whose cages serve two sides, and of a server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from optidsl._record import record
from optidsl.catalog.parts import BreakoutMode, HostPort, Lanes, Nic, ServerModel, SwitchModel
from optidsl.diag import InternalError
from optidsl.fabric.banks import can_split
from optidsl.fabric.box import Box, mode_at
from optidsl.fabric.pins import Seat
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


def switch_ports(box: Box, down: int, up: int, seats: Sequence[Seat] | None = None) -> PortMap | Refusal:
    """Return the map of a switch, its cages in their order; without limits those that serve down come first, then up.

    An unused cage stays in the mode with the fewest ports; where a limit of logical ports leaves no room for it, it
    has none.

    Args:
        box: the model at the rates of its sides.
        down: ports that serve down.
        up: ports that serve up.
        seats: what each cage serves; as the box seats them when None.
    """
    ports: list[_Port] = []
    try:
        for cage, (mode, side, number) in _cage_modes(box, down, up, seats):
            wanted = {DOWN: down, UP: up, UNUSED: 0}[side]
            for bore in range(mode.ports):
                role = side if number * mode.ports + bore < wanted else UNUSED
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


def _cage_modes(
    box: Box, down: int, up: int, seats: Sequence[Seat] | None
) -> Iterator[tuple[int, tuple[BreakoutMode, int, int]]]:
    """Yield each cage that has ports, with its mode, its side and its number on that side."""
    modes = {DOWN: mode_at(box.model, box.down_mbps), UP: mode_at(box.model, box.up_mbps) if up else None}
    if modes[DOWN] is None:
        raise InternalError(f"{box.model.name} has no mode at {box.down_mbps} Mbit/s")
    down_cages = box.cages_for(down, 0)
    found = seats if seats is not None else box.seats(down_cages, box.cages_for(down, up) - down_cages)
    if found is None:
        raise InternalError(f"{box.model.name} has no seats for {down} ports down and {up} up")
    idle = _IdlePorts(box, found)
    for cage, (side, number) in enumerate(found):
        mode = modes.get(side) or idle.mode(cage)
        if mode is not None:
            yield cage, (mode, side, number)


class _IdlePorts:
    """The ports that pipelines and the box leave to cages that serve nothing."""

    def __init__(self, box: Box, seats: Sequence[Seat]) -> None:
        self.model = box.model
        taken = [{DOWN: box.per_down, UP: box.per_up}.get(side, 0) for side, _ in seats]
        limit = box.model.max_ports
        self.left = None if limit is None else limit.value - sum(taken)
        self.bank_of = {cage: at for at, bank in enumerate(box.banks) for cage in bank.cages}
        self.room = [
            None if bank.max_ports is None else bank.max_ports - sum(taken[cage] for cage in bank.cages)
            for bank in box.banks
        ]

    def mode(self, cage: int) -> BreakoutMode | None:
        """Return the mode of an idle cage, or None where no port is left for it."""
        modes = self.model.breakout.value
        if not can_split(self.model, cage):
            modes = tuple(mode for mode in modes if mode.ports == 1)
        idle = min(modes, key=lambda mode: (mode.ports, -mode.rate_mbps), default=None)
        at = self.bank_of.get(cage)
        rooms = [self.left, None if at is None else self.room[at]]
        if idle is None or any(room is not None and room < idle.ports for room in rooms):
            return None
        if self.left is not None:
            self.left -= idle.ports
        if at is not None and (room := self.room[at]) is not None:
            self.room[at] = room - idle.ports
        return idle


def _switch_port(model: SwitchModel, cage: int, bore: int, mode: BreakoutMode, role: int, index: int) -> _Port:
    cage_lanes = model.lanes.value.count
    lanes = max(1, (mode.lanes or cage_lanes) // mode.ports)
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
        "column": cage // 2 + 1,
        "column0": cage // 2,
        "row": "AB"[cage % 2],
        "cage_lane": bore * lanes + 1,
    }
    name, alias = model.port_name.format(**fields), model.port_alias.format(**fields)
    return _Port(name, alias, cage, bore, lane, lanes, mode.rate_mbps, role, str(cage + 1))


def port_names(model: SwitchModel, cage: int, mode: BreakoutMode, first: int) -> list[str]:
    """Return the names of the ports of a cage in a mode; `first` is the index of its first port in the box."""
    return [_switch_port(model, cage, bore, mode, UNUSED, first + bore).name for bore in range(mode.ports)]


def _bad_template(model: SwitchModel, what: str) -> Refusal:
    return Refusal(
        "port-name-template",
        f'`port_name = "{model.port_name}"` of `{model.name}` {what}',
        model.span,
        helps=(
            "fields: {cage} {cage0} {bore} {bore0} {letter} {lane} {cage_lane} {port} {port0} {column} {column0} {row}",
        ),
    )


def host_ports(model: ServerModel, used: Mapping[str, Lanes | None]) -> PortMap:
    """Return the map of a server: the ports of every NIC role in order.

    Args:
        model: the server.
        used: the roles that serve a fabric, and how their ports run there (None: as the NIC's own lanes).
    """
    cages: dict[tuple[str, str], int] = {}
    ports: list[_Port] = []
    for nic in model.nics:
        for port in nic.ports:
            cage = cages.setdefault((nic.name, port.cage), len(cages))
            role = DOWN if nic.name in used else UNUSED
            ports.append(_host_port(nic, port, cage, len(ports), role, used.get(nic.name)))
    return _columns(ports)


def _host_port(nic: Nic, port: HostPort, cage: int, index: int, role: int, mode: Lanes | None) -> _Port:
    return _Port(
        port.name,
        "",
        cage,
        port.bore - 1,
        index * nic.lanes.value.count,
        nic.lanes.value.count if mode is None else mode.count,
        nic.rate_mbps.value if mode is None else mode.count * mode.rate_mbps,
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
