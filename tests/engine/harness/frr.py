"""Run FRRouting on emitted ``frr.conf`` files: one network namespace per router, one veth pair per cable.

A ``config_db.json`` beside an ``frr.conf`` configures the interfaces of that router, as on a switch that runs SONiC.

The routes judged are those of the kernel's table, which is what would carry traffic. Interface names
must be legal in Linux (at most 15 characters, no ``/``): ``Ethernet0`` and ``swp1s0`` are.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.engine.harness import netns, require_engine, require_root, sonic_interfaces
from tests.engine.harness.frr_daemons import Router, sweep, wait_until

RouteWidths = Mapping[str, Mapping[str, int]]
"""Number of ECMP next hops by router and destination prefix."""


class Link(NamedTuple):
    """One cable between two routers."""

    node_a: str
    port_a: str
    node_b: str
    port_b: str


def dryrun(path: Path) -> list[str]:
    """Let vtysh parse one configuration without a router.

    Args:
        path: an ``frr.conf``.

    Returns:
        What vtysh refuses, one line each; empty when it accepts the file.
    """
    vtysh = require_engine("vtysh", "frr")
    run = subprocess.run([vtysh, "--dryrun", "-f", str(path)], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return []
    lines = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    return lines or [f"vtysh ended with {run.returncode}"]


def dryrun_all(config_dir: Path) -> dict[str, list[str]]:
    """Let vtysh parse every router's file.

    Args:
        config_dir: holds ``<node>/frr.conf``.

    Returns:
        The refused lines by router; routers whose file is accepted are absent.
    """
    found = {path.parent.name: dryrun(path) for path in sorted(config_dir.glob("*/frr.conf"))}
    return {node: lines for node, lines in found.items() if lines}


class FrrLab:
    """A running copy of the fabric; use it as a context manager."""

    def __init__(self, config_dir: Path, links: Sequence[Link], *, mtu: int = 9216, has_bfd: bool = True) -> None:
        """Describe the fabric; nothing starts before the ``with`` block.

        Args:
            config_dir: holds ``<node>/frr.conf`` for every router, and ``<node>/config_db.json`` for those of SONiC.
            links: the cables between the routers.
            mtu: MTU of every interface, in bytes.
            has_bfd: whether bfdd runs too; leave it out above about 80 routers.
        """
        self.config_dir = config_dir
        self.links = list(links)
        self.nodes = sorted(path.parent.name for path in config_dir.glob("*/frr.conf"))
        self.load_errors: dict[str, list[str]] = {}
        self._mtu = mtu
        self._has_bfd = has_bfd
        self._routers: dict[str, Router] = {}
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> FrrLab:
        """Wire the namespaces, start the daemons and load the files.

        Returns:
            The lab itself; :attr:`load_errors` holds what the daemons refused, by router.
        """
        unknown = {end for link in self.links for end in (link.node_a, link.node_b)} - set(self.nodes)
        if unknown:
            raise ValueError(f"links name routers without frr.conf: {sorted(unknown)}")
        require_engine("zebra", "frr")
        require_root()
        with contextlib.ExitStack() as stack:
            stack.enter_context(netns.roomy_neighbour_tables(len(self.links)))
            sweep()
            self._wire(stack)
            for node, router in self._routers.items():
                stack.callback(router.stop)
                router.start(self.config_dir / node / "frr.conf")
            for node, router in self._routers.items():
                if refused := router.load():
                    self.load_errors[node] = refused
            self._exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the daemons started here and remove the namespaces."""
        self._exit.close()

    def _wire(self, stack: contextlib.ExitStack) -> None:
        spaces = netns.create(len(self.nodes))
        for space in spaces:
            stack.callback(netns.remove, space)
        self._routers = {
            node: Router(node, space, self._has_bfd) for node, space in zip(self.nodes, spaces, strict=True)
        }
        cables = [
            (self._routers[link.node_a].space, link.port_a, self._routers[link.node_b].space, link.port_b)
            for link in self.links
        ]
        netns.connect(cables, self._mtu)
        ports: dict[str, set[str]] = {node: set() for node in self.nodes}
        for link in self.links:
            ports[link.node_a].add(link.port_a)
            ports[link.node_b].add(link.port_b)
        for node, router in self._routers.items():
            database = self.config_dir / node / "config_db.json"
            if database.exists():
                sonic_interfaces.configure(database, router.space, ports[node])

    def vtysh(self, node: str, command: str) -> str:
        """Put one command to a router.

        Args:
            node: the router.
            command: a vtysh command, such as ``show bgp summary``.

        Returns:
            Its answer.
        """
        return self._routers[node].ask(command)

    def sessions(self, node: str) -> dict[str, str]:
        """Read the state of a router's BGP sessions.

        Args:
            node: the router.

        Returns:
            The state by neighbour, as FRR names both.
        """
        answer = json.loads(self.vtysh(node, "show bgp neighbors json") or "{}")
        return {name: row["bgpState"] for name, row in answer.items() if isinstance(row, dict)}

    def wait_established(self, timeout_s: float = 60.0, n_session_ends: int | None = None) -> list[str]:
        """Wait until every configured BGP session is up.

        Args:
            timeout_s: patience.
            n_session_ends: configured neighbours that must exist in all; by default two per link.

        Returns:
            What is wrong after that time, one line each; empty when all is well.
        """
        wanted = 2 * len(self.links) if n_session_ends is None else n_session_ends
        state_by_node: dict[str, dict[str, str]] = {}
        faults: list[str] = []

        def has_settled() -> bool:
            faults.clear()
            for node in self.nodes:
                if set(state_by_node.get(node, {}).values()) != {"Established"}:
                    state_by_node[node] = self.sessions(node)
                down = {k: v for k, v in state_by_node[node].items() if v != "Established"}
                faults.extend(f"{node}: neighbour {peer} is {state}" for peer, state in sorted(down.items()))
            n = sum(map(len, state_by_node.values()))
            if n != wanted:
                faults.append(f"{n} BGP neighbours are configured, {wanted} are wanted")
            return not faults

        wait_until(has_settled, timeout_s)
        return list(faults)

    def wait_bfd(self, timeout_s: float = 20.0) -> list[str]:
        """Wait until every BFD session is up.

        Args:
            timeout_s: patience.

        Returns:
            The sessions that are not up after that time, as ``router: interface``.
        """
        down: list[str] = []

        def has_settled() -> bool:
            down.clear()
            for node in self.nodes:
                peers = json.loads(self.vtysh(node, "show bfd peers json") or "[]")
                down.extend(
                    f"{node}: {peer.get('interface', peer.get('peer'))}" for peer in peers if peer.get("status") != "up"
                )
            return not down

        wait_until(has_settled, timeout_s)
        return sorted(down)

    def fib(self, node: str) -> dict[str, list[str]]:
        """Read the routes that BGP installed in a router's kernel table.

        Args:
            node: the router.

        Returns:
            Outgoing interfaces (one per live next hop, sorted) by prefix; host routes carry their length.
        """
        table: dict[str, list[str]] = {}
        space = self._routers[node].space
        for length, family in ((32, "-4"), (128, "-6")):
            for row in json.loads(netns.show_json(space, family, "route", "show", "proto", "bgp") or "[]"):
                legs = row.get("nexthops", [row])
                live = [leg["dev"] for leg in legs if not {"dead", "linkdown"} & set(leg.get("flags", []))]
                prefix = row["dst"] if "/" in row["dst"] else f"{row['dst']}/{length}"
                table.setdefault(prefix, []).extend(live)
        return {prefix: sorted(ports) for prefix, ports in table.items()}

    def route_faults(self, expected: RouteWidths) -> list[str]:
        """Compare the kernels' tables with what is expected.

        Args:
            expected: number of next hops by router and prefix; 0 means that the route must be absent.

        Returns:
            The differences, one line each.
        """
        faults = []
        for node, width_by_prefix in sorted(expected.items()):
            table = self.fib(node)
            for prefix, width in sorted(width_by_prefix.items()):
                ports = table.get(prefix, [])
                if len(ports) != width:
                    faults.append(f"{node}: {prefix} has {len(ports)} next hops {ports}, wanted {width}")
        return faults

    def wait_routes(self, expected: RouteWidths, timeout_s: float = 30.0) -> list[str]:
        """Wait until the kernels' tables hold what is expected.

        Args:
            expected: as for :meth:`route_faults`.
            timeout_s: patience.

        Returns:
            The differences left after that time; empty when all is well.
        """
        left: list[str] = []

        def has_settled() -> bool:
            left[:] = self.route_faults(expected)
            return not left

        wait_until(has_settled, timeout_s)
        return list(left)

    def ping(self, node: str, target: str, source: str, timeout_s: int = 5) -> bool:
        """Send packets through the fabric until one is answered.

        Args:
            node: the router that sends.
            target: address of another router's loopback.
            source: address of the sender's loopback.
            timeout_s: patience, in whole seconds.

        Returns:
            Whether an answer came.
        """
        words = netns.inside(self._routers[node].space)
        words += [require_engine("ping", "iputils-ping"), "-n", "-c", "1", "-i", "0.2"]
        words += ["-w", str(timeout_s), "-I", source, target]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    def add_route(self, node: str, prefix: str, gateway: str) -> None:
        """Give a node a route, as the administrator of a server does.

        Args:
            node: the router, or server.
            prefix: the destination.
            gateway: address of the neighbour that knows more.
        """
        words = [*netns.inside(self._routers[node].space), "ip", "route", "add", prefix, "via", gateway]
        subprocess.run(words, capture_output=True, check=True)

    def cut(self, link: Link) -> None:
        """Cut a cable: both ends lose carrier.

        Args:
            link: one of :attr:`links`.
        """
        netns.set_link(self._routers[link.node_a].space, link.port_a, is_up=False)

    def restore(self, link: Link) -> None:
        """Mend a cable that was cut.

        Args:
            link: one of :attr:`links`.
        """
        netns.set_link(self._routers[link.node_a].space, link.port_a, is_up=True)
