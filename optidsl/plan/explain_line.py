"""Explain a line of a plan: its spans, its amplifiers, and how the OSNR of what arrives comes about."""

from __future__ import annotations

from optidsl.plan.line_model import PlanAmplifier, PlanLine, PlanSignal
from optidsl.plan.model import Plan


def explain_line(plan: Plan, what: str) -> list[str] | None:
    """Return what there is to say of a line, or None when there is none of that name."""
    line = next((line for line in plan.lines if line.name == what), None)
    if line is None:
        return None
    spans = "1 span" if len(line.spans) == 1 else f"{len(line.spans)} spans"
    lines = [
        f"line {line.name}: {line.length_mm / 1e6:g} km in {spans} of route {line.route}, {line.a} to {line.z}, "
        f"written at {line.source_ref}",
        f"  waves      {line.waves} of {line.channels} channels of {line.grid_mhz / 1000:g} GHz",
        f"  latency    {'not known' if line.latency_ns is None else f'{line.latency_ns / 1000:g} us one way'}",
        f"  mux        {line.mux} at each end",
    ]
    for place in range(len(line.spans) + 1):
        lines += [_amplifier(line, each) for each in line.amplifiers if each.at == place]
        if place < len(line.spans):
            span = line.spans[place]
            loss = "" if span.attenuation_mdb_per_km is None else f", {span.attenuation_mdb_per_km / 1000:g} dB/km"
            lines.append(f"  span       {span.name}: {span.length_mm / 1e6:g} km of {span.grade}{loss}")
    for signal in plan.signals:
        link_class = plan.classes[signal.link_class]
        if link_class.line == line.name:
            lines += [f"  wave       {link_class.name}: {link_class.candidate}", *explain_signal(signal)]
    return lines


def _amplifier(line: PlanLine, each: PlanAmplifier) -> str:
    gain = "restores the launch" if each.gain_mdb is None else f"{each.gain_mdb / 1000:g} dB"
    if each.gain_mdb is None and line.launch_mdbm is not None:
        gain += f" of {line.launch_mdbm / 1000:g} dBm"
    return f"  {each.role:<10} {each.model}, {gain}"


def explain_signal(signal: PlanSignal) -> list[str]:
    """Return the terms of what arrives at the worse end of a class, one line each."""
    lines = [
        f"    {term.name:<24} OSNR {term.osnr_mdb / 1000:>6.2f} dB alone, at {term.level_mdbm / 1000:g} dBm"
        + (f", gain {term.gain_mdb / 1000:g} dB" if term.gain_mdb else "")
        for term in signal.terms
    ]
    lines.append(
        f"    {'together':<24} OSNR {signal.osnr_mdb / 1000:>6.2f} dB, received {signal.receive_mdbm / 1000:g} dBm"
    )
    lines.append(f"    {'penalties':<24}     -{signal.penalty_mdb / 1000:>6.2f} dB")
    lines.append(f"    {'needed':<24}     -{signal.needed_mdb / 1000:>6.2f} dB by {signal.receiver}")
    return [*lines, f"    {'margin':<24}      {signal.margin_mdb / 1000:>6.2f} dB"]
