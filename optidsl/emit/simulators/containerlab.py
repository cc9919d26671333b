"""containerlab topologies of Ethernet fabrics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from optidsl.emit.configs.frr import frr_groups
from optidsl.emit.configs.switches import SwitchConfig, sonic_has_interfaces, switch_configs
from optidsl.emit.ends import all_ports, port_rows, take
from optidsl.emit.subnets import Subnet, subnets
from optidsl.emit.templates import template
from optidsl.emit.wording import origin_line, path_part
from optidsl.plan.model import Plan

_FOLDER = "simulators/containerlab"


class ContainerlabEmitter:
    """A containerlab topology of each Ethernet subnet, its switches running FRR with the emitted configurations.

    Reads: groups and their ports, devices, links of Ethernet fabrics whose switches FRR can configure.
    Makes: `simulators/containerlab/<fabric>.clab.yml` and `simulators/containerlab/daemons`, which FRR's containers
    start. Needs the files of the emitter `frr` beside it: `configs/<device>/frr.conf` is bound into each switch.
    The interfaces of a switch that runs SONiC are in its `config_db.json`, which FRR's container does not read:
    the topology gives them the same addresses.

    Every node is of kind `linux`, where interfaces of switches keep the plan's port names, those in `frr.conf`;
    servers are plain containers whose interfaces are `eth1`, `eth2`, … in the order of their cabled ports. Kind
    `sonic-vs` is not used: its image knows one hardware SKU of its own and none that a design has.

    Source: containerlab's clab.schema.json; manual, "Topology definition" and "Linux container".
    """

    name = "containerlab"
    title = "containerlab topologies of Ethernet fabrics"

    def applies(self, plan: Plan) -> bool:
        """Tell whether FRR can configure all switches of an Ethernet subnet."""
        return bool(_subnets(plan))

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield a topology for each subnet, and the list of daemons."""
        for subnet in _subnets(plan):
            yield f"{_FOLDER}/{subnet.name}.clab.yml", _topology(plan, subnet)
        yield f"{_FOLDER}/daemons", template("frr-daemons").render(origin=origin_line(plan))


def _subnets(plan: Plan) -> list[Subnet]:
    able = {group.name for group in frr_groups(plan)}
    return [subnet for subnet in subnets(plan, "ethernet") if {group.name for group in subnet.switches} <= able]


def _topology(plan: Plan, subnet: Subnet) -> str:
    names = plan.devices.name
    switches = [names[row] for group in subnet.switches for row in range(group.first, group.first + group.count)]
    bare = [group for group in subnet.switches if sonic_has_interfaces(plan, group)]
    commands = {switch.name: _commands(switch) for switch in switch_configs(plan, bare)}
    return template("clab.yml").render(
        origin=origin_line(plan),
        name=subnet.name,
        switches=[(json.dumps(path_part(name)), path_part(name), commands.get(name, [])) for name in switches],
        servers=[json.dumps(path_part(names[row])) for row in subnet.hosts.tolist()],
        links=[f"[{json.dumps(a)}, {json.dumps(z)}]" for a, z in _links(plan, subnet)],
        mtu=plan.addressing.mtu,
    )


def _commands(switch: SwitchConfig) -> list[str]:
    """Return what gives a switch the addresses of its `config_db.json`; that of Loopback0 goes to `lo`."""
    ports = [f"ip address add {port.address}/31 dev {port.name}" for port in switch.ports if port.address]
    return [f"ip address add {switch.loopback}/32 dev lo", *ports]


def _links(plan: Plan, subnet: Subnet) -> Iterator[tuple[str, str]]:
    links, rows = plan.links, subnet.links
    ports = [columns.name[index] for columns, index in all_ports(plan)]
    a_ports = take(ports, port_rows(plan, links.a_device[rows], links.a_port[rows]))
    z_ports = take(ports, port_rows(plan, links.z_device[rows], links.z_port[rows]))
    hosts = set(subnet.hosts.tolist())
    interfaces = _server_interfaces(plan, subnet)
    columns = (links.a_device[rows].tolist(), links.a_port[rows].tolist(), links.z_device[rows].tolist())
    for a, a_index, z, a_port, z_port in zip(*columns, a_ports, z_ports, strict=True):
        near = interfaces[a, a_index] if a in hosts else a_port
        yield f"{path_part(plan.devices.name[a])}:{near}", f"{path_part(plan.devices.name[z])}:{z_port}"


def _server_interfaces(plan: Plan, subnet: Subnet) -> dict[tuple[int, int], str]:
    """Return the interface of each cabled server port; `eth0` is containerlab's own."""
    hosts = set(subnet.hosts.tolist())
    columns = zip(plan.links.a_device[subnet.links].tolist(), plan.links.a_port[subnet.links].tolist(), strict=True)
    used: Counter[int] = Counter()
    found = {}
    for device, port in sorted(end for end in columns if end[0] in hosts):
        used[device] += 1
        found[device, port] = f"eth{used[device]}"
    return found
