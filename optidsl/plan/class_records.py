"""The chosen parts as records: link classes, their checks, and the parts themselves."""

from __future__ import annotations

from optidsl.catalog.parts import Catalog, FiberCable, Part
from optidsl.fabric.tables import FabricTables
from optidsl.optics.tables import Choice, ClassChoice
from optidsl.physics import channel_loss_mdb
from optidsl.plan.model import PlanCheck, PlanClass, PlanPart
from optidsl.plan.part_facts import plan_part


def plan_classes(choice: Choice, tables: FabricTables, catalog: Catalog) -> tuple[PlanClass, ...]:
    """Return one record per link class."""
    return tuple(_class(chosen, tables, catalog) for chosen in choice.classes)


def _class(chosen: ClassChoice, tables: FabricTables, catalog: Catalog) -> PlanClass:
    link_class, candidate = chosen.link_class, chosen.candidate
    loss = budget = None
    if candidate.fiber is not None:
        connections = tables.segments[link_class.segment].connect.connections
        loss = _loss(candidate.fiber, int(chosen.ordered_mm.max(initial=-1)), connections, catalog)
        budget = _budget(chosen, loss)
    direct = candidate.direct
    return PlanClass(
        name=link_class.name,
        segment=link_class.segment,
        a_group=link_class.a_group,
        z_group=link_class.z_group,
        candidate=candidate.name,
        a_module="" if candidate.a_module is None else candidate.a_module.name,
        z_module="" if candidate.z_module is None else candidate.z_module.name,
        fiber="" if candidate.fiber is None else candidate.fiber.name,
        direct="" if direct is None else direct.name,
        medium=_medium(chosen),
        grade="" if candidate.fiber is None else candidate.fiber.grade.value,
        longest_mm=link_class.longest_mm,
        loss_mdb=loss,
        budget_mdb=budget,
        reason=chosen.reason,
        runner_up=chosen.runner_up,
    )


def _medium(chosen: ClassChoice) -> str:
    if chosen.candidate.direct is not None:
        return chosen.candidate.direct.technology.value
    return "" if chosen.candidate.fiber is None else chosen.candidate.fiber.medium.value


def _loss(fiber: FiberCable, ordered_mm: int, connections: int, catalog: Catalog) -> int | None:
    """Return the worst insertion loss in 0.001 dB of the longest cable, None when a figure is missing."""
    grade = catalog.fiber_grades.get(fiber.grade.value)
    connector = catalog.connectors.get(fiber.connector.value)
    if grade is None or connector is None or ordered_mm < 0:
        return None
    return channel_loss_mdb(ordered_mm, grade.attenuation_mdb_per_km.value, connections, connector.loss_max_mdb.value)


def _budget(chosen: ClassChoice, loss_mdb: int | None) -> int | None:
    """Return the highest channel loss in 0.001 dB that the loss check allowed, None when it had no figure."""
    margin = next((check.margin for check in chosen.candidate.checks if check.name == "loss"), None)
    return None if margin is None or loss_mdb is None else loss_mdb + margin


def plan_checks(choice: Choice) -> tuple[PlanCheck, ...]:
    """Return the checks of every chosen candidate, by class."""
    return tuple(
        PlanCheck(
            name=check.name,
            link_class=row,
            verdict=check.verdict,
            detail=check.detail,
            margin=check.margin,
            unit=check.unit,
            missing=check.missing,
            source=check.source,
            confidence=check.confidence,
        )
        for row, chosen in enumerate(choice.classes)
        for check in chosen.candidate.checks
    )


def plan_parts(choice: Choice, tables: FabricTables, catalog: Catalog) -> dict[str, PlanPart]:
    """Return every part that the plan uses, by name: boxes, modules, cables, and the grades and connectors of these."""
    used: dict[str, Part] = {group.model.name: group.model for group in tables.groups}
    for chosen in choice.classes:
        candidate = chosen.candidate
        for part in (candidate.a_module, candidate.z_module, candidate.fiber, candidate.direct):
            if part is not None:
                used[part.name] = part
        if candidate.fiber is not None:
            grade = catalog.fiber_grades.get(candidate.fiber.grade.value)
            connector = catalog.connectors.get(candidate.fiber.connector.value)
            for generic in (grade, connector):
                if generic is not None:
                    used[generic.name] = generic
    return {name: plan_part(part) for name, part in sorted(used.items())}
