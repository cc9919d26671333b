"""Catalogue parts as records of the plan: every figure that a reader of the plan needs, with its source.

Fact names follow the catalogue's fields. What exists once per fibre grade, cage, NIC or far end is written
`reach_mm.os2`, `cage_power_mw` (a list by cage, -1 where unknown), `nic.compute.rate_mbps`, `reach_mm@other-part`.
Lanes are a pair: how many, and Mbit/s of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from optidsl.catalog.coherent import AmplifierModel, Coherent, MuxModel
from optidsl.catalog.parts import (
    Attenuator,
    Connector,
    DirectCable,
    Fact,
    FiberCable,
    FiberGrade,
    Lanes,
    Nic,
    Offer,
    Part,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.diag import InternalError
from optidsl.plan.cage_facts import FactValue, Named, cage_facts, mode_fact
from optidsl.plan.model import PartKind, PlanFact, PlanPart

STRUCTURE = "structure"
"""Confidence of what a part *is* (its bores, ends, protocols), which the catalogue states without a document."""

_KINDS: dict[type, PartKind] = {
    Transceiver: "transceiver",
    FiberCable: "fiber_cable",
    DirectCable: "direct_cable",
    FiberGrade: "fiber_grade",
    Connector: "connector",
    Attenuator: "attenuator",
    AmplifierModel: "amplifier",
    MuxModel: "mux",
    SwitchModel: "switch",
    ServerModel: "server",
}


def plan_part(part: Part) -> PlanPart:
    """Return the plan's record of a catalogue part."""
    return PlanPart(
        name=part.name,
        kind=_KINDS[type(part)],
        vendor="" if isinstance(part, FiberGrade | Connector) else part.vendor,
        part_numbers=() if isinstance(part, FiberGrade | Connector) else part.part_numbers,
        facts=dict(_facts(part)),
    )


@singledispatch
def _facts(part: object) -> Named:
    raise InternalError(f"no facts are known of a {type(part).__name__}")


def _stated(name: str, value: FactValue) -> Named:
    yield name, PlanFact(value=value, source="", confidence=STRUCTURE)


def _sourced(name: str, fact: Fact[int] | Fact[str] | Fact[tuple[int, ...]] | Fact[tuple[str, ...]] | None) -> Named:
    if fact is not None:
        yield name, PlanFact(value=fact.value, source=fact.source, confidence=fact.confidence)


def _lanes(name: str, fact: Fact[Lanes]) -> Named:
    pair = (fact.value.count, fact.value.rate_mbps)
    yield name, PlanFact(value=pair, source=fact.source, confidence=fact.confidence)


@_facts.register
def _(part: Transceiver) -> Named:
    yield from _sourced("form_factor", part.form_factor)
    yield from _stated("bores", part.bores)
    yield from _lanes("lanes", part.lanes)
    for name in ("modulation", "pmd", "medium", "connector", "wavelength", "fec"):
        yield from _sourced(name, getattr(part, name))
    for limit in part.limits:
        yield from _sourced(f"reach_mm.{limit.grade}", limit.reach_mm)
        yield from _sourced(f"loss_max_mdb.{limit.grade}", limit.loss_max_mdb)
        yield from _sourced(f"connections_mdb.{limit.grade}", limit.connections_mdb)
    for other, reach in part.faces:
        yield from _sourced(f"reach_mm@{other}", reach)
    for name in (
        "min_length_mm",
        "power_max_mw",
        "power_typ_mw",
        "tx_min_mdbm",
        "tx_max_mdbm",
        "rx_min_mdbm",
        "rx_max_mdbm",
        "rx_damage_mdbm",
        "channel_connections",
        "channel_connection_loss_mdb",
        "tx_oma_min_mdbm",
        "tx_oma_max_mdbm",
        "tx_oma_tdecq_min_mdbm",
        "tdecq_max_mdb",
        "er_min_mdb",
        "rx_oma_max_mdbm",
        "rx_sens_oma_mdbm",
        "rx_stressed_oma_mdbm",
        "power_split_mw",
        "latency_ps",
        "sff8024",
        "baud_kbaud",
    ):
        yield from _sourced(name, getattr(part, name))
    if part.built_in is not None and part.built_in.value:
        yield "built_in", PlanFact(value=1, source=part.built_in.source, confidence=part.built_in.confidence)
    if part.coherent is not None:
        yield from _coherent(part.coherent)
    yield from _stated("protocols", part.protocols)


@_facts.register
def _(part: FiberCable) -> Named:
    for name in ("grade", "medium", "connector", "polarity", "lengths_mm", "max_total_mm"):
        yield from _sourced(name, getattr(part, name))
    yield from _stated("ends", part.ends)
    if part.part_number_form is not None:
        yield from _stated("part_number_form", part.part_number_form)


@_facts.register
def _(part: DirectCable) -> Named:
    for name in ("technology", "form_factor_a", "form_factor_z", "lengths_mm", "power_a_mw", "power_z_mw"):
        yield from _sourced(name, getattr(part, name))
    yield from _sourced("latency_ps", part.latency_ps)
    yield from _lanes("lanes", part.lanes)
    yield from _stated("bores", part.bores)
    yield from _stated("ends", part.ends)
    yield from _stated("protocols", part.protocols)


@_facts.register
def _(part: FiberGrade) -> Named:
    yield from _sourced("medium", part.medium)
    yield from _sourced("attenuation_mdb_per_km", part.attenuation_mdb_per_km)
    yield from _stated("wavelength_nm", part.wavelength_nm)
    for name in ("dispersion_fs", "pmd_fs", "effective_area_um2", "latency_ns"):
        yield from _sourced(name, getattr(part, name))


@_facts.register
def _(part: Connector) -> Named:
    yield from _sourced("loss_max_mdb", part.loss_max_mdb)


@_facts.register
def _(part: AmplifierModel) -> Named:
    for name in ("gain_min_mdb", "gain_max_mdb", "p_max_mdbm", "noise_figure_mdb", "noise_figure_best_mdb"):
        yield from _sourced(name, getattr(part, name))
    for name in ("noise_figure_worst_mdb", "units", "power_max_mw"):
        yield from _sourced(name, getattr(part, name))


@_facts.register
def _(part: MuxModel) -> Named:
    for name in ("loss_mdb", "channels", "spacing_mhz", "units", "power_max_mw"):
        yield from _sourced(name, getattr(part, name))


def _coherent(own: Coherent) -> Named:
    """Yield the figures of a coherent module; a table is the list of its columns."""
    for name in ("osnr_min_mdb", "tx_osnr_mdb", "spacing_mhz", "loss_max_mdb"):
        yield from _sourced(f"coherent.{name}", getattr(own, name))
    for impairment in ("dispersion", "pmd", "pdl"):
        points = own.points(impairment)
        yield from _columns(f"coherent.{impairment}", [(point.at, point.osnr_mdb) for point in points])
    windows = [(each.rx_min_mdbm, each.rx_max_mdbm, each.osnr_min_mdb) for each in own.windows]
    yield from _columns("coherent.window", windows)


def _columns(name: str, rows: Sequence[tuple[Fact[int], ...]]) -> Named:
    """Yield the rows of a table as one list, row after row, with the lowest confidence of them."""
    if not rows:
        return
    facts = [fact for row in rows for fact in row]
    order = ("design", "standard", "vendor-doc", "secondary", "unverified")
    worst = max(facts, key=lambda fact: order.index(fact.confidence))
    values = tuple(fact.value for fact in facts)
    yield name, PlanFact(value=values, source=worst.source, confidence=worst.confidence)


@_facts.register
def _(part: Attenuator) -> Named:
    for name in ("connector", "medium", "loss_mdb", "tolerance_mdb"):
        yield from _sourced(name, getattr(part, name))


@_facts.register
def _(part: SwitchModel) -> Named:
    for name in ("cages", "accepts", "max_ports", "units", "power_typ_mw", "power_max_mw", "fec", "insertion_loss_mdb"):
        yield from _sourced(name, getattr(part, name))
    yield from _lanes("lanes", part.lanes)
    modes = tuple(mode_fact(mode) for mode in part.breakout.value)
    yield "breakout", PlanFact(value=modes, source=part.breakout.source, confidence=part.breakout.confidence)
    yield from cage_facts(part)
    yield from _offer("", part.offer)
    yield from _stated("protocols", part.protocols)


@_facts.register
def _(part: ServerModel) -> Named:
    for name in ("gpus", "units", "power_max_mw"):
        yield from _sourced(name, getattr(part, name))
    for nic in part.nics:
        yield from _nic(nic)


def _nic(nic: Nic) -> Named:
    base = f"nic.{nic.name}"
    for name in ("rate_mbps", "accepts", "cage_power_mw", "fec"):
        yield from _sourced(f"{base}.{name}", getattr(nic, name))
    yield from _lanes(f"{base}.lanes", nic.lanes)
    if nic.modes is not None:
        value = tuple(f"{mode.count}x{mode.rate_mbps}" for mode in nic.modes.value)
        yield f"{base}.modes", PlanFact(value=value, source=nic.modes.source, confidence=nic.modes.confidence)
    yield from _stated(f"{base}.bores_per_cage", nic.bores_per_cage)
    yield from _stated(f"{base}.protocols", nic.protocols)
    yield from _stated(f"{base}.port_names", tuple(port.name for port in nic.ports))
    yield from _offer(f"{base}.", nic.offer)


def _offer(base: str, offer: Offer) -> Named:
    yield from _sourced(f"{base}features", offer.features)
    yield from _sourced(f"{base}lacks", offer.lacks)
    yield from _sourced(f"{base}latency_ps", offer.latency_ps)
