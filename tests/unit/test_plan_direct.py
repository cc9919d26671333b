"""Direct-attach cables that take a whole cage: counted per cage, judged at both plugs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optidsl.catalog.parts import DirectCable
from optidsl.lock import write_lock
from optidsl.optics.tables import Candidate
from optidsl.plan.model import Plan
from optidsl.plan.statistics import statistics
from optidsl.plan.verify import verify
from tests.support import designs, frozen


def dac(bores: int = 2, form_a: str = "osfp", form_z: str = "osfp", power_z_mw: int = 1_500) -> DirectCable:
    return DirectCable(
        name="twin-dac",
        span=designs.SPAN,
        part_numbers=("TWIN",),
        vendor="nvidia",
        technology=designs.fact("acc"),
        form_factor_a=designs.fact(form_a),
        form_factor_z=designs.fact(form_z),
        lanes=designs.fact(designs.Lanes(4 * bores, 100_000)),
        bores=bores,
        ends=1,
        lengths_mm=designs.fact((3_000, 5_000)),
        power_a_mw=designs.fact(1_500),
        power_z_mw=designs.fact(power_z_mw),
        protocols=("ethernet",),
    )


def plan_with(cable: DirectCable) -> Plan:
    """Return a Clos whose leaf uplinks are direct-attach cables."""
    wired = frozen.clos()
    access, uplinks = wired.choice.classes
    direct = replace(uplinks, candidate=Candidate(None, None, None, cable))
    return replace(wired, choice=replace(wired.choice, classes=(access, direct))).freeze()


def test_a_cable_serves_all_links_of_its_cage() -> None:
    plan = plan_with(dac())
    assert verify(plan) == []
    quantities = {(line.part, line.length_mm): line.quantity for line in plan.bom if line.category == "cable"}
    assert quantities == {("mm-mpo", 10_000): 16, ("twin-dac", 5_000): 8}
    assert {line.part: line.quantity for line in plan.bom if line.category == "transceiver"} == {"sr4": 16, "sr8": 8}
    totals = statistics(plan).totals
    assert totals.cables == 24
    assert totals.watts.modules == 16 * 8.5 + 8 * 17 + 8 * 3.0


def test_the_class_names_the_cable() -> None:
    plan = plan_with(dac())
    link_class = plan.classes[1]
    assert (link_class.medium, link_class.grade, link_class.direct, link_class.fiber) == ("acc", "", "twin-dac", "")
    assert (link_class.loss_mdb, link_class.budget_mdb) == (None, None)
    assert "pick  compute: leaf -- spine = twin-dac" in write_lock(plan)


@pytest.mark.parametrize(
    ("cable", "name", "message"),
    [
        (dac(form_z="qsfp"), "form-factor-mismatch", "twin-dac is qsfp, the cages of sn5600 take osfp"),
        (dac(bores=1), "lanes-mismatch", "twin-dac has 1 bores, a cage of sn5600 2 ports"),
        (dac(power_z_mw=19_000), "cage-power-exceeded", "twin-dac draws 19 W"),
    ],
)
def test_wrong_cables_are_named(cable: DirectCable, name: str, message: str) -> None:
    found = [each.message for each in verify(plan_with(cable)) if each.name == name]
    assert any(message in each for each in found), found
