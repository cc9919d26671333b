"""Whether parts agree with the classes and adapters that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from optidsl.catalog.entries import Entry, NicModel, Pmd, Reference
from optidsl.catalog.parts import Fact, Lanes, Nic, Part, ServerModel, Transceiver
from optidsl.catalog.rules import lanes_text
from optidsl.diag import Sink, Span

Complaint = tuple[str, Span, str]
"""A message, its place, and the label there."""


def check_entry(entry: Entry, sink: Sink) -> bool:
    """Report a figure that states no number, or a range that ends below its start; tell whether all is well."""
    if not isinstance(entry, Reference):
        return True
    complaints = list(_figure(entry))
    _report(complaints, sink)
    return not complaints


def check_named(parts: Iterable[Part], entries: dict[str, Entry], sink: Sink) -> None:
    """Report transceivers that differ from the class they name, and servers that ask more than an adapter gives.

    Args:
        parts: every part.
        entries: the classes and adapters, by name; a class that is not among them is not compared.
        sink: where errors go.
    """
    classes = {entry.speaks: entry for entry in entries.values() if isinstance(entry, Pmd)}
    for part in parts:
        if isinstance(part, Transceiver):
            pmd = classes.get(part.pmd.value)
            _report(() if pmd is None else _class(part, pmd), sink)
        elif isinstance(part, ServerModel):
            for nic in part.nics:
                named = entries.get(nic.adapter or "")
                _report(_adapter(part, nic, named) if isinstance(named, NicModel) else (), sink)


def _report(complaints: Iterable[Complaint], sink: Sink) -> None:
    for message, span, label in complaints:
        sink.error("part-inconsistent", message, span, label)


def _figure(entry: Reference) -> Iterator[Complaint]:
    if entry.value is None and entry.least is None and entry.most is None:
        yield f"{entry.name}: a figure needs `value`, `least` or `most`", entry.span, "states no number"
    if entry.value is not None and (entry.least is not None or entry.most is not None):
        yield f"{entry.name}: `value` stands beside `least` or `most`", entry.value.span, "one number or a range"
    if entry.least is not None and entry.most is not None and entry.least.value > entry.most.value:
        yield f"{entry.name}: the range ends below where it starts", entry.most.span, "less than `least`"


def _class(part: Transceiver, pmd: Pmd) -> Iterator[Complaint]:
    lanes = part.lanes.value
    bore = Lanes(lanes.count // max(part.bores, 1), lanes.rate_mbps)
    if bore != pmd.lanes.value:
        texts = lanes_text(bore), lanes_text(pmd.lanes.value)
        yield f"{part.name}: a bore has {texts[0]}, and {pmd.speaks} is {texts[1]}", part.lanes.span, "lanes"
    for name, own, wanted in (
        ("modulation", part.modulation, pmd.modulation),
        ("medium", part.medium, pmd.medium),
    ):
        if own is not None and wanted is not None and own.value != wanted.value:
            yield f"{part.name}: its {name} is {own.value}, and that of {pmd.speaks} {wanted.value}", own.span, name
    yield from _baud(part, part.baud_kbaud, pmd.baud_kbaud, pmd.speaks)


def _baud(part: Transceiver, own: Fact[int] | None, wanted: Fact[int] | None, name: str) -> Iterator[Complaint]:
    if own is not None and wanted is not None and own.value != wanted.value:
        rates = [f"{float(Fraction(fact.value, 1_000_000)):g} Gbaud" for fact in (own, wanted)]
        yield f"{part.name}: its lanes run at {rates[0]}, and those of {name} at {rates[1]}", own.span, "baud"


def _adapter(server: ServerModel, nic: Nic, model: NicModel) -> Iterator[Complaint]:
    where = f"{server.name}: nic {nic.name}"
    if model.rate_mbps is not None and nic.rate_mbps.value > model.rate_mbps.value:
        rates = f"{nic.rate_mbps.value // 1000} Gbps", f"{model.rate_mbps.value // 1000} Gbps"
        yield (
            f"{where} runs its ports at {rates[0]}, and {model.name} at most at {rates[1]}",
            nic.rate_mbps.span,
            "rate",
        )
    if model.accepts is not None and set(nic.accepts.value) - set(model.accepts.value):
        more = ", ".join(sorted(set(nic.accepts.value) - set(model.accepts.value)))
        taken = ", ".join(model.accepts.value)
        yield f"{where} accepts {more}, and {model.name} takes {taken}", nic.accepts.span, "accepts"
    if set(nic.protocols) - set(model.protocols):
        more = ", ".join(sorted(set(nic.protocols) - set(model.protocols)))
        yield f"{where} carries {more}, which {model.name} does not", nic.span, "protocols"
