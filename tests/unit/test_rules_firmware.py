"""Rules of certain versions of firmware: inside the interval, before it, beyond it, and with no version stated."""

from __future__ import annotations

import pytest

from optidsl.catalog.firmware import rules_at, untested
from optidsl.catalog.governance import Firmware, is_before, version_key
from optidsl.catalog.parts import Bundle, Rule
from tests.support.designs import SPAN, fact
from tests.support.governed import checked, named, text, told

PAIR = 'kind = in-cage, a = "own-module", b = "firmware=own-nic"'
DOWN = f'rule r {{ {PAIR}, verdict = forbidden, of = own-nic, firmware = "1.2..1.9", reason = "the link stays down" }}'
CLASS = "`net: server -- leaf`"


def version(own_nic: str) -> str:
    """Return the policy that states a version of the adapters."""
    return f'firmware own-nic {{ version = "{own_nic}" }}'


# ------------------------------------------------------------------ versions


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("28.38.1900", "28.39.1002"), ("1.9", "1.10"), ("4.15.0", "4.15.0-5"), ("4.15.0-5", "4.15.1"), ("9", "10")],
)
def test_versions_are_compared_number_by_number(earlier: str, later: str) -> None:
    assert is_before(earlier, later)
    assert not is_before(later, earlier)


def test_missing_numbers_are_zeros() -> None:
    assert version_key("28.39") == version_key("28.39.0") == (28, 39)


@pytest.mark.parametrize("malformed", ["", "latest", "28.", ".28", "28..39", "28.39a", "28,39", "28.39-", " 28", "-1"])
def test_what_is_no_version_has_no_order(malformed: str) -> None:
    assert version_key(malformed) is None


@pytest.mark.parametrize(
    ("parts", "policy", "message"),
    [
        ("", version("latest"), "`firmware own-nic.version` is no version: `latest` is not numbers with dots between"),
        (
            DOWN.replace("1.2..1.9", "1.x..1.9"),
            "",
            "`rule.firmware` is no version: `1.x` is not numbers with dots between",
        ),
        (
            'bundle b { member own-nic { version = "1.2" }\n member own-asic { version = "v3" } }',
            "",
            "`member.version` is no version: `v3` is not numbers with dots between",
        ),
    ],
)
def test_malformed_versions_are_refused(parts: str, policy: str, message: str) -> None:
    assert told(checked(text(parts, policy))) == [f"error[bad-version]: {message}"]


# ------------------------------------------------------------------ the three answers


@pytest.mark.parametrize("inside", ["1.2", "1.5.7", "1.9"])
def test_inside_the_interval_the_verdict_holds(inside: str) -> None:
    assert told(checked(text(DOWN, version(inside)))) == [
        f"error[no-optic-fits]: no optic in the catalogue fits {CLASS} at 400 Gbps: own-module does not go with "
        f"own-server: the link stays down (own-nic firmware 1.2 to 1.9, the design runs {inside})"
    ]


def test_before_the_start_the_rule_does_not_apply() -> None:
    assert told(checked(text(DOWN, version("1.1.9")))) == []


def test_beyond_the_end_nothing_is_known() -> None:
    assert told(checked(text(DOWN, version("1.10")))) == [
        f"warning[cannot-conclude]: {CLASS}: cannot conclude: own-module in own-server: the link stays down is last "
        "listed for own-nic firmware 1.9, the design runs 1.10; nothing is published beyond"
    ]


def test_without_a_version_nothing_is_known_and_the_field_is_named() -> None:
    result = checked(text(DOWN))
    assert told(result) == [
        f"warning[cannot-conclude]: {CLASS}: cannot conclude: own-module in own-server: the link stays down (for "
        "firmware 1.2 to 1.9), and the design states no version of own-nic"
    ]
    primary = result.diagnostics[0].primary
    assert primary is not None
    assert primary.text == "needs policy.firmware own-nic.version"


def test_the_policy_can_stop_at_what_is_not_known() -> None:
    messages = named(checked(text(DOWN, "unknown { firmware = stop }")), "cannot-conclude")
    assert messages == [
        f"cannot conclude that own-module + own-fiber + own-module serves {CLASS}: no usable number for "
        "policy.firmware own-nic.version"
    ]


def test_another_module_is_chosen_where_one_is_forbidden() -> None:
    result = checked(text(DOWN, version("1.5"), modules=("own-module", "other-module")))
    assert told(result) == []


@pytest.mark.parametrize(("running", "is_refused"), [("1.8", True), ("1.9.5", True), ("2.0", False), ("3", False)])
def test_a_fix_ends_the_interval(running: str, is_refused: bool) -> None:
    rule = DOWN.replace('"1.2..1.9"', '"1.2..1.9", fixed = "2.0"')
    result = checked(text(rule, version(running)))
    assert bool(named(result, "no-optic-fits")) == is_refused
    assert named(result, "cannot-conclude") == []


# ------------------------------------------------------------------ rules that warn, floors, support


def test_a_warning_of_firmware_warns_inside_and_is_unknown_beyond() -> None:
    rule = DOWN.replace("forbidden", "warn")
    assert told(checked(text(rule, version("1.5")))) == [
        f"warning[compatibility-warning]: {CLASS}: own-module goes with reserve with own-server: the link stays down "
        "(own-nic firmware 1.2 to 1.9, the design runs 1.5)"
    ]
    assert [each.split(":")[0] for each in told(checked(text(rule, version("3"))))] == ["warning[cannot-conclude]"]


def test_a_warning_of_firmware_is_passed_over_while_the_design_says_nothing_of_firmware() -> None:
    rule = DOWN.replace("forbidden", "warn")
    assert told(checked(text(rule))) == []
    spoken = told(checked(text(rule, 'firmware own-asic { version = "1" }')))
    assert [each.split(":")[0] for each in spoken] == ["warning[cannot-conclude]"]


def test_a_warning_that_may_apply_stops_nothing() -> None:
    rule = DOWN.replace("forbidden", "warn")
    result = checked(text(rule, "unknown { firmware = stop }"))
    assert [each.severity for each in result.diagnostics] == ["warning"]


def test_a_floor_refuses_what_is_below_it() -> None:
    rule = f'rule r {{ {PAIR}, verdict = allowed, of = own-nic, firmware_min = "2.1", reason = "supported from 2.1" }}'
    assert told(checked(text(rule, version("2.0.9")))) == [
        f"error[no-optic-fits]: no optic in the catalogue fits {CLASS} at 400 Gbps: own-module does not go with "
        "own-server: needs own-nic firmware >= 2.1, policy says 2.0.9"
    ]
    assert told(checked(text(rule, version("2.1")))) == []
    assert named(checked(text(rule)), "cannot-conclude") == [
        f"{CLASS}: cannot conclude: own-module in own-server: supported from 2.1 (from 2.1 on), and the design states "
        "no version of own-nic"
    ]


SUPPORT = (
    f'rule early {{ {PAIR}, verdict = limited, of = own-nic, firmware = "2.0", reason = "few lengths" }}\n'
    f'rule late {{ {PAIR}, verdict = beta, of = own-nic, firmware = "3.0", reason = "all lengths" }}'
)


@pytest.mark.parametrize(
    ("running", "said"),
    [
        (
            "2.0",
            "compatibility-warning: own-module has limited support in own-server: few lengths (own-nic firmware 2.0, "
            "the design runs 2.0)",
        ),
        (
            "3.0",
            "compatibility-warning: own-module has beta support in own-server: all lengths (own-nic firmware 3.0, "
            "the design runs 3.0)",
        ),
        (
            "1.0",
            "cannot-conclude: cannot conclude: own-module in own-server: few lengths is first listed for own-nic "
            "firmware 2.0, the design runs 1.0; nothing is published before",
        ),
        (
            "2.5",
            "cannot-conclude: cannot conclude: own-module in own-server: few lengths is last listed for own-nic "
            "firmware 2.0, the design runs 2.5; nothing is published beyond",
        ),
        (
            "4.0",
            "cannot-conclude: cannot conclude: own-module in own-server: all lengths is last listed for own-nic "
            "firmware 3.0, the design runs 4.0; nothing is published beyond",
        ),
    ],
)
def test_the_latest_word_on_support_counts(running: str, said: str) -> None:
    result = checked(text(SUPPORT, version(running)))
    assert [f"{each.name}: {each.message.removeprefix(f'{CLASS}: ')}" for each in result.diagnostics] == [said]


# ------------------------------------------------------------------ far end, length


def test_a_rule_may_ask_for_the_far_end_and_a_length() -> None:
    rule = DOWN.replace("verdict", 'far = "switch_model lane=100Gbps", longer_than = 50m, verdict')
    assert told(checked(text(rule, version("1.5"), length="50m"))) == []
    (message,) = named(checked(text(rule, version("1.5"), length="51m")), "no-optic-fits")
    assert message == (
        f"nothing serves {CLASS}: own-module does not go with own-server facing own-switch over 100 m, more than 50 m: "
        "the link stays down (own-nic firmware 1.2 to 1.9, the design runs 1.5) "
        "(2 links; longest server-1 -> net-leaf001)"
    )
    other = rule.replace("lane=100Gbps", "lane=50Gbps")
    assert told(checked(text(other, version("1.5"), length="51m"))) == []


def test_rules_select_a_box_by_how_it_is_used() -> None:
    for selector, is_meant in (
        ("nic=net", True),
        ("nic=storage", False),
        ("rate=400Gbps", True),
        ("rate=800Gbps", False),
        ("protocol=infiniband", True),
        ("protocol=ethernet", False),
    ):
        pair = f'kind = in-cage, a = "part_number=own-module", b = "server_model {selector}"'
        rule = f'rule r {{ {pair}, verdict = forbidden, reason = "no" }}'
        assert bool(named(checked(text(rule)), "no-optic-fits")) == is_meant, selector


# ------------------------------------------------------------------ what a rule may not say


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ('firmware = "1.2"', "its versions are of no family of firmware"),
        ("of = own-nic", "`of` names a family of firmware, and no version is stated"),
        ('of = own-nic, firmware = "1.9..1.2"', "firmware 1.9..1.2 ends before it starts"),
        ('of = own-nic, firmware = "1.2", fixed = "1.2"', "fixed in 1.2, and still listed in 1.2"),
        ('of = own-nic, firmware = "1.2", firmware_min = "1"', "`firmware` and `firmware_min` are two rules"),
        ('of = own-nic, firmware_min = "1"', "a pair that needs a version is allowed from there on, not forbidden"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(conditions: str, message: str) -> None:
    rule = f'rule r {{ {PAIR}, verdict = forbidden, reason = "no", {conditions} }}'
    assert f"error[part-inconsistent]: rule r: {message}" in told(checked(text(rule)))


def test_conditions_are_for_boxes_only() -> None:
    pair = 'kind = faces, a = "transceiver", b = "transceiver"'
    rule = f'rule r {{ {pair}, verdict = warn, reason = "x", far = "own-switch" }}'
    assert told(checked(text(rule))) == [
        "error[part-inconsistent]: rule r: `far` is only for rules of the kind in-cage"
    ]


# ------------------------------------------------------------------ families, bundles


def test_a_family_that_nothing_has_is_refused() -> None:
    (message,) = named(checked(text("", 'firmware own-nix { version = "1" }')), "unknown-firmware")
    assert message == "no box, rule or bundle has firmware of the family `own-nix` (did you mean `own-nic`?)"


def test_a_version_is_stated_once() -> None:
    twice = f"{version('1')}\n {version('2')}"
    assert named(checked(text("", twice)), "duplicate-name") == ["the policy states the firmware of own-nic twice"]


BUNDLES = (
    'bundle old { member own-nic { version = "1.0" }\n member own-asic { version = "5.0" } }\n'
    'bundle new { member own-nic { version = "2.0" }\n member own-asic { version = "6.0" } }\n'
)


@pytest.mark.parametrize(
    ("nic", "asic", "nearest"),
    [
        ("1.0", "5.0", None),
        ("2.0", "6", None),
        ("2.0", "5.0", "old: own-nic 1.0, own-asic 5.0"),
        ("2.0", "7.0", "new: own-nic 2.0, own-asic 6.0"),
    ],
)
def test_versions_are_compared_with_bundles(nic: str, asic: str, nearest: str | None) -> None:
    policy = f'{version(nic)}\n firmware own-asic {{ version = "{asic}" }}'
    wanted = f"no bundle of the catalogue has own-asic {asic} with own-nic {nic}; nearest is {nearest}"
    assert told(checked(text(BUNDLES, policy))) == (
        [] if nearest is None else [f"warning[firmware-untested]: {wanted}"]
    )


def test_one_stated_version_is_compared_with_nothing() -> None:
    assert told(checked(text(BUNDLES, version("9")))) == []


def test_only_the_widest_common_families_are_compared() -> None:
    bundles = [
        Bundle("ab", SPAN, (("a", fact("1")), ("b", fact("1")))),
        Bundle("abc", SPAN, (("a", fact("2")), ("b", fact("2")), ("c", fact("2")))),
    ]
    assert untested(bundles, {"a": "1", "b": "1", "c": "1"}) == [(("a", "b", "c"), bundles[1])]
    assert untested(bundles, {"a": "1", "b": "1"}) == []


def test_a_bundle_names_a_family_once_and_two_at_least() -> None:
    twice = 'bundle b { member own-nic { version = "1" }\n member own-nic { version = "2" } }'
    assert told(checked(text(twice))) == ["error[part-inconsistent]: bundle b: names own-nic twice"]
    alone = 'bundle b { member own-nic { version = "1" } }'
    assert told(checked(text(alone))) == [
        "error[part-inconsistent]: bundle b: has one member: there is nothing to go together"
    ]


def test_rules_without_firmware_are_untouched() -> None:
    plain = Rule("r", SPAN, "in-cage", "a", "b", "warn", fact("x"))
    bound = Rule("s", SPAN, "in-cage", "a", "b", "warn", fact("x"), Firmware("f", "1", "2"))
    assert rules_at([plain, bound], {}, (), is_quiet=True) == (plain,)
