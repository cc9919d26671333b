"""FRRouting configurations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from optidsl.emit.configs.switches import (
    PortConfig,
    SwitchConfig,
    ethernet_groups,
    sonic_has_interfaces,
    switch_configs,
)
from optidsl.emit.templates import template
from optidsl.emit.wording import origin_line, path_part
from optidsl.plan.model import Plan, PlanGroup

if TYPE_CHECKING:
    from jinja2 import Template

_INTERFACE = re.compile(r"[^\s/:]{1,15}")
LEAST_PATHS = 64
MOST_PATHS = 256
"""`maximum-paths` of FRR as distributions build it (`--enable-multipath=256`)."""


class FrrEmitter:
    """One `frr.conf` for each Ethernet switch whose port names Linux can have: eBGP on every link between switches.

    Reads: groups and their ports, devices with AS number and loopback, links with their /31, the addressing's mode,
    the emitters that the design asks for.
    Makes: `configs/<device>/frr.conf`.

    Unnumbered: sessions over link-local addresses, IPv4 routes with IPv6 next hops. Numbered: sessions between the
    addresses of each /31. In both, a port to a server has its address of a /31, announced beside the loopback.
    IPv4 is on in every session, as FRR has it unless told otherwise. Syntax of FRR 8.4.

    A switch that runs SONiC reads this file when `docker_routing_config_mode` is `split`. Its interfaces are SONiC's,
    so where `config_db.json` is emitted too, that file alone has addresses and descriptions, and this one routing
    alone; bgpd itself asks for the router advertisements of unnumbered sessions.

    Source: RFC 7938 section 5 (one eBGP session for each link), RFC 8950 (IPv4 over IPv6 next hops), RFC 3021 (/31).
    """

    name = "frr"
    title = "FRR configurations of Ethernet switches"

    def applies(self, plan: Plan) -> bool:
        """Tell whether a group of Ethernet switches can run FRR."""
        return bool(frr_groups(plan))

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield one file for each switch."""
        text = template("frr.conf")
        origin = origin_line(plan)
        for switch in switch_configs(plan, frr_groups(plan)):
            yield (
                f"configs/{path_part(switch.name)}/frr.conf",
                _render(text, origin, switch, not sonic_has_interfaces(plan, switch.group)),
            )


def frr_groups(plan: Plan) -> list[PlanGroup]:
    """Return the groups of Ethernet switches whose ports Linux can name: at most 15 characters, no `/` or `:`."""
    return [group for group in ethernet_groups(plan) if all(_INTERFACE.fullmatch(name) for name in group.ports.name)]


def _render(text: Template, origin: str, switch: SwitchConfig, has_interfaces: bool) -> str:
    uplinks = [port for port in switch.ports if port.is_uplink]
    unnumbered = [port for port in uplinks if not port.address]
    numbered = [port for port in uplinks if port.address]
    servers = [port.address for port in switch.ports if port.address and not port.is_uplink]
    return text.render(
        origin=origin,
        hostname=switch.name,
        loopback=switch.loopback,
        asn=switch.asn,
        has_interfaces=has_interfaces,
        numbered_ports=[(port.name, _description(port), port.address) for port in switch.ports if port.address],
        unnumbered_ports=[(port.name, _description(port)) for port in unnumbered],
        sessions=[(port.peer_address, port.peer_asn, _description(port)) for port in numbered],
        networks=[f"{switch.loopback}/32", *(f"{_even(address)}/31" for address in servers)],
        max_paths=min(max(LEAST_PATHS, len(uplinks)), MOST_PATHS),
    )


def _description(port: PortConfig) -> str:
    return f"to {port.peer} {port.peer_port}"


def _even(address: str) -> str:
    """Return the lower address of the /31 that holds an address."""
    head, _, last = address.rpartition(".")
    return f"{head}.{int(last) & ~1}"
