"""What every check of the verifier looks at: the ends of all links as columns, and facts of parts by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.model import Plan, PlanPart

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

ABSENT = -9
"""Stands in a column of ports where the link names a port that its device does not have."""

ROLES = {"down": 0, "up": 1, "unused": 2}


@record(frozen=True, slots=True)
class Ends:
    """One end of every link, shape `(n_links,)` each. `cage_id` is unique in the plan."""

    device: I64
    port: I64
    group: I64
    is_present: Mask
    cage: I64
    cage_id: I64
    bore: I64
    rate_mbps: I64
    lanes: I64
    role: I64
    rail: I64


@record(frozen=True, slots=True)
class View:
    """A plan, both ends of its links, and the port columns they come from."""

    plan: Plan
    a: Ends
    z: Ends
    stride: int  # cage_id = device * stride + cage

    def ends(self) -> tuple[tuple[str, Ends], tuple[str, Ends]]:
        """Return both ends with their names."""
        return ("a", self.a), ("z", self.z)

    def port_name(self, ends: Ends, link: int) -> str:
        """Return `device:port` of an end of a link."""
        device, port = int(ends.device[link]), int(ends.port[link])
        names = self.plan.groups[int(ends.group[link])].ports.name
        shown = names[port] if 0 <= port < len(names) else f"port {port}"
        return f"{self.plan.devices.name[device]}:{shown}"

    def link_name(self, link: int) -> str:
        """Return `device:port -- device:port`."""
        return f"{self.port_name(self.a, link)} -- {self.port_name(self.z, link)}"

    def rows(self, link_class: int) -> NDArray[np.intp]:
        """Return the links of a class."""
        return np.flatnonzero(self.plan.links.link_class == link_class)

    def part(self, name: str) -> PlanPart:
        """Return a part of the plan."""
        return self.plan.parts[name]


def view_of(plan: Plan) -> View:
    """Look up both ends of every link. The indices of the plan must be sound, its ports need not."""
    widest = max((len(group.ports.name) for group in plan.groups), default=0)
    stride = 1 + max((max(group.ports.cage, default=0) for group in plan.groups), default=0)
    tables = {
        name: _table(plan, widest, [getattr(group.ports, name) for group in plan.groups])
        for name in ("cage", "bore", "rate_mbps", "lanes", "rail")
    }
    tables["role"] = _table(plan, widest, [[ROLES.get(role, 2) for role in group.ports.role] for group in plan.groups])
    links = plan.links
    a = _ends(plan, tables, links.a_device, links.a_port, stride)
    z = _ends(plan, tables, links.z_device, links.z_port, stride)
    return View(plan, a, z, stride)


def _table(plan: Plan, widest: int, columns: Sequence[Sequence[int]]) -> I64:
    table = np.full((len(plan.groups), widest + 1), ABSENT, dtype=np.int64)
    for row, column in enumerate(columns):
        table[row, : len(column)] = column
    return table


def _ends(plan: Plan, tables: dict[str, I64], device: NDArray[np.int32], port: NDArray[np.int32], stride: int) -> Ends:
    group = plan.devices.group[device].astype(np.int64)
    n_ports = np.array([len(each.ports.name) for each in plan.groups], dtype=np.int64)[group]
    is_present = (port >= 0) & (port < n_ports)
    column = np.where(is_present, port, -1).astype(np.int64)  # the last column is all ABSENT
    found = {name: table[group, column] for name, table in tables.items()}
    return Ends(
        device.astype(np.int64),
        port.astype(np.int64),
        group,
        is_present,
        found["cage"],
        device.astype(np.int64) * stride + found["cage"],
        found["bore"],
        found["rate_mbps"],
        found["lanes"],
        found["role"],
        found["rail"],
    )


# ------------------------------------------------------------------ facts


def number(part: PlanPart, name: str) -> int | None:
    """Return a number of a part; an unverified one counts as absent."""
    fact = part.facts.get(name)
    if fact is None or fact.confidence == "unverified" or not isinstance(fact.value, int):
        return None
    return fact.value


def text(part: PlanPart, name: str) -> str:
    """Return a word of a part, "" when it has none."""
    fact = part.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, str) else ""


def numbers(part: PlanPart, name: str) -> tuple[int, ...]:
    """Return a list of numbers of a part; an unverified one counts as absent."""
    fact = part.facts.get(name)
    if fact is None or fact.confidence == "unverified" or not isinstance(fact.value, tuple):
        return ()
    return tuple(value for value in fact.value if isinstance(value, int))


def words(part: PlanPart, name: str) -> tuple[str, ...]:
    """Return a list of words of a part."""
    fact = part.facts.get(name)
    if fact is None or not isinstance(fact.value, tuple):
        return ()
    return tuple(value for value in fact.value if isinstance(value, str))


def nic_of(server: PlanPart, port_name: str) -> str:
    """Return the NIC role that has a port, "" when none does; a server with one role has it for every port."""
    roles = [
        name.removeprefix("nic.").removesuffix(".port_names") for name in server.facts if name.endswith(".port_names")
    ]
    if len(roles) == 1:
        return roles[0]
    return next((role for role in roles if port_name in words(server, f"nic.{role}.port_names")), "")


# ------------------------------------------------------------------ findings


def finding(name: str, message: str, *notes: str) -> Diagnostic:
    """Return an error of the verifier."""
    return Diagnostic(name, "error", message, notes=tuple(note for note in notes if note))


def some_links(view: View, bad: Mask, name: str, what: Callable[[int], str], source_ref: str = "") -> list[Diagnostic]:
    """Return one finding for all links that `bad` marks, told by the first of them; none when it marks none.

    Args:
        view: the plan.
        bad: marks, shape `(n_links,)`.
        name: the diagnostic's name.
        what: says what is wrong with a link, in a clause.
        source_ref: where the links are declared.
    """
    rows = np.flatnonzero(bad)
    if not rows.size:
        return []
    first = int(rows[0])
    count = f"{rows.size} of {len(bad)} links, first " if rows.size > 1 else ""
    declared = f"declared at {source_ref}" if source_ref else ""
    return [finding(name, f"{count}{view.link_name(first)}: {what(first)}", declared)]


def metres(length_mm: int) -> str:
    """Return a length as messages print it."""
    return f"{length_mm / 1000:g} m"


def decibels(loss_mdb: int) -> str:
    """Return a loss as messages print it."""
    return f"{loss_mdb / 1000:g} dB"


def watts(power_mw: int) -> str:
    """Return a power as messages print it."""
    return f"{power_mw / 1000:g} W"


def gbps(rate_mbps: int) -> str:
    """Return a rate as messages print it."""
    return f"{rate_mbps / 1000:g} Gbps"
