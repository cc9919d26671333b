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

if TYPE_CHECKING:
    from optidsl.layout.tables import PlacedFabric
    from optidsl.lock import Lock
    from optidsl.modules import Program
    from optidsl.optics.tables import Choice
    from optidsl.plan.model import Plan
    from optidsl.sema.design import Design


@record(frozen=True, slots=True)
class Checked:
    """A design that passed every check before freezing."""

    program: Program
    design: Design
    placed: PlacedFabric
    choice: Choice


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
    from optidsl.fabric import synthesize
    from optidsl.layout import place
    from optidsl.optics import choose

    context.progress("synthesizing the fabric")
    tables = synthesize(design, context)
    if tables is None:
        return None
    context.progress("placing devices and measuring cables")
    placed = place(design, tables, context)
    if placed is None:
        return None
    context.progress("choosing parts")
    choice = choose(design, placed, context, recheck=recheck)
    if choice is None or context.sink.has_errors:
        return None
    if choice.tables is not None:
        placed = replace(placed, tables=choice.tables)
    return Checked(program, design, placed, choice)


def plan(root: str, context: Context) -> Plan | None:
    """Compile to a verified plan that passes its tests."""
    found = proved(root, context)
    return None if context.sink.has_errors else found


def proved(root: str, context: Context) -> Plan | None:
    """Compile to a verified plan with the results of its tests, whatever these are; what fails is in the sink."""
    from optidsl.lock import pins_of, read_lock
    from optidsl.plan.freeze import freeze
    from optidsl.plan.verify import verify

    lock: Lock | None = None
    if context.options.lock_text is not None:
        lock = read_lock(context.options.lock_text, context)
        if lock is None:
            return None
        context.options.picks = dict(lock.picks)
    checked = check(root, context, recheck=True)
    if checked is None:
        return None
    context.progress("freezing the plan")
    frozen = freeze(checked.design, checked.placed, checked.choice, pins_of(lock), checked.program.sources, context)
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


def compile_design(root: str, context: Context, emitters: tuple[str, ...] | None = None) -> Compiled | None:
    """Compile to a verified plan, its lock and every artefact, all in memory."""
    frozen = plan(root, context)
    if frozen is None:
        return None
    from optidsl.emit import artefacts
    from optidsl.lock import check_locked, write_lock
    from optidsl.plan.io import dump

    context.progress("writing the lock")
    lock_text = write_lock(frozen)
    if context.options.locked:
        check_locked(context.options.lock_text, lock_text, context.sink)
    context.progress("emitting")
    made = artefacts(frozen, emitters if emitters is not None else frozen.header.emit, context.sink)
    if context.sink.has_errors:
        return None
    files = {"plan.json": dump(frozen), **{path: artefact.text for path, artefact in made.items()}}
    return Compiled(frozen, lock_text, files, {path: artefact.maker for path, artefact in made.items()})
