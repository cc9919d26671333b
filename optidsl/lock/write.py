"""Write a lock: sorted text, one record per line, so that git merges it line by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from optidsl._pins import Cable
from optidsl.lock.model import Freed, Lock, lock_of

if TYPE_CHECKING:
    from optidsl.plan.model import Plan

HEADER = "# optidsl.lock v1 — written by the compiler, reviewed by people"

_PLAIN = re.compile(r'[^\s"]+')


def write_lock(plan: Plan) -> str:
    """Return the text of the lock of a plan without a lock before it."""
    return lock_text(lock_of(plan))


def lock_text(lock: Lock) -> str:
    """Return the text of a lock: kinds in a fixed order, records of a kind sorted."""
    sections = [
        [f"note  naming {kind} {_quoted(template)}" for kind, template in lock.naming.items()],
        [f"pick  {name} = {candidate}" for name, candidate in lock.picks.items()],
        [f"shape {name} = {shape}" for name, shape in lock.shapes.items()],
        [f"count {name} = {count}" for name, count in lock.counts.items()],
        [f"name  {word(key)} {word(name)}" for key, name in lock.names.items()],
        [f"place {word(name)} {word(rack)} {unit}" for name, (rack, unit) in lock.places.items()],
        [f"asn   {word(name)} {number}" for name, number in lock.asns.items()],
        [f"addr  {word(name)} lo0 {dotted(address)}/32" for name, address in lock.loopbacks.items()],
        _ports(lock),
        [f"free  {free_text(kind, owner, freed)}" for (kind, owner), freed in lock.free.items()],
    ]
    lines = [HEADER]
    for section in sections:
        lines += sorted(section)
    return "\n".join(lines) + "\n"


def word(text: str) -> str:
    """Return a text as one word: quoted when it holds white space or quotes, or is empty."""
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _ports(lock: Lock) -> list[str]:
    words = _Words()
    p2p = lock.p2p
    return [
        f"port  {words[a]} {words[a_port]} -- {words[z]} {words[z_port]} cable {cable}"
        + (f" p2p {dotted(p2p[a, a_port, z, z_port])}/31" if (a, a_port, z, z_port) in p2p else "")
        for (a, a_port, z, z_port), cable in lock.cables.items()
    ]


def free_text(kind: str, owner: tuple[str, ...], freed: Freed) -> str:
    """Return what is free, whose it was, and since when."""
    value = freed.value
    if isinstance(value, int):
        value = str(value) if kind == "asn" else f"{dotted(value)}/{32 if kind == 'addr' else 31}"
    who = cable_text((owner[0], owner[1], owner[2], owner[3])) if len(owner) == 4 else word(owner[0])
    return f"{kind} {word(value)} {who}" + (f" since {freed.since}" if freed.since else "")


class _Words(dict[str, str]):
    """Texts as words, each made once."""

    def __missing__(self, text: str) -> str:
        made = self[text] = word(text)
        return made


def cable_text(cable: Cable) -> str:
    """Return `a-device a-port -- z-device z-port`."""
    a, a_port, z, z_port = map(word, cable)
    return f"{a} {a_port} -- {z} {z_port}"


def dotted(address: int) -> str:
    """Return an IPv4 address in dotted decimal form."""
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"
