"""Other shapes of the plans built by hand: a third tier, planes."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.model import Plan, PlanDevices, PlanGroup, PlanLinks
from tests.support.plans import LOOPBACK, SPINE_ASN, segment_record, switch_group

CORE_ASN = 64_900
I64 = NDArray[np.int64]


def with_core(plan: Plan, *, n_pods: int = 2, n_cores: int = 2) -> Plan:
    """Return a plan of `two_tier` cut into pods, with a third tier above: one cable from every spine to every core.

    Leaves and spines are dealt to the pods in order; cables between pods are taken out.
    """
    nodes, leaves, spines = plan.groups
    protocol = plan.fabrics[0].protocol
    first_up = len(spines.ports.name)
    ports = switch_group(protocol, "spine", 2, 0, 1, first_up, n_cores).ports
    core = switch_group(protocol, "core", 3, len(plan.devices.name), n_cores, spines.count, 0)
    pod = _pods(plan, n_pods)
    fabric = plan.fabrics[0].model_copy(
        update={"tiers": ("leaf", "spine", "core"), "counts": (leaves.count, spines.count, n_cores), "pods": n_pods}
    )
    return replace(
        plan,
        groups=(nodes, leaves, spines.model_copy(update={"ports": ports}), core),
        segments=(*plan.segments, segment_record("spine", "core", "design.optd:42")),
        classes=(*plan.classes, plan.classes[1].model_copy(update={"name": "compute: spine -- core", "segment": 2})),
        fabrics=(fabric,),
        devices=_devices_with(plan, core, pod),
        links=_links_with(plan, core, pod, first_up),
    )


def _pods(plan: Plan, n_pods: int) -> I64:
    group, ordinal = plan.devices.group, plan.devices.ordinal.astype(np.int64)
    size = np.array([1, *(one.count for one in plan.groups[1:])])[group]
    return np.where(group == 0, -1, ordinal * n_pods // size)


def _devices_with(plan: Plan, core: PlanGroup, pod: I64) -> PlanDevices:
    devices, rows = plan.devices, np.arange(core.count)
    is_routed = plan.fabrics[0].protocol == "ethernet"
    more: dict[str, int | I64] = {
        "group": 3,
        "ordinal": rows,
        "rack": 0,
        "unit": 0,
        "height": core.height,
        "asn": CORE_ASN if is_routed else 0,
        "loopback": LOOPBACK + 1_000 + rows if is_routed else -1,
    }
    # A plan gives the spines of each pod a number of their own.
    asn = devices.asn + np.where(devices.asn == SPINE_ASN, np.maximum(pod, 0), 0)
    old = replace(devices, pod=pod.astype(np.int32), asn=asn)
    columns = {
        field.name: np.concatenate(
            [getattr(old, field.name), np.broadcast_to(more.get(field.name, -1), core.count)]
        ).astype(getattr(old, field.name).dtype)
        for field in fields(old)
        if field.name not in ("key", "name", "phase")
    }
    return PlanDevices(
        **columns,
        key=devices.key + tuple(str(row + 1) for row in rows),
        name=devices.name + tuple(f"compute-core-{row + 1:03}" for row in rows),
    )


def _links_with(plan: Plan, core: PlanGroup, pod: I64, first_up: int) -> PlanLinks:
    links, spines = plan.links, plan.groups[2]
    kept = (plan.devices.group[links.a_device] == 0) | (pod[links.a_device] == pod[links.z_device])
    spine, above = (column.ravel() for column in np.indices((spines.count, core.count)))
    more: dict[str, int | I64] = {
        "segment": 2,
        "link_class": 2,
        "a_device": spines.first + spine,
        "a_port": first_up + above,
        "z_device": core.first + above,
        "z_port": spine,
        "required_mm": 20_000,
        "ordered_mm": 30_000,
        "p2p": -1,
        "rail": -1,
    }
    columns = {
        field.name: np.concatenate(
            [getattr(links, field.name)[kept], np.broadcast_to(more.get(field.name, 0), len(spine))]
        ).astype(getattr(links, field.name).dtype)
        for field in fields(links)
        if getattr(links, field.name) is not None
    }
    return PlanLinks(**columns)


def with_planes(plan: Plan) -> Plan:
    """Return a plan of `two_tier` cut into 2 planes: half the leaves and half the spines in each, none in between."""
    nodes, leaves, spines = plan.groups
    halves = [
        group.model_copy(
            update={
                "name": f"compute.p{plane}.{group.tier}",
                "plane": plane,
                "first": group.first + plane * group.count // 2,
                "count": group.count // 2,
            }
        )
        for group in (leaves, spines)
        for plane in (0, 1)
    ]
    group = np.concatenate([np.full(one.count, row) for row, one in enumerate([nodes, *halves])]).astype(np.int32)
    plane_of = np.array([-1, 0, 1, 0, 1])[group]
    links = plan.links
    near, far = plane_of[links.a_device], plane_of[links.z_device]
    kept = (near < 0) | (near == far)
    return replace(
        plan,
        groups=(nodes, *halves),
        classes=(plan.classes[0], plan.classes[1].model_copy(update={"z_group": 3})),
        fabrics=(plan.fabrics[0].model_copy(update={"planes": 2}),),
        devices=replace(plan.devices, group=group),
        links=PlanLinks(
            **{field.name: getattr(links, field.name)[kept] for field in fields(links) if field.name != "assembly"}
        ),
    )
