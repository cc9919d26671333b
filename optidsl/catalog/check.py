"""Whether a part's own statements agree with one another."""

from __future__ import annotations

import string
from collections.abc import Iterator

from optidsl.catalog.check_cages import Complaint, cage_complaints
from optidsl.catalog.check_values import value_complaints
from optidsl.catalog.coherent import AmplifierModel, MuxModel
from optidsl.catalog.offer import offer_complaints
from optidsl.catalog.parts import (
    Attenuator,
    DirectCable,
    Fact,
    FiberCable,
    Nic,
    Part,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.catalog.rules import lanes_text
from optidsl.catalog.scale_up import scale_up_complaints
from optidsl.diag import Sink, Span

PORT_FIELDS: frozenset[str] = frozenset(
    {"cage", "cage0", "bore", "bore0", "letter", "lane", "port", "port0", "column", "column0", "row", "cage_lane"}
)
"""What a port's name may be made of."""

LENGTH_FIELDS: frozenset[str] = frozenset({"m", "cm"})
"""What the orderable number of a length may be made of."""


def check_part(part: Part, sink: Sink) -> bool:
    """Report what contradicts itself in a part; tell whether nothing does."""
    is_sound = True
    for message, span, label in _complaints(part):
        is_sound = False
        sink.error("part-inconsistent", f"{part.name}: {message}", span, label)
    return is_sound


def _complaints(part: Part) -> Iterator[Complaint]:
    yield from value_complaints(part)
    if isinstance(part, Transceiver):
        yield from _transceiver(part)
    elif isinstance(part, FiberCable):
        yield from _fiber_cable(part)
    elif isinstance(part, DirectCable):
        yield from _bores(part.bores, part.lanes.value.count, part.span)
    elif isinstance(part, Attenuator):
        yield from _attenuator(part)
    elif isinstance(part, SwitchModel):
        yield from _switch(part)
    elif isinstance(part, AmplifierModel | MuxModel):
        from optidsl.catalog.check_coherent import amplifier_complaints, mux_complaints

        yield from amplifier_complaints(part) if isinstance(part, AmplifierModel) else mux_complaints(part)
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
    if part.coherent is not None:
        from optidsl.catalog.check_coherent import coherent_complaints

        yield from coherent_complaints(part.coherent, part.span)
    for limit in part.limits:
        yield from _positive(f"the reach over {limit.grade}", limit.reach_mm, "mm")
        share, loss = limit.connections_mdb, limit.loss_max_mdb
        if share is not None and loss is not None and share.value > loss.value:
            shares = f"{share.value / 1000:g} dB of a loss of {loss.value / 1000:g} dB"
            yield f"connections over {limit.grade} take {shares}", share.span, "more than the whole channel"
    for name, low, high in (
        ("launch power", part.tx_min_mdbm, part.tx_max_mdbm),
        ("receive power", part.rx_min_mdbm, part.rx_max_mdbm),
        ("receive power without damage", part.rx_max_mdbm, part.rx_damage_mdbm),
        ("power", part.power_typ_mw, part.power_max_mw),
        ("power with splitters", part.power_split_mw, part.power_max_mw),
        ("launch OMA", part.tx_oma_min_mdbm, part.tx_oma_max_mdbm),
        ("receive OMA", part.rx_sens_oma_mdbm, part.rx_oma_max_mdbm),
    ):
        if low is not None and high is not None and low.value > high.value:
            yield f"the {name} ends below where it starts", high.span, "less than the lower limit"


def _fiber_cable(part: FiberCable) -> Iterator[Complaint]:
    lengths = part.lengths_mm
    if lengths is not None and (not lengths.value or lengths.value[0] <= 0):
        yield "a cable needs at least one length, each more than none", lengths.span, "lengths"
    if part.ends < 1:
        yield f"{part.ends} far ends: a cable has at least one", part.span, "ends"
    if part.part_number_form is not None:
        yield from _template("part_number_form", part.part_number_form, LENGTH_FIELDS, part.span)


def _attenuator(part: Attenuator) -> Iterator[Complaint]:
    yield from _positive("loss", part.loss_mdb, "mdB")
    if part.tolerance_mdb is not None and part.least_mdb <= 0:
        yield "the tolerance is as large as the loss", part.tolerance_mdb.span, "nothing may be left of the loss"


def _switch(part: SwitchModel) -> Iterator[Complaint]:
    yield from _positive("cages", part.cages, "cages")
    yield from cage_complaints(part)
    yield from offer_complaints("it ", part.offer)
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


def _modes(nic: Nic) -> Iterator[Complaint]:
    lanes = nic.lanes.value
    for mode in nic.modes.value if nic.modes is not None else ():
        is_slower = 0 < mode.count * mode.rate_mbps < nic.rate_mbps.value
        if not is_slower or mode.count > lanes.count or mode.rate_mbps > lanes.rate_mbps:
            text = f"nic {nic.name} of {lanes_text(lanes)} has no mode {lanes_text(mode)}"
            yield f"{text}: a mode has fewer or slower lanes", nic.modes.span if nic.modes else nic.span, "modes"


def _server(part: ServerModel) -> Iterator[Complaint]:
    yield from scale_up_complaints(part)
    for nic in part.nics:
        if not nic.ports:
            yield f"nic {nic.name} has no ports", nic.span, "needs at least one `port`"
        yield from offer_complaints(f"nic {nic.name} ", nic.offer)
        yield from _modes(nic)
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
