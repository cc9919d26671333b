"""Why there is no choice of parts: every independent conflict once, each with what would resolve it."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import Span
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.explain_class import ClassConflict, class_conflicts, tell_class_conflict
from optidsl.optics.explain_design import DesignConflict, derived_conflicts, design_conflicts, tell_design_conflict
from optidsl.optics.whole import Whole
from optidsl.sema.design import Design

MOST_TRIED = 3
"""Conflicts for which ways out are tried: the rest is told, and looked at again when these are resolved."""


def explain(design: Design, placed: PlacedFabric, classes: Sequence[ClassOptions], context: Context) -> None:
    """Report every conflict, one error each.

    Conflicts share no statement. Ways out are tried for the first three in the source, on the whole design with the
    statements of the other conflicts set aside, or moved as their own errors offer.
    """
    stopped = class_conflicts(design, classes)
    some = tuple(each for each in classes if each.options)
    by_class = frozenset(key for each in stopped for key in each.keys)
    whole = Whole(design, placed, some, context, by_class)
    model = whole.model(some, [each.options for each in some])
    # Amounts over the whole choice mean nothing while some links have no part at all.
    found = (derived_conflicts if len(some) < len(classes) else design_conflicts)(whole, model)
    every = by_class.union(*(each.keys for each in found))
    tried = _first_in_source(stopped, found)
    for conflict in stopped:
        is_tried = id(conflict) in tried
        tell_class_conflict(replace(whole, waived=every - conflict.keys, is_tried=is_tried), conflict)
    raised: dict[str, int] = {}
    for design_conflict in found:
        waived = every - design_conflict.keys - raised.keys()
        trial = replace(whole, waived=waived, raised=raised, is_tried=id(design_conflict) in tried)
        raised = {**raised, **tell_design_conflict(trial, model, design_conflict)}


def _first_in_source(stopped: Sequence[ClassConflict], found: Sequence[DesignConflict]) -> frozenset[int]:
    """Return the ids of the conflicts that come first in the source: ways out are tried for these."""
    nowhere = Span(1 << 30, 0, 0)
    placed = [(min((one.span or nowhere for one in each.core), default=nowhere), id(each)) for each in stopped]
    placed += [(min((one.span or nowhere for one in each.core), default=nowhere), id(each)) for each in found]
    ordered = sorted(placed, key=lambda each: each[0])
    return frozenset(number for _, number in ordered[:MOST_TRIED])
