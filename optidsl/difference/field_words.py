"""Fields of records and their values as people read them: `power_max_mw` 17000 is "power max" 17 W."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from optidsl.difference.words import bandwidth, decibels, decimal, metres, watts

NOT_THERE = "not there"

_UNITS: dict[str, Callable[[int], str]] = {
    "_mw": watts,
    "_mdb": decibels,
    "_mdbm": lambda level: f"{decimal(Fraction(level, 1000), 3)} dBm",
    "_mm": metres,
    "_mbps": bandwidth,
    "_ps": lambda delay: f"{decimal(Fraction(delay, 1000), 3)} ns",
    "_ns": lambda delay: f"{delay:,} ns",
    "_mhz": lambda width: f"{decimal(Fraction(width, 1000), 3)} GHz",
}
"""Endings of fields that say their unit."""

_SHARES = ("ratio", "confidence", "afr")
"""Fractions that are read in percent."""

_NAMES = {
    "by_phase": "quantity by phase",
    "dims": "dimensions",
    "is_per_site": "one store for each site",
    "is_soft": "preferred only",
    "lead_days": "lead time in days",
    "per_domain": "servers of a domain",
    "price_as_of": "price as of",
    "price_from": "price told by",
    "ready": "ready on",
}


def has_unit(field: str) -> bool:
    """Tell whether a field says its unit."""
    return field.endswith(tuple(_UNITS))


def name_of(field: str) -> str:
    """Return a field in words, without its unit."""
    for ending in _UNITS:
        field = field.removesuffix(ending)
    return _NAMES.get(field, field.replace("_", " ").replace(".", ": "))


def text_of_value(field: str, value: object) -> str:
    """Return the value of a field with its unit; "none" where there is none."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        if field in _SHARES and len(value) == 2:
            return f"{decimal(Fraction(100 * value[0], value[1]), 6)} %"
        if field == "lead_days" and len(value) == 2:
            return decimal(Fraction(*value), 3)
        return ", ".join(text_of_value(field, each) for each in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {text_of_value(name, each)}" for name, each in value.items()) or "none"
    words = next((words for ending, words in _UNITS.items() if field.endswith(ending)), None)
    if isinstance(value, int):
        return f"{value:,}" if words is None else words(value)
    return str(value)
