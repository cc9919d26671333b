"""Switches from their entities."""

from __future__ import annotations

from optidsl.catalog.parts import BreakoutMode, CageLimit, Fact, Lanes, SwitchModel
from optidsl.catalog.reader import Reader, need
from optidsl.diag import InternalError


def switch_model(reader: Reader) -> SwitchModel:
    """Return the switch that an entity describes."""
    entity = reader.entity
    return SwitchModel(
        name=entity.name,
        span=entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        protocols=reader.texts("protocols"),
        cages=need(reader.count_fact("cages")),
        lanes=need(reader.lanes_fact("lanes")),
        accepts=need(reader.texts_fact("accepts")),
        breakout=_modes(need(reader.lanes_list_fact("breakout"))),
        max_ports=reader.count_fact("max_ports"),
        cage_limits=tuple(_cage_limit(reader.child(child)) for child in entity.of_kind("cage_power")),
        units=reader.scaled_fact("units", "U"),
        power_typ_mw=reader.scaled_fact("power_typ", "mW"),
        power_max_mw=reader.scaled_fact("power_max", "mW"),
        port_name=reader.text("port_name"),
        port_alias=reader.text("port_alias"),
        sonic_platform=reader.optional_text("sonic_platform"),
        sonic_hwsku=reader.optional_text("sonic_hwsku"),
        device_id=reader.optional_text("device_id"),
        fec=reader.text_fact("fec"),
    )


def _modes(fact: Fact[tuple[Lanes, ...]]) -> Fact[tuple[BreakoutMode, ...]]:
    modes = tuple(BreakoutMode(lanes.count, lanes.rate_mbps) for lanes in fact.value)
    return Fact(modes, fact.source, fact.confidence, fact.span)


def _cage_limit(reader: Reader) -> CageLimit:
    first, last = _cages(reader)
    return CageLimit(first, last, reader.count("step", 1), need(reader.scaled_fact("power", "mW")))


def _cages(reader: Reader) -> tuple[int, int]:
    """Return the first and the last cage of `cages = 1..64`, or of `cages = 5`."""
    attr = reader.entity.get("cages")
    if attr is not None:
        if isinstance(attr.lower, int) and isinstance(attr.upper, int):
            return attr.lower, attr.upper
        if isinstance(attr.value, int):
            return attr.value, attr.value
        if isinstance(attr.value, tuple) and attr.value:
            first, last = attr.value[0], attr.value[-1]
            if isinstance(first, int) and isinstance(last, int):
                return first, last
    raise InternalError("the cages of a cage_power are not integers")
