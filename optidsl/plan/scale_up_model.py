"""The plan's record of a scale-up network: links between GPUs that no fabric carries."""

from __future__ import annotations

from optidsl.plan.record import Record


class PlanScaleUp(Record):
    """Domains of `per_domain` servers of a group, in device order; figures from `gpus` on are of one domain.

    `rate_mbps` is of one link in each direction, None where nobody states it. `links` lead to switch chips, or join
    GPUs. `switch_ports` is None where not stated, `within` what the servers of a domain must stand in together.
    """

    name: str
    group: int
    per_domain: int
    domains: int
    kind: str
    dims: tuple[int, ...] = ()
    gpus: int
    links_per_gpu: int | None
    rate_mbps: int | None
    links: int
    switches: int = 0
    switch_ports: int | None = None
    within: str = ""
    source_ref: str
