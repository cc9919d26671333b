"""Facts of coherent modules, amplifiers, multiplexers and glass, as text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optidsl.catalog.coherent import AmplifierModel, Coherent, MuxModel
from optidsl.catalog.facts import PrintedFact, quantity_text
from optidsl.catalog.parts import Fact, FiberGrade

_SCALES = {
    "fs/nm": (1000, "ps/nm"),
    "fs": (1000, "ps"),
    "fs/nm/km": (1000, "ps/nm/km"),
    "fs/rtkm": (1000, "ps/rtkm"),
    "ns/km": (1000, "us/km"),
    "MHz": (1000, "GHz"),
}
_AT = {"dispersion": "fs/nm", "pmd": "fs", "pdl": "mdB"}


def scaled_text(value: int, unit: str) -> str:
    """Return an integer count of a scaled unit in the unit people read: 20000000 fs/nm is `20000ps/nm`."""
    if unit not in _SCALES:
        return quantity_text(value, unit)
    divisor, shown = _SCALES[unit]
    return f"{float(Fraction(value, divisor)):.12g}{shown}"


def _one(name: str, fact: Fact[int] | None, unit: str) -> Iterator[PrintedFact]:
    if fact is not None:
        yield PrintedFact(name, scaled_text(fact.value, unit), fact.source, fact.confidence)


def coherent_facts(own: Coherent) -> Iterator[PrintedFact]:
    """Yield what a module states of its coherent side."""
    yield from _one("coherent osnr_min", own.osnr_min_mdb, "mdB")
    yield from _one("coherent tx_osnr", own.tx_osnr_mdb, "mdB")
    yield from _one("coherent spacing", own.spacing_mhz, "MHz")
    if own.tunable is not None:
        word = "true" if own.tunable.value else "false"
        yield PrintedFact("coherent tunable", word, own.tunable.source, own.tunable.confidence)
    yield from _one("coherent loss_max", own.loss_max_mdb, "mdB")
    for each in own.penalties:
        at = scaled_text(each.at.value, _AT[each.impairment])
        yield from _one(f"coherent penalty at {each.impairment} {at}", each.osnr_mdb, "mdB")
    for window in own.windows:
        low, high = (scaled_text(fact.value, "mdBm") for fact in (window.rx_min_mdbm, window.rx_max_mdbm))
        yield from _one(f"coherent window {low}..{high} osnr_min", window.osnr_min_mdb, "mdB")


def glass_facts(part: FiberGrade) -> Iterator[PrintedFact]:
    """Yield what a grade states for long routes."""
    yield from _one("dispersion", part.dispersion_fs, "fs/nm/km")
    yield from _one("pmd", part.pmd_fs, "fs/rtkm")
    yield from _one("effective_area", part.effective_area_um2, "µm²")
    yield from _one("latency", part.latency_ns, "ns/km")


def amplifier_facts(part: AmplifierModel) -> Iterator[PrintedFact]:
    """Yield every fact of an amplifier."""
    yield from _one("gain_min", part.gain_min_mdb, "mdB")
    yield from _one("gain_max", part.gain_max_mdb, "mdB")
    yield from _one("p_max", part.p_max_mdbm, "mdBm")
    yield from _one("noise_figure", part.noise_figure_mdb, "mdB")
    yield from _one("noise_figure_best", part.noise_figure_best_mdb, "mdB")
    yield from _one("noise_figure_worst", part.noise_figure_worst_mdb, "mdB")
    yield from _one("units", part.units, "U")
    yield from _one("power_max", part.power_max_mw, "mW")


def mux_facts(part: MuxModel) -> Iterator[PrintedFact]:
    """Yield every fact of a multiplexer."""
    yield from _one("loss", part.loss_mdb, "mdB")
    yield from _one("channels", part.channels, "")
    yield from _one("spacing", part.spacing_mhz, "MHz")
    yield from _one("units", part.units, "U")
    yield from _one("power_max", part.power_max_mw, "mW")
