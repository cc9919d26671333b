"""The stages up to the choice of parts, for a design that leaves shapes open."""

from __future__ import annotations

from typing import Protocol

from optidsl._context import Context
from optidsl._pins import Pins
from optidsl._record import record, replace
from optidsl.diag import Diagnostic, Sink
from optidsl.fabric.openness import is_new_choice, open_fabrics
from optidsl.joint.decide import Decided, decide
from optidsl.joint.pinned import held
from optidsl.joint.search import Outcome
from optidsl.joint.words import Considered
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import Tried
from optidsl.optics.search import OPTIMAL
from optidsl.optics.tables import Choice
from optidsl.sema.design import Design

Found = tuple[Design, PlacedFabric, Choice, tuple[Considered, ...]]


class Build(Protocol):
    """Build, place and equip a design as it stands."""

    def __call__(
        self, design: Design, context: Context, *, recheck: bool, tried: Tried | None = None
    ) -> Outcome | None:
        """Return where everything stands and which parts serve, None when the context's sink holds errors."""
        ...


@record(frozen=True, slots=True)
class _Tale:
    """What came of a design, and what was said meanwhile."""

    decided: Decided
    diagnostics: tuple[Diagnostic, ...]

    @property
    def outcome(self) -> Outcome | None:
        return self.decided.outcome


def check_open(design: Design, context: Context, build: Build, *, recheck: bool) -> Found | None:
    """Return the design with its shapes decided and the outcome, None when the sink holds an error.

    What is in service holds where it works. Without an objective, and with no choice but of numbers and models, the
    closed form's shape holds wherever it works; other shapes are looked at only when it does not.
    """
    context.progress("weighing shapes")
    kept = held(design, context)
    tale = _weigh(kept, context, build)
    if kept is not design:
        if tale.outcome is None:
            tale = _weigh_less(design, kept, context, build)
        elif design.objectives or open_fabrics(design):
            tale = _kept(_weigh(design, _unpinned(context), build), tale, context)
    decided, outcome = tale.decided, tale.outcome
    if outcome is None:
        _emit(tale.diagnostics, decided.notes, context.sink)
        return None
    if not decided.unknown and not decided.proof.startswith(OPTIMAL) and outcome[1].proof.startswith(OPTIMAL):
        _tell_gap(design, decided, context)
    if not recheck and not context.pins.picks:
        _emit(tale.diagnostics, (), context.sink)
        return decided.design, *_proven(decided, outcome), decided.considered
    again = build(decided.design, context, recheck=recheck)
    return None if again is None else (decided.design, *_proven(decided, again), decided.considered)


def _weigh_less(design: Design, kept: Design, context: Context, build: Build) -> _Tale:
    """Return the best of a design that cannot keep its sizes: with the rest of what is in service, else anew."""
    less = held(design, context, with_ports=False)
    if less not in (kept, design):
        tale = _weigh(less, context, build)
        if tale.outcome is not None:
            return tale
    return _weigh(design, context, build)


def _kept(free: _Tale, kept: _Tale, context: Context) -> _Tale:
    """Return what keeps what is in service, beside all that was weighed without that; say what it costs."""
    if kept.decided.design.fabrics == free.decided.design.fabrics or _built_as(kept) == _built_as(free):
        return replace(kept, decided=replace(free.decided, design=kept.decided.design, outcome=kept.outcome))
    _tell_price(kept, free, context)
    words = free.decided.words.partition(";")[0]
    decided = replace(kept.decided, words=f"{words}; the lock keeps this one") if words else kept.decided
    others = tuple(replace(each, is_chosen=False) for each in free.decided.considered)
    own = next((each for each in kept.decided.considered if each.is_chosen), None)
    mine = tuple(each for each in others if own is not None and each.words == own.words)
    rest = tuple(each for each in others if each not in mine)
    considered = (*(replace(each, is_chosen=True) for each in mine), *rest) if mine else kept.decided.considered
    return replace(kept, decided=replace(decided, considered=considered))


def _built_as(tale: _Tale) -> object:
    """Return what is built, whatever decided it; nothing like it where nothing is."""
    if tale.outcome is None:
        return tale
    tables = tale.outcome[0].tables
    sizes = [(each.fabric.kind, each.planes, each.tiers, each.counts, each.down, each.up) for each in tables.shapes]
    places = [tier.place for each in tables.shapes for tier in each.fabric.tiers]
    models = [(group.name, group.model.name) for group in tables.groups]
    parameters = [(each.parameters, each.pods, [s.rate_mbps for s in tables.segments]) for each in tables.shapes]
    return sizes, places, models, parameters


def _unpinned(context: Context) -> Context:
    """Return the context of a design that was never built."""
    return replace(context, pins=Pins())


def _weigh(design: Design, context: Context, build: Build) -> _Tale:
    """Return the best of a design; of one that no shape saves, what was said of the shape that comes first."""
    alone: tuple[Diagnostic, ...] = ()
    is_open = bool(open_fabrics(design))
    if not is_open or (not design.objectives and not any(is_new_choice(fabric) for fabric in design.fabrics)):
        outcome, alone = _alone(design, context, build)
        if outcome is not None:
            return _Tale(Decided(design, outcome, alone, (), outcome[1].proof, ""), alone)
    decided = decide(design, context, lambda each, own, tried: build(each, own, recheck=False, tried=tried))
    if decided.outcome is not None:
        return _Tale(decided, decided.diagnostics)
    if not alone or not decided.is_first:
        _, alone = _alone(decided.design, context, build)
    return _Tale(decided, alone)


def _alone(design: Design, context: Context, build: Build) -> tuple[Outcome | None, tuple[Diagnostic, ...]]:
    sink = Sink()
    outcome = build(design, replace(context, sink=sink), recheck=False)
    return outcome, tuple(sink.sorted())


def _tell_price(kept: _Tale, free: _Tale, context: Context) -> None:
    """Say what it would save to build anew what is in service, where the objectives would be better met."""
    if kept.outcome is None or free.outcome is None:
        return
    mine, other = kept.outcome[1].score, free.outcome[1].score
    if mine is None or other is None or other.missing > mine.missing or other.values >= mine.values:
        return
    at = next(at for at, (a, b) in enumerate(zip(mine.values, other.values, strict=True)) if a != b)
    pairs = zip(kept.decided.design.fabrics, free.decided.design.fabrics, strict=True)
    moving = [ours.name for ours, theirs in pairs if ours != theirs]
    words = [each.words for each in free.decided.considered if each.is_chosen and each.fabric in moving]
    context.sink.warning(
        "pins-cost",
        f"the lock keeps the shape of the network: {mine.shown[at]} in place of {other.shown[at]} with "
        f"{'; '.join(words)}",
        kept.decided.design.objectives[at].span,
        helps=(f"`{' '.join(f'--upgrade {name}' for name in moving)}` takes it",),
    )


def _tell_gap(design: Design, decided: Decided, context: Context) -> None:
    """Say that the shape is not proven to be the best one, and how far from it it may be."""
    fabric = open_fabrics(design)[0]
    limit = f"the limit of {context.options.rlimit:,} units was used up before every shape was weighed"
    helps = ["raise the limit with --rlimit"] if not decided.is_cut else []
    context.sink.warning(
        "solver-gave-up",
        f"{'more numbers are left open than are tried' if decided.is_cut else limit}: {decided.proof}",
        fabric.origin.span,
        "while weighing its shapes",
        notes=(decided.words.partition(";")[0],),
        helps=(*helps, "decide more of the fabric: its kind, tiers, models, planes or numbers"),
    )


def _proven(decided: Decided, outcome: Outcome) -> Outcome:
    """Return the outcome with the proof of the whole choice, shapes included."""
    placed, choice = outcome
    return placed, replace(choice, proof=decided.proof, shapes=decided.words if len(decided.considered) > 1 else "")


def _emit(diagnostics: tuple[Diagnostic, ...], notes: tuple[str, ...], sink: Sink) -> None:
    """Emit what was found; the first error carries what other shapes failed on."""
    for each in diagnostics:
        if notes and each.severity == "error":
            each, notes = replace(each, notes=(*each.notes, *notes)), ()
        sink.emit(each)
