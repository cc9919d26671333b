"""The ends of links: what kind of port, in which cage, under which limits. Columns over ports and links."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct
from optidsl._protocols import carrier_of
from optidsl._record import record
from optidsl.catalog.cages import CageLimit
from optidsl.catalog.parts import Fact, Nic, Offer, ServerModel, SwitchModel
from optidsl.catalog.rules import Use
from optidsl.diag import InternalError
from optidsl.fabric.tables import DeviceGroup, FabricTables
from optidsl.physics import cage_limit_mw, tightest_cage

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class PortKind:
    """Ports of a group that no check can tell apart."""

    group: int
    nic: int  # index into the server's NIC roles; -1 on switches
    ports_per_cage: int
    lanes: int


@record(frozen=True, slots=True)
class CagePool:
    """Cages that may be dealt anew: how many a class needs in one box, and every cage (from 1) with its watts."""

    n_needed: int
    cages: tuple[tuple[int, int], ...]  # number, limit in mW (-1: not known)


@record(frozen=True, slots=True)
class CageBound:
    """The lowest known power limit of the cages in use, and how many cages have none.

    `note` says on what the limit rests. With a `pool` these are the best cages that a class could get.
    """

    limit: Fact[int] | None
    cage: str
    n_cages: int
    n_without: int
    note: str = ""
    pool: CagePool | None = None


@record(frozen=True, slots=True)
class End:
    """One end of a link class. `cages` are the ids of its cages (unique in the design), shape `(n_cages,)`."""

    kind: PortKind
    group: DeviceGroup
    accepts: Fact[tuple[str, ...]]
    protocols: tuple[str, ...]
    fec: Fact[str] | None
    bound: CageBound
    cages: I64

    @property
    def box(self) -> str:
        """The name of the box's model."""
        return self.group.model.name

    @property
    def offer(self) -> Offer:
        """What the switch, or the NIC behind this end, states of itself."""
        model = self.group.model
        return model.offer if isinstance(model, SwitchModel) else _nic(model, self.kind.nic).offer

    @property
    def nic(self) -> Nic | None:
        """The NIC behind this end, None at a switch."""
        model = self.group.model
        return None if isinstance(model, SwitchModel) else _nic(model, self.kind.nic)

    @property
    def cage_label(self) -> str:
        """What messages call the cage."""
        role = f" {_nic(self.group.model, self.kind.nic).name}" if self.kind.nic >= 0 else ""
        return f"{self.box}{role} cage"


def use_of(end: End, protocol: str, rate_mbps: int) -> Use:
    """Return how the box at an end is used: what rules about boxes may select by."""
    return Use(end.nic, carrier_of(protocol), rate_mbps)


@record(frozen=True, slots=True)
class LinkEnds:
    """Both ends of every link as columns, shape `(n_links,)`: port kind, cage id and bore."""

    kinds: tuple[PortKind, ...]
    stride: int  # cage id = device * stride + cage
    a_kind: I64
    z_kind: I64
    a_cage: I64
    z_cage: I64
    a_bore: I64
    z_bore: I64


def link_ends(tables: FabricTables) -> LinkEnds:
    """Look up kind, cage and bore of both ends of every link."""
    kinds: list[PortKind] = []
    numbers: dict[tuple[int, ...], int] = {}
    sizes = [len(group.ports.name) for group in tables.groups]
    offsets = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))[:-1]
    kind_of = np.zeros(sum(sizes), dtype=np.int64)
    for index, group in enumerate(tables.groups):
        for port, kind in enumerate(_kinds_of(index, group)):
            if kind not in numbers:
                numbers[kind] = len(kinds)
                kinds.append(PortKind(*kind))
            kind_of[offsets[index] + port] = numbers[kind]
    nothing = [np.zeros(0, dtype=np.int64)]
    cage_of = np.concatenate(nothing + [np.asarray(group.ports.cage, dtype=np.int64) for group in tables.groups])
    bore_of = np.concatenate(nothing + [np.asarray(group.ports.bore, dtype=np.int64) for group in tables.groups])
    stride = cage_stride(tables)
    links, group_of = tables.links, tables.devices.group
    columns: list[I64] = []
    for device, number in ((links.a_device, links.a_port), (links.z_device, links.z_port)):
        row = offsets[group_of[device]] + number
        columns += [kind_of[row], device.astype(np.int64) * stride + cage_of[row], bore_of[row]]
    return LinkEnds(tuple(kinds), stride, columns[0], columns[3], columns[1], columns[4], columns[2], columns[5])


def cage_stride(tables: FabricTables) -> int:
    """Return the number that makes cage ids unique in the design: `device * stride + cage`."""
    return 1 + max((int(np.max(group.ports.cage, initial=0)) for group in tables.groups), default=0)


def _kinds_of(index: int, group: DeviceGroup) -> list[tuple[int, int, int, int]]:
    """Return the kind of each logical port of a group, as the fields of a `PortKind`."""
    ports = group.ports
    per_cage = np.bincount(ports.cage) if len(ports.cage) else np.zeros(0, np.int64)
    nics = _nic_of_ports(group)
    return [
        (index, nics[port], int(per_cage[ports.cage[port]]), int(ports.lanes[port])) for port in range(len(ports.name))
    ]


def _nic_of_ports(group: DeviceGroup) -> list[int]:
    """Return which NIC role each port of a server belongs to; -1 on switches."""
    if not isinstance(group.model, ServerModel):
        return [-1] * len(group.ports.name)
    by_name = {port.name: at for at, nic in reversed(list(enumerate(group.model.nics))) for port in nic.ports}
    if len(group.model.nics) == 1:
        return [0] * len(group.ports.name)
    return [by_name.get(name, -1) for name in group.ports.name]


def _nic(model: SwitchModel | ServerModel, at: int) -> Nic:
    if not isinstance(model, ServerModel) or at < 0:
        raise InternalError(f"a port of {model.name} belongs to no NIC")
    return model.nics[at]


def end_of(tables: FabricTables, kind: PortKind, cage_ids: I64, stride: int) -> End:
    """Describe the end of a class whose links use these cages (ids, not unique, any length)."""
    group = tables.groups[kind.group]
    cages = distinct(cage_ids)
    used = distinct(cages % stride)
    if isinstance(group.model, SwitchModel):
        model = group.model
        bound = _switch_bound(group, used, model.cage_limits)
        return End(kind, group, model.accepts, model.protocols, model.fec, bound, cages)
    nic = _nic(group.model, kind.nic)
    limit = nic.cage_power_mw
    bound = CageBound(limit, "", len(used), 0 if limit is not None else len(used))
    return End(kind, group, nic.accepts, nic.protocols, nic.fec, bound, cages)


def _switch_bound(group: DeviceGroup, used: I64, limits: tuple[CageLimit, ...]) -> CageBound:
    """Find the lowest limit among the cages used (0-based numbers, unique)."""
    ranges = [(each.first, each.last, each.step, each.power_mw.value) for each in limits]
    power = cage_limit_mw(used + 1, ranges)
    at = tightest_cage(power)
    without = int(np.count_nonzero(power < 0))
    if at is None:
        return CageBound(None, "", len(used), without)
    number = int(used[at]) + 1
    holds = next(
        each
        for each in reversed(limits)
        if each.power_mw.value == int(power[at])
        and each.first <= number <= each.last
        and (number - each.first) % each.step == 0
    )
    names = group.ports.cage_name
    port = int(np.flatnonzero(np.asarray(group.ports.cage) == number - 1)[0])
    return CageBound(holds.power_mw, names[port] if names else str(number), len(used), without, holds.note)
