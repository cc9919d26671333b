"""Imports: what device files of other projects say, what is wrong with them, and that the printed block is a part."""

from __future__ import annotations

import json

import pytest

from optidsl.catalog.imports import Imported, import_switch, render
from optidsl.catalog.imports.templates import PortName, fit
from optidsl.catalog.parts import BreakoutMode, Lanes
from optidsl.diag import UsageError
from tests.support.imports import names_of, netbox, part_of, quantum


def message(imported: Imported, name: str) -> str:
    found = [finding.message for finding in imported.findings if finding.name == name]
    assert len(found) == 1, found
    return found[0]


# ------------------------------------------------------------------ NetBox


def test_ports_that_are_absent_are_counted_and_named() -> None:
    found = import_switch(quantum(("P22.1", "P23.0")), "QM9700.yaml")
    assert message(found, "import-ports-missing") == ("62 of 64 ports (32 cages x 2 ports): P22.1 and P23.0 are absent")
    part = part_of(found)
    assert (part.cages.value, part.lanes.value) == (32, Lanes(8, 100_000))
    assert part.breakout.value == (BreakoutMode(2, 400_000),)
    assert part.port_name == "P{cage0}.{bore0}"
    assert part.cages.confidence == "secondary"


def test_infiniband_typed_as_ethernet() -> None:
    found = import_switch(quantum(), "QM9700.yaml")
    assert names_of(found) == ["import-protocol-doubtful"]
    assert message(found, "import-protocol-doubtful") == (
        "the interfaces are typed as Ethernet, and QM9700 is a switch of the InfiniBand family"
    )
    assert part_of(found).protocols == ("infiniband",)


def test_words_of_the_file_are_enough_for_a_doubt() -> None:
    text = netbox([("swp1", "400gbase-x-osfp")], u_height="1", comments="an InfiniBand switch")
    found = import_switch(text, "x.yaml")
    assert names_of(found) == ["import-protocol-doubtful"]
    assert part_of(found).protocols == ("ethernet",)


def test_infiniband_types_name_no_plug() -> None:
    ports = [(f"sw{cage}p{bore}", "infiniband-xdr") for cage in range(1, 73) for bore in (1, 2)]
    text = netbox([("fnm1", "infiniband-xdr"), *ports], "Q3400-RA", u_height="4")
    found = import_switch(text, "q.yaml")
    assert names_of(found) == ["import-ports-left-out", "import-incomplete"]
    part = part_of(found)
    assert (part.cages.value, part.lanes.value, part.accepts.value) == (72, Lanes(8, 200_000), ())
    assert (part.port_name, part.protocols) == ("sw{cage}p{bore}", ("infiniband",))


@pytest.mark.parametrize(
    ("height", "words"),
    [
        (None, "the file has no `u_height`: the block has no height"),
        ("1", "64 cages in 1 rack unit: a unit holds 36 at most, so 2 are needed and the block has no height"),
        ("0", "`u_height` is 0, which is no number of rack units: the block has no height"),
        ("1.5", "`u_height` is 1.5, which is no number of rack units: the block has no height"),
    ],
)
def test_height_that_cannot_be(height: str | None, words: str) -> None:
    more = {} if height is None else {"u_height": height}
    found = import_switch(netbox([(f"swp{i}", "100gbase-x-qsfp28") for i in range(1, 65)], **more), "x.yaml")
    assert message(found, "import-height-doubtful") == words
    assert part_of(found).units is None


def test_a_gap_in_the_numbering() -> None:
    ports = [(f"swp{i}", "400gbase-x-qsfpdd") for i in range(1, 33) if i != 7]
    found = import_switch(netbox(ports, u_height="1"), "x.yaml")
    assert message(found, "import-ports-missing") == "31 of 32 ports (32 cages): swp7 is absent"
    part = part_of(found)
    assert (part.cages.value, part.port_name, part.accepts.value) == (32, "swp{cage}", ("qsfp-dd",))
    assert part.units is not None
    assert part.units.value == 1


def test_cages_that_are_not_alike_in_a_device_type() -> None:
    ports = [(f"swp{i}", "200gbase-x-qsfp56") for i in range(1, 25)]
    ports += [(f"swp{i}", "400gbase-x-qsfp112") for i in range(25, 33)]
    found = import_switch(netbox(ports, u_height="1"), "x.yaml")
    assert names_of(found) == ["import-cages-differ"]
    assert message(found, "import-cages-differ") == (
        "the cages are not alike: the block describes those of 200gbase-x-qsfp56 and leaves out 8 of 400gbase-x-qsfp112"
    )


def test_a_port_twice() -> None:
    found = import_switch(netbox([("swp1", "400gbase-x-osfp")] * 2, u_height="1"), "x.yaml")
    assert message(found, "import-duplicate") == "the file lists swp1 2 times"


def test_numbers_that_run_far_are_no_cages() -> None:
    ports = [("swp1", "400gbase-x-osfp"), ("swp999999999", "400gbase-x-osfp")]
    found = import_switch(netbox(ports, u_height="1"), "x.yaml")
    assert names_of(found) == ["import-incomplete"]
    assert part_of(found).cages.value == 2


def test_slot_numbers_that_do_not_vary_are_no_cages() -> None:
    found = import_switch(netbox([(f"Eth1/{i}", "800gbase-x-osfp") for i in range(1, 65)], u_height="2"), "x.yaml")
    assert found.findings == ()
    assert part_of(found).port_name == "Eth1/{cage}"


def test_power_is_the_sum_when_every_supply_states_its_draw() -> None:
    supplies = "\n  - name: a\n    maximum_draw: 1500\n  - name: b\n    maximum_draw: {}"
    for draw, watts in (("1500", 3_000_000), ("", None)):
        text = netbox([("swp1", "400gbase-x-osfp")], u_height="1") + f"power-ports:{supplies.format(draw)}\n"
        power = part_of(import_switch(text, "x.yaml")).power_max_mw
        assert (None if power is None else power.value) == watts


def test_a_rate_that_no_lane_has() -> None:
    found = import_switch(netbox([("swp1", "100gbase-x-osfp")], u_height="1"), "x.yaml")
    assert found.switch is None
    assert names_of(found) == ["import-mode-misfit", "import-no-ports"]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("model: [", "import-unreadable", "the file is not YAML"),
        ("a: 1", "import-unreadable", "it has no `model`"),
        ("- 1", "import-unreadable", "it has no `model`"),
        ("model: X\ninterfaces: 3", "import-unreadable", "`interfaces` is not a list"),
        ("model: X\ninterfaces:\n  - swp1", "import-unreadable", "`interfaces` is not a list"),
        ("model: X", "import-no-ports", "no interface of X has a type whose lanes are known"),
        ("when: 2026-99-99", "import-unreadable", "the file is not YAML"),
        ("{", "import-unreadable", "the file is not JSON"),
        ("[]", "import-unreadable", "it has no map `interfaces`"),
        ("[" * 100_000, "import-unreadable", "the file is not JSON"),
        ('{"interfaces": {}}', "import-no-ports", "the platform lists no interfaces"),
        ('{"interfaces": {"Ethernet0": {"lanes": "0"}}}', "import-unreadable", "interface Ethernet0 has no `index`"),
        ('{"interfaces": {"Ethernet0": 3}}', "import-unreadable", "interface Ethernet0 has no `index`"),
    ],
)
def test_files_that_cannot_be_read(text: str, name: str, words: str) -> None:
    found = import_switch(text, "file")
    assert found.switch is None
    assert [finding.name for finding in found.findings if finding.severity == "error"] == [name]
    assert words in found.findings[-1].message


# ------------------------------------------------------------------ SONiC


def platform(count: int = 4, lanes: int = 8, **changes: dict[str, object]) -> str:
    """Return a platform of 800G cages; `changes` replace fields of interfaces by name."""
    interfaces: dict[str, dict[str, object]] = {}
    for i in range(count):
        interfaces[f"Ethernet{i * lanes}"] = {
            "index": ",".join([str(i + 1)] * lanes),
            "lanes": ",".join(str(lane) for lane in range(i * lanes, (i + 1) * lanes)),
            "breakout_modes": {
                "1x800G[400G, 200G]": [f"etp{i + 1}"],
                "2x400G(8)": [f"etp{i + 1}a", f"etp{i + 1}b"],
            },
        }
    for name, fields in changes.items():
        interfaces.setdefault(name, {}).update(fields)
    return json.dumps({"chassis": {"name": "X-1"}, "interfaces": interfaces}, indent=2)


def test_a_sound_platform() -> None:
    found = import_switch(platform(), "device/acme/x86_64-nvidia_x1-r0/platform.json")
    assert names_of(found) == ["import-incomplete"]
    assert message(found, "import-incomplete") == (
        "the file does not say which plugs the cages of X-1 take: the block accepts none"
    )
    part = part_of(found)
    assert (part.cages.value, part.lanes.value, part.accepts.value) == (4, Lanes(8, 100_000), ())
    assert part.breakout.value == (BreakoutMode(1, 800_000), BreakoutMode(2, 400_000))
    assert (part.port_name, part.port_alias) == ("Ethernet{lane}", "etp{cage}{letter}")
    assert (part.sonic_platform, part.vendor) == ("x86_64-nvidia_x1-r0", "NVIDIA")
    assert part.cages.confidence == "vendor-doc"
    assert (part.units, part.power_max_mw, part.max_ports) == (None, None, None)


def test_modes_that_do_not_fit_are_left_out() -> None:
    modes = {
        "1x800G": ["etp1"],
        "4x200G(16)": ["a", "b", "c", "d"],
        "3x100G": ["e", "f", "g"],
        "2x400G": ["h"],
        "1x300G": ["i"],
    }
    found = import_switch(platform(1, Ethernet0={"breakout_modes": modes}), "p.json")
    assert [finding.message for finding in found.findings if finding.name == "import-mode-misfit"] == [
        "Ethernet0 cannot run as 4x200G(16) on 8 lanes: the mode takes 16 lanes",
        "Ethernet0 cannot run as 3x100G on 8 lanes: 8 lanes cannot be shared equally by 3 ports",
        "Ethernet0 cannot run as 2x400G on 8 lanes: the mode has 2 ports and 1 aliases",
        "Ethernet0 cannot run as 1x300G on 8 lanes: there is no lane of 37.5G",
    ]
    assert part_of(found).breakout.value == (BreakoutMode(1, 800_000),)


def test_one_misfit_of_every_cage_is_told_once() -> None:
    text = platform(64).replace("2x400G(8)", "2x400G(9)")
    found = import_switch(text, "p.json")
    assert message(found, "import-mode-misfit") == (
        "Ethernet0, Ethernet8 and 62 more cannot run as 2x400G(9) on 8 lanes: the mode takes 9 lanes"
    )


def test_a_mode_on_fewer_lanes() -> None:
    modes = {"1x800G": ["etp1"], "2x400G(8)": ["etp1a", "etp1b"], "1x400G(4)": ["etp1"]}
    found = import_switch(platform(1, Ethernet0={"breakout_modes": modes}), "p.json")
    assert part_of(found).breakout.value == (
        BreakoutMode(1, 800_000),
        BreakoutMode(2, 400_000),
        BreakoutMode(1, 400_000, 4),
    )


def test_modes_of_unlike_ports_are_left_out() -> None:
    modes = {"1x800G": ["etp1"], "4x100G(4)+1x400G(4)": ["a", "b", "c", "d", "e"]}
    found = import_switch(platform(1, Ethernet0={"breakout_modes": modes}), "p.json")
    notes = [finding for finding in found.findings if finding.severity == "note"]
    assert [note.message for note in notes] == [
        "Ethernet0 can run as `4x100G(4)+1x400G(4)`, which `breakout` cannot say: the block leaves the mode out"
    ]


def test_lanes_and_aliases_with_two_owners() -> None:
    twin = {"lanes": "7,8,9,10,11,12,13,14", "breakout_modes": {"1x800G": ["etp1"], "2x400G": ["etp2a", "etp2b"]}}
    found = import_switch(platform(2, Ethernet8=dict(twin)), "p.json")
    assert [finding.message for finding in found.findings if finding.name == "import-duplicate"] == [
        "lane 7 belongs to Ethernet0 and Ethernet8: a lane has one owner",
        "Ethernet0 and Ethernet8 both have the alias etp1",
    ]


def test_a_key_twice() -> None:
    text = platform(2).replace('"Ethernet8"', '"Ethernet0"')
    found = import_switch(text, "p.json")
    assert message(found, "import-duplicate") == (
        "the file has `Ethernet0` twice in one object: the later holds, the earlier is lost"
    )


def test_a_gap_in_the_front_indices() -> None:
    text = json.loads(platform(4))
    del text["interfaces"]["Ethernet8"]
    found = import_switch(json.dumps(text), "p.json")
    assert message(found, "import-ports-missing") == (
        "the front indices run to 4 and 2 is absent: 4 were expected, 3 are there"
    )


def test_front_indices_that_run_far() -> None:
    text = platform(2).replace('"2,2,2,2,2,2,2,2"', '"999999999,999999999"')
    found = import_switch(text, "p.json")
    assert message(found, "import-ports-missing") == (
        "the front indices run to 999999999 and 2, 3, 4, 5, 6, 7 and 999999991 more are absent: "
        "999999999 were expected, 2 are there"
    )


def test_slow_ports_are_left_out_quietly() -> None:
    extra = {"index": "5", "lanes": "512", "breakout_modes": {"1x25G[10G]": ["etp5"]}}
    found = import_switch(platform(4, Ethernet512=dict(extra)), "p.json")
    assert names_of(found) == ["import-ports-left-out", "import-incomplete"]
    assert part_of(found).cages.value == 4


def test_cages_with_other_lanes() -> None:
    extra = {"index": "5,5,5,5", "lanes": "64,65,66,67", "breakout_modes": {"1x400G": ["etp5"]}}
    found = import_switch(platform(4, Ethernet64=dict(extra)), "p.json")
    assert message(found, "import-cages-differ") == (
        "the cages are not alike (4 of 8 lanes and 800G and 1 of 4 lanes and 400G): the block describes the 4 that "
        "carry most together"
    )


def test_lanes_without_an_index() -> None:
    found = import_switch(platform(2, Ethernet8={"index": "2,2"}), "p.json")
    assert message(found, "import-cages-differ") == (
        "Ethernet8 has 8 lanes and the front index 2,2: it needs one for each lane"
    )


def test_a_mode_that_some_cages_lack() -> None:
    found = import_switch(platform(4, Ethernet8={"breakout_modes": {"1x800G": ["etp2"]}}), "p.json")
    assert message(found, "import-cages-differ") == "3 of 4 cages can run as 2x400G: the block leaves the mode out"
    assert part_of(found).breakout.value == (BreakoutMode(1, 800_000),)


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("names", "template"),
    [
        (["etp1a", "etp1b", "etp2a", "etp2b"], "etp{cage}{letter}"),
        (["Eth1/1", "Eth1/2", "Eth2/1", "Eth2/2"], "Eth{cage}/{bore}"),
        (["p0.0", "p0.1", "p1.0", "p1.1"], "p{cage0}.{bore0}"),
        (["Ethernet0", "Ethernet4", "Ethernet8", "Ethernet12"], "Ethernet{lane}"),
        (["port1", "port2", "port3", "port4"], "port{port}"),
        (["{1}a", "{1}b", "{2}a", "{2}b"], "{{{cage}}}{letter}"),
        (["x", "y", "z", "w"], None),
        (["etp1a", "etp1b", "etp2a", "etp9b"], None),
    ],
)
def test_templates(names: list[str], template: str | None) -> None:
    ports = [PortName(name, i // 2, i % 2, 2, i * 4) for i, name in enumerate(names)]
    assert fit(ports) == template


def test_no_names_no_template() -> None:
    assert fit([]) is None


@pytest.mark.parametrize(
    ("model", "name"),
    [("SN6600_LD", "sn6600-ld"), ("7220 IXR-H6-64", "model-7220-ixr-h6-64"), ("", "switch"), ("Ö", "switch")],
)
def test_a_model_becomes_a_name(model: str, name: str) -> None:
    text = platform().replace('"X-1"', json.dumps(model))
    found = import_switch(text, "p.json")
    assert found.switch is not None
    assert f"\nswitch_model {name} {{\n" in render(found.switch, "p.json")


def test_a_name_that_is_none() -> None:
    found = import_switch(platform(), "p.json")
    assert found.switch is not None
    with pytest.raises(UsageError, match="--name a b"):
        render(found.switch, "p.json", "a b")
