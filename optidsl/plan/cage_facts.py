"""What holds by the number of a switch's cage, as facts of the plan.

`cage_power_mw` is a list by cage (-1 where unknown), `pipeline` the number from 0 of the pipeline of each cage (-1: of
none), `pipeline_max_ports` a list by pipeline, `split_cages` the cages from 1 that may run more than one port.
`engine_ports` and `laser_ports` are the neighbouring cages that one optical engine or laser module serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optidsl.catalog.parts import BreakoutMode, Fact, SwitchModel
from optidsl.plan.model import PlanFact

FactValue = int | str | tuple[int, ...] | tuple[str, ...]
Named = Iterator[tuple[str, PlanFact]]

_FIRMNESS = ("design", "standard", "vendor-doc", "secondary", "unverified")


def mode_fact(mode: BreakoutMode) -> str:
    """Return a mode as the plan writes it: `2x400000`, and `1x400000/4` on four lanes of a cage that has more."""
    return f"{mode.ports}x{mode.rate_mbps}" + (f"/{mode.lanes}" if mode.lanes else "")


def cage_facts(part: SwitchModel) -> Named:
    """Yield the facts by cage of a switch."""
    if part.cage_limits:
        yield "cage_power_mw", _sourced(_watts(part), [limit.power_mw for limit in part.cage_limits])
    if part.pipelines:
        facts = [each.max_ports for each in part.pipelines]
        of_cage, most = _pipelines(part)
        yield "pipeline", _sourced(of_cage, facts)
        yield "pipeline_max_ports", _sourced(most, facts)
    if part.splits:
        cages = {cage for run in part.splits for cage in range(run.first, run.last + 1, run.step)}
        yield "split_cages", _sourced(tuple(sorted(cages)), [run.source for run in part.splits])
    for name, fact in (("engine_ports", part.engine_ports), ("laser_ports", part.laser_ports)):
        if fact is not None:
            yield name, _sourced(fact.value, [fact])
    if part.airflow is not None:
        yield (
            "airflow",
            PlanFact(value=part.airflow.value, source=part.airflow.source, confidence=part.airflow.confidence),
        )


def _watts(part: SwitchModel) -> tuple[int, ...]:
    """Return the watts of a module by cage; of two limits that name a cage the later holds."""
    watts = [-1] * part.cages.value
    for limit in part.cage_limits:
        for cage in range(max(limit.first, 1), min(limit.last, part.cages.value) + 1, max(limit.step, 1)):
            watts[cage - 1] = limit.power_mw.value
    return tuple(watts)


def _pipelines(part: SwitchModel) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the pipeline of each cage, and the most ports of each pipeline."""
    of_cage, most = [-1] * part.cages.value, list[int]()
    for each in part.pipelines:
        for cage in range(each.first, each.last + 1):
            if (cage - each.first) % each.cages == 0:
                most.append(each.max_ports.value)
            of_cage[cage - 1] = len(most) - 1
    return tuple(of_cage), tuple(most)


def _sourced(value: FactValue, facts: Sequence[Fact[int]]) -> PlanFact:
    """Return a fact with the source of the least firm statement that it rests on."""
    worst = max(facts, key=lambda fact: _FIRMNESS.index(fact.confidence))
    return PlanFact(value=value, source=worst.source, confidence=worst.confidence)
