"""The InfiniBand fabric that the compiler emits is a fat tree to OpenSM, and what is read back is the cut sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.engine.harness.ib_netfile import IbLink, read_netfile
from tests.engine.harness.infiniband import route

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=[1, 2])
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compile the H100 design at one and at two scalable units."""
    folder = tmp_path_factory.mktemp(f"superpod-{request.param}su")
    design = ROOT / "examples/superpod-h100/design.optd"
    arguments = ["compile", str(design), "-p", f"su={request.param}", "-o", str(folder / "out")]
    assert main([*arguments, "--lock", str(folder / "optidsl.lock")]) == 0
    yield folder / "out"


def _cut_sheet(out: Path) -> set[frozenset[tuple[str, int]]]:
    """Return both ends of every cable of the cut sheet as (device and host adapter, port number)."""
    with (out / "cabling/cables.csv").open(encoding="utf-8", newline="") as file:
        return {frozenset((_end(row, "a"), _end(row, "z"))) for row in csv.DictReader(file)}


def _end(row: dict[str, str], side: str) -> tuple[str, int]:
    node, port = row[f"{side}_node"], row[f"{side}_port"]
    if row[f"{side}_role"] in ("leaf", "spine", "core"):
        cage, bore = map(int, port.split("/"))
        return node, 2 * (cage - 1) + bore
    return f"{node} {row[f'{side}_alias'] or 'HCA-1'}", 1


def test_opensm_routes_it_as_a_fat_tree_and_reads_back_the_cut_sheet(compiled: Path) -> None:
    fabric = compiled / "infiniband/compute"
    result = route(fabric / "topology.net", root_guids=fabric / "root_guids.txt", cn_guids=fabric / "cn_guids.txt")
    assert result.errors == ()
    assert result.is_ftree
    assert result.unreached == ()
    assert result.links == read_netfile(fabric / "topology.net").links
    assert {frozenset(link) for link in result.links} == _cut_sheet(compiled)


def test_two_swapped_cables_are_found(compiled: Path, tmp_path: Path) -> None:
    planned = read_netfile(compiled / "infiniband/compute/topology.net")
    swapped = tmp_path / "swapped.net"
    swapped.write_text(_swap_two_cables((compiled / "infiniband/compute/topology.net").read_text()))
    found = route(swapped).links
    missing, unexpected = planned.links - found, found - planned.links
    assert len(missing) == 2
    assert len(unexpected) == 2
    assert _devices(missing) == _devices(unexpected)


def _devices(links: frozenset[IbLink] | set[IbLink]) -> set[str]:
    return {name for link in links for name, _ in link}


def _swap_two_cables(text: str) -> str:
    """Exchange the far ends of two hosts' cables, at all four ends."""
    lines = text.splitlines()
    hosts = [i for i, line in enumerate(lines) if line.startswith("Ca\t")]
    first, second = hosts[0], hosts[1]
    one, two = lines[first + 1].split('"')[1::2][0], lines[second + 1].split('"')[1::2][0]
    assert one != two
    ids = [lines[i].split('"')[1] for i in (first, second)]
    lines[first + 1], lines[second + 1] = lines[second + 1], lines[first + 1]
    marks = {ids[0]: "\0one\0", ids[1]: "\0two\0"}
    for i, line in enumerate(lines):
        if line.startswith("["):
            for name, mark in marks.items():
                line = line.replace(f'"{name}"', f'"{mark}"')
            line = line.replace("\0one\0", ids[1]).replace("\0two\0", ids[0])
            lines[i] = line
    return "\n".join(lines) + "\n"
