"""Switches from their entities."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import replace
from optidsl.catalog.cages import CageLimit, CageRun, Pipeline
from optidsl.catalog.offer import offer_of
from optidsl.catalog.parts import BreakoutMode, Fact, Lanes, SwitchModel
from optidsl.catalog.reader import Reader, need
from optidsl.diag import InternalError
from optidsl.schema.entity import Entity


def switch_model(reader: Reader) -> SwitchModel:
    """Return the switch that an entity describes, its variants beside it."""
    entity = reader.entity
    cages = need(reader.count_fact("cages"))
    model = SwitchModel(
        name=entity.name,
        span=entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        protocols=reader.texts("protocols"),
        cages=cages,
        lanes=need(reader.lanes_fact("lanes")),
        accepts=need(reader.texts_fact("accepts")),
        breakout=_modes(reader, need(reader.lanes_list_fact("breakout"))),
        max_ports=reader.count_fact("max_ports"),
        cage_limits=_cage_limits(reader),
        units=reader.scaled_fact("units", "U"),
        power_typ_mw=reader.scaled_fact("power_typ", "mW"),
        power_max_mw=reader.scaled_fact("power_max", "mW"),
        port_name=reader.text("port_name"),
        port_alias=reader.text("port_alias"),
        sonic_platform=reader.optional_text("sonic_platform"),
        sonic_hwsku=reader.optional_text("sonic_hwsku"),
        device_id=reader.optional_text("device_id"),
        fec=reader.text_fact("fec"),
        offer=offer_of(reader),
        firmware=reader.text("firmware"),
        pipelines=tuple(_pipeline(child, cages.value) for child in _children(reader, "pipeline")),
        splits=tuple(_split(child) for child in _children(reader, "split")),
        engine_ports=_ports(reader, "engine"),
        laser_ports=_ports(reader, "laser"),
        airflow=reader.text_fact("airflow"),
        insertion_loss_mdb=reader.scaled_fact("insertion_loss", "mdB"),
    )
    variants = tuple(_variant(child, model) for child in _children(reader, "variant"))
    return replace(model, variants=variants) if variants else model


def _children(reader: Reader, kind: str) -> Iterator[Reader]:
    return (reader.child(child) for child in reader.entity.of_kind(kind))


def _modes(reader: Reader, fact: Fact[tuple[Lanes, ...]]) -> Fact[tuple[BreakoutMode, ...]]:
    """Return the modes on every lane of a cage, then those that leave lanes dark."""
    modes = [BreakoutMode(lanes.count, lanes.rate_mbps) for lanes in fact.value]
    for child in _children(reader, "mode"):
        run = need(child.lanes_fact("run")).value
        modes.append(BreakoutMode(run.count, run.rate_mbps, need(child.count_fact("lanes")).value))
    return Fact(tuple(modes), fact.source, fact.confidence, fact.span)


def _cage_limits(reader: Reader) -> tuple[CageLimit, ...]:
    return tuple(_cage_limit(child) for child in _children(reader, "cage_power"))


def _cage_limit(reader: Reader) -> CageLimit:
    first, last = _cages(reader.entity, "cages")
    power = need(reader.scaled_fact("power", "mW"))
    return CageLimit(first, last, reader.count("step", 1), power, reader.text("note"))


def _pipeline(reader: Reader, cages: int) -> Pipeline:
    first, last = (1, cages) if reader.entity.get("among") is None else _cages(reader.entity, "among")
    return Pipeline(first, last, reader.count("cages", 1), need(reader.count_fact("max_ports")))


def _split(reader: Reader) -> CageRun:
    first, last = _cages(reader.entity, "cages")
    attr = reader.entity.attrs["cages"]
    source = Fact(first, attr.cite or "", reader.confidence(attr), attr.value_span)
    return CageRun(first, last, reader.count("step", 1), source)


def _ports(reader: Reader, kind: str) -> Fact[int] | None:
    child = next(_children(reader, kind), None)
    return None if child is None else child.count_fact("ports")


def _variant(reader: Reader, base: SwitchModel) -> SwitchModel:
    """Return the model as ordered otherwise: what the variant does not state is the base's."""
    name = reader.entity.name
    return replace(
        base,
        name=f"{base.name}-{name}",
        span=reader.entity.label_span,
        part_numbers=reader.texts("part_numbers") or base.part_numbers,
        cage_limits=_cage_limits(reader) or base.cage_limits,
        power_typ_mw=reader.scaled_fact("power_typ", "mW") or base.power_typ_mw,
        power_max_mw=reader.scaled_fact("power_max", "mW") or base.power_max_mw,
        airflow=reader.text_fact("airflow") or base.airflow,
        base=base.name,
        variant=name,
    )


def _cages(entity: Entity, name: str) -> tuple[int, int]:
    """Return the first and the last cage of `cages = 1..64`, or of `cages = 5`."""
    attr = entity.get(name)
    if attr is not None:
        if isinstance(attr.lower, int) and isinstance(attr.upper, int):
            return attr.lower, attr.upper
        if isinstance(attr.value, int):
            return attr.value, attr.value
        if isinstance(attr.value, tuple) and attr.value:
            first, last = attr.value[0], attr.value[-1]
            if isinstance(first, int) and isinstance(last, int):
                return first, last
    raise InternalError(f"the {name} of a {entity.kind} are not integers")
