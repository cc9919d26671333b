"""Slices and patches as records of the plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl._context import Context
from optidsl.fabric.families.ocs_network import Cubes
from optidsl.fabric.tables import FabricShape, FabricTables
from optidsl.plan.slice_model import PlanPatch, PlanSlice
from optidsl.schema.families import axis_names


def plan_slices(tables: FabricTables, context: Context) -> tuple[PlanSlice, ...]:
    """Return one record for each slice."""
    return tuple(
        PlanSlice(
            fabric=shape.fabric.name,
            name=each.name,
            dims=each.dims,
            cubes=each.cubes,
            source_ref=context.sources.written(each.origin.span),
        )
        for shape in tables.shapes
        for each in shape.slices
    )


def plan_patches(tables: FabricTables) -> tuple[PlanPatch, ...]:
    """Return one record for each axis (and plane) of the fabrics that have slices."""
    return tuple(patch for shape in tables.shapes if shape.slices for patch in _patches(tables, shape))


def _patches(tables: FabricTables, shape: FabricShape) -> Iterator[PlanPatch]:
    network = _network(shape)
    for index, group in enumerate(tables.groups):
        if group.fabric != shape.fabric.name:
            continue
        first = 0
        for axis, (name, count) in enumerate(zip(axis_names(len(network.edges)), network.faces, strict=True)):
            port_of = _ports(tables, group.first + first, network.ports)
            pairs = [network.circuits(axis, each.cubes, each.size) for each in shape.slices]
            plus = np.concatenate([pair[0] for pair in pairs])
            minus = np.concatenate([pair[1] for pair in pairs])
            yield PlanPatch(
                fabric=shape.fabric.name,
                axis=name,
                group=index,
                first=first,
                count=count,
                plus=tuple(port_of[plus].tolist()),
                minus=tuple(port_of[network.cubes + minus].tolist()),
            )
            first += count


def _network(shape: FabricShape) -> Cubes:
    words = dict(shape.parameters)
    cubes, edges = words["cubes"], words["cube"]
    return Cubes(cubes if isinstance(cubes, int) else 0, edges if isinstance(edges, tuple) else ())


def _ports(tables: FabricTables, switch: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the port of every place of a switch: + faces of the cubes in their order, then - faces."""
    rows = np.flatnonzero(tables.links.z_device == switch)
    ports = tables.links.z_port[rows].astype(np.int64)
    order = tables.links.a_port[rows].astype(np.int64)  # the + face of an axis has the lower port numbers of a cube
    ranked = np.lexsort((np.arange(len(rows)), order))
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = ports[ranked][:count]
    return found
