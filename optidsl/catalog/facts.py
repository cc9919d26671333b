"""Every number and word of a part as text, with its unit and its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import singledispatch

from optidsl._record import record
from optidsl.catalog.parts import (
    BreakoutMode,
    Catalog,
    Confidence,
    Connector,
    DirectCable,
    Fact,
    FiberCable,
    FiberGrade,
    Nic,
    Part,
    Rule,
    ServerModel,
    SwitchModel,
    T,
    Transceiver,
)
from optidsl.catalog.rules import lanes_text
from optidsl.diag import InternalError


@record(frozen=True, slots=True)
class PrintedFact:
    """A fact as a reader sees it: `name` as the language writes it, `text` with its unit."""

    name: str
    text: str
    source: str
    confidence: Confidence


Printed = Iterator[PrintedFact]


def all_parts(catalog: Catalog) -> Iterator[Part]:
    """Yield every part: modules, cables, fibre, connectors, switches, servers, each in declaration order."""
    yield from catalog.transceivers.values()
    yield from catalog.fiber_cables.values()
    yield from catalog.direct_cables.values()
    yield from catalog.fiber_grades.values()
    yield from catalog.connectors.values()
    yield from catalog.switches.values()
    yield from catalog.servers.values()


def part_named(catalog: Catalog, name: str) -> Part | None:
    """Return the part of that name."""
    return next((part for part in all_parts(catalog) if part.name == name), None)


def facts_of(part: Part | Rule) -> tuple[PrintedFact, ...]:
    """Return every fact of a part, in the order of its record."""
    return tuple(_facts(part))


def quantity_text(value: int, unit: str) -> str:
    """Return an integer count of a scaled unit in the unit people read: 17000 mW is `17W`.

    Args:
        value: the count.
        unit: `mm`, `mW`, `mdB`, `mdBm`, `mdB/km`, `Mbps` or a unit that needs no scaling.

    Returns:
        The number without trailing zeros, and its unit.
    """
    divisor, shown = {
        "mm": (1000, "m"),
        "mW": (1000, "W"),
        "mdB": (1000, "dB"),
        "mdBm": (1000, "dBm"),
        "mdB/km": (1000, "dB/km"),
        "Mbps": (1000, "Gbps"),
    }.get(unit, (1, unit))
    return f"{float(Fraction(value, divisor)):.12g}{shown}"


def _printed(name: str, fact: Fact[T] | None, text: Callable[[T], str]) -> Printed:
    if fact is not None:
        yield PrintedFact(name, text(fact.value), fact.source, fact.confidence)


def _scaled(name: str, fact: Fact[int] | None, unit: str) -> Printed:
    yield from _printed(name, fact, lambda value: quantity_text(value, unit))


def _counted(name: str, fact: Fact[int] | None) -> Printed:
    yield from _printed(name, fact, str)


def _worded(name: str, fact: Fact[str] | None) -> Printed:
    yield from _printed(name, fact, str)


def _lengths_text(lengths_mm: tuple[int, ...]) -> str:
    return ", ".join(quantity_text(length, "mm") for length in lengths_mm)


def _modes_text(modes: Iterable[BreakoutMode]) -> str:
    return ", ".join(f"{mode.ports}x{quantity_text(mode.rate_mbps, 'Mbps')}" for mode in modes)


@singledispatch
def _facts(part: object) -> Printed:
    raise InternalError(f"no facts are known of a {type(part).__name__}")


@_facts.register
def _(part: Transceiver) -> Printed:
    yield from _worded("form_factor", part.form_factor)
    yield from _printed("lanes", part.lanes, lanes_text)
    yield from _worded("modulation", part.modulation)
    yield from _worded("pmd", part.pmd)
    yield from _worded("medium", part.medium)
    yield from _worded("connector", part.connector)
    yield from _worded("wavelength", part.wavelength)
    yield from _worded("fec", part.fec)
    for limit in part.limits:
        yield from _scaled(f"over {limit.grade} reach", limit.reach_mm, "mm")
        yield from _scaled(f"over {limit.grade} loss", limit.loss_max_mdb, "mdB")
    for other, reach in part.faces:
        yield from _scaled(f"faces {other} reach", reach, "mm")
    yield from _scaled("min_length", part.min_length_mm, "mm")
    yield from _scaled("power_max", part.power_max_mw, "mW")
    yield from _scaled("power_typ", part.power_typ_mw, "mW")
    yield from _scaled("tx_min", part.tx_min_mdbm, "mdBm")
    yield from _scaled("tx_max", part.tx_max_mdbm, "mdBm")
    yield from _scaled("rx_min", part.rx_min_mdbm, "mdBm")
    yield from _scaled("rx_max", part.rx_max_mdbm, "mdBm")
    yield from _scaled("rx_damage", part.rx_damage_mdbm, "mdBm")
    yield from _counted("channel_connections", part.channel_connections)
    yield from _scaled("channel_connection_loss", part.channel_connection_loss_mdb, "mdB")


@_facts.register
def _(part: FiberCable) -> Printed:
    yield from _worded("grade", part.grade)
    yield from _worded("medium", part.medium)
    yield from _worded("connector", part.connector)
    yield from _worded("polarity", part.polarity)
    yield from _printed("lengths", part.lengths_mm, _lengths_text)
    yield from _scaled("max_total", part.max_total_mm, "mm")


@_facts.register
def _(part: DirectCable) -> Printed:
    yield from _worded("technology", part.technology)
    yield from _worded("form_factor_a", part.form_factor_a)
    yield from _worded("form_factor_z", part.form_factor_z)
    yield from _printed("lanes", part.lanes, lanes_text)
    yield from _printed("lengths", part.lengths_mm, _lengths_text)
    yield from _scaled("power_a", part.power_a_mw, "mW")
    yield from _scaled("power_z", part.power_z_mw, "mW")


@_facts.register
def _(part: FiberGrade) -> Printed:
    yield from _worded("medium", part.medium)
    yield from _scaled("attenuation", part.attenuation_mdb_per_km, "mdB/km")


@_facts.register
def _(part: Connector) -> Printed:
    yield from _scaled("loss", part.loss_max_mdb, "mdB")


@_facts.register
def _(part: SwitchModel) -> Printed:
    yield from _counted("cages", part.cages)
    yield from _printed("lanes", part.lanes, lanes_text)
    yield from _printed("accepts", part.accepts, ", ".join)
    yield from _printed("breakout", part.breakout, _modes_text)
    yield from _counted("max_ports", part.max_ports)
    for limit in part.cage_limits:
        step = "" if limit.step == 1 else f" step {limit.step}"
        yield from _scaled(f"cage_power {limit.first}..{limit.last}{step}", limit.power_mw, "mW")
    yield from _scaled("units", part.units, "U")
    yield from _scaled("power_typ", part.power_typ_mw, "mW")
    yield from _scaled("power_max", part.power_max_mw, "mW")
    yield from _worded("fec", part.fec)


@_facts.register
def _(part: ServerModel) -> Printed:
    yield from _counted("gpus", part.gpus)
    yield from _scaled("units", part.units, "U")
    yield from _scaled("power_max", part.power_max_mw, "mW")
    for nic in part.nics:
        yield from _nic(nic)


def _nic(nic: Nic) -> Printed:
    base = f"nic {nic.name}"
    yield from _counted(f"{base} ports", nic.ports_source)
    yield from _scaled(f"{base} rate", nic.rate_mbps, "Mbps")
    yield from _printed(f"{base} lanes", nic.lanes, lanes_text)
    yield from _printed(f"{base} accepts", nic.accepts, ", ".join)
    yield from _scaled(f"{base} cage_power", nic.cage_power_mw, "mW")
    yield from _worded(f"{base} fec", nic.fec)


@_facts.register
def _(part: Rule) -> Printed:
    yield from _worded("reason", part.reason)
