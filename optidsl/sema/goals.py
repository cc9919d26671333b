"""`require`, `assert`, `prefer`, `minimize`, `maximize`: decided now, or lowered for the solver."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optidsl._record import record
from optidsl.catalog.governance import Waiver
from optidsl.diag import Label, Span
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.schema.types import NUM, STRING, Type, word
from optidsl.sema.affine import affine_of, conditions_of
from optidsl.sema.coerce import coerce
from optidsl.sema.comparison import sign_of
from optidsl.sema.design import Condition, Objective, Requirement
from optidsl.sema.frame import Frame, GoalSite
from optidsl.sema.metrics import SPARES, is_measured, is_worst_case
from optidsl.sema.operators import as_number, combine, report_unit_error, scale, wrong_type
from optidsl.sema.promised import Promised
from optidsl.sema.scope import Typed
from optidsl.sema.session import Session
from optidsl.sema.values import Comparison, Number, Poison, Promise, Solved, Value, describe, show
from optidsl.syntax import nodes
from optidsl.units import Uncertain, UnitError

_BODY: dict[str, dict[str, Type]] = {
    "require": {"because": STRING, "severity": word("error", "warn")},
    "assert": {"because": STRING},
    "prefer": {"because": STRING, "weight": NUM},
    "minimize": {"because": STRING},
    "maximize": {"because": STRING},
    "expect": {"because": STRING},
}
_FAILED = {"require": "requirement-failed", "assert": "assertion-failed", "prefer": "preference-not-met"}
_NOUNS = {
    "require": "the requirement",
    "assert": "the assertion",
    "prefer": "the preference",
    "expect": "the expectation",
}


@record(frozen=True, slots=True)
class GoalText:
    """A goal (or an `expect`) with what its body says."""

    site: GoalSite
    because: str | None
    is_warning: bool
    weight: Fraction | None

    @property
    def item(self) -> nodes.Goal:
        return self.site.item

    @property
    def label(self) -> str:
        noun = _NOUNS[self.item.verb]
        return f"{noun} `{self.item.name}`" if self.item.name else noun

    @property
    def full_name(self) -> str | None:
        """The name with the block it stands in, when that is not the design itself."""
        if self.item.name is None:
            return None
        frame = self.site.frame
        return self.item.name if frame.kind.name in ("design", "objective") else f"{frame.display}.{self.item.name}"


def _frames(frame: Frame) -> Iterator[Frame]:
    yield frame
    for child in frame.children:
        if not child.is_part and child.kind.name != "environment":
            yield from _frames(child)


def lower_goals(
    session: Session, design: Frame, waivers: tuple[Waiver, ...] = ()
) -> tuple[tuple[Requirement, ...], tuple[Objective, ...], tuple[Promised, ...]]:
    """Evaluate every goal of the design in source order; a `require` that is waived may fail.

    Returns:
        What must hold (or should) of quantities that only the compiler knows, what to minimise, and what is to be
        judged on the finished network.
    """
    sites = [site for frame in _frames(design) for site in frame.goals if site.item.verb != "expect"]
    sites.sort(key=lambda site: (site.item.span.file, site.item.span.start))
    requirements: list[Requirement] = []
    objectives: list[Objective] = []
    promised: list[Promised] = []
    names: dict[str, Span] = {}
    for site in sites:
        goal = read_body(session, site)
        if goal is None or not _is_new_name(session, goal, names):
            continue
        if site.item.verb in _FAILED:
            requirement = _condition(session, goal, _waiver(goal, waivers))
            if isinstance(requirement, Promised):
                promised.append(requirement)
            elif requirement is not None:
                requirements.append(requirement)
        else:
            objective = _objective(session, goal)
            if objective is not None:
                objectives.append(objective)
    return tuple(requirements), tuple(objectives), tuple(promised)


def require_names(design: Frame) -> list[str]:
    """Return the name of every `require` that has one."""
    goals = (GoalText(site, None, False, None) for frame in _frames(design) for site in frame.goals)
    return [goal.full_name for goal in goals if goal.item.verb == "require" and goal.full_name is not None]


def _is_new_name(session: Session, goal: GoalText, names: dict[str, Span]) -> bool:
    name = goal.full_name
    if name is None:
        return True
    before = names.setdefault(name, goal.item.span)
    if before == goal.item.span:
        return True
    session.sink.error(
        "duplicate-name",
        f"two goals are named `{name}`: the first at {session.context.sources.where(before)}",
        goal.item.span,
        secondary=(Label(before, "first declared here"),),
    )
    return False


def read_body(session: Session, site: GoalSite) -> GoalText | None:
    """Return a goal with its body; None after an error."""
    allowed = _BODY[site.item.verb]
    found: dict[str, Value] = {}
    for item in () if site.item.body is None else site.item.body.items:
        if not isinstance(item, nodes.Attr):
            session.sink.error("misplaced-item", f"the body of `{site.item.verb}` holds only `name = value`", item.span)
            return None
        name = item.key.text
        wanted = allowed.get(name)
        if wanted is None:
            session.sink.error(
                "unknown-attribute",
                f"`{site.item.verb}` has no attribute `{name}`{did_you_mean(name, allowed)}",
                item.key.span,
                helps=(f"attributes: {alternatives(allowed)}",),
            )
            return None
        expected = Typed(wanted, f"`{site.item.verb}.{name}`")
        found[name] = coerce(session, session.evaluate(item.value, site.scope, expected), expected, item.value.span)
    if any(isinstance(value, Poison) for value in found.values()):
        return None
    because, weight = found.get("because"), found.get("weight")
    return GoalText(
        site,
        str(because) if isinstance(because, str) else None,
        found.get("severity") == "warn",
        weight if isinstance(weight, Fraction) else Fraction(1) if site.item.verb == "prefer" else None,
    )


def _waiver(goal: GoalText, waivers: tuple[Waiver, ...]) -> Waiver | None:
    if goal.item.verb != "require":
        return None
    return next((waiver for waiver in waivers if waiver.name == goal.full_name), None)


def _condition(session: Session, goal: GoalText, waiver: Waiver | None) -> Requirement | Promised | None:
    """Decide a condition, or lower what is left of it."""
    item = goal.item
    session.trace = []
    value = session.evaluate(item.value, goal.site.scope, None)
    trace, session.trace = session.trace, None
    if isinstance(value, Poison):
        return None
    if value is False and waiver is not None:
        text = session.text(item.value.span)
        return Requirement(goal.full_name, (), None, goal.because, True, item.span, waiver, text)
    if value is False:
        _report_false(session, goal, trace)
        return None
    if value is True:
        _warn_empty(session, goal)
        return None
    if not isinstance(value, Promise):
        wrong_type(session, f"`{item.verb}` needs a condition, found {describe(value)}", item.value.span)
        return None
    if item.verb == "assert":
        session.sink.error(
            "not-static",
            f"an assertion must be decided before anything is solved, and `{session.text(item.value.span)}` is not",
            item.value.span,
            "decided later",
            helps=("write `require` for what the compiler must make true",),
        )
        return None
    if is_after_the_fact(value):
        return promised_of(session, goal, value, waiver=waiver)
    conditions: list[Condition] = []
    try:
        for comparison in value.comparisons:
            lowered = conditions_of(comparison)
            if lowered is None and waiver is not None:
                return Requirement(goal.full_name, (), None, goal.because, True, item.span, waiver, comparison.text)
            if lowered is None:
                _report_worst(session, goal, comparison)
                return None
            conditions.extend(lowered)
    except UnitError as error:
        report_unit_error(session, error, item.value.span)
        return None
    is_warning = goal.is_warning or waiver is not None
    if _asks_for_slowness(session, goal, conditions):
        return None
    return Requirement(goal.full_name, tuple(conditions), goal.weight, goal.because, is_warning, item.span, waiver)


def _warn_empty(session: Session, goal: GoalText) -> None:
    """Warn of a requirement that holds only because its list is empty; a component may be made for none as well."""
    condition = goal.item.value
    if goal.item.verb == "assert" or condition.span not in session.empty or goal.site.scope.via:
        return
    noun = "preference" if goal.item.verb == "prefer" else "requirement"
    session.sink.warning(
        "requirement-never-binds",
        f"the {noun} `{goal.full_name or session.text(condition.span)}` can never fail: its list is empty",
        condition.span,
        "no members",
        helps=("fill the list, or remove it",),
    )


def is_after_the_fact(value: Promise) -> bool:
    """Tell whether a condition is about a quantity that only the finished network has."""
    sides = (side for each in value.comparisons for side in (each.left, each.right))
    return any(is_measured(name) for side in sides if isinstance(side, Solved) for name in side.terms)


def promised_of(
    session: Session, goal: GoalText, value: Promise | bool, broken: str = "", waiver: Waiver | None = None
) -> Promised | None:
    """Return a condition for the finished network to keep; None after an error."""
    comparisons = value.comparisons if isinstance(value, Promise) else ()
    for comparison in comparisons:
        forms = [side if isinstance(side, Solved) else Solved(side, {}) for side in (comparison.left, comparison.right)]
        if any(affine_of(form) is None for form in forms):
            message = f"`{comparison.text}` has a tolerance: a measure needs `nominal(x)` or `worst(x)` beside it"
            session.sink.error("not-exact", message, comparison.span)
            return None
    return Promised(
        goal.item.verb,
        goal.full_name or "",
        session.text(goal.item.value.span),
        comparisons,
        broken,
        goal.because or "",
        goal.is_warning or goal.item.verb == "prefer" or waiver is not None,
        goal.item.value.span,
        goal.site.scope.via,
        waiver,
    )


def false_text(session: Session, goal: GoalText, trace: list[tuple[Span, str, Value, Value]]) -> tuple[str, Span]:
    """Return why a condition is false, as `a == b` is 3 == 4, and where."""
    if not trace:
        return f"`{session.text(goal.item.value.span)}` is false", goal.item.value.span
    span, op, left, right = trace[0]
    return f"`{session.text(span)}` is {show(left)} {op} {show(right)}{_gap(op, left, right)}", span


def _asks_for_slowness(session: Session, goal: GoalText, conditions: list[Condition]) -> bool:
    """Report a lower bound or an equality on a worst case, which no choice of parts is made to keep."""
    for condition in conditions:
        for term, factor in condition.expression.terms:
            if is_worst_case(term.name) and (factor > 0 or condition.relation == "=="):
                session.sink.error(
                    "worst-case-bound",
                    f"`{condition.text}` asks more of a worst case than an upper bound",
                    goal.item.value.span,
                    "a worst case can only be kept below something",
                    helps=("write it with `<=`",),
                )
                return True
    return False


def _report_false(session: Session, goal: GoalText, trace: list[tuple[Span, str, Value, Value]]) -> None:
    from optidsl.sema.decided import decided_labels

    found, span = false_text(session, goal, trace)
    _report(session, goal, found, span, decided_labels(session, goal.item.value, goal.site.scope))


def _gap(op: str, left: Value, right: Value) -> str:
    """Return how far an order is missed: ", 2 kW too much"."""
    a, b = as_number(left), as_number(right)
    if op not in ("<", "<=", ">", ">=") or isinstance(a, Solved | None) or isinstance(b, Solved | None):
        return ""
    try:
        difference = combine("-", a, b) if op in ("<", "<=") else combine("-", b, a)
    except UnitError:
        return ""
    if isinstance(difference, Uncertain) or sign_of(difference) == 0:
        return ""
    return f", {show(difference)} too {'much' if op in ('<', '<=') else 'little'}"


def _report_worst(session: Session, goal: GoalText, comparison: Comparison) -> None:
    left, right = _exact(comparison.left), _exact(comparison.right)
    _report(
        session,
        goal,
        f"`{comparison.text}` is {show(left)} {comparison.op} {show(right)}, and nature chooses",
        comparison.span,
    )


def _exact(value: Number | Solved) -> Number:
    return value.constant if isinstance(value, Solved) else value


def _report(session: Session, goal: GoalText, found: str, span: Span, decided: tuple[Label, ...] = ()) -> None:
    notes = (f"because: {goal.because}",) if goal.because else ()
    message = f"{goal.label} does not hold: {found}"
    name = _FAILED[goal.item.verb]
    secondary = (*decided, *(Label(step, "expanded from here") for step in goal.site.scope.via))
    if goal.item.verb == "prefer" or goal.is_warning:
        session.sink.warning(name, message, span, "does not hold", notes=notes, secondary=secondary)
    else:
        session.sink.error(name, message, span, "does not hold", notes=notes, secondary=secondary)


def _objective(session: Session, goal: GoalText) -> Objective | None:
    item = goal.item
    value = as_number(session.evaluate(item.value, goal.site.scope, None))
    text = session.text(item.value.span)
    if isinstance(value, Solved):
        try:
            lowered = affine_of(scale(value, "*", -1 if item.verb == "maximize" else 1))
        except UnitError as error:
            report_unit_error(session, error, item.value.span)
            return None
        if lowered is not None and any(is_measured(term.name) for term, _ in lowered.terms):
            why = "what only the finished network has"
            if any(term.name == SPARES for term, _ in lowered.terms):
                why = "spares are counted after the choice, and what they cost"
            session.sink.error(
                "not-in-edition",
                f"`{item.verb} {text}`: {why} cannot be an objective",
                item.value.span,
                "write `require …`",
            )
            return None
        if lowered is not None and any(is_worst_case(term.name) for term, _ in lowered.terms):
            session.sink.error(
                "not-in-edition",
                f"`{item.verb} {text}`: a worst case as an objective is not part of this edition",
                item.value.span,
                "write `require … <= …`",
            )
            return None
        if lowered is not None:
            return Objective(lowered, f"{item.verb} {text}", item.span)
        session.sink.error(
            "not-exact", f"`{text}` has a tolerance: an objective needs `nominal(x)` or `worst(x)`", item.value.span
        )
        return None
    if value is not None:
        session.sink.warning(
            "constant-objective",
            f"`{item.verb} {text}` has no effect: it is {show(value)} whatever is chosen",
            item.value.span,
            "does not depend on a choice",
        )
    elif not session.sink.has_errors:
        wrong_type(session, f"`{item.verb}` needs a number or a quantity", item.value.span)
    return None
