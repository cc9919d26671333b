"""The chosen parts as records: link classes, their checks, and the parts themselves."""

from __future__ import annotations

from optidsl.catalog.parts import Catalog, Part
from optidsl.fabric.tables import FabricTables
from optidsl.optics.channel import attenuation_of, plant_of
from optidsl.optics.tables import Choice, ClassChoice
from optidsl.plan.model import PlanCheck, PlanClass, PlanPart
from optidsl.plan.part_facts import plan_part
from optidsl.sema.design import Connect, Statistical


def plan_classes(
    choice: Choice, tables: FabricTables, catalog: Catalog, statistical: Statistical | None = None
) -> tuple[PlanClass, ...]:
    """Return one record per link class."""
    return tuple(_class(chosen, tables, catalog, statistical) for chosen in choice.classes)


def _class(chosen: ClassChoice, tables: FabricTables, catalog: Catalog, statistical: Statistical | None) -> PlanClass:
    link_class, candidate = chosen.link_class, chosen.candidate
    loss = budget = None
    if candidate.fiber is not None and candidate.line is None:
        loss = _loss(chosen, tables.segments[link_class.segment].connect, catalog, statistical)
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
        a_attenuator="" if candidate.a_attenuator is None else candidate.a_attenuator.name,
        z_attenuator="" if candidate.z_attenuator is None else candidate.z_attenuator.name,
        line="" if candidate.line is None else candidate.line.name,
        near=candidate.hub,
        a_alternates=candidate.a_alternates,
        z_alternates=candidate.z_alternates,
    )


def _medium(chosen: ClassChoice) -> str:
    if chosen.candidate.direct is not None:
        return chosen.candidate.direct.technology.value
    return "" if chosen.candidate.fiber is None else chosen.candidate.fiber.medium.value


def _loss(chosen: ClassChoice, connect: Connect, catalog: Catalog, statistical: Statistical | None) -> int | None:
    """Return the insertion loss in 0.001 dB of the longest cable, None when a figure is missing."""
    fiber, ordered_mm = chosen.candidate.fiber, int(chosen.ordered_mm.max(initial=-1))
    if fiber is None or ordered_mm < 0 or (connect.splices and connect.splice_loss_mdb is None):
        return None
    grade = catalog.fiber_grades.get(fiber.grade.value)
    connector = catalog.connectors.get(fiber.connector.value)
    modules = (chosen.candidate.a_module, chosen.candidate.z_module)
    if attenuation_of(fiber, grade, modules, statistical)[1] is None:
        return None
    plant = plant_of(grade, connector, connect, chosen.candidate.attenuators, statistical)
    return None if plant is None else plant.loss_mdb(ordered_mm)


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
        fiber = None if candidate.line is not None else candidate.fiber
        own = (candidate.a_module, candidate.z_module, fiber, candidate.direct)
        others = [catalog.transceivers[name] for name in (*candidate.a_alternates, *candidate.z_alternates)]
        for part in (*own, *candidate.attenuators, *others):
            if part is not None:
                used[part.name] = part
        if fiber is not None:
            grade = catalog.fiber_grades.get(fiber.grade.value)
            connector = catalog.connectors.get(fiber.connector.value)
            for generic in (grade, connector):
                if generic is not None:
                    used[generic.name] = generic
    return {name: plan_part(part) for name, part in sorted(used.items())}
