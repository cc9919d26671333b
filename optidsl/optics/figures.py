"""What an option costs its class: modules, watts, cables, metres, SKUs."""

from __future__ import annotations

import numpy as np

from optidsl._columns import distinct
from optidsl._record import record
from optidsl.catalog.parts import Fact
from optidsl.optics.candidates import Option
from optidsl.optics.check_direct import plug_power
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import ordered_mm

CableSku = tuple[str, int]
"""A cable part with its ordered length in mm (-1: not known)."""


@record(frozen=True, slots=True)
class Figures:
    """Figures of one option on one class. `lacks` names the power figures that no source gives; they count 0 here.

    `a_power_mw` and `z_power_mw` are per cage. `a_part` and `z_part` name what sits in the cages of each end.
    """

    n_modules: int
    a_power_mw: int
    z_power_mw: int
    power_mw: int
    lacks: tuple[str, ...]
    n_cables: int
    cable_mm: int
    modules: tuple[str, ...]
    cable_skus: tuple[CableSku, ...]
    a_part: str
    z_part: str


def figures(view: ClassView, option: Option) -> Figures:
    """Count what an option needs. A cage shared with another class counts in the first of them."""
    candidate = option.candidate
    direct, fiber = candidate.direct, candidate.fiber
    cable = direct or fiber
    names: tuple[str, ...] = ()
    if direct is not None:
        powers: tuple[Fact[int] | None, Fact[int] | None] = plug_power(direct, view)
        fields = (f"{direct.name}.power_a", f"{direct.name}.power_z")
        parts = (direct.name, direct.name)
    else:
        modules = [module for module in (candidate.a_module, candidate.z_module) if module is not None]
        names = tuple(module.name for module in modules)
        powers = (modules[0].power_max_mw, modules[1].power_max_mw)
        fields = (f"{names[0]}.power_max", f"{names[1]}.power_max")
        parts = (names[0], names[1])
    watts = [0 if fact is None or fact.confidence == "unverified" else fact.value for fact in powers]
    lacks = [f for f, fact in zip(fields, powers, strict=True) if fact is None or fact.confidence == "unverified"]
    n_a, n_z = len(view.a_owned), len(view.z_owned)
    per_cable = 1 if direct is None else direct.bores
    ordered = np.full(len(view.required_mm), -1) if cable is None else ordered_mm(view.required_mm, cable)
    return Figures(
        n_modules=0 if direct is not None else n_a + n_z,
        a_power_mw=watts[0],
        z_power_mw=watts[1],
        power_mw=n_a * watts[0] + n_z * watts[1],
        lacks=tuple(dict.fromkeys(lacks)),
        n_cables=len(ordered) // per_cable,
        cable_mm=int(ordered[ordered >= 0].sum()) // per_cable,
        modules=tuple(dict.fromkeys(names)),
        cable_skus=tuple(("" if cable is None else cable.name, int(length)) for length in distinct(ordered)),
        a_part=parts[0],
        z_part=parts[1],
    )
