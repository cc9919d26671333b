"""What people with cables in their hands need: the cut sheet, labels, the bill of material."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.emit.cabling.bom import bom_csv
from optidsl.emit.cabling.cables import cables_csv
from optidsl.emit.cabling.inline import cables_with_attenuators, labels_with_attenuators
from optidsl.emit.cabling.labels import labels_csv
from optidsl.emit.cabling.physical import cables_of
from optidsl.plan.model import Plan

__all__ = ["BomEmitter", "CablingEmitter"]


class CablingEmitter:
    """The cut sheet and the labels.

    Reads: devices, racks, groups with their ports, links with their lengths, classes, parts, the BOM's part numbers.
    Makes: `cabling/cables.csv` (columns: see `cables.COLUMNS`) and `cabling/labels.csv` (see `labels.COLUMNS`); of
    attenuators, where the plan has any, see `inline`.
    Neither has a comment at its head: CSV knows none.
    """

    name = "cabling"
    title = "cables and their labels"

    def applies(self, plan: Plan) -> bool:
        """Tell whether there is a link."""
        return len(plan.links.segment) > 0

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield both tables."""
        cables = cables_of(plan)
        yield "cabling/cables.csv", cables_with_attenuators(plan, cables, cables_csv(plan, cables))
        yield "cabling/labels.csv", labels_with_attenuators(plan, cables, labels_csv(plan, cables))


class BomEmitter:
    """The bill of material.

    Reads: the BOM.
    Makes: `bom/bom.csv` (columns: see `bom.COLUMNS`).
    """

    name = "bom"
    title = "the bill of material"

    def applies(self, plan: Plan) -> bool:
        """Tell whether there is anything to buy."""
        return bool(plan.bom)

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield the table."""
        yield "bom/bom.csv", bom_csv(plan)
