"""Write a lock: sorted text, one record per line, so that git merges it line by line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from optidsl.lock.model import Lock, lock_of
from optidsl.plan.link_keys import word

if TYPE_CHECKING:
    from optidsl.plan.model import Plan

HEADER = "# optidsl.lock v1 — written by the compiler, reviewed by people"


def write_lock(plan: Plan) -> str:
    """Return the text of the lock of a plan."""
    return lock_text(lock_of(plan))


def lock_text(lock: Lock) -> str:
    """Return the text of a lock: kinds in a fixed order, records of a kind sorted."""
    sections = [
        [f"note  naming {kind} {json.dumps(template, ensure_ascii=False)}" for kind, template in lock.naming.items()],
        [f"pick  {name} = {candidate}" for name, candidate in lock.picks.items()],
        [f"count {name} = {count}" for name, count in lock.counts.items()],
        [f"name  {word(key)} {word(name)}" for key, name in lock.names.items()],
        [f"asn   {word(name)} {number}" for name, number in lock.asns.items()],
        [f"addr  {word(name)} lo0 {dotted(address)}/32" for name, address in lock.loopbacks.items()],
        _ports(lock),
    ]
    lines = [HEADER]
    for section in sections:
        lines += sorted(section)
    return "\n".join(lines) + "\n"


def _ports(lock: Lock) -> list[str]:
    if not lock.p2p:
        return [f"port  {key} cable {cable}" for key, cable in lock.cables.items()]
    p2p = lock.p2p
    return [
        f"port  {key} cable {cable} p2p {dotted(p2p[key])}/31" if key in p2p else f"port  {key} cable {cable}"
        for key, cable in lock.cables.items()
    ]


def dotted(address: int) -> str:
    """Return an IPv4 address in dotted decimal form."""
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"
