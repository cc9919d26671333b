"""Slices: which cubes form a torus, and of what shape."""

from __future__ import annotations

from math import prod

from optidsl.fabric.families.ocs_network import Cubes
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.fabric.tables import SliceShape
from optidsl.sema.design import Fabric
from optidsl.sema.scale_up import Slice

NAME = "slice-not-possible"


def slices_of(fabric: Fabric, network: Cubes) -> tuple[SliceShape, ...] | Refusal:
    """Return the slices with their cubes: those that the author names, else the next that are free."""
    taken: dict[int, str] = {}
    sizes: list[tuple[int, ...]] = []
    for each in fabric.slices:
        size = _size(each, network)
        refusal = size if isinstance(size, Refusal) else _named(each, size, network, taken)
        if refusal is not None:
            return refusal
        if not isinstance(size, Refusal):
            sizes.append(size)
    free = [cube for cube in range(network.cubes) if cube not in taken]
    found: list[SliceShape] = []
    for each, size in zip(fabric.slices, sizes, strict=True):
        cubes = tuple(cube - 1 for cube in each.cubes)
        if not cubes:
            if len(free) < prod(size):
                return Refusal(
                    NAME,
                    f"slice `{each.name}` needs {count_of(prod(size), 'cube')}, and {len(free)} of {network.cubes} are "
                    f"left: {prod(size) - len(free)} too few",
                    each.origin.span,
                    helps=("make it smaller, or another slice",),
                )
            cubes, free = tuple(free[: prod(size)]), free[prod(size) :]
        found.append(SliceShape(each.name, each.dims, size, cubes, each.origin))
    return tuple(found)


def _size(each: Slice, network: Cubes) -> tuple[int, ...] | Refusal:
    """Return the cubes along each axis."""
    listed, edges = ", ".join(str(size) for size in each.dims), network.edges
    cube = " x ".join(str(edge) for edge in edges)
    if len(each.dims) == len(edges) and all(d >= e and d % e == 0 for d, e in zip(each.dims, edges, strict=True)):
        return tuple(dim // edge for dim, edge in zip(each.dims, edges, strict=True))
    if len(each.dims) != len(edges):
        helps: tuple[str, ...] = (f"write {count_of(len(edges), 'size')}, as `dims = [{', '.join(map(str, edges))}]`",)
    else:
        near = [max(1, (dim + edge // 2) // edge) * edge for dim, edge in zip(each.dims, edges, strict=True)]
        helps = (f"`dims = [{', '.join(map(str, near))}]` would work",)
    return Refusal(
        NAME,
        f"slice `{each.name}` of [{listed}] chips is not made of whole cubes of {cube}",
        each.dims_span,
        helps=helps,
    )


def _named(each: Slice, size: tuple[int, ...], network: Cubes, taken: dict[int, str]) -> Refusal | None:
    """Take the cubes that the author names; refuse what is none, not free, or not as many as the slice needs."""
    if not each.cubes:
        return None
    what = ""
    for cube in each.cubes:
        if not 1 <= cube <= network.cubes:
            what = f"cube {cube} is not among 1 to {network.cubes}"
        elif cube - 1 in taken:
            what = f"cube {cube} is in slice `{taken[cube - 1]}`"
        if what:
            break
        taken[cube - 1] = each.name
    if not what and len(each.cubes) != prod(size):
        what = f"{count_of(len(each.cubes), 'cube')} named, and {prod(size)} needed"
    if not what:
        return None
    return Refusal(
        NAME, f"slice `{each.name}`: {what}", each.cubes_span, helps=("leave `cubes` out for any free ones",)
    )
