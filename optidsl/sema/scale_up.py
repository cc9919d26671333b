"""Scale-up domains of a design: servers whose GPUs are joined without a fabric."""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Span
from optidsl.source import Origin


@record(frozen=True, slots=True)
class ScaleUpDomain:
    """Domains of `per_domain` servers of one declaration each; figures are of one domain.

    `rate_mbps` is of one link in each direction; None where nobody states it.
    """

    name: str
    node: int  # index into Design.nodes
    per_domain: int
    domains: int
    kind: str  # switched | full_mesh | mesh | torus
    dims: tuple[int, ...]
    gpus: int
    links_per_gpu: int | None
    rate_mbps: int | None
    links: int  # to switch chips, or between GPUs
    switches: int
    switch_ports: int | None
    within: str  # "", rack, row, hall
    origin: Origin


@record(frozen=True, slots=True)
class Slice:
    """A torus of cubes that optical circuit switches make: chips along each axis, and which cubes (from 1, or any)."""

    name: str
    dims: tuple[int, ...]
    cubes: tuple[int, ...]
    origin: Origin
    dims_span: Span
    cubes_span: Span
