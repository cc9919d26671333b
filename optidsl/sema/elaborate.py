"""From a program to a design: evaluate everything that does not need the solver, and lower it to typed records."""

from __future__ import annotations

from optidsl._context import Context
from optidsl.catalog import build_catalog
from optidsl.diag import Label, Span
from optidsl.modules import Program
from optidsl.schema.entity import Entity
from optidsl.schema.registry import kinds
from optidsl.sema.attributes import read
from optidsl.sema.design import Design
from optidsl.sema.emitters import check_emitters
from optidsl.sema.entities import entity_of
from optidsl.sema.evaluate import evaluate
from optidsl.sema.expand import declare, expand
from optidsl.sema.family import keys_of
from optidsl.sema.frame import Frame
from optidsl.sema.goals import lower_goals
from optidsl.sema.implicit import implicit_parts
from optidsl.sema.lower import lower_design
from optidsl.sema.opening import open_module, parts_of
from optidsl.sema.overrides import report_missed
from optidsl.sema.params import check_params, param_value
from optidsl.sema.session import Session, Wires
from optidsl.sema.unused import report_unused, settle_all

_WIRES = Wires(evaluate, expand, read, param_value, keys_of)


def elaborate(program: Program, context: Context) -> Design | None:
    """Evaluate a program.

    Args:
        program: the modules, in dependency order.
        context: sources, options and the sink.

    Returns:
        The design, or None when the sink holds an error.
    """
    session = Session(context, program, wires=_WIRES)
    for module in program.modules:
        open_module(session, module)
    design = _design_frame(session)
    if design is None:
        return None
    declare(session, design)
    check_params(session, design)
    entity = entity_of(session, design)
    check_emitters(session, entity)
    catalog = build_catalog(_parts(session, entity), context.sink)
    report_missed(session)
    requirements, objectives = lower_goals(session, design)
    settle_all(session)
    report_unused(session)
    if context.sink.has_errors:
        return None
    lowered = lower_design(session, design, entity, catalog, requirements, objectives)
    return None if context.sink.has_errors else lowered


def _design_frame(session: Session) -> Frame | None:
    root = session.frames[session.program.root.name]
    designs = [child for child in root.children if child.kind.name == "design"]
    if len(designs) == 1:
        return designs[0]
    if not designs and not session.sink.has_errors:
        start = Span(session.program.root.file, 0, 0)
        session.sink.error(
            "no-design", f"`{session.program.root.path}` declares no design", start, "add `design NAME { … }`"
        )
    if len(designs) > 1:
        session.sink.error(
            "several-designs",
            f"`{session.program.root.path}` declares {len(designs)} designs: a file compiles to one",
            designs[1].label_span,
            "second design",
            secondary=(Label(designs[0].label_span, "first design"),),
        )
    return None


def _parts(session: Session, design: Entity) -> list[Entity]:
    """Return every part and source in view, the design's own first."""
    found: list[Entity] = []
    _collect_parts(design, found)
    for module in reversed(session.program.modules):
        found.extend(session.parts[module.name] if module.is_std else parts_of(session, module))
    found.extend(implicit_parts(session))
    return found


def _collect_parts(entity: Entity, found: list[Entity]) -> None:
    for child in entity.children:
        kind = kinds().get(child.kind)
        if kind is not None and kind.is_part:
            found.append(child)
        elif child.kind == "component":
            _collect_parts(child, found)
