"""Why no choice of parts satisfies all classes together: minimal conflicts, with their arithmetic."""

from __future__ import annotations

from optidsl._record import record, replace
from optidsl.optics.arithmetic import can_hold, conflicts
from optidsl.optics.bill import cheapest
from optidsl.optics.conflict import tell_conflict
from optidsl.optics.contradict import contradiction, is_derived
from optidsl.optics.couplings import Coupling, requirement_key
from optidsl.optics.edits import fix, number_edit, printable
from optidsl.optics.explain_required import Against, sizes_against
from optidsl.optics.limit import Least, least_of
from optidsl.optics.makeup import makeup
from optidsl.optics.model import Model
from optidsl.optics.relax import Relaxation, billed, relaxations
from optidsl.optics.statement import Statement
from optidsl.optics.text import listing, quantity
from optidsl.optics.whole import Solution, Whole
from optidsl.sema.design import Requirement

_BY_TOPIC = {
    "optic-skus": "sku-limit",
    "cable-skus": "sku-limit",
    "fiber-types": "sku-limit",
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
    gone = whole.waived.union(*(each.keys for each in found))
    held = {each.key: each for each in _statements(model) if each.key not in gone}
    for coupling, others in conflicts(model, held):
        core = _irreducible(whole, model, (coupling.statement, *others))
        found.append(DesignConflict(core))
        held = {key: each for key, each in held.items() if key not in {one.key for one in core}}
    if can_hold(model, held):
        return found
    return [*found, *_solved(whole, model, held)]


def _statements(model: Model) -> list[Statement]:
    """Return every statement of a choice: those that bar options, then limits."""
    found = {bar.key: bar for row in model.options for option in row for bar in option.bars}
    found.update({each.statement.key: each.statement for each in model.couplings})
    return list(found.values())


def _irreducible(whole: Whole, model: Model, core: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return a conflict that addition found, smaller where shared cages need fewer statements for it."""
    if len(core) == 1 or not (model.ties or model.clashes):
        return core
    from optidsl.optics.encode import encode
    from optidsl.solve import minimal_conflict

    encoded = encode(model)
    keys = {each.key for each in core}
    guards = [guard for guard, each in encoded.statements.items() if each.key in keys]
    least = minimal_conflict(encoded.problem, whole.context.options.rlimit, guards)
    return tuple(encoded.statements[guard] for guard in least) if least else core


def _solved(whole: Whole, model: Model, held: dict[str, Statement]) -> list[DesignConflict]:
    """Ask the solver for the conflicts that addition does not find."""
    from optidsl.optics.encode import encode
    from optidsl.solve import Session, minimal_conflict

    encoded = encode(model)
    rlimit = whole.context.options.rlimit
    left = [guard for guard, statement in encoded.statements.items() if statement.key in held]
    session = Session(encoded.problem, rlimit)
    if session.solve(left) is not None:
        return []
    if session.solve([]) is None:
        return [DesignConflict(())]
    found: list[DesignConflict] = []
    limits = {coupling.statement.key for coupling in model.couplings}
    for guard in list(left):
        if encoded.statements[guard].key in limits and session.solve([guard]) is None:
            found.append(DesignConflict((encoded.statements[guard],)))
            left.remove(guard)
    while core := minimal_conflict(encoded.problem, rlimit, left):
        found.append(DesignConflict(tuple(encoded.statements[guard] for guard in core)))
        left = [guard for guard in left if guard not in core]
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
        offers = cheapest(billed(whole, relaxations(whole, whole.classes, conflict.core)))
        tell_conflict("no-optic-fits", message, conflict.core, offers, whole.context, [])
        return {}
    if conflict.is_contradiction:
        _tell_contradiction(whole, model, conflict)
        return {}
    moved = whole.adjusted(model)
    held = [each.key for each in _statements(moved) if each.key not in whole.waived]
    leasts = {each.key: least_of(moved, each, held, whole.context.options.rlimit) for each in limits}
    raises = {each.key: _raise(whole, moved, leasts[each.key]) for each in limits}
    raised = [offer for offer, _ in raises.values() if offer is not None]
    others = [statement for statement in conflict.core if statement.topic not in _BY_TOPIC]
    head = limits[0]
    sizes = _sizes_against(whole, conflict, head)
    priced = [*billed(whole, [*raised, *relaxations(whole, whole.classes, others)]), *sizes.ways]
    fixes = cheapest(priced, is_sized=bool(sizes.ways))
    least = leasts[head.key]
    coupling = next(each for each in moved.couplings if each.statement.key == head.key)
    notes = [] if least is None else makeup(moved, least, conflict.keys)
    message = _coupling_message(conflict, coupling if least is None else least.coupling, least)
    core = (head, *(each for each in conflict.core if each is not head), *sizes.statements)
    helps = (_DERIVED_HELP,) if _is_of_fabric(whole, head) and not sizes.ways else ()
    tell_conflict(_BY_TOPIC[head.topic], message, core, fixes, whole.context, notes, helps)
    first, delta = raises[head.key]
    is_first = first is not None and bool(fixes) and fixes[0].title == first.fix.title
    return {head.key: delta} if delta is not None and is_first else {}


def _sizes_against(whole: Whole, conflict: DesignConflict, head: Statement) -> Against:
    """Return what the author says of a fabric's sizes against a requirement that no choice of parts changes."""
    found = [each for each in _requirements(whole, head) if is_derived(each)]
    if len(conflict.core) > 1 or not found or not whole.is_tried:
        return Against((), ())
    return sizes_against(whole.design, found[0], whole.context)


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


def _raise(whole: Whole, model: Model, least: Least | None) -> tuple[Relaxation | None, int | None]:
    """Return the change of a limit to the least amount that was found possible, and by how much it raises it."""
    if least is None or not whole.is_tried:
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
    # The best choice under the new limit; where none is found in time, the one that showed the limit to be enough.
    found = None if delta is None else replace(whole, raised={**whole.raised, coupling.statement.key: delta}).solve()
    return Relaxation((-1, 0, title), fix(title, edits), found or Solution(model, least.picks)), delta


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
