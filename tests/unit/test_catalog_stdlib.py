"""The standard library: every part builds, every number has a source, and the parts tell what their makers publish."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from optidsl._context import Context
from optidsl._resources import stdlib_module, stdlib_modules
from optidsl.catalog.facts import all_parts, everything, facts_of
from optidsl.catalog.lint import count_by_confidence, lint
from optidsl.catalog.parts import BreakoutMode, Lanes, SwitchModel
from optidsl.catalog.rules import rules_about
from optidsl.catalog.search import search
from optidsl.catalog.show import describe
from optidsl.fabric.box import Box, box_at
from optidsl.fabric.ports import switch_ports
from optidsl.fabric.tables import PortMap
from optidsl.modules import load_implicit, resolve
from optidsl.syntax.printer import format_source
from tests.support.library import standard

DESIGN = """optd 1
use std.servers  { dgx-h100 }
use std.switches { qm9700 }
design common-parts {
  node n { model = dgx-h100 }
  fabric f {
    kind      = clos
    protocol  = infiniband
    endpoints = n.nic.compute
    tier leaf { model = qm9700 }
  }
}
"""


class OneFile:
    """A loader of one design, by default of one that uses servers and switches."""

    def __init__(self, text: str = DESIGN) -> None:
        self.text = text

    def read(self, path: str) -> str | None:
        return self.text if path == "design.optd" else None


IN_VIEW = {
    *("std.cables", "std.fiber", "std.optics", "std.optics-generic", "std.rules"),
    *("std.servers", "std.sources", "std.switches"),
}
"""Modules that a design which uses servers and switches has in view; the others cost it nothing."""


def test_seldom_used_modules_are_loaded_only_when_used() -> None:
    context = Context(OneFile())
    program = resolve("design.optd", context)
    assert program is not None
    loaded = {module.name for module in (*program.modules, *load_implicit(program, context))}
    assert loaded - {"design.optd"} == IN_VIEW
    assert set(stdlib_modules()) > IN_VIEW


def test_no_findings() -> None:
    assert [str(finding) for finding in lint(standard())] == []


def test_every_number_has_a_source() -> None:
    counts = count_by_confidence(standard())
    assert set(counts) <= {"standard", "vendor-doc", "secondary"}
    assert sum(counts.values()) >= 1100


def test_every_block_became_a_part() -> None:
    written = 0
    for name in stdlib_modules():
        found = stdlib_module(name)
        assert found is not None
        blocks = re.findall(r"^([a-z_]+) \S+ \{", found[1], re.MULTILINE)
        written += len([kind for kind in blocks if kind != "use"])
    catalog = standard()
    told = len(catalog.rules) + len(catalog.bundles)
    assert written == len(catalog.sources) + len(list(everything(catalog))) + told


def test_every_source_is_cited() -> None:
    texts = [found[1] for name in stdlib_modules() if (found := stdlib_module(name)) is not None]
    cited = set(re.findall(r"\bcite ([a-z0-9-]+)", "\n".join(texts)))
    assert set(standard().sources) - cited == set()


def test_every_module_describes_itself() -> None:
    for part in everything(standard()):
        text = describe(standard(), part.name)
        assert text is not None
        assert text.startswith(part.name)
        assert facts_of(part)


def test_every_grade_and_connector_of_an_assembly_is_a_part() -> None:
    catalog = standard()
    for cable in catalog.fiber_cables.values():
        assert cable.grade.value in catalog.fiber_grades
        assert cable.connector.value in catalog.connectors
        assert catalog.fiber_grades[cable.grade.value].medium.value == cable.medium.value


@pytest.mark.parametrize(
    ("name", "bores", "form_factor", "reach_m", "power_w"),
    [
        ("mms4x00-ns", 2, "osfp", {"os2": 100}, 17),
        ("mms4x00-ns-flt", 2, "osfp-rhs", {"os2": 100}, 17),
        ("mms4x00-nm", 2, "osfp", {"os2": 500}, 17),
        ("mms4x00-ns400", 1, "osfp-rhs", {"os2": 100}, 9),
        ("mma4z00-ns", 2, "osfp", {"om4": 50, "om3": 30}, 17),
        ("mma4z00-ns400", 1, "osfp-rhs", {"om4": 50, "om3": 30}, 9),
        ("mms4x50-nm", 2, "osfp", {"os2": 2000}, None),
        ("qsfp-dd-400g-dr4", 1, "qsfp-dd", {"os2": 500}, None),
        ("qsfp-dd-400g-fr4", 1, "qsfp-dd", {"os2": 2000}, 12),
    ],
)
def test_modules_as_published(
    name: str, bores: int, form_factor: str, reach_m: dict[str, int], power_w: int | None
) -> None:
    part = standard().transceivers[name]
    assert (part.bores, part.form_factor.value) == (bores, form_factor)
    assert {limit.grade: limit.reach_mm.value // 1000 for limit in part.limits} == reach_m
    assert (None if part.power_max_mw is None else part.power_max_mw.value // 1000) == power_w


def test_long_twin_reaches_only_100_m_towards_an_adapter() -> None:
    faces = standard().transceivers["mms4x00-nm"].faces
    assert [(name, reach.value) for name, reach in faces] == [("mms4x00-ns400", 100_000)]


def test_reaches_assume_two_patch_panels() -> None:
    for part in standard().transceivers.values():
        if part.vendor == "NVIDIA" and part.limits:
            assert part.channel_connections is not None
            assert part.channel_connections.value == 4
            assert part.channel_connection_loss_mdb is not None


def test_lengths_that_somebody_restates_warn() -> None:
    cable = standard().fiber_cables["mfp7e30"]
    assert [length // 1000 for length in cable.lengths_mm.value] == [3, 5, 7, 10, 15, 20, 30, 50, 100, 150]
    assert not cable.lengths_mm.decides
    assert cable.part_number_form == "MFP7E30-N{m:03}"


def test_cage_power_of_the_switches() -> None:
    watts = {name: _watts(model) for name, model in standard().switches.items()}
    assert watts["qm9700"] == [17] * 32
    assert watts["sn5600"] == [18] * 64
    assert watts["sn5400"] == [21, 12, 12, 12] * 16
    assert sum(watt >= 17 for watt in watts["z9864f"]) == 64
    (reverse,) = (_watts(variant) for variant in standard().switches["z9864f"].variants)
    assert sum(watt >= 17 for watt in reverse) == 32
    assert reverse[10:22] == [10, 9, 7, 6, 7, 6, 7, 6, 7, 6, 10, 9]


def _watts(model: SwitchModel) -> list[int]:
    """Return the watts of each cage; the later of two limits that name a cage holds."""
    watts = [0] * model.cages.value
    for limit in model.cage_limits:
        for cage in range(limit.first, limit.last + 1, limit.step):
            watts[cage - 1] = limit.power_mw.value // 1000
    return watts


def test_port_templates() -> None:
    switches = standard().switches
    assert (switches["qm9700"].port_name, switches["qm9700"].port_alias) == ("{cage}/{bore}", "")
    assert (switches["sn5600"].port_name, switches["sn5600"].port_alias) == ("Ethernet{lane}", "etp{cage}{letter}")
    assert switches["qm9700"].lanes.value == Lanes(8, 100_000)
    assert switches["sn5600"].breakout.value == (
        BreakoutMode(1, 800_000),
        BreakoutMode(2, 400_000),
        BreakoutMode(4, 200_000),
    )


def test_dgx_h100_cage_order_is_not_gpu_order() -> None:
    nic = standard().servers["dgx-h100"].nic("compute")
    assert nic is not None
    places = [(port.cage, port.bore, port.gpu, port.rail, port.device) for port in nic.ports]
    assert places == [
        ("OSFP1", 1, 7, 7, "mlx5_11"),
        ("OSFP1", 2, 4, 4, "mlx5_6"),
        ("OSFP2", 1, 6, 6, "mlx5_10"),
        ("OSFP2", 2, 5, 5, "mlx5_9"),
        ("OSFP3", 1, 2, 2, "mlx5_4"),
        ("OSFP3", 2, 1, 1, "mlx5_3"),
        ("OSFP4", 1, 3, 3, "mlx5_5"),
        ("OSFP4", 2, 0, 0, "mlx5_0"),
    ]


@pytest.mark.parametrize("name", ["dgx-h100", "dgx-b200", "hgx-h100-cx7"])
def test_eight_rails_of_400g(name: str) -> None:
    nic = standard().servers[name].nic("compute")
    assert nic is not None
    assert sorted(port.rail for port in nic.ports if port.rail is not None) == list(range(8))
    assert (nic.rate_mbps.value, nic.lanes.value) == (400_000, Lanes(4, 100_000))


def test_b200_does_not_claim_to_know_its_gpus() -> None:
    nic = standard().servers["dgx-b200"].nic("compute")
    assert nic is not None
    assert {(port.gpu, port.device) for port in nic.ports} == {(None, None)}
    assert nic.ports_source.confidence == "secondary"


@pytest.mark.parametrize(
    ("kind", "a", "b", "verdicts"),
    [
        ("in-cage", "mms4x00-ns400", "qm9700", {"forbidden", "warn"}),
        ("in-cage", "mma1z00-ns400", "sn5600", {"forbidden"}),
        ("in-cage", "mms4x00-ns", "qm9700", {"allowed", "warn"}),
        ("in-cage", "mms4x00-ns", "sn5600", set()),
        ("in-cage", "mms4x50-nm", "qm9700", {"limited", "beta", "warn"}),
        ("in-cage", "mms4x00-ns-flt", "dgx-h100", {"allowed"}),
        ("in-cage", "mms4x00-ns400", "dgx-h100", set()),
        ("in-cage", "mma4z00-ns400", "ufm-appliance", {"allowed"}),
        ("faces", "mma4z00-ns", "osfp-400g-sr8", {"forbidden"}),
        ("faces", "osfp-400g-sr8", "mma4z00-ns", {"forbidden"}),
        ("faces", "mms4x00-ns", "mms4x00-ns-flt", set()),
        ("over-cable", "mms4x50-nm", "mfp7e40", {"forbidden"}),
        ("over-cable", "mms4x00-ns", "mfp7e40", set()),
        ("same-module", "mfp7e30", "mfp7e40", {"forbidden"}),
        ("same-module", "mfp7e40", "mfp7e40", set()),
    ],
)
def test_rules(kind: str, a: str, b: str, verdicts: set[str]) -> None:
    catalog = standard()
    by_name = {part.name: part for part in all_parts(catalog)}
    assert {rule.verdict for rule in rules_about(catalog, kind, by_name[a], by_name[b])} == verdicts


def test_search_finds_what_one_would_type() -> None:
    catalog = standard()
    assert [hit.name for hit in search(catalog, "980-9I30H")] == ["mms4x00-ns"]
    assert "qm9700" in [hit.name for hit in search(catalog, "infiniband switch")]
    assert {"dgx-h100", "dgx-b200"} <= {hit.name for hit in search(catalog, "dgx")[:5]}


def test_library_is_plain_text_of_this_edition() -> None:
    for name in stdlib_modules():
        found = stdlib_module(name)
        assert found is not None
        path, text = found
        assert path == f"<std>/{name.removeprefix('std.')}.optd"
        assert text.startswith("optd 1\n")
        assert text.endswith("\n")
        assert all(line == line.rstrip() for line in text.splitlines())


def test_reading_the_catalogue_loads_no_heavy_library() -> None:
    code = (
        "import sys, optidsl.catalog, optidsl.catalog.lint, optidsl.catalog.search, optidsl.catalog.show\n"
        "print(sorted({'numpy', 'pydantic', 'z3', 'networkx', 'jinja2', 'lark'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", stdlib_modules())
def test_library_is_in_canonical_form(name: str) -> None:
    found = stdlib_module(name)
    assert found is not None
    assert format_source(found[1]) == found[1]


@pytest.mark.parametrize(
    ("rate", "names"),
    [
        (400_000, ("Ethernet1/1", "Ethernet2/1", "Ethernet3/1", "Ethernet4/1")),
        (200_000, ("Ethernet1/1", "Ethernet1/5", "Ethernet2/1", "Ethernet2/5")),
        (100_000, ("Ethernet1/1", "Ethernet1/3", "Ethernet1/5", "Ethernet1/7")),
        (50_000, ("Ethernet1/1", "Ethernet1/2", "Ethernet1/3", "Ethernet1/4")),
    ],
)
def test_ports_of_a_7060dx5_have_the_names_of_its_platform_file(rate: int, names: tuple[str, ...]) -> None:
    """The breakout modes of Ethernet0 in platform.json of x86_64-arista_7060dx5_64s, sonic-buildimage."""
    model = standard().switches["dcs-7060dx5-64s"]
    box = box_at(model, rate, rate, model.span)
    assert isinstance(box, Box)
    ports = switch_ports(box, 4, 0)
    assert isinstance(ports, PortMap)
    assert ports.alias[:4] == names
    assert len(set(ports.alias)) == len(ports.alias)
