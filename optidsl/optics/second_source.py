"""Modules that another vendor's could take the place of: who else makes one that fits the same links.

A module may be exchanged for another on a class of links when that one is of the same form, speaks the same optical
interface through as many bores, and passes every check of the class with the same cable and the same module at the far
end. What the author picked by name (`module = …`) does not count against it: an alternate is what could stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from optidsl._record import record, replace
from optidsl.catalog.parts import Transceiver
from optidsl.optics.check_governed import excused
from optidsl.optics.classify import ClassView
from optidsl.optics.figures import is_built_in
from optidsl.optics.statement import Statement, multi_source_statement, unknown_statement
from optidsl.optics.tables import Candidate, Check
from optidsl.optics.text import listing, plural
from optidsl.optics.verdict import unknown, verdict
from optidsl.sema.design import Policy

if TYPE_CHECKING:
    from optidsl.optics.candidates import Option

Place = tuple[str, str, str, str, str, str]
"""What stays when a module is exchanged: the side, cable, near end of a splitter, far module, both attenuators."""


@record(frozen=True, slots=True)
class _Alternate:
    """A module that fits a place; `missing` names the field without which nobody can tell, "" when it is sure."""

    module: Transceiver
    missing: str


def with_alternates(policy: Policy, view: ClassView, options: Sequence[Option]) -> tuple[Option, ...]:
    """Return the options of a class with the alternates of their modules and the verdict on their vendors.

    Args:
        policy: states `multi_source`, and waivers of unknown answers.
        view: the class.
        options: every way to build the class's links that the parts allow.
    """
    wanted = policy.multi_source.value
    if wanted is None:
        return tuple(options)
    places: dict[Place, list[_Alternate]] = {}
    for option in options:
        missing = _doubt(option)
        for place, module in _places(option.candidate):
            if missing is not None:
                places.setdefault(place, []).append(_Alternate(module, missing))
    return tuple(_judged(policy, view, wanted, option, places) for option in options)


def _doubt(option: Option) -> str | None:
    """Return "" for an option that fits, the field without which nobody can tell, or None where something bars it.

    A missing number that the policy only warns of leaves a part as usable as the one that it stands in for.
    """
    topics = {bar.topic for bar in option.bars}
    if topics - {"module", "unknown"}:
        return None
    checks = option.candidate.checks
    return next((check.missing for check in checks if check.verdict == "unknown"), "") if "unknown" in topics else ""


def _places(candidate: Candidate) -> list[tuple[Place, Transceiver]]:
    a, z, fiber = candidate.a_module, candidate.z_module, candidate.fiber
    if a is None or z is None or fiber is None:
        return []
    lights = ["" if each is None else each.name for each in (candidate.a_attenuator, candidate.z_attenuator)]
    return [
        (("a", fiber.name, candidate.hub, z.name, lights[0], lights[1]), a),
        (("z", fiber.name, candidate.hub, a.name, lights[0], lights[1]), z),
    ]


def _is_alike(one: Transceiver, other: Transceiver) -> bool:
    """Tell whether two modules are of one kind: form, optical interface, bores."""
    return (one.form_factor.value, one.pmd.value, one.bores) == (other.form_factor.value, other.pmd.value, other.bores)


def _judged(
    policy: Policy, view: ClassView, wanted: int, option: Option, places: dict[Place, list[_Alternate]]
) -> Option:
    named: dict[str, tuple[str, ...]] = {}
    checks: dict[str, Check] = {}
    for place, module in _places(option.candidate):
        if is_built_in(module):
            continue
        alike = [each for each in places.get(place, ()) if _is_alike(module, each.module) and each.module is not module]
        sure = [each.module for each in alike if not each.missing]
        named[place[0]] = tuple(sorted({each.name for each in sure if each.vendor and each.vendor != module.vendor}))
        check = excused(policy, view, option.candidate, _check(policy, wanted, module, alike))
        checks.setdefault(check.detail, check)
    bars: dict[str, Statement] = {bar.key: bar for bar in option.bars}
    for check in checks.values():
        if check.verdict == "fails":
            statement = multi_source_statement(policy)
            bars[statement.key] = statement
        elif (
            check.verdict == "unknown"
            and check.waived is None
            and policy.unknown.get("second_source", "stop") == "stop"
        ):
            statement = unknown_statement(policy, "second_source")
            bars[statement.key] = statement
    candidate = replace(
        option.candidate,
        checks=(*option.candidate.checks, *checks.values()),
        a_alternates=named.get("a", ()),
        z_alternates=named.get("z", ()),
    )
    return replace(option, candidate=candidate, bars=tuple(bars.values()))


def _check(policy: Policy, wanted: int, module: Transceiver, alike: Sequence[_Alternate]) -> Check:
    """Judge the number of vendors of one module: sure ones hold, doubtful ones leave it unknown."""
    blame = () if policy.multi_source.span is None else (policy.multi_source.span,)
    if not module.vendor:
        return unknown("second-source", f"{module.name}.vendor", blame=blame)
    sure = _vendors([module, *(each.module for each in alike if not each.missing)])
    perhaps = _vendors([module, *(each.module for each in alike)])
    doubtful = [each for each in alike if each.missing or not each.module.vendor]
    if len(sure) < wanted <= len(perhaps) + sum(1 for each in alike if not each.module.vendor):
        first = min(doubtful, key=lambda each: each.module.name)
        missing = first.missing or f"{first.module.name}.vendor"
        words = f"whether {first.module.name} may take the place of {module.name} is not known: no number for {missing}"
        return unknown("second-source", missing, words, blame=blame)
    detail = f"{plural(len(sure), 'vendor')} of {module.name} ({listing(sure, 'and')}), the policy asks for {wanted}"
    return verdict("second-source", len(sure) >= wanted, detail, margin=len(sure) - wanted, blame=blame)


def _vendors(modules: Iterable[Transceiver]) -> list[str]:
    return list(dict.fromkeys(each.vendor for each in modules if each.vendor))
