"""Whether a part's own statements agree with one another."""

from __future__ import annotations

import string
from collections.abc import Iterator

from optidsl.catalog.parts import (
    DirectCable,
    Fact,
    FiberCable,
    Part,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.diag import Sink, Span

PORT_FIELDS: frozenset[str] = frozenset({"cage", "cage0", "bore", "bore0", "letter", "lane", "port", "port0"})
"""What a port's name may be made of."""

LENGTH_FIELDS: frozenset[str] = frozenset({"m", "cm"})
"""What the orderable number of a length may be made of."""

Complaint = tuple[str, Span, str]
"""A message, its place, and the label there."""


def check_part(part: Part, sink: Sink) -> bool:
    """Report what contradicts itself in a part; tell whether nothing does."""
    is_sound = True
    for message, span, label in _complaints(part):
        is_sound = False
        sink.error("part-inconsistent", f"{part.name}: {message}", span, label)
    return is_sound


def _complaints(part: Part) -> Iterator[Complaint]:
    if isinstance(part, Transceiver):
        yield from _transceiver(part)
    elif isinstance(part, FiberCable):
        yield from _fiber_cable(part)
    elif isinstance(part, DirectCable):
        yield from _bores(part.bores, part.lanes.value.count, part.span)
    elif isinstance(part, SwitchModel):
        yield from _switch(part)
    elif isinstance(part, ServerModel):
        yield from _server(part)


def _bores(bores: int, lanes: int, span: Span) -> Iterator[Complaint]:
    if bores < 1 or lanes % bores:
        yield f"{lanes} lanes cannot be shared equally by {bores} bores", span, "bores do not divide the lanes"


def _positive(name: str, fact: Fact[int] | None, unit: str) -> Iterator[Complaint]:
    if fact is not None and fact.value <= 0:
        yield f"{name} is {fact.value} {unit}, and must be more than none", fact.span, "leave it out when it is unknown"


def _transceiver(part: Transceiver) -> Iterator[Complaint]:
    yield from _bores(part.bores, part.lanes.value.count, part.span)
    yield from _positive("power_max", part.power_max_mw, "mW")
    for limit in part.limits:
        yield from _positive(f"the reach over {limit.grade}", limit.reach_mm, "mm")
    for name, low, high in (
        ("launch power", part.tx_min_mdbm, part.tx_max_mdbm),
        ("receive power", part.rx_min_mdbm, part.rx_max_mdbm),
        ("receive power without damage", part.rx_max_mdbm, part.rx_damage_mdbm),
        ("power", part.power_typ_mw, part.power_max_mw),
    ):
        if low is not None and high is not None and low.value > high.value:
            yield f"the {name} ends below where it starts", high.span, "less than the lower limit"


def _fiber_cable(part: FiberCable) -> Iterator[Complaint]:
    lengths = part.lengths_mm
    if not lengths.value or lengths.value[0] <= 0:
        yield "a cable needs at least one length, each more than none", lengths.span, "lengths"
    if part.ends < 1:
        yield f"{part.ends} far ends: a cable has at least one", part.span, "ends"
    if part.part_number_form is not None:
        yield from _template("part_number_form", part.part_number_form, LENGTH_FIELDS, part.span)


def _switch(part: SwitchModel) -> Iterator[Complaint]:
    cages, lanes = part.cages, part.lanes.value
    yield from _positive("cages", cages, "cages")
    for mode in part.breakout.value:
        offered, asked = lanes.count * lanes.rate_mbps, mode.ports * mode.rate_mbps
        if mode.ports < 1 or lanes.count % mode.ports or asked > offered:
            asked_text = f"{mode.ports}x{mode.rate_mbps // 1000}Gbps"
            offered_text = f"{lanes.count}x{lanes.rate_mbps // 1000}Gbps"
            yield f"a cage of {offered_text} cannot run as {asked_text}", part.breakout.span, "breakout"
    for limit in part.cage_limits:
        if not 1 <= limit.first <= limit.last <= cages.value or limit.step < 1:
            span = limit.power_mw.span
            yield f"cages {limit.first}..{limit.last} are not among its cages 1..{cages.value}", span, "cage_power"
    yield from _template("port_name", part.port_name, PORT_FIELDS, part.span)
    yield from _template("port_alias", part.port_alias, PORT_FIELDS, part.span)


def _template(name: str, text: str, fields: frozenset[str], span: Span) -> Iterator[Complaint]:
    known = ", ".join(f"{{{field}}}" for field in sorted(fields))
    try:
        used = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    except ValueError:
        yield f"{name} `{text}` is not a template: a brace has no partner", span, name
        return
    for field in used:
        if field not in fields:
            yield f"{name} knows no {{{field}}}, only {known}", span, name


def _server(part: ServerModel) -> Iterator[Complaint]:
    for nic in part.nics:
        if not nic.ports:
            yield f"nic {nic.name} has no ports", nic.span, "needs at least one `port`"
        places: dict[tuple[str, int], str] = {}
        for port in nic.ports:
            before = places.setdefault((port.cage, port.bore), port.name)
            if before != port.name:
                yield f"ports {before} and {port.name} are both port {port.bore} of cage {port.cage}", nic.span, "nic"
            if not 1 <= port.bore <= nic.bores_per_cage:
                where = f"{port.name} is port {port.bore} of a cage of {nic.bores_per_cage}"
                yield where, nic.span, "nic"
            if port.gpu is not None and part.gpus is not None and not 0 <= port.gpu < part.gpus.value:
                yield f"{port.name} serves GPU {port.gpu} of {part.gpus.value} (0 is the first)", nic.span, "nic"
