"""Check a catalogue's numbers against one another and against their sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optidsl._record import record
from optidsl.catalog.entries import Entry
from optidsl.catalog.facts import PrintedFact, all_parts, everything, facts_of
from optidsl.catalog.lint_signal import signal_faults
from optidsl.catalog.parts import Bundle, Catalog, FiberCable, Part, Rule, Transceiver
from optidsl.catalog.rules import KIND_NAMES

CONFIDENCES: tuple[str, ...] = ("standard", "vendor-doc", "secondary", "unverified", "design")
"""Every confidence, firmest first; `design` last, as it needs no document."""

_FIRMNESS: dict[str, int] = {name: i for i, name in enumerate(CONFIDENCES[:4])}

_ZERO = re.compile(r"^-?0(\.0*)?[A-Za-z/]*$")


@record(frozen=True, slots=True)
class Finding:
    """What is wrong with a part; `check` names the law that it breaks."""

    part: str
    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.part}: {self.text} [{self.check}]"


def lint(catalog: Catalog) -> list[Finding]:
    """Return what a careful reader would object to in a catalogue whose numbers are all meant to be sourced.

    A well-formed transceiver obeys `rx_min = tx_min - loss` (average power, per lane), and its OMA numbers close
    over its own channel (`lint_signal`). Every number has a source that exists; none rests on a cite that is firmer
    than the source itself; none is zero where it ought to be absent; rules name parts that exist; a number to order
    names one part.

    Args:
        catalog: what to read.

    Returns:
        The findings, in the order of the parts and of their facts.

    Source: IEEE 802.3, illustrative link power budgets: channel insertion loss is the transmitter's least average
        launch power less the receiver's least average receive power.
    Assumes: average powers of one lane in dBm, and a loss over the fibre grade that the powers are meant for.
    """
    findings: list[Finding] = [*_shared_numbers(catalog)]
    for part in (*everything(catalog), *catalog.rules, *catalog.bundles):
        for fact in facts_of(part):
            findings.extend(_sourced(catalog, part, fact))
        if isinstance(part, Transceiver):
            findings.extend(_budget(part))
            findings.extend(Finding(part.name, "oma", text) for text in signal_faults(part))
            findings.extend(_far_ends(catalog, part))
        if isinstance(part, Rule):
            findings.extend(_selectors(catalog, part))
    return findings


def count_by_confidence(catalog: Catalog) -> dict[str, int]:
    """Return how many facts have each confidence, firmest first; confidences without facts are left out."""
    found = [
        fact.confidence for part in (*everything(catalog), *catalog.rules, *catalog.bundles) for fact in facts_of(part)
    ]
    return {name: found.count(name) for name in CONFIDENCES if name in found}


def _sourced(catalog: Catalog, part: Part | Rule | Bundle | Entry, fact: PrintedFact) -> Iterator[Finding]:
    if not fact.source:
        yield Finding(part.name, "unsourced", f"{fact.name} = {fact.text} has no source")
        return
    source = catalog.sources.get(fact.source)
    if source is None:
        yield Finding(part.name, "unknown-source", f"{fact.name} cites {fact.source}, which does not exist")
        return
    if _FIRMNESS.get(fact.confidence, -1) < _FIRMNESS[source.confidence]:
        text = f"{fact.name} claims to be {fact.confidence}, and its source {source.name} is {source.confidence}"
        yield Finding(part.name, "firmer-than-source", text)
    is_level = fact.text.endswith("dBm") or " penalty " in fact.name
    if _ZERO.match(fact.text) and not is_level:
        yield Finding(part.name, "zero", f"{fact.name} = {fact.text}: leave an unknown number out")


def _budget(part: Transceiver) -> Iterator[Finding]:
    tx, rx = part.tx_min_mdbm, part.rx_min_mdbm
    for limit in part.limits:
        loss = limit.loss_max_mdb
        if tx is None or rx is None or loss is None or rx.value == tx.value - loss.value:
            continue
        found, wanted = rx.value / 1000, (tx.value - loss.value) / 1000
        text = f"rx_min = {found:g} dBm, and tx_min - loss over {limit.grade} is {wanted:g} dBm"
        yield Finding(part.name, "budget", text)


def _selectors(catalog: Catalog, rule: Rule) -> Iterator[Finding]:
    names = {part.name for part in all_parts(catalog)} | set(KIND_NAMES.values())
    for word in f"{rule.a} {rule.b} {rule.far}".split():
        if "=" not in word and word not in names:
            yield Finding(rule.name, "selector", f"there is no part or kind {word}")


def _shared_numbers(catalog: Catalog) -> Iterator[Finding]:
    """Yield parts that a number to order does not tell apart; lengths of one assembly may share the stem of theirs."""
    first: dict[str, str] = {}
    for part in everything(catalog):
        if isinstance(part, FiberCable) and part.part_number_form is not None:
            continue
        numbers: tuple[str, ...] = getattr(part, "part_numbers", ())
        for number in numbers:
            before = first.setdefault(number, part.name)
            if before != part.name:
                yield Finding(part.name, "shared-number", f"{number} is also what to order for {before}")
        if len(set(numbers)) < len(numbers):
            yield Finding(part.name, "shared-number", "a part number is there twice")


def _far_ends(catalog: Catalog, part: Transceiver) -> Iterator[Finding]:
    for other, _ in part.faces:
        if other not in catalog.transceivers:
            yield Finding(part.name, "faces", f"there is no transceiver {other}")
