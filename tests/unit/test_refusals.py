"""What costs money when it is found in the hall: each refused with line and reason, its neighbour accepted."""

from __future__ import annotations

import pytest

from optidsl.api import check_text
from tests.support import cages
from tests.support.lines import LINE, ROUTE
from tests.support.lines import text as over_line
from tests.support.one_link import source
from tests.unit.test_stdlib_rules import HDR_SWITCH

RELAXED = "unknown { loss = warn, overload = warn, cage_power = warn, reach = warn }"


def module(name: str, more: str, pmd: str = "400g-dr4", lanes: str = "4x100Gbps", medium: str = "singlemode") -> str:
    """Return a part of the author's own: 10 W, 500 m."""
    grade = "os2" if medium == "singlemode" else "om4"
    return (
        f'transceiver {name} {{\n  protocols = [infiniband, ethernet]\n  lanes = {lanes}\n  pmd = "{pmd}"\n'
        f"  medium = {medium}\n  power_max = 10W\n  over {grade} {{ reach = 500m, loss = 3dB }}\n{more}}}\n"
    )


DR4 = "  modulation = pam4\n  connector = mpo-12-apc\n"
PORT_2 = "tier leaf { model = sn5400, seat { side = down, cages = %d } }"
REVERSE = "tier leaf { model = z9864f, variant = reverse-airflow, seat { side = down, cages = %d } }"


def hot(model: str, tier: str, form: str, lanes: str, rate: str) -> str:
    """Return one 17 W module in one named cage."""
    tiers = f"    {tier}\n    connect endpoints -- leaf {{ length = 5m, module = hot }}\n"
    parts = cages.server(rate, lanes, form) + cages.module("hot", form, lanes, 17, "x")
    return cages.design(1, tiers, parts, f"use std.switches {{ {model} }}\n")


def ds5000(seat: str) -> str:
    """Return a DS5000 that serves 16 ports of 100G from two cages."""
    tiers = (
        f"    tier leaf {{ model = ds5000, down = 16, seat {{ side = down, {seat} }} }}\n"
        "    connect endpoints -- leaf { length = 5m }\n"
    )
    parts = (
        cages.server("100Gbps", "1x100Gbps", "one")
        + cages.module("eight", "osfp", "8x100Gbps", 15, "100g-x", bores=8)
        + cages.module("one", "one", "1x100Gbps", 4, "100g-x")
    )
    return cages.design(16, tiers, parts, "use std.switches-more { ds5000 }\n")


def sn5640(rate: str) -> str:
    """Return SN5640 leaves and spines joined at a rate."""
    ports = 'bores_per_cage = 2\n port p1 { cage = "1", bore = 1 }\n port p2 { cage = "1", bore = 2 }'
    text = source(switch="sn5640", module="switches-more", protocol="ethernet", ports=ports, hosts="40", policy=RELAXED)
    spine = f"tier spine {{ model = sn5640 }}\n connect leaf -- spine {{ rate = {rate}, length = 20m }}"
    return text.replace("tier leaf { model = sn5640 }", f"tier leaf {{ model = sn5640, down = 40 }}\n {spine}")


def split(pmd: str) -> str:
    """Return 4 x 200G of a cage over two splitters, by modules that speak a PMD."""
    twin = module("twin", "  bores = 2\n  form_factor = osfp\n" + DR4, pmd, "8x100Gbps")
    one = module("one", "  form_factor = osfp-rhs\n  power_split = 5W\n" + DR4, pmd)
    bound = "module in [twin, one], cable = cables.mfp7e40"
    text = source(own=twin + one, nic="modes = [2x100Gbps]", bound=bound, policy=RELAXED)
    return text.replace("rate = 400Gbps, length", "rate = 200Gbps, length")


UPC = "fiber_cable flat { grade = os2, medium = singlemode, connector = mpo-12-%s, lengths = [20m] }\n"
HDR = {
    "rate": "200Gbps",
    "lanes": "4x50Gbps",
    "accepts": "qsfp56",
    "uses": "use std.optics-100g as hdr",
    "policy": RELAXED,
}
FACING_HDR = {"switch": "hdr-switch", "own": HDR_SWITCH, "rate": "200Gbps", "policy": RELAXED}
XDR = {
    "module": "switches-more",
    "switch": "q3400-ra",
    "rate": "800Gbps",
    "lanes": "4x200Gbps",
    "uses": "use std.optics-1600g as xdr",
    "policy": RELAXED,
}

LONG = ROUTE.replace("100km", "120km")
LOUD = LINE.replace("launch   = 1dBm", "launch = 2dBm").replace("20dB", "23.4dB")

CASES = {
    "finned plug in ConnectX-7": (
        source(own=module("own-dr4", "  form_factor = osfp\n" + DR4), bound="module in [own-dr4, optics.mms4x00-ns]"),
        source(bound="module in [optics.mms4x00-ns400, optics.mms4x00-ns]"),
        "own-dr4 is osfp, the own-host net cage takes osfp-rhs",
    ),
    "17 W in port 2 of an SN5400": (
        hot("sn5400", PORT_2 % 2, "qsfp-dd", "8x50Gbps", "400Gbps"),
        hot("sn5400", PORT_2 % 1, "qsfp-dd", "8x50Gbps", "400Gbps"),
        "hot draws up to 17 W, cage 2 of the sn5400 allows 12 W",
    ),
    "17 W in port 14 of a Z9864F with reverse airflow": (
        hot("z9864f", REVERSE % 14, "osfp", "8x100Gbps", "800Gbps"),
        hot("z9864f", REVERSE % 33, "osfp", "8x100Gbps", "800Gbps"),
        "hot draws up to 17 W, cage 14 of the z9864f-reverse-airflow allows 6 W",
    ),
    "two cages of 8 x 100G in a pipeline of a DS5000": (
        ds5000("cages = 1..2"),
        ds5000("cages = 1..3, step = 2"),
        "of which 1 can: a pipeline serves every 2 neighbouring cages and runs at most 10 ports",
    ),
    "1 x 800G on an SN5640": (
        sn5640("800Gbps"),
        sn5640("400Gbps"),
        "a port of `sn5640` cannot run at 800 Gbit/s; its cages offer 400 Gbit/s, 200 Gbit/s and 100 Gbit/s",
    ),
    "2 km assumed of a module that faces one of 100 m": (
        source(bound="module in [optics.mms4x00-nm, optics.mms4x00-ns400]", length="500m"),
        source(bound="module in [optics.mms4x00-nm, optics.mms4x00-ns400]", length="100m"),
        "mms4x00-ns400 over os2 reaches 100 m, the longest link needs 500 m",
    ),
    "splitter on 2xFR4": (
        split("400g-fr4"),
        split("400g-dr4"),
        "four wavelengths share one fibre and cannot be split",
    ),
    "flat polish on an angled module": (
        source(own=UPC % "upc", bound="medium = singlemode, cable = flat", policy=RELAXED),
        source(own=UPC % "apc", bound="medium = singlemode, cable = flat", policy=RELAXED),
        "mms4x00-ns400 is APC, flat UPC",
    ),
    "OM3 at 40 m": (
        source(length="40m", bound="medium = multimode", policy="grades = om3"),
        source(length="30m", bound="medium = multimode", policy="grades = om3"),
        "over om3 reaches 30 m, the longest link needs 40 m",
    ),
    "HDR module facing an NDR module": (
        source(**HDR, bound="module in [hdr.mma1t00-vs, optics.mma4z00-ns]"),
        source(**FACING_HDR, bound="cable = own-aoc"),
        "mma1t00-vs does not go with mma4z00-ns: modules of 100G lanes do not shift down to 50G lanes",
    ),
    "XDR over multimode": (
        source(**XDR, bound="medium = multimode"),
        source(**XDR, bound="medium = singlemode"),
        "medium must be multimode, and a bore of mma1z00-ns400 runs 400 Gbps, the link 800 Gbps",
    ),
    "120 km of OpenZR+ in one span": (
        over_line(LONG, LOUD, connect="via = north-line, module = own-zr"),
        over_line(connect="via = north-line, module = own-zr"),
        "the policy asks for a margin of 2 dB: 0.976 dB short",
    ),
}


def errors_of(text: str) -> list[str]:
    """Return each error as one text: where it points, the message, its labels and notes."""
    result = check_text(text)
    found = [each for each in result.diagnostics if each.severity == "error"]
    assert all(each.primary is not None for each in found), "an error points nowhere"
    return [" | ".join((each.name, each.message, *each.notes)) for each in found]


@pytest.mark.parametrize("name", CASES)
def test_refused_with_line_and_reason(name: str) -> None:
    bad, _, reason = CASES[name]
    (found,) = errors_of(bad)
    assert reason in found


@pytest.mark.parametrize("name", CASES)
def test_its_neighbour_is_accepted(name: str) -> None:
    _, good, _ = CASES[name]
    assert errors_of(good) == []
