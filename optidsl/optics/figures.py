"""What an option costs its class: modules, watts, cables, metres, SKUs."""

from __future__ import annotations

import numpy as np

from optidsl._columns import distinct
from optidsl._record import record
from optidsl.catalog.parts import Fact, Transceiver
from optidsl.optics.assemblies import first_links, view_of_legs
from optidsl.optics.candidates import Option
from optidsl.optics.check_direct import plug_power
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import ordered_mm
from optidsl.optics.role import power_of, role_at

CableSku = tuple[str, int]
"""A cable part with its ordered length in mm (-1: not known)."""

FiberType = tuple[str, str]
"""The grade of a fibre assembly's glass and its connector with the polish, as `("os2", "mpo-12-apc")`."""


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
    fiber_types: tuple[FiberType, ...] = ()  # of the fibre assembly that is bought; none for plugs on a cable


def figures(view: ClassView, option: Option) -> Figures:
    """Count what an option needs. A cage shared with another class counts in the first of them."""
    candidate = option.candidate
    direct, fiber = candidate.direct, candidate.fiber
    cable = direct or fiber
    modules: list[Transceiver] = []
    if direct is not None:
        powers: tuple[Fact[int] | None, Fact[int] | None] = plug_power(direct, view)
        fields = (f"{direct.name}.power_a", f"{direct.name}.power_z")
        parts = (direct.name, direct.name)
    else:
        modules = [module for module in (candidate.a_module, candidate.z_module) if module is not None]
        drawn = [
            power_of(module, end, role_at(candidate, side))
            for module, end, side in zip(modules, (view.a, view.z), ("a", "z"), strict=True)
        ]
        powers, fields = (drawn[0][0], drawn[1][0]), (drawn[0][1], drawn[1][1])
        parts = (modules[0].name, modules[1].name)
    watts = [0 if fact is None or fact.confidence == "unverified" else fact.value for fact in powers]
    lacks = [f for f, fact in zip(fields, powers, strict=True) if fact is None or fact.confidence == "unverified"]
    n_a, n_z = len(view.a_owned), len(view.z_owned)
    n_bought = [n for n, module in zip((n_a, n_z), modules, strict=False) if not is_built_in(module)]
    per_cable = 1 if direct is None or direct.ends > 1 else direct.bores
    required = view_of_legs(view, candidate).required_mm
    ordered = np.full(len(required), -1) if cable is None else ordered_mm(required, cable)
    is_bought = candidate.line is None
    bought = ordered if candidate.hub == "" else ordered[first_links(view, candidate)]
    return Figures(
        n_modules=sum(n_bought),
        a_power_mw=watts[0],
        z_power_mw=watts[1],
        power_mw=n_a * watts[0] + n_z * watts[1],
        lacks=tuple(dict.fromkeys(lacks)),
        n_cables=len(bought) // per_cable if is_bought else 0,
        cable_mm=int(bought[bought >= 0].sum()) // per_cable if is_bought else 0,
        modules=tuple(dict.fromkeys(module.name for module in modules if not is_built_in(module))),
        cable_skus=tuple(("" if cable is None else cable.name, int(mm)) for mm in distinct(ordered) if is_bought),
        a_part=parts[0],
        z_part=parts[1],
        fiber_types=((fiber.grade.value, fiber.connector.value),) if fiber is not None and is_bought else (),
    )


def is_built_in(module: Transceiver) -> bool:
    """Tell whether a module is part of its box: not bought, its watts among those of the box."""
    return module.built_in is not None and module.built_in.value
