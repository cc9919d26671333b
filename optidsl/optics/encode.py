"""The choice as a finite-domain problem: classes and SKUs become variables, never links."""

from __future__ import annotations

from collections.abc import Callable

from optidsl._record import record
from optidsl.optics.amount import Amount
from optidsl.optics.couplings import Coupling
from optidsl.optics.model import Model, Picks
from optidsl.optics.seating import heat
from optidsl.optics.statement import Statement
from optidsl.solve import Builder, Objective, Problem

Terms = tuple[tuple[int, int], ...]


@record(frozen=True, slots=True)
class Encoded:
    """A problem with the way back: option variables per class, statements by guard."""

    model: Model
    problem: Problem
    variables: tuple[tuple[int, ...], ...]
    objectives: tuple[Objective, ...]
    statements: dict[int, Statement]
    coupling_terms: tuple[tuple[Coupling, Terms, int], ...]  # with its bound net of the constant

    def picks(self, values: tuple[bool, ...] | list[bool]) -> Picks:
        """Read the choice off a model."""
        return tuple(next(at for at, var in enumerate(row) if values[var]) for row in self.variables)


class _Encoder:
    """Build the problem of a model; one guard per statement."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.builder = Builder()
        self.variables = tuple(tuple(self.builder.variable() for _ in row) for row in model.options)
        for row in self.variables:
            self.builder.one_of(row)
        self.guards: dict[str, int] = {}
        self.statements: dict[int, Statement] = {}
        self.optic_skus: tuple[int, ...] | None = None
        self.cable_skus: tuple[int, ...] | None = None
        self.fiber_types: tuple[int, ...] | None = None

    def guard(self, statement: Statement) -> int:
        if statement.key not in self.guards:
            self.guards[statement.key] = self.builder.guard()
            self.statements[self.guards[statement.key]] = statement
        return self.guards[statement.key]

    def terms(self, amount: Amount) -> Terms:
        """Return the variable part of an amount."""
        found = [
            (weight, variable)
            for weights, variables in zip(amount.weights, self.variables, strict=True)
            for weight, variable in zip(weights, variables, strict=True)
            if weight
        ]
        if amount.per_optic_sku:
            if self.optic_skus is None:
                self.optic_skus = self._skus(lambda row, at: self.model.figures[row][at].modules)
            found += [(amount.per_optic_sku, variable) for variable in self.optic_skus]
        if amount.per_cable_sku:
            if self.cable_skus is None:
                self.cable_skus = self._skus(lambda row, at: self.model.figures[row][at].cable_skus)
            found += [(amount.per_cable_sku, variable) for variable in self.cable_skus]
        if amount.per_fiber_type:
            if self.fiber_types is None:
                self.fiber_types = self._skus(lambda row, at: self.model.figures[row][at].fiber_types)
            found += [(amount.per_fiber_type, variable) for variable in self.fiber_types]
        return tuple(found)

    def _skus(self, read: Callable[[int, int], tuple[object, ...]]) -> tuple[int, ...]:
        """Return one variable per SKU: true exactly when an option that uses it is chosen."""
        users: dict[object, list[int]] = {}
        for row, variables in enumerate(self.variables):
            for at, variable in enumerate(variables):
                for sku in read(row, at):
                    users.setdefault(sku, []).append(variable)
        by_users: dict[tuple[int, ...], int] = {}
        found: list[int] = []
        for options in users.values():
            key = tuple(options)
            if key not in by_users:
                by_users[key] = self.builder.any_of(options)
            found.append(by_users[key])
        return tuple(found)

    def bars(self) -> None:
        """Let each statement bar the options it stands against."""
        for row, options in enumerate(self.model.options):
            for at, option in enumerate(options):
                for statement in option.bars:
                    self.builder.clause(-self.guard(statement), -self.variables[row][at])

    def ties(self) -> None:
        """Give the ends that share cages the same part."""
        for left, right in self.model.ties:
            for near, far in ((left, right), (right, left)):
                for at, variable in enumerate(self.variables[near[0]]):
                    part = self.model.part_at(near, at)
                    same = [
                        other
                        for number, other in enumerate(self.variables[far[0]])
                        if self.model.part_at(far, number) == part
                    ]
                    self.builder.clause(-variable, *same)

    def clashes(self) -> None:
        """Keep apart the cables that no module takes together."""
        for (left, at), (right, number) in sorted(self.model.clashes):
            self.builder.clause(-self.variables[left][at], -self.variables[right][number])

    def seats(self) -> None:
        """Give every module a cage that carries its watts."""
        for seating in self.model.seatings:
            hot = [
                [
                    (figure.z_power_mw if side else figure.a_power_mw, variable)
                    for row, side in place.users
                    for figure, variable in zip(self.model.figures[row], self.variables[row], strict=True)
                ]
                for place in seating.places
            ]
            heat(self.builder, seating, hot)


def encode(model: Model) -> Encoded:
    """State the choice; every coupling and every bar holds under the guard of its statement."""
    encoder = _Encoder(model)
    builder = encoder.builder
    encoder.bars()
    encoder.ties()
    encoder.clashes()
    encoder.seats()
    loads: list[tuple[Coupling, Terms, int]] = []
    for coupling in model.couplings:
        terms, bound = encoder.terms(coupling.amount), coupling.bound - coupling.amount.constant
        builder.at_most(terms, bound, encoder.guard(coupling.statement))
        loads.append((coupling, terms, bound))
    objectives: list[Objective] = []
    for level in model.soft_levels():
        broken: list[tuple[int, int]] = []
        for soft, weight in level:
            variable = builder.variable()
            for coupling in soft.couplings:
                terms = encoder.terms(coupling.amount)
                builder.at_most(terms, coupling.bound - coupling.amount.constant, -variable)
            broken.append((weight, variable))
        objectives.append(Objective(tuple(broken)))
    objectives += [Objective(encoder.terms(goal.amount)) for goal in model.goals]
    return Encoded(model, builder.problem(), encoder.variables, tuple(objectives), encoder.statements, tuple(loads))
