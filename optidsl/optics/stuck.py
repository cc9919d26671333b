"""Why the parts in service cannot all stay: the fewest that must move, and what stands against each."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl.diag import Label
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.encode import Encoded, encode
from optidsl.optics.held import Held, argument_of
from optidsl.optics.model import Model
from optidsl.optics.statement import Statement
from optidsl.optics.text import listing
from optidsl.sema.design import Design
from optidsl.solve import Objective, minimal_conflict, minimize

CONNECT = ("medium", "module", "cable")
"""Topics that the author's own connect decides."""


def tell_stuck(design: Design, model: Model, held: Held, context: Context) -> None:
    """Report which classes must leave what the lock holds; without the lock the design is possible.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    classes = model.classes
    reasons = {row: _against(classes[row], name) for row, name in held.gone.items()}
    reasons |= _coupled(model, held, context.options.rlimit)
    moving = {**held.gone, **held.kept}
    told = [f"`{classes[row].view.link_class.name}`" for row in sorted(reasons)]
    command = " ".join(f"--upgrade {argument_of(classes[row].view.link_class.name)}" for row in sorted(reasons))
    notes = [
        f"{classes[row].view.link_class.name} cannot keep {moving[row]}: {_words(statements)}"
        for row, statements in sorted(reasons.items())
    ]
    labels: list[Label] = []
    for statements in reasons.values():
        for each in statements:
            label = None if each.span is None else Label(each.span, each.text)
            if label is not None and label not in labels:
                labels.append(label)
    own = next((each for of in reasons.values() for each in of if each.topic in CONNECT), None)
    because = "" if own is None else f"; the connect itself decides the {own.topic}"
    context.sink.error(
        "pins-infeasible",
        f"the parts in service cannot all stay: {listing(told, 'and')} must move off what the lock holds{because}",
        labels[0].span if labels else design.span,
        labels[0].text if labels else "with the parts that the lock holds",
        secondary=tuple(labels[1:]),
        notes=tuple(notes),
        helps=(f"let {'it' if len(told) == 1 else 'them'} move: `optidsl compile {_root(design, context)}{command}`",),
    )


def _root(design: Design, context: Context) -> str:
    path = context.sources[design.span.file].path
    return "" if path in ("", "design.optd") else f"{path} "


def _words(statements: Sequence[Statement]) -> str:
    return listing([each.text for each in statements], "and") if statements else "it is no longer offered"


def _against(each: ClassOptions, name: str) -> list[Statement]:
    """Return what stands against a candidate that is no open option."""
    found = next((option for option in each.options if option.candidate.name == name), None)
    if found is not None:
        return list(found.bars)
    parts = name.split(" + ")
    unfit = next((one for one in each.unfit if one.name in parts or one.name == name), None)
    if unfit is None:
        return []
    detail = unfit.check.detail
    words = detail if detail.startswith(f"{unfit.name} ") else f"{unfit.name}: {detail}"
    return [Statement("unfit", "length", None, words)]


def _coupled(model: Model, held: Held, rlimit: int) -> dict[int, list[Statement]]:
    """Return the fewest classes that must move because of what couples them, each with what stands against it."""
    encoded = encode(model)
    pins = {row: literal for row, name in held.kept.items() if (literal := _literal(encoded, row, name))}
    best = minimize(encoded.problem, [Objective(tuple((1, -literal) for literal in pins.values()))], rlimit)
    if best is None:
        return {}
    moved = [row for row, literal in pins.items() if not best.model[literal]]
    staying = [literal for row, literal in pins.items() if row not in moved]
    found: dict[int, list[Statement]] = {}
    for row in moved:
        core = minimal_conflict(encoded.problem, rlimit, [*encoded.problem.guards, *staying, pins[row]]) or ()
        found[row] = [encoded.statements[each] for each in core if each in encoded.statements]
    return found


def _literal(encoded: Encoded, row: int, name: str) -> int:
    options = encoded.model.options[row]
    at = next((at for at, option in enumerate(options) if option.candidate.name == name), -1)
    return 0 if at < 0 else encoded.variables[row][at]
