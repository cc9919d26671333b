"""Explain one thing of a plan.

That is a fabric, a tier, a class of links, a device, a cable by either of its ends, a group of nodes, or a place: a
site, a hall, a row or racks, as in `home.h1.a.net`.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Callable
from ipaddress import IPv4Address

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.assemblies import cables_of_links
from optidsl.plan.explain_line import explain_line, explain_signal
from optidsl.plan.explain_network import network_lines
from optidsl.plan.failure_domains import device_domains
from optidsl.plan.feed_words import explain_feed, feed_lines
from optidsl.plan.model import Plan, PlanCheck, PlanFabric, PlanRack
from optidsl.plan.provision import provision_note
from optidsl.plan.scale_up_words import explain_scale_up
from optidsl.plan.slice_words import slice_lines
from optidsl.plan.summary import parameters_text
from optidsl.plan.waiver_words import waiver_line

_COLUMNS = 100
_MARK = {"holds": "ok", "fails": "FAILS", "unknown": "unknown"}


def explain(plan: Plan, what: str) -> str | None:
    """Return what the plan knows of a thing, as text, or None when there is no such thing."""
    finders: tuple[Callable[[Plan, str], list[str] | None], ...] = (_fabric, _latency, _tier, _links, _device)
    for finder in (*finders, explain_line, explain_scale_up, explain_feed, _cable, _nodes, _place):
        lines = finder(plan, what.strip())
        if lines is not None:
            return "\n".join(lines) + "\n"
    return None


def names(plan: Plan) -> list[str]:
    """Return every name that `explain` knows, except those of cables."""
    found = [fabric.name for fabric in plan.fabrics]
    found += [f"{fabric.name}.{tier}" for fabric in plan.fabrics for tier in fabric.tiers]
    found += [f"{fabric.name}.latency" for fabric in plan.fabrics]
    found += [link_class.name for link_class in plan.classes]
    found += [line.name for line in plan.lines]
    found += [domain.name for domain in plan.scale_up]
    found += [feed.path for feed in plan.feeds]
    found += [group.name for group in plan.groups if group.kind == "node"]
    found += list(dict.fromkeys(path for rack in plan.racks for path in _paths_of(rack)))
    return found + list(plan.devices.name)


def suggest(plan: Plan, what: str) -> list[str]:
    """Return up to three names near a wrong one."""
    return difflib.get_close_matches(what, names(plan), 3, 0.5)


def _fabric(plan: Plan, what: str) -> list[str] | None:
    fabric = next((fabric for fabric in plan.fabrics if fabric.name == what), None)
    if fabric is None:
        return None
    lines = [f"fabric {fabric.name}: {fabric.kind}, {fabric.protocol}, written at {fabric.source_ref}"]
    lines += [f"  {_tier_line(fabric, i)}" for i in range(len(fabric.tiers))]
    lines.append(f"  endpoints     {fabric.endpoints} ports")
    note = provision_note(plan, fabric)
    lines += [f"  provision     {note}"] if note else []
    known = "not known" if fabric.bisection_mbps is None else f"{fabric.bisection_mbps / 1e6:g} Tbit/s"
    lines.append(f"  bisection     {known}")
    path = f"{fabric.hops} chips" if fabric.kind == "ocs_torus" else _switches(fabric.hops)
    lines.append(f"  longest path  {path}")
    return [*lines, *network_lines(fabric), *slice_lines(plan, fabric)]


def _latency(plan: Plan, what: str) -> list[str] | None:
    """Return the terms of a fabric's worst latency, `compute.latency`, or between two devices, `gpu-1 -> gpu-9`."""
    near, arrow, far = what.partition("->")
    if arrow:
        from optidsl.plan.latency_pair import pair_lines

        return pair_lines(plan, near.strip(), far.strip())
    fabric = next((fabric for fabric in plan.fabrics if what == f"{fabric.name}.latency"), None)
    if fabric is None:
        return None
    from optidsl.plan.latency import Network, latency_lines

    return latency_lines(fabric, Network(plan.parts, plan.groups, plan.segments, plan.classes, plan.links))


def _tier_line(fabric: PlanFabric, i: int) -> str:
    up = f", {fabric.up[i]} up" if fabric.up[i] else ""
    return f"{fabric.tiers[i]:<13} {_switches(fabric.counts[i])}, each {fabric.down[i]} ports down{up}"


def _switches(count: int) -> str:
    return "1 switch" if count == 1 else f"{count} switches"


def _tier(plan: Plan, what: str) -> list[str] | None:
    for fabric in plan.fabrics:
        for i, tier in enumerate(fabric.tiers):
            if what == f"{fabric.name}.{tier}":
                return _explain_tier(plan, fabric, i)
    return None


def _explain_tier(plan: Plan, fabric: PlanFabric, i: int) -> list[str]:
    tier = fabric.tiers[i]
    groups = [g for g in plan.groups if g.fabric == fabric.name and g.tier == tier]
    lines = [f"tier {fabric.name}.{tier}: {_tier_line(fabric, i).split(None, 1)[1]}"]
    lines += [f"  model {group.model}, written at {group.source_ref}" for group in groups[:1]]
    per_plane = fabric.counts[i] // fabric.planes
    if i == 0:
        lines.append(f"  why {fabric.counts[i]}: {_why_leaves(fabric)}")
        note = provision_note(plan, fabric)
        lines += [f"  {note}"] if note else []
    elif fabric.dimensions or not fabric.up[0] or "k" in fabric.parameters or "children" in fabric.parameters:
        lines.append(f"  why {fabric.counts[i]}: {_why_leaves(fabric)}")
    else:
        below, uplinks = fabric.counts[i - 1] // fabric.planes, fabric.up[i - 1]
        lines.append(
            f"  why {fabric.counts[i]}: {_switches(below)} below {'sends' if below == 1 else 'send'} "
            f"{below * uplinks} links{' in each plane' if fabric.planes > 1 else ''}; "
            f"{per_plane} is the fewest that take them"
            f" with {fabric.down[i]} ports each{_and_divide(plan, fabric, i, uplinks)}"
        )
    for number, ratio in enumerate(fabric.oversubscription):
        if number == i:
            lines.append(f"  oversubscription {ratio[0] / ratio[1]:.4g}:1")
    return lines


def _and_divide(plan: Plan, fabric: PlanFabric, i: int, uplinks: int) -> str:
    """Say that uplinks divide evenly, where pairs of switches may not differ."""
    is_uneven = any(s.uneven for s in plan.segments if s.fabric == fabric.name and s.z == fabric.tiers[i])
    return "" if is_uneven else f" and divide the {uplinks} uplinks of a switch evenly"


def _why_leaves(fabric: PlanFabric) -> str:
    if fabric.dimensions or "k" in fabric.parameters or "children" in fabric.parameters:
        return parameters_text(fabric.parameters)
    if len(fabric.tiers) > 1 and not fabric.up[0]:
        servers = fabric.endpoints // len(fabric.tiers)
        return f"{servers} servers with a port on every tier, switches of {fabric.down[0]} ports"
    if fabric.units:
        rails = fabric.counts[0] // fabric.units
        homes = fabric.parameters.get("homes", 1)
        if homes != 1:
            return f"{fabric.units} scalable units of {rails} leaves, {homes} for each server and rail"
        return f"{_count(fabric.units, 'scalable unit')} x {_count(rails, 'rail')}, one leaf each"
    return f"{fabric.endpoints} endpoint ports at {fabric.down[0]} a leaf"


def _links(plan: Plan, what: str) -> list[str] | None:
    wanted = " ".join(what.split())
    found = [i for i, c in enumerate(plan.classes) if c.name == wanted or c.name.startswith(f"{wanted} (")]
    if not found:
        return None
    lines: list[str] = []
    for index in found:
        lines += _explain_class(plan, index)
    return lines


def class_lines_of(plan: Plan, index: int, *, is_whole: bool = False) -> list[str]:
    """Return what the plan knows of a class of links, but for the reason, which whoever calls tells at length.

    Checks that hold and leave no margin to speak of are one line, unless all is asked for.
    """
    told = ("  because ", "  runner-up ")
    lines = [line for line in _explain_class(plan, index, is_whole=is_whole) if not line.startswith(told)]
    return [short for line in lines for short in wrapped(line)]


def wrapped(line: str) -> list[str]:
    """Wrap a line that is wider than a terminal; what follows hangs under the text after the line's name."""
    if len(line) <= _COLUMNS:
        return [line]
    indent = " " * (29 if line.startswith("    ") else 13)
    return textwrap.wrap(
        line, _COLUMNS, subsequent_indent=indent, drop_whitespace=True, break_long_words=False, break_on_hyphens=False
    )


def _explain_class(plan: Plan, index: int, *, is_whole: bool = True) -> list[str]:
    link_class = plan.classes[index]
    rows = np.nonzero(plan.links.link_class == index)[0]
    segment = plan.segments[link_class.segment]
    lines = [
        f"links {link_class.name}: {_counted(plan, index, rows)} at {segment.rate_mbps / 1000:g} Gbit/s",
        f"  parts      {link_class.candidate}",
        f"  because    {link_class.reason or 'the only candidate'}",
    ]
    if link_class.runner_up:
        lines.append(f"  runner-up  {link_class.runner_up}")
    lines.append(f"  longest    {link_class.longest_mm / 1000:g} m with slack; written at {segment.source_ref}")
    if link_class.loss_mdb is not None:
        budget = "" if link_class.budget_mdb is None else f" of a budget of {link_class.budget_mdb / 1000:g} dB"
        how = "" if plan.policy.statistical is None else ", a statistical sum"
        lines.append(f"  loss       {link_class.loss_mdb / 1000:g} dB{budget}{how}")
    signal = next((signal for signal in plan.signals if signal.link_class == index), None)
    if signal is not None:
        lines += [f"  signal     over line {link_class.line}", *explain_signal(signal)]
    lines.append("  checks")
    checks = [check for check in plan.checks if check.link_class == index]
    lines += [f"    {_check_line(check)}" for check in checks if is_whole or not _is_plain(check)]
    plain = [check.name for check in checks if _is_plain(check)]
    if plain and not is_whole:
        lines.append(f"    {'ok':<8} {len(plain)} more hold: {', '.join(dict.fromkeys(plain))} (--all)")
    lines += [
        f"  waived     {waiver_line(waiver)}"
        for waiver in plan.waivers
        if any(text.endswith(f" of {link_class.name}") for text in waiver.covers)
    ]
    return lines


def _is_plain(check: PlanCheck) -> bool:
    """Tell whether a check holds, leaves no number, and rests on nothing weaker than a vendor's document."""
    is_warning = check.name.endswith("-warning") or check.name in ("not-listed", "approval")
    return check.verdict == "holds" and check.margin is None and check.confidence != "secondary" and not is_warning


def _counted(plan: Plan, index: int, rows: NDArray[np.intp]) -> str:
    """Return the cables of a class in words; of cables with several far ends, their legs as well."""
    if plan.classes[index].near == "":
        return f"{rows.size} cables"
    n_cables = len(np.unique(cables_of_links(plan)[rows]))
    return f"{rows.size} legs of {n_cables} cables"


def _check_line(check: PlanCheck) -> str:
    origin = f"  [{check.source}, {check.confidence}]" if check.source else ""
    missing = f"  (missing: {check.missing})" if check.missing else ""
    return f"{_MARK[check.verdict]:<8} {check.name:<15} {check.detail}{missing}{origin}"


def _device(plan: Plan, what: str) -> list[str] | None:
    if what not in plan.devices.name:
        return None
    row = plan.devices.name.index(what)
    devices = plan.devices
    group = plan.groups[int(devices.group[row])]
    lines = [f"device {what}: {group.model}, {group.tier or group.name}, written at {group.source_ref}"]
    if devices.rack[row] >= 0:
        rack = plan.racks[int(devices.rack[row])]
        unit = f", RU {devices.unit[row]}" if devices.unit[row] > 0 else ", RU unknown"
        lines.append(f"  stands in  {rack.site}/{rack.hall}/{rack.row}/{rack.name}{unit}")
    lines += feed_lines(plan, row)
    if devices.asn[row]:
        lines.append(f"  AS         {devices.asn[row]}")
    if devices.loopback[row] >= 0:
        lines.append(f"  loopback   {IPv4Address(int(devices.loopback[row]))}")
    cables = int((plan.links.a_device == row).sum() + (plan.links.z_device == row).sum())
    lines.append(f"  cables     {cables} of {len(group.ports.name)} ports")
    return lines + device_domains(plan, row)


def _cable(plan: Plan, what: str) -> list[str] | None:
    device, colon, port = what.rpartition(":")
    if not colon or device not in plan.devices.name:
        return None
    row = plan.devices.name.index(device)
    ports = plan.groups[int(plan.devices.group[row])].ports
    index = next((i for i, n in enumerate(ports.name) if port in (n, ports.alias[i]) and port), None)
    if index is None:
        return None
    links = plan.links
    ends = ((links.a_device == row) & (links.a_port == index)) | ((links.z_device == row) & (links.z_port == index))
    found = np.nonzero(ends)[0]
    return [f"{what}: no cable"] if not found.size else _explain_cable(plan, int(found[0]))


def ports_of(plan: Plan, what: str) -> str:
    """Return how the ports of a device are called, where a wrong one of them was asked for; else ""."""
    device, colon, _ = what.rpartition(":")
    if not colon or device not in plan.devices.name:
        return ""
    ports = plan.groups[int(plan.devices.group[plan.devices.name.index(device)])].ports
    alias = f", or {_from_to(ports.alias)}" if all(ports.alias) else ""
    return f"those of {device} are {_from_to(ports.name)}{alias}" if ports.name else ""


def _explain_cable(plan: Plan, link: int) -> list[str]:
    links = plan.links
    a = _end(plan, int(links.a_device[link]), int(links.a_port[link]))
    z = _end(plan, int(links.z_device[link]), int(links.z_port[link]))
    link_class = plan.classes[int(links.link_class[link])]
    terms = (
        ("dress at both ends", links.dress_mm),
        ("up to the tray and down", links.vertical_mm),
        ("along the trays", links.horizontal_mm),
        ("slack", links.slack_mm),
    )
    lines = [f"cable {a} -- {z}", f"  links      {link_class.name}", f"  parts      {link_class.candidate}", "  length"]
    lines += [f"    {name:<24} {int(column[link]) / 1000:>8.3f} m" for name, column in terms]
    lines.append(f"    {'needed':<24} {int(links.required_mm[link]) / 1000:>8.3f} m")
    lines.append(f"    {'ordered':<24} {int(links.ordered_mm[link]) / 1000:>8.3f} m, the shortest purchasable")
    if links.rail[link] >= 0:
        lines.append(f"  rail       {links.rail[link]}")
    return [*lines, f"  why        the parts of its class: optidsl explain '{link_class.name}'"]


def _end(plan: Plan, device: int, port: int) -> str:
    ports = plan.groups[int(plan.devices.group[device])].ports
    return f"{plan.devices.name[device]}:{ports.name[port]}"


# ------------------------------------------------------------------ groups of nodes, places


def _nodes(plan: Plan, what: str) -> list[str] | None:
    index = next((i for i, group in enumerate(plan.groups) if group.kind == "node" and group.name == what), None)
    if index is None:
        return None
    group, devices = plan.groups[index], plan.devices
    lines = [f"nodes {what}: {group.count} of model {group.model}, written at {group.source_ref}"]
    if not group.count:
        return lines
    rows = slice(group.first, group.first + group.count)
    lines.append(f"  names      {_from_to(devices.name[rows])}")
    if group.gpus:
        lines.append(f"  GPUs       {group.count * group.gpus}, {group.gpus} each")
    racks = sorted(set(devices.rack[rows].tolist()) - {-1})
    if racks:
        shown = _from_to(tuple("/".join(_path(plan.racks[rack])) for rack in racks))
        lines.append(f"  stand in   {shown} ({_count(len(racks), 'rack')})")
    served = plan.links.segment[devices.group[plan.links.a_device] == index]
    for number, segment in enumerate(plan.segments):
        cables = int((served == number).sum())
        if cables:
            lines.append(
                f"  links      {cables} to {segment.fabric}.{segment.z} at {segment.rate_mbps / 1000:g} Gbit/s"
            )
    return lines


def _place(plan: Plan, what: str) -> list[str] | None:
    wanted = what.replace("/", ".")
    exact = [row for row, rack in enumerate(plan.racks) if wanted in _paths_of(rack)[-3:]]
    racks = exact or [row for row, rack in enumerate(plan.racks) if wanted in _paths_of(rack)]
    if not racks:
        return None
    origins = ", ".join(dict.fromkeys(plan.racks[row].source_ref for row in racks))
    lines = [f"place {what}: {_count(len(racks), 'rack')}, written at {origins}"]
    for row in racks:
        rack = plan.racks[row]
        rows = np.flatnonzero(plan.devices.rack == row)
        used = int(plan.devices.height[rows].sum())
        x, y = rack.x_mm / 1000, rack.y_mm / 1000
        lines.append(f"  rack {'/'.join(_path(rack))}: {used} of {rack.units} RU taken, stands at x {x:g} m, y {y:g} m")
        if rows.size:
            names = _from_to(tuple(plan.devices.name[device] for device in rows.tolist()))
            lines.append(f"    {_count(rows.size, 'device')}: {names}")
    return lines


def _path(rack: PlanRack) -> tuple[str, str, str, str]:
    return rack.site, rack.hall, rack.row, rack.name


def _paths_of(rack: PlanRack) -> tuple[str, ...]:
    """Return the words for a rack: its name, and its path from the site down to its row, its declaration and itself.

    A rack's name is its row's, its declaration's and its key, with `-` between them; the declaration of a rack without
    a key ends the name.
    """
    declared = rack.name.removeprefix(f"{rack.row}-")
    above = f"{rack.site}.{rack.hall}.{rack.row}"
    paths = (rack.site, f"{rack.site}.{rack.hall}", above, f"{above}.{declared.rpartition('-')[0] or declared}")
    return (*paths, f"{above}.{declared}", f"{above}.{rack.name}", rack.name)


def _from_to(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}" if len(names) > 3 else ", ".join(names)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"
