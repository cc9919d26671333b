"""Columns of link ends: which port a link meets, as rows of one flat list of all groups' ports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.model import Plan, PortColumns

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
T = TypeVar("T")


def port_rows(plan: Plan, device: I32, port: I32) -> I64:
    """Return rows of the flat port list.

    Args:
        plan: Its groups give the flat list: all ports of the first group, then of the second, and so on.
        device: Rows of the device columns, any shape.
        port: Port indices within the device, same shape.
    """
    offsets = np.zeros(len(plan.groups) + 1, dtype=np.int64)
    np.cumsum([len(group.ports.name) for group in plan.groups], out=offsets[1:])
    rows: I64 = offsets[plan.devices.group[device]] + port
    return rows


def all_ports(plan: Plan) -> list[tuple[PortColumns, int]]:
    """Return the flat port list: each port as its group's columns and its index in them."""
    return [(group.ports, index) for group in plan.groups for index in range(len(group.ports.name))]


def take(values: Sequence[T], rows: NDArray[np.integer]) -> list[T]:
    """Return the values at the rows, in their order."""
    return [values[row] for row in rows.tolist()]
