"""Find the template that names the ports of a box: `etp1a`, `etp1b`, `etp2a`, … are `etp{cage}{letter}`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from optidsl._record import record

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FIELDS: tuple[str, ...] = ("cage", "lane", "cage0", "bore", "bore0", "port", "port0")
"""Fields that are numbers, the likeliest first: a name that two templates explain gets the earlier field."""

_TOKENS = re.compile(r"[0-9]+|[^0-9]+")


@record(frozen=True, slots=True)
class PortName:
    """A port's name with what a template may make it of: its cage, its bore, its first lane (all from 0)."""

    name: str
    cage: int
    bore: int
    bores: int
    lane: int

    @property
    def fields(self) -> dict[str, str]:
        """Return the fields of a template for this port, as text."""
        return {
            "cage": str(self.cage + 1),
            "cage0": str(self.cage),
            "bore": str(self.bore + 1),
            "bore0": str(self.bore),
            "letter": "" if self.bores == 1 else _LETTERS[self.bore % 26],
            "lane": str(self.lane),
            "port": str(self.cage * self.bores + self.bore + 1),
            "port0": str(self.cage * self.bores + self.bore),
        }


def fit(names: Sequence[PortName]) -> str | None:
    """Return the template that makes every name, or None when there is none.

    Args:
        names: ports of one box, in any order.

    Returns:
        A template over the fields of `port_name`, literal braces doubled.
    """
    if not names:
        return None
    seed = max(names, key=lambda port: (port.bores, port.cage, port.bore))
    rows = [(port.name, port.fields) for port in names]
    varying = [name for name in _FIELDS if len({fields[name] for _, fields in rows}) > 1] or _FIELDS
    for parts in product(*(_choices(token, seed.fields, varying) for token in _tokens(seed))):
        template = "".join(parts)
        if all(template.format(**fields) == name for name, fields in rows):
            return template
    return None


def _tokens(seed: PortName) -> list[str]:
    """Split a name into numbers and words, its letter on its own."""
    tokens = _TOKENS.findall(seed.name)
    letter = seed.fields["letter"]
    if letter and tokens and tokens[-1] != letter and tokens[-1].endswith(letter) and len(tokens) > 1:
        return [*tokens[:-1], tokens[-1].removesuffix(letter), letter]
    return tokens


def _choices(token: str, fields: dict[str, str], varying: Sequence[str]) -> list[str]:
    """Return what may stand for a piece of the seed's name: fields of that value, and the piece itself."""
    literal = token.replace("{", "{{").replace("}", "}}")
    if token == fields["letter"]:
        return ["{letter}", literal]
    return [f"{{{name}}}" for name in varying if fields[name] == token] + [literal]
