"""The links of a custom fabric, that `connect` blocks state switch by switch."""

from __future__ import annotations

from optidsl.diag import Sink
from optidsl.schema.entity import Entity
from optidsl.schema.families import FamilyKind
from optidsl.sema.design import StatedLinks
from optidsl.sema.lowering import span_of

CUSTOM = "custom"

_OF_LINKS = ("a", "z", "a_numbers", "z_numbers", "parallel", "from_ports", "to_ports", "length")
_PORTS = ("from_ports", "to_ports")


def names_switches(entity: Entity) -> bool:
    """Tell whether a `connect` names switches by number."""
    return entity.get("a_numbers") is not None or entity.get("z_numbers") is not None


def lower_links(sink: Sink, fabric: Entity, family: FamilyKind) -> tuple[StatedLinks, ...]:
    """Return the links that the author states, after reporting what single links cannot say, and other kinds."""
    found: list[StatedLinks] = []
    for entity in fabric.of_kind("connect"):
        if not names_switches(entity):
            _check_ports(sink, entity)
            _check_parallel(sink, entity, family)
        elif family.kind != CUSTOM:
            sink.error(
                "attribute-not-of-kind",
                f"numbers of switches say nothing about a fabric of kind {family.kind}: its links follow from its kind",
                entity.label_span,
                f"read by `{CUSTOM}`",
                helps=("leave the numbers out, or change `kind`",),
            )
        elif _is_whole(sink, entity):
            found.append(_links(entity))
    return tuple(found)


def _check_ports(sink: Sink, entity: Entity) -> None:
    for name in _PORTS:
        if entity.get(name) is not None:
            sink.error(
                "attribute-not-of-kind",
                f"`{name}` says nothing about all links between `{entity.text('a')}` and `{entity.text('z')}`",
                span_of(entity, name),
                "of which switch?",
                helps=("name the switches, as in `connect router[1] -- router[2]`, in a fabric of kind custom",),
            )


def _check_parallel(sink: Sink, entity: Entity, family: FamilyKind) -> None:
    """Report links of each pair where every link is stated."""
    parallel = entity.get("parallel")
    if family.kind == CUSTOM and parallel is not None and not parallel.is_default:
        a, z = entity.text("a"), entity.text("z")
        sink.error(
            "attribute-not-of-kind",
            f"`parallel` says nothing about all links between `{a}` and `{z}` of a fabric of kind {CUSTOM}",
            parallel.span,
            "of which switches?",
            helps=(f"write it where the links are stated, as `connect {z}[1] -- {z}[2] {{ parallel = 2 }}`",),
        )


def _is_whole(sink: Sink, entity: Entity) -> bool:
    """Tell whether links are stated completely, and nothing else with them; report what is wrong."""
    a, z = entity.text("a"), entity.text("z")
    if entity.get("a_numbers") is None or entity.get("z_numbers") is None or a != z or "." in a:
        message = "both ends of stated links name switches of one tier by number"
        tier = z.partition(".")[0]
        sink.error("link-not-possible", message, entity.label_span, helps=(f"write `connect {tier}[1] -- {tier}[2]`",))
        return False
    for name, attr in entity.attrs.items():
        if name not in _OF_LINKS and not attr.is_default:
            sink.error(
                "link-not-possible",
                f"`{name}` is said of all links between switches of `{a}`, not of some",
                attr.span,
                "not here",
                helps=(f"write it in `connect {a} -- {a}`",),
            )
            return False
    parallel = entity.get("parallel")
    if parallel is not None and parallel.value is None:
        sink.error("link-not-possible", "the number of stated links is decided with `=`", parallel.span)
        return False
    length = entity.get("length")
    if length is not None and length.value is None:
        message = "a bound on the length is kept for all links between switches together, not for some"
        helps = (f"write it in `connect {a} -- {a}`, or state the length with `=`",)
        sink.error("link-not-possible", message, length.span, "not here", helps=helps)
        return False
    return _has_ports_for_all(sink, entity)


def _has_ports_for_all(sink: Sink, entity: Entity) -> bool:
    wanted = entity.integer("parallel")
    counts = {name: len(_names(entity, name)) for name in _PORTS if entity.get(name) is not None}
    pairs = len(_numbers(entity, "a_numbers")) * len(_numbers(entity, "z_numbers"))
    if counts and pairs != 1:
        message = f"ports are named for one switch at each end, and this `connect` names {pairs} pairs"
        span = span_of(entity, next(iter(counts)))
        sink.error("link-not-possible", message, span, helps=("write one `connect` for each pair",))
        return False
    for name, count in counts.items():
        wanted = count if wanted is None else wanted
        if count != wanted:
            message = f"`{name}` names {count} port{'s' * (count > 1)} for {wanted} link{'s' * (wanted > 1)}"
            sink.error("link-not-possible", message, span_of(entity, name), helps=("name one port for each link",))
            return False
    return True


def _names(entity: Entity, name: str) -> tuple[str, ...]:
    value = entity.value(name)
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()


def _numbers(entity: Entity, name: str) -> tuple[int, ...]:
    value = entity.value(name)
    return tuple(each for each in value if isinstance(each, int)) if isinstance(value, tuple) else ()


def _links(entity: Entity) -> StatedLinks:
    ports = [_names(entity, name) for name in _PORTS]
    parallel = entity.integer("parallel") or max(len(ports[0]), len(ports[1]), 1)
    numbers = [_numbers(entity, name) for name in ("a_numbers", "z_numbers")]
    return StatedLinks(
        numbers[0], numbers[1], parallel, ports[0], ports[1], entity.label_span, entity.scaled("length", "mm")
    )
