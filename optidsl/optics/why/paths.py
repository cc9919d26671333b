"""What a path of `explain` names among the links: a class, a segment, or an attribute of these."""

from __future__ import annotations

from optidsl.optics.why.link_class import ATTRIBUTES
from optidsl.optics.why.study import Study


def rows_of(study: Study, path: str) -> tuple[list[int], str]:
    """Return the classes that a path names, and the attribute after them ("" for none).

    A class is written as the compiler names it, `compute: leaf -- spine`, or as `compute.leaf--spine`; what stands in
    brackets behind it may be left out. A segment may be named by its tiers. `.module` and the like may follow.
    """
    spaced = " ".join(path.split())
    rows = _rows(study, spaced)
    if rows:
        return rows, ""
    head, dot, last = spaced.rpartition(".")
    if dot and last in ATTRIBUTES:
        return _rows(study, head), last
    return [], ""


def _rows(study: Study, path: str) -> list[int]:
    wanted = path.replace(" ", "")
    return [row for row in range(len(study.classes)) if wanted in spellings(study, row)]


def spellings(study: Study, row: int) -> tuple[str, ...]:
    """Return every way to write a class, without blanks."""
    view = study.classes[row].view
    full = view.link_class.name
    plain, _, mark = full.partition(" (")
    fabric, _, ends = plain.partition(": ")
    tiers = f"{view.segment.a}--{view.segment.z}"
    dotted = f"{fabric}.{ends}"
    bracket = f"({mark}" if mark else ""
    written = (full, plain, dotted, f"{dotted}{bracket}", f"{fabric}.{tiers}", f"{fabric}.{tiers}{bracket}")
    return tuple(dict.fromkeys(each.replace(" ", "") for each in written))


def dotted(study: Study, row: int) -> str:
    """Return a class as a path without blanks needs no quotes: `compute.leaf--spine`."""
    name = study.classes[row].view.link_class.name
    fabric, _, ends = name.partition(": ")
    near, _, far = ends.partition(" -- ")
    return f"{fabric}.{near}--{far}"
