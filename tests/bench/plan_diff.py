"""Measure a difference of two plans against the compile of one, in CPU seconds of this process.

Not a gate: machines differ. Run `python tests/bench/plan_diff.py`; the second number of a row is the share of the
compile that the difference takes. The time follows the change: none, a pod, half of all racks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from optidsl import api
from optidsl.difference import difference, markdown_of
from optidsl.plan.model import Plan

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "examples/superpod-b200/design.optd").read_text(encoding="utf-8")
T = TypeVar("T")


def measured(work: Callable[[], T], runs: int = 3) -> tuple[float, T]:
    """Return the least CPU seconds of several runs, and what the last gave."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def compiled(units: int) -> Plan:
    """Return the plan of so many scalable units."""
    result = api.compile_text(SOURCE, options=api.Options(params={"su": str(units)}))
    if result.plan is None:
        raise SystemExit("\n".join(each.message for each in result.diagnostics))
    return result.plan


def main() -> None:
    """Print a table."""
    seconds, whole = measured(lambda: compiled(64), 1)
    print(f"{'compile, 16,384 GPUs':36} {seconds:8.3f} s  {len(whole.links.segment):,} links")
    for title, units in (("nothing changes", 64), ("one unit more", 63), ("twice as many units", 32)):
        before = whole if units == 64 else compiled(units)
        own, found = measured(lambda before=before: difference(before, whole))  # type: ignore[misc]
        text, comment = measured(lambda found=found: markdown_of(found))  # type: ignore[misc]
        print(
            f"{'difference, ' + title:36} {own:8.3f} s  {own / seconds:6.1%} of the compile, "
            f"{found.work.cables.total:,} cables; comment {text:.3f} s, {len(comment):,} characters"
        )


if __name__ == "__main__":
    main()
