"""Lengths as messages print them, exactly."""

from __future__ import annotations


def metres(length_mm: int) -> str:
    """Print a length in metres: 3150 gives `3.15 m`."""
    text = f"{length_mm // 1000}.{length_mm % 1000:03}".rstrip("0").rstrip(".")
    return f"{text} m"


def kilometres(length_mm: int) -> str:
    """Print a length in kilometres, rounded up: 1,000,000,001 gives `1,001 km`."""
    return f"{-(-length_mm // 1_000_000):,} km"
