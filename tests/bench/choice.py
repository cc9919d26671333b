"""Measure the choice of parts on synthetic designs against plain `z3.Optimize` on the same instance in the same run.

100 classes of links, 100 SKUs, a limit on SKUs and power caps, four seeds; then the same made impossible. Not a gate:
run `python tests/bench/choice.py` (or `make bench`).
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from math import ceil
from pathlib import Path

import z3

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from optidsl.solve import minimal_conflict, optimize
from optidsl.solve.prove import least_possible
from tests.support.instances import Instance, instance

RLIMIT = 50_000_000
TIMES = 21
"""Times of our time that plain `z3.Optimize` gets."""


def ours(made: Instance) -> tuple[str, int, float]:
    """Return the proof, the value and the CPU seconds of the product's own search."""
    start = time.process_time()
    found = optimize(made.problem, made.objectives, RLIMIT)
    spent = time.process_time() - start
    if found is None:
        raise SystemExit("the instance has no choice")
    gap = 0 if found.bound is None else 100 * (found.values[0] - found.bound) / found.values[0]
    return "optimal" if found.n_proven else f"gap <= {gap:.2f} %", found.values[0], spent


def plain(made: Instance, seconds: int) -> tuple[bool, float]:
    """Tell whether `z3.Optimize`, stated as its manual has it, proves the optimum in some CPU seconds; and its own."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os._exit(0 if _optimized(made) else 1)
    _, status, usage = os.wait4(child, 0)
    return status == 0, usage.ru_utime + usage.ru_stime


def _optimized(made: Instance) -> bool:
    problem = made.problem
    solver = z3.Optimize()
    variables = [z3.Bool(f"v{at}") for at in range(problem.size + 1)]

    def literal(number: int) -> z3.BoolRef:
        return variables[number] if number > 0 else z3.Not(variables[-number])

    for group in problem.groups:
        solver.add(z3.PbEq([(literal(each), 1) for each in group], 1))
    for clause in problem.clauses:
        solver.add(z3.Or([literal(each) for each in clause]))
    for linear in problem.linears:
        limit = z3.PbLe([(literal(each), weight) for weight, each in linear.terms], linear.bound)
        solver.add(z3.Implies(z3.And([literal(each) for each in linear.when]), limit))
    solver.add(*(literal(guard) for guard in problem.guards))
    solver.minimize(z3.Sum([z3.If(literal(each), weight, 0) for weight, each in made.objectives[0].terms]))
    return bool(solver.check() == z3.sat)


def feasible(n_classes: int, seed: int, *, is_compared: bool) -> None:
    """Print one instance."""
    made = instance(n_classes, 100, seed)
    proof, value, spent = ours(made)
    told = f"{n_classes} classes, seed {seed}: {proof}, {value:,}, {spent:.2f} CPU s"
    if is_compared:
        is_proven, theirs = plain(made, ceil(TIMES * spent))
        told += f"; z3.Optimize: {'proven' if is_proven else 'not proven'} after {theirs / spent:.1f} x"
    print(told, flush=True)


def impossible(n_classes: int, seed: int, fault: str) -> None:
    """Print the verdict, the minimal conflict and the arithmetic of an instance without a choice."""
    made = instance(n_classes, 100, seed, fault=fault)
    start = time.process_time()
    core = minimal_conflict(made.problem, RLIMIT)
    names = {made.limit: "the SKU limit", **{cap: f"cap {at}" for at, cap in enumerate(made.caps)}}
    sums = [
        f"least {least_possible(made.problem, linear.terms):,} > {linear.bound:,}"
        for linear in made.problem.linears
        if core is not None and linear.when[0] in core
    ]
    spent = time.process_time() - start
    told = ", ".join(names[guard] for guard in core or ())
    print(f"{n_classes} classes, seed {seed}, no choice: {told} ({'; '.join(sums)}), {spent:.2f} CPU s", flush=True)


def main() -> None:
    """Measure every instance and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-compare", action="store_true", help="leave plain z3.Optimize out")
    options = parser.parse_args()
    instance(10, 20, 1)
    for seed in (1, 2, 3, 4):
        feasible(100, seed, is_compared=not options.no_compare)
    for seed in (1, 2, 3, 4):
        for fault in ("cap", "limit"):
            impossible(100, seed, fault)
    for seed in (1, 2):
        feasible(300, seed, is_compared=False)


if __name__ == "__main__":
    main()
