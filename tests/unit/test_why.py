"""`explain`: why a class has its parts, what is left of every limit, what flips the choice, in exact words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from optidsl.cli.main import main
from optidsl.optics import choose
from optidsl.optics.why.class_text import class_lines
from optidsl.optics.why.flips_text import flip_lines
from optidsl.optics.why.link_class import why_class
from optidsl.optics.why.sensitivity import sensitivity
from optidsl.optics.why.slack import slacks
from optidsl.optics.why.slack_text import slack_lines
from optidsl.optics.why.study import Study, study
from optidsl.optics.why.why_not import why_not
from optidsl.optics.why.why_not_text import why_not_lines
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.choices import Choices, Module, checked, study_of
from tests.support.designs import fact
from tests.support.links import placed_with
from tests.support.parts import dac, dr4, module, pair, sr4, tables_of
from tests.unit.test_optics_choose import minimise, require

CLASS = """\
  decided by
    module  dr4, by the compiler: no other module meets the limits of the whole design
    medium  singlemode, by the compiler: no other medium meets the limits of the whole design
    cable   sm, by the compiler: no other cable meets the limits of the whole design
    length  4 links of 20 m, by the floor plan: routes and slack
    rate    400 Gbps, by the closed form: the rate of the ports that face each other
  runner-up    none: 2 of 15 combinations fit, no other meets the limits of the whole design
  binding (without it, other parts would be chosen)
    - at most 1 optic SKUs (design.optd:1)
      without: sr4 + mm + sr4, power.optics -8 W
  rejected 13 of 15 tried, nearest first
    3 combinations cannot conclude on loss, where all parts fit
      dr4 + sm + lr: cannot conclude: no usable number for lr.over os2.loss
    1 combination fails lengths-on-sale, where all parts fit
      dac is sold up to 3 m, the longest link needs 20 m (short by 17 m)
    5 combinations fail medium on the fibre
      dr4 + mm + dr4: dr4 is singlemode, mm multimode
    4 pairs fail medium facing each other
      dr4 + sr4: dr4 has medium singlemode, sr4 multimode
"""

SLACK = """\
                           is     bound   left
policy.optic_skus           1      <= 1  tight
    policy at most 1 optic SKUs; design.optd:1
power.optics <= 400000  144 W  <= 400 W  256 W
    require; design.optd:1
"""

FLIPS = """\
compute.server--leaf.length: now 20 m, server-001 -> compute-leaf-001 (design.optd:1)
    down  the same to 3.001 m (16.999 m); at 3 m compute: server -- leaf takes dac
    up    the same to 500 m (480 m); at 500.001 m nothing is possible
compute.leaf--spine.length: now 80 m, compute-leaf-001 -> compute-spine-001 (design.optd:1)
    down  the same to 50.001 m (29.999 m); at 50 m compute: server -- leaf takes sr4 + mm + sr4,
          compute: leaf -- spine takes sr4 + mm + sr4
    up    the same to 500 m (420 m); at 500.001 m nothing is possible
policy.optic_skus: now 1 (design.optd:1)
    down  the same at 1 only; at 0 nothing is possible
    up    the same at 1 only; at 2 compute: server -- leaf takes sr4 + mm + sr4
power.optics <= 400000: now 400 W (design.optd:1)
    down  the same to 144 W (256 W); at 143.999 W nothing is possible
    up    nothing changes, however far
"""

WHY_NOT_LIMIT = """\
why not sr4 for compute: server -- leaf
  it fits, and what ties the links of the design together forbids it
    - at most 1 optic SKUs (design.optd:1)
"""

WHY_NOT_CHECKS = """\
why not sr4 for compute: leaf -- spine
  6 candidates with it, none fits; nearest first
    sr4 + mm + sr4
      lengths-on-sale: mm is sold up to 50 m, the longest link needs 80 m (short by 30 m)
      reach: sr4 over om4 reaches 50 m, the longest link needs 80 m, 30 m more (short by 30 m)
      overload: cannot conclude: no usable number for sr4.tx_max
      stands on design.optd:1: the longest of 4 links needs 80 m (compute-leaf-001 ->
      compute-spine-001)
    sr4 + sm + sr4
      medium: sr4 is multimode, sm singlemode
    dr4 + sr4
      medium: dr4 has medium singlemode, sr4 multimode
    lr + sr4
      medium: lr has medium singlemode, sr4 multimode
    sr4 + dr4
      medium: sr4 has medium multimode, dr4 singlemode
    … 1 more: --all
"""


def taken_up(design: Design, required_mm: list[int]) -> Study:
    """Choose the parts of a design and take the choice up."""
    context = designs.context()
    placed = placed_with(tables_of(design, context), required_mm)
    choice = choose(design, placed, context, recheck=True)
    assert choice is not None, designs.messages(context)
    return study(design, placed, choice, context)


@pytest.fixture(scope="module")
def shown() -> Study:
    """A limit of one optic SKU makes links of 20 m take what those of 80 m need."""
    design = pair([dr4(), sr4(), module("lr", reach_m=10_000, power_mw=11_000)], direct=[dac()])
    policy = replace(design.policy, optic_skus=designs.at_most(1))
    limit = require("power.optics", "<=", 400_000)
    return taken_up(
        replace(design, objectives=minimise("power.optics"), policy=policy, requirements=(limit,)), [20_000, 80_000]
    )


def text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def test_a_class_in_words(shown: Study) -> None:
    assert text(class_lines(why_class(shown, 0), shown.context)) == CLASS


def test_slack_in_words(shown: Study) -> None:
    assert text(slack_lines(slacks(shown), shown.context)) == SLACK


def test_sensitivity_in_words(shown: Study) -> None:
    found = sensitivity(shown)
    assert found is not None
    assert text(flip_lines(found, shown.context)) == FLIPS


@pytest.mark.parametrize("row", [0, 1])
def test_why_not_in_words(shown: Study, row: int) -> None:
    found = why_not(shown, row, "sr4")
    assert found is not None
    assert text(why_not_lines(found, shown.context)) == (WHY_NOT_LIMIT, WHY_NOT_CHECKS)[row]


def test_a_part_nobody_tried_is_unknown(shown: Study) -> None:
    assert why_not(shown, 0, "sr5") is None


def test_the_runner_up_says_what_it_costs_in_every_objective() -> None:
    design = replace(pair([dr4(), sr4()]), objectives=minimise("power.optics"))
    lines = class_lines(why_class(taken_up(design, [20_000, 80_000]), 0), designs.context())
    at = lines.index("  runner-up of 2 combinations that fit")
    assert lines[at + 1 : at + 4] == [
        "    dr4 + sm + dr4",
        "      power.optics  136 W -> 144 W  (+8 W)",
        "  binding      nothing: without any one statement the same parts are chosen",
    ]


def test_what_the_lock_keeps_is_told_with_its_price() -> None:
    kept = "m-hot + jumper-om4 + m-hot"
    found, context = checked(POWERS.text, {"net: n -- leaf": kept, "net: leaf -- spine": kept})
    assert found is not None
    why = why_class(study(found.design, found.placed, found.choice, context), 0)
    assert (why.candidate, why.decisions[0].by) == (kept, "lock")
    assert why.pinned is not None
    assert why.pinned.candidate == "m-cool + jumper-om4 + m-cool"
    assert [step.difference for step in why.pinned.steps] == [-128_000, 0]


def names(study: Study) -> list[str]:
    return [study.chosen(row).candidate.name for row in range(len(study.classes))]


def test_a_margin_of_the_policy_flips_where_it_is_said_to() -> None:
    parts = [dr4(), sr4(loss_mdb=1_900), dr4("dr4-hot", loss_mdb=4_000, power_max_mw=fact(12_000))]
    design = replace(pair(parts), objectives=minimise("power.optics"))

    def asking(mdb: int) -> Design:
        return replace(design, policy=replace(design.policy, margin_mdb=Slot(lower=mdb, span=designs.SPAN)))

    study = taken_up(asking(100), [20_000, 80_000])
    (found,) = [each for each in sensitivity(study) or () if each.name == "policy.margin"]
    assert (found.down, found.up is not None) == (None, True)
    assert found.up is not None
    assert names(taken_up(asking(int(found.up.last)), [20_000, 80_000])) == names(study)
    assert names(taken_up(asking(int(found.up.first)), [20_000, 80_000])) != names(study)
    assert found.ends[1] is not None
    taken_up(asking(int(found.ends[1])), [20_000, 80_000])
    with pytest.raises(AssertionError):
        taken_up(asking(int(found.ends[1]) + 1), [20_000, 80_000])


def test_a_copper_reach_flips_where_it_is_said_to() -> None:
    design = replace(pair([dr4()], direct=[dac()]), objectives=minimise("power.optics"))

    def reaching(mm: int) -> Design:
        reach = {"dac": Slot(value=mm, span=designs.SPAN)}
        return replace(design, policy=replace(design.policy, copper_reach=reach))

    study = taken_up(reaching(2_000), [1_500, 2_500])
    (found,) = [each for each in sensitivity(study) or () if each.name == "policy.copper_reach.dac"]
    for flip in (found.down, found.up):
        assert flip is not None
        assert names(taken_up(reaching(int(flip.last)), [1_500, 2_500])) == names(study)
        assert names(taken_up(reaching(int(flip.first)), [1_500, 2_500])) != names(study)
    (left,) = [each for each in slacks(study) if each.name == "policy.copper_reach.dac"]
    assert (left.left, left.unit, left.subject) == (0, "mm", "compute: server -- leaf")


# ------------------------------------------------------------------ the command

POWERS = Choices(
    (Module("m-cool", "om4", 50, 8_000), Module("m-hot", "om4", 100, 12_000)),
    {"om4": (5, 10, 30)},
    {},
    ("8m", "25m"),
    ("require few_watts: power.optics <= 500W", "require hops(net) <= 3"),
    ("optic_skus <= 2",),
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The design in a file."""
    path = tmp_path / "design.optd"
    path.write_text(POWERS.text, encoding="utf-8")
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["explain", *words]) == code
    return capsys.readouterr().out


@pytest.mark.parametrize("path", ["net: leaf -- spine", "net.leaf--spine", "net.leaf -- spine"])
def test_links_may_be_written_both_ways(path: str, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, path, file)
    assert "links net: leaf -- spine: 8 cables" in out
    assert "    module  m-cool, by the compiler: " in out
    assert "    length  8 links of 25 m, written at design.optd:" in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_an_attribute_alone(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "net.leaf--spine.length", file)
    assert out.startswith("length of links net: leaf -- spine\n  decided by\n    length  8 links of 25 m, written at")
    assert "    module " not in out


def test_sizes_say_who_decided_them(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "net.leaf", file)
    assert "    count             2, written at design.optd:" in out
    assert "    down              4 ports, by the closed form: what the level below sends, dealt evenly" in out
    assert told(capsys, "net.planes", file).endswith("planes  1, by the default of the schema\n")


def test_a_device_says_who_decided_its_name(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "net-leaf001", file)
    assert "    name      net-leaf001, by the " in out
    assert "    asn       4200001000, by the closed form: the place of its key in the range" in out


def test_a_requirement_by_name(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "few_watts", file)
    assert "require power.optics <= 500W; design.optd:" in out
    assert "    down  the same to 256 W (244 W); at 255.999 W nothing is possible" in out


def test_an_entry_of_the_policy(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "policy.optic_skus", file)
    assert "  policy.optic_skus <= 2 (design.optd:" in out
    assert "policy.optic_skus   1   <= 2     1" in out


def test_layers_that_lost_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = "  environment lab {\n    override policy.optic_skus = 1\n  }\n  override policy.optic_skus = 3"
    path = tmp_path / "design.optd"
    path.write_text(replace(POWERS, more=lab).text, encoding="utf-8")
    lines = told(capsys, "policy.optic_skus", str(path), "-e", "lab").splitlines()
    assert [line.partition(" (")[0] for line in lines[1:4]] == [
        "  policy.optic_skus = 1, environment lab",
        "    over policy.optic_skus = 3, override",
        "    over policy.optic_skus <= 2",
    ]


def test_a_component_is_named_as_the_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = (
        POWERS.text.replace("  fabric net {", "  component Net {\n  fabric net {")
        .replace("  policy {", "  }\n  Net one { }\n  policy {", 1)
        .replace("hops(net)", "hops(one.net)")
    )
    path = tmp_path / "design.optd"
    path.write_text(source, encoding="utf-8")
    assert "clos, written at design.optd" in told(capsys, "one.net.kind", str(path))


def test_json_has_stable_keys(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    (links,) = json.loads(told(capsys, "net.leaf--spine", file, "--format", "json"))["classes"]
    assert list(links) == [
        "name", "candidate", "decisions", "runner_up", "bonds", "rejected", "n_open", "n_tried", "pinned", "limit",
    ]  # fmt: skip
    assert list(links["decisions"][0]) == ["what", "value", "by", "reason", "layer", "where", "said"]
    rows = json.loads(told(capsys, "slack", file, "--format", "json"))["slack"]
    assert [row["name"] for row in rows] == ["hops(net) <= 3", "few_watts", "policy.optic_skus"]
    assert list(rows[0]) == [
        "name", "text", "span", "subject", "value", "bound", "left", "unit", "state", "is_fixed", "kind", "relation",
        "lacks",
    ]  # fmt: skip
    numbers = json.loads(told(capsys, "sensitivity", file, "--format", "json"))
    assert list(numbers) == ["sensitivity", "unproven", "notes"]
    assert list(numbers["sensitivity"][0]) == [
        "name", "span", "value", "unit", "down", "up", "ends", "is_bounded", "subject",
    ]  # fmt: skip


def test_length_and_rate_do_not_repeat_why_the_parts_are_chosen(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "rejected" not in told(capsys, "net.leaf--spine.length", file)
    assert "rejected" in told(capsys, "net.leaf--spine.module", file)


def test_checks_that_only_hold_are_one_line(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "net.leaf--spine", file)
    assert "more hold: protocol, rate, lanes," in out
    assert "    ok       rate " not in out
    assert "    ok       rate " in told(capsys, "net.leaf--spine", file, "--all")


def test_an_attribute_is_told_with_the_best_other_value_of_it() -> None:
    why = why_class(study_of(replace(POWERS, cables={"om4": (5, 10, 30), "om3": (10, 30)}).text), 0)
    reasons = {each.what: each.reason for each in why.decisions}
    assert reasons["module"].partition("; ")[2] == "next m-cool + jumper-om4 + m-hot, +32 W"
    assert reasons["medium"] == "the only medium that fits"


def test_sensitivity_of_one_path(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "sensitivity", "net.leaf--spine.length", file)
    assert out.startswith("net.leaf--spine.length: now 25 m, net-leaf001 -> net-spine001 (design.optd:")
    assert "policy" not in out


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["net.laef", "{}"], "(did you mean net.leaf"),
        (["few_wats", "{}"], "(did you mean few_watts?)"),
        (["net-leaf001:99", "{}"], "those of net-leaf001 are 1 … 16"),
        (["net.leaf--spin", "{}"], "(did you mean net.leaf--spine"),
        (["sensitivity", "policy.optic_sku", "{}"], "(did you mean policy.optic_skus"),
        (["net.leaf--spine", "{}", "--why-not", "m-col"], "(did you mean m-cool"),
        (["net.leaf", "{}", "--why-not", "sww"], "(did you mean sw"),
    ],
)
def test_a_wrong_path_is_refused_with_the_nearest(
    words: list[str], meant: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *(word.format(file) for word in words)]) == 2
    assert meant in capsys.readouterr().err


def test_a_design_without_numbers_says_so() -> None:
    each = study_of(replace(POWERS, statements=(), policy=()).text)
    assert slack_lines(slacks(each), each.context) == [
        "the design states no requirement, limit or cap that the compiler weighs"
    ]
