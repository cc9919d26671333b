"""Words that several artefacts share: the header, names fit for paths, lengths in metres, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from optidsl.plan.model import Plan

_QUOTED = re.compile('[,"\r\n]').search
_NUMBERS = re.compile(r"([0-9]+)")
_NOT_IN_PATHS = re.compile(r"[^A-Za-z0-9._-]")


def origin_line(plan: Plan) -> str:
    """Return the words that head every artefact whose format has comments."""
    return f"generated from {plan.header.design} by optidsl, edit the .optd"


def path_part(name: str) -> str:
    """Return a name as one part of a path: letters, digits, `.`, `_` and `-`, the first no dot."""
    part = _NOT_IN_PATHS.sub("-", name)
    return f"_{part}" if part.startswith(".") or not part else part


def metres(length_mm: int) -> str:
    """Return a length in metres with its millimetres, exactly; empty when it is unknown (below 0)."""
    return f"{length_mm // 1000}.{length_mm % 1000:03}" if length_mm >= 0 else ""


def decibels(loss_mdb: int | None) -> str:
    """Return a loss or a margin in dB with its thousandths, exactly; empty when it is unknown."""
    if loss_mdb is None:
        return ""
    return f"{'-' if loss_mdb < 0 else ''}{abs(loss_mdb) // 1000}.{abs(loss_mdb) % 1000:03}"


def watts(power_mw: int) -> str:
    """Return a power in W, exactly, without zeros at its end."""
    return f"{power_mw // 1000}.{power_mw % 1000:03}".rstrip("0").rstrip(".")


_SCALES = {"mW": (1_000, "W"), "mm": (1_000, "m"), "Mbps": (1_000, "Gbit/s"), "ps": (1_000, "ns")}
"""By base unit: how many make one of the unit that is printed, and that one's name."""


def slack_text(slack: str, unit: str) -> str:
    """Return what is left of a requirement, with its unit: `1217.2 ns`; as it stands where it has none.

    Args:
        slack: an exact number of base units; empty when it is unknown.
        unit: mW, mm, Mbps, ps, a currency, or "" for a plain number.
    """
    if not slack or not unit:
        return slack
    scale, name = _SCALES.get(unit, (1, unit))
    return f"{decimals(Fraction(slack) / scale)} {name}"


def decimals(value: Fraction) -> str:
    """Return a number with at most six decimals and no zeros at its end."""
    text = f"{abs(round(value * 1_000_000)):07d}"
    digits = f"{text[:-6]}.{text[-6:]}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 and digits != "0" else digits


def rate(rate_mbps: int) -> str:
    """Return a data rate as people write it: `400G`, `1.6T`."""
    if rate_mbps % 1_000:
        return f"{rate_mbps}M"
    gbps = rate_mbps // 1_000
    return f"{gbps}G" if gbps < 1_000 or gbps % 100 else f"{gbps / 1000:g}T"


def ipv4(address: int) -> str:
    """Return an IPv4 address in dotted form."""
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Return what sorts names as people do, numbers in them by value: `web-2` before `web-10`."""
    parts = _NUMBERS.split(name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], name


def csv_field(text: str) -> str:
    """Return a CSV field, quoted when it must be.

    Source: RFC 4180 section 2, rules 5 to 7.
    """
    if _QUOTED(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a small CSV table, its fields quoted where they must be; lines end in a line feed."""
    lines = [",".join(header)]
    lines += [",".join(csv_field(field) for field in row) for row in rows]
    return "\n".join(lines) + "\n"
