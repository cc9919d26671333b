"""Find parts by words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from optidsl._record import record
from optidsl.catalog.coherent import AmplifierModel, MuxModel
from optidsl.catalog.entries import Entry, NicModel, Pmd, Reference
from optidsl.catalog.entry_facts import entry_summary
from optidsl.catalog.facts import everything, facts_of, kind_of, quantity_text
from optidsl.catalog.parts import (
    Attenuator,
    Catalog,
    Connector,
    DirectCable,
    FiberCable,
    FiberGrade,
    Part,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.catalog.rules import lanes_text


@record(frozen=True, slots=True)
class Hit:
    """A part that a search found: its name, its kind, and one line on it."""

    name: str
    kind: str
    summary: str


def search(catalog: Catalog, query: str) -> list[Hit]:
    """Return the parts that have every word of a query in their name, part numbers, kind, vendor or facts.

    Args:
        catalog: where to look.
        query: words, in any case; an empty query finds every part.

    Returns:
        Hits whose name starts with the query first, then the others, each in the catalogue's order.
    """
    words = query.lower().split()
    found = [part for part in everything(catalog) if all(word in text for text in [_text(part)] for word in words)]
    first = words[0] if words else ""
    found.sort(key=lambda part: not part.name.startswith(first))
    return [Hit(part.name, kind_of(part), summary(part)) for part in found]


def _text(part: Part | Entry) -> str:
    pieces = [part.name, kind_of(part)]
    if not isinstance(part, FiberGrade | Connector | Pmd | Reference):
        pieces += [part.vendor, *part.part_numbers]
    if isinstance(part, Pmd):
        pieces.append(part.speaks)
    if isinstance(part, Transceiver | DirectCable | SwitchModel | NicModel):
        pieces += part.protocols
    pieces += [f"{fact.name}={fact.text} {fact.text}" for fact in facts_of(part)]
    return " ".join(pieces).lower()


def summary(part: Part | Entry) -> str:
    """Return one line on a part: what it is, and the figures one chooses it by."""
    is_entry = isinstance(part, Pmd | NicModel | Reference)
    pieces = entry_summary(cast("Entry", part)) if is_entry else _pieces(cast("Part", part))
    return ", ".join(piece for piece in pieces if piece)


def _pieces(part: Part) -> Iterator[str]:
    if isinstance(part, Transceiver):
        yield from (part.vendor, part.form_factor.value, _bored(part.bores, part.pmd.value), part.connector.value)
        yield from (f"{quantity_text(limit.reach_mm.value, 'mm')} {limit.grade}" for limit in part.limits)
        yield "" if part.power_max_mw is None else quantity_text(part.power_max_mw.value, "mW")
    elif isinstance(part, FiberCable):
        lengths = () if part.lengths_mm is None else part.lengths_mm.value
        yield from (part.vendor, part.grade.value, part.connector.value, "" if part.ends == 1 else f"1:{part.ends}")
        yield f"{quantity_text(lengths[0], 'mm')} to {quantity_text(lengths[-1], 'mm')}" if lengths else ""
    elif isinstance(part, DirectCable):
        yield from (part.vendor, part.technology.value, lanes_text(part.lanes.value))
        yield f"{part.form_factor_a.value} to {_bored(part.ends, part.form_factor_z.value)}"
        if part.lengths_mm is not None:
            yield f"up to {quantity_text(part.lengths_mm.value[-1], 'mm')}"
    else:
        yield from _plain_pieces(part)


def _plain_pieces(
    part: FiberGrade | Connector | Attenuator | SwitchModel | ServerModel | AmplifierModel | MuxModel,
) -> Iterator[str]:
    if isinstance(part, FiberGrade):
        attenuation = quantity_text(part.attenuation_mdb_per_km.value, "mdB/km")
        yield f"{part.medium.value}, {attenuation} at {part.wavelength_nm} nm"
    elif isinstance(part, Connector):
        yield f"at most {quantity_text(part.loss_max_mdb.value, 'mdB')} a mated pair"
    elif isinstance(part, Attenuator):
        yield from (part.vendor, part.connector.value, part.medium.value, quantity_text(part.loss_mdb.value, "mdB"))
    elif isinstance(part, AmplifierModel):
        yield from (part.vendor, f"gain up to {quantity_text(part.gain_max_mdb.value, 'mdB')}")
    elif isinstance(part, MuxModel):
        yield from (part.vendor, f"{part.channels.value} channels of {part.spacing_mhz.value / 1000:g}GHz")
    elif isinstance(part, SwitchModel):
        yield from (part.vendor, *part.protocols)
        yield f"{part.cages.value} cages {lanes_text(part.lanes.value)} {' '.join(part.accepts.value)}"
    else:
        yield part.vendor
        yield "" if part.gpus is None else f"{part.gpus.value} GPUs"
        for nic in part.nics:
            yield f"{nic.name} {len(nic.ports)}x{quantity_text(nic.rate_mbps.value, 'Mbps')}"


def _bored(count: int, text: str) -> str:
    return text if count == 1 else f"{count}x {text}"
