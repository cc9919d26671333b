"""Why there is no choice of parts: every independent conflict once, each with what would resolve it."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl._record import replace
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.explain_class import class_conflicts, tell_class_conflict
from optidsl.optics.explain_design import derived_conflicts, design_conflicts, tell_design_conflict
from optidsl.optics.relax import Whole
from optidsl.sema.design import Design


def explain(design: Design, placed: PlacedFabric, classes: Sequence[ClassOptions], context: Context) -> None:
    """Report every conflict, one error each.

    Conflicts share no statement. The changes offered for one were tried on the whole design with the statements of the
    other conflicts set aside, or moved as their own errors offer.
    """
    stopped = class_conflicts(design, classes)
    some = tuple(each for each in classes if each.options)
    by_class = frozenset(key for each in stopped for key in each.keys)
    whole = Whole(design, placed, some, context, by_class)
    model = whole.model(some, [each.options for each in some])
    # Amounts over the whole choice mean nothing while some links have no part at all.
    found = (derived_conflicts if len(some) < len(classes) else design_conflicts)(whole, model)
    every = by_class.union(*(each.keys for each in found))
    for conflict in stopped:
        tell_class_conflict(replace(whole, waived=every - conflict.keys), conflict)
    raised: dict[str, int] = {}
    for design_conflict in found:
        waived = every - design_conflict.keys - raised.keys()
        trial = replace(whole, waived=waived, raised=raised)
        raised = {**raised, **tell_design_conflict(trial, model, design_conflict)}
