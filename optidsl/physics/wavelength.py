"""Which wavelengths the attenuation of a fibre holds for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBERS = re.compile(r"[\d.,;\s-]+(?:nm)?\s*")
_STARTS_NM = (1260, 1360, 1460, 1530, 1565)


def shortest_nm(wavelengths: Iterable[str]) -> Fraction | None:
    """Return the shortest of wavelengths as sheets write them (`1271, 1291 nm`, `840-868 nm`), in nm.

    A name of a grid (`CWDM4`) tells no wavelength; None where none is told.
    """
    told = [text for text in wavelengths if _NUMBERS.fullmatch(text)]
    return min((Fraction(each) for text in told for each in _NUMBER.findall(text)), default=None)


def holds_at(stated_nm: int, sent_nm: Fraction | None) -> bool:
    """Tell whether an attenuation that is stated at one wavelength is the most at another.

    Args:
        stated_nm: where the attenuation is stated.
        sent_nm: the shortest wavelength of the light; None where it is not known.

    Source: ITU-T G-series Supplement 39, spectral bands (O from 1260 nm, E 1360, S 1460, C 1530, L 1565).
    Assumes: within a band one figure holds, and a longer band loses no more than a shorter one (low water peak).
    """
    return sent_nm is None or _band(Fraction(stated_nm)) <= _band(sent_nm)


def _band(wavelength_nm: Fraction) -> int:
    return sum(wavelength_nm >= start for start in _STARTS_NM)
