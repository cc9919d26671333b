"""Every number and word of a part as text, with its unit and its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import singledispatch
from typing import TYPE_CHECKING, cast

from optidsl._record import record
from optidsl.catalog.check_cages import mode_text
from optidsl.catalog.coherent import AmplifierModel, MuxModel
from optidsl.catalog.parts import (
    Attenuator,
    BreakoutMode,
    Bundle,
    Catalog,
    Confidence,
    Connector,
    DirectCable,
    Fact,
    FiberCable,
    FiberGrade,
    Nic,
    Offer,
    Part,
    Rule,
    ServerModel,
    SwitchModel,
    T,
    Transceiver,
)
from optidsl.catalog.rules import KIND_NAMES, lanes_text
from optidsl.catalog.scale_up import scale_up_facts
from optidsl.diag import InternalError

if TYPE_CHECKING:
    from optidsl.catalog.entries import Entry


@record(frozen=True, slots=True)
class PrintedFact:
    """A fact as a reader sees it: `name` as the language writes it, `text` with its unit."""

    name: str
    text: str
    source: str
    confidence: Confidence


Printed = Iterator[PrintedFact]


def all_parts(catalog: Catalog) -> Iterator[Part]:
    """Yield every part, kind by kind, each in declaration order."""
    yield from catalog.transceivers.values()
    yield from catalog.fiber_cables.values()
    yield from catalog.direct_cables.values()
    yield from catalog.fiber_grades.values()
    yield from catalog.connectors.values()
    yield from catalog.attenuators.values()
    yield from catalog.amplifiers.values()
    yield from catalog.muxes.values()
    yield from catalog.switches.values()
    yield from catalog.servers.values()


def everything(catalog: Catalog) -> Iterator[Part | Entry]:
    """Yield every part, then classes of modules, adapters and figures, in declaration order."""
    yield from all_parts(catalog)
    yield from catalog.entries.values()


def part_named(catalog: Catalog, name: str) -> Part | Entry | None:
    """Return the part, class, adapter or figure of that name."""
    variants = (variant for switch in catalog.switches.values() for variant in switch.variants)
    return next((part for part in (*everything(catalog), *variants) if part.name == name), None)


def kind_of(part: Part | Entry) -> str:
    """Return the catalogue's word for what something is."""
    return KIND_NAMES.get(type(part)) or _entry_names()[type(part)]


def facts_of(part: Part | Rule | Bundle | Entry) -> tuple[PrintedFact, ...]:
    """Return every fact of a part, in the order of its record."""
    if not isinstance(part, Rule | Bundle) and type(part) not in KIND_NAMES:
        from optidsl.catalog.entry_facts import entry_facts

        return tuple(entry_facts(cast("Entry", part)))
    return tuple(_facts(part))


def _entry_names() -> dict[type, str]:
    from optidsl.catalog.entry_facts import ENTRY_NAMES

    return ENTRY_NAMES


def quantity_text(value: int, unit: str) -> str:
    """Return an integer count of a scaled unit in the unit people read: 17000 mW is `17W`.

    Args:
        value: the count.
        unit: `mm`, `mW`, `mdB`, `mdBm`, `mdB/km`, `Mbps`, `kbaud`, `ps` or a unit that needs no scaling.

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
        "kbaud": (1_000_000, "Gbaud"),
        "ps": (1000, "ns"),
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
    return ", ".join(mode_text(mode) for mode in modes)


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
        yield from _scaled(f"over {limit.grade} connections", limit.connections_mdb, "mdB")
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
    yield from _signal(part)


def _signal(part: Transceiver) -> Printed:
    yield from _worded("sff8024", part.sff8024)
    yield from _scaled("baud", part.baud_kbaud, "kbaud")
    yield from _scaled("tx_oma_min", part.tx_oma_min_mdbm, "mdBm")
    yield from _scaled("tx_oma_max", part.tx_oma_max_mdbm, "mdBm")
    yield from _scaled("tx_oma_tdecq_min", part.tx_oma_tdecq_min_mdbm, "mdBm")
    yield from _scaled("tdecq_max", part.tdecq_max_mdb, "mdB")
    yield from _scaled("er_min", part.er_min_mdb, "mdB")
    yield from _scaled("rx_oma_max", part.rx_oma_max_mdbm, "mdBm")
    yield from _scaled("rx_sens_oma", part.rx_sens_oma_mdbm, "mdBm")
    yield from _scaled("rx_stressed_oma", part.rx_stressed_oma_mdbm, "mdBm")
    yield from _printed("prefec_ber", part.prefec_ber, lambda value: f"{float(value):g}")
    yield from _scaled("power_split", part.power_split_mw, "mW")
    yield from _printed("linear", part.linear, _yes)
    yield from _scaled("latency", part.latency_ps, "ps")
    yield from _printed("built_in", part.built_in, _yes)
    if part.coherent is not None:
        from optidsl.catalog.coherent_facts import coherent_facts

        yield from coherent_facts(part.coherent)


def _yes(value: bool) -> str:
    return "true" if value else "false"


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
    yield from _scaled("latency", part.latency_ps, "ps")


@_facts.register
def _(part: FiberGrade) -> Printed:
    yield from _worded("medium", part.medium)
    yield from _scaled("attenuation", part.attenuation_mdb_per_km, "mdB/km")
    if part.dispersion_fs or part.pmd_fs or part.effective_area_um2 or part.latency_ns:
        from optidsl.catalog.coherent_facts import glass_facts

        yield from glass_facts(part)


@_facts.register
def _(part: AmplifierModel) -> Printed:
    from optidsl.catalog.coherent_facts import amplifier_facts

    yield from amplifier_facts(part)


@_facts.register
def _(part: MuxModel) -> Printed:
    from optidsl.catalog.coherent_facts import mux_facts

    yield from mux_facts(part)


@_facts.register
def _(part: Connector) -> Printed:
    yield from _scaled("loss", part.loss_max_mdb, "mdB")


@_facts.register
def _(part: Attenuator) -> Printed:
    yield from _worded("connector", part.connector)
    yield from _worded("medium", part.medium)
    yield from _scaled("loss", part.loss_mdb, "mdB")
    yield from _scaled("tolerance", part.tolerance_mdb, "mdB")


@_facts.register
def _(part: SwitchModel) -> Printed:
    yield from _counted("cages", part.cages)
    yield from _printed("lanes", part.lanes, lanes_text)
    yield from _printed("accepts", part.accepts, ", ".join)
    yield from _printed("breakout", part.breakout, _modes_text)
    yield from _counted("max_ports", part.max_ports)
    yield from _cages(part)
    yield from _scaled("units", part.units, "U")
    yield from _scaled("power_typ", part.power_typ_mw, "mW")
    yield from _scaled("power_max", part.power_max_mw, "mW")
    yield from _worded("fec", part.fec)
    yield from _offer("", part.offer)
    yield from _worded("airflow", part.airflow)
    yield from _scaled("insertion_loss", part.insertion_loss_mdb, "mdB")
    for variant in part.variants:
        for fact in (*_cage_limits(variant), *_worded("airflow", variant.airflow)):
            yield PrintedFact(f"variant {variant.variant} {fact.name}", fact.text, fact.source, fact.confidence)


def _cages(part: SwitchModel) -> Printed:
    """Yield what holds by the number of a cage."""
    yield from _cage_limits(part)
    for each in part.pipelines:
        name = f"pipeline {each.first}..{each.last} every {each.cages}"
        yield from _printed(name, each.max_ports, lambda ports: f"{ports} ports")
    for run in part.splits:
        text = f"{run.first}..{run.last}" + ("" if run.step == 1 else f" step {run.step}")
        yield PrintedFact("split", f"cages {text}", run.source.source, run.source.confidence)
    yield from _printed("engine", part.engine_ports, lambda ports: f"{ports} ports")
    yield from _printed("laser", part.laser_ports, lambda ports: f"{ports} ports")


def _cage_limits(part: SwitchModel) -> Printed:
    for limit in part.cage_limits:
        step = "" if limit.step == 1 else f" step {limit.step}"
        for fact in _scaled(f"cage_power {limit.first}..{limit.last}{step}", limit.power_mw, "mW"):
            text = f"{fact.text} ({limit.note})" if limit.note else fact.text
            yield PrintedFact(fact.name, text, fact.source, fact.confidence)


@_facts.register
def _(part: ServerModel) -> Printed:
    yield from _counted("gpus", part.gpus)
    yield from _scaled("units", part.units, "U")
    yield from _scaled("power_max", part.power_max_mw, "mW")
    if part.scale_up is not None:
        yield from scale_up_facts(part.scale_up)
    for nic in part.nics:
        yield from _nic(nic)


def _nic(nic: Nic) -> Printed:
    base = f"nic {nic.name}"
    yield from _counted(f"{base} ports", nic.ports_source)
    yield from _scaled(f"{base} rate", nic.rate_mbps, "Mbps")
    yield from _printed(f"{base} lanes", nic.lanes, lanes_text)
    yield from _printed(f"{base} modes", nic.modes, lambda modes: ", ".join(lanes_text(mode) for mode in modes))
    yield from _printed(f"{base} accepts", nic.accepts, ", ".join)
    yield from _scaled(f"{base} cage_power", nic.cage_power_mw, "mW")
    yield from _worded(f"{base} fec", nic.fec)
    yield from _offer(f"{base} ", nic.offer)


def _offer(base: str, offer: Offer) -> Printed:
    yield from _printed(f"{base}features", offer.features, ", ".join)
    yield from _printed(f"{base}lacks", offer.lacks, ", ".join)
    yield from _printed(f"{base}linear_host", offer.linear_host, _yes)
    yield from _scaled(f"{base}latency", offer.latency_ps, "ps")


@_facts.register
def _(part: Rule) -> Printed:
    yield from _worded("reason", part.reason)


@_facts.register
def _(part: Bundle) -> Printed:
    for family, version in part.members:
        yield from _worded(f"member {family}", version)
