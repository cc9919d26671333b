"""SONiC configurations.

A switch with 64 ports has some 300 rows, most of them the same on every switch of its group. What depends on the
group alone is therefore written once for each group and port; a switch adds peers, lengths and addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from optidsl._record import record
from optidsl.emit.configs import sonic_qos
from optidsl.emit.configs.switches import SwitchConfig, ethernet_groups, has_sonic, switch_configs
from optidsl.emit.wording import path_part
from optidsl.plan.model import Plan, PlanGroup

_PAM4_LANES_MBPS = (50_000, 100_000)
"""Every Ethernet port of such lanes runs RS(544,514), so that links stay down without it.

Source: IEEE Std 802.3-2022 clauses 91 (100GBASE-R), 119 (200GBASE-R, 400GBASE-R), 134 (50GBASE-R); IEEE Std
802.3df-2024 clause 172 (800GBASE-R). Assumes: lanes of these rates are PAM4, as all of those standards are.
"""

_DEVICE_TYPES = {1: "LeafRouter", 2: "SpineRouter", 3: "UpperSpineRouter"}


class SonicEmitter:
    """One `config_db.json` for each Ethernet switch that has a SONiC platform and HWSKU in the catalogue.

    Reads: groups and their ports (lanes, aliases, rates), the `fec` of the switch (a switch that states none has that
    of its ports' lanes), devices with AS number and
    loopback, links with their ordered lengths and /31, the addressing's MTU and mode.
    Makes: `configs/<device>/config_db.json`, one row a line, tables sorted. JSON has no comments.

    Tables of cabled ports have the highest first: JSON parts rows by commas, and so a port more is one line more.
    Cabled ports are up and named after their peers, the others are down. Interfaces are configured here and nowhere
    else: addresses of ports and of Loopback0, descriptions. Routing is in `frr.conf` (`docker_routing_config_mode` is
    `split`), which has no interface; BGP_NEIGHBOR repeats numbered sessions for SONiC's own tools.
    CABLE_LENGTH is the ordered length, rounded up to metres. The MAC is local and made from the loopback address: it
    stays when a device is renamed.
    """

    name = "sonic"
    title = "SONiC configurations of Ethernet switches"

    def applies(self, plan: Plan) -> bool:
        """Tell whether a group of Ethernet switches runs SONiC."""
        return bool(sonic_groups(plan))

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield one file for each switch."""
        groups = sonic_groups(plan)
        written = {group.name: _group_rows(group, plan) for group in groups}
        for switch in switch_configs(plan, groups):
            text = _render(switch, written[switch.group.name], _mac(switch.loopback))
            yield f"configs/{path_part(switch.name)}/config_db.json", text


def sonic_groups(plan: Plan) -> list[PlanGroup]:
    """Return the groups of Ethernet switches with a SONiC platform and HWSKU."""
    return [group for group in ethernet_groups(plan) if has_sonic(group)]


def _mac(loopback: str) -> str:
    return ":".join(("02:00", *(f"{int(octet):02x}" for octet in loopback.split("."))))


# ------------------------------------------------------------------ what a group's switches share


@record(frozen=True, slots=True)
class _GroupRows:
    """Rows by port index, as text. `port_up` ends where the description goes in."""

    key: tuple[str, ...]
    port_up: tuple[str, ...]
    port_down: tuple[str, ...]


def _text(row: Mapping[str, str]) -> str:
    return json.dumps(row, sort_keys=True)


def _group_rows(group: PlanGroup, plan: Plan) -> _GroupRows:
    rows = [_port_row(group, index, plan) for index in range(len(group.ports.name))]
    ups = [_text({**row, "admin_status": "up", "description": "\x00"}).partition("\\u0000") for row in rows]
    return _GroupRows(
        key=tuple(json.dumps(name) for name in group.ports.name),
        port_up=tuple(f"{before.replace('%', '%%')}%s{after.replace('%', '%%')}" for before, _, after in ups),
        port_down=tuple(_text({**row, "admin_status": "down"}) for row in rows),
    )


def _port_row(group: PlanGroup, index: int, plan: Plan) -> dict[str, str]:
    ports = group.ports
    lanes = range(ports.lane[index], ports.lane[index] + ports.lanes[index])
    is_split = ports.cage.count(ports.cage[index]) > 1
    row = {
        "index": str(ports.cage[index] + 1),
        "lanes": ",".join(str(lane) for lane in lanes),
        "mtu": str(plan.addressing.mtu),
        "speed": str(ports.rate_mbps[index]),
        "subport": str(ports.bore[index] + 1 if is_split else 0),
    }
    if ports.alias[index]:
        row["alias"] = ports.alias[index]
    fec = _fec(plan, group, index)
    return {**row, "fec": fec} if fec else row


def _fec(plan: Plan, group: PlanGroup, port: int) -> str:
    """Return SONiC's word for the FEC of a port: what the catalogue says of the switch, or what the lanes need.

    It is "" when SONiC has no word for that of the catalogue, and when the lanes need none.
    """
    fact = plan.parts[group.model].facts.get("fec")
    if fact is None:
        lanes, rate_mbps = group.ports.lanes[port], group.ports.rate_mbps[port]
        return "rs" if any(rate_mbps == lanes * each > 0 for each in _PAM4_LANES_MBPS) else ""
    word = str(fact.value).lower()
    return "rs" if word.startswith("rs") else word if word in ("fc", "none", "auto") else ""


# ------------------------------------------------------------------ a switch


def _table(rows: Iterable[str]) -> str:
    return "{\n    " + ",\n    ".join(rows) + "\n  }"


def _rows(rows: Mapping[str, Mapping[str, str]]) -> str:
    return _table([f"{json.dumps(key)}: {_text(row)}" for key, row in rows.items()])


_MAP_TEXTS = {
    name: _table([f"{json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items()])
    for name, rows in sonic_qos.MAP_TABLES.items()
}
_QOS_ROW = _text(sonic_qos.PORT_QOS_ROW)
_WATCHDOG_ROW = _text(sonic_qos.WATCHDOG_ROW)
_WATCHDOG_GLOBAL = f'"GLOBAL": {_text(sonic_qos.WATCHDOG_GLOBAL_ROW)}'


def _render(switch: SwitchConfig, group: _GroupRows, mac: str) -> str:
    keys = [group.key[port.port_index] for port in reversed(switch.ports)]
    tables = {
        **_MAP_TEXTS,
        "DEVICE_METADATA": _rows({"localhost": _metadata(switch, mac)}),
        "LOOPBACK_INTERFACE": _rows({"Loopback0": {}, f"Loopback0|{switch.loopback}/32": {}}),
        "PORT": _ports(switch, group),
        "INTERFACE": _interfaces(switch),
        "BGP_NEIGHBOR": _neighbours(switch),
        "CABLE_LENGTH": _cable_lengths(switch),
        "PORT_QOS_MAP": _table([f"{key}: {_QOS_ROW}" for key in keys]) if keys else "",
        "PFC_WD": _table([_WATCHDOG_GLOBAL, *(f"{key}: {_WATCHDOG_ROW}" for key in keys)]) if keys else "",
    }
    return "{\n" + ",\n".join(f'  "{name}": {text}' for name, text in sorted(tables.items()) if text) + "\n}\n"


def _metadata(switch: SwitchConfig, mac: str) -> dict[str, str]:
    return {
        "bgp_asn": str(switch.asn),
        "default_bgp_status": "up",
        "docker_routing_config_mode": "split",
        "hostname": switch.name,
        "hwsku": switch.group.hwsku,
        "mac": mac,
        "platform": switch.group.platform,
        "type": _DEVICE_TYPES[min(switch.group.level, 3)],
    }


def _ports(switch: SwitchConfig, group: _GroupRows) -> str:
    rows = list(group.port_down)
    for port in switch.ports:
        peer = json.dumps(f"{port.peer}:{port.peer_port}")[1:-1]
        rows[port.port_index] = group.port_up[port.port_index] % peer
    return _table([f"{key}: {row}" for key, row in zip(group.key, rows, strict=True)])


def _interfaces(switch: SwitchConfig) -> str:
    rows: list[str] = []
    for port in reversed(switch.ports):
        name = json.dumps(port.name)[1:-1]
        if port.address:
            rows += [f'"{name}": {{}}', f'"{name}|{port.address}/31": {{}}']
        elif port.is_uplink:
            rows.append(f'"{name}": {{"ipv6_use_link_local_only": "enable"}}')
    return _table(rows) if rows else ""


def _neighbours(switch: SwitchConfig) -> str:
    rows = {
        port.peer_address: {"asn": str(port.peer_asn), "local_addr": port.address, "name": port.peer}
        for port in reversed(switch.ports)
        if port.address and port.is_uplink
    }
    return _rows(rows) if rows else ""


def _cable_lengths(switch: SwitchConfig) -> str:
    # SONiC's buffer manager reads the list of this name.
    lengths = {port.name: f"{-(-port.length_mm // 1000)}m" for port in reversed(switch.ports) if port.length_mm >= 0}
    # A line for each port: one cable of another length is one line of a diff.
    rows = ",\n".join(f"      {json.dumps(port)}: {json.dumps(length)}" for port, length in lengths.items())
    return _table([f'"AZURE": {{\n{rows}\n    }}']) if lengths else ""
