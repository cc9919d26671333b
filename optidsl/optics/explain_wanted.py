"""Why the parts that the author asks for are none of those that fit."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.catalog.parts import Catalog
from optidsl.optics.candidates import ClassOptions, Unfit
from optidsl.optics.statement import Statement, admits, limits


def wanted_notes(catalog: Catalog, each: ClassOptions, core: Sequence[Statement]) -> list[str]:
    """Say of a module, medium or cable that the author insists on where its parts do not fit, nearest part first.

    Args:
        catalog: where the media of modules are.
        each: the class with what did not fit.
        core: the statements in conflict.

    Returns:
        One reason for each end that takes no wanted module, and one for wanted cables with their plugs on.
    """
    topics = {statement.topic for statement in core}
    connect = each.view.segment.connect
    notes: list[str] = []
    if "module" in topics and limits(connect.module):
        notes += _among(each, {name for name in catalog.transceivers if admits(connect.module, name)})
    if "medium" in topics and limits(connect.medium):
        media = {name: part.medium.value for name, part in catalog.transceivers.items()}
        notes += _among(each, {name for name, medium in media.items() if admits(connect.medium, medium)})
        cables = {name for name, part in catalog.direct_cables.items() if admits(connect.medium, part.technology.value)}
        notes += _nearest([unfit for unfit in each.unfit if unfit.where == "direct" and unfit.name in cables])
    if "cable" in topics and limits(connect.cable):
        notes += _nearest(
            [
                unfit
                for unfit in each.unfit
                if unfit.where in ("fiber", "direct") and any(admits(connect.cable, name) for name in _parts(unfit))
            ]
        )
    return list(dict.fromkeys(notes))


def _parts(unfit: Unfit) -> list[str]:
    return unfit.name.split(" + ")


def _among(each: ClassOptions, wanted: set[str]) -> list[str]:
    """Return why wanted modules do not go together, or else a reason for each end that takes none of them."""
    together = [unfit for unfit in each.unfit if unfit.where == "pair" and set(_parts(unfit)) <= wanted]
    together += [unfit for unfit in each.unfit if unfit.where == "fiber" and set(_parts(unfit)[::2]) <= wanted]
    if together:
        return _nearest(together)
    notes: list[str] = []
    for where in ("a", "z"):
        misses = [unfit for unfit in each.unfit if unfit.where == where and unfit.name in wanted]
        if wanted and len({miss.name for miss in misses}) == len(wanted):
            notes += _nearest(misses)
    return notes


def _nearest(misses: list[Unfit]) -> list[str]:
    nearest = min(misses, key=lambda unfit: (-unfit.depth, unfit.name), default=None)
    return [] if nearest is None else [nearest.check.detail]
