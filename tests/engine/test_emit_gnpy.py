"""Emitted lines, judged by GNPy: it loads the files, and its GSNR is that of the plan."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from optidsl._record import replace
from optidsl.emit.simulators.gnpy import GnpyEmitter
from optidsl.plan.model import Plan
from tests.engine.harness import unavailable
from tests.engine.harness.gnpy import interpreter, judge
from tests.support.lines import LINE, PARTS, ROUTE, compiled, text


@pytest.fixture(autouse=True)
def _gnpy_is_there() -> None:
    if interpreter() is None:
        reason = "no interpreter has GNPy (OPTIDSL_GNPY)"
        if sys.version_info >= (3, 13):
            pytest.skip(f"{reason}, which runs on Python 3.11 and 3.12")
        unavailable(reason)


TWO_SPANS = """route north {
    from = east
    to   = west
    span n1 { length = 48km, fiber = glass, splices = 12, splice_loss = 0.05dB, connector_loss = 0.5dB }
    span n2 { length = 66km, fiber = glass, pmd = 0.1ps/rtkm, dispersion = 17ps/nm/km, connector_loss = 0.4dB }
  }"""
HUT = "    amplifier hut { model = edfa, after = n1 }\n    preamp"
OWN = "via = north-line, module = own-zr"


def plan_of(program: str) -> Plan:
    found, context = compiled(program)
    assert found is not None, [each.message for each in context.sink.sorted()]
    return found.plan


def judged(plan: Plan, folder: Path) -> dict[str, object]:
    for path, content in GnpyEmitter().emit(plan):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    [answer] = judge(folder / "simulators" / "gnpy" / "north-line")
    return answer


@pytest.mark.parametrize(
    "program",
    [
        text(connect=OWN),
        text(TWO_SPANS, LINE.replace("    preamp", HUT).replace("20dB", "14dB"), connect=OWN),
        text(line=LINE.replace("gain = 20dB", "gain = 20dB, noise_figure = 6dB"), connect=OWN),
        text(
            connect=OWN,
            parts=PARTS.replace("  noise_figure_best  = 6dB\n  noise_figure_worst = 10dB\n", "  noise_figure = 6dB\n"),
        ),
    ],
    ids=["one span", "two spans", "as measured", "one noise figure"],
)
def test_gnpy_agrees_within_three_tenths(program: str, tmp_path: Path) -> None:
    plan = plan_of(program)
    answer = judged(plan, tmp_path)
    assert answer["blocked"] is None
    assert answer["channels"] == 63
    ways = answer["gsnr_db"]
    assert isinstance(ways, list)
    assert min(ways) == pytest.approx(plan.signals[0].osnr_mdb / 1000, abs=0.3)


def test_gnpy_refuses_what_the_compiler_refuses(tmp_path: Path) -> None:
    """120 km are accepted here at half a decibel, and blocked there at two."""
    program = text(
        ROUTE.replace("100km", "120km"), LINE.replace("20dB", "23.4dB").replace("1dBm", "2dBm", 1), connect=OWN
    )
    plan = plan_of(program.replace("  node gw", "  policy { osnr_margin >= 0.5dB }\n  node gw"))
    strict = plan.policy.model_copy(update={"osnr_margin_mdb": 2000})
    assert judged(replace(plan, policy=strict), tmp_path)["blocked"] == "MODE_NOT_FEASIBLE"
