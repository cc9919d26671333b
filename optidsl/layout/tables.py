"""The placed fabric: which rack and unit each device has, and how long each cable's route is, term by term."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import field, record
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design_place import Hall, RackGroup

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class RackTable:
    """Every rack of the design, shape `(n_racks,)`; names are unique within a site."""

    name: tuple[str, ...]  # row, group, key: "a-gpu-3"
    site: tuple[str, ...]
    hall: tuple[str, ...]
    row: tuple[str, ...]
    hall_index: I32
    x_mm: I64  # along the row
    y_mm: I64  # across the rows
    units: I32
    group: tuple[RackGroup, ...]
    power_cap_mw: I64  # -1: no cap


@record(frozen=True, slots=True)
class LinkLengths:
    """Route terms per link in mm, shape `(n_links,)`.

    `route = dress + vertical + horizontal`, `required = route + slack`.
    A stated length has only `horizontal` and no slack. `-1` in `required_mm` means that no length is known.
    """

    dress_mm: I64
    vertical_mm: I64
    horizontal_mm: I64
    slack_mm: I64
    required_mm: I64
    is_same_rack: NDArray[np.bool_]
    line: I32 | None = None  # index into `Design.lines` of the line a link runs over, -1 on the floor; None: no lines
    is_stated: NDArray[np.bool_] | None = None  # links whose own length is stated; None: no link's is


@record(frozen=True, slots=True)
class PlacedFabric:
    """`rack` is -1 and `unit` 0 for devices without a place; `unit` is the lowest RU the device takes, from 1.

    `halls` are indexed by `RackTable.hall_index`; `pathway_mm` is the run between the origins of two halls through
    pathways, shape `(n_halls, n_halls)`, -1 where none leads.
    """

    tables: FabricTables
    racks: RackTable
    rack: I32
    unit: I32
    height: I32  # RU; 0 when the model's height is not known
    lengths: LinkLengths
    halls: tuple[Hall, ...] = ()
    pathway_mm: I64 = field(default_factory=lambda: np.zeros((0, 0), np.int64))
