"""Checks of a cable with its plugs on (DAC, ACC, AEC, AOC) between the two ends of a class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from optidsl.catalog.parts import Catalog, DirectCable, Fact
from optidsl.optics.assemblies import near_ports, splitter_check
from optidsl.optics.check_end import cage_power_check, form_factor_check, lane_checks, protocol_check
from optidsl.optics.classify import ClassView, use_at
from optidsl.optics.ends import End
from optidsl.optics.lengths import order_for, sold_lengths
from optidsl.optics.rules import rule_checks
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import unknown, verdict


def is_reversed(cable: DirectCable, view: ClassView) -> bool:
    """Tell whether the cable only fits with its z plug at the class's a end."""
    if cable.ends > 1:
        return direct_hub(cable, view) == "z"
    a, z = cable.form_factor_a.value, cable.form_factor_z.value
    fits = a in view.a.accepts.value and z in view.z.accepts.value
    return not fits and z in view.a.accepts.value and a in view.z.accepts.value


def direct_hub(cable: DirectCable, view: ClassView) -> Literal["", "a", "z"]:
    """Return the side of the near plug of a cable with several far ends: where ports and plug fit best, else a."""
    if cable.ends == 1:
        return ""
    n_ports = near_ports(cable)

    def misfits(near: End, far: End) -> tuple[int, int]:
        ports = (near.kind.ports_per_cage != n_ports) + (far.kind.ports_per_cage != n_ports // cable.ends)
        plugs = (cable.form_factor_a.value not in near.accepts.value) + (
            cable.form_factor_z.value not in far.accepts.value
        )
        return ports, plugs

    return "z" if misfits(view.z, view.a) < misfits(view.a, view.z) else "a"


def plug_power(cable: DirectCable, view: ClassView) -> tuple[Fact[int] | None, Fact[int] | None]:
    """Return the highest draw of the plugs at the class's a and z end."""
    powers = (cable.power_a_mw, cable.power_z_mw)
    return (powers[1], powers[0]) if is_reversed(cable, view) else powers


def direct_fit_checks(catalog: Catalog, cable: DirectCable, view: ClassView) -> Iterator[Check]:
    """Yield the checks that no statement of the author can change, the coarsest first."""
    yield protocol_check(cable.name, cable.protocols, view.fabric.protocol)
    hub = direct_hub(cable, view)
    if hub == "":
        yield verdict("splitter", True, f"{cable.name} has 1 far end, the link needs 1")
    for side, end in (("a", view.a), ("z", view.z)):
        if hub == "":
            yield from lane_checks(cable.name, cable.lanes, cable.bores, end, view.segment.rate_mbps)
        else:
            yield from plug_checks(cable, end, side == hub, view.segment.rate_mbps)
    plugs = (cable.form_factor_a, cable.form_factor_z)
    for plug, end in zip(plugs[::-1] if is_reversed(cable, view) else plugs, (view.a, view.z), strict=True):
        yield form_factor_check(cable.name, plug, end)
    if hub != "":
        yield splitter_check(view, cable, hub)
    elif cable.bores > 1:
        yield verdict(
            "bores-aligned",
            view.is_bore_aligned,
            f"{cable.name} joins all {cable.bores} ports of a cage to the equal ports of one far cage, "
            f"{view.link_class.name} {'does' if view.is_bore_aligned else 'does not'}",
        )
    for end in (view.a, view.z):
        yield from rule_checks(catalog, "in-cage", cable, end.group.model, use_at(end, view))
    for power, field, end in zip(plug_power(cable, view), ("power_a", "power_z"), (view.a, view.z), strict=True):
        yield cage_power_check(catalog, cable, power, f"{cable.name}.{field}", end, use_at(end, view))


def plug_checks(cable: DirectCable, end: End, is_near: bool, rate_mbps: int) -> Iterator[Check]:
    """Check rate, lanes and ports of the near plug, or of a far plug, of a cable with several far ends."""
    n_ports = near_ports(cable)
    each, rest = divmod(cable.lanes.value.count, n_ports)
    lane = cable.lanes.value.rate_mbps
    ground = (f"{cable.name}.lanes", cable.lanes)
    got, wanted = quantity(lane * each, "Mbps"), quantity(rate_mbps, "Mbps")
    yield verdict("rate", lane * each == rate_mbps, f"a leg of {cable.name} runs {got}, the link {wanted}", ground)
    yield verdict(
        "lanes",
        rest == 0 and each == end.kind.lanes,
        f"a leg of {cable.name} has {plural(each, 'lane')} of {quantity(lane, 'Mbps')}, "
        f"a port of the {end.cage_label} {end.kind.lanes}",
        ground,
    )
    ports = n_ports if is_near else n_ports // cable.ends
    plug = "near end" if is_near else "far end"
    yield verdict(
        "bores",
        ports == end.kind.ports_per_cage,
        f"the {plug} of {cable.name} serves {plural(ports, 'port')}, the {end.cage_label} runs "
        f"{plural(end.kind.ports_per_cage, 'port')}",
    )


def direct_length_check(view: ClassView, cable: DirectCable) -> Check:
    """Check that a length on sale covers the longest link."""
    fact, order = sold_lengths(cable), order_for(view, cable)
    if not view.has_lengths:
        return unknown("lengths-on-sale", f"the length of {view.link_class.name}")
    if fact is None or order is None:
        return unknown("lengths-on-sale", f"{cable.name}.lengths")
    need, sold = quantity(view.link_class.longest_mm, "mm"), quantity(order.longest_sold_mm, "mm")
    detail = f"{cable.name} is sold up to {sold}, the longest link needs {need}"
    spare = order.longest_sold_mm - view.link_class.longest_mm
    ground = (f"{cable.name}.lengths", fact)
    return verdict("lengths-on-sale", order.is_covered, detail, ground, margin=spare, unit="mm")
