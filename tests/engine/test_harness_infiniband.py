"""The InfiniBand harness judges rightly: a right fat tree passes, and each planted fault is found."""

from __future__ import annotations

import itertools
from pathlib import Path

from tests.engine.harness.ib_routes import unreached
from tests.engine.harness.infiniband import IbLink, NetFile, parse_netfile, read_netfile, route

N_LEAVES, N_HOSTS, N_SPINES, N_TRUNKS = 4, 8, 2, 4
GUID = 0x2C90300A00000
Cable = tuple[str, int, str, int]


def fat_tree() -> list[Cable]:
    """Cable hosts to leaves and leaves to spines."""
    hosts = [
        (f"leaf{leaf}", host + 1, f"host{leaf}{host} mlx5_0", 1)
        for leaf, host in itertools.product(range(N_LEAVES), range(N_HOSTS))
    ]
    trunks = [
        (f"leaf{leaf}", N_HOSTS + N_TRUNKS * spine + k + 1, f"spine{spine}", N_TRUNKS * leaf + k + 1)
        for leaf, spine, k in itertools.product(range(N_LEAVES), range(N_SPINES), range(N_TRUNKS))
    ]
    return hosts + trunks


def swapped(cables: list[Cable], a: int, b: int) -> list[Cable]:
    """Exchange the far ends of two cables."""
    out = list(cables)
    out[a], out[b] = (*cables[a][:2], *cables[b][2:]), (*cables[b][:2], *cables[a][2:])
    return out


def netfile(cables: list[Cable]) -> str:
    """Write the net file of a fabric, hosts first."""
    nodes = sorted({end for a, _, b, _ in cables for end in (a, b)}, key=lambda n: (not n.startswith("h"), n))
    guid_by_node = {node: GUID + 0x10 * i for i, node in enumerate(nodes)}
    name_by_node = {n: f"{'H' if n.startswith('h') else 'S'}-{g:016x}" for n, g in guid_by_node.items()}
    ends: dict[str, list[tuple[int, str, int]]] = {node: [] for node in nodes}
    for a, port_a, b, port_b in cables:
        ends[a].append((port_a, b, port_b))
        ends[b].append((port_b, a, port_a))
    records = []
    for node in nodes:
        is_host, guid = node.startswith("h"), guid_by_node[node]
        head = f'{"Ca" if is_host else "Switch"}\t{1 if is_host else 20} "{name_by_node[node]}"\t\t# "{node}"'
        kind = "ca" if is_host else "switch"
        lines = ["vendid=0x2c9", "devid=0x1021", f"sysimgguid={guid:#x}", f"{kind}guid={guid:#x}", head]
        lines += [f'[{port}]\t"{name_by_node[peer]}"[{far}]' for port, peer, far in sorted(ends[node])]
        records.append("\n".join(lines) + "\n")
    return "\n".join(records)


def wanted(cables: list[Cable]) -> frozenset[IbLink]:
    """Give the link set of a fabric."""
    return frozenset(frozenset({(a, port_a), (b, port_b)}) for a, port_a, b, port_b in cables)


def written(folder: Path, cables: list[Cable]) -> tuple[Path, NetFile]:
    """Write a fabric and read it with the pure reader."""
    path = folder / "fabric.net"
    path.write_text(netfile(cables), encoding="utf-8")
    return path, read_netfile(path)


def test_the_reader_finds_every_cable_and_every_inconsistency() -> None:
    """The pure reader, on a right file and on three wrong ones."""
    file = parse_netfile(netfile(fat_tree()))
    assert file.faults == () and file.links == wanted(fat_tree())
    assert (len(file.hosts), len(file.switches)) == (N_LEAVES * N_HOSTS, N_LEAVES + N_SPINES)
    text = netfile(fat_tree())
    assert any("leads elsewhere" in fault for fault in parse_netfile(text.replace("[9]\t", "[19]\t", 1)).faults)
    assert any("used 2 times" in fault for fault in parse_netfile(text.replace("spine1", "spine0")).faults)
    assert any("does not exist" in fault for fault in parse_netfile(text.replace("Switch\t20", "Switch\t15")).faults)


def test_a_right_fat_tree_is_routed_and_read_back(tmp_path: Path) -> None:
    """OpenSM takes it for a fat tree, and ibnetdiscover finds what was written."""
    path, file = written(tmp_path, fat_tree())
    result = route(path)
    assert result.is_ftree, result.log
    assert result.links == file.links == wanted(fat_tree())
    assert result.unreached == ()


def test_a_wrong_forwarding_table_is_found() -> None:
    """The walk, by hand: a missing entry, a dead port and a loop lose the host; the rest arrive."""
    links = wanted([("s1", 1, "h", 1), ("s1", 2, "s2", 1), ("s2", 2, "s3", 1), ("s3", 2, "s4", 1)])
    right = {switch: {"h": 1} for switch in ("s1", "s2", "s3", "s4")}
    assert unreached(right, links, ["h"]) == []
    assert unreached({**right, "s2": {}}, links, ["h"]) == [("s2", "h"), ("s3", "h"), ("s4", "h")]
    assert unreached({**right, "s4": {"h": 9}}, links, ["h"]) == [("s4", "h")]
    assert unreached({**right, "s3": {"h": 2}}, links, ["h"]) == [("s3", "h"), ("s4", "h")]


def test_root_and_compute_guids_are_read(tmp_path: Path) -> None:
    """The same tree with its roots and compute nodes named."""
    path, _ = written(tmp_path, fat_tree())
    roots, hosts = tmp_path / "roots", tmp_path / "hosts"
    n_hosts = N_LEAVES * N_HOSTS
    first_spine = GUID + 0x10 * (n_hosts + N_LEAVES)
    roots.write_text("".join(f"{first_spine + 0x10 * i:#x}\n" for i in range(N_SPINES)), encoding="ascii")
    hosts.write_text("".join(f"{GUID + 0x10 * i + 1:#x}\n" for i in range(n_hosts)), encoding="ascii")
    assert route(path, root_guids=roots, cn_guids=hosts).is_ftree


def test_uplinks_swapped_between_spines_are_found_by_reading_back(tmp_path: Path) -> None:
    """Two trunks of one leaf swapped at the spines: 2 cables are missing and 2 are unexpected."""
    uplink = N_LEAVES * N_HOSTS
    path, _ = written(tmp_path, swapped(fat_tree(), uplink, uplink + N_TRUNKS))
    found = route(path).links
    assert len(wanted(fat_tree()) - found) == len(found - wanted(fat_tree())) == 2


def test_a_host_cable_swapped_with_an_uplink_is_refused_by_opensm(tmp_path: Path) -> None:
    """A host that hangs on a spine makes the fabric something else than a fat tree."""
    path, _ = written(tmp_path, swapped(fat_tree(), 0, N_LEAVES * N_HOSTS + 1 + 2 * N_TRUNKS))
    result = route(path)
    assert not result.is_ftree
    assert result.engine_used != "ftree"
    assert result.errors
