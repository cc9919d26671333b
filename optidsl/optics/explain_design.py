"""Why no choice of parts satisfies all classes together: minimal conflicts, with their arithmetic."""

from __future__ import annotations

from optidsl._record import record, replace
from optidsl.optics.conflict import tell_conflict
from optidsl.optics.contradict import contradiction, is_derived
from optidsl.optics.couplings import Coupling, requirement_key
from optidsl.optics.edits import fix, number_edit, printable
from optidsl.optics.encode import Encoded, encode
from optidsl.optics.limit import Least, least_of
from optidsl.optics.model import Model
from optidsl.optics.relax import Relaxation, Whole, relaxations
from optidsl.optics.statement import Statement
from optidsl.optics.text import listing, quantity
from optidsl.sema.design import Requirement
from optidsl.solve import Session, minimal_conflict

_BY_TOPIC = {
    "optic-skus": "sku-limit",
    "cable-skus": "sku-limit",
    "rack-power": "rack-power",
    "site-power": "site-power",
    "requirement": "requirement-failed",
}
_DERIVED_HELP = (
    "sizes of tiers follow from the links: `count`, `down` or `up` of a tier, or the fabric's `oversubscription`, "
    "change them"
)


@record(frozen=True, slots=True)
class DesignConflict:
    """Statements that cannot hold together; `is_contradiction` where no fabric at all could meet them."""

    core: tuple[Statement, ...]
    is_contradiction: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the statements."""
        return frozenset(statement.key for statement in self.core)


def design_conflicts(whole: Whole, model: Model) -> list[DesignConflict]:
    """Return conflicts with no statement in common, until what is left can hold; impossible statements go first."""
    found = derived_conflicts(whole, model)
    encoded = encode(model)
    rlimit = whole.context.options.rlimit
    gone = whole.waived.union(*(each.keys for each in found))
    held = [guard for guard, statement in encoded.statements.items() if statement.key not in gone]
    session = Session(encoded.problem, rlimit)
    if session.solve([]) is None:
        return [*found, DesignConflict(())]
    limits = {coupling.statement.key for coupling in model.couplings}
    for guard in list(held):
        if encoded.statements[guard].key in limits and session.solve([guard]) is None:
            found.append(DesignConflict((encoded.statements[guard],)))
            held.remove(guard)
    while core := minimal_conflict(encoded.problem, rlimit, held):
        found.append(DesignConflict(tuple(encoded.statements[guard] for guard in core)))
        held = [guard for guard in held if guard not in core]
    return found


def derived_conflicts(whole: Whole, model: Model) -> list[DesignConflict]:
    """Return the requirements on sizes of the fabric that fail, each with those that contradict it."""
    hard = [each for each in whole.design.requirements if each.weight is None and not each.is_warning]
    derived = [each for each in hard if is_derived(each)]
    statements = {each.statement.key: each.statement for each in model.couplings}
    found: list[DesignConflict] = []
    told: set[str] = set()
    for requirement in derived:
        key = requirement_key(requirement)
        if key in told or key not in statements or _violated(model, key) is None:
            continue
        others = [each for each in derived if each.span != requirement.span and requirement_key(each) not in told]
        core = contradiction(requirement, others) or (requirement,)
        keys = dict.fromkeys(requirement_key(each) for each in core)
        told.update(keys)
        found.append(DesignConflict(tuple(statements[each] for each in keys), len(keys) > 1))
    return found


def _violated(model: Model, key: str) -> Coupling | None:
    """Return a coupling of a statement whose amount the choice cannot change and that is above its bound."""
    of_key = (each for each in model.couplings if each.statement.key == key and each.amount.is_fixed)
    return next((each for each in of_key if each.amount.constant > each.bound and not each.amount.lacks), None)


def tell_design_conflict(whole: Whole, model: Model, conflict: DesignConflict) -> dict[str, int]:
    """Report a conflict; return by how much the first offered fix raises which limit."""
    limits = [each for each in conflict.core if each.topic in _BY_TOPIC]
    if not limits:
        names = listing([f"`{each.view.link_class.name}`" for each in whole.classes], "and")
        message = f"no module suits every link that shares its cages: {names}"
        if len(whole.classes) == 1:
            asked = listing([each.text for each in conflict.core], "and")
            message = f"no optic in the catalogue fits {names}: {asked}"
        offers = relaxations(whole, whole.classes, conflict.core)
        tell_conflict("no-optic-fits", message, conflict.core, offers, whole.context, [])
        return {}
    if conflict.is_contradiction:
        _tell_contradiction(whole, model, conflict)
        return {}
    moved = [
        replace(each, bound=each.bound + whole.raised.get(each.statement.key, 0))
        for each in model.couplings
        if each.statement.key not in whole.waived
    ]
    encoded = encode(replace(model, couplings=tuple(moved)))
    guards = [guard for guard, each in encoded.statements.items() if each.key not in whole.waived]
    leasts = {each.key: least_of(encoded, each, guards, whole.context.options.rlimit) for each in limits}
    raises = {each.key: _raise(whole, leasts[each.key]) for each in limits}
    offers = [offer for offer, _ in raises.values() if offer is not None]
    others = [statement for statement in conflict.core if statement.topic not in _BY_TOPIC]
    offers += relaxations(whole, whole.classes, others)
    head = limits[0]
    least = leasts[head.key]
    coupling = next(each for each in moved if each.statement.key == head.key) if least is None else least.coupling
    notes = [] if least is None else _makeup(whole, encoded, least)
    message = _coupling_message(conflict, coupling, least)
    core = (head, *(each for each in conflict.core if each is not head))
    helps = (_DERIVED_HELP,) if _is_of_fabric(whole, head) else ()
    tell_conflict(_BY_TOPIC[head.topic], message, core, offers, whole.context, notes, helps)
    delta = raises[head.key][1]
    return {} if delta is None else {head.key: delta}


def _is_of_fabric(whole: Whole, statement: Statement) -> bool:
    return any(is_derived(each) for each in _requirements(whole, statement))


def _requirements(whole: Whole, statement: Statement) -> list[Requirement]:
    return [each for each in whole.design.requirements if requirement_key(each) == statement.key]


def _tell_contradiction(whole: Whole, model: Model, conflict: DesignConflict) -> None:
    """Report requirements that no fabric could meet, with the values that this one has."""
    subjects: list[str] = []
    values: list[str] = []
    for statement in conflict.core:
        coupling = next(each for each in model.couplings if each.statement.key == statement.key)
        subjects.append(f"`{coupling.subject}`")
        left, right = coupling.left(coupling.amount.constant), coupling.right
        word = "allowed" if coupling.sign > 0 else "required"
        holds = "holds" if coupling.amount.constant <= coupling.bound else "fails"
        figures = f"{quantity(left, coupling.unit)}, {quantity(right, coupling.unit)} {word}"
        values.append(f"`{coupling.subject}` {holds} here: it is {figures}")
    message = f"{listing(subjects, 'and')} contradict each other: no fabric can meet them together"
    helps = (_DERIVED_HELP,)
    tell_conflict("requirement-failed", message, conflict.core, [], whole.context, values, helps, is_minimal=False)


def _raise(whole: Whole, least: Least | None) -> tuple[Relaxation | None, int | None]:
    """Return the change of a limit to the least amount that was found possible, and by how much it raises it."""
    if least is None:
        return None, None
    coupling = least.coupling
    strictness = coupling.offset - coupling.right if coupling.statement.topic == "requirement" else 0
    old = coupling.right + strictness
    wanted = coupling.left(coupling.bound + least.excess) + strictness
    is_upper = coupling.sign > 0
    new = wanted if least.is_exact else printable(wanted, coupling.unit, is_upper=is_upper)
    if least.is_exact and printable(wanted, coupling.unit, is_upper=True) != wanted:
        return None, None
    verb = "change" if least.is_exact else "raise" if is_upper else "lower"
    title = f"{verb} the limit to {quantity(new, coupling.unit)}"
    edits = number_edit(coupling.statement.span, old, new, coupling.unit, whole.context)
    delta = None if least.is_exact else int(coupling.sign * (new - old) * coupling.amount.scale)
    return Relaxation((-1, 0, title), fix(title, edits)), delta


def _makeup(whole: Whole, encoded: Encoded, least: Least) -> list[str]:
    """Say what makes up the least amount."""
    coupling, picks = least.coupling, least.picks
    notes: list[str] = []
    for row, pick in enumerate(picks):
        weight = coupling.amount.weights[row][pick]
        name = encoded.model.classes[row].view.link_class.name
        part = encoded.model.options[row][pick].candidate.name
        if coupling.unit == "mW" and weight:
            notes.append(f"{name}: {part}, {quantity(coupling.left(weight) - coupling.offset, 'mW')}")
        elif not coupling.unit and not coupling.amount.is_fixed:
            notes.append(f"{name}: {part}")
    boxes = coupling.left(coupling.amount.constant)
    if coupling.unit == "mW" and boxes:
        notes.insert(0, f"boxes without modules: {quantity(boxes, 'mW')}")
    return notes


def _coupling_message(conflict: DesignConflict, coupling: Coupling, least: Least | None) -> str:
    """Put the arithmetic of a limit that cannot be kept."""
    right = quantity(coupling.right, coupling.unit)
    if least is None:
        others = [each.text for each in conflict.core if each is not coupling.statement]
        return f"{coupling.subject}: the limit of {right} cannot be kept together with {listing(others, 'and')}"
    reached = coupling.left(coupling.bound + least.excess)
    left = quantity(reached, coupling.unit)
    by = quantity(abs(reached - coupling.right), coupling.unit)
    is_given = coupling.amount.is_separable and not any(map(any, coupling.amount.weights))
    if coupling.statement.topic == "requirement" and is_given:
        word = "allowed" if coupling.sign > 0 else "required"
        return f"`{coupling.subject}` does not hold: it is {left}, {right} {word}"
    if coupling.statement.topic == "requirement":
        best, word = ("least", "allowed") if coupling.sign > 0 else ("most", "required")
        return f"`{coupling.subject}` cannot hold: the {best} possible is {left}, {right} {word} ({by} short)"
    if coupling.sign < 0:
        return f"{coupling.subject}: the most possible is {left}, {right} required"
    if coupling.unit == "mW":
        return f"{coupling.subject}: the least possible draw {left} exceeds the limit {right} by {by}"
    return f"the links need at least {left} {coupling.subject}, {right} allowed"
