"""Single-mode LC modules with published-like levels, attenuators, and one fabric of servers over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from optidsl.catalog.parts import Attenuator, Connector, FiberCable, FiberLimit, Transceiver
from optidsl.sema.design import Connect, Design
from tests.support import designs
from tests.support.designs import fact
from tests.support.parts import fiber, module, pair

LR = {"tx_min_mdbm": -2_700, "tx_max_mdbm": 5_100, "rx_min_mdbm": -7_300, "rx_max_mdbm": 5_100}
FR = {"tx_min_mdbm": -3_300, "tx_max_mdbm": 3_500, "rx_min_mdbm": -7_300, "rx_max_mdbm": 3_500}
FR4_OMA = {
    "tx_oma_min_mdbm": -300,
    "tx_oma_tdecq_min_mdbm": -1_700,
    "tdecq_max_mdb": 3_400,
    "rx_sens_oma_mdbm": -4_600,
    "rx_stressed_oma_mdbm": -2_600,
}


def lc(name: str, *, loss_mdb: int = 4_000, connections_mdb: int | None = None, **numbers: int) -> Transceiver:
    """Return a duplex LC module of 2 km; numbers are levels and gains in 0.001 dB(m)."""
    changes: dict[str, Any] = {key: fact(value, "vendor-doc") for key, value in numbers.items()}
    base = module(name, reach_m=2_000, connector=fact("lc-upc"), pmd=fact("400g-fr4"), **changes)
    share = None if connections_mdb is None else fact(connections_mdb, "vendor-doc")
    limit = FiberLimit("os2", fact(2_000_000, "vendor-doc"), fact(loss_mdb, "vendor-doc"), share)
    return replace(base, limits=(limit,))


def jumper(lengths_m: Sequence[float] = (2,), connector: str = "lc-upc") -> FiberCable:
    """Return a duplex OS2 jumper."""
    return fiber("lc", "os2", lengths_m, connector=fact(connector))


def attenuator(
    name: str, loss_mdb: int, *, connector: str = "lc-upc", tolerance_mdb: int | None = None, vendor: str = "acme"
) -> Attenuator:
    """Return a fixed single-mode attenuator."""
    spread = None if tolerance_mdb is None else fact(tolerance_mdb, "vendor-doc")
    medium = fact("singlemode", "vendor-doc")
    numbers = (f"{name}-PN".upper(),)
    loss = fact(loss_mdb, "vendor-doc")
    return Attenuator(name, designs.SPAN, numbers, vendor, fact(connector, "vendor-doc"), medium, loss, spread)


def lit(
    modules: Iterable[Transceiver],
    attenuators: Iterable[Attenuator] = (),
    *,
    cables: Sequence[FiberCable] = (),
    connect: Connect | None = None,
) -> Design:
    """Return servers and leaves that face each other over LC jumpers of 2 m, with connectors of 0.25 dB."""
    design = pair(modules, cables=cables or [jumper()], connect=connect)
    connectors = {
        **design.catalog.connectors,
        "lc-upc": Connector("lc-upc", designs.SPAN, fact(250, "vendor-doc")),
    }
    catalog = replace(design.catalog, connectors=connectors, attenuators={each.name: each for each in attenuators})
    return replace(design, catalog=catalog)
