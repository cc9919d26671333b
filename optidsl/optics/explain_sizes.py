"""Why a fabric cannot have the sizes asked for: the fewest statements that conflict, and other numbers that work."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice, product

from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import Fix, Label, Sink
from optidsl.fabric.demand import Sizes
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tapering import ratio_text
from optidsl.optics.bill import Priced, bill_of_design, cheapest
from optidsl.optics.edits import fix, number_edit, ratio_edit
from optidsl.optics.size_statements import Number, Size, SizeStatement, others, size_statements, sizer_of
from optidsl.sema.design import Design, Fabric

MOST_FORMS = 64
"""Ways to leave several ratios open that are tried."""

MOST_DESIGNS = 4
"""Other numbers in one statement that are tried on the whole design."""


def explain_sizes(design: Design, fabric: Fabric, refusal: Refusal, context: Context) -> Refusal:
    """Return a refusal with the statements that conflict, and other numbers that were tried on the whole design.

    A refusal that is not about the sizes of a tree stays as it is.
    """
    sizer = sizer_of(design, fabric)
    if sizer is None or sizer.sizes(fabric) is not None:
        return refusal
    core = conflicting(sizer.sizes, fabric, size_statements(fabric))
    if not core:
        return refusal
    labels = [Label(each.span, each.text) for each in core]
    own = next((label for label in labels if label.span == refusal.span), None)
    if own is None and len(core) == 1 and refusal.span not in (fabric.origin.span, *_tier_spans(fabric)):
        # The refusal marks something else of the same cause: both are shown.
        own = Label(refusal.span, refusal.label)
    first = own or labels[0]
    text = refusal.label if refusal.label and first.span == refusal.span else first.text
    beside = tuple(label for label in labels if label.span != first.span)
    fixes = tuple(cheapest(size_ways(design, fabric, sizer.sizes, core, context), is_sized=True))
    notes = refusal.notes
    if len(core) > 1:
        notes = (f"these {len(core)} statements cannot hold together; without any one of them the others can", *notes)
    helps = tuple(help for help in refusal.helps if not (fixes and help.startswith("set `")))
    return replace(
        refusal, span=first.span, label=text if beside else refusal.label, secondary=beside, notes=notes,
        helps=helps, fixes=fixes,
    )  # fmt: skip


def _tier_spans(fabric: Fabric) -> list[object]:
    return [tier.origin.span for tier in fabric.tiers]


def without(size: Size, fabric: Fabric, left_out: Sequence[SizeStatement]) -> Sizes | None:
    """Return sizes of a fabric without some of its statements, None where there are none."""
    for forms in islice(product(*(each.opened() for each in left_out)), MOST_FORMS):
        opened = fabric
        for statement, slot in zip(left_out, forms, strict=True):
            opened = statement.put(opened, slot)
        found = size(opened)
        if found is not None:
            return found
    return None


def conflicting(size: Size, fabric: Fabric, statements: Sequence[SizeStatement]) -> list[SizeStatement]:
    """Return a smallest set of statements that no fabric meets, none of which can go; empty where others do it."""
    if without(size, fabric, statements) is not None:
        core = list(statements)
        for each in reversed(statements):
            rest = [other for other in core if other is not each]
            if without(size, fabric, [other for other in statements if other not in rest]) is None:
                core = rest
        return core
    return []


# ------------------------------------------------------------------ ways out


def size_ways(
    design: Design, fabric: Fabric, size: Size, core: Sequence[SizeStatement], context: Context
) -> list[Priced]:
    """Return the least changes of single statements with which the whole design works."""
    found = (_changed(design, fabric, size, one, context) for one in core)
    return [each for each in found if each is not None]


def _changed(design: Design, fabric: Fabric, size: Size, statement: SizeStatement, context: Context) -> Priced | None:
    opened = without(size, fabric, [statement])
    tried = 0
    for slot in () if opened is None else others(statement, opened):
        changed = statement.put(fabric, slot)
        if size(changed) is None:
            continue
        bill = bill_of_design(with_fabric(design, fabric, changed), replace(context, sink=Sink()))
        if bill is not None:
            return Priced(_fix(statement, slot, context), bill)
        tried += 1
        if tried == MOST_DESIGNS:
            return None
    return None


def with_fabric(design: Design, old: Fabric, new: Fabric) -> Design:
    """Return a design with another fabric in the place of one."""
    return replace(design, fabrics=tuple(new if each is old else each for each in design.fabrics))


def _fix(statement: SizeStatement, slot: Number, context: Context) -> Fix:
    """Return the change of a statement's words in the text."""
    old = statement.slot
    for verb, before, after in (
        ("set", old.value, slot.value),
        ("raise", old.upper, slot.upper),
        ("lower", old.lower, slot.lower),
    ):
        if before is None or after is None or before == after:
            continue
        was, new = Fraction(before), Fraction(after)
        if statement.is_ratio:
            title = f"{verb} {statement.subject} to {ratio_text(new)}"
            return fix(title, ratio_edit(statement.span, was, new, context))
        return fix(f"{verb} {statement.subject} to {new}", number_edit(statement.span, was, new, "", context))
    added = next(each for each in slot.options or () if each not in (old.options or ()))
    words = ratio_text(Fraction(added)) if statement.is_ratio else str(added)
    return fix(f"let {statement.subject} be {words} too", ())
