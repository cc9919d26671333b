"""Classes of modules, adapters and figures from their entities."""

from __future__ import annotations

from collections.abc import Callable

from optidsl.catalog.entries import Entry, NicModel, Pmd, Reference, Reliability
from optidsl.catalog.reader import Reader, need


def pmd(reader: Reader) -> Pmd:
    """Return the class of modules that an entity describes."""
    return Pmd(
        name=reader.entity.name,
        span=reader.entity.label_span,
        speaks=reader.text("speaks"),
        lanes=need(reader.lanes_fact("lanes")),
        modulation=need(reader.text_fact("modulation")),
        medium=reader.text_fact("medium"),
        baud_kbaud=reader.scaled_fact("baud", "kbaud"),
        sff8024=reader.text_fact("sff8024"),
        fec=reader.text_fact("fec"),
        linear=reader.flag_fact("linear"),
    )


def nic_model(reader: Reader) -> NicModel:
    """Return the adapter that an entity describes."""
    return NicModel(
        name=reader.entity.name,
        span=reader.entity.label_span,
        part_numbers=reader.texts("part_numbers"),
        vendor=reader.text("vendor"),
        protocols=reader.texts("protocols"),
        ports=reader.count_fact("ports"),
        rate_mbps=reader.scaled_fact("rate", "Mbps"),
        accepts=reader.texts_fact("accepts"),
        host=reader.text_fact("host"),
    )


def reference(reader: Reader, made: type[Reference] = Reference) -> Reference:
    """Return the figure to look up that an entity describes."""
    return made(
        name=reader.entity.name,
        span=reader.entity.label_span,
        subject=need(reader.text_fact("subject")),
        value=reader.number_fact("value"),
        least=reader.number_fact("least"),
        most=reader.number_fact("most"),
        unit=need(reader.text_fact("unit")),
        conditions=reader.text_fact("conditions"),
    )


def reliability(reader: Reader) -> Reference:
    """Return the figure on failures that an entity describes."""
    return reference(reader, Reliability)


_BUILDERS: dict[str, Callable[[Reader], Entry]] = {
    "pmd": pmd,
    "nic_model": nic_model,
    "reference": reference,
    "reliability": reliability,
}


def entry_of(reader: Reader) -> Entry:
    """Return what an entity of one of these kinds describes."""
    return _BUILDERS[reader.entity.kind](reader)
