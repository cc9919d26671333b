"""Checks of what is plugged into a cage: protocol, rate, lanes, form factor, watts, rules."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Catalog, DirectCable, Fact, Lanes, Transceiver
from optidsl.optics.ends import End
from optidsl.optics.rules import binding, rule_checks
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import unknown, verdict


def module_checks(catalog: Catalog, module: Transceiver, end: End, protocol: str, rate_mbps: int) -> Iterator[Check]:
    """Yield the checks of a module in a cage, the coarsest first."""
    yield protocol_check(module.name, module.protocols, protocol)
    yield from lane_checks(module.name, module.lanes, module.bores, end, rate_mbps)
    yield form_factor_check(module.name, module.form_factor, end)
    yield from rule_checks(catalog, "in-cage", module, end.group.model)
    if module.fec is not None and end.fec is not None:
        yield verdict(
            "fec",
            module.fec.value == end.fec.value,
            f"{module.name} needs {module.fec.value}, the {end.box} runs {end.fec.value}",
            (f"{module.name}.fec", module.fec),
            (f"{end.box}.fec", end.fec),
        )
    yield cage_power_check(catalog, module, module.power_max_mw, f"{module.name}.power_max", end)


def protocol_check(name: str, protocols: tuple[str, ...], protocol: str) -> Check:
    """Check that a part carries the fabric's protocol."""
    carried = " and ".join(protocols) or "no protocol"
    return verdict("protocol", protocol in protocols, f"{name} carries {carried}, the fabric speaks {protocol}")


def lane_checks(name: str, lanes: Fact[Lanes], bores: int, end: End, rate_mbps: int) -> Iterator[Check]:
    """Check lane rate, lanes of a port, and ports of the cage against the part's bores."""
    each, rest = divmod(lanes.value.count, bores)
    ground = (f"{name}.lanes", lanes)
    got = quantity(lanes.value.rate_mbps * each, "Mbps")
    wanted = quantity(rate_mbps, "Mbps")
    fits = lanes.value.rate_mbps * each == rate_mbps
    yield verdict("rate", fits, f"a bore of {name} runs {got}, the link {wanted}", ground)
    yield verdict(
        "lanes",
        rest == 0 and each == end.kind.lanes,
        f"a bore of {name} has {plural(each, 'lane')} of {quantity(lanes.value.rate_mbps, 'Mbps')}, "
        f"a port of the {end.cage_label} {end.kind.lanes}",
        ground,
    )
    yield verdict(
        "bores",
        bores == end.kind.ports_per_cage,
        f"{name} has {plural(bores, 'bore')}, the {end.cage_label} runs {plural(end.kind.ports_per_cage, 'port')}",
    )


def form_factor_check(name: str, form_factor: Fact[str], end: End) -> Check:
    """Check that the plug fits the cage."""
    return verdict(
        "form-factor",
        form_factor.value in end.accepts.value,
        f"{name} is {form_factor.value}, the {end.cage_label} takes {', '.join(end.accepts.value)}",
        (f"{name}.form_factor", form_factor),
        (f"{end.box}.accepts", end.accepts),
    )


def cage_power_check(
    catalog: Catalog, part: Transceiver | DirectCable, power: Fact[int] | None, field: str, end: End
) -> Check:
    """Check a plug's highest draw against the tightest cage in use.

    A cage without a known limit answers unknown, unless the catalogue lists the part for the box (an `in-cage`
    rule that allows it): then the box's maker vouches for it.
    """
    name = "cage-power"
    rule = binding(catalog, "in-cage", part, end.group.model)
    bound = end.bound
    if bound.limit is not None and power is not None:
        spare = bound.limit.value - power.value
        where = f"cage {bound.cage} of the {end.box}" if bound.cage else f"the {end.cage_label}"
        allowed = quantity(bound.limit.value, "mW")
        detail = f"{part.name} draws up to {quantity(power.value, 'mW')}, {where} allows {allowed}"
        answer = verdict(
            name,
            spare >= 0,
            detail,
            (field, power),
            (f"{end.box}.cage_power", bound.limit),
            margin=spare,
            unit="mW",
        )
        if answer.verdict == "fails" or bound.n_without == 0:
            return answer
    if rule is not None and rule.verdict == "allowed":
        listed = f"{part.name} is listed for {end.box}: {rule.reason.value}"
        return verdict(name, True, listed, (f"rule {rule.name}", rule.reason))
    if power is None or power.confidence == "unverified":
        return unknown(name, field)
    missing = f"{end.box}.cage_power"
    return unknown(
        name,
        missing,
        f"cannot conclude: {plural(bound.n_without, 'cage')} of the {end.box} in use without a known limit for "
        f"{part.name} ({quantity(power.value, 'mW')})",
    )
