"""Scale-up domains: those that the author declares over several servers, and those that end in one."""

from __future__ import annotations

from optidsl.catalog.scale_up import ScaleUp, inside_links
from optidsl.diag import Span
from optidsl.schema.entity import Entity
from optidsl.schema.types import EntityRef
from optidsl.sema.design import NodeGroup
from optidsl.sema.lowering import Lowering, name_of, span_of, through, whole_number
from optidsl.sema.scale_up import ScaleUpDomain

NAME = "domain-not-possible"


def lower_scale_up(lowering: Lowering, design: Entity, nodes: tuple[NodeGroup, ...]) -> tuple[ScaleUpDomain, ...]:
    """Return the domains of every declaration of servers that has some, in the order of the declarations."""
    found: dict[int, ScaleUpDomain] = {}
    by_address = {node.address.parts: index for index, node in enumerate(nodes)}
    for entity in through(design, "scale_up_domain"):
        ref = entity.value("nodes")
        index = by_address.get(ref.address, -1) if isinstance(ref, EntityRef) else -1
        if index < 0 or not isinstance(ref, EntityRef):
            continue
        if ref.keys is not None or index in found:
            what = "is in another domain already" if index in found else "is named with keys"
            helps = ("a domain takes a whole declaration: declare these nodes in a family of their own",)
            lowering.sink.error(NAME, f"`{nodes[index].name}` {what}", span_of(entity, "nodes"), helps=helps)
            continue
        domain = _declared(lowering, entity, nodes[index], index)
        if domain is not None:
            found[index] = domain
    for index, node in enumerate(nodes):
        own = node.model.scale_up
        if index not in found and own is not None and (own.kind != "switched" or own.switches is not None):
            found[index] = _of_server(node, own, index)
    return tuple(found[index] for index in sorted(found))


def _of_server(node: NodeGroup, own: ScaleUp, index: int) -> ScaleUpDomain:
    """Return the domains of servers whose links stay inside."""
    gpus = node.model.gpus.value if node.model.gpus is not None else 0
    links = None if own.links is None else own.links.value
    return ScaleUpDomain(
        f"{node.name}.{own.name}",
        index,
        1,
        _count(node),
        own.kind,
        own.dims,
        gpus,
        links,
        None if own.rate_mbps is None else own.rate_mbps.value,
        inside_links(own.kind, gpus, links or 0, own.dims),
        0 if own.switches is None else own.switches.value,
        None if own.switch_ports is None else own.switch_ports.value,
        "",
        node.origin,
    )


def _declared(lowering: Lowering, entity: Entity, node: NodeGroup, index: int) -> ScaleUpDomain | None:
    """Return the domains that a block declares, or None after an error."""
    own, gpus = node.model.scale_up, node.model.gpus
    if own is None or gpus is None or own.links is None or own.kind != "switched" or own.switches is not None:
        what = "has a scale-up network that ends in the server" if own is not None else "states no `scale_up`"
        lowering.sink.error(
            NAME,
            f"`{node.model.name}` {what}, and `{entity.name}` joins the links of its GPUs outside it",
            span_of(entity, "nodes"),
            helps=("state `scale_up NAME { links = …, rate = … }` in the server model, without `switches`",),
        )
        return None
    per_domain, switches = whole_number(entity, "per_domain"), whole_number(entity, "switches")
    count, ports = _count(node), entity.integer("switch_ports")
    if count % per_domain:
        fewer, more = count // per_domain * per_domain, (count // per_domain + 1) * per_domain
        works = f"{fewer:,} or {more:,}" if fewer else f"{more:,}"
        _refuse(
            lowering,
            f"{count:,} servers of `{node.name}` do not make whole domains of {per_domain}",
            span_of(entity, "per_domain"),
            f"declare {works} of them",
        )
        return None
    links = inside_links("switched", per_domain * gpus.value, own.links.value, ())
    if links % switches:
        works = " or ".join(str(each) for each in _divisors(links, switches))
        _refuse(
            lowering,
            f"{links:,} links of a domain of `{entity.name}` do not divide over {switches} switch chips",
            span_of(entity, "switches"),
            f"{works} would work",
        )
        return None
    if ports is not None and links // switches > ports:
        _refuse(
            lowering,
            f"a switch chip of `{entity.name}` has {links // switches} links and takes {ports}: "
            f"{links // switches - ports} too many",
            span_of(entity, "switch_ports"),
            f"{-(-links // ports)} chips would take them, or smaller domains",
        )
        return None
    return ScaleUpDomain(
        name_of(entity),
        index,
        per_domain,
        count // per_domain,
        "switched",
        (),
        per_domain * gpus.value,
        own.links.value,
        None if own.rate_mbps is None else own.rate_mbps.value,
        links,
        switches,
        ports,
        entity.text("within"),
        entity.origin,
    )


def _count(node: NodeGroup) -> int:
    return 1 if node.keys is None else len(node.keys)


def _refuse(lowering: Lowering, message: str, span: Span, works: str) -> None:
    lowering.sink.error(NAME, message, span, helps=(works,))


def _divisors(links: int, near: int) -> list[int]:
    """Return the divisors next below and above a number that is none."""
    divisors = [each for each in range(1, links + 1) if links % each == 0]
    return [*[each for each in divisors if each < near][-1:], *[each for each in divisors if each > near][:1]]
