"""Links over a line: accepted, refused with figures, and not concluded."""

from __future__ import annotations

import pytest

from tests.support.lines import LINE, PARTS, ROUTE, checked, text

OWN = "via = north-line, module = own-zr"


def errors(program: str) -> list[str]:
    found, said = checked(program)
    told = [line for line in said if line.startswith("error")]
    assert (found is None) == bool(told)
    return told


def test_a_hundred_kilometres_are_accepted() -> None:
    found, said = checked(text(connect=OWN))
    assert found is not None
    assert said == []
    over = next(each for each in found.choice.classes if each.candidate.line is not None)
    assert over.candidate.name == "own-zr + north-line + own-zr"
    assert over.link_class.longest_mm == 100_000_000
    assert over.ordered_mm.tolist() == [100_000_000]


def test_a_hundred_and_twenty_are_refused_with_the_margin_and_what_would_help() -> None:
    route = ROUTE.replace("100km", "120km")
    line = LINE.replace("launch   = 1dBm", "launch = 2dBm").replace("20dB", "23.4dB")
    assert errors(text(route, line, connect=OWN)) == [
        "error[osnr-short]: nothing serves `wan: leaf -- spine`: OSNR 25.086 dB after 120 km less 0.062 dB of "
        "penalties is 1.024 dB over the 24 dB that own-zr needs, the policy asks for a margin of 2 dB: "
        "0.976 dB short (1 link)"
    ]
    assert errors(text(route, line, connect=OWN, body="policy { osnr_margin >= 0.5dB }")) == []


def test_within_the_guard_nothing_is_concluded() -> None:
    body = "policy { osnr_margin >= 3dB }"
    [told] = errors(text(connect=OWN, body=body))
    assert told == (
        "error[cannot-conclude]: cannot conclude that own-zr + north-line + own-zr serves `wan: leaf -- spine`: "
        "no usable number for the margin of line north-line by GNPy"
    )
    found, said = checked(text(connect=OWN, body="policy { osnr_margin >= 3dB, unknown { osnr = warn } }"))
    assert found is not None
    assert said == [
        "warning[cannot-conclude]: cannot conclude on osnr of `wan: leaf -- spine`: no usable number for the margin of "
        "line north-line by GNPy"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("100km", "140km", "error[osnr-short]"),
        ("gain = 20dB", "gain = 5dB", "error[receive-power]"),
        ("gain = 20dB", "gain = 26.5dB", "error[amplifier-limit]"),
        ("launch   = 1dBm", "launch = 6dBm", "error[amplifier-limit]"),
        ("transmit = -5dBm", "transmit = -3dBm", "error[launch-power]"),
        ("pdl      = 0dB", "pdl = 3.5dB", "error[impairment-exceeded]"),
        ("pdl      = 0dB", "pdl = 0dB, span_loss = 22dB", "error[span-loss]"),
        ("spacing  = 75GHz", "spacing = 87.5GHz", "error[grid-mismatch]"),
        ("dispersion = 20000ps/nm", "dispersion = 1600ps/nm", "error[impairment-exceeded]"),
        ("pmd = 20ps", "pmd = 0.3ps", "error[impairment-exceeded]"),
    ],
)
def test_every_limit_refuses(old: str, new: str, message: str) -> None:
    program = text(connect=OWN)
    assert program.count(old) == 1
    told = errors(program.replace(old, new))
    assert [line.partition(":")[0] for line in told] == [message]


@pytest.mark.parametrize(
    ("old", "field"),
    [
        ("tx_osnr  = 34dB", "own-zr.tx_osnr"),
        ("baud        = 60Gbaud", "own-zr.baud"),
        ("penalty { dispersion = 20000ps/nm, osnr = 0.5dB }", "own-zr.penalty dispersion"),
        ("effective_area = 83", "glass.effective_area"),
        ("connector_loss = 0.5dB", "span n1.connector_loss"),
        ("pdl      = 0dB", "line north-line.pdl"),
        ("pmd            = 0.04ps/rtkm", "span n1.pmd"),
    ],
)
def test_a_missing_figure_is_named(old: str, field: str) -> None:
    program = text(connect=OWN)
    assert program.count(old) == 1
    [told] = errors(program.replace(old, ""))
    assert told.startswith("error[cannot-conclude]")
    assert field in told


def test_without_the_setting_the_range_of_the_module_counts() -> None:
    assert errors(text(connect=OWN).replace("transmit = -5dBm", "")) == []  # the booster restores the launch
    [told] = errors(text(connect=OWN).replace("transmit = -5dBm", "").replace("tx_min      = -10dBm", ""))
    assert "own-zr.tx_min" in told


GREY = """
transceiver grey {
  form_factor = qsfp-dd
  lanes       = 8x50Gbps
  modulation  = pam4
  pmd         = "grey"
  medium      = singlemode
  connector   = lc-upc
  protocols   = [ethernet]
  power_max   = 10W
}
"""


def test_grey_modules_are_refused_by_name() -> None:
    parts = PARTS[: PARTS.index("transceiver own-zr")] + GREY + PARTS[PARTS.index("fiber_grade glass") :]
    [told] = errors(text(connect="via = north-line", parts=parts))
    assert told == (
        "error[no-optic-fits]: no optic in the catalogue fits `wan: leaf -- spine` at 400 Gbps: "
        "grey is not coherent, line north-line carries channels of 75 GHz"
    )


WINDOWS = """    window { rx_min = -12dBm, rx_max = 0dBm, osnr_min = 23dB }
    window { rx_min = -20dBm, rx_max = 0dBm, osnr_min = 24.5dB }
"""


def test_of_two_windows_one_must_hold() -> None:
    """At -7 dBm the first window needs less; at -15 dBm only the second is left, and needs more."""
    parts = PARTS.replace("    osnr_min = 24dB\n", WINDOWS)
    margin = "policy { osnr_margin >= 3.2dB, unknown { osnr = warn } }"
    near, far = LINE, LINE.replace("gain = 20dB", "gain = 12dB, noise_figure = 6.58dB")
    for line, needed in ((near, "23 dB"), (far, "24.5 dB")):
        found, said = checked(text(line=line, connect=OWN, parts=parts, body=margin))
        if found is not None:
            details = [c.detail for each in found.choice.classes for c in each.candidate.checks if c.name == "osnr"]
            assert needed in details[0]
        else:
            assert needed in said[-1]
    weak = LINE.replace("gain = 20dB", "gain = 6dB, noise_figure = 6.58dB")
    [told] = errors(text(line=weak, connect=OWN, parts=parts))
    assert "own-zr receives -21 dBm over line north-line, it takes -20 dBm to 0 dBm" in told


def test_400zr_cannot_be_concluded_on_what_nobody_published() -> None:
    uses = "use std.optics-coherent { qsfp-dd-400zr-02313lhh }"
    parts = PARTS[: PARTS.index("transceiver own-zr")] + PARTS[PARTS.index("fiber_grade glass") :]
    line = LINE.replace("-5dBm", "-8dBm").replace("20dB", "15dB")
    route = ROUTE.replace("100km", "60km")
    connect = "via = north-line, module = qsfp-dd-400zr-02313lhh"
    told = errors(text(route, line, connect=connect, parts=parts, uses=uses))
    assert told == [
        "error[cannot-conclude]: cannot conclude that qsfp-dd-400zr-02313lhh + north-line + qsfp-dd-400zr-02313lhh "
        "serves `wan: leaf -- spine`: no usable number for qsfp-dd-400zr-02313lhh.power_max, "
        "qsfp-dd-400zr-02313lhh.penalty dispersion and qsfp-dd-400zr-02313lhh.tx_osnr"
    ]
    accepted = "policy { unknown { cage_power = warn, dispersion = warn, osnr = warn } }"
    found, _ = checked(text(route, line, connect=connect, parts=parts, uses=uses, body=accepted))
    assert found is not None


def test_the_sum_of_waves_is_counted() -> None:
    line = LINE.replace("channels = 63", "channels = 2")
    assert errors(text(line=line, connect=f"{OWN}, parallel = 3").replace("count = 1,", "count = 1, up = 3,", 1)) == [
        "error[line-full]: line `north-line` carries 2 waves, 3 links run over it: 1 too many"
    ]


def test_a_line_that_nothing_runs_over_is_refused() -> None:
    assert errors(text(connect=OWN, spine="east")) == [
        "error[line-unused]: no link of `wan: leaf -- spine` runs over line `north-line`: none has its ends in `east` "
        "and `west`, which it joins"
    ]


def test_two_spans_with_an_amplifier_between_are_symmetric() -> None:
    route = """route north {
    from = east
    to   = west
    span n1 { length = 48.2km, fiber = glass, loss = 0.205dB/km +/- 0.015dB/km, connector_loss = 0.5dB }
    span n2 { length = 45.9km, fiber = glass, splices = 11, splice_loss = 0.05dB, connector_loss = 0.5dB }
  }"""
    line = LINE.replace("    preamp", "    amplifier hut { model = edfa, after = n1 }\n    preamp").replace(
        "20dB", "15dB"
    )
    found, said = checked(text(route, line, connect=OWN))
    assert (found is not None, said) == (True, [])
