"""A plan under the names that a later one gives its groups, tiers and fabrics."""

from __future__ import annotations

from collections.abc import Mapping

from optidsl._record import replace
from optidsl.plan.model import Plan


def under_new_names(plan: Plan, moved: Mapping[str, str]) -> tuple[Plan, dict[str, str]]:
    """Rename what `moved` names as a whole, and return what is left of it: single devices, in the new names.

    Args:
        plan: the earlier plan.
        moved: identities (`compute.leaf[3]`), groups (`compute.leaf`, `gpu`) or fabrics (`compute`) by their old names.
    """
    own = {group.name for group in plan.groups} | {fabric.name for fabric in plan.fabrics}
    paths = {one: other for one, other in moved.items() if "[" not in one}
    devices = {
        f"{moved_path(one.partition('[')[0], paths)}[{one.partition('[')[2]}": other
        for one, other in moved.items()
        if "[" in one
    }
    if not any(name == path or name.startswith(f"{path}.") for path in paths for name in own):
        return plan, devices
    return _renamed(plan, paths), devices


def moved_path(name: str, paths: Mapping[str, str]) -> str:
    """Return what a path is called after moves, which may name it or what it is below, as its fabric."""
    steps = name.split(".")
    for count in range(len(steps), 0, -1):
        path = ".".join(steps[:count])
        if path in paths:
            return ".".join([paths[path], *steps[count:]])
    return name


def _renamed(plan: Plan, paths: Mapping[str, str]) -> Plan:
    def tier(fabric: str, name: str) -> str:
        return moved_path(f"{fabric}.{name}", paths).rpartition(".")[2]

    def link_class(name: str) -> str:
        fabric, colon, rest = name.partition(": ")
        words = [
            tier(fabric, word) if f"{fabric}.{word}" in paths else paths.get(word, word) for word in rest.split(" ")
        ]
        return moved_path(fabric, paths) + colon + " ".join(words)

    groups = [
        group.model_copy(
            update={
                "name": moved_path(group.name, paths),
                "fabric": moved_path(group.fabric, paths) if group.fabric else "",
                "tier": tier(group.fabric, group.tier) if group.tier else "",
            }
        )
        for group in plan.groups
    ]
    fabrics = [
        fabric.model_copy(
            update={
                "name": moved_path(fabric.name, paths),
                "tiers": tuple(tier(fabric.name, name) for name in fabric.tiers),
            }
        )
        for fabric in plan.fabrics
    ]
    segments = [
        segment.model_copy(
            update={
                "fabric": moved_path(segment.fabric, paths),
                "a": tier(segment.fabric, segment.a),
                "z": tier(segment.fabric, segment.z),
            }
        )
        for segment in plan.segments
    ]
    classes = [each.model_copy(update={"name": link_class(each.name)}) for each in plan.classes]
    slices = [each.model_copy(update={"fabric": moved_path(each.fabric, paths)}) for each in plan.slices]
    patches = [each.model_copy(update={"fabric": moved_path(each.fabric, paths)}) for each in plan.patches]
    renamed = replace(plan, groups=tuple(groups), fabrics=tuple(fabrics), segments=tuple(segments))
    return replace(renamed, classes=tuple(classes), slices=tuple(slices), patches=tuple(patches))
