"""Whether the statements of coherent modules, amplifiers and multiplexers agree with one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from optidsl.catalog.coherent import AmplifierModel, Coherent, MuxModel
from optidsl.diag import Span

Complaint = tuple[str, Span, str]


def coherent_complaints(own: Coherent, span: Span) -> Iterator[Complaint]:
    """Yield windows that are empty, and penalties that name no impairment or two of one."""
    for window in own.windows:
        if window.rx_min_mdbm.value > window.rx_max_mdbm.value:
            yield "a window ends below where it starts", window.rx_max_mdbm.span, "less than `rx_min`"
    for impairment in ("dispersion", "pmd", "pdl"):
        points = own.points(impairment)
        for before, after in pairwise(points):
            if before.at.value == after.at.value:
                yield f"two penalties for the same {impairment}", after.at.span, "stated before"


def amplifier_complaints(part: AmplifierModel) -> Iterator[Complaint]:
    """Yield ranges that end before they start, and noise figures that no amplifier has."""
    low, high = part.gain_min_mdb, part.gain_max_mdb
    if low is not None and low.value > high.value:
        yield "the gain ends below where it starts", high.span, "less than `gain_min`"
        return
    best, worst = part.noise_figure_best_mdb, part.noise_figure_worst_mdb
    if part.noise_figure_mdb is not None and (best is not None or worst is not None):
        yield "`noise_figure` stands beside those at the ends of the gain", part.noise_figure_mdb.span, "one or both"
    elif (best is None) != (worst is None) or (best is not None and low is None):
        words = "`noise_figure_best` and `noise_figure_worst` need each other and `gain_min`"
        yield words, part.span, "states only some of them"
    elif best is not None and worst is not None and best.value >= worst.value:
        yield "`noise_figure_best` is no better than `noise_figure_worst`", best.span, "the highest gain has the best"


def mux_complaints(part: MuxModel) -> Iterator[Complaint]:
    """Yield counts and losses that make no sense."""
    if part.channels.value < 1:
        yield f"{part.channels.value} channels: it has at least one", part.channels.span, "channels"
    if part.loss_mdb.value < 0:
        yield "the loss is below none", part.loss_mdb.span, "loss"
