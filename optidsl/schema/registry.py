"""Every kind of block, by name."""

from __future__ import annotations

from functools import cache

from optidsl.schema.model import Kind


@cache
def kinds() -> dict[str, Kind]:
    """Return the schema table: kinds by name."""
    from optidsl.schema import catalogue, fabric, place, project

    table: dict[str, Kind] = {}
    for module in (project, place, fabric, catalogue):
        for kind in module.KINDS:
            table[kind.name] = kind
    return table
