"""Why no choice of parts satisfies all classes together: a minimal conflict, with its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.conflict import tell_conflict
from optidsl.optics.couplings import Coupling
from optidsl.optics.encode import Encoded, encode
from optidsl.optics.model import Model, assemble
from optidsl.optics.relax import Relaxation, raise_limit, relaxations
from optidsl.optics.text import listing, quantity
from optidsl.sema.design import Design
from optidsl.solve import Objective, minimal_conflict, minimize

_BY_TOPIC = {
    "optic-skus": "sku-limit",
    "cable-skus": "sku-limit",
    "rack-power": "rack-power",
    "site-power": "site-power",
    "requirement": "requirement-failed",
}


def explain_fixed(model: Model, context: Context) -> bool:
    """Report requirements that no choice of parts can change and that fail; return whether there were any."""
    has_failed = False
    told: set[str] = set()
    for coupling in model.couplings:
        amount = coupling.amount
        is_constant = amount.is_separable and not any(weight for row in amount.weights for weight in row)
        if coupling.statement.topic != "requirement" or not is_constant or amount.lacks:
            continue
        if amount.constant > coupling.bound and coupling.statement.key not in told:
            told.add(coupling.statement.key)
            has_failed = True
            left, right = coupling.left(amount.constant), coupling.right
            word = "allowed" if coupling.sign > 0 else "required"
            message = (
                f"`{coupling.subject}` does not hold: it is {quantity(left, coupling.unit)}, "
                f"{quantity(right, coupling.unit)} {word}"
            )
            context.sink.error("requirement-failed", message, coupling.statement.span, coupling.statement.text)
    return has_failed


def explain_couplings(design: Design, placed: PlacedFabric, classes: Sequence[ClassOptions], context: Context) -> None:
    """Report why no choice satisfies the classes together: a minimal conflict, its arithmetic, what would help."""
    model = assemble(design, placed, classes, [each.options for each in classes], {})
    encoded = encode(model)
    rlimit = context.options.rlimit
    core = minimal_conflict(encoded.problem, rlimit)
    statements = [] if core is None else [encoded.statements[guard] for guard in core]
    coupling = next((each for each in model.couplings if each.statement in statements), None)
    if coupling is None:
        names = listing([f"`{each.view.link_class.name}`" for each in classes], "and")
        message = f"no module suits every link that shares its cages: {names}"
        tell_conflict("no-optic-fits", message, statements, [], context, [])
        return
    least, used = _least(model, encoded, coupling, rlimit)
    offers: list[Relaxation] = [] if least is None else [raise_limit(coupling, least, context)]
    for statement in statements:
        if statement is not coupling.statement:
            for each in classes:
                offers += relaxations(design, placed, classes, each, [statement], context)
    name = _BY_TOPIC[coupling.statement.topic]
    tell_conflict(name, _coupling_message(coupling, least), statements, offers, context, used)


def _least(model: Model, encoded: Encoded, coupling: Coupling, rlimit: int) -> tuple[int | None, list[str]]:
    """Return the least amount with everything else kept, and notes on what makes it up; None when nothing fits."""
    terms = next(terms for each, terms, _ in encoded.coupling_terms if each is coupling)
    freed = next(guard for guard, each in encoded.statements.items() if each.key == coupling.statement.key)
    rest = [guard for guard in encoded.problem.guards if guard != freed]
    best = minimize(encoded.problem, [Objective(terms)], rlimit, assume=rest, is_unique=True)
    if best is None:
        return None, []
    picks = encoded.picks(best.model)
    notes = []
    for row, pick in enumerate(picks):
        weight = coupling.amount.weights[row][pick]
        name, part = model.classes[row].view.link_class.name, model.options[row][pick].candidate.name
        if coupling.unit == "mW" and weight:
            notes.append(f"{name}: {part}, {quantity(coupling.left(weight) - coupling.offset, 'mW')}")
        elif not coupling.unit:
            notes.append(f"{name}: {part}")
    if coupling.unit == "mW" and coupling.amount.constant:
        boxes = quantity(coupling.left(coupling.amount.constant) - coupling.offset, "mW")
        notes.insert(0, f"boxes without modules: {boxes}")
    return coupling.amount.constant + best.values[0], notes


def _coupling_message(coupling: Coupling, least: int | None) -> str:
    """Put the arithmetic of a limit that cannot be kept."""
    right = quantity(coupling.right, coupling.unit)
    if least is None:
        return f"{coupling.subject}: the limit of {right} cannot be kept together with the other statements"
    left = quantity(coupling.left(least), coupling.unit)
    by = quantity(abs(coupling.left(least) - coupling.right), coupling.unit)
    if coupling.statement.topic == "requirement":
        best, word = ("least", "allowed") if coupling.sign > 0 else ("most", "required")
        return f"`{coupling.subject}` cannot hold: the {best} possible is {left}, {right} {word} ({by} short)"
    if coupling.sign < 0:
        return f"{coupling.subject}: the most possible is {left}, {right} required"
    if coupling.unit == "mW":
        return f"{coupling.subject}: the least possible draw {left} exceeds the limit {right} by {by}"
    return f"the links need at least {left} {coupling.subject}, {right} allowed"
