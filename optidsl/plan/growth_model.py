"""The records of a plan's growth."""

from __future__ import annotations

from optidsl.plan.record import Record


class PlanPhaseRequirement(Record):
    """What a `require` comes to in a phase; `slack` as in `PlanRequirement`."""

    text: str
    verdict: str
    slack: str
    unit: str
    source_ref: str


class PlanPhase(Record):
    """A phase and what stands when it is ready: totals, not what it adds.

    `ports_free` are switch ports that no link uses then, in switches that stand, and that the fabric has a use for;
    `power_mw` is of boxes and optics of the network, `cost` of the network, as an exact decimal: None and "" where a
    figure is not known.
    """

    name: str
    ready: str
    params: dict[str, str]
    nodes: int
    switches: int
    cables: int
    modules: int
    ports_free: int
    power_mw: int | None
    cost: str
    requirements: tuple[PlanPhaseRequirement, ...] = ()
