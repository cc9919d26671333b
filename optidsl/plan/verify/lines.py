"""Lines, judged again from the plan: lengths, waves, gains and powers of amplifiers, OSNR at the receiver.

Noise is summed in watts here, and the nonlinear one follows the closed form for a whole comb, so that the second
opinion shares no formula with the first.
"""

from __future__ import annotations

import math
from itertools import pairwise

from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.line_model import PlanAmplifier, PlanLine, PlanSignal, PlanSpan
from optidsl.plan.model import PlanPart
from optidsl.plan.verify.view import View, decibels, finding, metres, number, numbers

TOLERANCE_MDB = 300
"""How far two ways to compute an OSNR may differ: the closed form is 0.1 dB off the quantum noise of light, and the two
estimates of the nonlinear noise 0.2 dB where it weighs most."""

_PLANCK = 6.62607015e-34
_LIGHT = 299_792_458.0
_CARRIER_HZ = _LIGHT / 1550e-9
_BAND_HZ = 12.5e9


def line_findings(view: View) -> list[Diagnostic]:
    """Check every line, and what arrives over it."""
    findings: list[Diagnostic] = []
    for line in view.plan.lines:
        findings += _route(view, line)
    signals = {signal.link_class: signal for signal in view.plan.signals}
    for row, link_class in enumerate(view.plan.classes):
        if link_class.line:
            line = next(line for line in view.plan.lines if line.name == link_class.line)
            findings += _signal(view, row, line, signals.get(row))
    return findings


def _route(view: View, line: PlanLine) -> list[Diagnostic]:
    """The route is as long as its spans and its links, and carries as many waves as links, no more than channels."""
    findings = []
    total = sum(span.length_mm for span in line.spans)
    if total != line.length_mm:
        message = f"line `{line.name}` states {metres(line.length_mm)}, its spans add up to {metres(total)}"
        findings.append(finding("line-mismatch", message, f"declared at {line.source_ref}"))
    waves = 0
    for row, link_class in enumerate(view.plan.classes):
        if link_class.line == line.name:
            rows = view.rows(row)
            waves += len(rows)
            strange = view.plan.links.required_mm[rows] != line.length_mm
            if strange.any():
                length = metres(int(view.plan.links.required_mm[rows[strange]][0]))
                message = (
                    f"{link_class.name}: a link of {length} runs over line `{line.name}` of {metres(line.length_mm)}"
                )
                findings.append(finding("line-mismatch", message))
    if waves != line.waves:
        findings.append(
            finding("line-mismatch", f"line `{line.name}` states {line.waves} waves, {waves} links run over it")
        )
    if waves > line.channels:
        findings.append(
            finding("line-full", f"line `{line.name}` carries {line.channels} waves, {waves} links run over it")
        )
    return findings


# ------------------------------------------------------------------ light


@record(frozen=True, slots=True)
class Arrival:
    """What arrives: received power in dBm, all noise over the signal in 0.1 nm, and what amplifiers must do."""

    receive_dbm: float
    noise: float
    limits: tuple[tuple[str, str, float, float], ...]  # amplifier, what, asked, allowed


def _signal(view: View, row: int, line: PlanLine, signal: PlanSignal | None) -> list[Diagnostic]:
    link_class = view.plan.classes[row]
    holds = any(c.link_class == row and c.name == "osnr" and c.verdict == "holds" for c in view.plan.checks)
    if signal is None:
        message = f"{link_class.name}: the plan records that osnr holds, and states no signal"
        return [finding("check-unfounded", message)] if holds else []
    ends = [view.part(link_class.a_module), view.part(link_class.z_module)]
    arrivals = [
        (receiver, arrival)
        for sender, receiver, is_back in ((ends[0], ends[1], False), (ends[1], ends[0], True))
        for level in _levels(line, sender)
        if (arrival := _arrive(view, line, sender, level, is_back=is_back)) is not None
    ]
    if not arrivals:
        message = (
            f"{link_class.name}: the plan records that osnr holds, and lacks a figure of line `{line.name}` for it"
        )
        return [finding("check-unfounded", message)] if holds else []
    findings = [
        _beyond(link_class.name, line, limit) for limit in dict.fromkeys(x for _, a in arrivals for x in a.limits)
    ]
    receiver, worst = max(arrivals, key=lambda each: each[1].noise)
    osnr = round(-10_000 * math.log10(worst.noise))
    if abs(osnr - signal.osnr_mdb) > TOLERANCE_MDB:
        message = (
            f"{link_class.name}: the plan states an OSNR of {decibels(signal.osnr_mdb)}, "
            f"its spans and amplifiers give {decibels(osnr)}"
        )
        findings.append(finding("osnr-mismatch", message))
    left = osnr - _penalty(line, receiver) - _needed(receiver, worst.receive_dbm)
    asked = view.plan.policy.osnr_margin_mdb
    if holds and left < asked:
        message = (
            f"{link_class.name}: OSNR {decibels(osnr)} leaves a margin of {decibels(left)}, "
            f"the policy asks for {decibels(asked)}"
        )
        findings.append(finding("osnr-short", message))
    return findings


def _beyond(name: str, line: PlanLine, limit: tuple[str, str, float, float]) -> Diagnostic:
    amplifier, what, asked, allowed = limit
    message = f"{name}: {amplifier} of line `{line.name}` must {what} {asked:.2f}, its model allows {allowed:g}"
    return finding("amplifier-limit", message)


def _levels(line: PlanLine, sender: PlanPart) -> list[int]:
    if line.transmit_mdbm is not None:
        return [line.transmit_mdbm]
    found = [number(sender, "tx_min_mdbm"), number(sender, "tx_max_mdbm")]
    return [level for level in found if level is not None] if None not in found else []


def _arrive(view: View, line: PlanLine, sender: PlanPart, level_mdbm: int, *, is_back: bool) -> Arrival | None:
    """Follow a wave from a module to the other end of a line; None when a figure is missing."""
    mux_loss, sent = number(view.part(line.mux), "loss_mdb"), number(sender, "coherent.tx_osnr_mdb")
    baud = number(sender, "baud_kbaud")
    if mux_loss is None or sent is None or baud is None:
        return None
    power = (level_mdbm - mux_loss) / 1000
    noise = 10 ** (-sent / 10_000)
    limits: list[tuple[str, str, float, float]] = []
    spans = line.spans[::-1] if is_back else line.spans
    for place in range(len(spans) + 1):
        at = len(spans) - place if is_back else place
        for each in line.amplifiers:
            if not _stands(each, place, at, len(spans)):
                continue
            model = view.part(each.model)
            gain = ((line.launch_mdbm or 0) / 1000 - power) if each.gain_mdb is None else each.gain_mdb / 1000
            figure = _noise_figure(each, model, gain)
            if figure is None:
                return None
            noise += _PLANCK * _CARRIER_HZ * _BAND_HZ * 10 ** (figure / 10) / (10 ** (power / 10) / 1000)
            power += gain
            limits += _limits(each, model, gain, power + 10 * math.log10(line.channels))
        if place < len(spans):
            lost = _lost(view, line, spans[place], power, baud)
            if lost is None:
                return None
            noise += lost[1]
            power -= lost[0]
    return Arrival(power - mux_loss / 1000, noise, tuple(limits))


def _stands(each: PlanAmplifier, place: int, at: int, n_spans: int) -> bool:
    """Tell whether a wave meets an amplifier before the span of that place, or after the last one."""
    if each.role == "booster":
        return place == 0
    return place == n_spans if each.role == "preamp" else each.at == at


def _limits(each: PlanAmplifier, model: PlanPart, gain: float, total: float) -> list[tuple[str, str, float, float]]:
    """Return what an amplifier is asked beyond what it can, by more than rounding."""
    found = []
    for what, asked, name in (("give dB", gain, "gain_max_mdb"), ("send dBm", total, "p_max_mdbm")):
        allowed = number(model, name)
        if allowed is not None and asked > allowed / 1000 + 0.002:
            found.append((each.name, what, round(asked, 3), allowed / 1000))
    return found


def _noise_figure(each: PlanAmplifier, model: PlanPart, gain: float) -> float | None:
    """Return the noise figure in dB: as measured, the model's, or that of two stages; a low gain needs a pad."""
    if each.noise_figure_mdb is not None:
        return each.noise_figure_mdb / 1000
    low, high, flat = (number(model, name) for name in ("gain_min_mdb", "gain_max_mdb", "noise_figure_mdb"))
    pad = max(0.0, low / 1000 - gain) if low is not None else 0.0
    if flat is not None:
        return flat / 1000 + pad
    best, worst = number(model, "noise_figure_best_mdb"), number(model, "noise_figure_worst_mdb")
    if low is None or high is None or best is None or worst is None:
        return None
    least, most = 10 ** (best / 10_000), 10 ** (worst / 10_000)
    drop = _power_difference(low / 1000, high / 1000, least, most)
    second = (most - least) / (
        10 ** (-(2 * low - high - 1000 * drop) / 10_000) - 10 ** (-(high - 1000 * drop) / 10_000)
    )
    first = least - second * 10 ** (-(high - 1000 * drop) / 10_000)
    at = gain + pad
    return 10 * math.log10(first + second * 10 ** (-(at - max(0.0, high / 1000 - at) - drop) / 10)) + pad


def _power_difference(low: float, high: float, best: float, worst: float) -> float:
    """Return the power difference of two stages in dB: 5, unless the second would not be 0.3 to 2 dB noisier."""
    second = (worst - best) / (10 ** (-(2 * low - high - 5) / 10) - 10 ** (-(high - 5) / 10))
    first = best - second * 10 ** (-(high - 5) / 10)
    above = 10 * math.log10(second / first)
    if 0.3 < above < 2:
        return 5.0
    bound = first * 10 ** (min(max(above, 0.3), 2) / 10)
    return high - 10 * math.log10(bound / (best - first))


def _lost(view: View, line: PlanLine, span: PlanSpan, power: float, baud: int) -> tuple[float, float] | None:
    """Return the loss of a span in dB and its nonlinear noise over the signal.

    `8/27 (gamma L_eff)^2 G^2 asinh(pi^2/2 |beta_2| L_a R^2 N^(2 R/df)) / (pi |beta_2| L_a)` of a whole comb.
    Source: Poggiolini, "The GN model of non-linear propagation in uncompensated coherent optical systems", JLT 2012.
    """
    area = number(view.part(span.grade), "effective_area_um2")
    per_km, dispersion = span.attenuation_mdb_per_km, span.dispersion_fs
    joints = ((span.splices, span.splice_loss_mdb), (span.connectors, span.connector_loss_mdb))
    if area is None or per_km is None or dispersion is None or any(n and loss is None for n, loss in joints):
        return None
    loss = span.length_mm * per_km / 1e9 + sum(n * (each or 0) for n, each in joints) / 1000
    entry = (span.connector_loss_mdb or 0) / 1000 if span.connectors else 0.0
    decay = max(per_km, 1) / 1000 / (10 * math.log10(math.e))  # 1/km
    effective = -math.expm1(-decay * span.length_mm / 1e6) / decay
    beta2 = max(abs(dispersion), 1) / 1000 * 1550.0**2 / (2 * math.pi * _LIGHT) * 1e3  # ps²/km
    gamma = 2 * math.pi * 2.6e-20 / (1550e-9 * area * 1e-12) * 1000  # 1/(W km)
    rate, step = baud / 1e9, line.grid_mhz / 1e6  # THz
    density = 10 ** ((power - entry) / 10) / 1000 / rate  # W/THz
    reach = math.pi**2 / 2 * beta2 / decay * rate**2 * line.channels ** (2 * rate / step)
    noise = 8 / 27 * (gamma * effective * density) ** 2 * math.asinh(reach) / (math.pi * beta2 / decay)
    return loss, noise * _BAND_HZ / 1e12 / rate


def _penalty(line: PlanLine, receiver: PlanPart) -> int:
    """Return the penalties of dispersion, PMD and PDL together in 0.001 dB; one that is not known counts nothing."""
    cd = [span.length_mm * (span.dispersion_fs or 0) / 1e6 for span in line.spans]
    pmd = [(span.pmd_fs or 0) ** 2 * span.length_mm / 1e6 for span in line.spans]
    amounts = {"dispersion": sum(cd), "pmd": math.sqrt(sum(pmd)), "pdl": float(line.pdl_mdb or 0)}
    return round(sum(_interpolated(numbers(receiver, f"coherent.{name}"), at) for name, at in amounts.items()))


def _interpolated(table: tuple[int, ...], at: float) -> float:
    points = [(0, 0), *zip(table[::2], table[1::2], strict=False)] if table and table[0] > 0 else []
    points = points or list(zip(table[::2], table[1::2], strict=False))
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return float(points[-1][1]) if points and at > points[-1][0] else 0.0


def _needed(receiver: PlanPart, power: float) -> int:
    """Return the OSNR that a module needs at a power: the least of its windows there."""
    windows = numbers(receiver, "coherent.window")
    rows = [windows[at : at + 3] for at in range(0, len(windows), 3)]
    here = [need for low, high, need in rows if low / 1000 - 0.002 <= power <= high / 1000 + 0.002]
    return min(here) if here else number(receiver, "coherent.osnr_min_mdb") or 0
