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
from optidsl.optics.model import Model, Picks, assemble
from optidsl.optics.report import report
from optidsl.optics.search import confirm, search
from optidsl.optics.tables import Choice
from optidsl.sema.design import Design


def choose(design: Design, placed: PlacedFabric, context: Context, *, recheck: bool) -> Choice | None:
    """Choose the parts of every link class.

    Args:
        design: catalogue, policy, requirements and objectives.
        placed: links with their lengths.
        context: the sink; `options.picks` are kept where equals tie, `options.rlimit` bounds the solver's effort.
        recheck: have the solver confirm a choice that was found without it.

    Returns:
        The choice, or None when the sink holds an error.
    """
    refused_boxes(design, placed.tables.groups, context.sink)
    classes = _options(design, placed)
    try:
        return _choose(design, placed, classes, context, recheck=recheck)
    except GaveUp as limit:
        _tell_limit(design, limit, context)
        return None


def _options(design: Design, placed: PlacedFabric) -> list[ClassOptions]:
    tried = Tried()
    return [options_of(design, view, tried) for view in views(design, placed)]


def _choose(
    design: Design,
    placed: PlacedFabric,
    classes: list[ClassOptions],
    context: Context,
    *,
    recheck: bool,
    is_reseated: bool = False,
) -> Choice | None:
    picks = None
    if all(each.open for each in classes):
        model = assemble(design, placed, classes, [each.open for each in classes], context.options.picks)
        picks = search(model, context.options.rlimit)
    if picks is None:
        from optidsl.optics.reseat import reseat

        other = None if is_reseated else reseat(design, placed, classes, context)
        if other is not None and other.placed is not None:
            again = _options(design, other.placed)
            return _choose(design, other.placed, again, context, recheck=recheck, is_reseated=True)
        if other is None or not other.is_told:
            from optidsl.optics.explain import explain

            explain(design, placed, classes if other is None else other.classes, context)
        return None
    if recheck:
        confirm(model, picks, context.options.rlimit)
    choice = _finish(design, placed, model, picks, context)
    return replace(choice, tables=placed.tables) if is_reseated and choice is not None else choice


def _finish(design: Design, placed: PlacedFabric, model: Model, picks: Picks, context: Context) -> Choice | None:
    report(design, placed, model, picks, context)
    return None if context.sink.has_errors else decode(model, picks)


def _tell_limit(design: Design, limit: GaveUp, context: Context) -> None:
    known = "" if limit.best is None else f" (best value so far {limit.best:,}, none below {limit.bound:,} exists)"
    context.sink.error(
        "solver-gave-up",
        f"the solver used up its limit of {context.options.rlimit:,} units before a choice was proven{known}",
        design.policy.origin.span if design.policy.origin is not None else design.span,
        "while choosing parts",
        helps=("raise the limit with --rlimit, or state a module, medium or cable where you know it",),
    )
