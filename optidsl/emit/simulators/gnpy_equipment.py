"""Parts of a line as GNPy's equipment: amplifiers, glass, modules, in SI units."""

from __future__ import annotations

import math
from typing import Any

from optidsl.plan.line_model import PlanAmplifier, PlanLine, PlanSignal, PlanSpan
from optidsl.plan.model import Plan, PlanPart

Document = dict[str, Any]

_EDGE_HZ = 191_300_000_000_000
"""The low edge of the first channel. Source: GNPy 3.0.1 example data; ITU-T G.694.1, C band."""


def _number(part: PlanPart, name: str) -> int | None:
    fact = part.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) else None


def variety_of(each: PlanAmplifier, gain_mdb: int) -> str:
    """Return the name of an amplifier's type: its model, or model and gain where one noise figure is known."""
    return f"{each.model} {each.name} {gain_mdb / 1000:g} dB"


def edfas(plan: Plan, line: PlanLine, gains: dict[str, float]) -> list[Document]:
    """Return the types of the amplifiers in use, by name with their gain in dB."""
    found = {}
    for variety, gain in gains.items():
        each = next(each for each in line.amplifiers if variety_of(each, round(gain * 1000)) == variety)
        found[variety] = _edfa(plan.parts[each.model], each, variety, gain)
    return [found[name] for name in sorted(found)]


def _edfa(model: PlanPart, each: PlanAmplifier, variety: str, gain: float) -> Document:
    flat, low = _number(model, "noise_figure_mdb"), _number(model, "gain_min_mdb")
    high, most = _number(model, "gain_max_mdb") or 0, _number(model, "p_max_mdbm") or 0
    limits = {"gain_flatmax": high / 1000, "p_max": most / 1000, "out_voa_auto": False, "allowed_for_design": False}
    if each.noise_figure_mdb is None and flat is None:
        best, worst = _number(model, "noise_figure_best_mdb") or 0, _number(model, "noise_figure_worst_mdb") or 0
        figures = {"gain_min": (low or 0) / 1000, "nf_min": best / 1000, "nf_max": worst / 1000}
        return {"type_variety": variety, "type_def": "variable_gain", **limits, **figures}
    # GNPy pads a gain below the lowest itself; a figure as measured has its pad in it.
    figure = (flat or 0) if each.noise_figure_mdb is None else each.noise_figure_mdb
    bottom = gain if each.noise_figure_mdb is not None or low is None else low / 1000
    return {"type_variety": variety, "type_def": "fixed_gain", **limits, "gain_min": bottom, "nf0": figure / 1000}


def span_variety(span: PlanSpan) -> str:
    """Return the name of a span's kind of glass: its grade with dispersion and PMD, which may be measured."""
    return f"{span.grade} {(span.dispersion_fs or 0) / 1000:g} {(span.pmd_fs or 0) / 1000:g}"


def fibers(plan: Plan, line: PlanLine) -> list[Document]:
    """Return the kinds of glass: dispersion in s/m², effective area in m², PMD in s/sqrt(m)."""
    found = {
        span_variety(span): {
            "type_variety": span_variety(span),
            "dispersion": (span.dispersion_fs or 0) / 1e9,
            "effective_area": (_number(plan.parts[span.grade], "effective_area_um2") or 0) / 1e12,
            "pmd_coef": (span.pmd_fs or 0) / 1e15 / math.sqrt(1000),
        }
        for span in line.spans
    }
    return [found[name] for name in sorted(found)]


def transceivers(plan: Plan, line: PlanLine, signals: list[PlanSignal]) -> list[Document]:
    """Return the modules that receive, with the mode they run in."""
    found = {}
    for signal in signals:
        part = plan.parts[signal.receiver]
        rate = plan.segments[plan.classes[signal.link_class].segment].rate_mbps
        mode = {
            "format": "wave",
            "baud_rate": (_number(part, "baud_kbaud") or 0) * 1000,
            "OSNR": signal.needed_mdb / 1000,
            "bit_rate": rate * 1_000_000,
            "roll_off": 0,
            "tx_osnr": (_number(part, "coherent.tx_osnr_mdb") or 0) / 1000,
            "min_spacing": (_number(part, "coherent.spacing_mhz") or line.grid_mhz) * 1_000_000,
            "penalties": [*_penalties(part)],
            "cost": 1,
        }
        step = line.grid_mhz * 1_000_000
        first = _EDGE_HZ + step // 2
        # GNPy counts channels from the middle of the first and rounds down: half a step more leaves no doubt.
        band = {"min": first, "max": first + (line.channels - 1) * step + step // 2}
        found[part.name] = {"type_variety": part.name, "frequency": band, "mode": [mode]}
    return [found[name] for name in sorted(found)]


def _penalties(part: PlanPart) -> list[Document]:
    """Return the points of all tables; dispersion in ps/nm, PMD in ps, PDL in dB."""
    points = []
    for name, word in (("dispersion", "chromatic_dispersion"), ("pmd", "pmd"), ("pdl", "pdl")):
        fact = part.facts.get(f"coherent.{name}")
        values = fact.value if fact is not None and isinstance(fact.value, tuple) else ()
        for at, cost in zip(values[::2], values[1::2], strict=False):
            if isinstance(at, int) and isinstance(cost, int):
                points.append({word: at / 1000, "penalty_value": cost / 1000})
    return points
