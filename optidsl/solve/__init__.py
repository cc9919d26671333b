"""The only user of Z3: finite-domain problems, their exact lexicographic optimum, and minimal conflicts.

Callers state a `Problem` (exactly-one groups, clauses, linear constraints with guards) and never see the solver.
Every answer depends on the problem alone: a fresh solver per problem, a fixed seed, effort counted in the
solver's own resource units.
"""

from optidsl.solve.conflict import minimal_conflict
from optidsl.solve.normal import least
from optidsl.solve.optimum import Engine, Optimum, minimize, optimize
from optidsl.solve.problem import Builder, Linear, Objective, Problem
from optidsl.solve.session import Session

__all__ = [
    "Builder",
    "Engine",
    "Linear",
    "Objective",
    "Optimum",
    "Problem",
    "Session",
    "least",
    "minimal_conflict",
    "minimize",
    "optimize",
]
