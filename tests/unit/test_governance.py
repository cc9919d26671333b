"""Lists of makers, approvals and waivers: what they let through, what they stop, and what is said of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from optidsl.cli.main import main
from optidsl.diag import InternalError
from optidsl.plan.explain import explain
from optidsl.plan.model import PlanWaiver
from optidsl.plan.statistics import summary
from optidsl.plan.verify import verify
from optidsl.schema.governance import WAIVABLE
from tests.support.governed import checked, compiled, named, text, told

CLASS = "`net: server -- leaf`"
LISTED = (
    'rule listed { kind = in-cage, a = "own-module", b = "own-server", verdict = allowed, '
    'reason = "on the maker\'s list" }'
)


def test_the_names_that_a_waiver_may_hold_are_those_of_checks() -> None:
    from optidsl.optics.candidates import POLICY_KEY
    from optidsl.optics.rules import UNDECIDED

    assert set(POLICY_KEY) - {"rule"} <= set(WAIVABLE) | {"features"}
    assert set(WAIVABLE) >= UNDECIDED


# ------------------------------------------------------------------ lists of makers


@pytest.mark.parametrize("policy", ["", "unlisted = allow"])
def test_a_part_that_no_maker_lists_passes_by_default(policy: str) -> None:
    assert told(checked(text(LISTED, policy, modules=("other-module",)))) == []


def test_a_part_that_is_not_listed_can_be_warned_of() -> None:
    parts = LISTED.replace('a = "own-module"', 'a = "transceiver part_number=own-module"')
    result = checked(text(parts, "unlisted = warn", modules=("other-module", "own-module")))
    assert told(result) == [
        f"warning[not-listed]: {CLASS}: other-module is not listed for own-server: the catalogue lists own-module"
    ]


def test_a_part_that_is_not_listed_can_be_refused() -> None:
    modules = ("other-module", "own-module")
    assert told(checked(text(LISTED, "unlisted = stop", modules=modules))) == []
    only_other = LISTED.replace("own-module", "third-module")
    connect = "module = other-module"
    source = text(only_other, "unlisted = stop", modules=("other-module", "third-module"))
    (message,) = named(checked(source.replace("cable = own-fiber", f"cable = own-fiber, {connect}")), "no-optic-fits")
    assert message == (
        f"no optic in the catalogue fits {CLASS}: module must be other-module and a part that its box's maker does "
        "not list is refused"
    )


def test_a_box_without_a_list_asks_for_nothing() -> None:
    elsewhere = LISTED.replace("own-server", "own-switch").replace("own-module", "direct_cable")
    assert told(checked(text(elsewhere, "unlisted = stop"))) == []


def test_a_plan_tells_what_is_not_listed() -> None:
    plan = compiled(text(LISTED, "unlisted = warn", modules=("other-module", "own-module"))).plan
    assert plan is not None
    (check,) = [each for each in plan.checks if each.name == "not-listed"]
    assert (check.verdict, check.missing) == ("unknown", "a rule that allows other-module in own-server")
    assert plan.policy.unlisted == "warn"


# ------------------------------------------------------------------ approvals

REJECTED = 'approval own-module { verdict = rejected, because = "two returned in May" }'
APPROVED = "\n".join(
    f'approval {part} {{ verdict = approved, because = "lab report 7" }}'
    for part in ("own-module", "own-fiber", "own-switch")
)


def test_a_rejected_part_is_never_chosen() -> None:
    assert told(checked(text(REJECTED, modules=("own-module", "other-module")))) == []
    result = checked(text(REJECTED))
    assert named(result, "no-optic-fits") == [
        f"no optic in the catalogue fits {CLASS}: own-module is rejected: two returned in May"
    ]
    (diagnostic,) = result.diagnostics
    assert [fix.title for fix in diagnostic.fixes] == [
        "lift the rejection of own-module: own-module + own-fiber + own-module then fits"
    ]
    assert diagnostic.fixes[0].edits[0].text == "approved"


@pytest.mark.parametrize("where", ["module", "design"])
def test_approvals_stand_in_any_file_that_is_used_and_in_the_design(where: str) -> None:
    if where == "design":
        result = checked(text(extra=REJECTED))
    else:
        team = {"team.optd": f"optd 1\n{REJECTED}\n"}
        result = checked(text(use='use "./team.optd" as team'), others=team)
    assert len(named(result, "no-optic-fits")) == 1
    assert named(result, "unused-name") == []


def test_only_approved_parts_are_chosen_where_the_policy_asks_for_it() -> None:
    policy = "approved_only = true"
    assert told(checked(text(APPROVED, policy, modules=("other-module", "own-module")))) == []
    missing = APPROVED.replace('approval own-fiber { verdict = approved, because = "lab report 7" }', "")
    result = checked(text(missing, policy))
    assert named(result, "no-optic-fits") == [
        f"no optic in the catalogue fits {CLASS}: only approved parts may be used"
    ]
    assert [fix.title for fix in result.diagnostics[0].fixes] == [
        "approve own-fiber: own-module + own-fiber + own-module then fits"
    ]


def test_boxes_are_held_to_approvals_too() -> None:
    missing = APPROVED.replace("approval own-switch {", "approval own-server {")
    result = checked(text(missing, "approved_only = true"))
    assert told(result) == ["error[part-not-approved]: own-switch has no approval, the policy asks for one"]
    rejected = 'approval own-server { verdict = rejected, because = "no spares" }'
    assert told(checked(text(rejected))) == ["error[part-not-approved]: own-server is rejected: no spares"]


def test_two_words_on_one_part_are_refused() -> None:
    result = checked(text(REJECTED, extra=REJECTED.replace("rejected", "approved")))
    assert named(result, "approval-conflict") == ["own-module is approved and rejected"]


def test_an_approval_of_nothing_is_refused() -> None:
    result = checked(text('approval own-modul { verdict = approved, because = "x" }'))
    assert told(result) == ["error[unknown-part]: approval of own-modul, and there is no part of that name"]
    assert result.diagnostics[0].helps == ("did you mean `own-module`?",)


@pytest.mark.parametrize("missing", ["verdict = approved", 'because = "x"'])
def test_an_approval_says_what_and_why(missing: str) -> None:
    (diagnostic,) = checked(text(f"approval own-module {{ {missing} }}")).diagnostics
    assert diagnostic.name == "part-incomplete"


def test_approvals_end() -> None:
    trial = 'approval own-module { verdict = approved, because = "trial", until = 2026-06-10 }'
    assert told(checked(text(trial), today=date(2026, 5, 1))) == []
    assert told(checked(text(trial), today=date(2026, 6, 10))) == [
        "warning[approval-ends-soon]: the word on own-module (approved) ends on 2026-06-10, in 0 days"
    ]
    assert told(checked(text(trial), today=date(2026, 6, 12))) == [
        "error[approval-expired]: the word on own-module (approved) ended on 2026-06-10, 2 days ago"
    ]


# ------------------------------------------------------------------ waivers of unknown answers

DARK = "    cage_power = 17W\n"


def waiver(name: str, more: str = "", until: str = "2027-01-31") -> str:
    """Return a waiver."""
    return f'waive "{name}" {{ {more} until = {until}, because = "the sheet is on its way" }}'


def without_cage_power(policy: str) -> str:
    """Return a design whose servers state no watts for their cages."""
    return text(policy=policy).replace(DARK, "")


def test_an_unknown_answer_passes_by_a_waiver() -> None:
    assert named(checked(without_cage_power("")), "cannot-conclude")
    assert told(checked(without_cage_power(waiver("cage-power")))) == []


@pytest.mark.parametrize(
    ("narrow", "is_meant"),
    [
        ('of = "own-module",', True),
        ('at = "own-server",', True),
        ('of = "own-module", at = "own-server",', True),
        ('of = "other-module",', False),
        ('at = "own-switch",', False),
    ],
)
def test_a_waiver_is_for_a_part_and_a_box(narrow: str, is_meant: bool) -> None:
    result = checked(without_cage_power(waiver("cage-power", narrow)))
    assert (told(result) == []) == is_meant


def test_a_waiver_lets_nothing_pass_that_fails() -> None:
    result = checked(
        text(policy=waiver("cage-power"), modules=("own-module",)).replace("power_max   = 9W", "power_max = 20W")
    )
    assert len(named(result, "no-optic-fits")) == 1


def test_a_waiver_that_matches_nothing_is_told() -> None:
    assert told(checked(text(policy=waiver("reach")))) == [
        "warning[waiver-unused]: the waiver of `reach` excuses nothing: what it is meant for holds, or is not there"
    ]


def test_a_waiver_of_nothing_is_refused() -> None:
    assert named(checked(text(policy=waiver("cage-pwer"))), "unknown-waiver") == [
        "nothing that a waiver may hold is called `cage-pwer` (did you mean `cage-power`?)"
    ]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            'of = "own-modul"',
            "the waiver of `cage-power` is for the part `own-modul`, and there is no part of that name",
        ),
        (
            'at = "own-serve"',
            "the waiver of `cage-power` is for the box `own-serve`, and there is no part of that name",
        ),
    ],
)
def test_a_waiver_for_what_is_not_there_is_refused(field: str, message: str) -> None:
    (said,) = named(checked(text(policy=waiver("cage-power", f"{field},"))), "unknown-waiver")
    assert said.startswith(message)


@pytest.mark.parametrize(("keep", "lost"), [('because = "x"', "until"), ("until = 2027-01-31", "because")])
def test_a_waiver_says_until_when_and_why(keep: str, lost: str) -> None:
    (message,) = named(checked(text(policy=f'waive "reach" {{ {keep} }}')), "missing-attribute")
    assert message.startswith(f"waive `reach` needs `{lost}`")


def test_several_waivers_may_have_one_name() -> None:
    policy = waiver("cage-power", 'of = "own-module",') + "\n" + waiver("cage-power", 'of = "mms4x00-ns",')
    assert [each.split(":")[0] for each in told(checked(without_cage_power(policy)))] == ["warning[waiver-unused]"]


# ------------------------------------------------------------------ waivers of rules and of requirements

FORBID = (
    'rule no-own { kind = in-cage, a = "own-module", b = "own-server", verdict = forbidden, reason = "not tested" }'
)


def test_a_named_rule_is_ignored() -> None:
    assert len(named(checked(text(FORBID)), "no-optic-fits")) == 1
    result = compiled(text(FORBID, waiver("no-own")))
    assert told(result) == []
    assert result.plan is not None
    (check,) = [each for each in result.plan.checks if each.name == "rule"]
    assert (check.verdict, check.detail) == (
        "unknown",
        "waived: own-module does not go with own-server: not tested",
    )
    assert result.plan.waivers[0].covers == ("rule of net: server -- leaf",)
    elsewhere = checked(text(FORBID, waiver("no-own", 'at = "own-switch",')))
    assert len(named(elsewhere, "no-optic-fits")) == 1


@pytest.mark.parametrize(
    "goal", ["require few: leaf.count >= 2", "require few: 1 + 1 == 3", "require few: power.optics <= 1W"]
)
def test_a_named_requirement_may_fail(goal: str) -> None:
    assert checked(text(goals=goal)).diagnostics[0].name in ("requirement-failed",)
    result = compiled(text(policy=waiver("net.few"), goals=goal))
    assert told(result) == []
    assert result.plan is not None
    assert result.plan.waivers[0].covers == ("requirement net.few",)
    assert [(each.verdict, each.is_soft) for each in result.plan.requirements] == [("fails", True)]


def test_a_requirement_that_holds_needs_no_waiver() -> None:
    result = checked(text(policy=waiver("net.few"), goals="require few: leaf.count <= 2"))
    assert [each.split(":")[0] for each in told(result)] == ["warning[waiver-unused]"]


# ------------------------------------------------------------------ days


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (None, []),
        (date(2027, 1, 16), []),
        (
            date(2027, 1, 17),
            ["warning[waiver-ends-soon]: the waiver of `cage-power` ends on 2027-01-31, in 14 days"],
        ),
        (date(2027, 1, 30), ["warning[waiver-ends-soon]: the waiver of `cage-power` ends on 2027-01-31, in 1 day"]),
        (date(2027, 2, 1), ["error[waiver-expired]: the waiver of `cage-power` ended on 2027-01-31, 1 day ago"]),
    ],
)
def test_waivers_end(today: date | None, said: list[str]) -> None:
    assert told(checked(without_cage_power(waiver("cage-power")), today=today)) == said


def test_a_day_that_does_not_exist_is_refused() -> None:
    assert told(checked(text(policy=waiver("reach", until="2027-02-30")))) == [
        "error[bad-date]: `2027-02-30` is no day of the calendar"
    ]


def test_no_byte_depends_on_the_day() -> None:
    source = without_cage_power(waiver("cage-power"))
    early, late = (compiled(source, today=day) for day in (date(2026, 1, 1), date(2027, 1, 30)))
    assert early.files == late.files
    assert early.lock_text == late.lock_text


# ------------------------------------------------------------------ reports, the second opinion


def test_every_report_prints_the_day_and_the_reason() -> None:
    result = compiled(without_cage_power(waiver("cage-power", 'at = "own-server",')))
    assert result.plan is not None
    line = "cage-power in own-server until 2027-01-31: the sheet is on its way"
    assert f"  waived        {line}" in summary(result.plan).splitlines()
    page = result.files["report/summary.md"]
    assert (
        "| cage-power in own-server | 2027-01-31 | the sheet is on its way | cage-power of net: server -- leaf |"
        in page
    )
    assert '"because": "the sheet is on its way"' in result.files["plan.json"]


def test_explain_tells_of_the_waivers_of_links() -> None:
    plan = compiled(without_cage_power(waiver("cage-power"))).plan
    assert plan is not None
    told_of_links = explain(plan, "net: server -- leaf")
    assert told_of_links is not None
    assert "  waived     cage-power until 2027-01-31: the sheet is on its way" in told_of_links.splitlines()


def test_the_command_line_takes_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    design = tmp_path / "design.optd"
    design.write_text(without_cage_power(waiver("cage-power")), encoding="utf-8")
    assert main(["check", str(design), "--today", "2027-01-01", "--format", "concise"]) == 0
    assert "waiver-" not in capsys.readouterr().err
    assert main(["check", str(design), "--today", "2027-03-01", "--format", "concise"]) == 1
    assert "waiver-expired" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["check", str(design), "--today", "tomorrow"])
    assert "tomorrow: write a day as 2027-01-31" in capsys.readouterr().err


def test_a_design_without_these_words_says_nothing_of_them() -> None:
    result = compiled(text())
    assert not [word for word in ("waivers", "unlisted", "approved_only") if word in result.files["plan.json"]]
    assert "Waived" not in result.files["report/summary.md"]


def test_the_verifier_wants_an_excuse_for_what_the_policy_stops_at() -> None:
    plan = compiled(without_cage_power(waiver("cage-power"))).plan
    if plan is None:
        raise InternalError("the design does not compile")
    assert verify(plan) == []
    from dataclasses import replace

    (bare,) = verify(replace(plan, waivers=()))
    assert (bare.name, bare.message) == (
        "unknown-not-excused",
        "cage-power of net: server -- leaf is unknown, the policy stops at it, and no waiver excuses it",
    )
    own = plan.waivers[0]
    silent = PlanWaiver(**{**own.model_dump(), "because": ""})
    assert [each.name for each in verify(replace(plan, waivers=(silent,)))] == ["unknown-not-excused"]
