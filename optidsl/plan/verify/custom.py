"""Custom networks: the switches that are joined are those that the design says, by a checksum of all pairs.

Source: ISO/IEC/IEEE 8802-3, clause 3.2.9: CRC-32.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.peers import Peers, mismatch


def custom_findings(peers: Peers) -> list[Diagnostic]:
    """Compare the links of every plane with the checksum of those stated."""
    wanted = peers.number("fingerprint")
    for plane in range(peers.fabric.planes):
        is_mine = peers.a // peers.per_plane == plane
        ends = np.stack([peers.a[is_mine], peers.z[is_mine]], axis=1) - plane * peers.per_plane
        pairs = sorted((int(low), int(high)) for low, high in np.sort(ends, axis=1).tolist())
        found = crc32(np.array(pairs, dtype="<i8").tobytes())
        if found != wanted:
            what = f"the {len(pairs)} pairs of switches that have links are not those that the design states"
            return [mismatch(peers.fabric, what)]
    return []
