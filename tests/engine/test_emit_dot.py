"""The cabling plan as a DOT graph, read by Graphviz."""

from __future__ import annotations

import subprocess

from optidsl.emit.cabling.dot import DotEmitter
from tests.engine.harness import require_engine
from tests.support.plans import ethernet_clos


def test_graphviz_reads_every_cable() -> None:
    program = require_engine("dot", "graphviz")
    plan = ethernet_clos()
    (text,) = dict(DotEmitter().emit(plan)).values()
    run = subprocess.run([program, "-Tplain"], input=text, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.count("\nedge ") == len(plan.links.segment)
