"""Scale-up networks of servers: the links between GPUs that no fabric carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

from optidsl._record import record
from optidsl.diag import Span

if TYPE_CHECKING:
    from optidsl.catalog.facts import PrintedFact
    from optidsl.catalog.parts import Fact, ServerModel
    from optidsl.catalog.reader import Reader

GRIDS = ("mesh", "torus")


@record(frozen=True, slots=True)
class ScaleUp:
    """The links of a server's GPUs to each other or to switch chips; `rate_mbps` is of one link in each direction."""

    name: str
    span: Span
    kind: str  # switched | full_mesh | mesh | torus
    dims: tuple[int, ...]
    links: Fact[int] | None  # of a GPU
    rate_mbps: Fact[int] | None
    switches: Fact[int] | None  # chips in the server
    switch_ports: Fact[int] | None


def scale_up_of(reader: Reader) -> ScaleUp | None:
    """Return the scale-up network that a server's entity describes, the first of several."""
    entity = next(iter(reader.entity.of_kind("scale_up")), None)
    if entity is None:
        return None
    own = reader.child(entity)
    dims = entity.value("dims")
    return ScaleUp(
        entity.name,
        entity.label_span,
        own.text("kind"),
        tuple(each for each in dims if isinstance(each, int)) if isinstance(dims, tuple) else (),
        own.count_fact("links"),
        own.scaled_fact("rate", "Mbps"),
        own.count_fact("switches"),
        own.count_fact("switch_ports"),
    )


def inside_links(kind: str, gpus: int, links: int, dims: Sequence[int]) -> int:
    """Return the links of a domain: to switch chips, or between its GPUs.

    Args:
        kind: of the network.
        gpus: GPUs of the domain.
        links: links of a GPU.
        dims: GPUs along each axis of a grid. An axis of 2 is a single link, not a ring of two.
    """
    if kind == "switched":
        return gpus * links
    if kind == "full_mesh":
        return gpus * links // 2
    per_line = [size if kind == "torus" and size > 2 else size - 1 for size in dims]
    return sum(gpus // size * ties for size, ties in zip(dims, per_line, strict=True))


def scale_up_complaints(part: ServerModel) -> Iterator[tuple[str, Span, str]]:
    """Yield what contradicts itself in the scale-up network of a server."""
    own = part.scale_up
    if own is None:
        return
    if part.gpus is None:
        yield f"scale_up {own.name} joins GPUs, and the server states none", own.span, "state `gpus`"
        return
    gpus = part.gpus.value
    if own.kind in GRIDS and (not own.dims or min(own.dims) < 1 or prod(own.dims) != gpus):
        listed = ", ".join(str(size) for size in own.dims)
        yield f"a {own.kind} of [{listed}] does not have the {gpus} GPUs of the server", own.span, "`dims` gives others"
    elif own.kind not in GRIDS and own.dims:
        yield f"scale_up {own.name} is {own.kind}, and `dims` is of a mesh or torus", own.span, "leave `dims` out"
    elif own.kind not in GRIDS and own.links is None:
        yield f"scale_up {own.name} does not state the `links` of a GPU", own.span, "needs `links`"
    elif own.kind != "switched" and own.switches is not None:
        yield f"scale_up {own.name} is a {own.kind}, which has no switches", own.switches.span, "leave it out"
    elif own.kind == "full_mesh" and own.links is not None and (gpus < 2 or own.links.value % (gpus - 1)):
        text = f"{own.links.value} links of a GPU do not divide over the other {gpus - 1}"
        yield text, own.links.span, "takes a multiple"
    elif own.links is not None:
        yield from _room(own, gpus)


def _room(own: ScaleUp, gpus: int) -> Iterator[tuple[str, Span, str]]:
    """Yield what chips or GPUs have too few links for."""
    links = 0 if own.links is None else own.links.value
    spare = gpus * links - 2 * inside_links(own.kind, gpus, links, own.dims)
    if own.kind in GRIDS and own.links is not None and spare < 0:
        yield f"{gpus} GPUs of {links} links have too few for a {own.kind}", own.links.span, f"{-spare} ends too few"
    if own.switches is None:
        return
    chips = own.switches.value
    if gpus * links % chips:
        yield f"{gpus * links} links do not divide over {chips} switch chips", own.switches.span, "uneven"
    elif own.switch_ports is not None and gpus * links // chips > own.switch_ports.value:
        text = f"a switch chip takes {own.switch_ports.value} links, and {gpus * links // chips} lead to it"
        yield text, own.switch_ports.span, "too few"


def scale_up_facts(own: ScaleUp) -> Iterator[PrintedFact]:
    """Yield what a server states of its scale-up network."""
    from optidsl.catalog.facts import PrintedFact, quantity_text

    base = f"scale_up {own.name}"
    shape = own.kind + (f" [{', '.join(str(size) for size in own.dims)}]" if own.dims else "")
    for name, fact, unit in (
        ("links", own.links, ""),
        ("rate", own.rate_mbps, "Mbps"),
        ("switches", own.switches, ""),
        ("switch_ports", own.switch_ports, ""),
    ):
        if fact is not None:
            text = quantity_text(fact.value, unit) if unit else str(fact.value)
            yield PrintedFact(f"{base} ({shape}) {name}", text, fact.source, fact.confidence)
