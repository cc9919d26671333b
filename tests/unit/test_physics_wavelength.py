"""An attenuation holds for light of its own band and of longer ones; else nothing is known of the loss."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optidsl.physics.wavelength import holds_at, shortest_nm
from optidsl.plan.budget_text import explain_budget
from optidsl.plan.verify import verify
from optidsl.plan.wavelengths import foreign_nm
from tests.support.compiled import compile_files, files_of, plan_of, said
from tests.unit.test_plan_verify import part

O_BAND, GLASS = 'wavelength = "1304.5-1317.5 nm"', "wavelength = 1310nm }"


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("850 nm", Fraction(850)),
        ("840-868 nm", Fraction(840)),
        ("1304.5-1317.5 nm", Fraction(2609, 2)),
        ("1271, 1291, 1311, 1331 nm", Fraction(1271)),
        ("1310", Fraction(1310)),
        ("CWDM4", None),
        ("", None),
    ],
)
def test_the_shortest_wavelength_of_a_sheet(text: str, shortest: Fraction | None) -> None:
    assert shortest_nm([text]) == shortest


@pytest.mark.parametrize(
    ("stated", "sent", "holds"),
    [
        (1310, Fraction(1271), True),
        (1310, Fraction(1550), True),
        (1550, Fraction(1310), False),
        (1550, Fraction(1529), False),
        (1310, Fraction(850), False),
        (850, Fraction(908), True),
        (1550, None, True),
    ],
)
def test_a_band_tells_of_itself_and_of_longer_ones(stated: int, sent: Fraction | None, holds: bool) -> None:
    assert holds_at(stated, sent) is holds


def stretched(body: str = "", wavelength: str = "1550nm") -> dict[str, str]:
    files = files_of(body, module=O_BAND)
    files["ours.optd"] = files["ours.optd"].replace(GLASS, f"wavelength = {wavelength} }}")
    return files


def test_a_grade_of_the_band_decides() -> None:
    compiled, context = compile_files(stretched(wavelength="1310nm"))
    assert compiled is not None, said(context)
    assert compiled.plan.classes[0].loss_mdb == 704


def test_a_grade_of_a_longer_band_decides_nothing() -> None:
    compiled, context = compile_files(stretched())
    assert compiled is None
    assert said(context) == [
        "error[cannot-conclude]: cannot conclude that dr + jumper + dr serves `f: n -- leaf`: no usable number for "
        "glass.attenuation at 1304.5 nm"
    ]


def test_the_loss_stays_unknown_in_the_plan_and_its_budget() -> None:
    plan = plan_of(stretched("policy { unknown { loss = warn } }"))
    assert (plan.classes[0].loss_mdb, plan.classes[0].budget_mdb) == (None, None)
    assert verify(plan) == []
    told = explain_budget(plan, "n-1:p1", "text") or ""
    assert "fibre" in told
    assert "(missing: glass.attenuation at 1304.5 nm)" in told


def test_the_author_may_measure_the_fibre() -> None:
    own = (
        "connector_mean = 0.2dB, connector_sigma = 0.05dB, attenuation_mean = 0.33dB/km, attenuation_sigma = 0.01dB/km"
    )
    plan = plan_of(stretched(f"policy {{ statistical {{ {own} }} }}"))
    assert foreign_nm(plan, plan.classes[0]) == ""
    assert plan.classes[0].loss_mdb is not None


def test_the_verifier_finds_a_loss_without_foundation() -> None:
    plan = plan_of(stretched(wavelength="1310nm"))
    found = verify(part(plan, "glass", wavelength_nm=1550))
    assert "f: n -- leaf: the plan records that loss holds, but has no usable figure for" in found[0].message
