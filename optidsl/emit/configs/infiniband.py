"""Files of the InfiniBand subnet manager, one folder for each subnet."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.emit.configs.guids import port_guid
from optidsl.emit.configs.ib_nodes import IbNode, ib_nodes
from optidsl.emit.configs.ib_topology import topology_text
from optidsl.emit.subnets import Subnet, subnets
from optidsl.emit.templates import template
from optidsl.emit.wording import origin_line
from optidsl.plan.model import Plan

_GUID_NOTE = "design-time GUIDs, made from names: replace them by those of the hardware as built"


class InfinibandEmitter:
    """The cabling as `ibnetdiscover` prints it, and what OpenSM is given.

    Reads: groups and their ports, devices, links of InfiniBand fabrics.
    Makes, in `infiniband/<fabric>/` (`<fabric>-p<plane>` where there are planes):
    `topology.net`, comparable with `ibnetdiscover` and readable by ibsim; `node-name-map`; `root_guids.txt`, the
    switches of the top tier of a tree; `cn_guids.txt`, the ports of the servers; `opensm.conf`; `partitions.conf`.

    A server port is a channel adapter of its own with one port. GUIDs: see `guids`. Fat-tree routing is asked for
    where there are two tiers or more, DFSSSP where switches of one tier are joined (shortest paths on as many virtual
    lanes as keep them free of deadlock, on any topology; it has no roots), else shortest paths.

    Source: opensm(8), doc/current-routing.txt and doc/partition-config.txt of OpenSM 3.3.
    """

    name = "infiniband"
    title = "files of InfiniBand subnet managers"

    def applies(self, plan: Plan) -> bool:
        """Tell whether there is an InfiniBand fabric."""
        return any(fabric.protocol == "infiniband" for fabric in plan.fabrics)

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield six files for each subnet, five for one without roots."""
        for subnet in subnets(plan, "infiniband"):
            nodes = ib_nodes(plan, subnet)
            folder = f"infiniband/{subnet.name}"
            yield f"{folder}/topology.net", topology_text(plan, subnet, nodes, _head(plan, _GUID_NOTE))
            yield f"{folder}/node-name-map", _head(plan, _GUID_NOTE) + _name_map(nodes)
            if not subnet.fabric.dimensions:
                yield f"{folder}/root_guids.txt", _head(plan, _GUID_NOTE) + _guids(_roots(nodes, subnet))
            yield f"{folder}/cn_guids.txt", _head(plan, _GUID_NOTE) + _guids(_adapter_ports(nodes))
            yield f"{folder}/opensm.conf", _opensm(plan, subnet)
            yield f"{folder}/partitions.conf", template("partitions.conf").render(origin=origin_line(plan))


def _head(plan: Plan, *notes: str) -> str:
    return "".join(f"# {line}\n" for line in (origin_line(plan), *notes))


def _name_map(nodes: list[IbNode]) -> str:
    return "".join(f'0x{node.guid:016x} "{node.description}"\n' for node in nodes)


def _roots(nodes: list[IbNode], subnet: Subnet) -> list[int]:
    return [node.guid for node in nodes if node.is_switch and node.level == subnet.top]


def _adapter_ports(nodes: list[IbNode]) -> list[int]:
    return [port_guid(node.guid, 1) for node in nodes if not node.is_switch]


def _guids(guids: list[int]) -> str:
    return "".join(f"0x{guid:016x}\n" for guid in guids)


def _opensm(plan: Plan, subnet: Subnet) -> str:
    is_direct = bool(subnet.fabric.dimensions)
    engine = "dfsssp" if is_direct else "ftree" if subnet.top > 1 else "minhop"
    return template("opensm.conf").render(
        origin=origin_line(plan), subnet=subnet.name, engine=engine, has_roots=not is_direct
    )
