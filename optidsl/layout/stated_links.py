"""Lengths that the author states of single links of a custom network."""

from __future__ import annotations

import numpy as np

from optidsl._record import replace
from optidsl.fabric.families.custom import stated_lengths
from optidsl.fabric.tables import FabricTables
from optidsl.layout.lengths import Mask
from optidsl.layout.tables import I64, LinkLengths
from optidsl.sema.design import Design


def state_link_lengths(design: Design, tables: FabricTables, lengths: LinkLengths) -> LinkLengths:
    """Return lengths in which what links state of themselves replaces all else."""
    stated = np.full(len(lengths.required_mm), -1, np.int64)
    for fabric in design.fabrics:
        own = np.array([-1 if each is None else each for each in stated_lengths(fabric)], np.int64)
        if (own < 0).all():
            continue
        for index, segment in enumerate(tables.segments):
            if segment.fabric != fabric.name or not segment.dimension:
                continue
            mine = tables.links.segment == index
            stated[mine] = np.tile(own, int(mine.sum()) // len(own))
    is_stated: Mask = stated >= 0

    def put(column: I64, value: I64 | int) -> I64:
        return np.where(is_stated, value, column)

    return replace(
        lengths,
        dress_mm=put(lengths.dress_mm, 0),
        vertical_mm=put(lengths.vertical_mm, 0),
        horizontal_mm=put(lengths.horizontal_mm, stated),
        slack_mm=put(lengths.slack_mm, 0),
        required_mm=put(lengths.required_mm, stated),
        is_stated=is_stated,
    )
