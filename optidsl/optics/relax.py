"""What would make an impossible choice possible: the smallest changes of single statements, tried, priced, in order."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import record
from optidsl.diag import Fix
from optidsl.optics.bill import SHOWN, Priced, bill_of
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.statement import Statement
from optidsl.optics.trials import Trial, trials
from optidsl.optics.whole import Solution, Whole

MOST_TRIALS = 12
"""Changes of one statement that are tried."""


@record(frozen=True, slots=True)
class Relaxation:
    """A change that makes the whole design possible, with the best choice it leads to."""

    rank: tuple[int, int, str]
    fix: Fix
    found: Solution


def relaxations(whole: Whole, members: Sequence[ClassOptions], core: Sequence[Statement]) -> list[Relaxation]:
    """Return the smallest changes of each statement that open something for the classes and keep everything else.

    A statement with few others beside it may have several of the same size: other media, other modules.
    """
    if not whole.is_tried:
        return []
    topics = list(dict.fromkeys((statement.topic, statement.span) for statement in core))
    found: list[Relaxation] = []
    for topic in topics:
        same = [statement for statement in core if (statement.topic, statement.span) == topic]
        by_title = {trial.fix.title: trial for trial in trials(whole, members, same)}
        ordered = sorted(by_title.values(), key=lambda trial: trial.rank)
        found += _working(whole, ordered[:MOST_TRIALS], max(1, SHOWN + 1 - len(topics)))
    return sorted(found, key=lambda each: each.rank)


def _working(whole: Whole, ordered: Sequence[Trial], most: int) -> list[Relaxation]:
    """Return the first change that works, and others that ask just as much."""
    found: list[Relaxation] = []
    for trial in ordered:
        if len(found) == most or (found and trial.rank[:2] != found[0].rank[:2]):
            break
        if trial.fix.edits and any(trial.fix.edits == each.fix.edits for each in found):
            continue  # the same change of the text, which lets other parts in too
        solution = whole.solve(trial.change)
        if solution is not None:
            found.append(Relaxation(trial.rank, trial.fix, solution))
    return found


def billed(whole: Whole, found: Sequence[Relaxation]) -> list[Priced]:
    """Add up what each change leads to."""
    return [Priced(each.fix, bill_of(whole, each.found), each.rank) for each in found]
