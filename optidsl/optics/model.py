"""The whole choice as data: options per class, what ties them together, what to minimise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import TYPE_CHECKING

from optidsl._record import record
from optidsl.catalog.parts import Catalog
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.amount import Amount, Meter, meter
from optidsl.optics.candidates import ClassOptions, Option
from optidsl.optics.classify import ClassView
from optidsl.optics.couplings import (
    Coupling,
    Soft,
    condition_couplings,
    rack_couplings,
    rack_loads,
    site_couplings,
    sku_couplings,
)
from optidsl.optics.ends import cage_stride
from optidsl.optics.figures import Figures, figures
from optidsl.optics.measures import measures
from optidsl.optics.rules import binding
from optidsl.optics.text import quantity
from optidsl.sema.design import Design

if TYPE_CHECKING:
    from optidsl.optics.seating import Seating

Picks = tuple[int, ...]
"""One option index per class."""


@record(frozen=True, slots=True)
class Goal:
    """Something to minimise; `text` is as messages name it, "" for a tie-break that nobody asked for.

    `sign` is -1 for what the author maximises. A reason is never the wish to keep what the lock holds (`is_pin`):
    compiled again from its own lock, a design must tell the same story.
    """

    amount: Amount
    text: str
    unit: str
    sign: int = 1
    is_pin: bool = False

    def shown(self, value: int) -> str:
        """Return a value of the goal as the author counts it."""
        return quantity(self.sign * Fraction(value, self.amount.scale), self.unit)


@record(frozen=True, slots=True)
class Model:
    """Options per class (in order of preference among equals), couplings, soft requirements, goals in order.

    `ties` are pairs of class ends `(class, side)` whose cages must carry the same part; `clashes` pairs of
    `(class, option)` whose cables no module takes together; `unsure` are lower bounds on amounts with missing figures.
    """

    classes: tuple[ClassOptions, ...]
    options: tuple[tuple[Option, ...], ...]
    figures: tuple[tuple[Figures, ...], ...]
    ties: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    clashes: frozenset[tuple[tuple[int, int], tuple[int, int]]]
    couplings: tuple[Coupling, ...]
    unsure: tuple[Coupling, ...]
    softs: tuple[Soft, ...]
    goals: tuple[Goal, ...]
    is_measured: bool = False  # the design asks something of costs or latencies
    seatings: tuple[Seating, ...] = ()  # cages that may be dealt anew

    def draws(self, seating: Seating, picks: Picks) -> tuple[int, ...]:
        """Return the most watts in mW that a choice puts into a cage of each place, shape `(n_places,)`."""
        figures = [row[pick] for row, pick in zip(self.figures, picks, strict=True)]
        return tuple(
            max((figures[at].z_power_mw if side else figures[at].a_power_mw for at, side in place.users), default=0)
            for place in seating.places
        )

    def part_at(self, end: tuple[int, int], option: int) -> str:
        """Return what an option puts in the cages of a class end."""
        figure = self.figures[end[0]][option]
        return figure.z_part if end[1] else figure.a_part

    def sku_counts(self, picks: Picks) -> tuple[int, int, int]:
        """Return the numbers of different optics, of different cables and of fibre types that a choice uses."""
        chosen = [row[pick] for row, pick in zip(self.figures, picks, strict=True)]
        optics = {name for each in chosen for name in each.modules}
        fibers = {kind for each in chosen for kind in each.fiber_types}
        return len(optics), len({sku for each in chosen for sku in each.cable_skus}), len(fibers)

    def keeps_ties(self, picks: Picks) -> bool:
        """Tell whether shared cages carry one part."""
        chosen = list(enumerate(picks))
        if self.clashes and any((left, right) in self.clashes for left in chosen for right in chosen):
            return False
        return all(
            self.part_at(left, picks[left[0]]) == self.part_at(right, picks[right[0]]) for left, right in self.ties
        )

    def broken(self, picks: Picks) -> Iterator[Coupling]:
        """Yield the couplings that a choice breaks."""
        skus = self.sku_counts(picks)
        return (each for each in self.couplings if each.amount.value(picks, *skus) > each.bound)

    def broken_softs(self, picks: Picks) -> list[Soft]:
        """Return the soft requirements that a choice breaks."""
        skus = self.sku_counts(picks)
        return [
            soft for soft in self.softs if any(each.amount.value(picks, *skus) > each.bound for each in soft.couplings)
        ]

    def price(self, picks: Picks) -> tuple[int, ...]:
        """Return the values of soft requirements and goals, most important first."""
        skus = self.sku_counts(picks)
        broken = self.broken_softs(picks)
        softs = [sum(weight for soft, weight in level if soft in broken) for level in self.soft_levels()]
        return (*softs, *(goal.amount.value(picks, *skus) for goal in self.goals))

    def soft_levels(self) -> list[list[tuple[Soft, int]]]:
        """Return soft requirements by rank with whole weights: broken warnings first, then `prefer`."""
        warned = [(soft, 1) for soft in self.softs if soft.requirement.weight is None]
        weights = [soft.requirement.weight for soft in self.softs if soft.requirement.weight is not None]
        scale = lcm(*(weight.denominator for weight in weights)) if weights else 1
        wanted = [
            (soft, int(soft.requirement.weight * scale)) for soft in self.softs if soft.requirement.weight is not None
        ]
        return [level for level in (warned, wanted) if level]


def assemble(
    design: Design,
    placed: PlacedFabric,
    classes: Sequence[ClassOptions],
    options: Sequence[Sequence[Option]],
    pinned: dict[str, str],
    read: Callable[[ClassView, Option], Figures] = figures,
) -> Model:
    """Put the choice together over these options per class.

    Args:
        design: policy, requirements and objectives.
        placed: racks and boxes.
        classes: the classes, in order.
        options: what may be chosen, per class.
        pinned: candidate name by class name; kept where equals tie.
        read: gives the figures of an option.
    """
    ordered = tuple(
        _preferred(row, pinned.get(each.view.link_class.name, "")) for each, row in zip(classes, options, strict=True)
    )
    rows = tuple(tuple(read(each.view, option) for option in row) for each, row in zip(classes, ordered, strict=True))
    views = [each.view for each in classes]
    measured = meter(placed, rows, measures(design, placed, views, ordered, rows), design.purchase.currency)
    stride = cage_stride(placed.tables)
    loads = rack_loads(placed, views, stride)
    couplings = [
        *sku_couplings(design, measured),
        *rack_couplings(placed, loads, rows),
        *site_couplings(design, placed, loads, rows),
    ]
    softs: list[Soft] = []
    unsure: list[Coupling] = []
    for requirement in design.requirements:
        found = [each for c in requirement.conditions for each in condition_couplings(requirement, c, measured)]
        if requirement.weight is None and not requirement.is_warning:
            # Figures are missing, never below zero: the known part breaks an upper bound for sure, proves no lower one.
            unsure += [each for each in found if not each.amount.is_sure and each.sign < 0]
            couplings += [each for each in found if each.amount.is_sure or each.sign > 0]
        else:
            softs.append(Soft(requirement, tuple(found)))
    goals = [*_goals(design, measured), *_tie_breaks(classes, ordered, measured, pinned)]
    return Model(
        tuple(classes),
        ordered,
        rows,
        _ties(classes),
        _clashes(design.catalog, classes, ordered),
        tuple(couplings),
        tuple(unsure),
        tuple(softs),
        tuple(goals),
        bool(measured.more),
    )


def _preferred(options: Sequence[Option], pinned: str) -> tuple[Option, ...]:
    """Order options: the pinned one, then by name."""
    return tuple(sorted(options, key=lambda each: (each.candidate.name != pinned, each.candidate.name)))


def _ties(classes: Sequence[ClassOptions]) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """Return consecutive class ends with the same slot."""
    last: dict[int, tuple[int, int]] = {}
    found: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for row, each in enumerate(classes):
        for side, slot in enumerate((each.view.a_slot, each.view.z_slot)):
            if slot in last:
                found.append((last[slot], (row, side)))
            last[slot] = (row, side)
    return tuple(found)


def _clashes(
    catalog: Catalog, classes: Sequence[ClassOptions], options: Sequence[Sequence[Option]]
) -> frozenset[tuple[tuple[int, int], tuple[int, int]]]:
    """Return pairs of options of classes that share cages whose cables no module takes together.

    Those are what a `same-module` rule forbids, and two splitters of which each would have a leg of the other's.
    """
    has_splitters = any(option.candidate.hub for row in options for option in row)
    if not has_splitters and not any(rule.kind == "same-module" for rule in catalog.rules):
        return frozenset()
    slots = [{each.view.a_slot, each.view.z_slot} for each in classes]
    found: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    for left, right in combinations(range(len(classes)), 2):
        if not slots[left] & slots[right]:
            continue
        for at, one in enumerate(options[left]):
            for number, other in enumerate(options[right]):
                a, b = one.candidate.fiber, other.candidate.fiber
                rule = None if a is None or b is None else binding(catalog, "same-module", a, b)
                is_torn = bool(one.candidate.hub and other.candidate.hub) and a is not b
                if is_torn or (rule is not None and rule.verdict == "forbidden"):
                    found.add(((left, at), (right, number)))
    return frozenset(found)


def _goals(design: Design, measured: Meter) -> Iterator[Goal]:
    """Yield the objectives of the design, or the default ones: fewest optic SKUs, then watts, then metres.

    An option whose watts no source gives ranks below every other wherever watts count.
    """
    unknown = Amount(0, measured.weights(lambda each: len(each.lacks)))
    yield from _certain_first(design, measured)
    for objective in design.objectives:
        if any(metric.name.startswith("power.") for metric, _ in objective.expression.terms):
            yield Goal(unknown, "", "")
        words, unit = objective.text, measured.unit(objective.expression)
        text = words.removeprefix("minimize ").removeprefix("maximize ")
        yield Goal(measured.affine(objective.expression), text, unit, -1 if words.startswith("maximize ") else 1)
    if not design.objectives:
        yield Goal(Amount(0, measured.weights(lambda each: 0), per_optic_sku=1), "bom.optics.skus", "")
    yield Goal(unknown, "", "")
    for name in ("power.optics", "cables.length"):
        text = "" if design.objectives else name
        yield Goal(measured.metric(name), text, "mW" if name == "power.optics" else "mm")


def _certain_first(design: Design, measured: Meter) -> Iterator[Goal]:
    """Yield the wish for options whose costs and latencies are known, where something is asked of these."""
    asked = [condition.expression for each in design.requirements for condition in each.conditions]
    asked += [objective.expression for objective in design.objectives]
    for name in dict.fromkeys(metric.name for expression in asked for metric, _ in expression.terms):
        for amount in measured.more.get(name, ()):
            weights = tuple(tuple(len(gap) for gap in row) for row in amount.gaps)
            if any(map(any, weights)):
                yield Goal(Amount(0, weights), "", "")


def _tie_breaks(
    classes: Sequence[ClassOptions], options: Sequence[Sequence[Option]], measured: Meter, pinned: dict[str, str]
) -> Iterator[Goal]:
    """Yield the wish to keep what the lock holds."""
    names = [each.view.link_class.name for each in classes]
    if not any(name in pinned for name in names):
        return
    weights = tuple(
        tuple(int(name in pinned and option.candidate.name != pinned[name]) for option in row)
        for name, row in zip(names, options, strict=True)
    )
    yield Goal(Amount(0, weights), "", "", is_pin=True)
