"""Which compatibility rules speak of a pair of parts.

A rule selects parts by words that must all hold: a part's name, a kind of part, or `attribute=value` in the spelling
of the catalogue (`bores=1`, `lane=100Gbps`, `connector=mpo-12-apc`).
"""

from __future__ import annotations

from functools import singledispatch

from optidsl.catalog.parts import (
    Catalog,
    Connector,
    DirectCable,
    FiberCable,
    FiberGrade,
    Lanes,
    Part,
    Rule,
    ServerModel,
    SwitchModel,
    Transceiver,
)
from optidsl.diag import InternalError

Traits = dict[str, tuple[str, ...]]

TRAITS: tuple[str, ...] = (
    *("accepts", "bores", "connector", "ends", "fec", "form_factor", "form_factor_a", "form_factor_z", "grade", "lane"),
    *("lanes", "medium", "modulation", "pmd", "polarity", "protocols", "technology", "vendor", "wavelength"),
)
"""Attributes that a rule may select by."""

KIND_NAMES: dict[type, str] = {
    Transceiver: "transceiver",
    FiberCable: "fiber_cable",
    DirectCable: "direct_cable",
    FiberGrade: "fiber_grade",
    Connector: "connector",
    SwitchModel: "switch_model",
    ServerModel: "server_model",
}
"""The catalogue's word for each record type."""


def rules_about(catalog: Catalog, kind: str, a: Part, b: Part) -> tuple[Rule, ...]:
    """Return the rules of a kind that speak of `a` meeting `b`, in declaration order.

    Args:
        catalog: where the rules are.
        kind: `faces` and `same-module` look at both orders of the pair; `in-cage` takes the module first, then the
            box; `over-cable` takes the module first, then the cable.
        a: one part.
        b: the other part.

    Returns:
        The rules, whatever their verdict.
    """
    is_symmetric = kind in ("faces", "same-module")
    return tuple(
        rule
        for rule in catalog.rules
        if rule.kind == kind
        and (
            (selects(rule.a, a) and selects(rule.b, b)) or (is_symmetric and selects(rule.a, b) and selects(rule.b, a))
        )
    )


def selects(selector: str, part: Part) -> bool:
    """Tell whether a rule's selector picks a part."""
    words = selector.split()
    names = (part.name, KIND_NAMES[type(part)])
    wanted = [word.partition("=") for word in words if "=" in word]
    if not all(word in names for word in words if "=" not in word):
        return False
    traits = _traits(part) if wanted else {}
    return all(value in traits.get(key, ()) for key, _, value in wanted)


def lanes_text(lanes: Lanes) -> str:
    """Return lanes as written in the language: `8x100Gbps`."""
    return f"{lanes.count}x{_rate_text(lanes.rate_mbps)}"


def _rate_text(rate_mbps: int) -> str:
    return f"{rate_mbps / 1000:g}Gbps"


@singledispatch
def _traits(part: object) -> Traits:
    raise InternalError(f"no traits are known of a {type(part).__name__}")


@_traits.register
def _(part: Transceiver) -> Traits:
    return {
        "vendor": (part.vendor,),
        "form_factor": (part.form_factor.value,),
        "bores": (str(part.bores),),
        "lanes": (lanes_text(part.lanes.value),),
        "lane": (_rate_text(part.lanes.value.rate_mbps),),
        "modulation": (part.modulation.value,),
        "pmd": (part.pmd.value,),
        "medium": (part.medium.value,),
        "connector": (part.connector.value,),
        "wavelength": () if part.wavelength is None else (part.wavelength.value,),
        "fec": () if part.fec is None else (part.fec.value,),
        "protocols": part.protocols,
    }


@_traits.register
def _(part: FiberCable) -> Traits:
    return {
        "vendor": (part.vendor,),
        "grade": (part.grade.value,),
        "medium": (part.medium.value,),
        "connector": (part.connector.value,),
        "polarity": () if part.polarity is None else (part.polarity.value,),
        "ends": (str(part.ends),),
    }


@_traits.register
def _(part: DirectCable) -> Traits:
    return {
        "vendor": (part.vendor,),
        "technology": (part.technology.value,),
        "form_factor_a": (part.form_factor_a.value,),
        "form_factor_z": (part.form_factor_z.value,),
        "lanes": (lanes_text(part.lanes.value),),
        "lane": (_rate_text(part.lanes.value.rate_mbps),),
        "bores": (str(part.bores),),
        "ends": (str(part.ends),),
        "protocols": part.protocols,
    }


@_traits.register
def _(part: FiberGrade) -> Traits:
    return {"medium": (part.medium.value,)}


@_traits.register
def _(part: Connector) -> Traits:
    return {}


@_traits.register
def _(part: SwitchModel) -> Traits:
    return {
        "vendor": (part.vendor,),
        "lanes": (lanes_text(part.lanes.value),),
        "lane": (_rate_text(part.lanes.value.rate_mbps),),
        "accepts": part.accepts.value,
        "protocols": part.protocols,
    }


@_traits.register
def _(part: ServerModel) -> Traits:
    return {"vendor": (part.vendor,)}
