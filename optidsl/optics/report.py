"""What the chosen parts leave to say: numbers that are secondary or missing, reserves, broken preferences."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl.catalog.parts import Catalog
from optidsl.diag import Sink
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import stopping
from optidsl.optics.check_governed import unused_waivers
from optidsl.optics.couplings import Coupling, Soft, requirement_key
from optidsl.optics.model import Model, Picks, assemble
from optidsl.optics.tables import Check
from optidsl.optics.text import listing, quantity
from optidsl.sema.design import Connect, Design
from optidsl.sema.slot import Slot

Found = tuple[int, Check]
"""A class and a check of its chosen candidate."""


def report(design: Design, placed: PlacedFabric, model: Model, picks: Picks, context: Context) -> None:
    """Emit the warnings of a choice, and errors where the policy stops at a missing number."""
    found = [
        (row, check)
        for row, (options, pick) in enumerate(zip(model.options, picks, strict=True))
        for check in options[pick].candidate.checks
    ]
    _secondary(design.catalog, model, found, context.sink)
    _unknown(model, [each for each in found if each[1].waived is None], context.sink)
    _rule_warnings(model, found, context.sink)
    _missing_watts(design, model, picks, context.sink)
    _missing_capacity(design, model, context.sink)
    is_unsure = any(goal.text and goal.amount.lacks for goal in model.goals)
    if not design.purchase.is_empty or model.is_measured or is_unsure:
        from optidsl.optics.report_measures import report_measures

        report_measures(design, placed, model, picks, context)
    _undecided(design, model, picks, context)
    broken = model.broken_softs(picks)
    every = _every_option(design, placed, model) if any(soft.requirement.weight for soft in broken) else ()
    unused_waivers(design, [check for _, check in found], [soft.requirement for soft in broken], context.sink)
    for soft in broken:
        requirement = soft.requirement
        if requirement.waiver is not None or any(map(_capacities, soft.couplings)):
            continue
        name = f"`{requirement.name}`" if requirement.name else f"`{requirement.conditions[0].text}`"
        because = (requirement.because,) if requirement.because else ()
        if requirement.weight is None:
            context.sink.warning(
                "requirement-failed", f"requirement {name} does not hold", requirement.span, "not met", notes=because
            )
        else:
            message = f"preference {name} is not met: {_why_not_met(soft, model, picks, every)}"
            from optidsl.sema.never import contradicted

            notes = (*because, *contradicted(design, requirement, context))
            context.sink.warning("preference-not-met", message, requirement.span, "not met", notes=notes)


def _undecided(design: Design, model: Model, picks: Picks, context: Context) -> None:
    """Warn of lists in which nothing decides."""
    slots = [slot for each in model.classes for slot in _lists(each.view.segment.connect)]
    if any(slot.options is not None for slot in (*slots, design.policy.media, design.policy.grades)):
        from optidsl.optics.why.undecided import warn_undecided

        warn_undecided(design, model, picks, context)


def _lists(connect: Connect) -> tuple[Slot[str], ...]:
    return connect.medium, connect.module, connect.cable


def _every_option(design: Design, placed: PlacedFabric, model: Model) -> tuple[Soft, ...]:
    """Return the soft requirements over every option that the parts allow, whatever the author writes."""
    return assemble(design, placed, model.classes, [each.options for each in model.classes], {}).softs


def _why_not_met(soft: Soft, model: Model, picks: Picks, every: Sequence[Soft]) -> str:
    """Say of a preference that is not met what its amount is, and whether any parts could meet it."""
    skus = model.sku_counts(picks)
    at = next(n for n, each in enumerate(soft.couplings) if each.amount.value(picks, *skus) > each.bound)
    coupling = soft.couplings[at]
    value = coupling.left(coupling.amount.value(picks, *skus))
    free = next(each for each in every if each.requirement is soft.requirement).couplings[at]
    least = free.amount.constant + sum(min(row) for row in free.amount.weights)
    is_hopeless = free.amount.is_separable and not free.amount.lacks and least > free.bound
    known = f"it is {quantity(value, coupling.unit)}, {quantity(coupling.right, coupling.unit)} wanted"
    if not is_hopeless:
        return f"{known}, and every choice that meets it breaks something more important"
    here = coupling.amount.constant + sum(min(row) for row in coupling.amount.weights)
    bound = "at least" if coupling.sign > 0 else "at most"
    return f"{known}, and no choice of parts can meet it (it is {bound} {quantity(coupling.left(here), coupling.unit)})"


def _group(found: list[Found], key: str) -> dict[str, list[Found]]:
    groups: dict[str, list[Found]] = {}
    for row, check in found:
        groups.setdefault(getattr(check, key), []).append((row, check))
    return groups


def _places(model: Model, found: list[Found]) -> str:
    names = list(dict.fromkeys(model.classes[row].view.link_class.name for row, _ in found))
    told = [f"`{name}`" for name in names[:3]]
    return f"{', '.join(told)} and {len(names) - 3} more" if len(names) > 3 else listing(told, "and")


def _secondary(catalog: Catalog, model: Model, found: list[Found], sink: Sink) -> None:
    """Name every secondary source that the choice rests on, once."""
    for source, members in _group([each for each in found if each[1].confidence == "secondary"], "source").items():
        row, check = members[0]
        titles = [catalog.sources[name].title for name in source.split("; ") if name in catalog.sources]
        span = model.classes[row].view.segment.connect.origin.span
        message = f"{check.name.replace('-', ' ')} of {_places(model, members)} rests on a secondary source ({source})"
        notes = tuple(f"source: {title}" for title in dict.fromkeys(titles))
        sink.warning("secondary-number", message, span, check.detail, notes=notes)


def _unknown(model: Model, found: list[Found], sink: Sink) -> None:
    """Name every check of the choice that lacks numbers, once, with the numbers."""
    for name, members in _group([each for each in found if each[1].verdict == "unknown"], "name").items():
        if name in TOLD:
            _told(model, name, members, sink)
            continue
        row, _ = members[0]
        fields = listing(list(dict.fromkeys(check.missing for _, check in members)), "and")
        span = model.classes[row].view.segment.connect.origin.span
        what = f"{name.replace('-', ' ')} of {_places(model, members)}"
        message = f"cannot conclude on {what}: no usable number for {fields}"
        sink.warning("cannot-conclude", message, span, f"needs {fields}")


TOLD = {
    "firmware": "cannot-conclude",
    "firmware-warning": "cannot-conclude",
    "rule-warning": "cannot-conclude",
    "not-listed": "not-listed",
}
"""By check whose detail says more than the number that it lacks: the name of the diagnostic."""


def _told(model: Model, name: str, members: list[Found], sink: Sink) -> None:
    for detail, alike in _group(members, "detail").items():
        row, check = alike[0]
        span = model.classes[row].view.segment.connect.origin.span
        sink.warning(TOLD[name], f"{_places(model, alike)}: {detail}", span, f"needs {check.missing}")


def _rule_warnings(model: Model, found: list[Found], sink: Sink) -> None:
    """Tell of rules that warn."""
    warned = [each for each in found if each[1].name == "rule-warning" and each[1].verdict == "holds"]
    for detail, members in _group(warned, "detail").items():
        row, _ = members[0]
        span = model.classes[row].view.segment.connect.origin.span
        sink.warning("compatibility-warning", f"{_places(model, members)}: {detail}", span, detail)


def _missing_watts(design: Design, model: Model, picks: Picks, sink: Sink) -> None:
    """Answer "cannot conclude" where a limit on watts meets a box or module without a known draw."""
    chosen = list(dict.fromkeys(f for row, pick in zip(model.figures, picks, strict=True) for f in row[pick].lacks))
    told: set[tuple[str, str]] = set()
    waived = {requirement_key(each) for each in design.requirements if each.waiver is not None}
    for coupling in (*model.couplings, *model.unsure, *(each for soft in model.softs for each in soft.couplings)):
        if coupling.unit != "mW" or coupling.statement.key in waived:
            continue
        is_optical = coupling.statement.topic != "requirement" or any(map(any, coupling.amount.weights))
        lacks = [*coupling.amount.lacks, *(chosen if is_optical else [])]
        if not lacks or (coupling.statement.key, lacks[0]) in told:
            continue
        told.add((coupling.statement.key, lacks[0]))
        _cannot_conclude(design, coupling, lacks, sink)


def _missing_capacity(design: Design, model: Model, sink: Sink) -> None:
    """Answer "cannot conclude" on a bisection or an oversubscription that no closed form gives."""
    told = {requirement_key(each) for each in design.requirements if each.waiver is not None}
    hard = [(each, True) for each in (*model.couplings, *model.unsure)]
    for coupling, is_hard in (*hard, *((each, False) for soft in model.softs for each in soft.couplings)):
        lacks = _capacities(coupling)
        if not lacks or coupling.statement.key in told:
            continue
        told.add(coupling.statement.key)
        put, verb = sink.error if is_hard else sink.warning, "is" if len(lacks) == 1 else "are"
        put(
            "cannot-conclude",
            f"cannot conclude on `{coupling.subject}`: {listing(lacks, 'and')} {verb} not known",
            coupling.statement.span,
            coupling.statement.text,
            helps=("ask for what is measured: `path_diversity`, `mean_distance`, `degree_min`",),
        )


def _capacities(coupling: Coupling) -> list[str]:
    """Return the capacities that a coupling rests on and nobody knows, in words."""
    found = [name.split(".") for name in coupling.amount.lacks if name.startswith("fabric.")]
    return [f"the {words[-1].removesuffix('_mbps')} of `{words[1]}`" for words in found]


def _cannot_conclude(design: Design, coupling: Coupling, lacks: list[str], sink: Sink) -> None:
    fields = listing(list(dict.fromkeys(lacks)), "and")
    topic = coupling.statement.topic
    message = f"cannot conclude on the power of {coupling.subject}: no usable number for {fields}"
    is_hard = topic == "requirement" or design.policy.unknown.get("rack_power", "warn") == "stop"
    put = sink.error if is_hard else sink.warning
    put("cannot-conclude", message, coupling.statement.span, coupling.statement.text)


def unknown_fields(checks: list[Check], design: Design) -> list[str]:
    """Return the fields whose absence stops the choice."""
    stopped = (check for check in checks if check.verdict == "unknown" and stopping(design.policy, check) is not None)
    return list(dict.fromkeys(check.missing for check in stopped))
