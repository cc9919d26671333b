"""The whole compiler in one picture; read this first.

    .optd text ─parse─▶ syntax tree ─resolve─▶ program ─elaborate─▶ design
               ─synthesize─▶ fabric (columns) ─place─▶ placed fabric (racks, route of every cable)
               ─choose─▶ a part for every class of links ─freeze─▶ plan ─verify─▶ diagnostics ─prove─▶ tests
               ─emit─▶ artefacts

Each stage is a function `stage(input, context) -> output | None`. Diagnostics go to `context.sink`; None means
that the sink holds an error. A user's mistake never raises. Each stage imports its own heavy libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.diag import Sink

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from optidsl.fabric.refusal import Refusal
    from optidsl.joint.words import Considered
    from optidsl.layout.tables import PlacedFabric
    from optidsl.lock import Moving
    from optidsl.modules import Program
    from optidsl.optics.candidates import Tried
    from optidsl.optics.tables import Choice
    from optidsl.plan.model import Plan
    from optidsl.sema.design import Design, Fabric


@record(frozen=True, slots=True)
class Checked:
    """A design that passed every check before freezing."""

    program: Program
    design: Design
    placed: PlacedFabric
    choice: Choice
    considered: tuple[Considered, ...] = ()  # the shapes of its fabrics that were weighed
    earlier: tuple[Design, ...] = ()  # the design with the params of each phase of growth before the last


@record(frozen=True, slots=True)
class Compiled:
    """A verified plan, the text of its lock, the artefacts by path (plan.json among them), and the emitter of each."""

    plan: Plan
    lock_text: str
    files: dict[str, str]
    makers: dict[str, str]


def elaborate(root: str, context: Context) -> tuple[Program, Design] | None:
    """Run the static stages: parse, resolve, elaborate."""
    from optidsl.modules import resolve
    from optidsl.sema import elaborate as elaborate_program

    context.progress("reading")
    program = resolve(root, context)
    if program is None:
        return None
    context.progress("elaborating")
    design = elaborate_program(program, context)
    return None if design is None or context.sink.has_errors else (program, design)


def check(root: str, context: Context, *, recheck: bool = False) -> Checked | None:
    """Run every stage up to the choice of parts."""
    static = elaborate(root, context)
    if static is None:
        return None
    program, design = static
    earlier = _earlier(program, design, context)
    if earlier is None:
        return None
    if not design.policy.growth_reserve.is_open:
        from optidsl.fabric.reserve import with_reserve

        design = with_reserve(design)
    moving = None
    if context.options.lock_text is not None:
        moving = _read_lock(design, context)
        if moving is None:
            return None
    from optidsl.fabric.openness import open_fabrics

    if open_fabrics(design) or (context.pins.shapes and _holds_sizes(design, context)):
        from optidsl.joint import check_open

        found = check_open(design, context, _built, recheck=recheck)
        checked = None if found is None else Checked(program, *found)
    else:
        outcome = _built(design, context, recheck=recheck)
        checked = None if outcome is None else Checked(program, design, *outcome)
    if checked is not None and earlier:
        checked = replace(checked, earlier=earlier)
    if checked is not None and design.moved:
        from optidsl.fabric.identity import device_identities
        from optidsl.layout.moved_racks import rack_identities
        from optidsl.lock import report_moves

        tables = checked.placed.tables
        known = [*device_identities(tables.groups, tables.devices), *rack_identities(design)]
        report_moves(moving, design.moved, known, context.sink)
    if checked is not None and context.pins.shapes:
        from optidsl.joint.in_service import tell_moved

        tell_moved(design, checked.placed.tables, context)
    return None if context.sink.has_errors else checked


def _holds_sizes(design: Design, context: Context) -> bool:
    """Tell whether sizes in service are other than those that a design comes to by itself."""
    from optidsl.joint.pinned import held

    return held(design, context) is not design


def _built(
    design: Design, context: Context, *, recheck: bool, tried: Tried | None = None
) -> tuple[PlacedFabric, Choice] | None:
    """Build, place and equip a design as it stands; `tried` is what earlier shapes of it found out about parts."""
    from optidsl.fabric import synthesize
    from optidsl.layout import place
    from optidsl.optics import choose

    context.progress("synthesizing the fabric")
    tables = synthesize(design, context, _why_not(design, context) if tried is None else None)
    if tables is None:
        return None
    context.progress("placing devices and measuring cables")
    placed = place(design, tables, context)
    if placed is None:
        return None
    context.progress("choosing parts")
    choice = choose(design, placed, context, recheck=recheck, tried=tried)
    if choice is None or context.sink.has_errors:
        return None
    return placed if choice.tables is None else replace(placed, tables=choice.tables), choice


def _why_not(design: Design, context: Context) -> Callable[[Fabric, Refusal], Refusal]:
    """Return what says more of a fabric whose sizes are refused."""

    def told(fabric: Fabric, refusal: Refusal) -> Refusal:
        from optidsl.fabric.causes import with_causes
        from optidsl.optics.explain_sizes import explain_sizes

        return with_causes(design, fabric, explain_sizes(design, fabric, refusal, context))

    return told


def _read_lock(design: Design, context: Context) -> Moving | None:
    """Read what is in service into the context, and return what the moves of the design found there."""
    from optidsl.lock import moved_lock, pins_of, read_lock, report_in_use, report_void

    lock = read_lock(context.options.lock_text or "", context)
    if lock is None or report_void(lock, context) or report_in_use(lock, context):
        return None
    lock, moving = moved_lock(lock, design.moved, _moved_racks(design))
    days = design.addressing.reuse_days
    context.pins = pins_of(lock, days, _today(context) if days and lock.free else None)
    return moving


def _moved_racks(design: Design) -> dict[int, dict[str, str]]:
    if not design.moved:
        return {}
    from optidsl.layout.moved_racks import moved_racks, rack_identities

    return moved_racks(design, rack_identities(design))


def _today(context: Context) -> date | None:
    if context.options.today is None and context.calendar is not None:
        return context.calendar()
    return context.options.today


def plan(root: str, context: Context) -> Plan | None:
    """Compile to a verified plan that passes its tests."""
    found = proved(root, context)
    return None if context.sink.has_errors else found


def proved(root: str, context: Context) -> Plan | None:
    """Compile to a verified plan with the results of its tests, whatever these are; what fails is in the sink."""
    checked = check(root, context, recheck=True)
    return None if checked is None else planned(checked, context)


def judged(root: str, context: Context) -> Checked | None:
    """Run `check`, and judge what a design asks of its phases of growth: of the frozen plan, if it has any."""
    checked = check(root, context)
    if checked is None or not checked.design.growth:
        return checked
    return None if _frozen(checked, context) is None else checked


def planned(checked: Checked, context: Context) -> Plan | None:
    """Freeze and verify a design that passed every check, and run its tests."""
    from optidsl.plan.verify import verify

    frozen = _frozen(checked, context)
    if frozen is None:
        return None
    context.progress("verifying the plan")
    for finding in verify(frozen):
        context.sink.emit(finding)
    if context.sink.has_errors:
        return None
    if checked.design.tests or checked.design.promised or context.options.tests:
        from optidsl.proofs.prove import prove

        context.progress("running tests")
        frozen = prove(frozen, checked.design, context)
    return frozen


def _frozen(checked: Checked, context: Context) -> Plan | None:
    """Freeze a design that passed every check, with its phases of growth."""
    from optidsl.plan.freeze import freeze

    context.progress("freezing the plan")
    frozen = freeze(checked.design, checked.placed, checked.choice, checked.program.sources, context)
    if frozen is None or not checked.design.growth:
        return frozen
    from optidsl.plan.growth import with_growth

    context.progress("reckoning the phases")
    return with_growth(frozen, checked.design, checked.earlier, context)


def _earlier(program: Program, design: Design, context: Context) -> tuple[Design, ...] | None:
    """Elaborate a design once more for each phase of growth before the last; None where one is wrong or shrinks."""
    if not design.growth:
        return ()
    from optidsl.plan.standing import nodes_of, report_shrinking
    from optidsl.sema import elaborate as elaborate_program

    earlier: list[Design] = []
    for phase in design.growth[:-1]:
        options = replace(context.options, as_of_phase=phase.name)
        own = replace(context, options=options, sink=Sink())
        found = elaborate_program(program, own)
        if found is None:
            for each in own.sink.sorted():
                if each.severity == "error":
                    context.sink.emit(replace(each, notes=(*each.notes, f"in phase `{phase.name}`")))
            return None
        earlier.append(found)
    phases = [nodes_of(phase, each) for phase, each in zip(design.growth, (*earlier, design), strict=True)]
    return None if report_shrinking(phases, context) else tuple(earlier)


def _of_phase(frozen: Plan, name: str, context: Context) -> Plan | None:
    """Return the part of the plan that stands in a phase of growth."""
    names = [each.name for each in frozen.growth or ()]
    if name not in names:
        from optidsl.schema.nearest import did_you_mean

        known = f"phases: {', '.join(names)}" if names else "the design has no `growth`"
        message = f"there is no phase `{name}`{did_you_mean(name, names)}"
        context.sink.error("unknown-phase", message, helps=(known,))
        return None
    if name == names[-1]:
        return frozen
    from optidsl.plan.part_plan import standing_part

    return standing_part(frozen, names.index(name))


def compile_design(root: str, context: Context, emitters: tuple[str, ...] | None = None) -> Compiled | None:
    """Compile to a verified plan, its lock and every artefact, all in memory."""
    frozen = plan(root, context)
    if frozen is None:
        return None
    from optidsl.emit import artefacts
    from optidsl.lock import check_locked, next_lock
    from optidsl.plan.io import dump

    context.progress("writing the lock")
    today = _today(context) if frozen.addressing.reuse_days else None
    lock_text = next_lock(frozen, today, context)
    if context.options.locked:
        check_locked(context.options.lock_text, lock_text, context.sink)
    context.progress("emitting")
    shown = frozen if context.options.phase is None else _of_phase(frozen, context.options.phase, context)
    if shown is None:
        return None
    made = artefacts(shown, emitters if emitters is not None else frozen.header.emit, context.sink)
    if context.sink.has_errors:
        return None
    files = {"plan.json": dump(shown), **{path: artefact.text for path, artefact in made.items()}}
    return Compiled(shown, lock_text, files, {path: artefact.maker for path, artefact in made.items()})
