"""Describe a part: every number with its unit, its source and how far it may be trusted."""

from __future__ import annotations

import json

from optidsl.catalog.entries import Entry, NicModel, Pmd, Reference
from optidsl.catalog.facts import PrintedFact, everything, facts_of, kind_of, part_named
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
from optidsl.catalog.rules import Use, selects
from optidsl.units import edit_distance


def describe(catalog: Catalog, name: str) -> str | None:
    """Return a part's description as lines of text, or None when there is no part of that name."""
    part = part_named(catalog, name)
    if part is None:
        return None
    lines = [f"{part.name}  ({kind_of(part).replace('_', ' ')})"]
    lines += [f"  {label}: {text}" for label, text in _identity(part)]
    lines.append("")
    lines += _table(facts_of(part), catalog)
    about = _rules_about(catalog, part)
    if about:
        lines += ["", "rules"]
        lines += [
            f"  {rule.verdict}: {_pair(rule)}{_conditions(rule)}: {rule.reason.value} ({rule.reason.source})"
            for rule in about
        ]
    bundles = _bundles(catalog, part)
    lines += ["", "tested together", *bundles] if bundles else []
    words = [f"  {each.verdict}: {each.because}" for each in catalog.approvals if each.part == part.name]
    lines += ["", "approvals", *words] if words else []
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
    document = {"name": part.name, "kind": kind_of(part), **dict(_identity(part)), "facts": facts}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def suggest(catalog: Catalog, name: str) -> str | None:
    """Return the name of the part nearest to a name that does not exist, or None when none is near."""
    near = min((part.name for part in everything(catalog)), key=lambda other: edit_distance(name, other), default=None)
    return near if near is not None and edit_distance(name, near) <= max(2, len(name) // 3) else None


def _rules_about(catalog: Catalog, part: Part | Entry) -> list[Rule]:
    if isinstance(part, Pmd | NicModel | Reference):
        return []
    uses = _uses(part)
    return [
        rule
        for rule in catalog.rules
        if selects(rule.a, part) or selects(rule.b, part) or any(selects(rule.b, part, use) for use in uses)
    ]


def _uses(part: Part) -> list[Use]:
    """Return every way in which a box may be used, as rules see it."""
    if isinstance(part, SwitchModel):
        rates = {mode.rate_mbps: None for mode in part.breakout.value}
        return [Use(None, protocol, rate) for protocol in part.protocols for rate in rates]
    nics = part.nics if isinstance(part, ServerModel) else ()
    return [Use(nic, protocol, nic.rate_mbps.value) for nic in nics for protocol in nic.protocols]


def _bundles(catalog: Catalog, part: Part | Entry) -> list[str]:
    """Return the bundles that a box's firmware is a member of, one line for each."""
    families = {part.firmware} if isinstance(part, SwitchModel) else set()
    families |= {nic.firmware for nic in part.nics} if isinstance(part, ServerModel) else set()
    return [
        f"  {bundle.name}: {', '.join(f'{family} {fact.value}' for family, fact in bundle.members)}"
        f" ({bundle.members[0][1].source or 'the design itself'})"
        for bundle in catalog.bundles
        if any(family in families for family, _ in bundle.members)
    ]


def _conditions(rule: Rule) -> str:
    """Return when a rule applies, in brackets; "" for always."""
    words = [f"facing {rule.far}"] if rule.far else []
    words += [f"over more than {rule.longer_than_mm / 1000:g}m"] if rule.longer_than_mm is not None else []
    own = rule.firmware
    if own is not None and own.least:
        words.append(f"{own.family} firmware >= {own.least}")
    elif own is not None:
        until = "" if own.first == own.last else f"..{own.last}"
        words.append(f"{own.family} firmware {own.first}{until}" + (f", fixed in {own.fixed}" if own.fixed else ""))
    return f" [{', '.join(words)}]" if words else ""


def _identity(part: Part | Entry) -> list[tuple[str, str]]:
    """Return what a part is without a document: maker, part numbers, structure."""
    pairs: list[tuple[str, str]] = []
    if not isinstance(part, FiberGrade | Connector | Pmd | Reference):
        pairs += [("vendor", part.vendor), ("part numbers", ", ".join(part.part_numbers))]
    if isinstance(part, Transceiver | DirectCable | SwitchModel | NicModel):
        pairs.append(("protocols", ", ".join(part.protocols)))
    if isinstance(part, Transceiver | DirectCable):
        pairs.append(("bores", str(part.bores)))
    if isinstance(part, FiberCable | DirectCable):
        pairs.append(("far ends", str(part.ends)))
    if isinstance(part, Pmd):
        pairs.append(("speaks", part.speaks))
    if isinstance(part, SwitchModel):
        pairs += [("port name", part.port_name), ("port alias", part.port_alias)]
        pairs += [("SONiC platform", part.sonic_platform or ""), ("SONiC hwsku", part.sonic_hwsku or "")]
    if isinstance(part, SwitchModel):
        pairs.append(("firmware", part.firmware))
    if isinstance(part, ServerModel):
        pairs += [(f"{nic.name} firmware", nic.firmware) for nic in part.nics]
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
