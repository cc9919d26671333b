"""What a plug is to the cable on it: joined straight, the near end of a splitter, or one of its legs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from optidsl._record import record
from optidsl.catalog.parts import Catalog, Fact, Lanes, Transceiver
from optidsl.optics.ends import End
from optidsl.optics.tables import Candidate, Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import verdict


@record(frozen=True, slots=True)
class Role:
    """A module's place on its cables. `ways` are the far ends of each cable: 1 on straight ones."""

    kind: Literal["whole", "near", "leg"] = "whole"
    ways: int = 1


WHOLE = Role()


def splits(catalog: Catalog, a: End, z: End) -> list[tuple[Literal["a", "z"], Role, Role]]:
    """Return the ways in which splitters of the catalogue may lie between two ends: near end, role at a, role at z.

    A near cage runs `ways` ports a bore.
    """
    found: list[tuple[Literal["a", "z"], Role, Role]] = []
    for ways in sorted({fiber.ends for fiber in catalog.fiber_cables.values() if fiber.ends > 1}):
        near, leg = Role("near", ways), Role("leg", ways)
        found += [("a", near, leg)] if a.kind.ports_per_cage % ways == 0 else []
        found += [("z", leg, near)] if z.kind.ports_per_cage % ways == 0 else []
    return found


def port_checks(name: str, lanes: Fact[Lanes], bores: int, end: End, rate_mbps: int, role: Role) -> Iterator[Check]:
    """Check lane rate, lanes and ports of a module that is the near end or a leg of splitters."""
    ground = (f"{name}.lanes", lanes)
    each, rest = divmod(lanes.value.count, bores * (role.ways if role.kind == "near" else 1))
    used = each if role.kind == "near" else min(each, end.kind.lanes)
    got, wanted = quantity(lanes.value.rate_mbps * used, "Mbps"), quantity(rate_mbps, "Mbps")
    what = f"one of {role.ways} legs of a bore of {name}" if role.kind == "near" else f"{name} on a leg"
    yield verdict("rate", lanes.value.rate_mbps * used == rate_mbps, f"{what} runs {got}, the link {wanted}", ground)
    of = f" of {each}" if used < each else ""
    yield verdict(
        "lanes",
        rest == 0 and used == end.kind.lanes,
        f"{what} has {plural(used, 'lane')}{of} of {quantity(lanes.value.rate_mbps, 'Mbps')}, "
        f"a port of the {end.cage_label} {end.kind.lanes}",
        ground,
    )
    ports = bores * role.ways if role.kind == "near" else bores
    split = f" with {role.ways} legs each" if role.kind == "near" else ""
    yield verdict(
        "bores",
        ports == end.kind.ports_per_cage,
        f"{name} has {plural(bores, 'bore')}{split}, the {end.cage_label} runs "
        f"{plural(end.kind.ports_per_cage, 'port')}",
    )


def power_of(module: Transceiver, end: End, role: Role) -> tuple[Fact[int] | None, str]:
    """Return the highest draw of a module in its role, and the field that says it.

    A module that runs only some of its lanes on a leg draws less, where the maker says how much. One that is built into
    its box draws nothing beside what the box draws.
    """
    if module.built_in is not None and module.built_in.value:
        built_in = module.built_in
        return Fact(0, built_in.source, built_in.confidence, built_in.span), f"{module.name}.built_in"
    split = module.power_split_mw
    is_partial = role.kind == "leg" and end.kind.lanes * module.bores < module.lanes.value.count
    if is_partial and split is not None and split.confidence != "unverified":
        return split, f"{module.name}.power_split"
    return module.power_max_mw, f"{module.name}.power_max"


def role_at(candidate: Candidate, side: str) -> Role:
    """Return what the module at a side is to the candidate's fibre."""
    if candidate.hub == "" or candidate.fiber is None:
        return WHOLE
    return Role("near" if side == candidate.hub else "leg", candidate.fiber.ends)
