"""Links between switches of one tier, for checks of direct networks: switches by ordinal, planes one after another."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanFabric
from optidsl.plan.verify.view import I64, View, finding


@record(frozen=True, slots=True)
class Peers:
    """The links of a direct network, shape `(n_links,)`: both switches, and the index of the dimension.

    A switch is `plane * per_plane + ordinal`; `rows` gives its row in the device columns, `group` its pod.
    """

    view: View
    fabric: PlanFabric
    per_plane: int
    rows: I64
    group: I64
    a: I64
    z: I64
    dimension: I64

    @property
    def switches(self) -> int:
        """Return the switches of all planes."""
        return len(self.rows)

    def of(self, name: str) -> tuple[I64, I64]:
        """Return the ends of the links of a dimension."""
        index = [each.name for each in self.fabric.dimensions].index(name)
        mask = self.dimension == index
        return self.a[mask], self.z[mask]

    def name(self, switch: int) -> str:
        """Return the name of a switch."""
        return self.view.plan.devices.name[int(self.rows[switch])]

    def number(self, name: str) -> int:
        """Return a parameter that is a number, 0 where the plan has none of that name."""
        value = self.fabric.parameters.get(name)
        return value if isinstance(value, int) else 0

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a parameter that is a list, empty where the plan has none of that name."""
        value = self.fabric.parameters.get(name)
        return value if isinstance(value, tuple) else ()


def peers_of(view: View, fabric: PlanFabric) -> Peers:
    """Return the links between switches of the last tier of a fabric."""
    plan, tier = view.plan, fabric.tiers[-1]
    groups = [g for g in plan.groups if g.fabric == fabric.name and g.tier == tier]
    rows = np.concatenate([np.arange(g.first, g.first + g.count) for g in groups] or [np.zeros(0, dtype=np.int64)])
    ordinal = np.full(len(plan.devices.name) + 1, -1, dtype=np.int64)
    ordinal[rows] = np.arange(len(rows))
    index = {each.name: number for number, each in enumerate(fabric.dimensions)}
    of_segment = np.array(
        [index.get(s.dimension, -1) if s.fabric == fabric.name and s.a == s.z else -1 for s in plan.segments],
        dtype=np.int64,
    )
    dimension = of_segment[plan.links.segment]
    mine = np.flatnonzero(dimension >= 0)
    return Peers(
        view,
        fabric,
        len(rows) // fabric.planes,
        rows.astype(np.int64),
        plan.devices.pod[rows].astype(np.int64),
        ordinal[view.a.device[mine]],
        ordinal[view.z.device[mine]],
        dimension[mine],
    )


def mismatch(fabric: PlanFabric, message: str) -> Diagnostic:
    """Return an error about the shape of a fabric."""
    return finding("shape-mismatch", f"fabric {fabric.name}: {message}", f"declared at {fabric.source_ref}")


def pair_counts(a: I64, z: I64, n: int) -> tuple[I64, I64, I64]:
    """Return the unordered pairs of numbers below `n` that links join, lower first, and the links of each."""
    keys, counts = np.unique(np.minimum(a, z) * n + np.maximum(a, z), return_counts=True)
    return keys // n, keys % n, counts.astype(np.int64)
