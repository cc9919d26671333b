"""Ports kept for nodes to come: told where a rail-optimised fabric has more than it uses."""

from __future__ import annotations

from optidsl._record import replace
from optidsl.plan.explain import explain
from optidsl.plan.model import Plan
from optidsl.plan.provision import ports_in_use, provision_note
from optidsl.plan.statistics import summary
from tests.support import frozen

RAILS, CLOS = frozen.rails().freeze(), frozen.clos().freeze()


def widened(plan: Plan, down: int, up: int, kind: str = "rail_optimized") -> Plan:
    """Return a plan whose leaves have more ports than are in use."""
    fabric = plan.fabrics[0]
    shape = {"down": (down, *fabric.down[1:]), "up": (up, *fabric.up[1:]), "kind": kind}
    return replace(plan, fabrics=(fabric.model_copy(update=shape), *plan.fabrics[1:]))


def test_full_leaves_need_no_note() -> None:
    used = ports_in_use(RAILS, RAILS.fabrics[0])
    assert used > 0
    plan = widened(RAILS, used, used)
    assert provision_note(plan, plan.fabrics[0]) == ""


def test_the_note_names_the_ports_that_suffice() -> None:
    plan = widened(CLOS, 64, 64)
    note = (
        "provisioned for full leaves: 4 of 64 ports down in use at most; write `down = 4` in `tier leaf` to size for "
        "less"
    )
    assert provision_note(plan, plan.fabrics[0]) == note
    assert f"                {note}\n" in summary(plan)
    assert f"  provision     {note}\n" in (explain(plan, "compute") or "")
    assert f"  {note}\n" in (explain(plan, "compute.leaf") or "")


def test_the_ports_offered_keep_the_ratio() -> None:
    plan = widened(CLOS, 48, 16)
    assert "write `down = 6`" in provision_note(plan, plan.fabrics[0])


def test_other_kinds_are_sized_for_their_endpoints() -> None:
    plan = widened(CLOS, 64, 64, "clos")
    assert provision_note(plan, plan.fabrics[0]) == ""
