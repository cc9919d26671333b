"""Measure how long it takes to say why a design of 8,192 GPUs cannot be, in CPU seconds after elaboration.

Each contradiction of `tests/support/rail_8k.py` is put into the design alone. The ratio is to choosing the parts of the
design without one, in the same run. Not a gate: machines differ.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import optidsl.pipeline as pipeline
from optidsl._context import Context, Options
from optidsl.api import TextLoader
from tests.support.rail_8k import CONTRADICTIONS, DESIGN, contradicted

RUNS = 3


def after_elaboration_s(text: str) -> float:
    """Return the least CPU seconds of all stages after elaboration."""
    best = float("inf")
    for _ in range(RUNS):
        context = Context(TextLoader({"design.optd": text}), Options())
        start = time.process_time()
        pipeline.elaborate("design.optd", context)
        static = time.process_time() - start
        context = Context(TextLoader({"design.optd": text}), Options())
        start = time.process_time()
        pipeline.check("design.optd", context)
        best = min(best, time.process_time() - start - static)
    return best


def main() -> None:
    """Print a line for each contradiction."""
    plain = after_elaboration_s(DESIGN)
    print(f"{'accepted':<48} {plain:6.3f} CPU s")
    for name in CONTRADICTIONS:
        taken = after_elaboration_s(contradicted(name))
        print(f"{name:<48} {taken:6.3f} CPU s {taken / plain:6.2f} x accepted", flush=True)


if __name__ == "__main__":
    main()
