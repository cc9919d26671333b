"""Parts, checks, bill of material and fabric record of the plans built by hand."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np

from optidsl.plan.model import (
    PlanBomLine,
    PlanCheck,
    PlanFabric,
    PlanFact,
    PlanGroup,
    PlanLinks,
    PlanPart,
    PlanRequirement,
)

Protocol = Literal["ethernet", "infiniband"]

RATE_MBPS = 400_000
LENGTHS_MM = (3_000, 5_000, 7_000, 10_000, 15_000, 20_000, 30_000, 50_000)


def _fact(value: int | str | tuple[int, ...] | tuple[str, ...]) -> PlanFact:
    return PlanFact(value=value, source="", confidence="design")


def _part(name: str, kind: str, **facts: int | str | tuple[int, ...]) -> PlanPart:
    return PlanPart.model_validate(
        {
            "name": name,
            "kind": kind,
            "vendor": "acme",
            "part_numbers": (f"ACME-{name.upper()}",),
            "facts": {field: _fact(value) for field, value in facts.items()},
        }
    )


def parts(protocol: str) -> dict[str, PlanPart]:
    """Return the parts of the plan."""
    fec = {"fec": "rs"} if protocol == "ethernet" else {}
    parts = (
        _part("gpu-server", "server", power_max_mw=10_200_000),
        _part("switch-64", "switch", power_max_mw=1_800_000, **fec),
        _part("osfp-2xdr4", "transceiver", connector="mpo-12-apc", power_max_mw=17_000, bores=2),
        _part("osfp-dr4", "transceiver", connector="mpo-12-apc", power_max_mw=9_000, bores=1),
        _part("smf-mpo", "fiber_cable", connector="mpo-12-apc", polarity="b", grade="os2", lengths_mm=LENGTHS_MM),
    )
    return {part.name: part for part in parts}


def checks() -> tuple[PlanCheck, ...]:
    """Return three checks that hold and one that cannot conclude."""
    """Return a few checks: three that hold, one that cannot conclude."""
    rows = (
        ("reach", 0, "holds", "route 12.6 m, reach 500 m", 487_400, "mm", ""),
        ("loss", 0, "holds", "loss 1.52 dB, budget 3 dB", 1_480, "mdB", ""),
        ("loss", 1, "holds", "loss 1.52 dB, budget 3 dB", 1_480, "mdB", ""),
        ("overload", 1, "unknown", "the receiver's overload level is not known", None, "", "rx_max_mdbm"),
    )
    return tuple(
        PlanCheck(
            name=name,
            link_class=link_class,
            verdict=cast("Literal['holds', 'fails', 'unknown']", verdict),
            detail=detail,
            margin=margin,
            unit=unit,
            missing=missing,
            source="",
            confidence="design",
        )
        for name, link_class, verdict, detail, margin, unit, missing in rows
    )


def bom(protocol: str, n_servers: int, n_switches: int, n_nics: int, links: PlanLinks) -> tuple[PlanBomLine, ...]:
    """Return the bill of material."""
    trunks = len(links.segment) - n_nics
    rows: list[tuple[str, str, int, int, int | None]] = [
        ("switch", "switch-64", 0, n_switches, 1_800_000),
        ("server", "gpu-server", 0, n_servers, 10_200_000),
        ("transceiver", "osfp-2xdr4", 0, -(-n_nics // 2) + trunks, 17_000),
        ("transceiver", "osfp-dr4", 0, n_nics, 9_000),
    ]
    lengths, counts = np.unique(links.ordered_mm, return_counts=True)
    rows += [("cable", "smf-mpo", int(mm), int(n), 0) for mm, n in zip(lengths, counts, strict=True)]
    return tuple(
        PlanBomLine.model_validate(
            {
                "category": category,
                "part": part,
                "part_number": f"ACME-{part.upper()}" + (f"-{mm // 1000:03}" if mm else ""),
                "vendor": "acme",
                "length_mm": mm,
                "quantity": quantity,
                "power_max_mw": power,
            }
        )
        for category, part, mm, quantity, power in rows
    )


def fabric(protocol: Protocol, kind: str, n_endpoints: int, leaf: PlanGroup, spine: PlanGroup) -> PlanFabric:
    """Return the fabric's record."""
    down, up = (leaf.ports.role.count(role) for role in ("down", "up"))
    return PlanFabric(
        name="compute",
        kind=kind,
        protocol=protocol,
        planes=1,
        tiers=("leaf", "spine"),
        counts=(leaf.count, spine.count),
        down=(down, spine.ports.role.count("down")),
        up=(up, 0),
        pods=1,
        units=1 if kind == "rail_optimized" else 0,
        endpoints=n_endpoints,
        bisection_mbps=n_endpoints * RATE_MBPS // 2,
        oversubscription=((down * RATE_MBPS, up * RATE_MBPS),),
        oversubscription_limit=(max(1, down // max(up, 1)), 1),
        hops=3,
        source_ref="design.optd:30",
    )


def three_hops() -> PlanRequirement:
    """Return a requirement that holds."""
    return PlanRequirement(
        name="three_hops",
        text="hops(compute) <= 3",
        verdict="holds",
        slack="0",
        is_soft=False,
        source_ref="design.optd:45",
    )
