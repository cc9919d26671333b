"""Published cabling and addressing, port by port: what is emitted, against the tables."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.golden.test_published_families import DESIGNS, only
from tests.support import bgp_faults

Files = dict[str, str]


def compiled(name: str, folder: Path) -> Files:
    """Compile a published design and return its artefacts by path."""
    out = folder / "out"
    assert main(["compile", str(DESIGNS / f"{name}.optd"), "-o", str(out), "--lock", str(folder / "lock")]) == 0
    return {path.relative_to(out).as_posix(): path.read_text("utf-8") for path in out.rglob("*") if path.is_file()}


def cables(files: Files) -> list[dict[str, str]]:
    """Return the rows of the cut sheet that join two switches."""
    rows = csv.DictReader(files["cabling/cables.csv"].splitlines())
    return [row for row in rows if row["a_role"] == "leaf" and row["z_role"] == "spine"]


def test_oracle_two_racks(tmp_path: Path) -> None:
    given, expected = only("oracle-two-rack-cabling")
    rows = cables(compiled("oracle-two-rack-cabling", tmp_path))
    found = []
    for row in rows:
        ends = [f"R{row[f'{end}_rack'][-1]}-U{row[f'{end}_ru']}-{row[f'{end}_port']}" for end in "az"]
        found.append([*ends, f"{float(row['ordered_m']):g}m"])
    assert sorted(found) == sorted(expected)
    assert len(found) == given["racks"] * len(given["leaves_per_rack"]) * given["uplinks_per_leaf"]


@pytest.fixture(scope="module")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return what is emitted for Juniper's frontend fabric."""
    return compiled("juniper-inference-frontend", tmp_path_factory.mktemp("frontend"))


def configs(files: Files) -> Files:
    """Return the configuration of every router, by name."""
    return {path.split("/")[1]: text for path, text in files.items() if re.fullmatch(r"configs/[^/]+/frr\.conf", path)}


def test_juniper_links_and_numbers(frontend: Files) -> None:
    given, expected = only("juniper-inference-frontend")
    routers = {name: bgp_faults.read(text) for name, text in configs(frontend).items()}
    assert {name: router.asn for name, router in routers.items()} == given["asn"]
    assert {name: f"{router.addresses['lo']}/32" for name, router in routers.items()} == given["loopbacks"]
    links = []
    for row in cables(frontend):
        spine, leaf = routers[row["z_node"]], routers[row["a_node"]]
        even, odd = spine.addresses[row["z_port"]], leaf.addresses[row["a_port"]]
        assert odd == bgp_faults.across(even)
        assert int(even.rpartition(".")[2]) % 2 == 0
        assert spine.neighbours[odd] == leaf.asn
        assert leaf.neighbours[even] == spine.asn
        links.append([row["z_node"], row["z_alias"], row["a_node"], row["a_alias"], f"{even}/31"])
    wanted = given["links"]
    assert sorted(link[:3] + link[4:] for link in links) == sorted(link[:3] + link[4:] for link in wanted)
    same_model = ("leaf1", "leaf2")  # leaf3 and leaf4 are boxes with cages of 800G, split in two
    assert sorted(link for link in links if link[2] in same_model) == sorted(
        link for link in wanted if link[2] in same_model
    )
    pairs = {(link[0], link[2]): sum(other[0] == link[0] and other[2] == link[2] for other in links) for link in links}
    assert {
        "links": len(links),
        "distinct_subnets": len({link[4] for link in links}),
        "bgp_sessions": sum(len(router.neighbours) for router in routers.values()) // 2,
        "links_per_leaf_spine_pair": sorted(set(pairs.values())),
        "distinct_asns": len({router.asn for router in routers.values()}),
    } == expected


def test_faults_of_the_published_configurations_are_found_in_a_copy(frontend: Files) -> None:
    texts = configs(frontend)
    assert bgp_faults.faults(texts).total == 0
    wrong = texts["leaf3"].replace("ip address 10.0.5.41/31", "ip address 10.0.5.45/31")
    wrong = wrong.replace("ip address 10.0.5.43/31", "ip address 10.0.5.47/31")
    found = bgp_faults.faults({**texts, "leaf3": wrong})
    assert found.duplicates == ("10.0.5.45", "10.0.5.47")
    assert found.local_missing == ("leaf3: 10.0.5.40", "leaf3: 10.0.5.42")
    assert found.without_peer == ("spine2: 10.0.5.41", "spine2: 10.0.5.43")
    assert found.wrong_asn == ("spine2: 10.0.5.45", "spine2: 10.0.5.47")
    file = only("juniper-inference-frontend")
    assert file[1]["links"] == 16
    assert {
        "duplicate_addresses": len(found.duplicates),
        "bgp_local_address_missing": len(found.local_missing),
        "spine_sessions_without_peer": len(found.without_peer),
    } == fault_counts()


def fault_counts() -> dict[str, int]:
    """Return the published counts of faults."""
    import yaml

    from tests.golden.test_published_families import PUBLISHED

    content = yaml.safe_load((PUBLISHED / "juniper-inference-frontend.yaml").read_text("utf-8"))
    counts: dict[str, int] = content["fault_counts"]
    return counts
