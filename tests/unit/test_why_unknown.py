"""`explain` where a number lacks a source, and of params: nothing is claimed that nobody knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optidsl.diag import Fix
from optidsl.optics.bill import Bill, Priced, cheapest
from optidsl.optics.why.flips_text import flip_lines
from optidsl.optics.why.sensitivity import sensitivity
from optidsl.optics.why.why_not import why_not
from optidsl.optics.why.why_not_text import why_not_lines
from tests.support.choices import Choices, Module, checked, study_of
from tests.unit.test_why import POWERS, text, told

# A module of which nobody knows the watts: no requirement on watts can be concluded with it.
BLANK = Module("m-blank", "os2", 500, 1)


def blank(statements: tuple[str, ...]) -> Choices:
    return replace(
        POWERS, modules=(*POWERS.modules, BLANK), cables={"om4": (10, 30), "os2": (10, 30)}, statements=statements
    )


def unsourced(text: str) -> str:
    return text.replace("  power_max   = 1mW\n", "").replace("unknown { loss", "unknown { cage_power = warn, loss")


def test_watts_that_nobody_knows_flip_nothing() -> None:
    study = study_of(unsourced(blank(("require few_watts: power.optics <= 500W",)).text))
    (found,) = [each for each in sensitivity(study) or () if each.name == "few_watts"]
    assert found.down is not None
    assert (found.down.is_end, found.down.lacks) == (True, ("m-blank.power_max",))
    below = blank((f"require few_watts: power.optics <= {float(found.down.first) / 1000:.3f}W",))
    assert checked(unsourced(below.text))[0] is None
    lines = flip_lines([found], study.context)
    assert "nobody knows: no usable number for m-blank.power_max" in " ".join(" ".join(lines).split())


def test_a_part_without_watts_has_no_price_in_watts() -> None:
    study = study_of(unsourced(blank(("require few_watts: power.optics <= 500W",)).text))
    found = why_not(study, 0, "m-blank")
    assert found is not None
    assert found.lacks == ("m-blank.power_max",)
    out = text(why_not_lines(found, study.context))
    assert "the design cannot be concluded: no usable number for m-blank.power_max" in out
    assert "-> at least " in out


def test_a_param_tells_every_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = "  param size: Int in 1..9 = 4\n  environment lab { override size = 2 }\n  override size = 3"
    path = tmp_path / "design.optd"
    path.write_text(replace(POWERS, more=more).text.replace("n[1..4]", "n[1..size]"), encoding="utf-8")

    def layers(*words: str) -> list[str]:
        return [line.partition(" (")[0] for line in told(capsys, "size", str(path), *words).splitlines()]

    declared = "    over size: Int in 1..9 = 4, declaration"
    assert layers("-e", "lab") == [
        "size", "  param, 2 in this design", "  size = 2, environment lab", "    over size = 3, override", declared,
    ]  # fmt: skip
    assert layers("-p", "size=1")[1:3] == ["  param, 1 in this design", "  size = 1, --param"]


def test_a_way_out_that_nobody_can_conclude_is_offered_only_alone() -> None:
    cheap = Bill(1_000, 1, 1, 1, 0, None, "USD", 1, ("m-blank.power_max",))
    sure = replace(cheap, watts_mw=2_000, unknown_watts=0, lacks=())
    blind, seen = Priced(Fix("take m-blank", ()), cheap), Priced(Fix("take m-cool", ()), sure)
    assert [each.title for each in cheapest([blind, seen])] == ["take m-cool"]
    (only,) = cheapest([blind])
    assert only.price.endswith("; a requirement then lacks m-blank.power_max")
