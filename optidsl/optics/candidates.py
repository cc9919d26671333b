"""Every way to build a class's links from the whole catalogue, and why the others are not one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optidsl._record import field, record, replace
from optidsl.catalog.parts import Catalog, FiberCable, Transceiver
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.channel import channel
from optidsl.optics.check_channel import channel_checks
from optidsl.optics.check_direct import direct_fit_checks, direct_length_check
from optidsl.optics.check_end import module_checks
from optidsl.optics.check_pair import fiber_fit_checks, pair_checks
from optidsl.optics.check_policy import author_checks, margin_check, policy_checks
from optidsl.optics.classify import ClassView, views
from optidsl.optics.ends import End
from optidsl.optics.statement import Statement, length_statement, unknown_statement
from optidsl.optics.tables import Candidate, Check, LinkClass
from optidsl.sema.design import Design, Policy

GEOMETRY = frozenset({"lengths-on-sale", "reach", "loss", "min-length", "overload"})
"""Checks that the class's lengths decide."""

POLICY_KEY = {
    "reach": "reach",
    "lengths-on-sale": "reach",
    "loss": "loss",
    "margin": "loss",
    "overload": "overload",
    "min-length": "overload",
    "cage-power": "cage_power",
}
"""Which entry of `policy { unknown { … } }` says what an unknown verdict of a check does; others stop."""


@record(frozen=True, slots=True)
class Option:
    """A candidate that the parts themselves allow. `bars` are the statements that stand against it."""

    candidate: Candidate
    bars: tuple[Statement, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether nothing stands against it."""
        return not self.bars


@record(frozen=True, slots=True)
class Unfit:
    """A part or pair that cannot serve the class whatever the author writes, with the first check it fails.

    `where` is the stage: "a", "z" (a module at that end), "pair", "fiber", "direct". `depth` counts the checks
    passed before: the deepest came nearest.
    """

    where: str
    name: str
    check: Check
    depth: int


@record(frozen=True, slots=True)
class ClassOptions:
    """What could serve a class, in order of name, and what came nearest."""

    view: ClassView
    options: tuple[Option, ...]
    unfit: tuple[Unfit, ...]

    @property
    def open(self) -> list[Option]:
        """The options that nothing stands against."""
        return [option for option in self.options if option.is_open]


@record(frozen=True, slots=True)
class Tried:
    """What was found of ends and parts while trying one class, for the classes that come after it.

    Ends that no check can tell apart take the same modules; whether parts fit together does not depend on the class.
    """

    ends: dict[tuple[object, ...], tuple[list[tuple[Transceiver, list[Check]]], list[tuple[str, Check, int]]]] = field(
        default_factory=dict
    )
    pairs: dict[tuple[str, str], tuple[list[Check], Check | None, int]] = field(default_factory=dict)
    fibers: dict[tuple[str, str], tuple[list[Check], Check | None, int]] = field(default_factory=dict)


def candidates(design: Design, placed: PlacedFabric, classes: list[LinkClass]) -> list[ClassOptions]:
    """Return the options of each class, in the order of `classes`."""
    by_name = {view.link_class.name: view for view in views(design, placed)}
    tried = Tried()
    return [options_of(design, by_name[each.name], tried) for each in classes]


def options_of(design: Design, view: ClassView, tried: Tried | None = None) -> ClassOptions:
    """Try every part of the catalogue on a class; `tried` carries over what other classes found out."""
    unfit: list[Unfit] = []
    found = [*_fiber_options(design, view, unfit, tried or Tried()), *_direct_options(design, view, unfit)]
    found.sort(key=lambda option: option.candidate.name)
    return ClassOptions(view, tuple(found), tuple(unfit))


def _first_failure(checks: Iterable[Check], base: int) -> tuple[list[Check], Check | None, int]:
    """Run checks until one fails; return those that ran, the failed one, and how many passed."""
    passed: list[Check] = []
    for check in checks:
        if check.verdict == "fails":
            return passed, check, base + len(passed)
        passed.append(check)
    return passed, None, base + len(passed)


def _fitting(
    catalog: Catalog, view: ClassView, end: End, where: str, unfit: list[Unfit], tried: Tried
) -> list[tuple[Transceiver, list[Check]]]:
    """Return the modules that one end's cages take, with their checks."""
    protocol, rate = view.fabric.protocol, view.segment.rate_mbps
    kind, bound = end.kind, end.bound
    key = (end.cage_label, kind.lanes, kind.ports_per_cage, bound.cage, bound.limit, bound.n_without, protocol, rate)
    if key not in tried.ends:
        found: list[tuple[Transceiver, list[Check]]] = []
        misses: list[tuple[str, Check, int]] = []
        for module in catalog.transceivers.values():
            passed, failed, depth = _first_failure(module_checks(catalog, module, end, protocol, rate), 0)
            if failed is None:
                found.append((module, passed))
            else:
                misses.append((module.name, failed, depth))
        tried.ends[key] = found, misses
    unfit += [Unfit(where, *miss) for miss in tried.ends[key][1]]
    return tried.ends[key][0]


def _fiber_options(design: Design, view: ClassView, unfit: list[Unfit], tried: Tried) -> Iterator[Option]:
    """Yield module + fibre + module."""
    catalog = design.catalog
    a_side = _fitting(catalog, view, view.a, "a", unfit, tried)
    z_side = _fitting(catalog, view, view.z, "z", unfit, tried)
    for a, a_checks in a_side:
        for z, z_checks in z_side:
            passed, failed, depth = _facing(catalog, a, z, tried)
            if failed is not None:
                unfit.append(Unfit("pair", f"{a.name} + {z.name}", failed, depth))
                continue
            for fiber in catalog.fiber_cables.values():
                more, failed, depth = _plugged(catalog, a, fiber, tried)
                if failed is None and a is not z:
                    rest, failed, depth_z = _plugged(catalog, z, fiber, tried)
                    more, depth = [*more, *rest], depth + depth_z
                if failed is not None:
                    unfit.append(Unfit("fiber", f"{a.name} + {fiber.name} + {z.name}", failed, depth))
                    continue
                ends = [*a_checks, *z_checks]
                yield _fiber_option(design, view, (a, fiber, z), [*ends, *passed, *more])


def _facing(catalog: Catalog, a: Transceiver, z: Transceiver, tried: Tried) -> tuple[list[Check], Check | None, int]:
    """Check two modules that face each other, once."""
    key = (a.name, z.name)
    if key not in tried.pairs:
        tried.pairs[key] = _first_failure(pair_checks(catalog, a, z), 0)
    return tried.pairs[key]


def _plugged(
    catalog: Catalog, module: Transceiver, fiber: FiberCable, tried: Tried
) -> tuple[list[Check], Check | None, int]:
    """Check a module on a fibre assembly, once."""
    key = (module.name, fiber.name)
    if key not in tried.fibers:
        tried.fibers[key] = _first_failure(fiber_fit_checks(catalog, module, fiber), 0)
    return tried.fibers[key]


def _fiber_option(
    design: Design, view: ClassView, parts: tuple[Transceiver, FiberCable, Transceiver], checks: list[Check]
) -> Option:
    """Judge a combination that fits together on the class's lengths and the author's statements."""
    a, fiber, z = parts
    candidate = Candidate(a, z, fiber, None)
    it = channel(design.catalog, view, a, z, fiber)
    lengths = list(channel_checks(it))
    margins = (margin_check(design.policy, check) for check in lengths if check.name == "loss")
    judged = [*author_checks(view, candidate), *policy_checks(design.policy, candidate)]
    judged += [each for each in margins if each is not None]
    return _option(design.policy, view, candidate, [*checks, *lengths], judged)


def _direct_options(design: Design, view: ClassView, unfit: list[Unfit]) -> Iterator[Option]:
    """Yield the direct-attach cables."""
    for cable in design.catalog.direct_cables.values():
        passed, failed, depth = _first_failure(direct_fit_checks(design.catalog, cable, view), 0)
        if failed is not None:
            unfit.append(Unfit("direct", cable.name, failed, depth))
            continue
        candidate = Candidate(None, None, None, cable)
        judged = [*author_checks(view, candidate), *policy_checks(design.policy, candidate)]
        checks = [*passed, direct_length_check(view, cable)]
        yield _option(design.policy, view, candidate, checks, judged)


def _option(
    policy: Policy,
    view: ClassView,
    candidate: Candidate,
    checks: list[Check],
    judged: list[tuple[Check, Statement]],
) -> Option:
    """Attach the checks, and collect the statements that stand against the candidate."""
    geometry = length_statement(view)
    blame = () if geometry.span is None else (geometry.span,)
    placed = [replace(check, blame=blame) if check.name in GEOMETRY else check for check in checks]
    bars: dict[str, Statement] = {}
    for check in placed:
        if check.verdict == "fails":
            bars[geometry.key] = geometry
    for check, statement in judged:
        if check.verdict == "fails":
            bars[statement.key] = statement
    everything = [*placed, *(check for check, _ in judged)]
    for check in everything:
        if check.verdict == "unknown" and (stop := stopping(policy, check)) is not None:
            bars[stop.key] = stop
    # Both ends of a class may give the same check; hashing whole checks would cost more than judging them.
    unique: dict[tuple[str, str, str, str], Check] = {}
    for check in everything:
        unique.setdefault((check.name, check.verdict, check.detail, check.source), check)
    return Option(replace(candidate, checks=tuple(unique.values())), tuple(bars.values()))


def stopping(policy: Policy, check: Check) -> Statement | None:
    """Return the statement that makes an unknown verdict stop the choice, or None when it only warns."""
    key = POLICY_KEY.get(check.name, "")
    if key and policy.unknown.get(key, "stop") == "warn":
        return None
    return unknown_statement(policy, key or check.name)
