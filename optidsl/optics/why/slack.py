"""How much every requirement, limit and cap leaves, and what uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal

from optidsl._record import record
from optidsl.diag import Span
from optidsl.optics.couplings import Coupling
from optidsl.optics.statement import Statement, margin_mdb, osnr_margin_mdb
from optidsl.optics.text import listing, quantity
from optidsl.optics.why.study import Study
from optidsl.sema.design import Requirement

State = Literal["holds", "broken", "unknown"]


@record(frozen=True, slots=True)
class Slack:
    """What one statement leaves.

    `value`, `bound` and `left` are in base units of `unit`; `left` is negative when it is broken, and `value` is what
    is known where figures are missing (`lacks`). `subject` is what comes nearest to the bound. A statement is fixed
    when no choice of parts changes its value.
    """

    name: str
    text: str
    span: Span | None
    subject: str
    value: Fraction
    bound: Fraction
    left: Fraction
    unit: str
    state: State
    is_fixed: bool
    kind: str  # require, prefer, policy, cap, length
    relation: str = "<="
    lacks: tuple[str, ...] = ()

    @property
    def tightness(self) -> Fraction:
        """What is left as a share of the bound; the least is the tightest."""
        scale = max(abs(self.bound), abs(self.value))
        return self.left / scale if scale else self.left


def slacks(study: Study) -> tuple[Slack, ...]:
    """Return what every requirement, policy limit and cap leaves, the tightest first, unknown ones last."""
    model = study.model
    wanted = {f"requirement {each.span.file}:{each.span.start}": each for each in study.design.requirements}
    soft = [each for soft in model.softs for each in soft.couplings]
    found = [
        *_of_couplings(study, (*model.couplings, *model.unsure, *soft), wanted),
        *_margins(study),
        *_lengths(study),
    ]
    return tuple(sorted(found, key=lambda each: (each.state == "unknown", each.tightness, each.name)))


def _of_couplings(study: Study, couplings: Iterable[Coupling], wanted: dict[str, Requirement]) -> Iterator[Slack]:
    """Yield the tightest limit of each statement; one of several conditions is told by its own text."""
    groups: dict[tuple[str, str], list[Slack]] = {}
    for coupling in couplings:
        requirement = wanted.get(coupling.statement.key)
        condition = coupling.subject if requirement is not None else ""
        groups.setdefault((coupling.statement.key, condition), []).append(_slack(study, coupling, requirement))
    for same in groups.values():
        yield min(same, key=lambda each: (each.tightness, each.subject))


def _slack(study: Study, coupling: Coupling, requirement: Requirement | None) -> Slack:
    amount = coupling.amount
    scaled = amount.value(study.picks, *study.model.sku_counts(study.picks))
    lacks = amount.missing(study.picks)
    left = Fraction(coupling.bound - scaled, amount.scale)
    is_sure = left < 0 or not lacks
    state: State = "unknown" if not is_sure else "broken" if left < 0 else "holds"
    kind = "cap" if coupling.unit else "policy"
    if requirement is not None:
        kind = "require" if requirement.weight is None else "prefer"
    return Slack(
        name_of(coupling.statement, requirement),
        coupling.statement.text if requirement is None else coupling.subject,
        coupling.statement.span,
        coupling.subject if requirement is None and coupling.unit else "",
        coupling.left(scaled),
        coupling.right,
        left,
        coupling.unit,
        state,
        amount.is_fixed,
        kind,
        _relation(coupling, requirement),
        lacks,
    )


def _relation(coupling: Coupling, requirement: Requirement | None) -> str:
    """Return how the author compares: a condition that holds both ways is an equality."""
    usual = "<=" if coupling.sign > 0 else ">="
    for condition in () if requirement is None else requirement.conditions:
        if condition.text == coupling.subject:
            strict = {">=": usual, ">": usual.rstrip("="), "==": "=="}
            return strict[condition.relation]
    return usual


def name_of(statement: Statement, requirement: Requirement | None = None) -> str:
    """Return what to call a statement: a requirement's name or text, `policy.optic_skus`, `rack-power dc.h1.a.gpu`."""
    if requirement is not None:
        return requirement.name or requirement.conditions[0].text
    kind, _, rest = statement.key.partition(" ")
    return f"policy.{rest.replace('-', '_').removesuffix(' least')}" if kind == "policy" else statement.key


def _margins(study: Study) -> Iterator[Slack]:
    """Yield the least margins that the policy asks for, with the class that has the least left."""
    policy = study.design.policy
    asked = (
        ("policy.margin", policy.margin_mdb, margin_mdb(policy), "margin"),
        ("policy.osnr_margin", policy.osnr_margin_mdb, osnr_margin_mdb(policy), "osnr"),
    )
    for name, slot, least, check_name in asked:
        if slot.span is None:
            continue
        spares = [
            (check.margin, each.view.link_class.name)
            for row, each in enumerate(study.classes)
            for check in study.chosen(row).candidate.checks
            if check.name == check_name and check.margin is not None
        ]
        if spares:
            spare, where = min(spares)
            words = f"at least {quantity(least, 'mdB')} of every link"
            yield _limit(name, words, slot.span, where, (least + spare, least), "mdB", is_least=True)


def _lengths(study: Study) -> Iterator[Slack]:
    """Yield the longest lengths that connects and the policy allow."""
    for row, each in enumerate(study.classes):
        view = each.view
        upper, longest = view.segment.connect.length_mm.upper, view.link_class.longest_mm
        if upper is not None and longest >= 0:
            span = view.segment.connect.length_mm.span
            words = f"links of at most {quantity(upper, 'mm')}"
            name = f"{view.link_class.name} length"
            yield _limit(name, words, span, view.longest_name, (longest, upper), "mm", kind="length")
        for check in study.chosen(row).candidate.checks:
            if check.name == "copper-reach" and check.margin is not None and check.blame:
                technology = medium(study, row)
                most = study.design.policy.copper_reach[technology].value or 0
                words = f"{technology} of at most {quantity(most, 'mm')}"
                where = view.link_class.name
                yield _limit(
                    f"policy.copper_reach.{technology}", words, check.blame[0], where, (most - check.margin, most), "mm"
                )


def medium(study: Study, row: int) -> str:
    """Return the technology of a class's direct cable."""
    direct = study.chosen(row).candidate.direct
    return "" if direct is None else direct.technology.value


def _limit(
    name: str,
    words: str,
    span: Span | None,
    subject: str,
    values: tuple[int, int],
    unit: str,
    *,
    is_least: bool = False,
    kind: str = "policy",
) -> Slack:
    value, bound = values
    left = value - bound if is_least else bound - value
    state: State = "holds" if left >= 0 else "broken"
    return Slack(
        name,
        words,
        span,
        subject,
        Fraction(value),
        Fraction(bound),
        Fraction(left),
        unit,
        state,
        False,
        kind,
        ">=" if is_least else "<=",
    )


def binds(each: Slack) -> str:
    """Return what binds in words: the subject, or that no choice of parts changes it."""
    if each.state == "unknown":
        return f"cannot conclude: no usable number for {listing(list(each.lacks), 'and')}"
    if each.is_fixed:
        return f"{each.subject}; fixed by the shape" if each.subject else "fixed by the shape"
    return each.subject
