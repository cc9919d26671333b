"""Every way to build a class's links from the whole catalogue, and why the others are not one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from optidsl._record import field, record, replace
from optidsl.catalog.parts import Catalog, FiberCable, Transceiver
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.assemblies import Hub, legs_of, splitter_check, stretched, view_of_legs
from optidsl.optics.attenuate import attenuated
from optidsl.optics.channel import channel
from optidsl.optics.check_channel import channel_checks
from optidsl.optics.check_direct import direct_fit_checks, direct_hub, direct_length_check
from optidsl.optics.check_end import module_checks
from optidsl.optics.check_governed import approval_checks, excused, plug_checks_of, unlisted_statement
from optidsl.optics.check_pair import fiber_fit_checks, pair_checks
from optidsl.optics.check_policy import author_checks, copper_reach_checks, margin_check, policy_checks
from optidsl.optics.classify import ClassView, views
from optidsl.optics.ends import End
from optidsl.optics.role import WHOLE, Role, splits
from optidsl.optics.rules import UNDECIDED
from optidsl.optics.statement import Statement, length_statement, rule_statement, unknown_statement
from optidsl.optics.tables import Candidate, Check, LinkClass
from optidsl.sema.design import Design, Policy

if TYPE_CHECKING:
    from optidsl.sema.transport import Line

GEOMETRY = frozenset({"lengths-on-sale", "reach", "loss", "min-length", "overload", "oma", "oma-overload"})
"""Checks that the class's lengths decide."""

POLICY_KEY = {
    "reach": "reach",
    "lengths-on-sale": "reach",
    "copper-reach": "reach",
    "linear-host": "linear",
    "loss": "loss",
    "margin": "loss",
    "overload": "overload",
    "oma": "loss",
    "oma-overload": "overload",
    "min-length": "overload",
    "cage-power": "cage_power",
    "firmware": "firmware",
    **dict.fromkeys(("osnr", "amplifier-gain", "amplifier-power", "span-loss", "grid", "launch-power"), "osnr"),
    **dict.fromkeys(("dispersion", "pmd", "pdl"), "dispersion"),
    "receive-power": "overload",
    "second-source": "second_source",
    "rule": "reach",  # a rule above a length, where no length is known
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
    fibers: dict[tuple[str, str, int], tuple[list[Check], Check | None, int]] = field(default_factory=dict)


def candidates(design: Design, placed: PlacedFabric, classes: list[LinkClass]) -> list[ClassOptions]:
    """Return the options of each class, in the order of `classes`."""
    by_name = {view.link_class.name: view for view in views(design, placed)}
    tried = Tried()
    return [options_of(design, by_name[each.name], tried) for each in classes]


def options_of(design: Design, view: ClassView, tried: Tried | None = None) -> ClassOptions:
    """Try every part of the catalogue on a class; `tried` carries over what other classes found out."""
    unfit: list[Unfit] = []
    tried = tried or Tried()
    if view.line is not None:
        found = sorted(_line_options(design, view, view.line, unfit, tried), key=lambda option: option.candidate.name)
        return ClassOptions(view, _sourced(design.policy, view, found), tuple(unfit))
    found = [*_fiber_options(design, view, unfit, tried), *_direct_options(design, view, unfit)]
    misses: list[Unfit] = []
    for hub, *roles in splits(design.catalog, view.a, view.z):
        found += _split_options(design, view, misses, tried, hub, (roles[0], roles[1]))
    unfit += [miss for miss in misses if miss.where in ("pair", "fiber")]
    found.sort(key=lambda option: option.candidate.name)
    return ClassOptions(view, _sourced(design.policy, view, found), tuple(unfit))


def _sourced(policy: Policy, view: ClassView, found: list[Option]) -> tuple[Option, ...]:
    if policy.multi_source.value is None:
        return tuple(found)
    from optidsl.optics.second_source import with_alternates

    return with_alternates(policy, view, found)


def _first_failure(checks: Iterable[Check], base: int) -> tuple[list[Check], Check | None, int]:
    """Run checks until one fails; return those that ran, the failed one, and how many passed."""
    passed: list[Check] = []
    for check in checks:
        if check.verdict == "fails":
            return passed, check, base + len(passed)
        passed.append(check)
    return passed, None, base + len(passed)


def fitting(
    catalog: Catalog, view: ClassView, end: End, where: str, unfit: list[Unfit], tried: Tried, role: Role = WHOLE
) -> list[tuple[Transceiver, list[Check]]]:
    """Return the modules that one end's cages take, with their checks."""
    protocol, rate = view.fabric.protocol, view.segment.rate_mbps
    kind, bound = end.kind, end.bound
    cage = (end.cage_label, kind.lanes, kind.ports_per_cage, bound.cage, bound.limit, bound.n_without)
    key = (*cage, protocol, rate, role)
    if key not in tried.ends:
        found: list[tuple[Transceiver, list[Check]]] = []
        misses: list[tuple[str, Check, int]] = []
        for module in catalog.transceivers.values():
            passed, failed, depth = _first_failure(module_checks(catalog, module, end, protocol, rate, role), 0)
            if failed is None:
                found.append((module, passed))
            else:
                misses.append((module.name, failed, depth))
        tried.ends[key] = found, misses
    unfit += [Unfit(where, *miss) for miss in tried.ends[key][1]]
    return tried.ends[key][0]


def _fiber_options(
    design: Design, view: ClassView, unfit: list[Unfit], tried: Tried, roles: tuple[Role, Role] = (WHOLE, WHOLE)
) -> Iterator[Option]:
    """Yield module + fibre + module."""
    catalog = design.catalog
    ways = roles[0].ways
    cables = [each for each in catalog.fiber_cables.values() if ways == 1 or each.ends == ways]
    a_side = fitting(catalog, view, view.a, "a", unfit, tried, roles[0])
    z_side = fitting(catalog, view, view.z, "z", unfit, tried, roles[1])
    for a, a_checks in a_side:
        for z, z_checks in z_side:
            passed, failed, depth = facing(catalog, a, z, tried)
            if failed is not None:
                unfit.append(Unfit("pair", f"{a.name} + {z.name}", failed, depth))
                continue
            for fiber in cables:
                more, failed, depth = plugged(catalog, a, fiber, tried, ways)
                if failed is None and a is not z:
                    rest, failed, depth_z = plugged(catalog, z, fiber, tried, ways)
                    more, depth = [*more, *rest], depth + depth_z
                if failed is not None:
                    unfit.append(Unfit("fiber", f"{a.name} + {fiber.name} + {z.name}", failed, depth))
                    continue
                ends = [*a_checks, *z_checks]
                yield _fiber_option(design, view, (a, fiber, z), [*ends, *passed, *more])


def _line_options(design: Design, view: ClassView, line: Line, unfit: list[Unfit], tried: Tried) -> Iterator[Option]:
    """Yield module + wave + module; only coherent modules run over a line."""
    from optidsl.optics.line_options import coherent_check, line_candidate, line_candidate_checks

    sides: list[list[tuple[Transceiver, list[Check]]]] = []
    for where, end in (("a", view.a), ("z", view.z)):
        found = []
        for module, checks in fitting(design.catalog, view, end, where, unfit, tried):
            check = coherent_check(module, line)
            if check.verdict == "fails":
                unfit.append(Unfit(where, module.name, check, len(checks)))
            else:
                found.append((module, checks))
        sides.append(found)
    for a, a_checks in sides[0]:
        for z, z_checks in sides[1]:
            passed, failed, depth = facing(design.catalog, a, z, tried)
            if failed is not None:
                unfit.append(Unfit("pair", f"{a.name} + {z.name}", failed, depth))
                continue
            candidate = line_candidate(line, a, z)
            checks, judged = line_candidate_checks(design.policy, view, line, a, z)
            judged += [*author_checks(view, candidate), *policy_checks(design.policy, candidate)]
            yield _option(design, view, candidate, [*a_checks, *z_checks, *passed, *checks], judged)


def _split_options(
    design: Design, view: ClassView, unfit: list[Unfit], tried: Tried, hub: Hub, roles: tuple[Role, Role]
) -> Iterator[Option]:
    """Yield module + splitter + module, with the near end at `hub`; nothing is told where no module can be there."""
    near = view.a if hub == "a" else view.z
    if not fitting(design.catalog, view, near, hub, [], tried, roles[hub == "z"]):
        return
    as_wired = stretched(view, legs_of(view, hub, roles[0].ways))
    for option in _fiber_options(design, as_wired, unfit, tried, roles):
        candidate, fiber = option.candidate, option.candidate.fiber
        check = None if fiber is None else splitter_check(view, fiber, hub)
        if check is not None and check.verdict == "fails":
            unfit.append(Unfit("fiber", candidate.name, check, len(candidate.checks)))
        elif check is not None:
            yield replace(option, candidate=replace(candidate, hub=hub, checks=(*candidate.checks, check)))


def facing(catalog: Catalog, a: Transceiver, z: Transceiver, tried: Tried) -> tuple[list[Check], Check | None, int]:
    """Check two modules that face each other, once."""
    key = (a.name, z.name)
    if key not in tried.pairs:
        tried.pairs[key] = _first_failure(pair_checks(catalog, a, z), 0)
    return tried.pairs[key]


def plugged(
    catalog: Catalog, module: Transceiver, fiber: FiberCable, tried: Tried, ways: int
) -> tuple[list[Check], Check | None, int]:
    """Check a module on a fibre assembly, once."""
    key = (module.name, fiber.name, ways)
    if key not in tried.fibers:
        tried.fibers[key] = _first_failure(fiber_fit_checks(catalog, module, fiber, ways), 0)
    return tried.fibers[key]


def _fiber_option(
    design: Design, view: ClassView, parts: tuple[Transceiver, FiberCable, Transceiver], checks: list[Check]
) -> Option:
    """Judge a combination that fits together on the class's lengths and the author's statements."""
    a, fiber, z = parts
    bare = channel(design.catalog, view, a, z, fiber, design.policy.statistical)
    it = attenuated(design.catalog, design.policy, bare)
    candidate = Candidate(a, z, fiber, None, a_attenuator=it.a_attenuator, z_attenuator=it.z_attenuator)
    lengths = list(channel_checks(it))
    margins = (margin_check(design.policy, check) for check in lengths if check.name in ("loss", "oma"))
    judged = [*author_checks(view, candidate), *policy_checks(design.policy, candidate)]
    judged += [each for each in margins if each is not None]
    return _option(design, view, candidate, [*checks, *lengths], judged)


def _direct_options(design: Design, view: ClassView, unfit: list[Unfit]) -> Iterator[Option]:
    """Yield the direct-attach cables."""
    for cable in design.catalog.direct_cables.values():
        passed, failed, depth = _first_failure(direct_fit_checks(design.catalog, cable, view), 0)
        if failed is not None:
            unfit.append(Unfit("direct", cable.name, failed, depth))
            continue
        candidate = Candidate(None, None, None, cable, hub=direct_hub(cable, view))
        judged = [*author_checks(view, candidate), *policy_checks(design.policy, candidate)]
        judged += copper_reach_checks(design.policy, view, candidate)
        as_wired = view_of_legs(view, candidate)
        checks = [*passed, direct_length_check(as_wired, cable)]
        yield _option(design, as_wired, candidate, checks, judged)


def _option(
    design: Design,
    view: ClassView,
    candidate: Candidate,
    checks: list[Check],
    judged: list[tuple[Check, Statement]],
) -> Option:
    """Attach the checks, and collect the statements that stand against the candidate."""
    policy = design.policy
    checks = [*checks, *plug_checks_of(design, view, candidate)]
    judged = [*judged, *approval_checks(design, candidate)]
    geometry = length_statement(view)
    blame = () if geometry.span is None else (geometry.span,)
    placed = [replace(check, blame=blame) if check.name in GEOMETRY else check for check in checks]
    bars: dict[str, Statement] = {}
    for check in placed:
        if check.verdict == "fails":
            bar = rule_statement(check) if check.name == "rule" and check.margin is None else geometry
            bars[bar.key] = bar
    for check, statement in judged:
        if check.verdict == "fails":
            bars[statement.key] = statement
    everything = [*placed, *(check for check, _ in judged)]
    if policy.waivers:
        everything = [excused(policy, view, candidate, check) for check in everything]
    for check in everything:
        if check.verdict == "unknown" and (stop := stopping(policy, check)) is not None:
            bars[stop.key] = stop
    # Both ends of a class may give the same check; hashing whole checks would cost more than judging them.
    unique: dict[tuple[object, ...], Check] = {}
    for check in everything:
        waived = "" if check.waived is None else check.waived.name
        unique.setdefault((check.name, check.verdict, check.detail, check.source, waived), check)
    return Option(replace(candidate, checks=tuple(unique.values())), tuple(bars.values()))


def stopping(policy: Policy, check: Check) -> Statement | None:
    """Return the statement that makes an unknown verdict stop the choice, or None when it only warns."""
    if check.waived is not None or check.name in UNDECIDED:
        return None
    if check.name == "not-listed":
        return unlisted_statement(policy) if policy.unlisted == "stop" else None
    key = POLICY_KEY.get(check.name, "")
    if key and policy.unknown.get(key, "stop") == "warn":
        return None
    return unknown_statement(policy, key or check.name)
