"""Checks of two modules that face each other, and of the fibre between them as a part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from optidsl.catalog.parts import Catalog, Fact, FiberCable, Transceiver
from optidsl.optics.channel import is_array
from optidsl.optics.rules import binding, rule_checks
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import verdict

_EQUAL: tuple[tuple[str, str, Callable[[Transceiver], Fact[str] | None]], ...] = (
    ("medium", "medium", lambda module: module.medium),
    ("pmd", "pmd", lambda module: module.pmd),
    ("modulation", "modulation", lambda module: module.modulation),
    ("fec", "fec", lambda module: module.fec),
)
"""What both ends must have alike: the check, the field, how to read it."""

_UNSTATED = "of a polish that no document states"


def pair_checks(catalog: Catalog, a: Transceiver, z: Transceiver) -> Iterator[Check]:
    """Yield the checks of two modules that face each other. What neither catalogue row states is not compared.

    What a maker says of the pair comes before what the attributes say: it tells more.
    """
    yield from rule_checks(catalog, "faces", a, z)
    for name, field, read in _EQUAL:
        left, right = read(a), read(z)
        if left is None or right is None:
            continue
        if name == "pmd" and left.value != right.value and (listed := _listed_pair(catalog, a, z)) is not None:
            yield listed
            continue
        yield verdict(
            name,
            left.value == right.value,
            f"{a.name} has {field} {left.value}, {z.name} {right.value}",
            (f"{a.name}.{field}", left),
            (f"{z.name}.{field}", right),
        )
    yield from _wavelength_check(a, z)
    yield verdict(
        "lane-rate",
        a.lanes.value.rate_mbps == z.lanes.value.rate_mbps,
        f"lanes of {a.name} run {a.lanes.value.rate_mbps // 1000} Gbps, of {z.name} {z.lanes.value.rate_mbps // 1000}",
        (f"{a.name}.lanes", a.lanes),
        (f"{z.name}.lanes", z.lanes),
    )
    yield from _baud_check(a, z)
    yield from _damage_checks(a, z)


def _listed_pair(catalog: Catalog, a: Transceiver, z: Transceiver) -> Check | None:
    """Return that two modules of unlike PMDs face each other because the catalogue lists the very pair."""
    rule = binding(catalog, "faces", a, z)
    if rule is None or rule.verdict != "allowed" or {rule.a, rule.b} != {a.name, z.name}:
        return None
    listed = f"{a.name} has pmd {a.pmd.value}, {z.name} {z.pmd.value}; the pair is listed: {rule.reason.value}"
    return verdict("pmd", True, listed, (f"rule {rule.name}", rule.reason))


def _baud_check(a: Transceiver, z: Transceiver) -> Iterator[Check]:
    """Compare symbol rates where both are stated; sheets round them, so a thousandth apart is alike."""
    left, right = a.baud_kbaud, z.baud_kbaud
    if left is None or right is None:
        return
    words = [f"{float(Fraction(each.value, 1_000_000)):g} Gbaud" for each in (left, right)]
    yield verdict(
        "baud",
        abs(left.value - right.value) * 1000 <= max(left.value, right.value),
        f"lanes of {a.name} run {words[0]}, of {z.name} {words[1]}",
        (f"{a.name}.baud", left),
        (f"{z.name}.baud", right),
    )


def _damage_checks(a: Transceiver, z: Transceiver) -> Iterator[Check]:
    """Check the highest launch power against damage without any loss, in both directions."""
    for near, far in ((a, z), (z, a)):
        tx, rx = near.tx_max_mdbm, far.rx_damage_mdbm
        if tx is None or rx is None:
            continue
        spare = rx.value - tx.value
        sent, borne = quantity(tx.value, "mdBm"), quantity(rx.value, "mdBm")
        detail = f"{near.name} sends up to {sent}, {far.name} is damaged above {borne}"
        grounds = ((f"{near.name}.tx_max", tx), (f"{far.name}.rx_damage", rx))
        yield verdict("damage", spare >= 0, detail, *grounds, margin=spare, unit="mdB")


def _wavelength_check(a: Transceiver, z: Transceiver) -> Iterator[Check]:
    """Compare wavelength plans where both are stated as numbers; names of grids are left to the PMD."""
    if a.wavelength is None or z.wavelength is None:
        return
    left, right = bands(a.wavelength.value), bands(z.wavelength.value)
    if left is None or right is None:
        return
    meets = all(any(low <= far_high and far_low <= high for far_low, far_high in right) for low, high in left)
    yield verdict(
        "wavelength",
        meets and len(left) == len(right),
        f"{a.name} sends {_with_unit(a.wavelength.value)}, {z.name} {_with_unit(z.wavelength.value)}",
        (f"{a.name}.wavelength", a.wavelength),
        (f"{z.name}.wavelength", z.wavelength),
    )


def bands(text: str) -> list[tuple[Fraction, Fraction]] | None:
    """Return the bands of `1271;1291`, `840-860` or `1310` in nm, or None for the name of a grid."""
    found: list[tuple[Fraction, Fraction]] = []
    for word in text.replace(",", ";").removesuffix("nm").split(";"):
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:(?:-|\.\.)\s*(\d+(?:\.\d+)?))?\s*(?:nm)?\s*", word)
        if match is None:
            return None
        low = Fraction(match[1])
        found.append((low, Fraction(match[2]) if match[2] else low))
    return found


def fiber_fit_checks(catalog: Catalog, module: Transceiver, fiber: FiberCable, ways: int = 1) -> Iterator[Check]:
    """Yield the checks of a module on a fibre assembly: medium, connector body, polish, straight, rules."""
    yield verdict(
        "medium",
        module.medium.value == fiber.medium.value,
        f"{module.name} is {module.medium.value}, {fiber.name} {fiber.medium.value}",
        (f"{module.name}.medium", module.medium),
        (f"{fiber.name}.medium", fiber.medium),
    )
    grounds = ((f"{module.name}.connector", module.connector), (f"{fiber.name}.connector", fiber.connector))
    body, polish = split_connector(module.connector.value)
    far_body, far_polish = split_connector(fiber.connector.value)
    detail = f"{module.name} takes {body}, {fiber.name} ends in {far_body}"
    yield verdict("connector", body == far_body, detail, *grounds)
    polishes = f"{module.name} is {polish.upper() or _UNSTATED}, {fiber.name} {far_polish.upper() or _UNSTATED}"
    mates = polish == far_polish
    if not mates and "apc" in (polish, far_polish):
        polishes += "; angled and flat end faces do not meet"
    yield verdict("polish", mates, polishes, *grounds)
    lanes = module.lanes.value.count // module.bores
    if ways != 1 and lanes > 1 and not is_array(module.connector.value):
        told = f"{module.name} sends {plural(lanes, 'lane')} of a bore over one pair of fibres, which no splitter parts"
        yield verdict("splitter", False, told, (f"{module.name}.lanes", module.lanes), grounds[0])
    elif fiber.ends != 1 or ways != 1:
        joined = f"the link needs {plural(ways, 'far end')} a bore"
        yield verdict("splitter", fiber.ends == ways, f"{fiber.name} has {plural(fiber.ends, 'far end')}, {joined}")
    else:
        yield verdict("splitter", True, f"{fiber.name} has 1 far end, the link needs 1")
    yield from rule_checks(catalog, "over-cable", module, fiber)


def split_connector(name: str) -> tuple[str, str]:
    """Return body and polish of a connector: `mpo-12-apc` is `mpo-12` and `apc`."""
    body, _, polish = name.rpartition("-")
    return (body, polish) if polish in ("apc", "upc", "pc") else (name, "")


def _with_unit(wavelength: str) -> str:
    """Return a wavelength as written, with its unit; names of grids have none."""
    return f"{wavelength} nm" if wavelength[-1:].isdigit() and not wavelength[:1].isalpha() else wavelength
