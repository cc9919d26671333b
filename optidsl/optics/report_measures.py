"""What a choice leaves to say of costs and latencies: figures that nobody gives, secondary ones, prices grown old."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from optidsl._context import Context
from optidsl.catalog.parts import Catalog
from optidsl.catalog.purchase import Fee, Price, Stock
from optidsl.diag import Label, Sink
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.couplings import Coupling
from optidsl.optics.latencies import propagation
from optidsl.optics.measures import named_metrics
from optidsl.optics.model import Model, Picks
from optidsl.optics.text import listing
from optidsl.physics.latency import INTERLEAVE
from optidsl.sema.design import Design, Requirement

PRICE_DAYS = 90
"""After so many days a price is told to be old."""


def report_measures(design: Design, placed: PlacedFabric, model: Model, picks: Picks, context: Context) -> None:
    """Emit what costs and latencies rest on; an error where a hard requirement or an objective cannot be decided."""
    _missing(model, picks, context.sink)
    _missing_in_objectives(design, model, picks, context.sink)
    _secondary(design, model, picks, context.sink)
    _old(design, placed, model, picks, context)


def _is_mine(coupling: Coupling) -> bool:
    return coupling.statement.topic == "requirement" and coupling.unit not in ("mW", "mm", "Mbps", "")


def _missing(model: Model, picks: Picks, sink: Sink) -> None:
    told: set[str] = set()
    hard = [(each, True) for each in (*model.couplings, *model.unsure)]
    for coupling, is_hard in (*hard, *((each, False) for soft in model.softs for each in soft.couplings)):
        missing = coupling.amount.missing(picks)
        if not missing or not _is_mine(coupling) or coupling.statement.key in told:
            continue
        told.add(coupling.statement.key)
        put = sink.error if is_hard else sink.warning
        put(
            "cannot-conclude",
            f"cannot conclude on `{coupling.subject}`: no {_listed(missing)}",
            coupling.statement.span,
            coupling.statement.text,
            helps=_helps(missing),
        )


def _missing_in_objectives(design: Design, model: Model, picks: Picks, sink: Sink) -> None:
    by_text = {goal.text: goal for goal in model.goals if goal.text}
    for objective in design.objectives:
        goal = by_text.get(objective.text.removeprefix("minimize ").removeprefix("maximize "))
        missing = () if goal is None else goal.amount.missing(picks)
        if goal is not None and missing:
            # What the boxes draw is the same whatever parts are chosen: not to know it spoils no choice of them.
            is_fixed = missing == goal.amount.lacks or not model.is_measured
            put = sink.warning if goal.unit == "mW" and is_fixed else sink.error
            put(
                "cannot-conclude",
                f"cannot conclude on `{objective.text}`: no {_listed(missing)}",
                objective.span,
                "not every part that it counts has one",
                helps=_helps(missing),
            )


def _listed(missing: Sequence[str]) -> str:
    """Return the figures in a sentence: "price of a and b", "usable number for c.latency"."""
    priced = [name.removeprefix("price of ") for name in missing if name.startswith("price of ")]
    others = [name for name in missing if not name.startswith("price of ")]
    words = [f"price of {listing(priced, 'and')}"] if priced else []
    words += [f"usable number for {listing(others, 'and')}"] if others else []
    return listing(words, "and")


def _helps(missing: Sequence[str]) -> tuple[str, ...]:
    priced = [name.removeprefix("price of ") for name in missing if name.startswith("price of ")]
    return (f"state it: `price {priced[0]} {{ each = …, as_of = … }}`",) if priced else ()


# ------------------------------------------------------------------ secondary numbers


def _secondary(design: Design, model: Model, picks: Picks, sink: Sink) -> None:
    """Name the secondary numbers of physics, and of parts, that a requirement on latency rests on."""
    if not any(name.endswith("latency") for name in named_metrics(design)):
        return
    for requirement in design.requirements:
        names = [m.name for c in requirement.conditions for m, _ in c.expression.terms if m.name.endswith("latency")]
        grounds = dict.fromkeys(ground for name in names for ground in _grounds(design.catalog, name, model, picks))
        if grounds:
            sink.warning(
                "secondary-number",
                f"`{_words(requirement)}` rests on secondary numbers: {listing([text for text, _ in grounds], 'and')}",
                requirement.span,
                notes=tuple(f"source: {source}" for source in dict.fromkeys(source for _, source in grounds)),
            )


def _words(requirement: Requirement) -> str:
    return " and ".join(dict.fromkeys(condition.text for condition in requirement.conditions))


def _grounds(catalog: Catalog, name: str, model: Model, picks: Picks) -> list[tuple[str, str]]:
    """Return the secondary numbers in the latency of a fabric: what, and the document."""
    fabric = name.removeprefix("fabric.").rpartition(".")[0]
    found: list[tuple[str, str]] = []
    for each, options, pick in zip(model.classes, model.options, picks, strict=True):
        if each.view.fabric.name != fabric:
            continue
        candidate = options[pick].candidate
        constant = propagation(catalog, candidate)
        if constant.confidence == "secondary":
            found.append((constant.text, constant.source))
        if name.endswith(".latency"):
            found.append(("the interleave of RS(544,514)", INTERLEAVE))
            modules = (candidate.a_module, candidate.z_module)
            facts = [(f"{m.name}.latency", m.latency_ps) for m in modules if m is not None]
            facts += [(f"{end.box}.latency", end.offer.latency_ps) for end in (each.view.a, each.view.z)]
            found += [
                (field, fact.source) for field, fact in facts if fact is not None and fact.confidence == "secondary"
            ]
    return found


# ------------------------------------------------------------------ old prices


def _old(design: Design, placed: PlacedFabric, model: Model, picks: Picks, context: Context) -> None:
    """Warn of prices, fees, stock and rates older than 90 days, where the caller says what day it is."""
    today, purchase = context.options.today, design.purchase
    if today is None or purchase.is_empty:
        return
    used = {group.model.name for group in placed.tables.groups if group.count}
    for options, pick in zip(model.options, picks, strict=True):
        candidate = options[pick].candidate
        parts = (candidate.a_module, candidate.z_module, candidate.fiber, candidate.direct)
        used.update(part.name for part in parts if part is not None)
    protocols = {fabric.protocol for fabric in design.fabrics}
    entries: list[tuple[str, Price | Fee | Stock]] = [
        *((f"price {name}", each) for name, each in purchase.prices.items() if name in used),
        *((f"fee {name}", each) for name, each in purchase.fees.items() if name in protocols),
        *((f"stock {each.part}", each) for each in purchase.stock if each.part in used),
    ]
    old = [(what, each, days) for what, each in entries if (days := _age(each.as_of, today)) > PRICE_DAYS]
    if old:
        what, first, days = max(old, key=lambda entry: entry[2])
        rest = f", and {len(old) - 1} more" if len(old) > 1 else ""
        context.sink.warning(
            "price-old",
            f"`{what}` is of {first.as_of}, {days} days before {today.isoformat()}{rest}: more than {PRICE_DAYS} days",
            first.span,
            f"{days} days old",
            secondary=tuple(Label(each.span, f"{age} days old") for _, each, age in old if each is not first),
            helps=("ask again, and state the new figure with its `as_of`",),
        )
    if purchase.fx_as_of and purchase.fx_span is not None and _age(purchase.fx_as_of, today) > PRICE_DAYS:
        days = _age(purchase.fx_as_of, today)
        context.sink.warning(
            "price-old",
            f"`fx` is of {purchase.fx_as_of}, {days} days before {today.isoformat()}: more than {PRICE_DAYS} days",
            purchase.fx_span,
            f"{days} days old",
        )


def _age(as_of: str, today: datetime.date) -> int:
    return (today - datetime.date.fromisoformat(as_of)).days
