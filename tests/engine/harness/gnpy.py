"""Run GNPy over a folder of its inputs, in an interpreter of its own: `OPTIDSL_GNPY` names one that has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = """
import json, logging, sys
from pathlib import Path
logging.disable(logging.CRITICAL)
from gnpy.tools.default_edfa_config import DEFAULT_EXTRA_CONFIG
from gnpy.tools.json_io import load_equipment, load_network
from gnpy.tools.worker_utils import designed_network, planning
folder = Path(sys.argv[1])
equipment = load_equipment(folder / "equipment.json", DEFAULT_EXTRA_CONFIG)
network = load_network(folder / "topology.json", equipment)
network, _, _ = designed_network(equipment, network, no_insert_edfas=True)
services = json.loads((folder / "services.json").read_text())
_, paths, back, requests, _, _ = planning(network, equipment, services)
print(json.dumps([
    {
        "gsnr_db": [float(min(way[-1].snr_01nm)) for way in (path, reverse)],
        "channels": len(path[-1].snr_01nm),
        "dispersion": float(path[-1].chromatic_dispersion[0]),
        "penalty_db": float(max(path[-1].total_penalty)),
        "blocked": getattr(request, "blocking_reason", None),
    }
    for path, reverse, request in zip(paths, back, requests)
]))
"""


def interpreter() -> str | None:
    """Return a Python that has GNPy, None when there is none."""
    for python in (os.environ.get("OPTIDSL_GNPY"), sys.executable):
        if python and Path(python).is_file() and _has_gnpy(python):
            return python
    return None


def _has_gnpy(python: str) -> bool:
    return subprocess.run([python, "-c", "import gnpy"], capture_output=True, check=False).returncode == 0


def judge(folder: Path) -> list[dict[str, Any]]:
    """Return what GNPy says of each request: lowest GSNR in 0.1 nm of both ways, dispersion, why it is blocked."""
    python = interpreter()
    if python is None:
        raise RuntimeError("no interpreter has GNPy")
    run = subprocess.run([python, "-c", SCRIPT, str(folder)], capture_output=True, text=True, timeout=120, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    found: list[dict[str, Any]] = json.loads(run.stdout.splitlines()[-1])
    return found
