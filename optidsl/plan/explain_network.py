"""What there is to say of a direct network, or of a stated tree, beside its switches."""

from __future__ import annotations

from optidsl.plan.model import PlanFabric
from optidsl.plan.summary import equal_cost_paths, parameters_text, path_ends


def network_lines(fabric: PlanFabric) -> list[str]:
    """Return its parameters, dimensions, ports and paths, a line each; none for a tree without parameters."""
    lines = [f"  parameters    {parameters_text(fabric.parameters)}"] if fabric.parameters else []
    if not fabric.dimensions and fabric.up[0] and fabric.parameters:
        lines.append(f"  paths         {equal_cost_paths(fabric)} of equal cost between the farthest endpoints")
    lines += [f"  {each.name:<13} {each.links} links, {each.ports} ports of a switch" for each in fabric.dimensions]
    lines += [f"  ports         {fabric.port_scheme}"] if fabric.port_scheme else []
    if fabric.disjoint_paths is not None:
        ends = path_ends(len(fabric.tiers), bool(fabric.dimensions))
        least = f"{fabric.disjoint_paths} between any two {ends}, at least, with no link in common"
        lines.append(f"  paths         {least}")
    return lines
