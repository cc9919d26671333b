"""Load an emitted fabric into ibsim, let OpenSM route it, and read it back with ibnetdiscover.

The net file is what ``ibnetdiscover`` prints. ibsim 0.10 shows every link as 4xSDR: cabling and routing
are proven here, link speed is not.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.engine.harness import netns, require_engine, require_root, unavailable
from tests.engine.harness.frr_daemons import wait_until
from tests.engine.harness.ib_netfile import IbLink, NetFile, parse_netfile, read_netfile
from tests.engine.harness.ib_routes import parse_forwarding_tables, unreached

__all__ = ["IbLink", "IbResult", "NetFile", "parse_netfile", "read_netfile", "route", "simulated"]

_ERROR = re.compile(r"\bERR \w+:|FATAL")


@dataclass(frozen=True)
class IbResult:
    """What the engines say about a fabric.

    Attributes:
        errors: lines of OpenSM's log that hold an error.
        engine_used: the routing engine that built the tables, such as ``ftree`` or ``minhop``.
        links: the cables that ibnetdiscover found.
        unreached: pairs of a switch and a host that OpenSM's tables do not lead to from there.
        log: OpenSM's whole log.
    """

    errors: tuple[str, ...]
    engine_used: str
    links: frozenset[IbLink]
    unreached: tuple[tuple[str, str], ...]
    log: str

    @property
    def is_ftree(self) -> bool:
        """Tell whether OpenSM took the fabric for a fat tree and routed it as one, without an error."""
        return self.engine_used == "ftree" and not self.errors


def route(
    path: Path,
    *,
    engine: str = "ftree",
    root_guids: Path | None = None,
    cn_guids: Path | None = None,
    partitions: Path | None = None,
    timeout_s: float = 120.0,
) -> IbResult:
    """Simulate a fabric, route it and read it back.

    Args:
        path: the net file.
        engine: routing engine that OpenSM is asked for.
        root_guids: file of the GUIDs of the root switches.
        cn_guids: file of the port GUIDs of the compute nodes.
        partitions: ``partitions.conf``.
        timeout_s: patience with each program.

    Returns:
        OpenSM's verdict and the cables that were found.
    """
    words = ["-R", engine]
    for flag, file in (("-a", root_guids), ("-u", cn_guids), ("-P", partitions)):
        if file is not None:
            words += [flag, str(file.resolve())]
    with simulated(path) as fabric:
        log = fabric.route(words, timeout_s)
        found = parse_netfile(fabric.discover(timeout_s))
        tables = parse_forwarding_tables(fabric.forwarding_tables())
    errors = tuple(line for line in log.splitlines() if _ERROR.search(line))
    used = re.findall(r"(\w[\w-]*) tables configured on all switches", log)
    lost = tuple(unreached(tables, found.links, found.hosts))
    return IbResult(errors, used[-1] if used else "none", found.links, lost, log)


class SimulatedFabric:
    """A fabric that ibsim holds inside a network namespace of its own (its sockets are abstract)."""

    def __init__(self, space: str, folder: Path, host: str) -> None:
        """Remember where the simulator runs.

        Args:
            space: its network namespace.
            folder: for logs and caches.
            host: node description of the adapter that the programs attach to.
        """
        self._space = space
        self._folder = folder
        folders = dict.fromkeys(("OSM_CACHE_DIR", "OSM_TMP_DIR"), str(folder))
        self._env = {**os.environ, **folders, "LD_PRELOAD": _simulated_umad(), "SIM_HOST": host}

    def run(self, program: str, *words: str, package: str, timeout_s: float) -> str:
        """Run a program as if on a host of the fabric.

        Args:
            program: its name.
            words: its arguments.
            package: the Debian package that has it.
            timeout_s: patience.

        Returns:
            What it printed.
        """
        command = [*netns.inside(self._space), require_engine(program, package), *words]
        run = subprocess.run(
            command,
            env=self._env,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(f"{program} ended with {run.returncode}: {run.stdout[-500:]}{run.stderr[-500:]}")
        return run.stdout

    def route(self, words: list[str], timeout_s: float) -> str:
        """Let OpenSM sweep the fabric once.

        Args:
            words: its arguments.
            timeout_s: patience.

        Returns:
            Its log.
        """
        log = self._folder / "opensm.log"
        arguments = ["-o", "-D", "0x43", "-f", str(log), "--dump_files_dir", str(self._folder), *words]
        self.run("opensm", *arguments, package="opensm", timeout_s=timeout_s)
        return log.read_text(encoding="utf-8", errors="replace")

    def forwarding_tables(self) -> str:
        """Read the tables that OpenSM gave to the switches.

        Returns:
            Content of its dump file.
        """
        return (self._folder / "opensm-lfts.dump").read_text(encoding="utf-8", errors="replace")

    def discover(self, timeout_s: float) -> str:
        """Walk the fabric.

        Args:
            timeout_s: patience.

        Returns:
            What ibnetdiscover printed: a net file.
        """
        return self.run("ibnetdiscover", package="infiniband-diags", timeout_s=timeout_s)


@contextlib.contextmanager
def simulated(path: Path) -> Iterator[SimulatedFabric]:
    """Hold a fabric in ibsim while the body runs.

    Args:
        path: the net file.
    """
    ibsim = require_engine("ibsim", "ibsim-utils")
    require_root()
    file = read_netfile(path)
    if not file.hosts:
        raise ValueError(f"{path} has no channel adapter to attach to")
    n_switches = len(file.switches)
    n_nodes = n_switches + len(file.hosts)
    limits = ["-N", str(n_nodes + 16), "-S", str(n_switches + 16), "-P", str(file.n_ports + n_nodes + 64)]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="optidsl-ib-")))
        (space,) = netns.create(1)
        stack.callback(netns.remove, space)
        log = folder / "ibsim.log"
        out = stack.enter_context(log.open("wb"))
        simulator = subprocess.Popen(
            [*netns.inside(space), ibsim, "-s", "-n", *limits, "-L", "49151", str(path.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        stack.callback(simulator.wait)
        stack.callback(simulator.kill)
        if not wait_until(lambda: _is_started(log, simulator), 60) or simulator.poll() is not None:
            raise RuntimeError(f"ibsim refuses {path.name}: {log.read_text(encoding='utf-8')[-800:]}")
        yield SimulatedFabric(space, folder, file.hosts[0])


def _is_started(log: Path, simulator: subprocess.Popen[bytes]) -> bool:
    return simulator.poll() is not None or "simulator ready" in log.read_text(encoding="utf-8", errors="replace")


def _simulated_umad() -> str:
    found = sorted(Path("/usr/lib").glob("**/umad2sim/libumad2sim.so"))
    if not found:
        unavailable("libumad2sim.so is not installed (apt-get install ibsim-utils, or make engines)")
    return str(found[0])
