"""Lines as records of the plan: what they are made of, and what arrives over them."""

from __future__ import annotations

from typing import Literal

from optidsl.plan.record import Record


class PlanSpan(Record):
    """A stretch of fibre of a route; figures are the worst at 1550 nm, None where none is known."""

    name: str
    grade: str
    length_mm: int
    attenuation_mdb_per_km: int | None
    splices: int
    splice_loss_mdb: int | None
    connectors: int
    connector_loss_mdb: int | None
    dispersion_fs: int | None  # for each nm and km
    pmd_fs: int | None  # for each root of a km
    source_ref: str


class PlanAmplifier(Record):
    """An amplifier of a line, one for each direction, after the first `at` spans. No gain: it restores the launch."""

    name: str
    role: Literal["booster", "amplifier", "preamp"]
    at: int
    model: str
    gain_mdb: int | None
    noise_figure_mdb: int | None  # as measured; the model's where None
    source_ref: str


class PlanLine(Record):
    """A line system: what its modules send, what enters its spans, and the waves that run over it."""

    name: str
    route: str
    a: str
    z: str
    length_mm: int
    latency_ns: int | None  # one way
    grid_mhz: int
    channels: int
    waves: int
    mux: str  # at each end
    transmit_mdbm: int | None
    launch_mdbm: int | None
    pdl_mdb: int | None
    span_loss_mdb: int | None
    spans: tuple[PlanSpan, ...]
    amplifiers: tuple[PlanAmplifier, ...]
    source_ref: str


class PlanTerm(Record):
    """A contribution to the noise of a wave: the level it meets, and the OSNR if it were the only one."""

    name: str
    level_mdbm: int
    gain_mdb: int
    osnr_mdb: int


class PlanSignal(Record):
    """What arrives over a line at the worse end of a class; `margin = osnr - penalty - needed`."""

    link_class: int
    receiver: str
    terms: tuple[PlanTerm, ...]
    receive_mdbm: int
    osnr_mdb: int  # with the nonlinear noise
    penalty_mdb: int
    needed_mdb: int
    margin_mdb: int
