"""HiGHS behind typed functions, where it is installed (`pip install optidsl[milp]`). Nothing it says is believed.

Its duals become prices, whose bound is worked out anew; its point is a guess that the solver checks. One thread, one
seed, limits in nodes and iterations: never in time.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from optidsl.solve.relaxation import F64, Relaxation

if TYPE_CHECKING:
    from typing import Any

NODES = 5_000
ITERATIONS = 200_000


def is_installed() -> bool:
    """Tell whether HiGHS can be used."""
    return find_spec("highspy") is not None


def _model(relaxation: Relaxation, *, is_whole: bool) -> Any:
    """Return HiGHS with a relaxation's rows and groups, over whole numbers or fractions."""
    import highspy

    library: Any = highspy
    highs = library.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
        highs.setOptionValue(option, value)
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.setOptionValue("simplex_iteration_limit", ITERATIONS)
    n = len(relaxation.cost)
    n_rows, n_groups = len(relaxation.bound), len(relaxation.starts)
    lp = library.HighsLp()
    lp.num_col_, lp.num_row_ = n, n_rows + n_groups
    lp.col_cost_ = relaxation.cost / relaxation.scale
    lp.col_lower_, lp.col_upper_ = np.zeros(n), np.ones(n)
    lp.row_lower_ = np.concatenate([np.full(n_rows, -library.kHighsInf), np.ones(n_groups)])
    lp.row_upper_ = np.concatenate([relaxation.bound, np.ones(n_groups)])
    rows = np.concatenate([relaxation.row, n_rows + relaxation.of_group])
    columns = np.concatenate([relaxation.variable, relaxation.grouped])
    order = np.lexsort((columns, rows))
    lp.a_matrix_.format_ = library.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_rows + n_groups))])
    lp.a_matrix_.index_ = columns[order]
    lp.a_matrix_.value_ = np.concatenate([relaxation.coefficient, np.ones(len(relaxation.grouped))])[order]
    if is_whole:
        lp.integrality_ = [library.HighsVarType.kInteger] * n
    highs.passModel(lp)
    return highs


def prices(relaxation: Relaxation) -> F64:
    """Return the duals of the rows as prices in scaled units: zero or more, and as good as they happen to be."""
    highs = _model(relaxation, is_whole=False)
    highs.run()
    duals = np.array(highs.getSolution().row_dual, dtype=np.float64)[: len(relaxation.bound)]
    if len(duals) != len(relaxation.bound) or not bool(np.isfinite(duals).all()):
        return np.zeros(len(relaxation.bound))
    return np.asarray(np.rint(np.maximum(0.0, -duals) * relaxation.scale), dtype=np.float64)


def point(relaxation: Relaxation) -> F64 | None:
    """Return a point that HiGHS holds for a solution, as 0 and 1, or None."""
    highs = _model(relaxation, is_whole=True)
    highs.run()
    values = np.array(highs.getSolution().col_value, dtype=np.float64)
    if len(values) != len(relaxation.cost) or highs.getInfo().primal_solution_status == 0:
        return None
    return np.asarray(np.rint(values), dtype=np.float64)
