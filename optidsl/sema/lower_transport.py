"""Routes, spans and line systems."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.catalog.coherent import AmplifierModel
from optidsl.catalog.parts import Fact, FiberGrade
from optidsl.diag import InternalError, Label
from optidsl.schema.entity import Entity
from optidsl.schema.nearest import did_you_mean
from optidsl.schema.types import EntityRef
from optidsl.sema.lowering import Lowering, length_mm, name_of, part_name, slot, span_of, through, whole_number
from optidsl.sema.transport import Line, LineAmplifier, Place, Route, RouteSpan
from optidsl.units import Quantity, Uncertain

_C_BAND_NM = range(1530, 1566)
"""Wavelengths at which an attenuation counts as that of a line. Source: ITU-T G.694.1 grids, C band."""


def lower_transport(lowering: Lowering, design: Entity) -> tuple[tuple[Route, ...], tuple[Line, ...]]:
    """Return the routes and the lines of the design."""
    routes = {entity.address: _route(lowering, entity) for entity in through(design, "route")}
    lines = [_line(lowering, entity, routes) for entity in through(design, "line")]
    found = tuple(line for line in lines if line is not None)
    _refuse_crowded(lowering, found)
    return tuple(routes.values()), found


def _refuse_crowded(lowering: Lowering, lines: Sequence[Line]) -> None:
    """Report lines over a route that has no fibre pair left."""
    taken: dict[str, list[Line]] = {}
    for line in lines:
        others = taken.setdefault(line.route.name, [])
        others.append(line)
        if len(others) > line.route.pairs:
            pairs = "1 fibre pair" if line.route.pairs == 1 else f"{line.route.pairs} fibre pairs"
            lowering.sink.error(
                "route-full",
                f"line `{line.name}` is the {_nth(len(others))} over route `{line.route.name}`, which has {pairs}",
                line.origin.span,
                "needs a fibre pair of its own",
                secondary=(Label(line.route.origin.span, pairs),),
                helps=(f"state `pairs = {len(others)}` if the route has them",),
            )


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return f"{number}{ending}"


# ------------------------------------------------------------------ route


def _route(lowering: Lowering, entity: Entity) -> Route:
    spans = tuple(_span(lowering, span) for span in through(entity, "span"))
    if not spans:
        lowering.sink.error(
            "missing-block", f"route `{entity.name}` has no `span`", entity.label_span, "add `span s1 { length = … }`"
        )
    a, z = _place(entity, "from"), _place(entity, "to")
    if a[: len(z)] == z or z[: len(a)] == a:
        lowering.sink.error(
            "route-ends",
            f"route `{entity.name}` starts and ends in `{'.'.join(a[1:])}`",
            span_of(entity, "to"),
            "another site or hall is needed",
        )
    return Route(name_of(entity), a, z, whole_number(entity, "pairs"), spans, entity.origin)


def _place(entity: Entity, name: str) -> Place:
    value = entity.value(name)
    if not isinstance(value, EntityRef):
        raise InternalError(f"route.{name} is not a place after the check for it")
    return value.address


def _span(lowering: Lowering, entity: Entity) -> RouteSpan:
    grade = lowering.catalog.fiber_grades.get(slot(entity.get("fiber"), part_name).value or "")
    if grade is None:
        raise InternalError("a fibre grade passed the checks and is not in the catalogue")
    return RouteSpan(
        entity.name,
        length_mm(entity, "length"),
        grade,
        _attenuation(entity, grade),
        whole_number(entity, "splices"),
        _stated(entity, "splice_loss", "mdB"),
        whole_number(entity, "connectors"),
        _stated(entity, "connector_loss", "mdB"),
        _stated(entity, "dispersion", "fs/nm/km") or grade.dispersion_fs,
        _stated(entity, "pmd", "fs/rtkm") or grade.pmd_fs,
        entity.origin,
    )


def _attenuation(entity: Entity, grade: FiberGrade) -> Fact[int] | None:
    """Return the highest attenuation at 1550 nm: the author's, else the grade's where it holds there."""
    attr = entity.get("loss")
    if attr is not None and isinstance(attr.value, Uncertain):
        high = attr.value.bounds()[1]
        if isinstance(high, Quantity):
            return Fact(high.to_int("mdB/km"), "", "design", attr.value_span)
    stated = _stated(entity, "loss", "mdB/km")
    return stated or (grade.attenuation_mdb_per_km if grade.wavelength_nm in _C_BAND_NM else None)


def _stated(entity: Entity, name: str, unit: str) -> Fact[int] | None:
    """Return what the author states, as a fact of the design."""
    attr = entity.get(name)
    if attr is None or not isinstance(attr.value, Quantity):
        return None
    return Fact(attr.value.to_int(unit), "", "design", attr.value_span)


# ------------------------------------------------------------------ line


def _line(lowering: Lowering, entity: Entity, routes: dict[Place, Route]) -> Line | None:
    over = entity.value("over")
    mux = lowering.catalog.muxes.get(slot(entity.get("mux"), part_name).value or "")
    if not isinstance(over, EntityRef) or mux is None:
        raise InternalError("a line's route or multiplexer passed the checks and is not there")
    route = routes[over.address]
    _refuse_part_name(lowering, entity)
    amplifiers = _amplifiers(lowering, entity, route)
    channels = entity.integer("channels") or mux.channels.value
    if channels > mux.channels.value:
        lowering.sink.error(
            "line-channels",
            f"line `{entity.name}` is to carry {channels} waves, its multiplexer {mux.name} has "
            f"{mux.channels.value} channels",
            span_of(entity, "channels"),
            f"{channels - mux.channels.value} more than it has",
        )
    grid = entity.scaled("grid", "MHz") or 0
    if grid != mux.spacing_mhz.value:
        lowering.sink.error(
            "line-channels",
            f"line `{entity.name}` has a grid of {grid / 1000:g} GHz, its multiplexer {mux.name} one of "
            f"{mux.spacing_mhz.value / 1000:g} GHz",
            span_of(entity, "grid"),
            "channels would miss their ports",
        )
    launch = entity.scaled("launch", "mdBm")
    bare = [each.name for each in amplifiers if each.gain_mdb is None]
    if launch is None and bare:
        lowering.sink.error(
            "line-incomplete",
            f"line `{entity.name}` states no `launch`, and `{bare[0]}` no `gain`",
            entity.label_span,
            "how much is it to amplify?",
            helps=("add `launch = 0dBm`, the power of a channel into every span, or a `gain` to every amplifier",),
        )
    return Line(
        name_of(entity),
        route,
        grid,
        mux,
        channels,
        _stated(entity, "transmit", "mdBm"),
        launch,
        _stated(entity, "pdl", "mdB"),
        entity.scaled("span_loss", "mdB"),
        amplifiers,
        entity.origin,
    )


def _refuse_part_name(lowering: Lowering, line: Entity) -> None:
    """Report a line named as a part: a plan names both alike."""
    catalog = lowering.catalog
    tables = (catalog.transceivers, catalog.fiber_cables, catalog.direct_cables, catalog.fiber_grades)
    boxes = (catalog.connectors, catalog.switches, catalog.servers, catalog.amplifiers, catalog.muxes)
    if any(name_of(line) in table for table in (*tables, *boxes)):
        message = f"line `{name_of(line)}` has the name of a part of the catalogue"
        lowering.sink.error("duplicate-name", message, line.label_span, "give it another name")


def _amplifiers(lowering: Lowering, line: Entity, route: Route) -> tuple[LineAmplifier, ...]:
    """Return the amplifiers in the order of the route."""
    boosters = [_amplifier(lowering, each, "booster", 0) for each in through(line, "booster")]
    preamps = [_amplifier(lowering, each, "preamp", len(route.spans)) for each in through(line, "preamp")]
    names = [span.name for span in route.spans]
    between: dict[int, LineAmplifier] = {}
    for each in through(line, "amplifier"):
        after = each.text("after")
        if after not in names[:-1]:
            _refuse_place(lowering, each, route, names)
        elif names.index(after) + 1 in between:
            other = between[names.index(after) + 1]
            message = f"amplifiers `{other.name}` and `{each.name}` both follow span `{after}`"
            lowering.sink.error("amplifier-place", message, span_of(each, "after"), "one is enough")
        else:
            between[names.index(after) + 1] = _amplifier(lowering, each, "amplifier", names.index(after) + 1)
    return (*boosters, *(between[at] for at in sorted(between)), *preamps)


def _refuse_place(lowering: Lowering, entity: Entity, route: Route, names: list[str]) -> None:
    after = entity.text("after")
    if after in names:
        message = f"`{after}` is the last span of route `{route.name}`: what follows it is the `preamp`"
    else:
        message = f"route `{route.name}` has no span `{after}`{did_you_mean(after, names)}"
    lowering.sink.error("amplifier-place", message, span_of(entity, "after"), "no place between two spans")


def _amplifier(lowering: Lowering, entity: Entity, role: str, at: int) -> LineAmplifier:
    model: AmplifierModel | None = lowering.catalog.amplifiers.get(slot(entity.get("model"), part_name).value or "")
    if model is None:
        raise InternalError("an amplifier passed the checks and is not in the catalogue")
    return LineAmplifier(
        entity.name or role,
        "booster" if role == "booster" else "preamp" if role == "preamp" else "amplifier",
        at,
        model,
        _stated(entity, "gain", "mdB"),
        _stated(entity, "noise_figure", "mdB"),
        entity.origin,
    )
