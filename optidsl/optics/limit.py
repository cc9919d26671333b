"""By how much a limit must move before the rest can hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from optidsl._record import record
from optidsl.optics.arithmetic import least_picks
from optidsl.optics.couplings import Coupling
from optidsl.optics.model import Model, Picks
from optidsl.optics.statement import Statement

if TYPE_CHECKING:
    from optidsl.optics.encode import Encoded


@record(frozen=True, slots=True)
class Least:
    """The least excess over a limit (in scaled units of its coupling), with a choice that has it.

    `coupling` is the one that binds. `is_exact` says that the limit is an equality.
    """

    coupling: Coupling
    excess: int
    picks: Picks
    is_exact: bool


def least_of(model: Model, statement: Statement, held: Collection[str], rlimit: int) -> Least | None:
    """Return the least excess over a statement's limit with everything else kept; None when nothing else fits.

    Args:
        model: the whole choice.
        statement: the limit.
        held: keys of the statements to keep.
        rlimit: effort that may be spent, in the solver's resource units.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    mine = [each for each in model.couplings if each.statement.key == statement.key]
    rest = [key for key in held if key != statement.key]
    is_exact = len({each.sign for each in mine}) > 1
    picks = None if is_exact or not mine else least_picks(model, mine, rest)
    if picks is not None:
        worst = max(mine, key=lambda each: _excess(model, each, picks))
        return Least(worst, _excess(model, worst, picks), picks, False)
    from optidsl.optics.encode import encode

    return _solved(encode(model), statement, frozenset(rest), rlimit)


def _solved(encoded: Encoded, statement: Statement, kept: frozenset[str], rlimit: int) -> Least | None:
    """Ask the solver for the least excess."""
    from optidsl.solve import Session

    rest = [guard for guard, each in encoded.statements.items() if each.key in kept]
    model = Session(encoded.problem, rlimit).solve(rest)
    mine = [each for each in encoded.coupling_terms if each[0].statement.key == statement.key]
    if model is None or not mine:
        return None
    picks = encoded.picks(model)
    signs = {(coupling.sign, coupling.amount.scale) for coupling, _, _ in mine}
    if len(signs) > 1 or len(mine) == 1:
        return _of_one(encoded, [coupling for coupling, _, _ in mine], picks, rest, rlimit)
    return _of_all(encoded, [coupling for coupling, _, _ in mine], picks, rest, rlimit)


def _excess(model: Model, coupling: Coupling, picks: Picks) -> int:
    return coupling.amount.value(picks, *model.sku_counts(picks)) - coupling.bound


def _of_one(encoded: Encoded, mine: list[Coupling], picks: Picks, rest: list[int], rlimit: int) -> Least | None:
    """Minimise the coupling that a choice breaks; of an equality, the side that it misses."""
    from optidsl.solve import Objective, minimize

    worst = max(mine, key=lambda each: _excess(encoded.model, each, picks))
    terms = next(terms for coupling, terms, _ in encoded.coupling_terms if coupling is worst)
    best = minimize(encoded.problem, [Objective(terms)], rlimit, assume=rest, is_unique=True)
    if best is None:
        return None
    found = encoded.picks(best.model)
    return Least(worst, _excess(encoded.model, worst, found), found, len(mine) > 1)


def _of_all(encoded: Encoded, mine: list[Coupling], picks: Picks, rest: list[int], rlimit: int) -> Least:
    """Find by bisection the least excess that every coupling of a statement can keep to."""
    from optidsl.solve import Session

    terms = {id(coupling): (terms, bound) for coupling, terms, bound in encoded.coupling_terms}
    low, high = 0, max(_excess(encoded.model, each, picks) for each in mine)
    session = Session(encoded.problem, rlimit, [terms[id(each)][0] for each in mine])
    while low < high:
        middle = (low + high) // 2
        bounds = [session.bound(terms[id(each)][0], terms[id(each)][1] + middle) for each in mine]
        model = session.solve([*rest, *bounds])
        if model is None:
            low = middle + 1
        else:
            picks = encoded.picks(model)
            high = max(_excess(encoded.model, each, picks) for each in mine)
    worst = max(mine, key=lambda each: _excess(encoded.model, each, picks))
    return Least(worst, high, picks, False)
