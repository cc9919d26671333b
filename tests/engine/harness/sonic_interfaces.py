"""Configure interfaces as SONiC's intfmgrd does from a ``config_db.json``: FRR in split mode leaves them to it."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from tests.engine.harness import netns


def configure(path: Path, space: str, ports: Collection[str]) -> None:
    """Give the interfaces of a namespace the addresses of a database, and link-local ones where it enables them.

    ``lo`` stands for Loopback0: not every kernel has dummy interfaces, and to routing they are the same.
    Ports that have no interface are left out, as intfmgrd waits for theirs.

    Args:
        path: a ``config_db.json``.
        space: the namespace.
        ports: interfaces in it.
    """
    database = json.loads(path.read_text(encoding="utf-8"))
    rows = database.get("INTERFACE", {})
    keys = [key for table in (rows, database.get("LOOPBACK_INTERFACE", {})) for key in table if "|" in key]
    addresses = [key.replace("Loopback0|", "lo|", 1).split("|") for key in keys]
    netns.add_addresses(space, [(port, prefix) for port, prefix in addresses if port == "lo" or port in ports])
    enabled = {port for port, row in rows.items() if row.get("ipv6_use_link_local_only") == "enable"}
    netns.disable_ipv6(space, sorted(set(ports) - enabled))
