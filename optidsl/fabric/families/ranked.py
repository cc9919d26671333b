"""Port numbers for links whose family orders the neighbours of a switch by their numbers alone."""

from __future__ import annotations

import numpy as np

from optidsl.fabric.families.network import Ties
from optidsl.fabric.tables import I64


def ranked_ties(a: I64, z: I64, switches: int, parallel: int = 1) -> Ties:
    """Return links of pairs: port `parallel * j + k` of a switch is the k-th link to its j-th neighbour in order.

    Args:
        a: the lower switch of each pair of neighbours, shape `(n,)`.
        z: the higher one.
        switches: how many there are.
        parallel: links of a pair.
    """
    order = np.lexsort((z, a))
    a, z = a[order], z[order]
    near, far = np.concatenate([a, z]), np.concatenate([z, a])
    ranked = np.lexsort((far, near))
    first = np.searchsorted(near[ranked], np.arange(switches))
    rank = np.empty(len(near), np.int64)
    rank[ranked] = np.arange(len(near)) - first[near[ranked]]
    lanes = np.arange(parallel, dtype=np.int64)
    a_port, z_port = (rank[half][:, None] * parallel + lanes for half in (slice(len(a)), slice(len(a), None)))
    return Ties(np.repeat(a, parallel), a_port.ravel(), np.repeat(z, parallel), z_port.ravel())
