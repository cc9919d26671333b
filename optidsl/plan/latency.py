"""The worst one-way latency of a fabric, term by term, from the records of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from optidsl._record import record
from optidsl.physics.latency import (
    INTERLEAVE,
    Constant,
    kp4_block_ps,
    propagation_of,
    propagation_ps,
    stated_propagation,
)
from optidsl.plan.model import PlanClass, PlanFabric, PlanGroup, PlanLinks, PlanPart, PlanSegment
from optidsl.sema.design import Design

KP4 = ("rs-544", "rs-544-514", "kp4")
CABLE = "cable"
RELAY = "forwarding time of a server"
OPTICAL = "ocs_torus"
INSIDE = "cables inside cubes"


@record(frozen=True, slots=True)
class Network:
    """The tables of a plan that a path is made of."""

    parts: Mapping[str, PlanPart]
    groups: Sequence[PlanGroup]
    segments: Sequence[PlanSegment]
    classes: Sequence[PlanClass]
    links: PlanLinks


@record(frozen=True, slots=True)
class Term:
    """Something on the path that takes `ps` each of `times`; None with the field in `missing` where nobody says."""

    kind: str  # cable, plug, fec, box
    what: str
    times: int
    ps: int | None
    missing: str
    source: str
    confidence: str


def with_latencies(
    design: Design, fabrics: tuple[PlanFabric, ...], network: Network, values: dict[str, int | Fraction | None]
) -> tuple[PlanFabric, ...]:
    """Put the latencies that a requirement names into `values`, and into the records of their fabrics."""
    conditions = [condition for each in design.requirements for condition in each.conditions]
    named = {metric.name for condition in conditions for metric, _ in condition.expression.terms}
    found: list[PlanFabric] = []
    for fabric in fabrics:
        changes: dict[str, int | None] = {}
        for kind in ("latency", "cable_latency"):
            name = f"fabric.{fabric.name}.{kind}"
            if name in named:
                terms = path_terms(fabric, network)
                total = total_ps([term for term in terms if kind == "latency" or term.kind == CABLE])
                values[name] = total
                changes[f"{kind}_ps"] = total
        found.append(fabric.model_copy(update=changes) if changes else fabric)
    return tuple(found)


def total_ps(terms: Sequence[Term]) -> int | None:
    """Return the sum of terms in ps, None when one is not known."""
    total = 0
    for term in terms:
        if term.ps is None:
            return None
        total += term.times * term.ps
    return total


def path_terms(fabric: PlanFabric, network: Network) -> list[Term]:
    """Return the terms of the longest path between two endpoints of a fabric, one way."""
    own = [at for at, segment in enumerate(network.segments) if segment.fabric == fabric.name]
    rows = [[row for row, each in enumerate(network.classes) if each.segment == at] for at in own]
    rows = [each for each in rows if each]
    if not rows:
        return []
    terms = [_adapter(rows[0], network)]
    if is_relayed(fabric):
        terms.append(Term("box", "a server that forwards", max(fabric.hops - 1, 1), None, RELAY, "", ""))
    if fabric.kind == OPTICAL:
        terms.append(Term(CABLE, "what the light and the copper between chips take", 1, None, INSIDE, "", ""))
    if is_tree(fabric) or is_relayed(fabric):
        for each in rows:
            terms += _worst_link(each, 2, network)
        for level, tier in enumerate(fabric.tiers):
            is_once = level == len(fabric.tiers) - 1 or is_relayed(fabric)
            terms.append(_switch(fabric, tier, 1 if is_once else 2, network))
        return terms
    terms += _worst_link(rows[0], 2, network)
    between = [row for each in rows[1:] for row in each]
    if between and fabric.hops > 1:
        terms += _worst_link(between, fabric.hops - 1, network)
    slowest = max((_switch(fabric, tier, fabric.hops, network) for tier in fabric.tiers), key=_weight)
    return [*terms, slowest]


def is_tree(fabric: PlanFabric) -> bool:
    """Tell whether the longest path goes up through every tier and down again."""
    return fabric.hops == 2 * len(fabric.tiers) - 1


def is_relayed(fabric: PlanFabric) -> bool:
    """Tell whether what stands at the edge forwards: the longest path crosses every tier once, or optical circuits."""
    return fabric.kind == OPTICAL or (len(fabric.tiers) > 1 and not any(fabric.up) and not fabric.dimensions)


def _weight(term: Term) -> tuple[bool, int]:
    return term.ps is None, term.ps or 0


def _worst_link(rows: Sequence[int], times: int, network: Network) -> list[Term]:
    """Return the terms of the slowest class of links; one with a missing figure counts as the slowest."""
    choices = [link_terms(network.classes[row], row, times, network) for row in rows]
    return max(choices, key=lambda terms: (total_ps(terms) is None, total_ps(terms) or 0))


def link_terms(link_class: PlanClass, row: int, times: int, network: Network) -> list[Term]:
    """Return the terms of one link: the cable, what is plugged in at its ends, the block of error correction."""
    lengths = network.links.ordered_mm[network.links.link_class == row]
    is_known = int(lengths.min(initial=0)) >= 0
    cable = cable_term(link_class, int(lengths.max(initial=-1)) if is_known else -1, times, network)
    return [cable, *plug_terms(link_class, times, network), *correction_terms(link_class, times, network)]


def cable_term(link_class: PlanClass, length_mm: int, times: int, network: Network) -> Term:
    """Return the term of a cable of a class; -1 stands for a length that is not known."""
    constant = _propagation(link_class, network)
    is_known = length_mm >= 0
    return Term(
        CABLE,
        f"{length_mm / 1000:g} m of {link_class.direct or link_class.fiber} in {link_class.name}",
        times,
        propagation_ps(length_mm, constant) if is_known else None,
        "" if is_known else f"length of {link_class.name}",
        f"{constant.text}: {constant.source}",
        constant.confidence,
    )


def plug_terms(link_class: PlanClass, times: int, network: Network) -> list[Term]:
    """Return the terms of the modules, or of the plugs of a direct cable; passive copper has none of its own."""
    terms = [_part_term(network.parts[name], times) for name in (link_class.a_module, link_class.z_module) if name]
    if link_class.direct and (link_class.medium != "dac" or "latency_ps" in network.parts[link_class.direct].facts):
        terms.append(_part_term(network.parts[link_class.direct], times))
    return terms


def box_term(group: PlanGroup, link_class: PlanClass, network: Network) -> Term:
    """Return the term of a switch, or of the adapter behind the a end of a class."""
    part = network.parts[group.model]
    if group.kind == "switch":
        return _part_term(part, 1, "latency_ps", "box")
    return _part_term(part, 1, f"nic.{_role(link_class, network)}.latency_ps", "box")


def _propagation(link_class: PlanClass, network: Network) -> Constant:
    """Return the delay per length of a class's cable: what its grade states, else what holds of its medium."""
    grade = network.parts.get(link_class.grade)
    fact = None if grade is None else grade.facts.get("latency_ns")
    if fact is None or fact.confidence == "unverified" or not isinstance(fact.value, int):
        return propagation_of(link_class.medium)
    return stated_propagation(link_class.grade, fact.value, fact.source, fact.confidence)


def _part_term(part: PlanPart, times: int, field: str = "latency_ps", kind: str = "plug") -> Term:
    fact = part.facts.get(field)
    shown = f"{part.name}.{field.removesuffix('_ps')}"
    if fact is None or fact.confidence == "unverified" or not isinstance(fact.value, int):
        return Term(kind, part.name, times, None, shown, "", "")
    return Term(kind, part.name, times, fact.value, "", fact.source, fact.confidence)


def correction_terms(link_class: PlanClass, times: int, network: Network) -> list[Term]:
    """Return the wait for a block of error correction at the receiver, by what the modules or the boxes run."""
    a_group, z_group = network.groups[link_class.a_group], network.groups[link_class.z_group]
    names = [name for name in (link_class.a_module, link_class.z_module) if name]
    facts = [network.parts[name].facts.get("fec") for name in names]
    role = _role(link_class, network)
    facts += [network.parts[a_group.model].facts.get(f"nic.{role}.fec" if role else "fec")]
    facts += [network.parts[z_group.model].facts.get("fec")]
    fec = next((fact for fact in facts if fact is not None), None)
    rate = network.segments[link_class.segment].rate_mbps
    what = f"error correction at {rate / 1000:g} Gbit/s"
    if fec is None or fec.confidence == "unverified":
        return [Term("fec", what, times, None, f"{z_group.model}.fec", "", "")]
    if fec.value in KP4:
        return [Term("fec", what, times, kp4_block_ps(rate), "", INTERLEAVE, "secondary")]
    if fec.value == "none":
        return []
    return [Term("fec", what, times, None, f"block time of {fec.value}", "", "")]


def _role(link_class: PlanClass, network: Network) -> str:
    """Return the NIC role at the a end of a class, "" at a switch."""
    group = network.groups[link_class.a_group]
    if group.kind == "switch":
        return ""
    facts = network.parts[group.model].facts
    roles = {name.split(".")[1]: fact.value for name, fact in facts.items() if name.endswith(".port_names")}
    row = next(at for at, each in enumerate(network.classes) if each is link_class)
    first = int(np.flatnonzero(network.links.link_class == row)[0])
    port = group.ports.name[int(network.links.a_port[first])]
    return next((role for role, names in roles.items() if isinstance(names, tuple) and port in names), "")


def _adapter(rows: Sequence[int], network: Network) -> Term:
    """Return the term of the adapters at both ends: the slower of those that the fabric serves."""
    terms = []
    for row in rows:
        link_class = network.classes[row]
        part = network.parts[network.groups[link_class.a_group].model]
        terms.append(_part_term(part, 2, f"nic.{_role(link_class, network)}.latency_ps", "box"))
    return max(terms, key=_weight)


def _switch(fabric: PlanFabric, tier: str, times: int, network: Network) -> Term:
    models = {group.model for group in network.groups if group.fabric == fabric.name and group.tier == tier}
    terms = [_part_term(network.parts[model], times, "latency_ps", "box") for model in sorted(models)]
    return max(terms, key=_weight)


# ------------------------------------------------------------------ told


def latency_lines(fabric: PlanFabric, network: Network) -> list[str]:
    """Return the terms of the longest path as lines of text, and their sum."""
    boxes = "1 switch" if fabric.hops == 1 else f"{fabric.hops} switches"
    head = f"latency of {fabric.name}: the longest path, one way, {boxes}"
    return [head, *sum_lines(path_terms(fabric, network))]


def sum_lines(terms: Sequence[Term]) -> list[str]:
    """Return terms with their sources, and the sum or what is known of it."""
    lines = []
    for term in terms:
        each = "not known" if term.ps is None else f"{term.ps / 1000:.1f} ns"
        origin = f"  [{term.source}, {term.confidence}]" if term.source else ""
        missing = f"  (missing: {term.missing})" if term.missing else ""
        lines.append(f"  {term.times} x {each:>12}  {term.what}{missing}{origin}")
    cables = total_ps([term for term in terms if term.kind == CABLE])
    whole = total_ps(terms)
    known = sum(term.times * term.ps for term in terms if term.ps is not None)
    lines.append(f"  cables       {'not known' if cables is None else f'{cables / 1000:.1f} ns'}")
    lines.append(f"  in all       {f'at least {known / 1000:.1f} ns' if whole is None else f'{whole / 1000:.1f} ns'}")
    return lines
