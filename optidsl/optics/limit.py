"""By how much a limit must move before the rest can hold."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import record
from optidsl.optics.couplings import Coupling
from optidsl.optics.encode import Encoded
from optidsl.optics.model import Picks
from optidsl.optics.statement import Statement
from optidsl.solve import Objective, Session, minimize


@record(frozen=True, slots=True)
class Least:
    """The least excess over a limit (in scaled units of its coupling), with a choice that has it.

    `coupling` is the one that binds. `is_exact` says that the limit is an equality.
    """

    coupling: Coupling
    excess: int
    picks: Picks
    is_exact: bool


def least_of(encoded: Encoded, statement: Statement, guards: Sequence[int], rlimit: int) -> Least | None:
    """Return the least excess over a statement's limit with everything else kept; None when nothing else fits.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    rest = [guard for guard in guards if encoded.statements[guard].key != statement.key]
    mine = [each for each in encoded.coupling_terms if each[0].statement.key == statement.key]
    model = Session(encoded.problem, rlimit).solve(rest)
    if model is None or not mine:
        return None
    picks = encoded.picks(model)
    signs = {(coupling.sign, coupling.amount.scale) for coupling, _, _ in mine}
    if len(signs) > 1 or len(mine) == 1:
        return _of_one(encoded, [coupling for coupling, _, _ in mine], picks, rest, rlimit)
    return _of_all(encoded, [coupling for coupling, _, _ in mine], picks, rest, rlimit)


def _excess(encoded: Encoded, coupling: Coupling, picks: Picks) -> int:
    return coupling.amount.value(picks, *encoded.model.sku_counts(picks)) - coupling.bound


def _of_one(encoded: Encoded, mine: list[Coupling], picks: Picks, rest: list[int], rlimit: int) -> Least | None:
    """Minimise the coupling that a choice breaks; of an equality, the side that it misses."""
    worst = max(mine, key=lambda each: _excess(encoded, each, picks))
    terms = next(terms for coupling, terms, _ in encoded.coupling_terms if coupling is worst)
    best = minimize(encoded.problem, [Objective(terms)], rlimit, assume=rest, is_unique=True)
    if best is None:
        return None
    found = encoded.picks(best.model)
    return Least(worst, _excess(encoded, worst, found), found, len(mine) > 1)


def _of_all(encoded: Encoded, mine: list[Coupling], picks: Picks, rest: list[int], rlimit: int) -> Least:
    """Find by bisection the least excess that every coupling of a statement can keep to."""
    terms = {id(coupling): (terms, bound) for coupling, terms, bound in encoded.coupling_terms}
    low, high = 0, max(_excess(encoded, each, picks) for each in mine)
    session = Session(encoded.problem, rlimit, [terms[id(each)][0] for each in mine])
    while low < high:
        middle = (low + high) // 2
        bounds = [session.bound(terms[id(each)][0], terms[id(each)][1] + middle) for each in mine]
        model = session.solve([*rest, *bounds])
        if model is None:
            low = middle + 1
        else:
            picks = encoded.picks(model)
            high = max(_excess(encoded, each, picks) for each in mine)
    worst = max(mine, key=lambda each: _excess(encoded, each, picks))
    return Least(worst, high, picks, False)
