"""Whether both boxes of a link run the same forward error correction, where both say which."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._context import Context
from optidsl._record import record
from optidsl.catalog.parts import Fact, Nic, ServerModel, SwitchModel
from optidsl.diag import Label, Sink, Span
from optidsl.fabric.tables import FabricTables, Segment
from optidsl.sema.design import Design, Fabric


@record(frozen=True, slots=True)
class _Host:
    """A box at an end of links: its name in messages, what its ports run, where the author names it."""

    name: str
    fec: Fact[str]
    span: Span


def report_fec(design: Design, tables: FabricTables, context: Context) -> None:
    """Report links whose two boxes state a different forward error correction.

    Source: IEEE 802.3, clauses 91 and 119: the code is part of the PCS that both ends of a link run.

    Assumes: what lies between passes the code on; a coherent module has one of its own, so that links with `via` are
    not compared.
    """
    if len({fec.value for model in _models(tables) for fec in _codes(model)}) < 2:
        return
    fabrics = {fabric.name: fabric for fabric in design.fabrics}
    for segment in tables.segments:
        if segment.connect.via:
            continue
        fabric = fabrics[segment.fabric]
        for a in _hosts(design, fabric, tables, segment.a):
            for z in _hosts(design, fabric, tables, segment.z):
                if a.fec.value != z.fec.value and (segment.a != segment.z or a.name < z.name):
                    _report(segment, a, z, context.sink)


def _models(tables: FabricTables) -> Iterator[SwitchModel | ServerModel]:
    yield from (group.model for group in tables.groups)


def _codes(model: SwitchModel | ServerModel) -> Iterator[Fact[str]]:
    parts = (model,) if isinstance(model, SwitchModel) else model.nics
    yield from (part.fec for part in parts if part.fec is not None and part.fec.confidence != "unverified")


def _hosts(design: Design, fabric: Fabric, tables: FabricTables, end: str) -> Iterator[_Host]:
    """Yield the boxes at one end of a segment that state their code, each once."""
    seen: set[str] = set()
    for name, part, span in _boxes(design, fabric, tables, end):
        if part.fec is not None and part.fec.confidence != "unverified" and name not in seen:
            yield _Host(name, part.fec, span)
        seen.add(name)


def _boxes(
    design: Design, fabric: Fabric, tables: FabricTables, end: str
) -> Iterator[tuple[str, SwitchModel | Nic, Span]]:
    if end == "endpoints":
        for endpoint in fabric.endpoints:
            model = design.nodes[endpoint.node].model
            nic = model.nic(endpoint.nic)
            if nic is not None:
                yield f"{model.name}.{endpoint.nic}", nic, endpoint.span
        return
    for group in tables.groups:
        if group.fabric == fabric.name and group.tier_name == end and isinstance(group.model, SwitchModel):
            tier = group.tier
            yield group.model.name, group.model, fabric.origin.span if tier is None else tier.origin.span


def _report(segment: Segment, a: _Host, z: _Host, sink: Sink) -> None:
    sink.error(
        "fec-mismatch",
        f"`{a.name}` runs {a.fec.value} and `{z.name}` {z.fec.value} on `{segment.fabric}: {segment.a} -- {segment.z}`",
        z.span,
        f"`{z.name}` runs {z.fec.value}",
        secondary=(Label(a.fec.span, f"{a.fec.value} stated here"), Label(z.fec.span, f"{z.fec.value} stated here")),
        helps=("state the correction that both ends are set to on these links",),
    )
