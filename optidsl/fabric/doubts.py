"""Warn where the shape of a fabric rests on numbers that are not firm."""

from __future__ import annotations

from collections.abc import Iterable

from optidsl.catalog.parts import Catalog, Confidence, Nic, SwitchModel
from optidsl.diag import Sink, Span
from optidsl.fabric.refusal import words

_Ground = tuple[str, str, Confidence, Span]  # what, source, confidence, where it is stated


def report_doubts(catalog: Catalog, parts: Iterable[tuple[str, SwitchModel | Nic]], sink: Sink) -> None:
    """Put one warning into the sink for each part whose ports rest on secondary or unverified numbers.

    `parts` are switch models and the NIC roles of servers, each with the name that a message gives it.
    """
    for name, part in dict(parts).items():
        weak = [ground for ground in _grounds(part) if ground[2] in ("secondary", "unverified")]
        if not weak:
            continue
        titles = dict.fromkeys(_title(catalog, source) for _, source, _, _ in weak)
        is_secondary = all(confidence == "secondary" for _, _, confidence, _ in weak)
        verdict = "secondary" if is_secondary else "unverified"
        sink.warning(
            "ports-in-doubt",
            f"the ports of `{name}` rest on {verdict} numbers: {words((what for what, _, _, _ in weak), 'and')} "
            f"({words(titles, 'and')})",
            weak[0][3],
            "stated here",
            helps=(f"check `{name}` against its vendor's document, and cite that",),
        )


def _grounds(part: SwitchModel | Nic) -> list[_Ground]:
    if isinstance(part, SwitchModel):
        cages, modes = part.cages, part.breakout
        return [
            ("cages", cages.source, cages.confidence, cages.span),
            ("breakout", modes.source, modes.confidence, modes.span),
        ]
    ports = part.ports_source
    return [("port map", ports.source, ports.confidence, ports.span)]


def _title(catalog: Catalog, name: str) -> str:
    source = catalog.sources.get(name)
    return (name or "no source") if source is None else source.title
