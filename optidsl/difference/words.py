"""Numbers and things as the renderers print them."""

from __future__ import annotations

from fractions import Fraction


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 cable`, `1,200 cables`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def metres(length_mm: int) -> str:
    """Return a length in metres, exactly: `1,020 m`, `0.5 m`."""
    return f"{decimal(Fraction(length_mm, 1000), 3)} m" if length_mm >= 0 else "unknown length"


def watts(power_mw: int | None) -> str:
    """Return a power in W, or in kW from 10 kW on, to 1 W or 0.001 kW; "unknown" where it is not known."""
    if power_mw is None:
        return "unknown"
    if abs(power_mw) >= 10_000_000:
        return f"{decimal(Fraction(power_mw, 1_000_000), 3)} kW"
    return f"{decimal(Fraction(power_mw, 1000), 3)} W"


def decibels(loss_mdb: int) -> str:
    """Return a margin in dB, exactly."""
    return f"{decimal(Fraction(loss_mdb, 1000), 3)} dB"


def bandwidth(rate_mbps: int | None) -> str:
    """Return a data rate in Tbit/s or Gbit/s."""
    if rate_mbps is None:
        return "unknown"
    if rate_mbps >= 1_000_000:
        return f"{decimal(Fraction(rate_mbps, 1_000_000), 6)} Tbit/s"
    return f"{decimal(Fraction(rate_mbps, 1000), 3)} Gbit/s"


def percent(part: tuple[int, int]) -> str:
    """Return a share in percent, rounded down to a tenth: what is left is never shown as more than it is."""
    kept, of = part
    return "-" if not of else f"{decimal(Fraction(1000 * kept // of, 10), 1)} %"


def ratio(down: int, up: int) -> str:
    """Return an oversubscription as `1.5:1`."""
    return f"{decimal(Fraction(down, up), 3)}:1" if up else "-"


def decimal(value: Fraction, places: int) -> str:
    """Return a number with at most so many decimals, thousands apart, without zeros at its end."""
    scaled = round(abs(value) * 10**places)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0")
    text = f"{whole:,}" + (f".{digits}" if digits else "")
    return f"-{text}" if value < 0 and scaled else text


def signed(count: int) -> str:
    """Return `+12`, `-3`."""
    return f"{count:+,}"


def dotted(address: int) -> str:
    """Return an IPv4 address in dotted form; "none" below 0."""
    if address < 0:
        return "none"
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))
