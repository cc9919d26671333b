"""Z3 behind typed functions. Z3 has no type stubs: its untyped objects stay in this file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import Any

Status = Literal["sat", "unsat", "unknown"]

PB_LIMIT = (1 << 31) - 1
SEED = 0


class Solver:
    """An incremental solver over Boolean variables `1..size`, in a context of its own."""

    def __init__(self, size: int, *, has_large_weights: bool) -> None:
        import z3

        self._z3: Any = z3
        self._context: Any = z3.Context()
        self._is_arithmetic = has_large_weights
        if has_large_weights:
            self._solver: Any = z3.Solver(ctx=self._context)
        else:
            self._solver = z3.SolverFor("QF_FD", self._context)
        self._solver.set("random_seed", SEED)
        self._variables: list[Any] = []
        for _ in range(size):
            self.variable()

    def variable(self) -> int:
        """Add a variable and return its number."""
        number = len(self._variables) + 1
        self._variables.append(self._z3.Bool(f"v{number}", self._context))
        return number

    def _literal(self, literal: int) -> Any:
        variable = self._variables[abs(literal) - 1]
        return variable if literal > 0 else self._z3.Not(variable)

    def clause(self, literals: Sequence[int]) -> None:
        """Assert that one of the literals is true."""
        if literals:
            self._solver.add(self._z3.Or([self._literal(literal) for literal in literals]))
        else:
            self._solver.add(self._z3.BoolVal(False, self._context))

    def exactly_one(self, literals: Sequence[int]) -> None:
        """Assert that exactly one of the literals is true."""
        self.clause(literals)
        if len(literals) > 1:
            self._solver.add(self._z3.AtMost(*[self._literal(literal) for literal in literals], 1))

    def at_most(self, terms: Sequence[tuple[int, int]], bound: int, when: Sequence[int]) -> None:
        """Assert `sum(terms) <= bound`, weights above zero, whenever every literal of `when` is true."""
        z3 = self._z3
        if sum(weight for weight, _ in terms) <= bound:
            return
        if bound < 0:
            self.clause([-literal for literal in when])
            return
        if self._is_arithmetic:
            zero = z3.IntVal(0, self._context)
            parts = [z3.If(self._literal(lit), z3.IntVal(weight, self._context), zero) for weight, lit in terms]
            constraint = z3.Sum(parts) <= z3.IntVal(bound, self._context)
        else:
            constraint = z3.PbLe([(self._literal(literal), weight) for weight, literal in terms], bound)
        if when:
            constraint = z3.Or([*[self._literal(-literal) for literal in when], constraint])
        self._solver.add(constraint)

    def check(self, assumptions: Sequence[int], effort: int) -> tuple[Status, int]:
        """Return the status under assumptions and the effort used, in the solver's resource units."""
        self._solver.set("rlimit", max(1, effort))
        before = self._effort()
        status = str(self._solver.check(*[self._literal(literal) for literal in assumptions]))
        used = max(0, self._effort() - before)
        if status == "sat":
            return "sat", used
        if status == "unsat":
            return "unsat", used
        return "unknown", max(used, effort)

    def _effort(self) -> int:
        statistics = self._solver.statistics()
        keys: list[str] = statistics.keys()
        return int(statistics.get_key_value("rlimit count")) if "rlimit count" in keys else 0

    def model(self) -> list[bool]:
        """Return the value of every variable after `sat`; a variable that does not matter is False."""
        model = self._solver.model()
        return [bool(self._z3.is_true(model.eval(variable))) for variable in self._variables]

    def core(self) -> set[int]:
        """Return the assumed variables that the last `unsat` rests on."""
        return {int(str(literal)[1:]) for literal in self._solver.unsat_core()}
