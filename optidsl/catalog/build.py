"""Entities of catalogue kinds to a catalogue of typed records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, cast

from optidsl.catalog.build_cable import direct_cable, fiber_cable
from optidsl.catalog.build_optic import attenuator, connector, fiber_grade, transceiver
from optidsl.catalog.build_rule import approval, approvals_that_agree, bundle, rule
from optidsl.catalog.build_server import server_model
from optidsl.catalog.build_switch import switch_model
from optidsl.catalog.check import check_part
from optidsl.catalog.coherent import AmplifierModel, MuxModel
from optidsl.catalog.governance import Approval
from optidsl.catalog.parts import (
    Attenuator,
    Bundle,
    Catalog,
    Confidence,
    Connector,
    DirectCable,
    FiberCable,
    FiberGrade,
    Part,
    Rule,
    ServerModel,
    Source,
    SwitchModel,
    Transceiver,
)
from optidsl.catalog.reader import Reader
from optidsl.diag import Label, Sink
from optidsl.schema.catalogue import KINDS
from optidsl.schema.entity import Entity
from optidsl.schema.reference import KINDS as REFERENCE_KINDS
from optidsl.source.files import STANDARD

if TYPE_CHECKING:
    from optidsl.catalog.entries import Entry


def _amplifier(reader: Reader) -> Part:
    from optidsl.catalog.build_coherent import amplifier_model

    return amplifier_model(reader)


def _mux(reader: Reader) -> Part:
    from optidsl.catalog.build_coherent import mux_model

    return mux_model(reader)


_BUILDERS: dict[str, Callable[[Reader], Part]] = {
    "transceiver": transceiver,
    "fiber_cable": fiber_cable,
    "direct_cable": direct_cable,
    "fiber_grade": fiber_grade,
    "connector": connector,
    "attenuator": attenuator,
    "amplifier_model": _amplifier,
    "mux_model": _mux,
    "switch_model": switch_model,
    "server_model": server_model,
}

ENTRY_KINDS: frozenset[str] = frozenset(kind.name for kind in REFERENCE_KINDS)
"""Kinds of block that describe no part to choose."""

_GOVERNING: frozenset[str] = frozenset({"rule", "bundle", "approval"})
"""Kinds of block that speak of parts and are none."""

_REQUIRED: dict[str, tuple[str, ...]] = {
    kind.name: tuple(attribute.name for attribute in kind.attributes if attribute.is_required)
    for kind in (*KINDS, *REFERENCE_KINDS)
}


def build_catalog(entities: list[Entity], sink: Sink) -> Catalog:
    """Lower entities of catalogue kinds to a catalogue; a part with an error is reported and left out.

    Args:
        entities: evaluated blocks in declaration order; other kinds are passed over.
        sink: where errors go.

    Returns:
        The catalogue, each table in declaration order.
    """
    broken = _files_with_errors(sink)
    sources = _sources(entities, sink)
    parts: dict[str, Part] = {}
    rules: list[Rule] = []
    bundles: list[Bundle] = []
    approvals: list[Approval] = []
    first: dict[str, Entity] = {}
    entries: dict[str, Entry] = {}
    for entity in entities:
        if entity.kind not in _GOVERNING and entity.kind not in _BUILDERS and entity.kind not in ENTRY_KINDS:
            continue
        is_approval = entity.kind == "approval"
        if not is_approval and _is_repeated(entity, first, sink):
            continue
        if not _is_complete(entity, sources, broken, sink):
            continue
        reader = Reader(entity, sources)
        if entity.kind in _GOVERNING:
            if is_approval:
                approvals.append(approval(reader))
            elif entity.kind == "bundle":
                bundles += [made] if (made := bundle(reader, sink)) is not None else []
            else:
                rules += [built] if (built := rule(reader, sink)) is not None else []
            continue
        if entity.kind in ENTRY_KINDS:
            _add_entry(reader, entries, sink)
            continue
        part = _BUILDERS[entity.kind](reader)
        if check_part(part, sink):
            parts[part.name] = part
    if entries:
        _compare(parts, entries, sink)
    agreed = approvals_that_agree(approvals, set(parts), sink) if approvals else ()
    return _tables(sources, parts, tuple(rules), entries, tuple(bundles), agreed)


def _add_entry(reader: Reader, entries: dict[str, Entry], sink: Sink) -> None:
    """Build what is no part to choose; few designs have any, so its builders are loaded when the first is met."""
    from optidsl.catalog.build_entries import entry_of
    from optidsl.catalog.check_entries import check_entry

    entry = entry_of(reader)
    if check_entry(entry, sink):
        entries[entry.name] = entry


def _compare(parts: dict[str, Part], entries: dict[str, Entry], sink: Sink) -> None:
    from optidsl.catalog.check_entries import check_named

    check_named(parts.values(), entries, sink)


def _sources(entities: Iterable[Entity], sink: Sink) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    first: dict[str, Entity] = {}
    for entity in entities:
        if entity.kind != "source" or _is_repeated(entity, first, sink):
            continue
        confidence = cast("Confidence", entity.text("confidence", "unverified"))
        sources[entity.name] = Source(entity.name, entity.text("title"), entity.text("at"), confidence)
    return sources


def _is_repeated(entity: Entity, first: dict[str, Entity], sink: Sink) -> bool:
    """Report a name declared twice, at the design's own file rather than at a standard module."""
    before = first.setdefault(entity.name, entity)
    if before is entity:
        return False
    earlier, later = sorted((before, entity), key=lambda one: (one.label_span.file < STANDARD, one.label_span))
    sink.error(
        "duplicate-part",
        f"{later.kind} {later.name} has the name of another {earlier.kind}",
        later.label_span,
        "declared again here",
        secondary=(Label(earlier.label_span, "first declared here"),),
        helps=("give one of the two another name: a part's name is unique in a design and everything it uses",),
    )
    return True


def _files_with_errors(sink: Sink) -> frozenset[int]:
    labels = [diagnostic.primary for diagnostic in sink.sorted() if diagnostic.severity == "error"]
    return frozenset(label.span.file for label in labels if label is not None)


def _is_complete(entity: Entity, sources: dict[str, Source], broken: frozenset[int], sink: Sink) -> bool:
    """Report required attributes that are missing and citations of sources that do not exist, children included.

    In a file that has errors already, an attribute may be missing because its value was refused: then the part is
    left out without another word.
    """
    is_complete = True
    for block in _walk(entity):
        missing = [name for name in _REQUIRED.get(block.kind, ()) if _is_absent(block, name)]
        if missing:
            is_complete = False
            if block.label_span.file in broken:
                continue
            where = f"{block.kind} {block.name}".rstrip()
            inside = "" if block is entity else f" of {entity.name}"
            sink.error(
                "part-incomplete",
                f"{where}{inside} does not say {_listed(missing)}",
                block.label_span,
                f"{_listed(missing)} missing",
                helps=("state it inside a `cite` with the document it was read in",),
            )
        is_complete = _are_cited(block, sources, sink) and is_complete
    return is_complete


def _is_absent(block: Entity, name: str) -> bool:
    attr = block.get(name)
    return attr is None or (attr.value is None and attr.lower is None)


def _are_cited(block: Entity, sources: dict[str, Source], sink: Sink) -> bool:
    unknown = {attr.cite: attr for attr in block.attrs.values() if attr.cite is not None and attr.cite not in sources}
    for name, attr in unknown.items():
        sink.error(
            "unknown-source",
            f"{block.kind} {block.name} cites {name}, and there is no source of that name",
            attr.span,
            f"cited from {name}",
            helps=(f'declare it: `source {name} {{ title = "…", confidence = vendor-doc }}`',),
        )
    return not unknown


def _walk(entity: Entity) -> Iterator[Entity]:
    yield entity
    for child in entity.children:
        yield from _walk(child)


def _listed(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _tables(
    sources: dict[str, Source],
    parts: dict[str, Part],
    rules: tuple[Rule, ...],
    entries: dict[str, Entry],
    bundles: tuple[Bundle, ...],
    approvals: tuple[Approval, ...],
) -> Catalog:
    return Catalog(
        sources,
        {name: part for name, part in parts.items() if isinstance(part, Transceiver)},
        {name: part for name, part in parts.items() if isinstance(part, FiberCable)},
        {name: part for name, part in parts.items() if isinstance(part, DirectCable)},
        {name: part for name, part in parts.items() if isinstance(part, FiberGrade)},
        {name: part for name, part in parts.items() if isinstance(part, Connector)},
        {name: part for name, part in parts.items() if isinstance(part, SwitchModel)},
        {name: part for name, part in parts.items() if isinstance(part, ServerModel)},
        rules,
        {name: part for name, part in parts.items() if isinstance(part, Attenuator)},
        entries,
        bundles,
        approvals,
        {name: part for name, part in parts.items() if isinstance(part, AmplifierModel)},
        {name: part for name, part in parts.items() if isinstance(part, MuxModel)},
    )
