"""Which compatibility rules speak of a pair of parts.

A rule selects parts by words that must all hold: a part's name, a kind of part, or `attribute=value` in the spelling
of the catalogue (`bores=1`, `lane=100Gbps`, `connector=mpo-12-apc`). A box is also selected by how it is used: its NIC
(`nic=compute`) and what that is, the `protocol` and the `rate` of the link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from optidsl._record import record
from optidsl.catalog.coherent import AmplifierModel, MuxModel
from optidsl.catalog.parts import (
    Attenuator,
    Catalog,
    Connector,
    DirectCable,
    FiberCable,
    FiberGrade,
    Lanes,
    Nic,
    Part,
    Rule,
    ServerModel,
    SwitchModel,
    Transceiver,
)

Words = tuple[str, ...]

TRAITS: tuple[str, ...] = (
    *("accepts", "bores", "connector", "ends", "fec", "firmware", "form_factor", "form_factor_a", "form_factor_z"),
    *("grade", "lane", "lanes", "linear", "medium", "modulation", "nic", "part_number", "pmd", "polarity", "protocol"),
    *("protocols", "rate", "sff8024", "technology", "vendor", "wavelength"),
)
"""Attributes that a rule may select by."""

KIND_NAMES: dict[type, str] = {
    Transceiver: "transceiver",
    FiberCable: "fiber_cable",
    DirectCable: "direct_cable",
    FiberGrade: "fiber_grade",
    Connector: "connector",
    Attenuator: "attenuator",
    SwitchModel: "switch_model",
    ServerModel: "server_model",
    AmplifierModel: "amplifier_model",
    MuxModel: "mux_model",
}
"""The catalogue's word for each record type."""


@record(frozen=True, slots=True)
class Use:
    """How a box is used where something is plugged in: the NIC (None on switches), the carrier, the rate of a link."""

    nic: Nic | None
    protocol: str
    rate_mbps: int


def rules_about(catalog: Catalog, kind: str, a: Part, b: Part, use: Use | None = None) -> tuple[Rule, ...]:
    """Return the rules of a kind that speak of `a` meeting `b`, in declaration order.

    Args:
        catalog: where the rules are.
        kind: `faces` and `same-module` look at both orders of the pair; `in-cage` takes the module first, then the
            box; `over-cable` takes the module first, then the cable.
        a: one part.
        b: the other part.
        use: how a box `b` is used.

    Returns:
        The rules, whatever their verdict.
    """
    is_symmetric = kind in ("faces", "same-module")
    return tuple(
        rule
        for rule in catalog.rules
        if rule.kind == kind
        and (
            (selects(rule.b, b, use) and selects(rule.a, a))
            or (is_symmetric and selects(rule.a, b) and selects(rule.b, a))
        )
    )


def selects(selector: str, part: Part, use: Use | None = None) -> bool:
    """Tell whether a rule's selector picks a part, or a box as it is used."""
    names, wanted = _parsed(selector)
    for name in names:
        # A rule on a switch holds for its variants.
        if name not in (part.name, KIND_NAMES[type(part)]) and name != getattr(part, "base", ""):
            return False
    return not wanted or all(value in _words(part, attribute, use) for attribute, value in wanted)


@lru_cache(maxsize=1024)
def _parsed(selector: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the names and the `(attribute, value)` pairs of a selector."""
    words = selector.split()
    pairs = (word.partition("=") for word in words if "=" in word)
    return tuple(word for word in words if "=" not in word), tuple((key, value) for key, _, value in pairs)


def lanes_text(lanes: Lanes) -> str:
    """Return lanes as written in the language: `8x100Gbps`."""
    return f"{lanes.count}x{_rate_text(lanes.rate_mbps)}"


def _rate_text(rate_mbps: int) -> str:
    return f"{rate_mbps / 1000:g}Gbps"


def _words(part: Part, attribute: str, use: Use | None) -> Words:
    """Return what a part, or a box as it is used, has for an attribute; nothing where it has no such attribute."""
    if use is not None and attribute in _OF_USE:
        return _OF_USE[attribute](use)
    if use is not None and use.nic is not None and attribute in _OF_NIC:
        return _OF_NIC[attribute](use.nic)
    read = _OF_PART[type(part)].get(attribute)
    return () if read is None else read(part)


_OF_USE: dict[str, Callable[[Use], Words]] = {
    "protocol": lambda use: (use.protocol,),
    "rate": lambda use: (_rate_text(use.rate_mbps),),
}

_OF_NIC: dict[str, Callable[[Nic], Words]] = {
    "nic": lambda nic: (nic.name,),
    "firmware": lambda nic: (nic.firmware,),
    "lanes": lambda nic: (lanes_text(nic.lanes.value),),
    "lane": lambda nic: (_rate_text(nic.lanes.value.rate_mbps),),
    "accepts": lambda nic: nic.accepts.value,
    "protocols": lambda nic: nic.protocols,
}

_OF_BOUGHT: dict[str, Callable[[Any], Words]] = {
    "vendor": lambda part: (part.vendor,),
    "part_number": lambda part: part.part_numbers,
}

_OF_TRANSCEIVER: dict[str, Callable[[Transceiver], Words]] = {
    **_OF_BOUGHT,
    "form_factor": lambda part: (part.form_factor.value,),
    "bores": lambda part: (str(part.bores),),
    "lanes": lambda part: (lanes_text(part.lanes.value),),
    "lane": lambda part: (_rate_text(part.lanes.value.rate_mbps),),
    "modulation": lambda part: (part.modulation.value,),
    "pmd": lambda part: (part.pmd.value,),
    "medium": lambda part: (part.medium.value,),
    "connector": lambda part: (part.connector.value,),
    "wavelength": lambda part: () if part.wavelength is None else (part.wavelength.value,),
    "fec": lambda part: () if part.fec is None else (part.fec.value,),
    "protocols": lambda part: part.protocols,
    "sff8024": lambda part: () if part.sff8024 is None else (part.sff8024.value,),
    "linear": lambda part: () if part.linear is None else (str(part.linear.value).lower(),),
}

_OF_FIBER_CABLE: dict[str, Callable[[FiberCable], Words]] = {
    **_OF_BOUGHT,
    "grade": lambda part: (part.grade.value,),
    "medium": lambda part: (part.medium.value,),
    "connector": lambda part: (part.connector.value,),
    "polarity": lambda part: () if part.polarity is None else (part.polarity.value,),
    "ends": lambda part: (str(part.ends),),
}

_OF_DIRECT_CABLE: dict[str, Callable[[DirectCable], Words]] = {
    **_OF_BOUGHT,
    "technology": lambda part: (part.technology.value,),
    "form_factor_a": lambda part: (part.form_factor_a.value,),
    "form_factor_z": lambda part: (part.form_factor_z.value,),
    "lanes": lambda part: (lanes_text(part.lanes.value),),
    "lane": lambda part: (_rate_text(part.lanes.value.rate_mbps),),
    "bores": lambda part: (str(part.bores),),
    "ends": lambda part: (str(part.ends),),
    "protocols": lambda part: part.protocols,
}

_OF_FIBER_GRADE: dict[str, Callable[[FiberGrade], Words]] = {"medium": lambda part: (part.medium.value,)}

_OF_ATTENUATOR: dict[str, Callable[[Attenuator], Words]] = {
    **_OF_BOUGHT,
    "connector": lambda part: (part.connector.value,),
    "medium": lambda part: (part.medium.value,),
}

_OF_SWITCH: dict[str, Callable[[SwitchModel], Words]] = {
    **_OF_BOUGHT,
    "lanes": lambda part: (lanes_text(part.lanes.value),),
    "lane": lambda part: (_rate_text(part.lanes.value.rate_mbps),),
    "accepts": lambda part: part.accepts.value,
    "firmware": lambda part: (part.firmware,),
    "protocols": lambda part: part.protocols,
}

_OF_PART: dict[type, Mapping[str, Callable[[Any], Words]]] = {
    Transceiver: _OF_TRANSCEIVER,
    FiberCable: _OF_FIBER_CABLE,
    DirectCable: _OF_DIRECT_CABLE,
    FiberGrade: _OF_FIBER_GRADE,
    Connector: {},
    Attenuator: _OF_ATTENUATOR,
    SwitchModel: _OF_SWITCH,
    ServerModel: _OF_BOUGHT,
    AmplifierModel: _OF_BOUGHT,
    MuxModel: _OF_BOUGHT,
}
"""How an attribute that rules select by is read off each kind of part."""
