"""Routers run the emitted configurations of a small Clos: every session up, every path used, a cut healed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from optidsl.cli.main import main
from tests.engine.harness import bgp_model, sonic
from tests.engine.harness.frr import FrrLab, Link, dryrun_all

DESIGN = Path(__file__).resolve().parent / "designs/small_clos.optd"


@pytest.fixture(scope="module", params=["unnumbered", "numbered"])
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the small Clos in both modes of addressing."""
    folder = tmp_path_factory.mktemp(request.param)
    text = DESIGN.read_text().replace("  fabric ", f"  addressing {{ mode = {request.param} }}\n\n  fabric ", 1)
    design = folder / "design.optd"
    design.write_text(text)
    assert main(["compile", str(design)]) == 0
    return folder / "generated"


def _links(out: Path) -> list[Link]:
    """Return the switch-to-switch links of the cut sheet; a twin-port cable (`a+b`) holds two."""
    switches = {"leaf", "spine", "core"}
    with (out / "cabling/cables.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if {row["a_role"], row["z_role"]} <= switches]
    return [
        Link(row["a_node"], a_port, row["z_node"], z_port)
        for row in rows
        for a_port, z_port in zip(row["a_port"].split("+"), row["z_port"].split("+"), strict=True)
    ]


def _loopbacks(out: Path) -> dict[str, list[str]]:
    found = {}
    for path in sorted(out.glob("configs/*/config_db.json")):
        rows = json.loads(path.read_text())["LOOPBACK_INTERFACE"]
        found[path.parent.name] = [key.split("|")[1] for key in rows if "|" in key]
    return found


def test_vtysh_accepts_every_file_and_refuses_a_mutant(compiled: Path, tmp_path: Path) -> None:
    paths = sorted(compiled.glob("configs/*/frr.conf"))
    assert len(paths) == 6
    assert dryrun_all(compiled / "configs") == {}
    for path in paths:
        mutant = tmp_path / path.parent.name / "frr.conf"
        mutant.parent.mkdir()
        mutant.write_text(path.read_text().replace("bgp router-id", "bgp ruoter-id", 1))
    assert sorted(dryrun_all(tmp_path)) == [path.parent.name for path in paths]


def test_the_routers_converge_and_heal(compiled: Path) -> None:
    configs, links = compiled / "configs", _links(compiled)
    assert len(links) == 16
    asn, loopbacks = bgp_model.asn_by_node(configs), _loopbacks(compiled)
    assert sorted(asn) == sorted(loopbacks)
    cables = [tuple(link) for link in links]
    expected = bgp_model.expected_widths(cables, asn, loopbacks)
    leaves = [name for name in asn if "-leaf" in name]
    others = {leaf: {loopbacks[other][0] for other in leaves if other != leaf} for leaf in leaves}
    assert all(expected[leaf][prefix] == 4 for leaf in leaves for prefix in others[leaf])
    with FrrLab(configs, links, has_bfd=False) as lab:
        assert lab.wait_established(n_session_ends=2 * len(links)) == []
        assert lab.wait_routes(expected) == []
        lab.cut(links[0])
        left = bgp_model.without(cables, [cables[0]])
        assert lab.wait_routes(bgp_model.expected_widths(left, asn, loopbacks)) == []
        lab.restore(links[0])
        assert lab.wait_established(n_session_ends=2 * len(links)) == []
        assert lab.wait_routes(expected) == []


def test_the_yang_models_accept_every_database_and_refuse_a_mutant_of_each(compiled: Path) -> None:
    paths = sorted(compiled.glob("configs/*/config_db.json"))
    assert len(paths) == 6
    for path in paths:
        database = json.loads(path.read_text())
        assert sonic.validate(database) == [], path.parent.name
        port = next(iter(database["PORT"]))
        database["PORT"][port]["mtu"] = "96"
        database["PORT"][port]["spede"] = "1"
        assert sonic.validate(database) != [], path.parent.name
