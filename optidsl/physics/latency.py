"""One-way delay of a link: propagation in the cable, and the wait for a block of error correction to fill.

What a module, a switch or an adapter adds is a figure of the part (`latency`), never a formula. Picoseconds, whole,
rounded up once for each term.
"""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record

KP4_CODEWORD_BITS = 5440
"""RS(544,514) over 10-bit symbols. Source: Intel AN 846, 100GBASE-KP4 RS(544,514)."""

KP4_LINE_RATE = Fraction(17, 16)
"""Line rate over the rate of the port with RS(544,514): 425 Gbit/s for 400. Source: IEEE 802.3, clause 119."""


@record(frozen=True, slots=True)
class Constant:
    """A number of nature or of a standard, with its source and how far it may be trusted."""

    ps: Fraction  # per mm
    text: str
    source: str
    confidence: str


FIBER_SINGLEMODE = Constant(
    Fraction(49, 10),
    "4.9 ns a metre of single-mode fibre",
    "GNPy 3.0.1 over SSMF, 0.49 ms for 100 km; group index 1.468 over the speed of light gives the same",
    "secondary",
)
FIBER_MULTIMODE = Constant(
    Fraction(495, 100),
    "4.95 ns a metre of multimode fibre",
    "Optokon multimode fibre OM4, data sheet 006: group index 1.483 at 850 nm, over the speed of light",
    "secondary",
)
TWINAX = Constant(
    Fraction(45, 10),
    "4.5 ns a metre of twinax",
    "NVIDIA MCP4Y10-Nxxx specifications: delay at most 4.5 ns/m",
    "vendor-doc",
)
INTERLEAVE = "interleave of RS(544,514): 2 codewords up to 400 Gbit/s, 4 above (SONiC HLD, FEC frame loss ratio)"
"""Secondary: read in a design document of SONiC."""


def propagation_of(medium: str) -> Constant:
    """Return the delay per length of a medium: multimode, singlemode, or the technology of a direct cable."""
    if medium in ("dac", "acc", "aec"):
        return TWINAX
    return FIBER_MULTIMODE if medium in ("multimode", "aoc") else FIBER_SINGLEMODE


def stated_propagation(grade: str, ns_per_km: int, source: str, confidence: str) -> Constant:
    """Return the delay per length that a grade of fibre states of itself."""
    return Constant(Fraction(ns_per_km, 1000), f"{ns_per_km / 1000:g} ns a metre of {grade}", source, confidence)


def propagation_ps(length_mm: int, constant: Constant) -> int:
    """Return the one-way delay of a cable in ps: its length times the delay per length, rounded up.

    Args:
        length_mm: length of the cable.
        constant: its delay per length.

    Source: that of the constant.
    Assumes: light takes the whole ordered length, slack included; an active optical cable is multimode, the slower one.
    """
    return ceiling(constant.ps * length_mm)


def kp4_block_ps(rate_mbps: int) -> int:
    """Return how long a receiver waits for a block of RS(544,514) to be complete, in ps.

    `interleave * 5440 bit / (rate * 17/16)`: 25.6 ns at 400 and 800 Gbit/s, 12.8 ns at 1.6 Tbit/s.

    Args:
        rate_mbps: rate of the port in Mbit/s.

    Source: Intel AN 846 (codeword); SONiC HLD, FEC frame loss ratio (interleave by rate).
    Assumes: two interleaved codewords up to 400 Gbit/s (at 100 Gbit/s one is possible too: this is the longer wait),
        four above. The decoder's own time belongs to the box.
    """
    interleave = 2 if rate_mbps <= 400_000 else 4
    return ceiling(Fraction(interleave * KP4_CODEWORD_BITS * 1_000_000) / (rate_mbps * KP4_LINE_RATE))


def ceiling(value: Fraction) -> int:
    """Return the least integer that is not below a value."""
    return -(-value.numerator // value.denominator)
