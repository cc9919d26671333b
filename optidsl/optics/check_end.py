"""Checks of what is plugged into a cage: protocol, rate, lanes, form factor, watts, rules."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._protocols import carries
from optidsl._record import replace
from optidsl.catalog.parts import Catalog, DirectCable, Fact, Lanes, Transceiver
from optidsl.catalog.rules import Use
from optidsl.fabric.breakout import cages_text
from optidsl.optics.ends import CageBound, End, use_of
from optidsl.optics.role import WHOLE, Role, port_checks, power_of
from optidsl.optics.rules import rule_checks, standing
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import unknown, verdict


def module_checks(
    catalog: Catalog, module: Transceiver, end: End, protocol: str, rate_mbps: int, role: Role = WHOLE
) -> Iterator[Check]:
    """Yield the checks of a module in a cage, the coarsest first."""
    yield protocol_check(module.name, module.protocols, protocol)
    if role is WHOLE:
        checks = lane_checks(module.name, module.lanes, module.bores, end, rate_mbps)
        # Its lanes are those of the line; what it takes of its host is a matter of the plug.
        yield from (check for check in checks if module.coherent is None or check.name != "lanes")
    else:
        yield from port_checks(module.name, module.lanes, module.bores, end, rate_mbps, role)
    yield form_factor_check(module.name, module.form_factor, end)
    use = use_of(end, protocol, rate_mbps)
    yield from rule_checks(catalog, "in-cage", module, end.group.model, use)
    yield from linear_checks(module, end)
    if module.fec is not None and end.fec is not None:
        yield verdict(
            "fec",
            module.fec.value == end.fec.value,
            f"{module.name} needs {module.fec.value}, the {end.box} runs {end.fec.value}",
            (f"{module.name}.fec", module.fec),
            (f"{end.box}.fec", end.fec),
        )
    if module.built_in is None or not module.built_in.value:
        yield cage_power_check(catalog, module, *power_of(module, end, role), end, use)


def linear_checks(module: Transceiver, end: End) -> Iterator[Check]:
    """Yield the check that a box can drive a module without a signal processor, and runs a FEC that is known.

    Source: OIF-LPO and IEEE 802.3: a linear module neither retimes nor corrects, so that the host's SerDes and the
    host's FEC carry the whole channel.
    """
    if module.linear is None or not module.linear.value:
        return
    host = end.offer.linear_host
    linear, field = (f"{module.name}.linear", module.linear), f"{end.box}.linear_host"
    drives = host is not None and host.value
    ability = "drives" if drives else "does not drive"
    detail = f"{module.name} has no signal processor, the {end.box} {ability} linear modules"
    yield verdict("linear-host", drives, detail, linear, (field, host))
    if end.fec is None:
        words = f"cannot conclude: {module.name} relies on the FEC of the {end.box}, which no source states"
        yield unknown("linear-host", f"{end.box}.fec", words)


def protocol_check(name: str, protocols: tuple[str, ...], protocol: str) -> Check:
    """Check that a part carries the fabric's protocol."""
    carried = " and ".join(protocols) or "no protocol"
    return verdict("protocol", carries(protocols, protocol), f"{name} carries {carried}, the fabric speaks {protocol}")


def lane_checks(name: str, lanes: Fact[Lanes], bores: int, end: End, rate_mbps: int) -> Iterator[Check]:
    """Check lane rate, lanes of a port, and ports of the cage against the part's bores."""
    each, rest = divmod(lanes.value.count, bores)
    ground = (f"{name}.lanes", lanes)
    got = quantity(lanes.value.rate_mbps * each, "Mbps")
    wanted = quantity(rate_mbps, "Mbps")
    fits = lanes.value.rate_mbps * each == rate_mbps
    yield verdict("rate", fits, f"a bore of {name} runs {got}, the link {wanted}", ground)
    is_alike = rest == 0 and each == end.kind.lanes
    of = "" if is_alike or rate_mbps % end.kind.lanes else f" of {quantity(rate_mbps // end.kind.lanes, 'Mbps')}"
    yield verdict(
        "lanes",
        is_alike,
        f"a bore of {name} has {plural(each, 'lane')} of {quantity(lanes.value.rate_mbps, 'Mbps')}, "
        f"a port of the {end.cage_label} {end.kind.lanes}{of}",
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


def note_text(bound: CageBound) -> str:
    """Return on what a cage's limit rests, in brackets; "" where nothing is said of it."""
    return f" ({bound.note})" if bound.note else ""


def short_text(part: str, power_mw: int, end: End) -> str:
    """Return how many cages a class needs and how many carry its modules, where they could be dealt anew; else ""."""
    pool = end.bound.pool
    if pool is None:
        return ""
    able = [number for number, limit in pool.cages if limit >= power_mw]
    unknown_cages = sum(1 for _, limit in pool.cages if limit < 0)
    watts, box = quantity(power_mw, "mW"), end.box
    more = f", and {plural(unknown_cages, 'cage')} without a known limit" if unknown_cages else ""
    numbers = f" (cages {cages_text(able)})" if able else ""
    needed = plural(pool.n_needed, "module")
    return f"{needed} of {watts} ({part}) need cages of at least {watts}; the {box} has {len(able)}{numbers}{more}"


def cage_power_check(
    catalog: Catalog,
    part: Transceiver | DirectCable,
    power: Fact[int] | None,
    field: str,
    end: End,
    use: Use | None = None,
) -> Check:
    """Check a plug's highest draw against the tightest cage in use.

    A cage without a known limit answers unknown, unless the catalogue lists the part for the box (an `in-cage`
    rule that allows it): then the box's maker vouches for it.
    """
    return replace(_cage_power(catalog, part, power, field, end, use), about=(part.name, end.box))


def _cage_power(
    catalog: Catalog,
    part: Transceiver | DirectCable,
    power: Fact[int] | None,
    field: str,
    end: End,
    use: Use | None,
) -> Check:
    name = "cage-power"
    bound = end.bound
    if bound.limit is not None and power is not None:
        spare = bound.limit.value - power.value
        where = f"cage {bound.cage} of the {end.box}" if bound.cage else f"the {end.cage_label}"
        allowed = quantity(bound.limit.value, "mW")
        detail = f"{part.name} draws up to {quantity(power.value, 'mW')}, {where} allows {allowed}"
        if spare < 0:
            excess = f"{quantity(-spare, 'mW')} too much"
            detail = short_text(part.name, power.value, end) or f"{detail}{note_text(bound)}: {excess}"
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
    _, rule = standing(catalog, "in-cage", part, end.group.model, use)
    if rule is not None:
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
