"""Find the choice: rules and per-class minima first, plain enumeration when small, the solver when classes couple."""

from __future__ import annotations

from itertools import product
from math import prod

from optidsl.diag import InternalError
from optidsl.optics.model import Model, Picks

ENUMERABLE = 2_000
"""Combinations up to which enumeration costs less than starting a solver."""


def search(model: Model, rlimit: int) -> Picks | None:
    """Return the unique optimum, or None when nothing satisfies every coupling.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    first = (0,) * len(model.options)
    if any(each.amount.is_fixed and each.amount.value(first, 0, 0) > each.bound for each in model.couplings):
        return None
    alone = _each_alone(model, rlimit)
    if alone is not None:
        return alone
    if prod(len(row) for row in model.options) <= ENUMERABLE:
        return _enumerate(model, rlimit)
    return solve(model, rlimit)


def _fits_cages(model: Model, picks: Picks, rlimit: int) -> bool:
    """Tell whether shared cages carry one part, and every module finds a cage that carries its watts."""
    if not model.keeps_ties(picks):
        return False
    if not model.seatings:
        return True
    from optidsl.optics.seating import seatable

    return all(seatable(each, model.draws(each, picks), rlimit) for each in model.seatings)


def _each_alone(model: Model, rlimit: int) -> Picks | None:
    """Return every class's own minimum when no goal couples classes and the result breaks nothing.

    The minimum of a sum over classes is the sum of their minima, and a minimum of the problem without couplings
    that satisfies them all is a minimum with them.
    """
    if not all(goal.amount.is_separable for goal in model.goals):
        return None
    picks = tuple(
        min(zip(*(goal.amount.weights[row] for goal in model.goals), range(len(options)), strict=True))[-1]
        for row, options in enumerate(model.options)
    )
    if not _fits_cages(model, picks, rlimit) or any(True for _ in model.broken(picks)) or model.broken_softs(picks):
        return None
    return picks


def _enumerate(model: Model, rlimit: int) -> Picks | None:
    """Try every combination."""
    best: tuple[tuple[int, ...], Picks] | None = None
    for picks in product(*(range(len(row)) for row in model.options)):
        if not _fits_cages(model, picks, rlimit) or any(True for _ in model.broken(picks)):
            continue
        priced = (model.price(picks), picks)
        if best is None or priced < best:
            best = priced
    return None if best is None else best[1]


def solve(model: Model, rlimit: int) -> Picks | None:
    """Ask the solver."""
    from optidsl.optics.encode import encode
    from optidsl.solve import minimize

    encoded = encode(model)
    optimum = minimize(encoded.problem, encoded.objectives, rlimit)
    if optimum is None:
        return None
    picks = encoded.picks(optimum.model)
    if not _fits_cages(model, picks, rlimit) or any(True for _ in model.broken(picks)):
        raise InternalError("the solver's choice breaks a coupling")
    return picks


def confirm(model: Model, picks: Picks, rlimit: int) -> None:
    """Have the solver check a choice against its own reading of the problem.

    Raises:
        GaveUp: when the solver's effort is used up.
        InternalError: when it disagrees.
    """
    from optidsl.optics.encode import encode
    from optidsl.solve import Session

    encoded = encode(model)
    chosen = [row[pick] for row, pick in zip(encoded.variables, picks, strict=True)]
    if Session(encoded.problem, rlimit).solve([*encoded.problem.guards, *chosen]) is None:
        raise InternalError("the solver refuses the choice of parts")
