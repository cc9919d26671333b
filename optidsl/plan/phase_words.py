"""Phases of growth in words: what each adds to what stands already."""

from __future__ import annotations

from optidsl._record import record
from optidsl.plan.growth_model import PlanPhase
from optidsl.plan.model import Plan


@record(frozen=True, slots=True)
class PhaseRow:
    """A phase with what it adds; `power` and `cost` are those of all that stands then."""

    name: str
    ready: str
    params: str
    adds: str
    power: str
    cost: str
    ports_free: str
    requirements: str


def phase_rows(plan: Plan) -> list[PhaseRow]:
    """Return the phases of a plan, the first one first."""
    rows: list[PhaseRow] = []
    before: PlanPhase | None = None
    for phase in plan.growth or ():
        rows.append(_row(phase, before, plan.header.currency))
        before = phase
    return rows


def _row(phase: PlanPhase, before: PlanPhase | None, currency: str) -> PhaseRow:
    pairs = (("nodes", "node"), ("switches", "switch"), ("cables", "cable"), ("modules", "module"))
    added = {name: getattr(phase, name) - (0 if before is None else getattr(before, name)) for name, _ in pairs}
    words = [
        f"{count:,} {one if count == 1 else name}" for (name, one), count in zip(pairs, added.values(), strict=True)
    ]
    verdicts = [each.verdict for each in phase.requirements]
    return PhaseRow(
        name=phase.name,
        ready=phase.ready or "not stated",
        params=", ".join(f"{name} = {value}" for name, value in phase.params.items()),
        adds=", ".join(word for word, count in zip(words, added.values(), strict=True) if count) or "nothing",
        power="not known" if phase.power_mw is None else f"{phase.power_mw / 1000:,.0f} W",
        cost=f"{phase.cost} {currency}" if phase.cost else "not known",
        ports_free=f"{phase.ports_free:,}",
        requirements=f"{verdicts.count('holds')} of {len(verdicts)} hold" if verdicts else "none",
    )
