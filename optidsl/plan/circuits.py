"""The light of whole circuits: two cables and an optical circuit switch between the modules of two cubes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from optidsl._context import Context
from optidsl._record import record
from optidsl.fabric.tables import FabricTables, Segment
from optidsl.plan.model import PlanCheck, PlanClass, PlanFact, PlanPart
from optidsl.sema.design import Policy


@record(frozen=True, slots=True)
class _Judged:
    """A check of the circuits of a segment, with what it needs to be told."""

    check: PlanCheck
    segment: Segment
    subject: str


def circuit_checks(
    tables: FabricTables, parts: Mapping[str, PlanPart], classes: Sequence[PlanClass], policy: Policy, context: Context
) -> tuple[PlanCheck, ...] | None:
    """Return the checks of circuits, none where there are none; None after errors in the sink.

    Both cables of a circuit count as the worst of the fabric: any cube may meet any other after another patch.
    """
    found = [
        each for shape in tables.shapes if shape.slices for each in _judged(tables, parts, classes, shape.fabric.name)
    ]
    for each in found:
        _report(each, policy, context)
    return None if context.sink.has_errors else tuple(each.check for each in found)


def _judged(
    tables: FabricTables, parts: Mapping[str, PlanPart], classes: Sequence[PlanClass], fabric: str
) -> Iterator[_Judged]:
    model = next(group.model.name for group in tables.groups if group.fabric == fabric)
    for index, segment in enumerate(tables.segments):
        rows = [row for row, each in enumerate(classes) if each.segment == index]
        if segment.fabric != fabric or not rows:
            continue
        mine = [classes[row] for row in rows]
        for check in (_loss(mine, rows[0], model, parts), _reach(mine, rows[0], parts)):
            yield _Judged(check, segment, f"`{fabric}: {segment.a} -- {segment.z}`")


def _loss(mine: Sequence[PlanClass], row: int, model: str, parts: Mapping[str, PlanPart]) -> PlanCheck:
    """Compare the loss of two cables and the switch with the least budget.

    Source: insertion losses in series add up in dB (IEC 61280-4-2, attenuation of installed cabling).
    """
    switch = parts[model].facts.get("insertion_loss_mdb")
    inside = _number(switch)
    losses, budgets = [each.loss_mdb for each in mine], [each.budget_mdb for each in mine]
    known = [each for each in losses if each is not None], [each for each in budgets if each is not None]
    missing = [f"{model}.insertion_loss"] if inside is None else []
    missing += ["loss of a cable"] if len(known[0]) < len(losses) else []
    missing += [f"{mine[0].a_module}.over {mine[0].grade}.loss"] if len(known[1]) < len(budgets) else []
    if missing or inside is None or switch is None:
        return _check("circuit-loss", row, None, f"cannot conclude: no usable number for {', '.join(missing)}", missing)
    total, budget = 2 * max(known[0]) + inside, min(known[1])
    detail = (
        f"two cables and {model} lose {total / 1000:g} dB (2 x {max(known[0]) / 1000:g} + {inside / 1000:g}), and the "
        f"modules bear {budget / 1000:g} dB"
    )
    return _check("circuit-loss", row, budget - total, detail, [], switch)


def _reach(mine: Sequence[PlanClass], row: int, parts: Mapping[str, PlanPart]) -> PlanCheck:
    """Compare the length of two cables with the reach of the modules over their grade."""
    facts = {f"{each.a_module}.over {each.grade}.reach": _reach_fact(each, parts) for each in mine}
    missing = [name for name, fact in facts.items() if _number(fact) is None]
    if missing or any(each.longest_mm < 0 for each in mine):
        missing = missing or ["length of a cable"]
        return _check(
            "circuit-reach", row, None, f"cannot conclude: no usable number for {', '.join(missing)}", missing
        )
    fact = min((fact for fact in facts.values() if fact is not None), key=lambda fact: _number(fact) or 0)
    reach, longest = _number(fact) or 0, 2 * max(each.longest_mm for each in mine)
    detail = f"two cables are {longest / 1000:g} m, and the modules reach {reach / 1000:g} m"
    return _check("circuit-reach", row, reach - longest, detail, [], fact, "mm")


def _reach_fact(each: PlanClass, parts: Mapping[str, PlanPart]) -> PlanFact | None:
    part = parts.get(each.a_module)
    return None if part is None else part.facts.get(f"reach_mm.{each.grade}")


def _number(fact: PlanFact | None) -> int | None:
    if fact is None or fact.confidence == "unverified" or not isinstance(fact.value, int):
        return None
    return fact.value


def _check(
    name: str,
    row: int,
    margin: int | None,
    detail: str,
    missing: Sequence[str],
    fact: PlanFact | None = None,
    unit: str = "mdB",
) -> PlanCheck:
    return PlanCheck(
        name=name,
        link_class=row,
        verdict="unknown" if margin is None else "holds" if margin >= 0 else "fails",
        detail=detail,
        margin=margin,
        unit=unit,
        missing=", ".join(missing),
        source="" if fact is None else fact.source,
        confidence="" if fact is None else fact.confidence,
    )


def _report(each: _Judged, policy: Policy, context: Context) -> None:
    check, connect = each.check, each.segment.connect
    if check.verdict == "holds":
        return
    if check.verdict == "fails":
        over = -(check.margin or 0)
        by = f"{over / 1000:g} dB" if check.unit == "mdB" else f"{over / 1000:g} m"
        context.sink.error(
            check.name,
            f"circuits of {each.subject} exceed what their modules bear by {by}: {check.detail}",
            connect.origin.span,
            helps=("shorten the cables, or name a switch with less loss or modules that bear more",),
        )
        return
    word = policy.unknown.get("loss" if check.name == "circuit-loss" else "reach", "stop")
    put = context.sink.error if word == "stop" else context.sink.warning
    key = "loss" if check.name == "circuit-loss" else "reach"
    put(
        "cannot-conclude",
        f"cannot conclude on {check.name} of {each.subject}: no usable number for {check.missing}",
        connect.origin.span,
        f"needs {check.missing}",
        helps=(f"state the number with its source, or accept the risk: `policy {{ unknown {{ {key} = warn }} }}`",),
    )
