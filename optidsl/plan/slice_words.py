"""Slices of optical circuit switches in words and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.slice_model import PlanSlice


def circuits_of(plan: Plan, own: PlanSlice) -> int:
    """Return the circuits of a slice: one for every position of the + faces of its cubes."""
    edges = next(_edges(fabric) for fabric in plan.fabrics if fabric.name == own.fabric)
    return len(own.cubes) * sum(prod(edges) // edge for edge in edges)


def torus_bisection_mbps(plan: Plan, own: PlanSlice) -> int:
    """Return the bandwidth between the halves of a slice, in Mbit/s: two faces across its longest axis.

    Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), section 5.2.1.
    Assumes: an axis of 2 chips is a single link; links inside cubes run at the rate of circuits.
    """
    rate = next(s.rate_mbps for s in plan.segments if s.fabric == own.fabric)
    longest = max(own.dims)
    return prod(own.dims) // longest * (2 if longest > 2 else 1) * rate


def slice_words(dims: Sequence[int], cubes: int, circuits: int) -> str:
    """Return a slice in one line: `4,096 chips as 16 x 16 x 16, 64 cubes, 3,072 circuits`."""
    shape = " x ".join(str(size) for size in dims)
    return f"{prod(dims):,} chips as {shape}, {cubes} cube{'s' if cubes > 1 else ''}, {circuits:,} circuits"


def slice_lines(plan: Plan, fabric: PlanFabric) -> Iterator[str]:
    """Yield a line for each slice of a fabric, and one for cubes without circuits."""
    mine = [each for each in plan.slices if each.fabric == fabric.name]
    for each in mine:
        words = slice_words(each.dims, len(each.cubes), circuits_of(plan, each))
        yield f"  slice {each.name:<7} {words}, written at {each.source_ref}"
    cubes = fabric.parameters.get("cubes")
    dark = cubes - sum(len(each.cubes) for each in mine) if isinstance(cubes, int) else 0
    if fabric.kind == "ocs_torus" and dark:
        yield f"  dark          {dark} cubes without circuits"


def _edges(fabric: PlanFabric) -> tuple[int, ...]:
    value = fabric.parameters.get("cube")
    return value if isinstance(value, tuple) else ()
