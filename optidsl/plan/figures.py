"""Records of a plan's figures."""

from __future__ import annotations

from typing import Literal

from optidsl.plan.model import Record

STATISTICS_VERSION: Literal["1.0"] = "1.0"


class TierFigures(Record):
    name: str
    switches: int
    model: str
    down: int
    up: int


class SegmentFigures(Record):
    a: str
    z: str
    links: int
    rate_mbps: int


class FabricFigures(Record):
    """Capacity figures of one fabric; `oversubscription` is down over up, the product of the tiers, as `x:1`."""

    name: str
    kind: str
    protocol: str
    endpoints: int
    tiers: tuple[TierFigures, ...]
    segments: tuple[SegmentFigures, ...]
    oversubscription: float
    bisection_tbps: float
    hops: int


class CableFigures(Record):
    part: str
    length_mm: int
    quantity: int


class Watts(Record):
    """Highest power in watts; None when a part's figure is not known, and `unknown` names those parts."""

    modules: float | None
    switches: float | None
    nodes: float | None
    unknown: tuple[str, ...]


class ClassMargin(Record):
    """The least margin that a class of links has in one check, in `unit` (`mm`, `mdB`, `mW`)."""

    link_class: str
    check: str
    margin: int
    unit: str


class Totals(Record):
    nodes: int
    gpu_nodes: int
    gpus: int
    switches: int
    cables: int
    cable_m: float
    optics: dict[str, int]
    cables_by_sku: tuple[CableFigures, ...]
    watts: Watts
    margins: tuple[ClassMargin, ...]
    checks: dict[str, int]


class Statistics(Record):
    """The figures of a plan."""

    schema_version: Literal["1.0"]
    design: str
    proof: str
    fabrics: tuple[FabricFigures, ...]
    totals: Totals

    def to_json(self) -> str:
        """Return the figures as JSON text."""
        return self.model_dump_json(indent=2) + "\n"
