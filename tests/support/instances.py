"""Synthetic choices of parts as plain problems: classes, SKUs, watts of devices and racks, a limit on SKUs.

The figures have the shape of a price list of 400G, 800G and 1.6T modules; none is a vendor's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from optidsl.solve import Builder, Objective, Problem

KINDS = [  # reach in m, watts, price
    (3, 0.2, 150),
    (7, 6.0, 300),
    (40, 9.0, 480),
    (60, 13.0, 620),
    (100, 14.0, 700),
    (500, 15.5, 820),
    (2_000, 16.5, 1_050),
    (10_000, 18.0, 1_900),
]
CAGES = ("osfp", "osfp-rhs", "qsfp-dd", "qsfp112")
REACHES = (2, 4, 6, 12, 25, 35, 50, 80, 140, 300, 480, 900, 1_900, 8_000)


@dataclass(frozen=True)
class Sku:
    """A module: longest reach in m, watts in mW, price, and the cage it fits."""

    kind: int
    cage: str
    power_mw: int
    price: int
    firmware: float


@dataclass(frozen=True)
class Instance:
    """A problem with its objective; `caps` are the guards of the power caps, `limit` that of the SKUs."""

    problem: Problem
    objectives: tuple[Objective, ...]
    caps: tuple[int, ...]
    limit: int


def skus_of(n_skus: int, rng: random.Random) -> list[Sku]:
    """Return a price list."""
    found: list[Sku] = []
    while len(found) < n_skus:
        for kind, (_, watts, price) in enumerate(KINDS):
            for cage in CAGES:
                power = int(watts * rng.uniform(0.9, 1.12) * 1_000)
                found.append(Sku(kind, cage, power, int(price * rng.uniform(0.85, 1.25)), rng.random()))
    rng.shuffle(found)
    return found[:n_skus]


@dataclass
class _Class:
    devices: tuple[int, int]
    racks: tuple[int, int]
    cages: tuple[int, int]
    count: int
    options: list[tuple[int, int]]


def _classes(n_classes: int, skus: list[Sku], rng: random.Random) -> list[_Class]:
    devices = [(rng.choice(CAGES), rng.uniform(0, 0.35)) for _ in range(8)]
    found: list[_Class] = []
    while len(found) < n_classes:
        a, z = rng.randrange(8), rng.randrange(8)
        length = rng.choice(REACHES) * rng.uniform(0.8, 1)
        fits: list[list[int]] = []
        for cage, firmware in (devices[a], devices[z]):
            fits.append([i for i, sku in enumerate(skus) if sku.cage == cage and sku.firmware >= firmware])
        options = [
            (near, far)
            for near in fits[0]
            for far in fits[1]
            if skus[near].kind == skus[far].kind and KINDS[skus[near].kind][0] >= length
            if devices[a] != devices[z] or near == far
        ]
        if options:
            ports = (rng.choice((4, 8, 16, 32)), rng.choice((4, 8, 16, 32)))
            racks = (rng.randrange(12), rng.randrange(12))
            found.append(_Class((a, z), racks, ports, rng.choice((64, 128, 512, 1024)), options))
    return found


def _cover(classes: list[_Class]) -> set[int]:
    """Return SKUs that serve every class, found greedily."""
    chosen: set[int] = set()
    left = list(classes)
    while left:
        gain: dict[int, float] = {}
        for each in left:
            for option in each.options:
                for sku in set(option) - chosen:
                    gain[sku] = gain.get(sku, 0) + 1 / len(each.options) / len(set(option) - chosen)
        chosen.add(max(sorted(gain), key=lambda sku: gain[sku]))
        left = [each for each in left if not any(chosen.issuperset(option) for option in each.options)]
    return chosen


def instance(n_classes: int, n_skus: int, seed: int, *, fault: str = "") -> Instance:
    """Return classes coupled by power caps of devices and racks, and by a limit on SKUs.

    Args:
        n_classes: classes of links.
        n_skus: modules on sale.
        seed: of the generator.
        fault: "cap" for a power cap below the least draw, "limit" for too few SKUs, "" for a choice that exists.
    """
    rng = random.Random(seed)
    skus = skus_of(n_skus, rng)
    classes = _classes(n_classes, skus, rng)
    builder = Builder()
    variables = [[builder.variable() for _ in each.options] for each in classes]
    cost: list[tuple[int, int]] = []
    loads: dict[tuple[str, int], dict[int, int]] = {}
    users: dict[int, list[int]] = {}
    for each, row in zip(classes, variables, strict=True):
        builder.one_of(row)
        for option, variable in zip(each.options, row, strict=True):
            price = sum(skus[sku].price + skus[sku].power_mw // 275 for sku in option) * each.count
            cost.append((price, variable))
            for sku in dict.fromkeys(option):
                users.setdefault(sku, []).append(variable)
            for side, sku in enumerate(option):
                draw = skus[sku].power_mw * each.cages[side]
                for place in (("device", each.devices[side]), ("rack", each.racks[side])):
                    load = loads.setdefault(place, {})
                    load[variable] = load.get(variable, 0) + draw
    cover = _cover(classes)
    prices = {variable: price for price, variable in cost}
    served = {
        min((prices[v], v) for option, v in zip(each.options, row, strict=True) if cover.issuperset(option))[1]
        for each, row in zip(classes, variables, strict=True)
    }
    caps: list[int] = []
    for at, (_, load) in enumerate(sorted(loads.items())):
        least = sum(min(load.get(v, 0) for v in row) for row in variables)
        bound = sum(draw for v, draw in load.items() if v in served) * 51 // 50
        if fault == "cap" and at == 0:
            bound = least - least // 20
        caps.append(builder.guard())
        builder.at_most([(draw, v) for v, draw in load.items()], bound, caps[-1])
    used = {sku: builder.any_of(options) for sku, options in sorted(users.items())}
    most = len(cover)
    limit = builder.guard()
    builder.at_most([(1, v) for v in used.values()], most // 2 if fault == "limit" else most + most // 3 + 1, limit)
    cost += [(12 * skus[sku].price, v) for sku, v in used.items()]
    return Instance(builder.problem(), (Objective(tuple(cost)),), tuple(caps), limit)
