"""Do the servers of a scale-up domain stand together?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl.diag import Sink
from optidsl.fabric.refusal import count_of
from optidsl.fabric.tables import FabricTables
from optidsl.layout.tables import I32, RackTable
from optidsl.sema.scale_up import ScaleUpDomain


def report_domains(
    domains: Sequence[ScaleUpDomain], tables: FabricTables, racks: RackTable, rack: I32, sink: Sink
) -> None:
    """Put one error into the sink for each declaration with domains whose servers stand apart.

    Args:
        domains: of the design.
        tables: groups and devices; nodes come first, one group for each declaration.
        racks: all racks.
        rack: of every device, -1 without a place; shape `(n_devices,)`.
        sink: takes `domain-apart`.
    """
    for domain in domains:
        if not domain.within:
            continue
        group = tables.groups[domain.node]
        rows = rack[group.first : group.first + group.count]
        where = rows if domain.within == "rack" else _wider(racks, domain.within)[rows]
        places = np.where(rows < 0, -1, where).reshape(-1, domain.per_domain)
        is_known = (places >= 0).all(axis=1)
        apart = np.flatnonzero(is_known & (places != places[:, :1]).any(axis=1))
        if not apart.size:
            continue
        first = int(apart[0])
        far = int(np.flatnonzero(places[first] != places[first, 0])[0])
        devices = [group.first + first * domain.per_domain + at for at in (0, far)]
        names = [f"{tables.devices.name[row]} in {racks.name[int(rack[row])]}" for row in devices]
        sink.error(
            "domain-apart",
            f"{count_of(len(apart), 'domain')} of `{domain.name}` {'does' if len(apart) == 1 else 'do'} not stand "
            f"within one {domain.within}: {names[0]}, {names[1]}",
            domain.origin.span,
            f"{domain.per_domain} servers each, within one {domain.within}",
            helps=(
                f"set `per_rack = {domain.per_domain}` in the `place` of the nodes, in racks with room for as many",
            ),
        )


def _wider(racks: RackTable, within: str) -> I32:
    """Return the number of the hall or row of every rack."""
    keys = [
        (site, hall, "" if within == "hall" else row)
        for site, hall, row in zip(racks.site, racks.hall, racks.row, strict=True)
    ]
    number = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys] or [0], np.int32)
