"""Whether the boxes of a fabric offer what its protocol, or its author, needs of them: yes, no, or not known."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._context import Context
from optidsl._protocols import carries
from optidsl._record import record
from optidsl.catalog.offer import Answer, offers
from optidsl.catalog.parts import Nic, SwitchModel
from optidsl.diag import Label, Sink, Span
from optidsl.fabric.refusal import words
from optidsl.fabric.tables import FabricTables
from optidsl.schema.protocols import NEEDS, RDMA_SIZES, ProtocolNeeds
from optidsl.sema.design import Design, Fabric


@record(frozen=True, slots=True)
class _Box:
    """A box of a fabric: its name in messages, the record, where the author names it, and the features it must have."""

    name: str
    part: SwitchModel | Nic
    span: Span
    wanted: tuple[tuple[str, str], ...]  # feature, why


def suits(fabric: Fabric, model: SwitchModel) -> bool:
    """Tell whether a switch that nobody named may be tried: it speaks the protocol and lacks nothing that is needed."""
    wanted = (*(need.feature for need in NEEDS[fabric.protocol].demands if need.where == "switch"), *fabric.features)
    return carries(model.protocols, fabric.protocol) and all(offers(model, each)[0] is not False for each in wanted)


def report_needs(design: Design, tables: FabricTables, context: Context) -> None:
    """Report features that are missing or not known, and an MTU that leaves no room for full RDMA messages."""
    stops = design.policy.unknown.get("features", "warn") == "stop"
    for fabric in design.fabrics:
        needs = NEEDS[fabric.protocol]
        for box in _boxes(design, fabric, needs, tables):
            _report_box(design, fabric, box, context.sink, stops=stops)
        if needs.single_box:
            _report_single(design, fabric, needs, tables, context.sink)
        if needs.overhead_bytes:
            _report_mtu(design, fabric, needs, context.sink)


def feature_answers(design: Design, tables: FabricTables) -> Iterator[tuple[Fabric, str, str, Answer]]:
    """Yield every feature that a box of a fabric must have: the fabric, the box, the feature, what is known of it."""
    for fabric in design.fabrics:
        for box in _boxes(design, fabric, NEEDS[fabric.protocol], tables):
            for feature, _ in box.wanted:
                yield fabric, box.name, feature, offers(box.part, feature)


def _boxes(design: Design, fabric: Fabric, needs: ProtocolNeeds, tables: FabricTables) -> Iterator[_Box]:
    asked = tuple((feature, f"fabric `{fabric.name}` asks for it") for feature in fabric.features)
    by_protocol = {
        where: tuple((need.feature, f"{needs.title}: {need.why}") for need in needs.demands if need.where == where)
        for where in ("switch", "nic")
    }
    for name, part, span in _switches(fabric, tables):
        yield _Box(name, part, span, tuple(dict((*asked, *by_protocol["switch"])).items()))
    for name, nic, span in _nics(design, fabric):
        yield _Box(name, nic, span, by_protocol["nic"])


def _switches(fabric: Fabric, tables: FabricTables) -> Iterator[tuple[str, SwitchModel, Span]]:
    """Yield the switch models of a fabric, each once, with the tier's own statement of it."""
    seen: set[str] = set()
    for group in tables.groups:
        model, tier = group.model, group.tier
        if group.fabric == fabric.name and tier is not None and isinstance(model, SwitchModel):
            if model.name not in seen:
                yield model.name, model, tier.model.span or tier.origin.span
            seen.add(model.name)


def _nics(design: Design, fabric: Fabric) -> Iterator[tuple[str, Nic, Span]]:
    seen: set[str] = set()
    for endpoint in fabric.endpoints:
        model = design.nodes[endpoint.node].model
        nic, name = model.nic(endpoint.nic), f"{model.name}.{endpoint.nic}"
        if nic is not None and name not in seen:
            yield name, nic, endpoint.span
        seen.add(name)


def _report_box(design: Design, fabric: Fabric, box: _Box, sink: Sink, *, stops: bool) -> None:
    """Report what a box lacks as an error, and what is not known of it in one line."""
    unsaid: list[str] = []
    for feature, why in box.wanted:
        holds, fact = offers(box.part, feature)
        if holds is None:
            unsaid.append(feature)
        elif not holds and fact is not None:
            sink.error(
                "feature-missing",
                f"`{box.name}` lacks {feature}, which `{fabric.name}` needs",
                box.span,
                f"does not offer {feature}",
                secondary=(Label(fact.span, "stated here"),),
                notes=(f"{why[0].upper()}{why[1:]}",),
                helps=(f"name a box that offers {feature}, or change what the fabric asks for",),
            )
        elif fact is not None and fact.confidence == "secondary":
            _report_secondary(design, fabric, box, feature, (holds, fact), sink)
    if unsaid:
        listed = words(unsaid, "and")
        put = sink.error if stops else sink.warning
        put(
            "cannot-conclude",
            f"cannot conclude whether `{box.name}` offers {listed}, which `{fabric.name}` needs: neither `features` "
            "nor `lacks` says so",
            box.span,
            f"{listed}: not stated",
            notes=tuple(f"{feature}: {why}" for feature, why in box.wanted if feature in unsaid),
            helps=(f"state it with its document: `cite SOURCE {{ features = [{', '.join(unsaid)}] }}`",),
        )


def _report_secondary(design: Design, fabric: Fabric, box: _Box, feature: str, answer: Answer, sink: Sink) -> None:
    fact = answer[1]
    if fact is None:
        return
    source = design.catalog.sources.get(fact.source)
    sink.warning(
        "secondary-number",
        f"{feature} of `{box.name}`, which `{fabric.name}` needs, rests on a secondary source ({fact.source})",
        box.span,
        notes=() if source is None else (f"source: {source.title}",),
    )


def _report_single(design: Design, fabric: Fabric, needs: ProtocolNeeds, tables: FabricTables, sink: Sink) -> None:
    """Report a feature that one box of the fabric must have, where every box states that it lacks it."""
    parts = [part for _, part, _ in _switches(fabric, tables)] + [nic for _, nic, _ in _nics(design, fabric)]
    if parts and all(offers(part, needs.single_box)[0] is False for part in parts):
        sink.error(
            "feature-missing",
            f"no box of `{fabric.name}` has a {needs.single_box}, and {needs.title} needs one",
            fabric.origin.span,
            "every box states that it lacks one",
            notes=(f"source: {needs.source}",),
            helps=("take one managed switch, or connect a server that runs the subnet manager as an endpoint",),
        )


def _report_mtu(design: Design, fabric: Fabric, needs: ProtocolNeeds, sink: Sink) -> None:
    """Warn where frames are too small for the largest RDMA message.

    Source: Linux include/rdma/ib_addr.h, iboe_get_mtu: the largest RDMA MTU not above the frame's less 96 bytes.
    """
    mtu, largest = design.addressing.mtu, RDMA_SIZES[0]
    room = mtu - needs.overhead_bytes
    if room >= largest:
        return
    fitting = next((size for size in RDMA_SIZES if size <= room), 0)
    origin = design.addressing.origin
    sink.warning(
        "mtu-too-small",
        f"an MTU of {mtu} bytes leaves `{fabric.name}` RDMA messages of {fitting} bytes: {largest} need an MTU of "
        f"{largest + needs.overhead_bytes}",
        fabric.origin.span if origin is None else origin.span,
        f"{largest - room} {'byte' if largest - room == 1 else 'bytes'} too small",
        notes=(f"source: {needs.source}",),
        helps=(f"set `addressing {{ mtu = {largest + needs.overhead_bytes} }}` or more",),
    )
