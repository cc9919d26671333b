"""Network namespaces that clean up after themselves, even after a run that was killed."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.engine.harness import require_engine, require_root

# The creator's process id is part of the name: what a killed run left behind is recognised by it.
_NAME = re.compile(r"^optidsl-(\d+)-")
_SERIAL = itertools.count(1)
_NEIGHBOUR_LIMIT = 65536
_THRESHOLDS = ("ipv4", "ipv6")


def _ip(*words: str, check: bool = True, text: str | None = None) -> str:
    run = subprocess.run(
        [require_engine("ip", "iproute2"), *words], input=text, capture_output=True, text=True, check=False
    )
    if check and run.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {run.stderr.strip()}")
    return run.stdout


def names() -> list[str]:
    """List the named namespaces of this host.

    Returns:
        Their names, in the order of ``ip netns list``.
    """
    return [line.split()[0] for line in _ip("netns", "list").splitlines() if line.strip()]


def stop_pids(pids: Iterable[int], grace_s: float = 2.0) -> None:
    """End processes by their ids: politely first, then for certain.

    Args:
        pids: the processes to end; those that are gone already are passed over.
        grace_s: how long they may take to end by themselves.
    """
    left = list(pids)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
        deadline = time.monotonic() + grace_s
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if _is_running(pid)]
            if left:
                time.sleep(0.02)
        if not left:
            return


def _is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def is_ours(name: str) -> bool:
    """Tell whether a namespace is one that :func:`create` makes.

    Args:
        name: of the namespace.

    Returns:
        Whether the name has our form.
    """
    return _NAME.match(name) is not None


def is_stale(name: str) -> bool:
    """Tell whether the test run that made a namespace is gone.

    Args:
        name: of the namespace, or of a folder named after it.

    Returns:
        Whether it is ours and its creator runs no more.
    """
    match = _NAME.match(name)
    return match is not None and not _is_running(int(match[1]))


def remove(name: str) -> None:
    """Remove a namespace with every process that still runs in it.

    Args:
        name: a namespace that :func:`create` made, now or in a run that was killed.
    """
    if not is_ours(name):
        raise ValueError(f"{name} is not one of ours")
    stop_pids(int(word) for word in _ip("netns", "pids", name, check=False).split())
    _ip("netns", "delete", name, check=False)


def sweep() -> None:
    """Remove the namespaces of test runs that were killed before they could clean up."""
    for name in names():
        if is_stale(name):
            remove(name)


def create(n: int) -> list[str]:
    """Make namespaces with loopback up and forwarding on.

    Args:
        n: how many.

    Returns:
        Their names, unique on this host.
    """
    require_root()
    sweep()
    made = [f"optidsl-{os.getpid()}-{next(_SERIAL)}" for _ in range(n)]
    _ip("-batch", "-", text="".join(f"netns add {name}\n" for name in made))
    for name in made:
        prepare(name)
    return made


def inside(name: str) -> list[str]:
    """Give the words that run a program inside a namespace.

    Unlike ``ip netns exec`` they mount nothing, so that they work in a container too.

    Args:
        name: the namespace.

    Returns:
        The first words of the command.
    """
    return [require_engine("nsenter", "util-linux"), f"--net=/run/netns/{name}", "--"]


def prepare(name: str) -> None:
    """Bring loopback up and set the sysctls of a router, inside one namespace only.

    Args:
        name: the namespace.
    """
    settings = {
        "net/ipv4/conf/all/forwarding": "1",
        "net/ipv4/conf/all/rp_filter": "0",
        "net/ipv4/conf/default/rp_filter": "0",
        "net/ipv4/fib_multipath_hash_policy": "1",
        "net/ipv6/conf/all/disable_ipv6": "0",
        "net/ipv6/conf/default/disable_ipv6": "0",
        "net/ipv6/conf/all/forwarding": "1",
        "net/ipv6/conf/default/accept_dad": "0",
        "net/ipv6/conf/default/dad_transmits": "0",
    }
    script = "\n".join(f"echo {value} > /proc/sys/{key}" for key, value in settings.items())
    subprocess.run([*inside(name), "sh", "-ec", script], check=True, capture_output=True)
    _ip("-n", name, "link", "set", "lo", "up")


def connect(cables: Sequence[tuple[str, str, str, str]], mtu: int) -> None:
    """Lay virtual cables between interfaces of namespaces, and bring both ends up.

    Args:
        cables: rows of namespace, interface, namespace, interface; the names may repeat between namespaces.
        mtu: MTU of both ends, in bytes.
    """
    by_namespace: dict[str, list[str]] = {}
    for space_a, port_a, space_b, port_b in cables:
        rows = by_namespace.setdefault(space_a, [])
        rows.append(f"link add name {port_a} mtu {mtu} type veth peer name {port_b} mtu {mtu} netns {space_b}")
    for space, rows in by_namespace.items():
        _ip("-n", space, "-batch", "-", text="\n".join(rows) + "\n")
    ends: dict[str, list[str]] = {}
    for space_a, port_a, space_b, port_b in cables:
        ends.setdefault(space_a, []).append(port_a)
        ends.setdefault(space_b, []).append(port_b)
    for space, ports in ends.items():
        text = "".join(f"link set {port} up addrgenmode eui64\n" for port in ports)
        _ip("-n", space, "-batch", "-", text=text)


def set_link(name: str, port: str, is_up: bool) -> None:
    """Cut or mend one end of a cable; the far end loses or gains carrier.

    Args:
        name: the namespace.
        port: the interface in it.
        is_up: the state wanted.
    """
    _ip("-n", name, "link", "set", port, "up" if is_up else "down")


def add_addresses(name: str, addresses: Sequence[tuple[str, str]]) -> None:
    """Give interfaces addresses.

    Args:
        name: the namespace.
        addresses: rows of interface and address with its length.
    """
    text = "".join(f"address add {prefix} dev {port}\n" for port, prefix in addresses)
    _ip("-n", name, "-batch", "-", text=text)


def disable_ipv6(name: str, ports: Sequence[str]) -> None:
    """Take IPv6, link-local addresses included, from interfaces.

    Args:
        name: the namespace.
        ports: the interfaces in it.
    """
    script = "\n".join(f"echo 1 > /proc/sys/net/ipv6/conf/{port}/disable_ipv6" for port in ports)
    subprocess.run([*inside(name), "sh", "-ec", script], check=True, capture_output=True)


def show_json(name: str, *words: str) -> str:
    """Read a table of the kernel inside a namespace.

    Args:
        name: the namespace.
        words: what ``ip -j`` is asked, such as ``route show``.

    Returns:
        JSON text.
    """
    return _ip("-n", name, "-j", *words)


@contextlib.contextmanager
def roomy_neighbour_tables(n_links: int) -> Iterator[None]:
    """Hold room for the neighbours of many unnumbered links while the body runs.

    The kernel shares the neighbour tables between all namespaces: beyond about 500 links the default
    limit overflows and ECMP legs silently stay missing. One run at a time changes the limit.

    Args:
        n_links: number of links that the body is going to bring up.
    """
    if n_links < 200:
        yield
        return
    lock = Path(tempfile.gettempdir()) / "optidsl-neighbour-tables.lock"
    with lock.open("w", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        paths = [Path(f"/proc/sys/net/{kind}/neigh/default/gc_thresh3") for kind in _THRESHOLDS]
        before = [path.read_text(encoding="ascii") for path in paths]
        try:
            for path, value in zip(paths, before, strict=True):
                path.write_text(str(max(_NEIGHBOUR_LIMIT, int(value))), encoding="ascii")
            yield
        finally:
            for path, value in zip(paths, before, strict=True):
                path.write_text(value, encoding="ascii")
