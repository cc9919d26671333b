"""From a program to a design: evaluate everything that does not need the solver, and lower it to typed records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._context import Context
from optidsl._record import replace
from optidsl.catalog import build_catalog
from optidsl.catalog.parts import Catalog
from optidsl.catalog.purchase import PURCHASE_KINDS, Purchase
from optidsl.catalog.spares import Spares
from optidsl.diag import Label, Span
from optidsl.modules import Program
from optidsl.schema.entity import Entity
from optidsl.schema.registry import kinds
from optidsl.sema.attributes import read
from optidsl.sema.canonical import in_order
from optidsl.sema.design import Design
from optidsl.sema.emitters import check_emitters
from optidsl.sema.entities import entity_of
from optidsl.sema.evaluate import evaluate
from optidsl.sema.expand import declare, expand
from optidsl.sema.family import keys_of
from optidsl.sema.frame import Frame
from optidsl.sema.goals import lower_goals, require_names
from optidsl.sema.implicit import implicit_parts
from optidsl.sema.lower import lower_design
from optidsl.sema.lower_governance import check_waivers, lower_waivers
from optidsl.sema.lowering import through
from optidsl.sema.opening import open_module, parts_of, standard_sources
from optidsl.sema.overrides import report_missed
from optidsl.sema.params import check_params, param_value
from optidsl.sema.session import Session, Wires
from optidsl.sema.unused import report_unused, settle_all
from optidsl.syntax.nodes import Moved

if TYPE_CHECKING:
    from optidsl._pins import Move
    from optidsl.sema.growth import Phase
    from optidsl.sema.promised import Test

_WIRES = Wires(evaluate, expand, read, param_value, keys_of, standard_sources)


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
    parts = _parts(session, entity)
    catalog = build_catalog(parts, context.sink)
    purchase = _purchase(entity, parts, catalog, context)
    spares = _spares(entity, parts, catalog, context)
    growth = _growth(session, design)
    moved = _moved(session, design)
    tests = _tests(session, design)
    report_missed(session)
    waivers = lower_waivers(context.sink, entity)
    check_waivers(waivers, catalog, require_names(design), context.sink)
    requirements, objectives, promised = lower_goals(session, design, waivers)
    settle_all(session)
    report_unused(session)
    if context.sink.has_errors:
        return None
    lowered = lower_design(session, design, entity, catalog, requirements, objectives, waivers)
    if context.sink.has_errors:
        return None
    if requirements:
        from optidsl.sema.never import warn_never

        warn_never(lowered, context)
    policy = lowered.policy
    if not (policy.vendors.is_open and policy.form_factors.is_open and policy.grades.is_open):
        from optidsl.sema.listed import warn_listed

        warn_listed(policy, lowered.catalog, context.sink)
    whole = replace(lowered, purchase=purchase, tests=tests, promised=promised, spares=spares)
    whole = replace(whole, growth=growth, moved=moved)
    return in_order(whole, context.sources.written)


def _purchase(design: Entity, parts: list[Entity], catalog: Catalog, context: Context) -> Purchase:
    if not any(part.kind in PURCHASE_KINDS for part in parts) and not any(True for _ in design.of_kind("fx")):
        return Purchase(design.text("currency", "USD"))
    from optidsl.sema.lower_purchase import lower_purchase

    return lower_purchase(design, parts, catalog, context)


def _spares(design: Entity, parts: list[Entity], catalog: Catalog, context: Context) -> Spares | None:
    policies = through(design, "policy")
    if not any(part.kind == "failures" for part in parts) and not any(through(p, "spares") for p in policies):
        return None
    from optidsl.sema.lower_spares import lower_spares

    return lower_spares(design, parts, catalog, context)


def _growth(session: Session, design: Frame) -> tuple[Phase, ...]:
    if design.child("growth") is None:
        return ()
    from optidsl.sema.growth import lower_growth

    return lower_growth(session, design)


def _moved(session: Session, design: Frame) -> tuple[Move, ...]:
    if not any(isinstance(item, Moved) for layer in design.layers for item in layer.body.items):
        return ()
    from optidsl.sema.moved import lower_moves

    return lower_moves(session, design)


def _tests(session: Session, design: Frame) -> tuple[Test, ...]:
    if not _holds(design, "test"):
        return ()
    from optidsl.sema.lower_tests import lower_tests

    return lower_tests(session, design)


def _holds(frame: Frame, kind: str) -> bool:
    """Tell whether a block, or a component in it, holds a block of a kind."""
    return any(child.kind.name == kind or (child.is_instance and _holds(child, kind)) for child in frame.children)


def library_parts(program: Program, context: Context) -> tuple[Entity, ...]:
    """Return the parts and sources of a program's modules, evaluated, module by module in order of name."""
    session = Session(context, program, wires=_WIRES)
    for module in program.modules:
        open_module(session, module)
    modules = sorted(program.modules, key=lambda module: (not module.is_std, module.name))
    found = [session.parts[each.name] if each.is_std else parts_of(session, each) for each in modules]
    return tuple(part for parts in found for part in parts)


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
