"""How many failures to be ready for, exactly."""

from __future__ import annotations

from fractions import Fraction

_BITS = 96
"""Fixed-point digits of the first try; doubled until the answer is certain."""


def least_covering(mean: Fraction, confidence: Fraction) -> int:
    """Return the least count that a Poisson number of events exceeds with a chance of at most `1 - confidence`.

    That is the smallest s with `P(N <= s) >= confidence`. Terms are bounded from both sides in whole numbers, so that
    no rounding decides.

    Args:
        mean: events expected, 0 or more.
        confidence: wanted chance, 0 or more and below 1.

    Source: Poisson distribution: P(N <= s) = sum over i <= s of exp(-mean) mean^i / i!.
    Assumes: failures are independent of each other and as frequent at any time.
    """
    bits = _BITS
    while True:
        found = _search(mean, confidence, bits)
        if found is not None:
            return found
        bits *= 2


def _search(mean: Fraction, confidence: Fraction, bits: int) -> int | None:
    """Return the count, or None when `bits` are too few to tell."""
    lows, highs = [1 << bits], [1 << bits]
    # Beyond twice the mean each term is at most half of the one before: what is left out is less than the last term.
    while highs[-1] > 1 or len(highs) < 2 * mean + 2:
        step = mean.denominator * len(highs)
        lows.append(lows[-1] * mean.numerator // step)
        highs.append(-(-highs[-1] * mean.numerator // step))
        if mean == 0:
            break
    low_total, high_total = sum(lows), sum(highs) + highs[-1]
    low = high = 0
    for count, (least, most) in enumerate(zip(lows, highs, strict=True)):
        low, high = low + least, high + most
        if low * confidence.denominator >= confidence.numerator * high_total:
            return count
        if high * confidence.denominator >= confidence.numerator * low_total:
            return None
    return None
