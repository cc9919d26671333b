"""What makes up an amount that exceeds its limit: the largest parts of a sum, or the links that need parts apart."""

from __future__ import annotations

from collections.abc import Collection

from optidsl.optics.arithmetic import Need, allowed, needs
from optidsl.optics.limit import Least
from optidsl.optics.model import Model
from optidsl.optics.text import listing, plural, quantity

LARGEST = 4
"""Parts of a sum that are told one by one."""


def makeup(model: Model, least: Least, core: Collection[str]) -> list[str]:
    """Say what makes up the least amount.

    Args:
        model: the whole choice.
        least: the least excess, with the choice that has it.
        core: keys of the statements in conflict.
    """
    if least.coupling.unit == "mW":
        return _watts(model, least)
    if least.coupling.unit or least.coupling.amount.is_fixed:
        return []
    apart = needs(model, least.coupling, allowed(model, core))
    if sum(each.least for each in apart) > least.coupling.bound:
        return _needs(model, apart)
    names = [
        f"{model.classes[row].view.link_class.name}: {model.options[row][pick].candidate.name}"
        for row, pick in enumerate(least.picks)
    ]
    return names if len(names) <= LARGEST + 1 else [*names[:LARGEST], f"and {len(names) - LARGEST:,} more classes"]


def _watts(model: Model, least: Least) -> list[str]:
    """Return the draw of the boxes, then of the classes that draw most, and the sum of the others."""
    coupling = least.coupling
    drawn = [
        (coupling.left(coupling.amount.weights[row][pick]) - coupling.offset, row, pick)
        for row, pick in enumerate(least.picks)
        if coupling.amount.weights[row][pick]
    ]
    shown = drawn if len(drawn) <= LARGEST + 1 else sorted(drawn, key=lambda each: (-abs(each[0]), each[1]))[:LARGEST]
    notes = [
        f"{model.classes[row].view.link_class.name}: {model.options[row][pick].candidate.name}, {quantity(watts, 'mW')}"
        for watts, row, pick in shown
    ]
    boxes = coupling.left(coupling.amount.constant)
    if boxes:
        notes.insert(0, f"boxes without modules: {quantity(boxes, 'mW')}")
    if len(shown) < len(drawn):
        rest = sum(watts for watts, _, _ in drawn) - sum(watts for watts, _, _ in shown)
        notes.append(f"and {len(drawn) - len(shown):,} more classes: {quantity(rest, 'mW')}")
    return notes


def _needs(model: Model, apart: list[Need]) -> list[str]:
    """Say which links can share none of the parts that are counted."""
    notes = [f"no part serves two of these {len(apart)} classes:"] if len(apart) > 1 else []
    for need in apart[: LARGEST + 1]:
        count = f"{need.least} of " if need.least > 1 else "one of " if len(need.parts) > 1 else ""
        notes.append(f"{model.classes[need.row].view.link_class.name}: {count}{_parts(need)}")
    if len(apart) > LARGEST + 1:
        rest = apart[LARGEST + 1 :]
        notes.append(
            f"and {plural(len(rest), 'more class')} with {sum(each.least for each in rest)} parts of their own"
        )
    return notes


def _parts(need: Need) -> str:
    names = sorted(_name(part) for part in need.parts)
    return listing(names) if len(names) <= LARGEST else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _name(part: object) -> str:
    """Return a module by name, a cable with its length, a fibre with its connector."""
    if not isinstance(part, tuple):
        return str(part)
    name, more = part
    if isinstance(more, int):
        return f"{name} {quantity(more, 'mm')}" if more >= 0 else str(name)
    return f"{name} with {more}"
