"""The SimGrid harness judges rightly: times follow from bandwidths, and planted faults are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.harness.simgrid import transfer

HEAD = """<?xml version="1.0"?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1"><zone id="pod" routing="Floyd">
"""
N_HOSTS, N_BYTES = 8, 100_000_000
# 400 Gb/s carry 50 GB/s.
RING_S = N_BYTES / 50e9


def platform(folder: Path, *, uplink_gbps: int = 1600, n_hosts: int = N_HOSTS, missing: str = "") -> Path:
    """Write two leaves of four 400 Gb/s hosts under one spine, each leaf's uplinks summed into one link."""
    hosts = range(n_hosts)
    lines = [f'<host id="h{i}" speed="1Gf"/>' for i in hosts]
    lines += [f'<router id="{name}"/>' for name in ("leaf0", "leaf1", "spine")]
    ends = [(f"h{i}", f"leaf{i * 2 // n_hosts}", 400) for i in hosts]
    ends += [(f"leaf{i}", "spine", uplink_gbps) for i in (0, 1)]
    lines += [
        f'<link id="{a}-up" bandwidth="{gbps}Gbps" latency="0ns" sharing_policy="SPLITDUPLEX"/>' for a, _, gbps in ends
    ]
    for a, b, _ in ends:
        for src, dst, way in ((a, b, "UP"), (b, a, "DOWN")):
            hop = f'<link_ctn id="{a}-up" direction="{way}"/>'
            lines.append(f'<route src="{src}" dst="{dst}" symmetrical="NO">{hop}</route>')
    path = folder / "platform.xml"
    text = HEAD + "\n".join(line for line in lines if not missing or missing not in line)
    path.write_text(text + "\n</zone></platform>\n", encoding="utf-8")
    return path


def test_a_ring_takes_what_the_bandwidth_says(tmp_path: Path) -> None:
    """Every host sends at its full 400 Gb/s."""
    run = transfer(platform(tmp_path), N_HOSTS, n_bytes=N_BYTES)
    assert run.finish_s == pytest.approx(RING_S, rel=1e-6)
    assert run.hosts == tuple(f"h{i}" for i in range(N_HOSTS))


def test_all_to_all_takes_seven_transfers_per_port(tmp_path: Path) -> None:
    """Non-blocking: the 7 transfers of a host share its port and nothing else."""
    run = transfer(platform(tmp_path), N_HOSTS, pattern="all-to-all", n_bytes=N_BYTES)
    assert run.finish_s == pytest.approx(7 * RING_S, rel=1e-6)


def test_an_oversubscribed_fabric_is_slower(tmp_path: Path) -> None:
    """400 Gb/s of uplink for 16 crossing transfers each way: the uplink decides."""
    run = transfer(platform(tmp_path, uplink_gbps=400), N_HOSTS, pattern="all-to-all", n_bytes=N_BYTES)
    assert run.finish_s == pytest.approx(16 * RING_S, rel=1e-6)


def test_a_missing_host_is_found(tmp_path: Path) -> None:
    """A platform of six hosts is not one of eight."""
    with pytest.raises(ValueError, match="6 hosts, 8 are wanted"):
        transfer(platform(tmp_path, n_hosts=6), N_HOSTS)


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    """SimGrid itself refuses a route over a link that is not there."""
    with pytest.raises(ValueError, match="refuses"):
        transfer(platform(tmp_path, missing='<link id="h3-up"'), N_HOSTS)
