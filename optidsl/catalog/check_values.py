"""Whether single numbers of a part can be: counts and watts above none, losses not below, reaches beyond the least."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.check_cages import Complaint
from optidsl.catalog.parts import (
    Connector,
    DirectCable,
    Fact,
    FiberCable,
    FiberGrade,
    Part,
    ServerModel,
    SwitchModel,
    Transceiver,
)

Limit = tuple[str, str, str, int]
"""A field of a record, its name in the language, its unit, and how many of the field's count make one."""

_ABOVE_NONE: dict[type, tuple[Limit, ...]] = {
    Transceiver: (
        ("power_typ_mw", "power_typ", "W", 1000),
        ("power_split_mw", "power_split", "W", 1000),
        ("baud_kbaud", "baud", "Gbaud", 1_000_000),
    ),
    FiberCable: (("max_total_mm", "max_total", "m", 1000),),
    DirectCable: (("power_a_mw", "power_a", "W", 1000), ("power_z_mw", "power_z", "W", 1000)),
    FiberGrade: (("attenuation_mdb_per_km", "attenuation", "dB/km", 1000),),
    SwitchModel: (
        ("max_ports", "max_ports", "ports", 1),
        ("units", "units", "U", 1),
        ("power_typ_mw", "power_typ", "W", 1000),
        ("power_max_mw", "power_max", "W", 1000),
    ),
    ServerModel: (("gpus", "gpus", "GPUs", 1), ("units", "units", "U", 1), ("power_max_mw", "power_max", "W", 1000)),
}

_NOT_BELOW: dict[type, tuple[Limit, ...]] = {
    Transceiver: (
        ("min_length_mm", "min_length", "m", 1000),
        ("channel_connections", "channel_connections", "connections", 1),
        ("channel_connection_loss_mdb", "channel_connection_loss", "dB", 1000),
    ),
    Connector: (("loss_max_mdb", "loss", "dB", 1000),),
}


def value_complaints(part: Part) -> Iterator[Complaint]:
    """Yield what is wrong with single numbers of a part, and with pairs that bound one another."""
    for name, attribute, unit, size in _ABOVE_NONE.get(type(part), ()):
        fact: Fact[int] | None = getattr(part, name)
        if fact is not None and fact.value <= 0:
            text = f"{attribute} is {fact.value / size:g} {unit}, and must be more than none"
            yield text, fact.span, "leave it out when it is unknown"
    for name, attribute, unit, size in _NOT_BELOW.get(type(part), ()):
        fact = getattr(part, name)
        if fact is not None and fact.value < 0:
            yield f"{attribute} is {fact.value / size:g} {unit}, and cannot be below none", fact.span, "below none"
    if isinstance(part, Transceiver):
        yield from _limits(part)
    elif isinstance(part, DirectCable):
        yield from _lengths(part)
    elif isinstance(part, SwitchModel):
        yield from _watts(part)


def _limits(part: Transceiver) -> Iterator[Complaint]:
    least = part.min_length_mm
    for limit in part.limits:
        loss, reach = limit.loss_max_mdb, limit.reach_mm
        if loss is not None and loss.value < 0:
            text = f"the loss over {limit.grade} is {loss.value / 1000:g} dB, and cannot be below none"
            yield text, loss.span, "a loss has no sign"
        if least is not None and reach.value <= least.value:
            text = f"the reach over {limit.grade} is {reach.value / 1000:g} m"
            yield f"{text}, and min_length asks for {least.value / 1000:g} m", reach.span, "no length is allowed"


def _lengths(part: DirectCable) -> Iterator[Complaint]:
    lengths = part.lengths_mm
    if lengths is not None and lengths.value and lengths.value[0] <= 0:
        text = f"a length is {lengths.value[0] / 1000:g} m, and must be more than none"
        yield text, lengths.span, "lengths"


def _watts(part: SwitchModel) -> Iterator[Complaint]:
    typical, most = part.power_typ_mw, part.power_max_mw
    if typical is not None and most is not None and typical.value > most.value:
        text = f"power_typ is {typical.value / 1000:g} W, and power_max {most.value / 1000:g} W"
        yield text, typical.span, "more than the most it draws"
