"""What boxes offer to protocols: read from their blocks, and asked for one feature."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Fact, Nic, Offer, SwitchModel
from optidsl.catalog.reader import Reader
from optidsl.diag import Span

Answer = tuple[bool | None, Fact[tuple[str, ...]] | None]
"""Whether a feature is there (None: not known), and the statement that says so."""


def offer_of(reader: Reader) -> Offer:
    """Return what a switch model or a NIC states of itself."""
    return Offer(
        reader.texts_fact("features"),
        reader.texts_fact("lacks"),
        reader.flag_fact("linear_host"),
        reader.scaled_fact("latency", "ps"),
    )


def offers(part: SwitchModel | Nic, feature: str) -> Answer:
    """Tell whether a box offers a feature. An unverified statement decides nothing."""
    for holds, fact in ((False, part.offer.lacks), (True, part.offer.features)):
        if fact is not None and feature in fact.value and fact.confidence != "unverified":
            return holds, fact
    return None, None


def offer_complaints(name: str, offer: Offer) -> Iterator[tuple[str, Span, str]]:
    """Yield the features that a box both offers and lacks: a message, its place, the label there."""
    if offer.features is None or offer.lacks is None:
        return
    for feature in offer.features.value:
        if feature in offer.lacks.value:
            yield f"{name}both offers and lacks {feature}", offer.lacks.span, "`features` names it too"
