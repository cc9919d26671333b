"""Light on its way over a line: the level of a channel before and after every amplifier and span."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import record
from optidsl.optics.verdict import Ground
from optidsl.physics.coherent import Comb, Glass, amplifier_noise, noise_figure_mdb, nonlinear_noise, two_stages
from optidsl.sema.transport import Line, LineAmplifier, RouteSpan


@record(frozen=True, slots=True)
class Stage:
    """An amplifier at work; levels are of one channel. `noise_figure_mdb` is None where no figure says it."""

    amplifier: LineAmplifier
    input_mdbm: int
    gain_mdb: int
    noise_figure_mdb: int | None

    @property
    def output_mdbm(self) -> int:
        """The level after it."""
        return self.input_mdbm + self.gain_mdb


@record(frozen=True, slots=True)
class Passage:
    """A span on the way, with the level that enters its glass."""

    span: RouteSpan
    launch_mdbm: int
    loss_mdb: int


@record(frozen=True, slots=True)
class Walk:
    """A channel from a module through both multiplexers to the far one."""

    stages: tuple[Stage, ...]
    passages: tuple[Passage, ...]
    receive_mdbm: int


def plant_grounds(line: Line) -> tuple[Ground, ...]:
    """Return what the losses of a line rest on."""
    grounds: list[Ground] = [(f"{line.mux.name}.loss", line.mux.loss_mdb)]
    for span in line.route.spans:
        grounds.append((f"span {span.name}.loss", span.loss_mdb_per_km))
        if span.splices:
            grounds.append((f"span {span.name}.splice_loss", span.splice_loss_mdb))
        if span.connectors:
            grounds.append((f"span {span.name}.connector_loss", span.connector_loss_mdb))
    return tuple(grounds)


def noise_grounds(line: Line) -> Iterator[Ground]:
    """Yield what the noise of a line rests on: noise figures, and the glass."""
    for each in line.amplifiers:
        model = each.model
        if each.noise_figure_mdb is not None:
            yield f"{each.name}.noise_figure", each.noise_figure_mdb
        elif model.noise_figure_mdb is not None or model.noise_figure_best_mdb is None:
            yield f"{model.name}.noise_figure", model.noise_figure_mdb
        else:
            yield f"{model.name}.noise_figure_best", model.noise_figure_best_mdb
            yield f"{model.name}.noise_figure_worst", model.noise_figure_worst_mdb
    for span in line.route.spans:
        yield f"span {span.name}.dispersion", span.dispersion_fs
        yield f"{span.grade.name}.effective_area", span.grade.effective_area_um2


def span_loss_mdb(span: RouteSpan) -> int:
    """Return the most that a span loses; its figures must be usable."""
    per_km, splice, connector = span.loss_mdb_per_km, span.splice_loss_mdb, span.connector_loss_mdb
    fiber = 0 if per_km is None else -(-span.length_mm * per_km.value // 1_000_000)
    joints = 0 if splice is None else span.splices * splice.value
    return fiber + joints + (0 if connector is None else span.connectors * connector.value)


def walk(line: Line, level_mdbm: int, *, is_back: bool) -> Walk:
    """Follow a channel that a module sends with a level; `is_back` from the route's `to` to its `from`."""
    level = level_mdbm - line.mux.loss_mdb.value
    spans = line.route.spans[::-1] if is_back else line.route.spans
    by_place = {each.at: each for each in line.amplifiers if each.role == "amplifier"}
    stages: list[Stage] = []
    passages: list[Passage] = []
    level = _amplified(line, "booster", None, level, stages)
    for number, span in enumerate(spans, 1):
        entry = 0 if span.connector_loss_mdb is None or not span.connectors else span.connector_loss_mdb.value
        loss = span_loss_mdb(span)
        passages.append(Passage(span, level - entry, loss))
        between = by_place.get(len(spans) - number if is_back else number)
        level = _amplified(line, "amplifier", between, level - loss, stages)
    level = _amplified(line, "preamp", None, level, stages)
    return Walk(tuple(stages), tuple(passages), level - line.mux.loss_mdb.value)


def _amplified(line: Line, role: str, found: LineAmplifier | None, level_mdbm: int, stages: list[Stage]) -> int:
    """Return the level after an amplifier, which goes to the stages; unchanged where there is none."""
    amplifier = found or next((each for each in line.amplifiers if each.role == role != "amplifier"), None)
    if amplifier is None:
        return level_mdbm
    wanted = amplifier.gain_mdb
    gain = wanted.value if wanted is not None else (line.launch_mdbm or 0) - level_mdbm
    stage = Stage(amplifier, level_mdbm, gain, _noise_figure(amplifier, gain))
    stages.append(stage)
    return stage.output_mdbm


def _noise_figure(amplifier: LineAmplifier, gain_mdb: int) -> int | None:
    """Return the noise figure at a gain: as measured, else the model's, with the pad of a gain below its lowest."""
    model = amplifier.model
    if amplifier.noise_figure_mdb is not None:
        return amplifier.noise_figure_mdb.value
    low = model.gain_min_mdb
    if model.noise_figure_mdb is not None:
        return model.noise_figure_mdb.value + (0 if low is None else max(low.value - gain_mdb, 0))
    best, worst = model.noise_figure_best_mdb, model.noise_figure_worst_mdb
    if best is None or worst is None or low is None:
        return None
    stages = two_stages(low.value, model.gain_max_mdb.value, best.value, worst.value)
    return None if stages is None else noise_figure_mdb(stages, low.value, model.gain_max_mdb.value, gain_mdb)


def noises(line: Line, way: Walk, baud_kbaud: int) -> tuple[list[float], list[float]] | None:
    """Return the noise of every amplifier and of every span's glass over the signal; None when a figure is missing."""
    comb = Comb(line.channels, line.grid_mhz, baud_kbaud)
    amplified: list[float] = []
    for stage in way.stages:
        if stage.noise_figure_mdb is None:
            return None
        amplified.append(amplifier_noise(stage.input_mdbm, stage.noise_figure_mdb))
    nonlinear: list[float] = []
    for passage in way.passages:
        span = passage.span
        loss, dispersion, area = span.loss_mdb_per_km, span.dispersion_fs, span.grade.effective_area_um2
        if loss is None or dispersion is None or area is None:
            return None
        glass = Glass(span.length_mm, loss.value, abs(dispersion.value), area.value * 1000)
        nonlinear.append(nonlinear_noise(glass, passage.launch_mdbm, comb))
    return amplified, nonlinear
