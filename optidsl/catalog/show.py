"""Describe a part: every number with its unit, its source and how far it may be trusted."""

from __future__ import annotations

import json

from optidsl.catalog.facts import PrintedFact, all_parts, facts_of, part_named
from optidsl.catalog.parts import (
    Catalog,
    Connector,
    DirectCable,
    FiberCable,
    FiberGrade,
    Part,
    Rule,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.catalog.rules import KIND_NAMES, selects
from optidsl.units import edit_distance


def describe(catalog: Catalog, name: str) -> str | None:
    """Return a part's description as lines of text, or None when there is no part of that name."""
    part = part_named(catalog, name)
    if part is None:
        return None
    lines = [f"{part.name}  ({KIND_NAMES[type(part)].replace('_', ' ')})"]
    lines += [f"  {label}: {text}" for label, text in _identity(part)]
    lines.append("")
    lines += _table(facts_of(part), catalog)
    about = [rule for rule in catalog.rules if selects(rule.a, part) or selects(rule.b, part)]
    if about:
        lines += ["", "rules"]
        lines += [f"  {rule.verdict}: {_pair(rule)}: {rule.reason.value} ({rule.reason.source})" for rule in about]
    sources = sorted({fact.source for fact in facts_of(part) if fact.source})
    if sources:
        lines += ["", "sources"]
        lines += [_source_line(catalog, source) for source in sources]
    return "\n".join(lines) + "\n"


def describe_json(catalog: Catalog, name: str) -> str | None:
    """Return a part's description as a JSON object, or None when there is no part of that name."""
    part = part_named(catalog, name)
    if part is None:
        return None
    facts = [
        {"name": fact.name, "value": fact.text, "source": fact.source, "confidence": fact.confidence}
        for fact in facts_of(part)
    ]
    document = {"name": part.name, "kind": KIND_NAMES[type(part)], **dict(_identity(part)), "facts": facts}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def suggest(catalog: Catalog, name: str) -> str | None:
    """Return the name of the part nearest to a name that does not exist, or None when none is near."""
    near = min((part.name for part in all_parts(catalog)), key=lambda other: edit_distance(name, other), default=None)
    return near if near is not None and edit_distance(name, near) <= max(2, len(name) // 3) else None


def _identity(part: Part) -> list[tuple[str, str]]:
    """Return what a part is without a document: maker, part numbers, structure."""
    pairs: list[tuple[str, str]] = []
    if not isinstance(part, FiberGrade | Connector):
        pairs += [("vendor", part.vendor), ("part numbers", ", ".join(part.part_numbers))]
    if isinstance(part, Transceiver | DirectCable | SwitchModel):
        pairs.append(("protocols", ", ".join(part.protocols)))
    if isinstance(part, Transceiver | DirectCable):
        pairs.append(("bores", str(part.bores)))
    if isinstance(part, FiberCable | DirectCable):
        pairs.append(("far ends", str(part.ends)))
    if isinstance(part, SwitchModel):
        pairs += [("port name", part.port_name), ("port alias", part.port_alias)]
        pairs += [("SONiC platform", part.sonic_platform or ""), ("SONiC hwsku", part.sonic_hwsku or "")]
    if isinstance(part, ServerModel):
        pairs += [(f"{nic.name} ports", _ports(part, nic.name)) for nic in part.nics]
    return [(label, text) for label, text in pairs if text]


def _ports(part: ServerModel, role: str) -> str:
    nic = part.nic(role)
    ports = () if nic is None else nic.ports
    return ", ".join(port.name if port.gpu is None else f"{port.name} (GPU {port.gpu})" for port in ports)


def _table(facts: tuple[PrintedFact, ...], catalog: Catalog) -> list[str]:
    rows = [(fact.name, fact.text, fact.confidence, fact.source or "the design itself") for fact in facts]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    return [
        f"  {name:<{widths[0]}}  {text:<{widths[1]}}  {confidence:<{widths[2]}}  {source}".rstrip()
        for name, text, confidence, source in rows
    ]


def _pair(rule: Rule) -> str:
    return f"{rule.a} {rule.kind} {rule.b}"


def _source_line(catalog: Catalog, name: str) -> str:
    source = catalog.sources.get(name)
    if source is None:
        return f"  {name}: not declared"
    return f"  {name} ({source.confidence}): {source.title}" + (f"\n    {source.at}" if source.at else "")
