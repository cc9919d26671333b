"""Start, load, question and stop the daemons of one FRR router inside a network namespace."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.engine.harness import netns, require_engine

_ETC = Path("/etc/frr")
_RUN = Path("/var/run/frr")
_POLL_S = 0.2


def wait_until(is_done: Callable[[], bool], timeout_s: float) -> bool:
    """Poll until a condition holds.

    Args:
        is_done: the condition.
        timeout_s: patience.

    Returns:
        Whether it held in time.
    """
    deadline = time.monotonic() + timeout_s
    while not is_done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


class Router:
    """The daemons of one router; sockets, configuration and logs lie under the namespace's name."""

    def __init__(self, node: str, space: str, has_bfd: bool) -> None:
        """Describe a router that does not run yet.

        Args:
            node: its name in the design.
            space: its network namespace.
            has_bfd: whether bfdd runs too.
        """
        self.node = node
        self.space = space
        self._names = ["zebra", "staticd", "bgpd"] + (["bfdd"] if has_bfd else [])
        self._run = _RUN / space
        self._etc = _ETC / space
        self._daemons: list[subprocess.Popen[bytes]] = []

    def start(self, config: Path) -> None:
        """Start the daemons, each as a child of this process.

        Args:
            config: the ``frr.conf`` that :meth:`load` is going to read.
        """
        for folder in (self._etc, self._run):
            folder.mkdir(mode=0o755, parents=True)
            shutil.chown(folder, "frr", "frr")
        shutil.copyfile(config, self._etc / "frr.conf")
        (self._etc / "vtysh.conf").touch()
        for name in self._names:
            words = [*netns.inside(self.space), require_engine(name, "frr"), "-N", self.space]
            with (self._run / f"{name}.log").open("wb") as log:
                self._daemons.append(
                    subprocess.Popen(
                        [*words, "-P", "0", "--log", "stdout"],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                    )
                )

    def load(self) -> list[str]:
        """Load the configuration as a router does at boot.

        Returns:
            What the daemons refused, one line each.
        """
        sockets = [self._run / f"{name}.vty" for name in self._names]
        if not wait_until(lambda: all(path.exists() for path in sockets), 30):
            raise RuntimeError(f"{self.node}: a daemon did not start\n{self.log()}")
        # FRR 8.4 leaves an ECMP leg out of the kernel when a link comes back within seconds, because it
        # reuses a nexthop object that the kernel has pruned meanwhile; plain routes have no such objects.
        self._vtysh("-c", "configure terminal", "-c", "no zebra nexthop kernel enable")
        run = self._vtysh("-b")
        lines = (run.stdout + run.stderr).splitlines()
        bad = [line for line in lines if line.startswith(("line ", "%")) or "failure" in line]
        if run.returncode and not bad:
            bad = [f"vtysh -b ended with {run.returncode}"]
        return bad

    def ask(self, command: str) -> str:
        """Put one command to the router.

        Args:
            command: a vtysh command, such as ``show bgp summary``.

        Returns:
            Its answer.
        """
        return self._vtysh("-c", command).stdout

    def log(self) -> str:
        """Read what the daemons printed.

        Returns:
            The end of every daemon's log.
        """
        logs = sorted(self._run.glob("*.log"))
        return "\n".join(f"{path.stem}: {path.read_text(encoding='utf-8')[-800:]}" for path in logs)

    def stop(self) -> None:
        """Stop the daemons and remove the router's files."""
        for daemon in self._daemons:
            daemon.kill()
        for daemon in self._daemons:
            daemon.wait()
        self._daemons.clear()
        for folder in (self._etc, self._run):
            shutil.rmtree(folder, ignore_errors=True)

    def _vtysh(self, *words: str) -> subprocess.CompletedProcess[str]:
        vtysh = require_engine("vtysh", "frr")
        return subprocess.run(
            [vtysh, "-N", self.space, *words], capture_output=True, text=True, check=False, timeout=60
        )


def sweep() -> None:
    """Remove what test runs left behind that were killed before they could clean up."""
    netns.sweep()
    for root in (_ETC, _RUN):
        for folder in root.glob("optidsl-*"):
            if netns.is_stale(folder.name):
                shutil.rmtree(folder, ignore_errors=True)
