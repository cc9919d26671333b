"""Records of a plan's figures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from optidsl.plan.model import Record

STATISTICS_VERSION: Literal["1.0"] = "1.0"


class TierFigures(Record):
    name: str
    switches: int
    model: str
    down: int
    up: int


class SegmentFigures(Record):
    """Links of one segment; inside a tier also their dimension, and the ports that a switch has in it at most."""

    a: str
    z: str
    links: int
    rate_mbps: int
    dimension: str = Field("", exclude_if=lambda value: not value)
    ports: int = Field(0, exclude_if=lambda value: not value)


class FabricFigures(Record):
    """Capacity figures of one fabric; `oversubscription` is down over up, the product of the tiers, as `x:1`.

    Of a direct network it is the bandwidth of the endpoints over twice the bisection; None where that is not known.
    `equal_cost_paths` of a tree are the shortest paths between its farthest endpoints, told apart by their switches.
    """

    name: str
    kind: str
    protocol: str
    endpoints: int
    tiers: tuple[TierFigures, ...]
    segments: tuple[SegmentFigures, ...]
    oversubscription: float | None
    bisection_tbps: float | None
    hops: int
    groups: int = Field(0, exclude_if=lambda value: not value)
    parameters: dict[str, int | tuple[int, ...]] = Field({}, exclude_if=lambda value: not value)
    slices: tuple[SliceFigures, ...] = Field((), exclude_if=lambda value: not value)
    disjoint_paths: int | None = Field(None, exclude_if=lambda value: value is None)
    equal_cost_paths: int | None = Field(None, exclude_if=lambda value: value is None)


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


class Cost(Record):
    """Money in `currency` as exact decimals; None where a part has no price, and `unpriced` names those parts."""

    currency: str
    optics: str | None
    cables: str | None
    switches: str | None
    nodes: str | None
    lines: str | None
    fees: str | None
    network: str | None
    unpriced: tuple[str, ...]


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
    cost: Cost | None = Field(None, exclude_if=lambda value: value is None)
    margins: tuple[ClassMargin, ...]
    checks: dict[str, int]


class SliceFigures(Record):
    """A torus that optical circuit switches make: chips along each axis, and what crosses between its halves."""

    name: str
    chips: int
    dims: tuple[int, ...]
    cubes: int
    circuits: int
    bisection_tbps: float


class ScaleUpFigures(Record):
    """Links between GPUs that no fabric carries; from `gpus` on of one domain, bandwidths of both directions."""

    name: str
    domains: int
    servers: int
    gpus: int
    links: int
    switches: int
    links_per_switch: int
    open_ends: int
    gpu_tbytes: float | None
    domain_tbytes: float | None


class Statistics(Record):
    """The figures of a plan."""

    schema_version: Literal["1.0"]
    design: str
    proof: str
    fabrics: tuple[FabricFigures, ...]
    scale_up: tuple[ScaleUpFigures, ...] = Field((), exclude_if=lambda value: not value)
    totals: Totals

    def to_json(self) -> str:
        """Return the figures as JSON text."""
        return self.model_dump_json(indent=2) + "\n"
