"""Where the facts stand by which a part does not fit, and what would cure it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optidsl.catalog.parts import Catalog, Fact, FiberCable, Lanes, Transceiver
from optidsl.diag import Label
from optidsl.optics.attenuate import window
from optidsl.optics.candidates import Option, Unfit
from optidsl.optics.channel import Channel, channel
from optidsl.optics.classify import ClassView
from optidsl.optics.ends import End
from optidsl.optics.statement import margin_mdb
from optidsl.optics.tables import Check
from optidsl.optics.text import listing, plural, quantity
from optidsl.sema.design import Design
from optidsl.source.files import STANDARD

Stated = tuple[Fact[int] | Fact[str] | Fact[tuple[str, ...]] | Fact[Lanes] | None, str]
"""A fact in dispute, and what a label says of it."""

_ALIKE = ("medium", "connector", "pmd", "modulation", "fec")
"""Checks of words that two parts must have alike, named as their fields are."""


def missing_labels(catalog: Catalog, fields: Sequence[str]) -> tuple[Label, ...]:
    """Return the author's own parts that do not state fields such as `dr.power_max`."""
    tables = (catalog.transceivers, catalog.fiber_cables, catalog.direct_cables, catalog.switches, catalog.servers)
    labels: list[Label] = []
    for field in fields:
        name, _, what = field.partition(".")
        parts = (part for table in (*tables, catalog.fiber_grades, catalog.connectors) if (part := table.get(name)))
        labels += [Label(part.span, f"{what} is not stated") for part in parts if part.span.file < STANDARD]
    return tuple(labels)


def n_own(catalog: Catalog, name: str) -> int:
    """Return how many of the parts joined by " + " the author declares and not the library."""
    tables = (catalog.transceivers, catalog.fiber_cables, catalog.direct_cables)
    found = (table.get(word) for word in name.split(" + ") for table in tables)
    return sum(part is not None and part.span.file < STANDARD for part in found)


# ------------------------------------------------------------------ parts that do not fit


def part_labels(design: Design, view: ClassView, miss: Unfit) -> tuple[Label, ...]:
    """Return the lines of the author's own files that state what does not fit."""
    catalog, policy = design.catalog, design.policy
    labels = [Label(fact.span, words) for fact, words in _stated(catalog, view, miss) if fact is not None]
    for rule in catalog.rules:
        if _is_of(rule.reason, miss.check):
            family = "" if rule.firmware is None else rule.firmware.family
            if family in policy.firmware_at:
                labels.append(Label(policy.firmware_at[family], f"version {policy.firmware[family]}"))
            labels.append(Label(rule.span, f"rule {rule.name}"))
    return tuple(dict.fromkeys(label for label in labels if label.span.file < STANDARD))


def _is_of(reason: Fact[str], check: Check) -> bool:
    return check.name == "rule" and check.detail.endswith(f": {reason.value}")


def _stated(catalog: Catalog, view: ClassView, miss: Unfit) -> Iterator[Stated]:
    words = miss.name.split(" + ")
    modules = [catalog.transceivers[word] for word in words if word in catalog.transceivers]
    if miss.where in ("a", "z") and modules:
        yield from _at_end(modules[0], view.a if miss.where == "a" else view.z, miss.check)
    elif miss.where == "pair" and miss.check.name in _ALIKE:
        for module in modules:
            yield _alike(module, miss.check.name)
    elif miss.where == "fiber" and words[1:2] and words[1] in catalog.fiber_cables:
        fiber = catalog.fiber_cables[words[1]]
        field = "connector" if miss.check.name == "polish" else miss.check.name
        if field in ("medium", "connector"):
            misfit = next((each for each in modules if miss.check.detail.startswith(f"{each.name} ")), modules[0])
            yield _alike(misfit, field)
            yield _alike(fiber, field)


def _alike(part: Transceiver | FiberCable, field: str) -> Stated:
    fact: Fact[str] | None = getattr(part, field)
    return fact, "" if fact is None else f"{part.name} is {fact.value}"


def _at_end(module: Transceiver, end: End, check: Check) -> Iterator[Stated]:
    if check.name == "cage-power" and check.margin is not None:
        limit = end.bound.limit
        if limit is not None:
            drawn = limit.value - check.margin
            fact = module.power_max_mw
            yield fact if fact is not None and fact.value == drawn else None, f"up to {quantity(drawn, 'mW')}"
            yield limit, f"{quantity(limit.value, 'mW')} allowed"
    elif check.name == "form-factor":
        yield module.form_factor, f"{module.name} is {module.form_factor.value}"
        yield end.accepts, f"the cage takes {listing(list(end.accepts.value))}"
    elif check.name in ("rate", "lanes"):
        lanes = module.lanes
        yield lanes, f"{plural(lanes.value.count, 'lane')} in {plural(module.bores, 'bore')}"


def part_helps(catalog: Catalog, view: ClassView, miss: Unfit) -> tuple[str, ...]:
    """Return what would let a part fit."""
    check = miss.check
    words = miss.name.split(" + ")
    if check.name in ("connector", "polish") and len(words) == 3 and words[1] in catalog.fiber_cables:
        fiber = catalog.fiber_cables[words[1]].connector.value
        misfit = next((word for word in words[::2] if check.detail.startswith(f"{word} ")), words[0])
        plug = catalog.transceivers[misfit].connector.value
        return (f"take a cable that ends in {plug}, or modules with the connector {fiber}",)
    if check.name == "cage-power" and miss.where in ("a", "z"):
        end = view.a if miss.where == "a" else view.z
        if end.bound.limit is None or check.margin is None:
            return ()
        least = quantity(end.bound.limit.value - check.margin, "mW")
        return (f"take a module of at most {quantity(end.bound.limit.value, 'mW')}, or a box with cages of {least}",)
    if check.name == "lanes" and miss.where in ("a", "z"):
        end = view.a if miss.where == "a" else view.z
        return (f"take a module with {plural(end.kind.lanes, 'lane')} a bore",)
    if check.name == "form-factor":
        return _plug_helps(catalog, view.z if miss.where == "z" else view.a)
    rule = next((each for each in catalog.rules if _is_of(each.reason, check)), None)
    if rule is not None and rule.firmware is not None and rule.firmware.least:
        family, least = rule.firmware.family, rule.firmware.least
        return (f'run {least} or later and say so: `policy {{ firmware {family} {{ version = "{least}" }} }}`',)
    return ()


def _plug_helps(catalog: Catalog, end: End) -> tuple[str, ...]:
    """Say so where nothing in view goes into a cage at all, as for boxes whose optics are built in."""
    plugs = {module.form_factor.value for module in catalog.transceivers.values()}
    plugs |= {
        fact.value for each in catalog.direct_cables.values() for fact in (each.form_factor_a, each.form_factor_z)
    }
    wanted = list(end.accepts.value)
    if not wanted or plugs & set(wanted):
        return ()
    return (
        f"no module or cable in view has the plug {listing(wanted)}: `use` a file that declares one, or declare it, "
        "with `built_in = true` where it is part of the box",
    )


# ------------------------------------------------------------------ channels that fail


def channel_helps(design: Design, view: ClassView, option: Option, check: Check) -> tuple[str, ...]:
    """Return what would cure the loss or the overload of a fibre channel."""
    it = option.candidate
    if it.fiber is None or it.a_module is None or it.z_module is None or it.line is not None:
        return ()
    own = channel(design.catalog, view, it.a_module, it.z_module, it.fiber, design.policy.statistical)
    if check.name == "loss":
        return _fewer_connections(own, -(check.margin or 0), margin_mdb(design.policy))
    return _attenuator(own) if check.name == "overload" else ()


def _fewer_connections(it: Channel, over_mdb: int, margin: int) -> tuple[str, ...]:
    """Say how many connections the budget bears at this length, or what budget the channel needs."""
    most = f"a budget of {quantity(it.loss_mdb(it.order.longest_mm) + margin, 'mdB')} or more" if it.order else ""
    if it.statistical is None and it.connector is not None and it.connector.loss_max_mdb.value > 0:
        each = it.connector.loss_max_mdb.value
        bearable = it.connections + (-over_mdb - margin) // each
        if bearable >= 2:
            return (f"use at most {plural(bearable, 'connection')} at this length, or modules with {most}",)
    return (f"take modules with {most}",) if most else ()


def _attenuator(it: Channel) -> tuple[str, ...]:
    """Write the attenuator that would cure an overload."""
    if it.order is None:
        return ()
    for way in it.ways():
        found, low = window(it, it.order, way)
        if low and found is not None and not found.is_empty:
            fiber = it.fiber
            stated = f"connector = {fiber.connector.value}, medium = {fiber.medium.value}"
            loss = quantity(low, "mdB").replace(" ", "")
            return (f"declare one that you can buy: `attenuator NAME {{ {stated}, loss = {loss} }}`",)
        if low:
            return ("take modules that send less, or receivers that bear more",)
    return ()
