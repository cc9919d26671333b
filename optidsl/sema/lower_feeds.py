"""Power feeds: those of a site, and the names of them that racks and places state."""

from __future__ import annotations

from optidsl.schema.entity import Entity
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.feeds import Feed
from optidsl.sema.lowering import Lowering, scaled, slot, span_of, through


def lower_feeds(lowering: Lowering, site: Entity) -> tuple[Feed, ...]:
    """Return the feeds of a site, in source order; report a `power` that is no limit."""
    return tuple(_feed(lowering, each) for each in through(site, "feed"))


def _feed(lowering: Lowering, feed: Entity) -> Feed:
    power = slot(feed.get("power"), scaled("mW"))
    limit = power.value if power.value is not None else power.upper
    if power.span is not None and limit is None:
        message = f"`power` of feed {feed.name} sets no upper limit: write `power <= …`"
        lowering.sink.error("not-bounded", message, power.span)
    return Feed(feed.name, limit, power.span, feed.label_span)


def rack_feeds(lowering: Lowering, rack: Entity, feeds: tuple[Feed, ...], site: str) -> tuple[str, ...]:
    """Return the feeds that a rack states, () where it states none; report names that the site does not have."""
    known = [feed.name for feed in feeds]
    has = f"site {site} has {alternatives(known)}" if known else f"site {site} states none"
    return _named(lowering, rack, f"rack {rack.name}", known, has)


def place_feeds(
    lowering: Lowering, place: Entity, owner: Entity, racks: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    """Return the feeds that a place states, () where it states none; report those that one of its racks lacks.

    Args:
        lowering: where diagnostics go.
        place: the `place` block.
        owner: the node or tier that it is of.
        racks: addresses of the racks, of which each must have the feeds.
    """
    found = _words(place)
    for address in racks:
        rack = lowering.by_address.get(address)
        known = [] if rack is None else list(_words(rack))
        has = f"rack {address[-1]} has {alternatives(known)}" if known else f"rack {address[-1]} states no `feeds`"
        if found != _named(lowering, place, f"{owner.kind} {owner.name}", known, has):
            return ()
    return found


def _named(lowering: Lowering, entity: Entity, who: str, known: list[str], has: str) -> tuple[str, ...]:
    """Return the names in `feeds` of a block; () after reporting an empty list, a name twice or an unknown one."""
    names, span = _words(entity), span_of(entity, "feeds")
    if entity.get("feeds") is not None and not names:
        lowering.sink.error("empty-list", f"`feeds` of {who} lists no feed", span, helps=("leave `feeds` out",))
        return ()
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        lowering.sink.error("duplicate-name", f"`feeds` of {who} names `{twice}` twice", span)
        return ()
    strange = next((name for name in names if name not in known), None)
    if strange is not None:
        message = f"`feeds` of {who} names `{strange}`, {has}{did_you_mean(strange, known)}"
        lowering.sink.error("unknown-feed", message, span, "one of these is not a feed here")
        return ()
    return names


def _words(entity: Entity) -> tuple[str, ...]:
    value = entity.value("feeds")
    return tuple(str(name) for name in value) if isinstance(value, tuple) else ()
