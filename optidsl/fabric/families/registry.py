"""Which module builds which kind of fabric."""

from __future__ import annotations

from importlib import import_module

from optidsl.diag import InternalError
from optidsl.fabric.families.contract import Family

MODULES: dict[str, str] = {
    "clos": "clos",
    "fat_tree": "clos",
    "rail_optimized": "clos",
    "rail_only": "clos",
    "xgft": "clos",
    "dragonfly": "dragonfly",
    "dragonfly_plus": "dragonfly_plus",
    "bcube": "bcube",
    "ocs_torus": "ocs",
    "torus": "torus",
    "mesh": "torus",
    "hyperx": "hyperx",
    "full_mesh": "hyperx",
    "ring": "ring",
    "star": "ring",
    "slim_fly": "slim_fly",
    "polar_fly": "polar_fly",
    "jellyfish": "jellyfish",
    "custom": "custom",
}
"""The module of each word of `fabric.kind`."""


def family(kind: str) -> Family:
    """Return the family of a kind of fabric."""
    name = MODULES.get(kind)
    if name is None:
        raise InternalError(f"no module builds fabrics of kind {kind}")
    found: Family = import_module(f"optidsl.fabric.families.{name}").FAMILY
    return found
