"""Every kind of block, by name."""

from __future__ import annotations

from functools import cache

from optidsl.schema.model import Kind


@cache
def kinds() -> dict[str, Kind]:
    """Return the schema table: kinds by name."""
    from optidsl.schema import (
        catalogue,
        fabric,
        growth,
        place,
        project,
        purchase,
        reference,
        scale_up,
        spares,
        tests,
        transport,
    )

    table: dict[str, Kind] = {}
    for module in (project, place, fabric, catalogue, reference, purchase, transport, tests, scale_up, spares, growth):
        for kind in module.KINDS:
            table[kind.name] = kind
    return table
