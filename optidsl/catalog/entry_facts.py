"""Facts of what the catalogue tells besides parts to choose, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from optidsl.catalog.entries import Entry, NicModel, Pmd, Reference, Reliability
from optidsl.catalog.facts import PrintedFact, quantity_text
from optidsl.catalog.parts import Fact, T
from optidsl.catalog.rules import lanes_text

ENTRY_NAMES: dict[type, str] = {
    Pmd: "pmd",
    NicModel: "nic_model",
    Reference: "reference",
    Reliability: "reliability",
}
"""The catalogue's word for each record type."""


def entry_facts(entry: Entry) -> Iterator[PrintedFact]:
    """Yield every fact of an entry, in the order of its record."""
    if isinstance(entry, Pmd):
        yield from _pmd(entry)
    elif isinstance(entry, NicModel):
        yield from _nic_model(entry)
    else:
        yield from _figure(entry)


def number_text(value: Fraction) -> str:
    """Return a plain number as people write it: `200`, `0.0144`, `8.2e-13`."""
    return f"{float(value):.12g}"


def entry_summary(entry: Entry) -> Iterator[str]:
    """Yield the figures by which one finds an entry, for one line."""
    if isinstance(entry, Pmd):
        yield from (entry.speaks, lanes_text(entry.lanes.value), entry.modulation.value)
        yield "" if entry.sff8024 is None else entry.sff8024.value
    elif isinstance(entry, NicModel):
        yield entry.vendor
        yield "" if entry.rate_mbps is None else quantity_text(entry.rate_mbps.value, "Mbps")
        yield "" if entry.accepts is None else " ".join(entry.accepts.value)
    else:
        yield entry.subject.value
        yield f"{_range(entry)} {entry.unit.value}"


def _range(entry: Reference) -> str:
    if entry.value is not None:
        return number_text(entry.value.value)
    low = "" if entry.least is None else number_text(entry.least.value)
    high = "" if entry.most is None else number_text(entry.most.value)
    return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"


def _one(name: str, fact: Fact[T] | None, text: Callable[[T], str]) -> Iterator[PrintedFact]:
    if fact is not None:
        yield PrintedFact(name, text(fact.value), fact.source, fact.confidence)


def _pmd(entry: Pmd) -> Iterator[PrintedFact]:
    yield from _one("lanes", entry.lanes, lanes_text)
    yield from _one("modulation", entry.modulation, str)
    yield from _one("medium", entry.medium, str)
    yield from _one("baud", entry.baud_kbaud, lambda value: quantity_text(value, "kbaud"))
    yield from _one("sff8024", entry.sff8024, str)
    yield from _one("fec", entry.fec, str)
    yield from _one("linear", entry.linear, lambda value: "true" if value else "false")


def _nic_model(entry: NicModel) -> Iterator[PrintedFact]:
    yield from _one("ports", entry.ports, str)
    yield from _one("rate", entry.rate_mbps, lambda value: quantity_text(value, "Mbps"))
    yield from _one("accepts", entry.accepts, ", ".join)
    yield from _one("host", entry.host, str)


def _figure(entry: Reference) -> Iterator[PrintedFact]:
    unit = entry.unit.value
    yield from _one("subject", entry.subject, str)
    yield from _one("value", entry.value, lambda value: f"{number_text(value)} {unit}")
    yield from _one("least", entry.least, lambda value: f"{number_text(value)} {unit}")
    yield from _one("most", entry.most, lambda value: f"{number_text(value)} {unit}")
    yield from _one("conditions", entry.conditions, str)
