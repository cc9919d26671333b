"""Which sizes of a fabric stand against a requirement on them, and which other sizes meet it."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.diag import Edit, Sink, Span
from optidsl.fabric.demand import Sizes
from optidsl.fabric.metrics import metrics
from optidsl.optics.bill import Priced, bill_of_design
from optidsl.optics.edits import fix
from optidsl.optics.explain_sizes import conflicting, size_ways, with_fabric
from optidsl.optics.size_statements import Sizer, size_statements, sizer_of
from optidsl.optics.statement import Statement
from optidsl.sema.design import Affine, Condition, Design, Fabric, Requirement


@record(frozen=True, slots=True)
class Against:
    """The size statements that conflict with a requirement, and the ways out that were tried."""

    statements: tuple[Statement, ...]
    ways: tuple[Priced, ...]


def sizes_against(design: Design, requirement: Requirement, context: Context) -> Against:
    """Return the statements on a fabric's sizes that conflict with a requirement on them; empty where none does.

    Args:
        design: the design.
        requirement: what does not hold, of the sizes of one fabric.
        context: where the text is.
    """
    names = {metric.name for each in requirement.conditions for metric, _ in each.expression.terms}
    fabric = next((each for each in design.fabrics if all(n.startswith(f"fabric.{each.name}.") for n in names)), None)
    sizer = None if fabric is None else sizer_of(design, fabric)
    if fabric is None or sizer is None:
        return Against((), ())
    meets = _Required(design, fabric, requirement, sizer, replace(context, sink=Sink()))
    if meets(fabric) is not None:
        return Against((), tuple(_stated(design, fabric, meets, context)))
    core = conflicting(meets, fabric, size_statements(fabric))
    statements = (Statement(f"size {each.span.file}:{each.span.start}", "size", each.span, each.text) for each in core)
    return Against(tuple(statements), tuple(size_ways(design, fabric, meets, core, context)))


@record(frozen=True, slots=True)
class _Required:
    """Size a fabric so that it meets a requirement: counts that nobody states are bounded by it."""

    design: Design
    fabric: Fabric
    requirement: Requirement
    sizer: Sizer
    context: Context

    def __call__(self, fabric: Fabric) -> Sizes | None:
        """Return sizes that meet the requirement, None where there are none."""
        bounded = fabric
        for condition in self.requirement.conditions:
            bounded = _bounded(bounded, condition)
        sizes = self.sizer.sizes(bounded)
        if sizes is None:
            return None
        known = _counts(sizes)
        terms = [metric.name for each in self.requirement.conditions for metric, _ in each.expression.terms]
        if not all(name in known for name in terms):
            known = self._built(bounded)
        return sizes if all(_holds(each, known) for each in self.requirement.conditions) else None

    def _built(self, fabric: Fabric) -> dict[str, Fraction | None]:
        """Return the metrics of the fabric as built, none where it is refused."""
        from optidsl.fabric import synthesize

        changed = with_fabric(self.design, self.fabric, fabric)
        tables = synthesize(changed, replace(self.context, sink=Sink()))
        return {} if tables is None else metrics(tables)


def _counts(sizes: Sizes) -> dict[str, Fraction | None]:
    fabric = sizes.ask.fabric
    counts = {tier.name: count * sizes.ask.planes for tier, count in zip(sizes.ask.tiers, sizes.counts, strict=True)}
    return {f"fabric.{fabric.name}.tier.{t.name}.count": Fraction(counts.get(t.name, 0)) for t in fabric.tiers}


def _holds(condition: Condition, known: dict[str, Fraction | None]) -> bool:
    value = _value(condition.expression, known)
    if value is None:
        return False
    return value == 0 if condition.relation == "==" else value > 0 if condition.relation == ">" else value >= 0


def _value(expression: Affine, known: dict[str, Fraction | None]) -> Fraction | None:
    total = expression.constant
    for metric, factor in expression.terms:
        value = known.get(metric.name)
        if value is None:
            return None
        total += factor * value
    return total


def _bounded(fabric: Fabric, condition: Condition) -> Fabric:
    """Return a fabric with what a condition says of one count as its bound, where nobody states that count."""
    if len(condition.expression.terms) != 1:
        return fabric
    (metric, factor) = condition.expression.terms[0]
    for at, tier in enumerate(fabric.tiers):
        if metric.name != f"fabric.{fabric.name}.tier.{tier.name}.count" or not tier.count.is_open:
            continue
        edge = -condition.expression.constant / factor
        is_strict = condition.relation == ">"
        least = floor(edge) + 1 if is_strict else ceil(edge)
        most = ceil(edge) - 1 if is_strict else floor(edge)
        slot = replace(
            tier.count,
            lower=least if factor > 0 or condition.relation == "==" else None,
            upper=most if factor < 0 or condition.relation == "==" else None,
        )
        tiers = (*fabric.tiers[:at], replace(tier, count=slot), *fabric.tiers[at + 1 :])
        return replace(fabric, tiers=tiers)
    return fabric


def _stated(design: Design, fabric: Fabric, meets: _Required, context: Context) -> list[Priced]:
    """Return the counts to state so that a requirement holds that the compiler's own sizes do not meet."""
    sizes = meets(fabric)
    own = meets.sizer.sizes(fabric)
    if sizes is None or own is None:
        return []
    for at, (wanted, chosen) in enumerate(zip(sizes.counts, own.counts, strict=False)):
        tier = fabric.tiers[at]
        if wanted == chosen or not tier.count.is_open:
            continue
        count = wanted * sizes.ask.planes
        changed = replace(tier, count=replace(tier.count, value=count))
        tiers = (*fabric.tiers[:at], changed, *fabric.tiers[at + 1 :])
        new = with_fabric(design, fabric, replace(fabric, tiers=tiers))
        bill = bill_of_design(new, replace(context, sink=Sink()))
        if bill is None:
            continue
        edits: tuple[Edit, ...] = ()
        if tier.model.span is not None:
            end = tier.model.span.end
            edits = (Edit(Span(tier.model.span.file, end, end), f", count = {count}"),)
        return [Priced(fix(f"state `count = {count}` of tier `{tier.name}`", edits), bill)]
    return []
