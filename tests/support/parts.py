"""Catalogue parts and designs for tests of the choice of parts: published-like modules, one small fabric."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from optidsl._context import Context
from optidsl.catalog.parts import (
    CageLimit,
    Catalog,
    Confidence,
    Connector,
    DirectCable,
    FiberCable,
    FiberGrade,
    FiberLimit,
    Lanes,
    Rule,
    Transceiver,
)
from optidsl.diag import Span
from optidsl.fabric import synthesize
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Connect, Design
from optidsl.source import Origin
from tests.support import designs
from tests.support.designs import GBPS, fact

METRE = 1_000


def module(
    name: str,
    *,
    bores: int = 1,
    reach_m: int = 500,
    grade: str = "os2",
    loss_mdb: int | None = None,
    power_mw: int | None = 9_000,
    confidence: Confidence = "vendor-doc",
    **changes: Any,
) -> Transceiver:
    """Return a 400G-a-bore module; `changes` replace fields."""
    medium = "singlemode" if grade.startswith("os") else "multimode"
    base = designs.transceiver(name, bores, reach_m * METRE, medium)
    limit = FiberLimit(
        grade,
        fact(reach_m * METRE, confidence),
        None if loss_mdb is None else fact(loss_mdb, confidence),
    )
    power = None if power_mw is None else fact(power_mw, confidence)
    return replace(base, **{"limits": (limit,), "power_max_mw": power, **changes})


def dr4(name: str = "dr4", **changes: Any) -> Transceiver:
    """Return a module with the published levels of 400GBASE-DR4."""
    levels: dict[str, Any] = {
        "loss_mdb": 3_000,
        "tx_min_mdbm": fact(-2_900),
        "tx_max_mdbm": fact(4_000),
        "rx_min_mdbm": fact(-5_900),
        "rx_max_mdbm": fact(4_000),
    }
    return module(name, **{**levels, **changes})


def sr4(name: str = "sr4", **changes: Any) -> Transceiver:
    """Return a module of 50 m over OM4 and 1.9 dB."""
    defaults: dict[str, Any] = {"reach_m": 50, "grade": "om4", "loss_mdb": 1_900, "power_mw": 8_000}
    return module(name, **{**defaults, **changes})


def fiber(name: str, grade: str, lengths_m: Sequence[float], **changes: Any) -> FiberCable:
    """Return a straight MPO-12/APC assembly; `changes` replace fields."""
    medium = "singlemode" if grade.startswith("os") else "multimode"
    base = designs.fiber_cable(name, medium, [1])
    lengths = tuple(int(length * METRE) for length in lengths_m)
    return replace(base, grade=fact(grade), lengths_mm=fact(lengths), **changes)


def dac(name: str = "dac", lengths_m: Sequence[float] = (1, 2, 3), **changes: Any) -> DirectCable:
    """Return a passive 400G cable between one-port OSFP cages; `changes` replace fields."""
    base = DirectCable(
        name=name,
        span=designs.SPAN,
        part_numbers=(name.upper(),),
        vendor="nvidia",
        technology=fact("dac"),
        form_factor_a=fact("osfp"),
        form_factor_z=fact("osfp"),
        lanes=fact(Lanes(4, 100 * GBPS)),
        bores=1,
        ends=1,
        lengths_mm=fact(tuple(int(length * METRE) for length in lengths_m)),
        power_a_mw=fact(100),
        power_z_mw=fact(100),
        protocols=("infiniband", "ethernet"),
    )
    return replace(base, **changes)


def rule(
    kind: str, a: str, b: str, verdict: Literal["forbidden", "warn", "allowed"], reason: str = "as the sheet says"
) -> Rule:
    """Return a compatibility rule."""
    return Rule(f"{kind}-{verdict}", designs.SPAN, kind, a, b, verdict, fact(reason, "vendor-doc"))


def catalog_of(
    base: Catalog,
    modules: Iterable[Transceiver],
    cables: Iterable[FiberCable] = (),
    direct: Iterable[DirectCable] = (),
    rules: Iterable[Rule] = (),
) -> Catalog:
    """Return a catalogue with these parts, OS2 and OM4 fibre, and MPO-12/APC at 0.35 dB."""
    made = list(cables) or [
        fiber("sm", "os2", [3, 5, 10, 20, 30, 50, 100, 150, 300, 500]),
        fiber("mm", "om4", [3, 5, 10, 20, 30, 50]),
    ]
    return replace(
        base,
        transceivers={part.name: part for part in modules},
        fiber_cables={part.name: part for part in made},
        direct_cables={part.name: part for part in direct},
        fiber_grades={
            "os2": FiberGrade("os2", designs.SPAN, fact("singlemode"), fact(400, "standard"), 1310),
            "om4": FiberGrade("om4", designs.SPAN, fact("multimode"), fact(3_000, "vendor-doc"), 850),
        },
        connectors={"mpo-12-apc": Connector("mpo-12-apc", designs.SPAN, fact(350, "vendor-doc"))},
        rules=tuple(rules),
    )


CAGE_LIMIT = CageLimit(1, 512, 1, fact(18_000, "vendor-doc"))


def pair(
    modules: Iterable[Transceiver],
    *,
    cables: Iterable[FiberCable] = (),
    direct: Iterable[DirectCable] = (),
    rules: Iterable[Rule] = (),
    connect: Connect | None = None,
    servers: int = 4,
    leaves: int = 2,
    limits: tuple[CageLimit, ...] = (CAGE_LIMIT,),
) -> Design:
    """Return servers with one 400G port each, leaves and spines of one-port OSFP cages: two segments."""
    box = replace(designs.radix_switch(32), cage_limits=limits, power_max_mw=fact(500_000))
    server = designs.plain_server()
    server = replace(
        server,
        power_max_mw=fact(1_000_000),
        nics=tuple(replace(each, cage_power_mw=fact(15_000, "vendor-doc")) for each in server.nics),
    )
    tiers = [
        designs.tier("leaf", box, count=designs.decided(leaves)),
        designs.tier("spine", box, count=designs.decided(1)),
    ]
    fabric = designs.fabric(
        "clos", [(0, "compute")], tiers, protocol="ethernet", connects=[connect] if connect is not None else None
    )
    made = designs.design([designs.node_group("server", server, servers)], [fabric])
    return replace(made, catalog=catalog_of(made.catalog, modules, cables, direct, rules))


def tables_of(design: Design, context: Context) -> FabricTables:
    """Synthesise a design that must not fail."""
    tables = synthesize(design, context)
    if tables is None:
        raise AssertionError(designs.messages(context))
    return tables


def source(context: Context, text: str) -> dict[str, Span]:
    """Add a source text; return the span of each of its lines by the line's first word."""
    file = context.sources.add("policy.optd", text)
    spans: dict[str, Span] = {}
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            start = at + line.index(body)
            spans[body.split()[0]] = Span(file, start, start + len(body))
        at += len(line)
    return spans


def connect_at(a: str, z: str, span: Span, **slots: Any) -> Connect:
    """Return a connect written at `span`."""
    return replace(designs.connect(a, z), origin=Origin(span), **slots)
