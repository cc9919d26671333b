"""Load an emitted platform into SimGrid and time transfers between its hosts (pure max-min fairness)."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.engine.harness import require_engine, unavailable

Pattern = Literal["ring", "all-to-all"]

# SimGrid's binding is a Debian package: a virtual environment does not see it.
_PYTHON = "/usr/bin/python3"
_SCRIPT = Path(__file__).with_name("simgrid_flows.py")


@dataclass(frozen=True)
class SimgridRun:
    """What SimGrid measured.

    Attributes:
        finish_s: simulated time at which the last transfer ended.
        hosts: names of the platform's hosts.
        n_links: number of the platform's links, SimGrid's own ones included.
    """

    finish_s: float
    hosts: tuple[str, ...]
    n_links: int


def transfer(
    path: Path,
    n_hosts: int,
    *,
    pattern: Pattern = "ring",
    n_bytes: int = 100_000_000,
    timeout_s: float = 120.0,
) -> SimgridRun:
    """Time transfers that all start at once.

    Args:
        path: the ``platform.xml``.
        n_hosts: hosts that it must have.
        pattern: ``ring`` (every host to the next one) or ``all-to-all`` (every ordered pair).
        n_bytes: bytes of each transfer.
        timeout_s: patience, in seconds of the real clock.

    Returns:
        The result.

    Raises:
        ValueError: when SimGrid refuses the platform, or it has another number of hosts.
    """
    python = require_engine(_PYTHON, "python3-simgrid")
    if subprocess.run([python, "-c", "import simgrid"], capture_output=True, check=False).returncode:
        unavailable("SimGrid's Python binding is not installed (apt-get install python3-simgrid, or make engines)")
    run = subprocess.run(
        # -P keeps this folder, where a module has the binding's name, out of the script's search path.
        [python, "-P", str(_SCRIPT), str(path), pattern, str(n_bytes)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    lines = run.stdout.strip().splitlines()
    if run.returncode or not lines:
        raise ValueError(f"SimGrid refuses {path.name}: {(run.stdout + run.stderr)[-800:]}")
    answer = json.loads(lines[-1])
    if len(answer["hosts"]) != n_hosts:
        raise ValueError(f"{path.name} has {len(answer['hosts'])} hosts, {n_hosts} are wanted")
    return SimgridRun(answer["finish_s"], tuple(answer["hosts"]), answer["n_links"])
