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
    """An incremental solver over Boolean variables `1..size`, in a context of its own.

    Constraints go in as one SMT-LIB text before each question: the parser takes them some ten times as fast as calls
    that make one term each.
    """

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
        self._size = 0
        self._declared = 0
        self._text: list[str] = []
        self._terms: dict[int, Any] = {}
        for _ in range(size):
            self.variable()

    def variable(self) -> int:
        """Add a variable and return its number."""
        self._size += 1
        return self._size

    def _term(self, literal: int) -> Any:
        variable = abs(literal)
        if variable not in self._terms:
            self._terms[variable] = self._z3.Bool(f"v{variable}", self._context)
        return self._terms[variable] if literal > 0 else self._z3.Not(self._terms[variable])

    def _flush(self) -> None:
        """Hand the solver what was stated since the last question."""
        if not self._text and self._declared == self._size:
            return
        names = "".join(f"(declare-const v{at} Bool)" for at in range(self._declared + 1, self._size + 1))
        self._declared = self._size
        self._solver.from_string(names + "".join(self._text))
        self._text = []

    def clause(self, literals: Sequence[int]) -> None:
        """Assert that one of the literals is true."""
        self._text.append(f"(assert (or false {_listed(literals)}))")

    def exactly_one(self, literals: Sequence[int]) -> None:
        """Assert that exactly one of the literals is true."""
        self.clause(literals)
        if len(literals) > 1:
            self._text.append(f"(assert ((_ at-most 1) {_listed(literals)}))")

    def at_most(self, terms: Sequence[tuple[int, int]], bound: int, when: Sequence[int]) -> None:
        """Assert `sum(terms) <= bound`, weights above zero, whenever every literal of `when` is true."""
        if sum(weight for weight, _ in terms) <= bound:
            return
        if bound < 0:
            self.clause([-literal for literal in when])
            return
        if self._is_arithmetic:
            parts = " ".join(f"(ite {_name(literal)} {weight} 0)" for weight, literal in terms)
            constraint = f"(<= (+ 0 {parts}) {bound})"
        else:
            weights = " ".join(str(weight) for weight, _ in terms)
            constraint = f"((_ pble {bound} {weights}) {_listed([literal for _, literal in terms])})"
        self._text.append(f"(assert (or {_listed([-literal for literal in when])} {constraint}))")

    def check(self, assumptions: Sequence[int], effort: int) -> tuple[Status, int]:
        """Return the status under assumptions and the effort used, in the solver's resource units."""
        self._flush()
        self._solver.set("rlimit", max(1, effort))
        before = self._effort()
        status = str(self._solver.check(*[self._term(literal) for literal in assumptions]))
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
        return [bool(self._z3.is_true(model.eval(self._term(at)))) for at in range(1, self._size + 1)]

    def core(self) -> set[int]:
        """Return the assumed variables that the last `unsat` rests on."""
        return {int(str(literal)[1:]) for literal in self._solver.unsat_core()}


def _name(literal: int) -> str:
    return f"v{literal}" if literal > 0 else f"(not v{-literal})"


def _listed(literals: Sequence[int]) -> str:
    return " ".join(map(_name, literals))
