"""How many switches a network has whose parameters leave that to `tier.count`, or to the endpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optidsl.fabric.families.network import NetworkAsk
from optidsl.fabric.refusal import Refusal, allows, count_of


def asked(ask: NetworkAsk, least: int = 2) -> int | Refusal | None:
    """Return the switches of a plane that `tier.count` decides; None when nothing is decided.

    Args:
        ask: the author's words.
        least: the fewest switches of the family.
    """
    total, planes = ask.tier.count.value, ask.fabric.planes
    if total is None:
        return None
    count, rest = divmod(total, planes)
    if not rest and count >= least:
        return count
    name, kind = ask.fabric.name, ask.fabric.kind
    works = [planes * max(each, least) for each in ((count, count + 1) if rest else (least,))]
    if rest:
        message = f"{count_of(total, 'switch', 'switches')} of `{name}` do not divide into {planes} planes"
    else:
        message = (
            f"`{name}` has {count_of(count, 'switch', 'switches')}{_a_plane(planes)}, and a {kind} {least} at least"
        )
    span = ask.tier.count.span or ask.tier.origin.span
    numbers = list(dict.fromkeys(works))
    return Refusal(
        "count-not-possible",
        message,
        span,
        helps=(f"set `count` to {' or '.join(str(number) for number in numbers)}",),
    )


def _a_plane(planes: int) -> str:
    return " a plane" if planes > 1 else ""


def population(ask: NetworkAsk, peers: Callable[[int], int], least: int = 2) -> tuple[int, int] | Refusal:
    """Return the switches of a plane and the endpoint ports of each: as few as have room where nothing is decided.

    Args:
        ask: the author's words, the box, and the endpoint ports.
        peers: the ports of a switch to others, by the number of switches; grows with it.
        least: the fewest switches of the family.
    """
    count, down = asked(ask, least), ask.tier.down.value
    if isinstance(count, Refusal):
        return count
    if count is not None:
        found = down or -(-ask.ports // count)
        return (count, found) if ask.fits(1, (peers(count),)) else _links_refusal(ask, peers, count, least)
    for count in _counts(ask, peers, least):
        found = down or -(-ask.ports // count)
        is_enough = count * found >= ask.ports and ask.fits(found, (peers(count),))
        if is_enough and allows(ask.tier.count, count * ask.fabric.planes):
            return count, found
    return _room_refusal(ask, peers, least)


def _counts(ask: NetworkAsk, peers: Callable[[int], int], least: int) -> Iterator[int]:
    """Yield the numbers of switches whose links to others leave a port for endpoints, up to one for each endpoint."""
    for count in range(least, max(least, ask.ports) + 1):
        if not ask.fits(1, (peers(count),)):
            return
        yield count


def _links_refusal(ask: NetworkAsk, peers: Callable[[int], int], count: int, least: int) -> Refusal:
    most = next((each for each in range(count - 1, least - 1, -1) if ask.fits(1, (peers(each),))), None)
    wanted = "" if most is None else f"set `count = {most * ask.fabric.planes}` or less, or "
    return Refusal(
        "radix-exceeded",
        f"a {ask.fabric.kind} of {count_of(count, 'switch', 'switches')} takes {count_of(peers(count), 'port')} of one "
        f"to others in `{ask.fabric.name}`, and a `{ask.box.model.name}` has none left for endpoints",
        ask.tier.count.span or ask.tier.origin.span,
        helps=(f"{wanted}name a model with more ports",),
    )


def _room_refusal(ask: NetworkAsk, peers: Callable[[int], int], least: int) -> Refusal:
    """Return why no number of switches has room, with the largest network that there is."""
    given, ports = ask.tier.down.value, ask.box.cages * ask.box.per_down
    sizes = [
        (
            count,
            next((down for down in ([given] if given else range(ports, 0, -1)) if ask.fits(down, (peers(count),))), 0),
        )
        for count in _counts(ask, peers, least)
        if allows(ask.tier.count, count * ask.fabric.planes)
    ]
    count, down = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    if not down:
        return _links_refusal(ask, peers, least, least)
    most = f"{count * down:,} at most, on {count_of(count, 'switch', 'switches')} of {down}"
    return Refusal(
        "endpoints-exceeded",
        f"`{ask.fabric.name}` has {count_of(ask.ports, 'endpoint port')}{_a_plane(ask.fabric.planes)}, and a "
        f"{ask.fabric.kind} of `{ask.box.model.name}` as tier `{ask.tier.name}` wants it takes {most}",
        ask.tier.down.span or ask.tier.count.span or ask.fabric.origin.span,
        helps=("name a model with more ports, or a kind that grows further, as hyperx or slim_fly",),
    )
