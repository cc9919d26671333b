"""Lines and their waves as records of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from optidsl._context import Context
from optidsl.catalog.parts import Catalog, Fact, Part
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.check_line import ways
from optidsl.optics.check_osnr import Signal, signal_of
from optidsl.optics.tables import Choice
from optidsl.physics.coherent import amplifier_noise, noise_of, ratio_mdb
from optidsl.plan.line_model import PlanAmplifier, PlanLine, PlanSignal, PlanSpan, PlanTerm
from optidsl.plan.model import PlanPart
from optidsl.plan.part_facts import plan_part
from optidsl.sema.design import Design
from optidsl.sema.transport import Line, LineAmplifier, RouteSpan

if TYPE_CHECKING:
    from optidsl.catalog.coherent import Coherent


def plan_lines(design: Design, placed: PlacedFabric, context: Context) -> tuple[PlanLine, ...]:
    """Return one record per line of the design."""
    rows = placed.lengths.line
    waves = [] if rows is None else np.bincount(rows[rows >= 0], minlength=len(design.lines)).tolist()
    return tuple(_line(line, waves[number], context) for number, line in enumerate(design.lines))


def _line(line: Line, waves: int, context: Context) -> PlanLine:
    route = line.route
    delays = [(span.length_mm, span.grade.latency_ns) for span in route.spans]
    known = [length * fact.value for length, fact in delays if fact is not None]
    return PlanLine(
        name=line.name,
        route=route.name,
        a=".".join(route.a[1:]),
        z=".".join(route.z[1:]),
        length_mm=route.length_mm,
        latency_ns=-(-sum(known) // 1_000_000) if len(known) == len(delays) else None,
        grid_mhz=line.grid_mhz,
        channels=line.channels,
        waves=waves,
        mux=line.mux.name,
        transmit_mdbm=_value(line.transmit_mdbm),
        launch_mdbm=line.launch_mdbm,
        pdl_mdb=_value(line.pdl_mdb),
        span_loss_mdb=line.span_loss_mdb,
        spans=tuple(_span(span, context) for span in route.spans),
        amplifiers=tuple(_amplifier(each, context) for each in line.amplifiers),
        source_ref=context.sources.written(line.origin.span),
    )


def _value(fact: Fact[int] | None) -> int | None:
    return None if fact is None or fact.confidence == "unverified" else fact.value


def _span(span: RouteSpan, context: Context) -> PlanSpan:
    return PlanSpan(
        name=span.name,
        grade=span.grade.name,
        length_mm=span.length_mm,
        attenuation_mdb_per_km=_value(span.loss_mdb_per_km),
        splices=span.splices,
        splice_loss_mdb=_value(span.splice_loss_mdb),
        connectors=span.connectors,
        connector_loss_mdb=_value(span.connector_loss_mdb),
        dispersion_fs=_value(span.dispersion_fs),
        pmd_fs=_value(span.pmd_fs),
        source_ref=context.sources.written(span.origin.span),
    )


def _amplifier(each: LineAmplifier, context: Context) -> PlanAmplifier:
    return PlanAmplifier(
        name=each.name,
        role=each.role,
        at=each.at,
        model=each.model.name,
        gain_mdb=_value(each.gain_mdb),
        noise_figure_mdb=_value(each.noise_figure_mdb),
        source_ref=context.sources.written(each.origin.span),
    )


def plan_signals(choice: Choice) -> tuple[PlanSignal, ...]:
    """Return what arrives at the worse end of every class over a line, where every figure for it is known."""
    found = []
    for row, chosen in enumerate(choice.classes):
        line, a, z = chosen.candidate.line, chosen.candidate.a_module, chosen.candidate.z_module
        if line is None or a is None or z is None:
            continue
        signals = [signal for way in ways(line, a, z) if (signal := signal_of(way)) is not None]
        if signals:
            found.append(_signal(row, min(signals, key=lambda signal: signal.margin_mdb)))
    return tuple(found)


def _signal(row: int, signal: Signal) -> PlanSignal:
    way = signal.way
    own: Coherent | None = way.sender.coherent
    sent = 0 if own is None or own.tx_osnr_mdb is None else own.tx_osnr_mdb.value
    terms = [PlanTerm(name=f"{way.sender.name} as sent", level_mdbm=way.sent_mdbm, gain_mdb=0, osnr_mdb=sent)]
    for stage in way.walk.stages:
        noise = amplifier_noise(stage.input_mdbm, stage.noise_figure_mdb or 0)
        name, osnr = stage.amplifier.name, ratio_mdb([noise])
        terms.append(PlanTerm(name=name, level_mdbm=stage.input_mdbm, gain_mdb=stage.gain_mdb, osnr_mdb=osnr))
    rest = noise_of(signal.gsnr_mdb) - noise_of(signal.osnr_mdb)
    if rest > 0:
        level = max(passage.launch_mdbm for passage in way.walk.passages)
        terms.append(PlanTerm(name="nonlinear noise", level_mdbm=level, gain_mdb=0, osnr_mdb=ratio_mdb([rest])))
    return PlanSignal(
        link_class=row,
        receiver=way.receiver.name,
        terms=tuple(terms),
        receive_mdbm=way.walk.receive_mdbm,
        osnr_mdb=signal.gsnr_mdb,
        penalty_mdb=signal.penalty_mdb,
        needed_mdb=signal.needed_mdb,
        margin_mdb=signal.margin_mdb,
    )


def line_parts(lines: tuple[Line, ...], choice: Choice, catalog: Catalog) -> dict[str, PlanPart]:
    """Return the parts of lines: amplifiers, multiplexers, glass, and the waves that stand in for fibre."""
    used: dict[str, Part] = {}
    for line in lines:
        used[line.mux.name] = line.mux
        used.update({each.model.name: each.model for each in line.amplifiers})
        used.update({span.grade.name: catalog.fiber_grades[span.grade.name] for span in line.route.spans})
    parts = {name: plan_part(part) for name, part in used.items()}
    for chosen in choice.classes:
        wave = chosen.candidate.fiber
        if chosen.candidate.line is not None and wave is not None:
            parts[wave.name] = plan_part(wave).model_copy(update={"kind": "line"})
    return parts


def with_lines(parts: Mapping[str, PlanPart], more: Mapping[str, PlanPart]) -> dict[str, PlanPart]:
    """Return parts by name with those of lines among them."""
    return dict(sorted({**parts, **more}.items()))
