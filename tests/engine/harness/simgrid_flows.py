"""Run transfers over a SimGrid platform; executed by the system's Python, which has SimGrid's binding.

Usage: ``simgrid_flows.py PLATFORM.xml PATTERN N_BYTES``; prints one JSON object.
"""

import json
import sys

from simgrid import Actor, Comm, Engine  # type: ignore[import-not-found]


def main() -> None:
    """Load the platform, let every transfer of the pattern start at once, and wait for the last."""
    path, pattern, n_bytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    # Without these, SimGrid applies factors fitted to TCP clusters and charges 5 % for acknowledgements.
    fair = ["network/model:CM02", "network/crosstraffic:0"]
    fair += ["network/latency-factor:1", "network/bandwidth-factor:1"]
    engine = Engine(["optidsl", *(f"--cfg={word}" for word in fair), "--log=root.thresh:error"])
    engine.load_platform(path)
    hosts = sorted(engine.all_hosts, key=lambda host: (len(host.name), host.name))
    n = len(hosts)
    if pattern == "ring":
        pairs = [(i, (i + 1) % n) for i in range(n)]
    else:
        pairs = [(i, (i + k) % n) for k in range(1, n) for i in range(n)]

    def run() -> None:
        for comm in [Comm.sendto_async(hosts[a], hosts[b], n_bytes) for a, b in pairs]:
            comm.wait()

    Actor.create("transfers", hosts[0], run)
    engine.run()
    names = [host.name for host in hosts]
    print(json.dumps({"finish_s": engine.clock, "hosts": names, "n_links": len(engine.all_links)}))


main()
