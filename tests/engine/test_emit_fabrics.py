"""Emitted InfiniBand files, routed by OpenSM over ibsim, and platforms that SimGrid simulates."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.emit.configs.infiniband import InfinibandEmitter
from optidsl.emit.simulators.simgrid import SimgridEmitter
from optidsl.plan.model import Plan
from tests.engine.harness.infiniband import read_netfile, route, simulated
from tests.engine.harness.simgrid import transfer
from tests.support.plan_shapes import with_core, with_planes
from tests.support.plans import ethernet_clos, infiniband_rails, two_tier

N_BYTES = 100_000_000
TRANSFER_S = N_BYTES / 50e9
"""400 Gbit/s carry 50 GB/s."""


def written(plan: Plan, folder: Path, subnet: str = "compute") -> Path:
    """Write the files of every subnet and return the folder of one."""
    for path, text in InfinibandEmitter().emit(plan):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "infiniband" / subnet


@pytest.mark.parametrize(
    "plan",
    [infiniband_rails(), two_tier("infiniband", "clos"), with_core(two_tier("infiniband", "clos", n_servers=16))],
    ids=["rails", "clos", "three-tiers"],
)
def test_opensm_routes_the_fabric_as_a_fat_tree_and_finds_every_cable(plan: Plan, tmp_path: Path) -> None:
    folder = written(plan, tmp_path)
    result = route(
        folder / "topology.net",
        root_guids=folder / "root_guids.txt",
        cn_guids=folder / "cn_guids.txt",
        partitions=folder / "partitions.conf",
    )
    assert result.is_ftree, result.errors or result.log[-2000:]
    assert result.unreached == ()
    assert result.links == read_netfile(folder / "topology.net").links
    assert len(result.links) == len(plan.links.segment)


def test_opensm_takes_its_roots_from_the_emitted_file(tmp_path: Path) -> None:
    plan = infiniband_rails(n_spines=3)
    folder = written(plan, tmp_path)
    log = route(folder / "topology.net", root_guids=folder / "root_guids.txt").log
    assert "Fabric has 3 switches at rank 0 (roots)" in log


def test_opensm_reads_its_configuration(tmp_path: Path) -> None:
    folder = written(infiniband_rails(), tmp_path)
    conf = folder / "opensm.conf"
    conf.write_text(conf.read_text(encoding="utf-8").replace("/etc/opensm", str(folder)), encoding="utf-8")
    with simulated(folder / "topology.net") as fabric:
        log = fabric.route(["-F", str(conf)], 60)
    assert "ftree tables configured on all switches" in log
    assert " ERR " not in log


def test_each_plane_is_routed_by_itself(tmp_path: Path) -> None:
    plan = with_planes(infiniband_rails())
    for subnet in ("compute-p0", "compute-p1"):
        folder = written(plan, tmp_path, subnet)
        result = route(folder / "topology.net", root_guids=folder / "root_guids.txt")
        assert result.is_ftree, result.errors
        assert len(result.links) == len(plan.links.segment) // 2


# ------------------------------------------------------------------ SimGrid


def platform(plan: Plan, folder: Path) -> Path:
    """Write the platform of the fabric `compute`."""
    path = folder / "platform.xml"
    files = dict(SimgridEmitter().emit(plan))
    path.write_text(files["simulators/simgrid/compute/platform.xml"], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("plan", "n_hosts"), [(ethernet_clos(), 8), (infiniband_rails(), 32)], ids=["cluster", "zones"]
)
def test_a_non_blocking_fabric_is_limited_by_its_hosts_alone(plan: Plan, n_hosts: int, tmp_path: Path) -> None:
    path = platform(plan, tmp_path)
    ring = transfer(path, n_hosts, n_bytes=N_BYTES)
    assert ring.finish_s == pytest.approx(TRANSFER_S, rel=1e-3)
    everybody = transfer(path, n_hosts, pattern="all-to-all", n_bytes=N_BYTES)
    assert everybody.finish_s == pytest.approx((n_hosts - 1) * TRANSFER_S, rel=1e-3)


def test_an_oversubscribed_tier_decides(tmp_path: Path) -> None:
    # Four hosts of a leaf share one cable upwards, and each sends to the twelve hosts of the other leaves.
    plan = with_core(two_tier("infiniband", "clos", n_servers=16))
    run = transfer(platform(plan, tmp_path), 16, pattern="all-to-all", n_bytes=N_BYTES)
    assert run.finish_s == pytest.approx(4 * 12 * TRANSFER_S, rel=1e-3)


def test_both_forms_of_one_fabric_agree(tmp_path: Path) -> None:
    # Twice the cables at half as many leaf ports used: one form is a cluster, the other zones, both non-blocking.
    one = two_tier("ethernet", "clos", n_spines=4, n_leaves=4, n_servers=16)
    two = two_tier("ethernet", "clos", n_spines=2, n_leaves=4, n_servers=16, n_parallel=2)
    runs = [transfer(platform(plan, tmp_path), 16, pattern="all-to-all", n_bytes=N_BYTES) for plan in (one, two)]
    assert runs[0].finish_s == pytest.approx(runs[1].finish_s, rel=1e-3)


def test_a_thousand_hosts_load_in_seconds(tmp_path: Path) -> None:
    plan = two_tier("infiniband", "clos", n_spines=16, n_leaves=32, n_servers=1_024, n_parallel=2)
    run = transfer(platform(plan, tmp_path), 1_024, n_bytes=N_BYTES, timeout_s=30)
    assert run.finish_s == pytest.approx(TRANSFER_S, rel=1e-3)
