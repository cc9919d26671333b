"""Checks of a cable with its plugs on (DAC, ACC, AEC, AOC) between the two ends of a class."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Catalog, DirectCable, Fact
from optidsl.optics.check_end import cage_power_check, form_factor_check, lane_checks, protocol_check
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import order_for, sold_lengths
from optidsl.optics.rules import rule_checks
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import unknown, verdict


def is_reversed(cable: DirectCable, view: ClassView) -> bool:
    """Tell whether the cable only fits with its z plug at the class's a end."""
    a, z = cable.form_factor_a.value, cable.form_factor_z.value
    fits = a in view.a.accepts.value and z in view.z.accepts.value
    return not fits and z in view.a.accepts.value and a in view.z.accepts.value


def plug_power(cable: DirectCable, view: ClassView) -> tuple[Fact[int] | None, Fact[int] | None]:
    """Return the highest draw of the plugs at the class's a and z end."""
    powers = (cable.power_a_mw, cable.power_z_mw)
    return (powers[1], powers[0]) if is_reversed(cable, view) else powers


def direct_fit_checks(catalog: Catalog, cable: DirectCable, view: ClassView) -> Iterator[Check]:
    """Yield the checks that no statement of the author can change, the coarsest first."""
    yield protocol_check(cable.name, cable.protocols, view.fabric.protocol)
    yield verdict(
        "splitter",
        cable.ends == 1,
        f"{cable.name} has {plural(cable.ends, 'far end')}, this edition builds links with one",
    )
    for end in (view.a, view.z):
        yield from lane_checks(cable.name, cable.lanes, cable.bores, end, view.segment.rate_mbps)
    plugs = (cable.form_factor_a, cable.form_factor_z)
    for plug, end in zip(plugs[::-1] if is_reversed(cable, view) else plugs, (view.a, view.z), strict=True):
        yield form_factor_check(cable.name, plug, end)
    if cable.bores > 1:
        yield verdict(
            "bores-aligned",
            view.is_bore_aligned,
            f"{cable.name} joins all {cable.bores} ports of a cage to the equal ports of one far cage, "
            f"{view.link_class.name} {'does' if view.is_bore_aligned else 'does not'}",
        )
    for end in (view.a, view.z):
        yield from rule_checks(catalog, "in-cage", cable, end.group.model)
    for power, field, end in zip(plug_power(cable, view), ("power_a", "power_z"), (view.a, view.z), strict=True):
        yield cage_power_check(catalog, cable, power, f"{cable.name}.{field}", end)


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
