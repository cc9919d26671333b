"""Small two-tier plans written down link by link, to be changed and compared; nothing here compiles."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from optidsl.difference import Difference, Texts, difference
from optidsl.plan.bom import bill_of_material
from optidsl.plan.model import (
    Plan,
    PlanAddressing,
    PlanClass,
    PlanDevices,
    PlanFabric,
    PlanFact,
    PlanGroup,
    PlanHeader,
    PlanLinks,
    PlanPart,
    PlanPolicy,
    PlanRack,
    PlanRequirement,
    PlanSegment,
    PortColumns,
)

PORTS = 400
End = tuple[str, str, int]
"""Group, key, port."""


@dataclass
class Net:
    """Servers on leaves on spines. Links are by both ends, with their ordered length; lists of keys are the groups."""

    servers: list[str] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    spines: list[str] = field(default_factory=list)
    links: dict[tuple[End, End], int] = field(default_factory=dict)
    fabric: str = "f"
    protocol: str = "roce"
    modules: tuple[str, str] = ("sr", "sr")  # of links to servers, of links between switches
    cable: str = "jumper"
    asns: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    racks: dict[tuple[str, str], int] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    requirements: tuple[PlanRequirement, ...] = ()
    mtu: int = 9216
    source_ref: str = "design.optd:1"
    price: str = ""
    plane_of: dict[str, int] = field(default_factory=dict)

    def groups(self) -> list[tuple[str, str, list[str]]]:
        """Return path in links, name in the plan and keys of the groups."""
        return [
            ("server", "server", self.servers),
            ("leaf", f"{self.fabric}.leaf", self.leaves),
            ("spine", f"{self.fabric}.spine", self.spines),
        ]


def clos(leaves: int, spines: int, per_leaf: int = 2, parallel: int = 1) -> Net:
    """Return a net whose ports follow from keys: more leaves or spines change nothing of what is there."""
    net = Net([], [str(i + 1) for i in range(leaves)], [str(i + 1) for i in range(spines)])
    for leaf in range(leaves):
        for at in range(per_leaf):
            key = str(leaf * per_leaf + at + 1)
            net.servers.append(key)
            net.links[("server", key, 0), ("leaf", str(leaf + 1), at)] = 5_000
        for spine in range(spines):
            for k in range(parallel):
                ends = (
                    ("leaf", str(leaf + 1), 16 + spine * parallel + k),
                    ("spine", str(spine + 1), leaf * parallel + k),
                )
                net.links[ends] = 10_000
    return net


def plan_of(net: Net) -> Plan:
    """Return the plan of a net."""
    row, groups, first = {}, [], 0
    for level, (path, name, keys) in enumerate(net.groups()):
        for place, key in enumerate(keys):
            row[path, key] = first + place
        groups.append(_group(net, name, path, level, first, len(keys)))
        first += len(keys)
    kept = [group for group in groups if group.count]
    number = {group.name: place for place, group in enumerate(kept)}
    devices = _devices(net, kept)
    links = _links(net, row)
    segments = (
        PlanSegment(
            fabric=net.fabric, a="endpoints", z="leaf", rate_mbps=400_000, connections=2, source_ref=net.source_ref
        ),
        PlanSegment(
            fabric=net.fabric, a="leaf", z="spine", rate_mbps=400_000, connections=2, source_ref=net.source_ref
        ),
    )
    ends = (("server", f"{net.fabric}.leaf"), (f"{net.fabric}.leaf", f"{net.fabric}.spine"))
    classes = tuple(_class(net, at, [number.get(name, 0) for name in ends[at]], net.modules[at]) for at in range(2))
    parts = _parts(net)
    bom = bill_of_material(parts, kept, classes, devices, links)
    if net.price:
        bom = tuple(
            line.model_copy(update={"price": net.price, "price_total": str(int(net.price) * line.quantity)})
            for line in bom
        )
    return Plan(
        header=PlanHeader(
            schema_version="1.0", design="d", title="", owner="", params=net.params, sources=(), emit=None,
            proof="optimal", objective="", naming={}, currency="USD" if net.price else "",
        ),
        parts=parts,
        racks=tuple(_rack(place) for place in range(1 + max(net.racks.values(), default=0))),
        groups=tuple(kept),
        segments=segments,
        fabrics=(_fabric(net),),
        classes=classes,
        policy=PlanPolicy(optic_skus_max=None, cable_skus_max=None, margin_mdb=0, unknown={}),
        addressing=PlanAddressing(loopback="10.0.0.0/16", p2p="10.1.0.0/16", mode="unnumbered", mtu=net.mtu),
        checks=(),
        requirements=net.requirements,
        bom=bom,
        devices=devices,
        links=links,
    )  # fmt: skip


def _group(net: Net, name: str, path: str, level: int, first: int, count: int) -> PlanGroup:
    n = PORTS
    ports = PortColumns(
        name=tuple(f"et{i + 1}" for i in range(n)), alias=("",) * n, cage=tuple(i // 2 for i in range(n)),
        cage_name=tuple(str(i // 2 + 1) for i in range(n)), bore=tuple(i % 2 for i in range(n)),
        lane=tuple(4 * i for i in range(n)), lanes=(4,) * n, rate_mbps=(400_000,) * n, role=("down",) * n,
        rail=(-1,) * n, gpu=(-1,) * n, device=("",) * n,
    )  # fmt: skip
    is_node = path == "server"
    return PlanGroup(
        name=name, kind="node" if is_node else "switch", fabric="" if is_node else net.fabric,
        tier="" if is_node else path, level=level, plane=-1, model="box" if is_node else "sw",
        protocol=net.protocol, platform="", hwsku="", device_id="", gpus=8 if is_node else 0, height=1, first=first,
        count=count, ports=ports, source_ref=f"{net.source_ref}:{path}",
    )  # fmt: skip


def _devices(net: Net, groups: list[PlanGroup]) -> PlanDevices:
    own = {name: (path, keys) for path, name, keys in net.groups()}
    who = [(own[group.name][0], key) for group in groups for key in own[group.name][1]]
    count = np.array([group.count for group in groups])
    group = np.repeat(np.arange(len(groups)), count).astype(np.int32)
    zeros = np.zeros(len(who), np.int32)
    asn = [
        0 if path == "server" else net.asns.get((path, key), 65_000 + 1000 * (path == "spine") + int(key))
        for path, key in who
    ]
    loopback = [-1 if path == "server" else 167_772_160 + 256 * (path == "spine") + int(key) for path, key in who]
    return PlanDevices(
        group=group,
        ordinal=np.concatenate([np.arange(n) for n in count] or [zeros]).astype(np.int32),
        pod=zeros - 1,
        rail=zeros - 1,
        key=tuple(key for _, key in who),
        name=tuple(net.names.get(each, f"{each[0]}{int(each[1]):03}") for each in who),
        rack=np.array([net.racks.get(each, 0) for each in who], np.int32),
        unit=np.arange(1, len(who) + 1, dtype=np.int32) * 0 + 1,
        height=zeros + 1,
        asn=np.array(asn, np.int64),
        loopback=np.array(loopback, np.int64),
    )


def _links(net: Net, row: dict[tuple[str, str], int]) -> PlanLinks:
    order = sorted(net.links, key=lambda ends: (ends[0][0] != "server", row[ends[0][:2]], ends[0][2]))
    columns = [
        [0 if a[0] == "server" else 1 for a, _ in order],
        [row[a[:2]] for a, _ in order],
        [a[2] for a, _ in order],
        [row[z[:2]] for _, z in order],
        [z[2] for _, z in order],
    ]
    segment, a_device, a_port, z_device, z_port = (np.array(column, np.int32) for column in columns)
    length = np.array([net.links[ends] for ends in order], np.int64)
    return PlanLinks(
        segment=segment, link_class=segment, a_device=a_device, a_port=a_port, z_device=z_device, z_port=z_port,
        rail=segment * 0 - 1, dress_mm=length * 0, vertical_mm=length * 0, horizontal_mm=length - 500,
        slack_mm=length * 0, required_mm=length - 500, ordered_mm=length, p2p=length * 0 - 1,
    )  # fmt: skip


def _class(net: Net, segment: int, ends: list[int], module: str) -> PlanClass:
    name = "server -- leaf" if segment == 0 else "leaf -- spine"
    return PlanClass(
        name=f"{net.fabric}: {name}", segment=segment, a_group=ends[0], z_group=ends[1],
        candidate=f"{module} + {net.cable} + {module}", a_module=module, z_module=module, fiber=net.cable, direct="",
        medium="multimode", grade="om4", longest_mm=0, loss_mdb=None, budget_mdb=None, reason="", runner_up="",
    )  # fmt: skip


def _parts(net: Net) -> dict[str, PlanPart]:
    def part(name: str, kind: str, **facts: int) -> PlanPart:
        found = {key: PlanFact(value=value, source="test", confidence="design") for key, value in facts.items()}
        return PlanPart(name=name, kind=kind, vendor="", part_numbers=(name.upper(),), facts=found)  # type: ignore[arg-type]

    parts = [
        part("box", "server", power_max_mw=1_000_000),
        part("sw", "switch", power_max_mw=500_000),
        part(net.cable, "fiber_cable", ends=1),
    ]
    parts += [part(name, "transceiver", power_max_mw=10_000, bores=2) for name in dict.fromkeys(net.modules)]
    return {each.name: each for each in parts}


def _rack(place: int) -> PlanRack:
    return PlanRack(
        name=f"r{place}",
        site="s",
        hall="h",
        row="w",
        x_mm=600 * place,
        y_mm=0,
        units=48,
        power_cap_mw=None,
        source_ref="design.optd:2",
    )


def _fabric(net: Net) -> PlanFabric:
    tiers = tuple(name for name, keys in (("leaf", net.leaves), ("spine", net.spines)) if keys)
    n = len(tiers)
    counts = (len(net.leaves), len(net.spines))[:n]
    return PlanFabric(
        name=net.fabric, kind="clos", protocol=net.protocol, planes=1, tiers=tiers, counts=counts, down=(1,) * n,
        up=(1,) * n, pods=1, units=0, endpoints=len(net.servers), bisection_mbps=None, oversubscription=(),
        oversubscription_limit=(1, 1), hops=3, source_ref=f"{net.source_ref}:fabric",
    )  # fmt: skip


def texts_of(plan: Plan) -> Texts:
    """Return a configuration of every switch: its name, number and what its ports lead to, with names and lengths."""
    devices, links = plan.devices, plan.links
    lines: dict[int, list[str]] = {
        row: [f"{name} {asn} {plan.addressing.mtu}"]
        for row, (name, asn) in enumerate(zip(devices.name, devices.asn.tolist(), strict=True))
        if asn
    }
    for link in range(len(links.segment)):
        a, z = int(links.a_device[link]), int(links.z_device[link])
        for own, port, peer in ((a, links.a_port[link], z), (z, links.z_port[link], a)):
            if own in lines:
                lines[own].append(f"{port} {devices.name[peer]} {devices.asn[peer]} {links.ordered_mm[link]}")
    return Texts({devices.name[row]: tuple(sorted(text)) for row, text in lines.items()})


def compare(before: Net, after: Net, moved: dict[str, str] | None = None) -> Difference:
    """Return the difference of two nets."""
    one, other = plan_of(before), plan_of(after)
    return difference(one, other, texts_of(one), texts_of(other), moved)


def changed(net: Net, rng: random.Random) -> Net:
    """Return a copy with random changes: devices that go or come, cables that go, come, move, change their length."""
    new = Net(list(net.servers), list(net.leaves), list(net.spines), dict(net.links))
    for _ in range(rng.randint(0, 6)):
        rng.choice((_drop_link, _move_link, _resize_link, _drop_device, _add_device))(new, rng)
    return new


def _drop_link(net: Net, rng: random.Random) -> None:
    if net.links:
        del net.links[rng.choice(list(net.links))]


def _resize_link(net: Net, rng: random.Random) -> None:
    if net.links:
        net.links[rng.choice(list(net.links))] = rng.choice((5_000, 10_000, 20_000))


def _move_link(net: Net, rng: random.Random) -> None:
    if not net.links:
        return
    ends = rng.choice(list(net.links))
    tier = net.leaves if ends[1][0] == "leaf" else net.spines
    busy = {end for pair in net.links for end in pair}
    z = (ends[1][0], rng.choice(tier), rng.randrange(PORTS))
    if z not in busy:
        net.links[ends[0], z] = net.links.pop(ends)


def _drop_device(net: Net, rng: random.Random) -> None:
    tier, path = rng.choice(((net.servers, "server"), (net.leaves, "leaf"), (net.spines, "spine")))
    if len(tier) > 1:
        key = tier.pop(rng.randrange(len(tier)))
        net.links = {ends: mm for ends, mm in net.links.items() if (path, key) not in (ends[0][:2], ends[1][:2])}


def _add_device(net: Net, rng: random.Random) -> None:
    key = str(900 + rng.randrange(90))
    if key in net.spines:
        return
    net.spines.insert(rng.randrange(len(net.spines) + 1), key)
    busy = {end for pair in net.links for end in pair}
    for place, leaf in enumerate(net.leaves):
        free: Iterable[int] = (port for port in range(40, PORTS) if ("leaf", leaf, port) not in busy)
        net.links[("leaf", leaf, next(iter(free))), ("spine", key, place)] = rng.choice((10_000, 20_000))
