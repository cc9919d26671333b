"""Who decided the name, place and numbers of a device."""

from __future__ import annotations

from ipaddress import IPv4Address

from optidsl._context import Context
from optidsl._pins import identity
from optidsl.optics.why.decided import Decision, decision_at
from optidsl.plan.model import Plan, PlanGroup


def device_decisions(plan: Plan, row: int, context: Context) -> tuple[Decision, ...]:
    """Return who decided what of a device: the lock where it holds it, else the source, else the compiler."""
    devices = plan.devices
    group = plan.groups[int(devices.group[row])]
    own = identity(group.name, devices.key[row])
    block = f"{group.fabric}.{group.tier}" if group.tier else group.name
    kind = "switch" if group.kind == "switch" else "node"
    pins = context.pins
    found = [_one(context, ("name", devices.name[row]), f"naming.{kind}", pins.names.get(own) == devices.name[row])]
    if devices.rack[row] >= 0:
        rack = plan.racks[int(devices.rack[row])]
        held = pins.places.get(own)
        is_held = held is not None and held[0] == rack.name
        by = ("floor plan", "the racks of its place in turn")
        found.append(_one(context, ("rack", rack.name), f"{block}.place.at", is_held, by))
    if devices.loopback[row] >= 0:
        address = int(devices.loopback[row])
        found.append(
            _number(context, group, block, "loopback", str(IPv4Address(address)), pins.loopbacks.get(own) == address)
        )
    if devices.asn[row]:
        number = int(devices.asn[row])
        found.append(_number(context, group, block, "asn", str(number), pins.asns.get(own) == number))
    used = int((plan.links.a_device == row).sum() + (plan.links.z_device == row).sum())
    rule = ("closed form", "which port goes where follows from the keys of the two devices")
    found.append(decision_at(context, f"{block}.seats", "ports", f"{used} of {len(group.ports.name)}", rule))
    return tuple(found)


def _one(
    context: Context,
    what: tuple[str, str],
    path: str,
    is_held: bool,
    compiler: tuple[str, str] = ("compiler", "the built-in template"),
) -> Decision:
    """Return who decided a value, what, that a statement of the source shapes without giving it."""
    if is_held:
        return Decision(*what, "lock", "kept from the plan in service")
    return decision_at(context, path, what[0], what[1], compiler)


def _number(context: Context, group: PlanGroup, block: str, what: str, value: str, is_held: bool) -> Decision:
    """Return who decided a number: given one by one, held by the lock, or taken from a range."""
    if what in group.given:
        return decision_at(context, f"{block}.{what}", what, value)
    if is_held:
        return Decision(what, value, "lock", "kept from the plan in service")
    said = context.said or {}
    ranges = [path for path in said if path == f"addressing.{what}" or path.startswith(f"{what}.")]
    written = next((path for path in ranges if said[path][0].span is not None), None)
    reason = "the place of its key in the range"
    if written is None:
        return Decision(what, value, "closed form", reason)
    first = said[written][0]
    at = "" if first.span is None else context.sources.where(first.span)
    return Decision(what, value, "closed form", f"{reason} `{written} {first.text}`", first.layer, at)
