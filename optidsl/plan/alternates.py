"""Modules of other vendors in the bill of material: what fits wherever a module of the plan is used."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.plan.model import PlanBomLine, PlanClass


def with_alternates(bom: Sequence[PlanBomLine], classes: Sequence[PlanClass]) -> tuple[PlanBomLine, ...]:
    """Return the lines, those of modules with the parts that fit on every class of links that uses the module."""
    fitting: dict[str, list[tuple[str, ...]]] = {}
    for each in classes:
        for name, alternates in ((each.a_module, each.a_alternates), (each.z_module, each.z_alternates)):
            fitting.setdefault(name, []).append(alternates)
    everywhere = {
        name: tuple(one for one in rows[0] if all(one in row for row in rows)) for name, rows in fitting.items()
    }
    return tuple(
        line.model_copy(update={"alternates": everywhere.get(line.part, ())})
        if line.category == "transceiver"
        else line
        for line in bom
    )
