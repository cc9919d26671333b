"""The stage: one part per class of links, under every rule, policy and requirement, best by the objectives."""

from __future__ import annotations

from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import GaveUp
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions, Tried, options_of
from optidsl.optics.check_governed import refused_boxes
from optidsl.optics.classify import views
from optidsl.optics.decode import decode
from optidsl.optics.held import Held, held, is_costly, knows_paths, names_of, search_held, tell_cost, upgraded
from optidsl.optics.model import Model, assemble
from optidsl.optics.report import report
from optidsl.optics.score import score_of
from optidsl.optics.search import BESIDE_LOCK, Found, confirm, search
from optidsl.optics.tables import Choice
from optidsl.sema.design import Design


def choose(
    design: Design, placed: PlacedFabric, context: Context, *, recheck: bool, tried: Tried | None = None
) -> Choice | None:
    """Choose the parts of every link class.

    Args:
        design: catalogue, policy, requirements and objectives.
        placed: links with their lengths.
        context: the sink; `pins.picks` hold while they fit, `options.rlimit` bounds the solver's effort.
        recheck: have the solver confirm a choice that was found without it.
        tried: what the choice for another shape of the same network found out; a failure is then not explained.

    Returns:
        The choice, or None when the sink holds an error.
    """
    refused_boxes(design, placed.tables.groups, context.sink)
    classes = _options(design, placed, tried)
    try:
        return _choose(design, placed, classes, context, recheck=recheck, is_trial=tried is not None)
    except GaveUp as limit:
        _tell_limit(design, limit, context)
        return None


def _options(design: Design, placed: PlacedFabric, tried: Tried | None = None) -> list[ClassOptions]:
    tried = Tried() if tried is None else tried
    return [options_of(design, view, tried) for view in views(design, placed)]


def _choose(
    design: Design,
    placed: PlacedFabric,
    classes: list[ClassOptions],
    context: Context,
    *,
    recheck: bool,
    is_reseated: bool = False,
    is_trial: bool = False,
) -> Choice | None:
    found = None
    if all(each.open for each in classes):
        model = assemble(design, placed, classes, [each.open for each in classes], {})
        found = search(model, context.options.rlimit)
    if found is None:
        from optidsl.optics.reseat import reseat

        other = None if is_reseated else reseat(design, placed, classes, context)
        if other is not None and other.placed is not None:
            again = _options(design, other.placed)
            return _choose(design, other.placed, again, context, recheck=recheck, is_reseated=True, is_trial=is_trial)
        if is_trial:
            return None
        if other is None or not other.is_told:
            from optidsl.optics.explain import explain

            explain(design, placed, classes if other is None else other.classes, context)
        return None
    if not is_trial and not knows_paths(design, classes, context):
        return None
    pinned = held(classes, placed.tables, context)
    if pinned.kept or pinned.gone:
        kept = _kept(design, placed, model, pinned, found, context, is_trial=is_trial)
        if kept is None:
            return None
        found = kept
    if recheck:
        confirm(model, found.picks, context.options.rlimit)
    choice = _finish(design, placed, model, found, pinned, context)
    return replace(choice, tables=placed.tables) if is_reseated and choice is not None else choice


def _kept(
    design: Design, placed: PlacedFabric, model: Model, pinned: Held, best: Found, context: Context, *, is_trial: bool
) -> Found | None:
    """Return the best choice that keeps what the lock holds, and say what that costs; None when it cannot be kept."""
    if not pinned.gone:
        moving = upgraded(model.classes, placed, context)
        names = names_of(model, best)
        if not moving and all(names[row] == name for row, name in pinned.kept.items()):
            return best
        rows = [each.open for each in model.classes]
        liking = assemble(design, placed, model.classes, rows, moving) if moving else model
        found = search_held(model, liking, pinned.kept, context.options.rlimit)
        if found is not None and is_costly(model, found, best):
            if not is_trial:
                tell_cost(model, found, best, context, design)
            return replace(found, proof=f"{found.proof} {BESIDE_LOCK}")
        if found is not None:
            return found
    if not is_trial:
        from optidsl.optics.stuck import tell_stuck

        tell_stuck(design, model, pinned, context)
    return None


def _finish(
    design: Design, placed: PlacedFabric, model: Model, found: Found, pinned: Held, context: Context
) -> Choice | None:
    report(design, placed, model, found.picks, context)
    if not found.is_proven:
        _tell_gap(design, found, context)
    if context.sink.has_errors:
        return None
    choice = decode(model, found.picks, frozenset(pinned.kept))
    return replace(choice, proof=found.proof, score=score_of(design, model, found.picks))


def _tell_gap(design: Design, found: Found, context: Context) -> None:
    best = f", and nothing is below {found.bound}" if found.bound else ""
    context.sink.warning(
        "solver-gave-up",
        f"the solver used up its limit of {context.options.rlimit:,} units before the choice was proven: "
        f"{found.proof}{best}",
        design.policy.origin.span if design.policy.origin is not None else design.span,
        "while choosing parts",
        helps=("raise the limit with --rlimit, or state a module, medium or cable where you know it",),
    )


def _tell_limit(design: Design, limit: GaveUp, context: Context) -> None:
    known = "" if limit.best is None else f" (best value so far {limit.best:,}, none below {limit.bound:,} exists)"
    context.sink.error(
        "solver-gave-up",
        f"the solver used up its limit of {context.options.rlimit:,} units before any choice was found{known}",
        design.policy.origin.span if design.policy.origin is not None else design.span,
        "while choosing parts",
        helps=("raise the limit with --rlimit, or state a module, medium or cable where you know it",),
    )
