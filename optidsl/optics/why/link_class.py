"""Why a class of links has its parts: everything there is to tell, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from optidsl._record import record
from optidsl.diag import GaveUp
from optidsl.optics.check_policy import cable_of, medium_of, modules_of
from optidsl.optics.model import Picks
from optidsl.optics.tables import Candidate
from optidsl.optics.text import listing, plural, quantity
from optidsl.optics.why.binding import Bond, bonds
from optidsl.optics.why.decided import Decision, decision
from optidsl.optics.why.rejected import RejectedGroup, rejected
from optidsl.optics.why.rival import Rival, runner_up
from optidsl.optics.why.study import Step, Study, difference, names_of, steps

ATTRIBUTES = ("module", "medium", "cable", "length", "rate")
"""What may follow the name of a class in a path."""

CHOSEN: dict[str, Callable[[Candidate], object]] = {
    "module": lambda each: frozenset(modules_of(each)),
    "medium": medium_of,
    "cable": cable_of,
}
"""Attributes that the choice of parts decides, and what each is of a candidate."""


@record(frozen=True, slots=True)
class ClassWhy:
    """Why one class of links has its parts.

    `pinned` is the choice without the lock, where the lock keeps another; `limit` says that the solver gave up before
    all was known. `n_open` options were weighed of `n_tried` tried.
    """

    name: str
    candidate: str
    decisions: tuple[Decision, ...]
    runner_up: Rival | None
    bonds: tuple[Bond, ...]
    rejected: tuple[RejectedGroup, ...]
    n_open: int
    n_tried: int
    pinned: Rival | None = None
    limit: str = ""


def why_class(study: Study, row: int) -> ClassWhy:
    """Collect why a class has its parts."""
    each = study.classes[row]
    second: Rival | None = None
    rivals: dict[str, Rival | None] = {}
    found: tuple[Bond, ...] = ()
    pinned: Rival | None = None
    limit = ""
    try:
        pinned = _unpinned(study, row)
        second = runner_up(study, row)
        rivals = {what: runner_up(study, row, of) for what, of in CHOSEN.items()}
        found = bonds(study, row)
    except GaveUp:
        limit = f"the solver used up its {study.context.options.rlimit:,} units; raise --rlimit to know the rest"
    if study.doubts and not limit:
        limit = f"not all of this is proven ({', '.join(study.doubts)}); raise --rlimit to know"
    return ClassWhy(
        each.view.link_class.name,
        study.chosen(row).candidate.name,
        _decisions(study, row, rivals, pinned),
        second,
        found,
        rejected(study, row),
        len(study.model.options[row]),
        len(each.options) + len(each.unfit),
        pinned,
        limit,
    )


def _unpinned(study: Study, row: int) -> Rival | None:
    """Return the best choice without a lock, where that gives the class another part."""
    free = study.solved(study.model)
    if free is None or names_of(study.model, free)[row] == names_of(study.model, study.picks)[row]:
        return None
    return Rival(names_of(study.model, free)[row], _all_steps(study, free), ())


def _all_steps(study: Study, picks: Picks) -> tuple[Step, ...]:
    return steps(study.model, study.picks, study.model, picks)


def _decisions(
    study: Study, row: int, rivals: Mapping[str, Rival | None], pinned: Rival | None
) -> tuple[Decision, ...]:
    view, candidate = study.classes[row].view, study.chosen(row).candidate
    connect, context = view.segment.connect, study.context
    kept = None if pinned is None else ("lock", f"kept: {pinned.candidate} would be better")
    length = "no length is known" if view.link_class.longest_mm < 0 else _lengths(study, row)
    modules = modules_of(candidate)
    words: tuple[tuple[str, str], ...] = (
        ("module", listing(list(dict.fromkeys(modules)), "and") if modules else "none: a direct cable"),
        ("medium", medium_of(candidate)),
        ("cable", cable_of(candidate)),
    )
    slots = {"module": connect.module, "medium": connect.medium, "cable": connect.cable}
    found = [
        decision(context, name, value, slots[name], str, kept or chosen_by(study, row, name, rivals))
        for name, value in words
    ]
    plan = ("line", f"the route of {connect.via}") if view.line is not None else ("floor plan", "routes and slack")
    found.append(decision(context, "length", length, connect.length_mm, lambda mm: quantity(mm, "mm"), plan))
    rate = quantity(view.segment.rate_mbps, "Mbps")
    fastest = ("closed form", "the rate of the ports that face each other")
    found.append(decision(context, "rate", rate, connect.rate_mbps, lambda mbps: quantity(mbps, "Mbps"), fastest))
    if connect.parallel.span is not None:
        dealt = ("closed form", "the links of a switch, dealt evenly over those above")
        found.append(decision(context, "parallel", _parallel(study, row), connect.parallel, str, dealt))
    return tuple(found)


def _parallel(study: Study, row: int) -> str:
    """Return how many links of a class each two devices have between them, in words."""
    links, own = study.placed.tables.links, study.classes[row].view.link_class.links
    pairs = Counter(zip(links.a_device[own].tolist(), links.z_device[own].tolist(), strict=True)).values()
    least, most = min(pairs), max(pairs)
    return f"{most:,} of a pair of devices" if least == most else f"{least:,} to {most:,} of a pair of devices"


def _lengths(study: Study, row: int) -> str:
    view = study.classes[row].view
    shortest, longest = view.link_class.shortest_mm, view.link_class.longest_mm
    links = plural(len(view.link_class.links), "link")
    if shortest == longest:
        return f"{links} of {quantity(longest, 'mm')}"
    return f"{links} of {quantity(shortest, 'mm')} to {quantity(longest, 'mm')} (longest {view.longest_name})"


def chosen_by(study: Study, row: int, what: str, rivals: Mapping[str, Rival | None]) -> tuple[str, str]:
    """Return who chose an attribute and by what: the first objective that tells it from the best other value."""
    if what not in rivals:
        return "compiler", "the solver gave up before the next best was known"
    values = {CHOSEN[what](option.candidate) for option in study.model.options[row]}
    if len(values) == 1:
        return "compiler", "the only combination that fits" if _has_one(study, row) else f"the only {what} that fits"
    other = rivals[what]
    if other is None:
        return "compiler", f"no other {what} meets the limits of the whole design"
    first = next((step for step in other.steps if step.difference), None)
    if first is None:
        return "compiler", f"first by name among equals, before {other.candidate}"
    asked = next((each for each in study.design.objectives if each.text.partition(" ")[2] == first.objective), None)
    kind = "a built-in objective" if first.objective in _BUILT_IN else "before any objective"
    by = f"{first.objective} ({kind})" if asked is None else f"{asked.text} ({study.where(asked.span)})"
    return "compiler", f"{by}; next {other.candidate}, {difference(first)}"


def _has_one(study: Study, row: int) -> bool:
    return len(study.model.options[row]) == 1


_BUILT_IN = ("bom.optics.skus", "power.optics", "cables.length")
