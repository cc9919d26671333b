"""What a difference says of each kind of change: work, cause, waves, words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from optidsl.difference import Difference, Texts, difference, json_of, text_of
from optidsl.difference.model import CableWork
from optidsl.plan.model import PlanRequirement
from tests.support.differences import Net, clos, compare, plan_of, texts_of


def _causes(found: Difference) -> list[str]:
    return [f"{cause.kind}: {cause.title}" for cause in found.causes]


def _lines(found: Difference) -> str:
    return text_of(found)


# ------------------------------------------------------------------ nothing, growth


def test_a_plan_is_no_change_of_itself() -> None:
    found = compare(clos(3, 2), clos(3, 2))
    assert found.is_empty
    assert text_of(found) == ""


def test_where_a_statement_stands_is_no_change() -> None:
    assert compare(clos(3, 2), replace(clos(3, 2), source_ref="design.optd:99")).is_empty


def test_another_spine() -> None:
    found = compare(clos(12, 4), clos(12, 5))
    assert found.headline == (
        "+1 f.spine: pull 12 cables (120 m), buy 18 modules, 12 devices change, no session resets"
    )
    assert _causes(found) == ["group: f.spine: +1 switch, 4 → 5"]
    work = found.causes[0].work
    assert work == found.work
    assert work.cables == CableWork(pull=12, pull_mm=120_000)
    assert work.rack == ("spine005",)
    assert work.configs == tuple(f"leaf{i + 1:03}" for i in range(12))
    assert (work.resets, work.opened, work.closed) == (0, 12, 0)
    assert found.rollout.waves == ()
    assert found.rollout.pushes == work.configs
    assert "configurations that change: 12 devices: leaf[001-012]" in _lines(found)
    assert [(each.name, each.before, each.after) for each in found.figures if "fails" in each.name] == [
        ("f: kept when the worst switch fails", "75 %", "80 %")
    ]


def test_another_leaf_with_its_servers() -> None:
    found = compare(clos(12, 4), clos(13, 4))
    assert found.headline.startswith("+2 server, +1 f.leaf: pull 6 cables (50 m)")
    by_title = {cause.title: cause.work for cause in found.causes}
    assert by_title["server: +2 nodes, 24 → 26"].cables == CableWork(pull=2, pull_mm=10_000)
    assert by_title["f.leaf: +1 switch, 12 → 13"].cables == CableWork(pull=4, pull_mm=40_000)
    assert found.work.configs == ("spine001", "spine002", "spine003", "spine004")


def test_a_removed_leaf_is_drained_after_its_servers_and_unracked_at_the_end() -> None:
    found = compare(clos(4, 3), clos(3, 3))
    assert found.headline == "-2 server, -1 f.leaf: remove 5 cables, 3 devices change, no session resets"
    assert [wave.drain for wave in found.rollout.waves] == [("server007", "server008"), ("leaf004",)]
    assert found.rollout.finish.unrack == ("server007", "server008", "leaf004")
    assert found.work.closed == 3


def test_a_new_fabric_and_one_that_goes() -> None:
    found = compare(clos(2, 2), replace(clos(2, 2), fabric="g"))
    assert "fabric: fabric g is new" in _causes(found)
    assert "fabric: fabric f goes" in _causes(found)
    assert found.unexplained == ()


# ------------------------------------------------------------------ cables


def _with(net: Net, old: object, new: object, length_mm: int | None = None) -> Net:
    links = {new if ends == old else ends: mm for ends, mm in net.links.items()}
    if length_mm is not None:
        links[new] = length_mm
    return replace(net, links=links)  # type: ignore[arg-type]


LEAF1 = ("leaf", "1", 16)
FIRST = (LEAF1, ("spine", "1", 0))


def test_a_cable_of_another_length_is_re_lengthed_and_its_session_resets() -> None:
    found = compare(clos(2, 2), _with(clos(2, 2), FIRST, FIRST, 20_000))
    assert found.work.cables == CableWork(relength=1, pull_mm=20_000, remove_mm=10_000)
    assert _causes(found) == ["route: links f: leaf -- spine: their way is another, by trays, slack or a stated length"]
    assert found.work.resets == 1
    (wave,) = found.rollout.waves
    assert (wave.drain, wave.share, wave.resets) == (("spine001",), (400_000, 800_000), 1)
    assert wave.share == wave.floor
    assert "re-length 1" in _lines(found)


def test_a_cable_that_ends_elsewhere_is_moved_at_one_end() -> None:
    net = clos(2, 2)
    found = compare(net, _with(net, FIRST, (LEAF1, ("spine", "2", 9))))
    assert found.work.cables == CableWork(move_one_end=1)
    assert found.unexplained == ("links f: leaf -- spine: nothing stated explains it",)
    assert (found.rollout.disturbed, found.rollout.bound) == (1, 1)
    assert "1 cable in service does not stay as before: the fewest possible" in _lines(found)
    (each,) = found.cables
    assert each.was is not None
    assert each.ends is not None
    assert (each.was[1].device, each.ends[1].device, each.ends[1].port) == ("f.spine[1]", "f.spine[2]", "et10")


def test_a_cable_between_the_same_devices_on_other_ports_is_moved_at_both_ends() -> None:
    net = clos(2, 2)
    found = compare(net, _with(net, FIRST, (("leaf", "1", 40), ("spine", "1", 40))))
    assert found.work.cables == CableWork(move_both_ends=1)
    assert (found.rollout.disturbed, found.rollout.bound) == (1, 0)
    assert "1 cable in service does not stay as before; at least 0 must" in _lines(found)


def test_another_cable_part_is_an_exchange_with_the_class_as_its_cause() -> None:
    found = compare(clos(2, 2), replace(clos(2, 2), cable="other"))
    assert found.work.cables.exchange == 8
    assert _causes(found)[0] == "class: f: server -- leaf: sr + jumper + sr → sr + other + sr"
    assert [cause.work.cables.exchange for cause in found.causes] == [4, 4]
    assert {(each.part, each.delta) for each in found.bom if each.category == "cable"} == {("jumper", -4), ("other", 4)}


def test_another_module_leaves_the_cables_where_they_are() -> None:
    found = compare(clos(2, 2), replace(clos(2, 2), modules=("sr", "dr")))
    assert found.work.cables == CableWork()
    assert [(each.part, each.buy, each.free, each.move) for each in found.work.modules] == [
        ("dr", 4, 0, 0),
        ("sr", 0, 4, 0),
    ]
    assert found.work.resets == 4
    assert [wave.drain for wave in found.rollout.waves] == [("spine001",), ("spine002",)]


def test_a_module_that_changes_its_cage_is_moved() -> None:
    net = clos(2, 2)
    found = compare(net, _with(net, FIRST, (LEAF1, ("spine", "1", 40))))
    assert [(each.part, each.buy, each.free, each.move) for each in found.work.modules] == [("sr", 1, 0, 0)]
    lone = _with(net, (("leaf", "2", 16), ("spine", "1", 1)), (("leaf", "2", 16), ("spine", "1", 20)))
    found = compare(lone, _with(lone, FIRST, (LEAF1, ("spine", "1", 40))))
    assert [(each.part, each.buy, each.free, each.move) for each in found.work.modules] == [("sr", 0, 0, 1)]


# ------------------------------------------------------------------ numbers, names, boxes


def test_another_as_number_resets_the_sessions_of_the_device_and_is_unexplained() -> None:
    found = compare(clos(3, 2), replace(clos(3, 2), asns={("leaf", "2"): 64_999}))
    assert [(each.what, each.of, each.before, each.after) for each in found.renumbered] == [
        ("asn", "f.leaf[2]", "65002", "64999")
    ]
    assert found.work.resets == 2
    assert found.work.configs == ("leaf002", "spine001", "spine002")
    assert found.unexplained == ("AS numbers of f.leaf: nothing stated explains it",)
    assert [wave.drain for wave in found.rollout.waves] == [("leaf002",)]
    assert "Changes that no statement explains" in _lines(found)


def test_another_host_name_changes_configurations_and_no_session() -> None:
    found = compare(clos(3, 2), replace(clos(3, 2), names={("spine", "2"): "core-b"}))
    assert found.renumbered[0].what == "name"
    assert found.work.configs == ("leaf001", "leaf002", "leaf003", "core-b")
    assert found.work.resets == 0


def test_a_box_in_another_rack_is_reseated() -> None:
    found = compare(replace(clos(2, 2), racks={("leaf", "2"): 1}), replace(clos(2, 2), racks={("leaf", "1"): 1}))
    assert found.work.reseat == ("leaf001", "leaf002")
    assert _causes(found) == ["place: f.leaf stands elsewhere"]


def test_what_holds_for_the_whole_design_is_the_cause_of_configurations_alone() -> None:
    found = compare(clos(2, 2), replace(clos(2, 2), mtu=1500))
    assert _causes(found) == ["addressing: addressing: mtu 9216 → 1500"]
    assert found.work.configs == ("leaf001", "leaf002", "spine001", "spine002")
    assert found.work.resets == 0
    assert found.unexplained == ()


def test_configurations_outside_every_cause_are_told() -> None:
    plan = plan_of(clos(2, 2))
    texts = texts_of(plan)
    other = Texts({**texts.devices, "leaf002": ("something else",)})
    found = difference(plan, plan, texts, other)
    assert found.unexplained == ("configurations of devices that nothing stated concerns: leaf002",)


def test_files_of_a_subnet_manager_are_told() -> None:
    plan = plan_of(clos(2, 2))
    found = difference(plan, plan, Texts({}, {"infiniband/f/a": "1"}), Texts({}, {"infiniband/f/a": "2", "b": ""}))
    assert found.files == ("b", "infiniband/f/a")


def test_a_parameter_is_told_before_what_follows_from_it() -> None:
    found = compare(replace(clos(2, 2), params={"n": "2"}), replace(clos(3, 2), params={"n": "3"}))
    assert _causes(found)[0] == "param: param n: 2 → 3"


# ------------------------------------------------------------------ requirements, prices


def _required(verdict: str, slack: str) -> tuple[PlanRequirement, ...]:
    return (
        PlanRequirement(
            name="cap",
            text="power <= 1 kW",
            verdict=verdict,
            slack=slack,
            is_soft=True,
            source_ref="d:7",
            unit="mW",  # type: ignore[arg-type]
        ),
    )


def test_a_requirement_that_holds_no_more_is_told_first() -> None:
    before, after = (
        replace(clos(2, 2), requirements=_required(*each)) for each in (("holds", "5000"), ("fails", "-1"))
    )
    found = compare(before, after)
    assert found.requirements[0].has_flipped
    assert "cap          holds, 5 W left  fails (held before)  d:7" in _lines(found)


def test_slack_that_changes_is_told() -> None:
    before, after = (replace(clos(2, 2), requirements=_required("holds", each)) for each in ("5000", "1000"))
    found = compare(before, after)
    assert not found.requirements[0].has_flipped
    assert (found.requirements[0].slack_before, found.requirements[0].slack_after) == ("5 W", "1 W")


def test_prices_are_told_where_they_are_known() -> None:
    found = compare(replace(clos(2, 2), price="10"), replace(clos(2, 3), price="10"))
    cable = next(each for each in found.bom if each.category == "cable")
    assert (cable.delta, cable.price, cable.total, cable.currency) == (2, "10", "20.00", "USD")
    cost = next(each for each in found.figures if each.name.startswith("cost in all"))
    assert (cost.before, cost.after) == ("220.00 USD", "280.00 USD")


# ------------------------------------------------------------------ renames


def test_a_renamed_fabric_is_proposed() -> None:
    found = compare(clos(2, 2), replace(clos(2, 2), fabric="g"))
    assert found.moved == ("moved f -> g",)
    assert "    moved f -> g" in _lines(found).splitlines()


def test_a_renamed_tier_is_proposed() -> None:
    before = plan_of(clos(2, 3))
    groups = [g.model_copy(update={"name": "f.tor", "tier": "tor"}) if g.name == "f.leaf" else g for g in before.groups]
    after = replace(before, groups=tuple(groups))
    assert difference(before, after, texts_of(before), texts_of(after), None).moved == ("moved f.leaf -> f.tor",)


def test_a_renamed_device_is_proposed() -> None:
    def renamed(end: tuple[str, str, int]) -> tuple[str, str, int]:
        return ("spine", "77", end[2]) if end[:2] == ("spine", "2") else end

    net = clos(3, 2)
    links = {(renamed(a), renamed(z)): mm for (a, z), mm in net.links.items()}
    found = compare(net, replace(net, spines=["1", "77"], links=links))
    assert found.moved == ("moved f.spine[2] -> f.spine[77]",)
    again = compare(net, replace(net, spines=["1", "77"], links=links), {"f.spine[2]": "f.spine[77]"})
    assert again.work.cables == CableWork()
    assert again.work.rack == ()
    assert _causes(again)[0] == "moved: moved f.spine[2] -> f.spine[77]"


def test_what_has_two_likes_is_not_guessed() -> None:
    net = clos(2, 2)
    links = {ends: mm for ends, mm in net.links.items() if ends[1][0] != "leaf"}
    one = replace(net, servers=["1", "2"], links=links)
    assert compare(one, replace(one, servers=["8", "9"])).moved == ()


def test_moved_carries_over_everything() -> None:
    found = compare(clos(2, 2), replace(clos(2, 2), fabric="g"), {"f": "g"})
    assert found.work == compare(clos(2, 2), clos(2, 2)).work
    assert _causes(found) == ["moved: moved f -> g"]
    assert found.figures == ()


def test_a_moved_line_that_has_served_is_no_change() -> None:
    net = replace(clos(2, 2), fabric="g")
    assert compare(net, net, {"f": "g"}).is_empty


# ------------------------------------------------------------------ waves


def test_waves_take_one_spine_at_a_time_and_keep_what_one_failure_leaves() -> None:
    net = clos(4, 4)
    longer = replace(net, links={ends: 20_000 if ends[0][0] == "leaf" else mm for ends, mm in net.links.items()})
    found = compare(net, longer)
    assert [wave.drain for wave in found.rollout.waves] == [(f"spine00{i}",) for i in range(1, 5)]
    assert all(wave.share[0] * 4 == wave.share[1] * 3 for wave in found.rollout.waves)
    text = _lines(found)
    assert "waves 1-4, one after the other (f): spine[001-004]" in text
    assert "drain; 75 % of the links upwards stay at leaf001, no less than one failure leaves (75 %)" in text


def test_switches_that_share_nothing_below_are_drained_together() -> None:
    net = clos(4, 4)
    links = {ends: mm for ends, mm in net.links.items() if ends[0][0] == "server" or _pod(ends[0]) == _pod(ends[1])}
    pods = replace(net, links=links)
    longer = replace(pods, links={ends: 20_000 if ends[0][0] == "leaf" else mm for ends, mm in links.items()})
    waves = compare(pods, longer).rollout.waves
    assert [wave.drain for wave in waves] == [("spine001", "spine003"), ("spine002", "spine004")]
    assert all(wave.share == (400_000, 800_000) for wave in waves)


def _pod(end: tuple[str, str, int]) -> bool:
    return int(end[1]) > 2


def test_single_homed_servers_lose_one_leaf_at_a_time() -> None:
    net = clos(3, 2)
    longer = replace(net, links=dict.fromkeys(net.links, 10000))
    waves = compare(net, longer).rollout.waves
    assert [wave.drain for wave in waves] == [("leaf001",), ("leaf002",), ("leaf003",)]
    assert all(wave.share[0] == 0 for wave in waves)
    assert "what has no other way is cut off meanwhile" in _lines(compare(net, longer))


# ------------------------------------------------------------------ JSON


def test_json_has_everything() -> None:
    found = compare(clos(12, 4), clos(12, 5))
    content = json.loads(json_of(found))
    assert content["schema_version"] == "1.0"
    assert content["is_empty"] is False
    assert content["headline"] == found.headline
    assert len(content["cables"]) == 12
    assert content["cables"][0] == {
        "kind": "pull",
        "was": None,
        "ends": [
            {"device": "f.leaf[1]", "name": "leaf001", "port": "et21"},
            {"device": "f.spine[5]", "name": "spine005", "port": "et1"},
        ],
        "part": "jumper",
        "length_mm": 10_000,
        "was_part": "",
        "was_length_mm": -1,
        "ends_moved": 0,
        "cause": 0,
    }
    assert content["causes"][0]["work"]["cables"]["pull"] == 12


@pytest.mark.parametrize("kind", ["pull", "remove"])
def test_the_first_plan_and_the_last_one(kind: str) -> None:
    empty, net = Net(servers=["1"]), clos(1, 1)
    found = compare(empty, net) if kind == "pull" else compare(net, empty)
    assert getattr(found.work.cables, kind) == len(net.links)
