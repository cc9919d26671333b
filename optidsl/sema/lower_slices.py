"""Slices of a fabric of optical circuit switches."""

from __future__ import annotations

from optidsl.schema.entity import Entity
from optidsl.schema.types import EntityRef
from optidsl.sema.lowering import Lowering, span_of
from optidsl.sema.scale_up import Slice

KIND = "ocs_torus"
"""The kind of fabric that has slices."""


def lower_slices(lowering: Lowering, fabric: Entity, kind: str) -> tuple[Slice, ...]:
    """Return the slices of a fabric; report those of a fabric that has none."""
    found: list[Slice] = []
    for entity in fabric.of_kind("slice"):
        if kind != KIND:
            lowering.sink.error(
                "slice-not-possible",
                f"`{fabric.name}` is of kind {kind}, which has no slices",
                entity.label_span,
                f"a slice is of a fabric of kind {KIND}",
            )
            continue
        spans = span_of(entity, "dims"), span_of(entity, "cubes")
        found.append(Slice(entity.name, _numbers(entity, "dims"), _numbers(entity, "cubes"), entity.origin, *spans))
    return tuple(found)


def _numbers(entity: Entity, name: str) -> tuple[int, ...]:
    value = entity.value(name)
    if isinstance(value, EntityRef) or not isinstance(value, tuple):
        return ()
    return tuple(each for each in value if isinstance(each, int))
