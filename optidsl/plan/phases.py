"""When links of a plan come into service."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.model import PlanDevices, PlanLinks

I64 = NDArray[np.int64]


def phase_of_links(devices: PlanDevices, links: PlanLinks) -> I64:
    """Return the first phase in which each link stands, shape `(n_links,)`: when both its ends do; 0 without growth."""
    if devices.phase is None:
        return np.zeros(len(links.segment), dtype=np.int64)
    found: I64 = np.maximum(devices.phase[links.a_device], devices.phase[links.z_device]).astype(np.int64)
    return found
