"""Catalogue parts as records of the plan: every figure that a reader of the plan needs, with its source.

Fact names follow the catalogue's fields. What exists once per fibre grade, cage, NIC or far end is written
`reach_mm.os2`, `cage_power_mw` (a list by cage, -1 where unknown), `nic.compute.rate_mbps`, `reach_mm@other-part`.
Lanes are a pair: how many, and Mbit/s of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Literal

from optidsl.catalog.parts import (
    Connector,
    DirectCable,
    Fact,
    FiberCable,
    FiberGrade,
    Lanes,
    Nic,
    Part,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.diag import InternalError
from optidsl.plan.model import PlanFact, PlanPart

STRUCTURE = "structure"
"""Confidence of what a part *is* (its bores, ends, protocols), which the catalogue states without a document."""

FactValue = int | str | tuple[int, ...] | tuple[str, ...]
Named = Iterator[tuple[str, PlanFact]]
PartKind = Literal["transceiver", "fiber_cable", "direct_cable", "fiber_grade", "connector", "switch", "server"]

_KINDS: dict[type, PartKind] = {
    Transceiver: "transceiver",
    FiberCable: "fiber_cable",
    DirectCable: "direct_cable",
    FiberGrade: "fiber_grade",
    Connector: "connector",
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
    ):
        yield from _sourced(name, getattr(part, name))
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
    yield from _lanes("lanes", part.lanes)
    yield from _stated("bores", part.bores)
    yield from _stated("ends", part.ends)
    yield from _stated("protocols", part.protocols)


@_facts.register
def _(part: FiberGrade) -> Named:
    yield from _sourced("medium", part.medium)
    yield from _sourced("attenuation_mdb_per_km", part.attenuation_mdb_per_km)
    yield from _stated("wavelength_nm", part.wavelength_nm)


@_facts.register
def _(part: Connector) -> Named:
    yield from _sourced("loss_max_mdb", part.loss_max_mdb)


@_facts.register
def _(part: SwitchModel) -> Named:
    for name in ("cages", "accepts", "max_ports", "units", "power_typ_mw", "power_max_mw", "fec"):
        yield from _sourced(name, getattr(part, name))
    yield from _lanes("lanes", part.lanes)
    modes = tuple(f"{mode.ports}x{mode.rate_mbps}" for mode in part.breakout.value)
    yield "breakout", PlanFact(value=modes, source=part.breakout.source, confidence=part.breakout.confidence)
    yield from _cage_power(part)
    yield from _stated("protocols", part.protocols)


def _cage_power(part: SwitchModel) -> Named:
    """Yield the watts of a module by cage; where two limits name a cage, the lower one binds."""
    if not part.cage_limits:
        return
    watts = [-1] * part.cages.value
    for limit in part.cage_limits:
        for cage in range(max(limit.first, 1), min(limit.last, part.cages.value) + 1, max(limit.step, 1)):
            known = watts[cage - 1]
            watts[cage - 1] = limit.power_mw.value if known < 0 else min(known, limit.power_mw.value)
    facts = [limit.power_mw for limit in part.cage_limits]
    order = ("design", "standard", "vendor-doc", "secondary", "unverified")
    worst = max(facts, key=lambda fact: order.index(fact.confidence))
    yield "cage_power_mw", PlanFact(value=tuple(watts), source=worst.source, confidence=worst.confidence)


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
    yield from _stated(f"{base}.bores_per_cage", nic.bores_per_cage)
    yield from _stated(f"{base}.protocols", nic.protocols)
    yield from _stated(f"{base}.port_names", tuple(port.name for port in nic.ports))
