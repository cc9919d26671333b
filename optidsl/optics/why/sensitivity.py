"""Every number of a design that could flip the choice, or those that concern one path."""

from __future__ import annotations

from optidsl.optics.why.flips import Sensitivity
from optidsl.optics.why.flips_limits import limit_flips
from optidsl.optics.why.flips_numbers import length_flips, policy_flips
from optidsl.optics.why.flips_shape import shape_flips
from optidsl.optics.why.paths import rows_of
from optidsl.optics.why.study import Study


def sensitivity(study: Study, path: str = "") -> tuple[Sensitivity, ...] | None:
    """Return how far numbers can move before the choice of parts changes: lengths, then the policy, then limits.

    Args:
        study: the choice.
        path: of a class of links, of its fabric, or the name of a number; "" for all.

    Returns:
        None when the path names nothing that has such numbers.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    everything = tuple(range(len(study.classes)))
    fabrics = tuple(shape.fabric.name for shape in study.placed.tables.shapes)
    if not path:
        return (
            *shape_flips(study, fabrics),
            *length_flips(study, everything),
            *policy_flips(study),
            *limit_flips(study),
        )
    if path.removesuffix(".oversubscription") in fabrics and path.endswith(".oversubscription"):
        return tuple(shape_flips(study, (path.removesuffix(".oversubscription"),)))
    rows, attribute = rows_of(study, path)
    rows = rows or [at for at in everything if study.classes[at].view.fabric.name == path]
    others = (*policy_flips(study), *limit_flips(study))
    if not rows:
        return tuple(each for each in others if each.name == path) or None
    lengths = (*shape_flips(study, (path,)), *length_flips(study, rows))
    if attribute == "length":
        return lengths
    names = {study.classes[row].view.link_class.name for row in rows}
    return (*lengths, *(each for each in others if _concerns(each, names)))


def _concerns(each: Sensitivity, names: set[str]) -> bool:
    """Tell whether a number changes what one of some classes has, or makes all impossible."""
    flips = [flip for flip in (each.down, each.up) if flip is not None]
    return any(flip.is_end or names & {name for name, _ in flip.then} for flip in flips)


def numbers(study: Study) -> list[str]:
    """Return the name of every number that may be asked for."""
    shapes = [f"{shape.fabric.name}.oversubscription" for shape in study.placed.tables.shapes]
    return [*shapes, *(each.name for each in (*policy_flips(study), *limit_flips(study)))]
