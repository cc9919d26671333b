"""Coherent links over amplified fibre: OSNR, nonlinear noise, penalties, and the noise figure of an amplifier.

Levels are per channel. Sums of noise need logarithms, so these functions calculate in floating point and round their
results once, to 0.001 dB.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from optidsl._record import record

REFERENCE_BANDWIDTH_HZ = 12.5e9
"""The bandwidth OSNR is stated in: 0.1 nm at 1550 nm. Source: GNPy `snr_01nm`; ITU-T G.697 uses the same."""

PHOTON_NOISE_MDBM = 58_000
"""`-h f B` at 1550 nm in 0.1 nm, in 0.001 dBm. Source: the 58 of `OSNR = 58 + P_in - NF`, as GNPy's ASE noise gives."""

LIGHT_SPEED_M_S = 299_792_458.0
WAVELENGTH_M = 1550e-9
NONLINEAR_INDEX_M2_W = 2.6e-20
"""The Kerr coefficient of silica. Source: GNPy 3.0.1 `gnpy/core/parameters.py`, `FiberParams` (`n2`)."""

Points = Sequence[tuple[int, int]]
"""An impairment and the penalty there in 0.001 dB, ascending."""


@record(frozen=True, slots=True)
class Comb:
    """Equal channels side by side: how many, their spacing in MHz, and their symbol rate in kbaud."""

    channels: int
    spacing_mhz: int
    baud_kbaud: int


@record(frozen=True, slots=True)
class Glass:
    """A span as the nonlinear noise sees it: length in mm, 0.001 dB/km, fs/(nm km), µm² of effective area in 0.001."""

    length_mm: int
    attenuation_mdb_per_km: int
    dispersion_fs_per_nm_km: int
    effective_area_milli_um2: int


def amplifier_noise(level_mdbm: int, noise_figure_mdb: int) -> float:
    """Return the noise that an amplifier adds, over the signal: `1 / 10^((58 + P_in - NF) / 10)`.

    Args:
        level_mdbm: power of a channel at the amplifier's input in 0.001 dBm.
        noise_figure_mdb: noise figure in 0.001 dB, that of a pad before the amplifier included.

    Returns:
        Noise in 0.1 nm over the power of the channel, a plain ratio.

    Source: OSNR = 58 + P_in - NF (0.1 nm at 1550 nm); within 0.13 dB of GNPy 3.0.1 over 1 to 12 spans.
    Assumes: the gain is high enough that the amplifier's own quantum noise at its output does not count.
    """
    return 10 ** (-(PHOTON_NOISE_MDBM + level_mdbm - noise_figure_mdb) / 10_000)


def nonlinear_noise(glass: Glass, level_mdbm: int, comb: Comb) -> float:
    """Return the nonlinear interference of one span, over the signal.

    `G = 16/27 (gamma L_eff)^2 G_ch^3 psi`, where psi sums, over the channels, half the difference of
    `asinh(pi^2 L_a |beta_2| B (df ± B/2))` over `2 pi |beta_2| L_a`, twice for every channel but the middle one.

    Args:
        glass: the span.
        level_mdbm: power of a channel that enters the glass in 0.001 dBm.
        comb: the channels; the middle one is judged.

    Returns:
        Interference in 0.1 nm over the power of the channel, a plain ratio.

    Source: Poggiolini et al., "A detailed analytical derivation of the GN model", arXiv:1209.0394, equations 120 and
    123, as GNPy's `gn_model_analytic` has it.
    Assumes: rectangular spectra, equal levels, incoherent addition over spans; no Raman tilt; dispersion at 1550 nm;
        glass without loss or dispersion counts with a thousandth of a unit.
    """
    power_w = 10 ** (level_mdbm / 10_000) / 1000
    baud = comb.baud_kbaud * 1000.0
    alpha = max(glass.attenuation_mdb_per_km, 1) / 1e6 * math.log(10) / 10
    length = glass.length_mm / 1000
    effective = (1 - math.exp(-alpha * length)) / alpha
    beta2 = max(glass.dispersion_fs_per_nm_km, 1) * 1e-9 * WAVELENGTH_M**2 / (2 * math.pi * LIGHT_SPEED_M_S)
    gamma = 2 * math.pi * NONLINEAR_INDEX_M2_W / (WAVELENGTH_M * glass.effective_area_milli_um2 * 1e-15)
    curve = math.pi**2 / alpha * beta2 * baud
    middle = comb.channels // 2
    total = 0.0
    for channel in range(comb.channels):
        offset = (channel - middle) * comb.spacing_mhz * 1e6
        both = math.asinh(curve * (offset + baud / 2)) - math.asinh(curve * (offset - baud / 2))
        total += both / 2 * (1 if channel == middle else 2)
    psi = total / (2 * math.pi * beta2 / alpha)
    density = power_w / baud
    noise_density = 16 / 27 * (gamma * effective) ** 2 * density**3 * psi
    return noise_density * REFERENCE_BANDWIDTH_HZ / power_w


def ratio_mdb(noises: Iterable[float]) -> int:
    """Return the signal over all these noises together: `-10 log10(sum)`.

    Args:
        noises: noises over the signal, plain ratios, at least one above 0.

    Returns:
        Ratio in 0.001 dB.

    Source: independent noises add in power: `1/GSNR = 1/OSNR_tx + 1/OSNR_ase + 1/SNR_nli` (GNPy).
    Assumes: all in the same bandwidth.
    """
    return round(-10_000 * math.log10(math.fsum(noises)))


def noise_of(ratio: int) -> float:
    """Return the noise over the signal of a ratio.

    Args:
        ratio: signal over noise in 0.001 dB.

    Returns:
        A plain ratio.

    Source: definition of the decibel.
    Assumes: nothing.
    """
    return 10 ** (-ratio / 10_000)


def penalty_mdb(points: Points, value: int) -> int | None:
    """Return the penalty of an impairment, linear between the points of its table.

    Args:
        points: impairment and penalty in 0.001 dB, ascending; without a point at or below 0, none costs nothing.
        value: the impairment, in the unit of the table.

    Returns:
        Penalty in 0.001 dB, rounded up; None (infinite) outside the table.

    Source: GNPy `elements.Transceiver.calc_penalties`: linear inside the interval, infinite outside.
    Assumes: impairments act independently, so that their penalties add.
    """
    table = list(points)
    if table and table[0][0] > 0:
        table.insert(0, (0, 0))
    if not table or not table[0][0] <= value <= table[-1][0]:
        return None
    low = max(point for point in table if point[0] <= value)
    high = min((point for point in table if point[0] > value), default=low)
    if high == low:
        return low[1]
    return low[1] - (value - low[0]) * (low[1] - high[1]) // (high[0] - low[0])


def pmd_fs(spans: Iterable[tuple[int, int]]) -> int:
    """Return the polarisation mode dispersion of spans in a row: `sqrt(sum(c^2 L))`.

    Args:
        spans: coefficient in fs/sqrt(km) and length in mm of each.

    Returns:
        Mean differential group delay in fs, rounded up.

    Source: GNPy `elements.Fiber` and ITU-T G.650.2: PMD grows with the root of the length and adds in squares.
    Assumes: spans are statistically independent; amplifiers add none.
    """
    squares = sum(coefficient * coefficient * length for coefficient, length in spans)
    return math.isqrt(-(-squares // 1_000_000) - 1) + 1 if squares else 0


def total_level_mdbm(level_mdbm: int, channels: int) -> int:
    """Return the power of all channels together: `P + 10 log10(n)`.

    Args:
        level_mdbm: power of one channel in 0.001 dBm.
        channels: how many, at least 1.

    Returns:
        Power in 0.001 dBm, rounded up.

    Source: powers add.
    Assumes: equal channels.
    """
    return level_mdbm + math.ceil(10_000 * math.log10(channels) - 1e-6)


@record(frozen=True, slots=True)
class TwoStages:
    """An amplifier of two stages with an attenuator between them: noise figures of both and the power difference."""

    first: float  # plain ratio
    second: float
    difference_db: float


def two_stages(gain_min_mdb: int, gain_max_mdb: int, best_mdb: int, worst_mdb: int) -> TwoStages | None:
    """Return the two stages whose noise figure is `best` at the highest gain and `worst` at the lowest.

    `NF = NF_1 + NF_2 / g_1`, `g_1 = gain - difference - (gain_max - gain)`; the difference is 5 dB, unless NF_2 would
    not lie 0.3 to 2 dB above NF_1.

    Args:
        gain_min_mdb: lowest gain in 0.001 dB.
        gain_max_mdb: highest gain in 0.001 dB.
        best_mdb: noise figure at the highest gain in 0.001 dB.
        worst_mdb: noise figure at the lowest gain in 0.001 dB.

    Returns:
        The stages, or None when no such amplifier can have these figures.

    Source: GNPy 3.0.1 `science_utils.estimate_nf_model` (type `variable_gain`).
    Assumes: an erbium amplifier whose gain is set between its stages.
    """
    low, high = gain_min_mdb / 1000, gain_max_mdb / 1000
    best, worst = 10 ** (best_mdb / 10_000), 10 ** (worst_mdb / 10_000)
    difference = 5.0
    at_low, at_high = 10 ** ((2 * low - high - difference) / 10), 10 ** ((high - difference) / 10)
    if at_low >= at_high or worst <= best:
        return None
    second = (worst - best) / (1 / at_low - 1 / at_high)
    first = best - second / at_high
    if first < 10**0.4:
        return None
    if not first * 10**0.03 < second < first * 10**0.2:
        second = min(max(second, first * 10**0.03), first * 10**0.2)
        difference = high - 10 * math.log10(second / (best - first))
        if not 1 < difference < 11:
            return None
        at_low = 10 ** ((2 * low - high - difference) / 10)
        if abs(10 * math.log10((first + second / at_low) / worst)) > 0.01:
            return None
    return TwoStages(first, second, difference)


def noise_figure_mdb(stages: TwoStages, gain_min_mdb: int, gain_max_mdb: int, gain_mdb: int) -> int:
    """Return the noise figure at a gain; below the lowest gain a pad before the amplifier adds its whole loss.

    Args:
        stages: the amplifier's stages.
        gain_min_mdb: lowest gain in 0.001 dB.
        gain_max_mdb: highest gain in 0.001 dB.
        gain_mdb: gain wanted in 0.001 dB.

    Returns:
        Noise figure in 0.001 dB, that of the pad included.

    Source: GNPy 3.0.1 `elements.Edfa._nf` (type `variable_gain`).
    Assumes: the pad stands at the input.
    """
    pad = max(gain_min_mdb - gain_mdb, 0)
    gain = gain_mdb + pad
    first_gain_db = (gain - max(gain_max_mdb - gain, 0)) / 1000 - stages.difference_db
    figure = stages.first + stages.second / 10 ** (first_gain_db / 10)
    return round(10_000 * math.log10(figure)) + pad
