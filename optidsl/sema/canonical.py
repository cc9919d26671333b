"""One order for a design, whatever the order of its files, blocks and keys.

What stays as written: tiers of a fabric, rows of a hall, racks of a row, seats of a tier, goals to minimise, and lists
that say which comes first (`at`, `endpoints`, numbers given one by one, models and kinds to choose from), and the
connections of a `custom` fabric, which take ports in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from optidsl._record import replace
from optidsl.diag import Span
from optidsl.sema.design import Design, Fabric, NodeGroup, Policy, Requirement
from optidsl.sema.design_place import Site

if TYPE_CHECKING:
    from optidsl.sema.promised import Promised

Value = TypeVar("Value")


def in_order(design: Design, written: Callable[[Span], str]) -> Design:
    """Return a design with everything by its name or address; nodes are in their order already.

    Args:
        design: the design, in the order of its source.
        written: the file and the blocks around a span.
    """

    def goal(said: Promised) -> tuple[bool, str, str, str]:
        return (not said.name, said.name, said.text, written(said.span))

    return replace(
        design,
        params=tuple(sorted(design.params, key=lambda each: each.name)),
        sites=tuple(_site(each) for each in sorted(design.sites, key=lambda each: each.address.parts)),
        fabrics=tuple(_fabric(each) for each in sorted(design.fabrics, key=lambda each: each.address.parts)),
        policy=_policy(design.policy),
        requirements=tuple(sorted(design.requirements, key=lambda each: _rank(each, written))),
        emit=None if design.emit is None else tuple(sorted(design.emit)),
        routes=tuple(sorted(design.routes, key=lambda each: str(each.name))),
        lines=tuple(sorted(design.lines, key=lambda each: str(each.name))),
        tests=tuple(
            replace(each, expectations=tuple(sorted(each.expectations, key=goal)))
            for each in sorted(design.tests, key=lambda each: each.name)
        ),
        scale_up=tuple(sorted(design.scale_up, key=lambda each: each.name)),
        promised=tuple(sorted(design.promised, key=goal)),
    )


def nodes_in_order(nodes: Iterable[NodeGroup]) -> tuple[NodeGroup, ...]:
    """Return groups of nodes by address, the nodes of each by their keys where these are numbers."""
    return tuple(_group(each) for each in sorted(nodes, key=lambda each: each.address.parts))


def _group(group: NodeGroup) -> NodeGroup:
    numbers = [key for key in group.keys or () if isinstance(key, int)]
    if group.keys is None or len(numbers) < len(group.keys) or sorted(numbers) == numbers:
        return group
    return replace(group, keys=tuple(sorted(numbers)))


def _rank(requirement: Requirement, written: Callable[[Span], str]) -> tuple[bool, str, str, str, str]:
    """Return what requirements are sorted by: those with a name first; of equals of components, what they speak of."""
    said = requirement.text or " and ".join(condition.text for condition in requirement.conditions)
    metrics = " ".join(metric.name for each in requirement.conditions for metric, _ in each.expression.terms)
    return (not requirement.name, requirement.name or "", said, written(requirement.span), metrics)


def _site(site: Site) -> Site:
    return replace(
        site,
        halls=tuple(sorted(site.halls, key=lambda each: each.address.parts)),
        pathways=tuple(sorted(site.pathways, key=lambda each: (each.a.parts, each.z.parts, each.length_mm))),
        feeds=tuple(sorted(site.feeds, key=lambda each: each.name)),
    )


def _fabric(fabric: Fabric) -> Fabric:
    return replace(
        fabric,
        connects=tuple(sorted(fabric.connects, key=lambda each: (each.a, each.z, each.dimension))),
        parameters=_by_name(fabric.parameters),
        features=tuple(sorted(fabric.features)),
        slices=tuple(sorted(fabric.slices, key=lambda each: each.name)),
        variants=tuple(_fabric(each) for each in fabric.variants),
    )


def _policy(policy: Policy) -> Policy:
    return replace(
        policy,
        unknown=_by_name(policy.unknown),
        copper_reach=_by_name(policy.copper_reach),
        firmware=_by_name(policy.firmware),
        waivers=tuple(sorted(policy.waivers, key=lambda each: each.name)),
    )


def _by_name(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: values[name] for name in sorted(values)}
