"""Find the choice: rules and per-class minima first, plain enumeration when small, the solver when classes couple."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from optidsl._record import record
from optidsl.diag import InternalError
from optidsl.optics.model import Model, Picks

if TYPE_CHECKING:
    from optidsl.optics.encode import Encoded
    from optidsl.solve import Engine, Optimum

FAR = 5_000
"""Parts in 10,000 of a goal's value beyond which a gap says nothing."""

ENUMERABLE = 2_000
"""Combinations up to which enumeration costs less than starting a solver."""


OPTIMAL = "optimal"
TIED = "optimal, equals not told apart"
BESIDE_LOCK = "with what the lock keeps"


@record(frozen=True, slots=True)
class Found:
    """A choice and what is proven of it.

    `proof` is `optimal`, `gap <= 0.65 % of power.optics` (of the first goal that is not proven), `first feasible`, or
    `optimal, equals not told apart`; where the lock stands in the way of a better choice, that is said after it.
    `bound` is what that goal cannot be better than, as the author counts it.
    """

    picks: Picks
    proof: str = OPTIMAL
    bound: str = ""

    @property
    def is_proven(self) -> bool:
        """Tell whether no choice is better."""
        return self.proof.removesuffix(f" {BESIDE_LOCK}") == OPTIMAL


def search(model: Model, rlimit: int) -> Found | None:
    """Return the unique optimum or the best that the effort allows, None when nothing satisfies every coupling.

    Raises:
        GaveUp: when the solver's effort is used up before there is any choice.
    """
    first = (0,) * len(model.options)
    if any(each.amount.is_fixed and each.amount.value(first, 0, 0) > each.bound for each in model.couplings):
        return None
    alone = _each_alone(model, rlimit)
    if alone is not None:
        return Found(alone)
    if prod(len(row) for row in model.options) <= ENUMERABLE:
        tried = _enumerate(model, rlimit)
        return None if tried is None else Found(tried)
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


def solve(model: Model, rlimit: int, engine: Engine = "auto") -> Found | None:
    """Ask the solver.

    Raises:
        GaveUp: when its effort is used up before there is any choice.
        InternalError: when its choice breaks a coupling.
    """
    from optidsl.optics.encode import encode
    from optidsl.solve import optimize

    encoded = encode(model)
    optimum = optimize(encoded.problem, encoded.objectives, rlimit, engine=engine)
    if optimum is None:
        return None
    picks = encoded.picks(optimum.model)
    if not _fits_cages(model, picks, rlimit) or any(True for _ in model.broken(picks)):
        raise InternalError("the solver's choice breaks a coupling")
    return _proven(encoded, optimum, picks)


def _proven(encoded: Encoded, optimum: Optimum, picks: Picks) -> Found:
    """Say in words what is proven of a choice."""
    model = encoded.model
    n_softs = len(encoded.objectives) - len(model.goals)
    goals = model.goals[max(0, optimum.n_proven - n_softs) :]
    if optimum.n_proven >= n_softs and not any(goal.text for goal in goals):
        is_told_apart = not goals and optimum.is_unique
        return Found(picks, OPTIMAL if is_told_apart else TIED)
    if optimum.bound is None:
        raise InternalError("a goal that is not proven has no bound")
    value, low, of = optimum.values[optimum.n_proven], optimum.bound, "soft requirements"
    bound = ""
    if optimum.n_proven >= n_softs:
        goal = next(goal for goal in goals if goal.text)
        of = goal.text
        if goal is goals[0]:
            value, low = value + goal.amount.constant, low + goal.amount.constant
            bound = goal.shown(low)
    scale = max(abs(value), abs(low))
    parts = -(-10_000 * (value - low) // scale)
    proof = "first feasible" if parts > FAR else f"gap <= {parts / 100:.2f} % of {of}"
    return Found(picks, proof, bound)


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
