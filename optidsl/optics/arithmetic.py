"""Conflicts with a limit that addition alone decides: the least that each class can come to, summed, is above it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from optidsl._record import record
from optidsl.optics.couplings import Coupling
from optidsl.optics.model import Model, Picks
from optidsl.optics.statement import Statement


@record(frozen=True, slots=True)
class Need:
    """A class of links and the parts of which it needs `least`: no other class of the same proof can use them."""

    row: int
    parts: frozenset[object]
    least: int


def allowed(model: Model, held: Collection[str]) -> list[list[int]]:
    """Return the options of every class that no held statement bars."""
    keys = frozenset(held)
    return [
        [at for at, option in enumerate(row) if not any(bar.key in keys for bar in option.bars)]
        for row in model.options
    ]


def needs(model: Model, coupling: Coupling, open_options: list[list[int]]) -> list[Need]:
    """Return classes that can share none of the parts that an upper limit counts, found greedily.

    Between them they need at least the sum of their `least` parts: a proof of a lower bound, not always the best one.
    """
    read = _counted(coupling)
    if read is None:
        return []
    found: list[Need] = []
    for row, options in enumerate(open_options):
        used = [_parts(model, read, row, at) for at in options]
        if used:
            found.append(Need(row, frozenset().union(*used), min(len(each) for each in used)))
    chosen: list[Need] = []
    taken: set[object] = set()
    for need in sorted(found, key=lambda each: (len(each.parts) - each.least, -each.least, each.row)):
        if need.least and not need.parts & taken:
            chosen.append(need)
            taken |= need.parts
    return sorted(chosen, key=lambda each: each.row)


def _counted(coupling: Coupling) -> str | None:
    """Return the figure whose different values a limit counts, None unless it only counts these."""
    amount = coupling.amount
    if coupling.sign < 0 or any(map(any, amount.weights)):
        return None
    per = {
        "modules": amount.per_optic_sku,
        "cable_skus": amount.per_cable_sku,
        "fiber_types": amount.per_fiber_type,
    }
    counted = [name for name, each in per.items() if each]
    return counted[0] if len(counted) == 1 and per[counted[0]] > 0 else None


def _parts(model: Model, read: str, row: int, at: int) -> frozenset[object]:
    figures = model.figures[row][at]
    if read == "modules":
        return frozenset(figures.modules)
    return frozenset(figures.cable_skus if read == "cable_skus" else figures.fiber_types)


def lower_bound(model: Model, coupling: Coupling, open_options: list[list[int]]) -> int | None:
    """Return a bound below which a limit's amount cannot be with these options; None where none is known."""
    if not all(open_options):
        return None
    amount = coupling.amount
    if amount.is_separable:
        lows = (min(row[at] for at in options) for row, options in zip(amount.weights, open_options, strict=True))
        return amount.constant + sum(lows)
    if _counted(coupling) is None:
        return None
    per = amount.per_optic_sku + amount.per_cable_sku + amount.per_fiber_type
    return amount.constant + per * sum(need.least for need in needs(model, coupling, open_options))


def _is_broken(model: Model, coupling: Coupling, open_options: list[list[int]]) -> bool:
    """Tell whether addition proves that a limit cannot be kept with these options."""
    low = lower_bound(model, coupling, open_options)
    return low is not None and low > coupling.bound


def conflicts(model: Model, held: Collection[str]) -> Iterator[tuple[Coupling, tuple[Statement, ...]]]:
    """Yield limits that cannot be kept, each with the fewest held statements that keep it from being so.

    The sets share no statement. Each is irreducible by addition; where classes share cages, by addition alone.
    """
    kept = frozenset(held)
    limits = [each for each in model.couplings if each.statement.key in kept]
    bars = {bar.key: bar for row in model.options for option in row for bar in option.bars if bar.key in kept}
    told: set[str] = set()
    whatever = allowed(model, ())
    for coupling in limits:
        if coupling.statement.key not in told and _is_broken(model, coupling, whatever):
            told.add(coupling.statement.key)
            yield coupling, ()
    left = sorted(bars)
    options = allowed(model, left)
    for coupling in limits:
        if coupling.statement.key in told or not _is_broken(model, coupling, options):
            continue
        told.add(coupling.statement.key)
        core = _shrunk(model, coupling, left)
        yield coupling, tuple(bars[each] for each in core)
        left = [each for each in left if each not in core]
        options = allowed(model, left)


def _shrunk(model: Model, coupling: Coupling, bars: list[str]) -> list[str]:
    """Drop statements, the last first, while the limit stays broken with the others."""
    core = list(bars)
    for bar in reversed(bars):
        rest = [each for each in core if each != bar]
        if _is_broken(model, coupling, allowed(model, rest)):
            core = rest
    return core


def can_hold(model: Model, held: Collection[str]) -> bool:
    """Tell whether a choice that is easily found keeps all of these statements; if not, one may still exist."""
    options = allowed(model, held)
    if model.seatings or not all(options):
        return False
    kept = frozenset(held)
    by_part: dict[str, int] = {}
    for row, of_row in enumerate(options):
        for name in {name for at in of_row for name in model.figures[row][at].modules}:
            by_part[name] = by_part.get(name, 0) + 1

    def rarity(row: int, at: int) -> int:
        return sum(len(options) - by_part[name] for name in model.figures[row][at].modules)

    def watts(row: int, at: int) -> int:
        return model.figures[row][at].power_mw

    for first, second in ((watts, rarity), (rarity, watts)):
        picks = tuple(
            min(of_row, key=lambda at: (first(row, at), second(row, at), at)) for row, of_row in enumerate(options)
        )
        if model.keeps_ties(picks) and not any(each.statement.key in kept for each in model.broken(picks)):
            return True
    return False


def least_picks(model: Model, of: list[Coupling], held: Collection[str]) -> Picks | None:
    """Return a choice that comes to the least of every limit given at once; None where addition finds none.

    The limits are all of one statement; nothing else that couples classes may break.
    """
    options = allowed(model, held)
    if not all(options) or not all(each.amount.is_separable for each in of):
        return None
    picks = tuple(
        min(row, key=lambda at: (sum(each.amount.weights[index][at] for each in of), at))
        for index, row in enumerate(options)
    )
    if any(lower_bound(model, each, options) != each.amount.value(picks, 0, 0) for each in of):
        return None
    own = of[0].statement.key
    others = (each for each in model.broken(picks) if each.statement.key != own)
    if model.seatings or not model.keeps_ties(picks) or any(each.statement.key in held for each in others):
        return None
    return picks
