"""Placed fabrics with lengths put in by hand, for tests of the choice of parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl.fabric.tables import FabricTables
from optidsl.layout.tables import LinkLengths, PlacedFabric, RackTable
from optidsl.sema.design_place import RackGroup
from optidsl.sema.slot import Slot
from tests.support.designs import ORIGIN, address


def placed_with(
    tables: FabricTables,
    required_mm: Sequence[int] | int,
    *,
    rack: Sequence[int] | None = None,
    caps_mw: Sequence[int] = (),
    cap_slot: Slot[int] | None = None,
) -> PlacedFabric:
    """Return the fabric with these required lengths: one number for all links, or one per segment.

    Args:
        tables: the synthesised fabric.
        required_mm: route plus slack in mm.
        rack: rack of every device, none when absent.
        caps_mw: power cap of each rack (-1: none); racks stand in one row.
        cap_slot: what the author wrote of the cap.
    """
    n = len(tables.links.segment)
    by_segment = np.array([required_mm] if isinstance(required_mm, int) else list(required_mm), dtype=np.int64)
    lengths = by_segment[np.minimum(tables.links.segment, len(by_segment) - 1)]
    zero = np.zeros(n, dtype=np.int64)
    n_devices = len(tables.devices.name)
    at = np.full(n_devices, -1, dtype=np.int32) if rack is None else np.array(rack, dtype=np.int32)
    group = RackGroup(address("test", "dc1", "h1", "r1", "rack"), (1,), 48, cap_slot or Slot(), ORIGIN)
    n_racks = len(caps_mw)
    racks = RackTable(
        name=tuple(f"rack-{i + 1}" for i in range(n_racks)),
        site=("dc1",) * n_racks,
        hall=("h1",) * n_racks,
        row=("r1",) * n_racks,
        hall_index=np.zeros(n_racks, dtype=np.int32),
        x_mm=np.arange(n_racks, dtype=np.int64) * 600,
        y_mm=np.zeros(n_racks, dtype=np.int64),
        units=np.full(n_racks, 48, dtype=np.int32),
        group=(group,) * n_racks,
        power_cap_mw=np.array(caps_mw, dtype=np.int64),
    )
    devices = np.zeros(n_devices, dtype=np.int32)
    same = np.zeros(n, dtype=np.bool_)
    return PlacedFabric(tables, racks, at, devices, devices, LinkLengths(zero, zero, lengths, zero, lengths, same))
