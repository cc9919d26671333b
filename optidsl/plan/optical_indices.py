"""Does every index of scale-up networks, slices and patches point at something?"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.slice_model import PlanPatch, PlanSlice

_AXES = ("x", "y", "z", "w", "v", "u")


def optical_problems(plan: Plan) -> Iterator[str]:
    """Yield what points nowhere, one sentence each."""
    fabrics = {fabric.name: fabric for fabric in plan.fabrics}
    for number, own in enumerate(plan.scale_up):
        if not 0 <= own.group < len(plan.groups):
            yield f"scale_up.{number} names group {own.group} of {len(plan.groups)}"
        elif own.per_domain < 1 or (own.kind in ("mesh", "torus") and prod(own.dims) != own.gpus):
            yield f"scale_up.{number} has domains of no shape"
    for number, each in enumerate(plan.slices):
        if not _is_slice(each, fabrics.get(each.fabric)):
            yield f"slices.{number} is no torus of cubes of its fabric"
    for number, patch in enumerate(plan.patches):
        if not _is_patch(plan, patch, fabrics.get(patch.fabric)):
            yield f"patches.{number} names switches or ports that are not there"


def _cube(fabric: PlanFabric) -> tuple[int, ...]:
    value = fabric.parameters.get("cube")
    return value if isinstance(value, tuple) and value and min(value) > 0 else ()


def _is_slice(each: PlanSlice, fabric: PlanFabric | None) -> bool:
    edges = () if fabric is None else _cube(fabric)
    cubes = None if fabric is None else fabric.parameters.get("cubes")
    if not isinstance(cubes, int) or len(each.dims) != len(edges) or len(edges) > len(_AXES):
        return False
    if any(dim < 1 or dim % edge for dim, edge in zip(each.dims, edges, strict=True)):
        return False
    size = prod(each.dims) // prod(edges)
    return len(each.cubes) == size and all(0 <= cube < cubes for cube in each.cubes)


def _is_patch(plan: Plan, patch: PlanPatch, fabric: PlanFabric | None) -> bool:
    if fabric is None or not 0 <= patch.group < len(plan.groups) or patch.axis not in _AXES[: len(_cube(fabric))]:
        return False
    group = plan.groups[patch.group]
    ports = (*patch.plus, *patch.minus)
    return (
        group.fabric == patch.fabric
        and len(patch.plus) == len(patch.minus)
        and 0 <= patch.first <= patch.first + patch.count <= group.count
        and all(0 <= port < len(group.ports.name) for port in ports)
    )
