"""The published compatibility rows of the standard library: each refuses what it forbids, and not its neighbour.

Row numbers are those of the table of compatibility facts.
"""

from __future__ import annotations

from functools import cache

import pytest

from optidsl._context import Context
from optidsl.api import TextLoader, check_text
from optidsl.catalog.firmware import untested
from optidsl.catalog.parts import Catalog, Rule
from optidsl.sema.standard import standard_catalog
from tests.support.designs import messages
from tests.support.one_link import Words, is_accepted, misses, source


@cache
def catalog() -> Catalog:
    """Return the standard catalogue."""
    context = Context(TextLoader({}))
    found = standard_catalog(context)
    assert found is not None, messages(context)
    return found


def rule(name: str) -> Rule:
    """Return a rule of the standard library."""
    return next(each for each in catalog().rules if each.name == name)


def told(**words: str) -> list[str]:
    """Return `name: message` of what rules and firmware have to say of a design."""
    names = ("compatibility-warning", "cannot-conclude", "no-optic-fits", "firmware-untested")
    found = check_text(source(**words)).diagnostics
    return [f"{each.name}: {each.message}" for each in found if each.name in names and "overload" not in each.message]


TWO_PORTS = 'bores_per_cage = 2\n port p1 { cage = "1", bore = 1 }\n port p2 { cage = "1", bore = 2 }'

# ------------------------------------------------------------------ K020 - K025, K067: plugs and cages


def test_k020_a_finned_plug_does_not_go_into_a_connectx_7_cage() -> None:
    found = misses(ports=TWO_PORTS)
    assert found["a mms4x00-ns"] == "mms4x00-ns is osfp, the own-host net cage takes osfp-rhs"
    assert "a mms4x00-ns-flt" not in found


XDR: Words = {
    "module": "switches-more",
    "switch": "q3400-ra",
    "rate": "800Gbps",
    "lanes": "4x200Gbps",
    "uses": "use std.optics-1600g as xdr",
}


def test_k021_air_cooled_xdr_switches_take_finned_plugs_only() -> None:
    found = misses(**XDR)
    assert found["z mms4a00-rhs"] == "mms4a00-rhs is osfp-rhs, the q3400-ra cage takes osfp"
    assert "z mms4a00" not in found


def test_k022_connectx_8_takes_flat_tops_only() -> None:
    server = catalog().servers["gb300-nvl72-tray"]
    assert [nic.accepts.value for nic in server.nics if nic.firmware == "connectx-8"] == [("osfp-rhs",)]
    found = misses(**XDR, ports=TWO_PORTS)
    assert found["a mms4a00"] == "mms4a00 is osfp, the own-host net cage takes osfp-rhs"
    assert "a mms4a00-rhs" not in found


def test_k023_k067_bluefield_3_takes_qsfp112_only() -> None:
    own = [nic for server in catalog().servers.values() for nic in server.nics if nic.firmware == "bluefield-3"]
    assert {nic.accepts.value for nic in own} == {("qsfp112",)}
    found = misses(accepts="qsfp112")
    assert found["a mms4x00-ns400"] == "mms4x00-ns400 is osfp-rhs, the own-host net cage takes qsfp112"
    assert "a mma1z00-ns400" not in found


def test_k025_finned_and_flat_modules_face_each_other() -> None:
    assert is_accepted(bound="module in [optics.mms4x00-ns, optics.mms4x00-ns400]")


# ------------------------------------------------------------------ K027 - K029: speeds and media of XDR


@pytest.mark.parametrize("slower", ["hundred", "fifty"])
def test_k027_lanes_of_200g_do_not_shift_down(slower: str) -> None:
    stated = rule(f"two-hundred-gig-lanes-face-{slower}")
    assert (stated.kind, stated.verdict) == ("faces", "forbidden")


XDR_PART = """
transceiver own-xdr {
  protocols   = [infiniband]
  form_factor = FORM
  lanes       = 4x200Gbps
  modulation  = pam4
  pmd         = "800g-dr4"
  medium      = MEDIUM
  connector   = mpo-12-apc
  power_max   = 14W
}
"""


@pytest.mark.parametrize(
    ("form", "medium", "reason"),
    [
        ("osfp-rhs", "multimode", "multimode is not offered for XDR"),
        ("qsfp112", "singlemode", "QSFP112 is not offered for XDR"),
    ],
)
def test_k029_what_is_not_offered_for_xdr(form: str, medium: str, reason: str) -> None:
    own = XDR_PART.replace("FORM", form).replace("MEDIUM", medium)
    found = misses(**XDR, own=own, accepts=form)
    assert found["a own-xdr"] == f"own-xdr does not go with own-host: {reason}"
    good = XDR_PART.replace("FORM", "osfp-rhs").replace("MEDIUM", "singlemode")
    assert "a own-xdr" not in misses(**XDR, own=good)


CABLE = """
direct_cable own-cable {
  technology    = TECHNOLOGY
  form_factor_a = osfp-rhs
  form_factor_z = osfp
  protocols     = [infiniband]
  lanes         = 8x200Gbps
  bores         = 2
  ends          = 2
  lengths       = [1m]
}
"""


@pytest.mark.parametrize(
    ("technology", "reason"),
    [("dac", "passive copper is not offered for XDR"), ("aoc", "active optical cables are not offered for XDR")],
)
def test_k029_cables_that_are_not_offered_for_xdr(technology: str, reason: str) -> None:
    own = CABLE.replace("TECHNOLOGY", technology).replace("osfp-rhs", "tmp").replace("= osfp\n", "= osfp-rhs\n")
    found = misses(**XDR, own=own.replace("tmp", "osfp"))
    assert found["direct own-cable"] == f"own-cable does not go with own-host: {reason}"
    good = own.replace("tmp", "osfp").replace(f"technology    = {technology}", "technology    = acc")
    assert "direct own-cable" not in misses(**XDR, own=good)


# ------------------------------------------------------------------ K032 - K035: connectors and caps


def test_k032_hdr_modules_take_flat_polish_and_ndr_modules_angled() -> None:
    context = catalog()
    assert context.transceivers["mma4z00-ns400"].connector.value == "mpo-12-apc"
    modules = [part for part in context.transceivers.values() if part.form_factor.value in ("qsfp28", "qsfp56")]
    multimode = [part for part in modules if part.medium.value == "multimode" and part.lanes.value.count == 4]
    assert "mpo-12-apc" not in {part.connector.value for part in multimode}
    assert context.transceivers["mma1t00-vs"].connector.value == "mpo-12-upc"


def test_k033_a_link_reaches_as_far_as_its_shorter_end() -> None:
    bound = "module in [optics.mms4x00-nm, optics.mms4x00-ns400]"
    assert is_accepted(bound=bound, length="100m")
    assert not is_accepted(bound=bound, length="101m")


@pytest.mark.parametrize("name", ["mfp7e10", "mfp7e10-om4", "mfp7e20", "mfp7e40"])
def test_k034_k035_the_longest_channels(name: str) -> None:
    longest = catalog().fiber_cables[name].max_total_mm
    assert longest is not None
    assert longest.value == 50_000


# ------------------------------------------------------------------ K040 - K050: firmware

OWN_DR4 = """
transceiver own-optic {
  part_numbers = ["NUMBER"]
  protocols    = [infiniband, ethernet]
  form_factor  = osfp-rhs
  lanes        = LANES_OF
  modulation   = pam4
  pmd          = "400g-dr4"
  medium       = singlemode
  connector    = mpo-12-apc
  power_max    = 9W
  over os2 { reach = 100m, loss = 3dB }
}
"""


def own_optic(number: str, lanes: str = "4x100Gbps") -> str:
    """Return a module of a part number."""
    return OWN_DR4.replace("NUMBER", number).replace("LANES_OF", lanes)


def runs(family: str, version: str) -> str:
    """Return the statement of a version."""
    return f'firmware {family} {{ version = "{version}" }}'


@pytest.mark.parametrize(("version", "is_refused"), [("28.38.1001", False), ("28.38.1002", True), ("28.38.1900", True)])
def test_k040_mms1v00_wm_in_connectx_7(version: str, is_refused: bool) -> None:
    words: Words = {
        "own": own_optic("MMS1V00-WM"),
        "nic": "firmware = connectx-7",
        "policy": runs("connectx-7", version),
    }
    detail = misses(**words).get("a own-optic", "")
    assert detail == (
        "own-optic does not go with own-host: the link stays down, issue 3363753 "
        f"(connectx-7 firmware 28.38.1002 to 28.38.1900, the design runs {version})"
        if is_refused
        else ""
    )
    assert "a own-optic" not in misses(**{**words, "own": own_optic("OTHER")})


def test_k040_beyond_the_last_list_nothing_is_known() -> None:
    words: Words = {
        "own": own_optic("MMS1V00-WM"),
        "nic": "firmware = connectx-7",
        "policy": runs("connectx-7", "28.47.2682") + runs("quantum-2", "31.2010.1309"),
        "bound": "module in [optics.mms4x00-ns, own-optic]",
    }
    assert told(**words) == [
        "cannot-conclude: `net: host -- leaf`: cannot conclude: own-optic in own-host: the link stays down, "
        "issue 3363753 is last listed for connectx-7 firmware 28.38.1900, the design runs 28.47.2682; nothing is "
        "published beyond"
    ]


@pytest.mark.parametrize("name", ["connectx-7-module-to-hdr", "connectx-7-optical-cable-to-hdr"])
def test_k041_connectx_7_to_hdr_over_long_optics(name: str) -> None:
    stated = rule(name)
    assert (stated.verdict, stated.longer_than_mm, stated.far) == ("warn", 30_000, "lane=50Gbps")


HDR_SWITCH = """
switch_model hdr-switch {
  protocols = [infiniband]
  port_name = "p{{port}}"
  cages     = 8
  lanes     = 4x50Gbps
  accepts   = [qsfp56]
  breakout  = [1x200Gbps]
  units     = 1U
  power_max = 500W
  cage_power { cages = 1..8, power = 17W }
}
direct_cable own-aoc {
  technology    = aoc
  form_factor_a = osfp-rhs
  form_factor_z = qsfp56
  protocols     = [infiniband]
  lanes         = 4x50Gbps
  lengths       = [10m, 30m, 50m]
  power_a       = 5W
  power_z       = 5W
}
"""


@pytest.mark.parametrize(("length", "n_warnings"), [("30m", 0), ("31m", 1)])
def test_k041_warns_above_30_metres(length: str, n_warnings: int) -> None:
    found = told(
        switch="hdr-switch",
        own=HDR_SWITCH,
        rate="200Gbps",
        nic="firmware = connectx-7",
        policy=runs("connectx-7", "28.35.2000"),
        length=length,
        bound="cable = own-aoc",
    )
    assert len(found) == n_warnings
    assert (
        found[:1]
        == [
            "compatibility-warning: `net: host -- leaf`: own-aoc goes with reserve with own-host facing "
            "hdr-switch over 50 m, more than 30 m: bandwidth degrades towards HDR devices, issue 3261861 (connectx-7 "
            "firmware 28.35.1012 to 28.35.2000, the design runs 28.35.2000)"
        ]
        * n_warnings
    )


def test_k042_k046_what_cannot_be_checked_warns() -> None:
    for name in ("connectx-7-to-spectrum-1", "optics-in-quantum-2", "copper-in-quantum-2", "connectx-8-pam4"):
        assert rule(name).verdict == "warn"


NL = """
transceiver own-nl {
  part_numbers = ["NUMBER"]
  bores        = 2
  protocols    = [infiniband]
  form_factor  = osfp
  lanes        = 8x100Gbps
  modulation   = pam4
  pmd          = "400g-dr4"
  medium       = singlemode
  connector    = mpo-12-apc
  power_max    = 16W
  over os2 { reach = 100m, loss = 3dB }
}
"""


def between_switches(number: str, version: str) -> list[str]:
    """Return what is told of the links between two Quantum-2 switches with a module of a number."""
    text = source(own=NL.replace("NUMBER", number), policy=runs("quantum-2", version), hosts="40")
    wired = text.replace(
        "connect endpoints",
        "tier spine { model = qm9700 }\n    connect leaf -- spine { rate = 400Gbps, length = 20m, module = own-nl }\n"
        "    connect endpoints",
    )
    return [f"{each.name}: {each.message}" for each in check_text(wired).diagnostics]


def test_k043_a_module_that_gets_stuck_between_two_quantum_2() -> None:
    stuck = [each for each in between_switches("MMS4X00-NL", "31.2010.2300") if "gets stuck" in each]
    assert len(stuck) == 1
    assert "own-nl does not go with qm9700 facing qm9700: the port gets stuck, issue 2997999" in stuck[0]
    assert not [each for each in between_switches("MMS4X00-NL", "31.2010.2245") if "gets stuck" in each]
    assert not [each for each in between_switches("OTHER", "31.2010.2300") if "gets stuck" in each]


def test_k044_a_module_with_a_poor_bit_error_ratio() -> None:
    poor = [each for each in between_switches("MMS4X00-NL1.2", "31.2010.4708") if "poor bit error" in each]
    assert len(poor) == 1
    assert "own-nl goes with reserve with qm9700: poor bit error ratio in some cases, issue 2922333" in poor[0]


@pytest.mark.parametrize(
    ("version", "n_optics"), [("31.2010.1309", 0), ("31.2010.1310", 1), ("31.2010.4708", 1), ("31.2012.1068", 0)]
)
def test_k045_optics_in_quantum_2(version: str, n_optics: int) -> None:
    found = told(policy=runs("quantum-2", version), bound="medium = singlemode")
    assert (
        len([each for each in found if each.startswith("compatibility-warning") and "small packets" in each])
        == n_optics
    )


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("31.2012.1068", "mms4x50-nm has limited support in qm9700: limited support"),
        ("31.2012.2014", "mms4x50-nm has beta support in qm9700: beta-level support"),
    ],
)
def test_k047_k048_support_of_fr4_in_quantum_2(version: str, words: str) -> None:
    text = source(policy=runs("quantum-2", version), hosts="40").replace(
        "connect endpoints",
        "tier spine { model = qm9700 }\n"
        "    connect leaf -- spine { rate = 400Gbps, length = 20m, module = optics.mms4x50-nm }\n"
        "    connect endpoints",
    )
    text = text.replace("policy {", "policy { unknown { loss = warn, cage_power = warn, reach = warn }\n")
    text = text.replace("use std.cables as cables", "use std.cables as cables\nuse std.cables-active as active")
    found = [each.message for each in check_text(text).diagnostics if each.name == "compatibility-warning"]
    assert any(words in message for message in found), found


@pytest.mark.parametrize(("version", "is_refused"), [("40.44.0207", False), ("40.44.0208", True), ("40.44.1036", True)])
def test_k049_no_800gbe_on_one_port_of_connectx_8(version: str, is_refused: bool) -> None:
    words: Words = {
        **XDR,
        "module": "switches",
        "switch": "sn5600",
        "protocol": "ethernet",
        "own": own_optic("ANY", "4x200Gbps").replace("400g-dr4", "800g-dr4"),
        "nic": "firmware = connectx-8",
        "policy": runs("connectx-8", version),
    }
    detail = misses(**words).get("a own-optic", "")
    assert ("800GbE on one port is not supported" in detail) == is_refused
    assert "a own-optic" not in misses(**{**XDR, "own": words["own"], "nic": words["nic"], "policy": words["policy"]})


def test_k050_pam4_in_connectx_8_warns() -> None:
    stated = rule("connectx-8-pam4")
    assert stated.firmware is not None
    assert (stated.firmware.first, stated.firmware.last) == ("40.47.1026", "40.47.2682")


# ------------------------------------------------------------------ K060 - K066


@pytest.mark.parametrize(
    ("versions", "nearest"),
    [
        ({"ufm": "4.17.0", "quantum-2": "31.2021.4036", "mlnx-os": "3.12.1002"}, None),
        ({"ufm": "4.17.0", "quantum-2": "31.2021.4036", "nvos": "25.01.4000"}, None),
        ({"ufm": "4.15.0-5", "quantum-2": "31.2012.1068"}, None),
        ({"ufm": "4.14.1", "quantum-2": "31.2010.6102"}, None),
        ({"mft": "4.34.1-18", "connectx-8": "40.47.2682", "connectx-7": "28.47.2682"}, None),
        ({"mft": "4.23.0", "connectx-7": "28.35.2000"}, None),
        ({"mft": "4.23.0", "connectx-7": "28.36.1010"}, None),
        ({"ufm": "4.15.0-5", "quantum-2": "31.2010.6102"}, "ufm-4-15-0-5"),
        ({"mft": "4.34.1-18", "connectx-7": "28.36.1010"}, "mft-4-34-1-18"),
    ],
)
def test_k060_k064_bundles(versions: dict[str, str], nearest: str | None) -> None:
    found = untested(catalog().bundles, versions)
    assert [bundle.name for _, bundle in found] == ([] if nearest is None else [nearest])


def test_k065_a_module_that_draws_more_than_its_cage_allows_is_refused() -> None:
    own = NL.replace("16W", "18W")
    found = misses(own=own)["z own-nl"]
    assert found == "own-nl draws up to 18 W, cage 1 of the qm9700 allows 17 W (power class 8): 1 W too much"
    assert "z own-nl" not in misses(own=NL)


@pytest.mark.parametrize("box", ["qm9700", "qm9790"])
@pytest.mark.parametrize("module", ["mms4x00-ns", "mma4z00-ns"])
def test_k066_modules_that_are_listed(box: str, module: str) -> None:
    stated = rule(f"{module}-in-{box}")
    assert (stated.a, stated.b, stated.verdict) == (module, box, "allowed")
