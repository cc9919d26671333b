"""How far numbers that judge single parts can move: the longest link, the margin of the policy, copper reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from optidsl._record import replace
from optidsl.optics.candidates import ClassOptions, Option, Tried, options_of
from optidsl.optics.classify import ClassView
from optidsl.optics.lacking import inconclusive
from optidsl.optics.lengths import sold_lengths
from optidsl.optics.model import assemble
from optidsl.optics.statement import margin_mdb
from optidsl.optics.why.flips import Parts, Sensitivity, scan
from optidsl.optics.why.paths import dotted
from optidsl.optics.why.study import Study, names_of
from optidsl.physics import reach_within_loss_mm
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot


def length_flips(study: Study, rows: Sequence[int]) -> Iterator[Sensitivity]:
    """Yield how long the longest link of each class may be; classes whose length is stated at once move together.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    done: set[int] = set()
    for row in rows:
        view = study.classes[row].view
        if row in done or view.line is not None or not view.has_lengths:
            continue
        slot = view.segment.connect.length_mm
        together: tuple[int, ...] = (row,)
        if slot.is_decided:
            same = (at for at, each in enumerate(study.classes) if each.view.segment.connect is view.segment.connect)
            together = tuple(same)
        done.update(together)
        moved = _Lengths(study, together, slot)
        borders = sorted({border for at in together for border in _length_borders(study, at) if border > 0})
        if slot.upper is not None:
            borders.append(slot.upper)
        name = f"{dotted(study, row)}.length"
        span = slot.span or view.segment.connect.origin.span
        yield scan(name, span, view.link_class.longest_mm, "mm", moved, borders, view.longest_name)


class _Lengths:
    """What is chosen when the longest link of some classes has another length."""

    def __init__(self, study: Study, rows: tuple[int, ...], slot: Slot[int]) -> None:
        self.study = study
        self.rows = rows
        self.slot = slot
        self.tried = Tried()

    def __call__(self, longest_mm: int) -> Parts | None:
        if longest_mm < 0 or (self.slot.upper is not None and longest_mm > self.slot.upper):
            return None
        study = self.study
        classes = list(study.classes)
        for row in self.rows:
            view = _with_longest(classes[row].view, longest_mm)
            classes[row] = options_of(study.design, view, self.tried)
        return chosen(study, classes, study.design)


def chosen(study: Study, classes: Sequence[ClassOptions], design: Design) -> Parts | None:
    """Solve a design over the open options of its classes."""
    rows = [each.open for each in classes]
    if not all(rows):
        return None
    model = assemble(design, study.placed, classes, rows, {})
    picks = study.solved(model)
    if picks is None or inconclusive(design, model, picks):
        return None
    return tuple(zip((each.view.link_class.name for each in classes), names_of(model, picks), strict=True))


def _with_longest(view: ClassView, longest_mm: int) -> ClassView:
    """Return a class whose longest links have another length; none is longer."""
    old = view.link_class
    required = np.where(view.required_mm == old.longest_mm, longest_mm, np.minimum(view.required_mm, longest_mm))
    cut = replace(old, shortest_mm=int(required.min()), longest_mm=longest_mm)
    every = view.wiring.required_mm.copy()
    every[old.links] = required
    wiring = replace(view.wiring, required_mm=every)
    return replace(view, link_class=cut, required_mm=required, wiring=wiring)


def _length_borders(study: Study, row: int) -> Iterator[int]:
    """Yield the lengths at which a check of an option may turn: cables on sale, reach, loss."""
    longest = study.classes[row].view.link_class.longest_mm
    for option in study.classes[row].options:
        cable = option.candidate.direct or option.candidate.fiber
        sold = None if cable is None else sold_lengths(cable)
        if sold is not None:
            yield from sold.value
        judged = longest if sold is None else min((each for each in sold.value if each >= longest), default=longest)
        for check in option.candidate.checks:
            if check.unit == "mm" and check.margin is not None:
                yield from (judged + check.margin, longest + check.margin)
            elif check.name in ("loss", "oma", "margin") and check.margin is not None and option.candidate.fiber:
                yield judged + _length_of(study.design, option, check.margin)


def _length_of(design: Design, option: Option, margin_mdb: int) -> int:
    """Return how much fibre loses a margin."""
    fiber = option.candidate.fiber
    if fiber is None:
        return 0
    per_km = design.catalog.fiber_grades[fiber.grade.value].attenuation_mdb_per_km.value
    length = reach_within_loss_mm(abs(margin_mdb), 0, per_km)
    return length if margin_mdb >= 0 else -length - 1


def policy_flips(study: Study) -> Iterator[Sensitivity]:
    """Yield how far the margin and the copper reach of the policy can move.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    policy = study.design.policy
    if policy.margin_mdb.span is not None and margin_mdb(policy) > 0:
        borders = [mdb for each in study.classes for option in each.options for mdb in _margins(option)]
        asked = margin_mdb(policy)

        def with_margin(mdb: int) -> Design:
            return replace(
                study.design, policy=replace(policy, margin_mdb=Slot(lower=mdb, span=policy.margin_mdb.span))
            )

        moved = _Judged(study, with_margin)
        yield scan("policy.margin", policy.margin_mdb.span, asked, "mdB", moved, borders)
    for technology, slot in policy.copper_reach.items():
        if slot.value is None:
            continue
        borders = [mm for each in study.classes for option in each.options for mm in _copper(option, slot.value)]

        def with_reach(mm: int, technology: str = technology, slot: Slot[int] = slot) -> Design:
            reach = {**policy.copper_reach, technology: Slot(value=mm, span=slot.span)}
            return replace(study.design, policy=replace(policy, copper_reach=reach))

        name = f"policy.copper_reach.{technology}"
        yield scan(name, slot.span, slot.value, "mm", _Judged(study, with_reach), borders)


class _Judged:
    """What is chosen when a number of the policy has another value."""

    def __init__(self, study: Study, change: Callable[[int], Design]) -> None:
        self.study = study
        self.change = change

    def __call__(self, value: int) -> Parts | None:
        if value < 0:
            return None
        design, tried = self.change(value), Tried()
        classes = [options_of(design, each.view, tried) for each in self.study.classes]
        return chosen(self.study, classes, design)


def _margins(option: Option) -> Iterator[int]:
    """Yield the margins that an option has, in average power and OMA; a larger one asked for bars it."""
    for check in option.candidate.checks:
        if check.name in ("loss", "oma") and check.margin is not None:
            yield check.margin


def _copper(option: Option, allowed_mm: int) -> Iterator[int]:
    """Yield the length just too short for an option."""
    for check in option.candidate.checks:
        if check.name == "copper-reach" and check.margin is not None:
            yield allowed_mm - check.margin - 1
