"""Warnings of what can never matter: lists in which nothing decides, requirements that cannot fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optidsl.diag import Diagnostic
from optidsl.optics.why.why_not_model import why_not_model, why_not_model_lines
from tests.support.choices import BOXES, Choices, Module, checked, study_of

ALIKE = Choices(
    (Module("m-a", "om4", 50, 8_000), Module("m-b", "os2", 500, 8_000), Module("m-c", "os2", 500, 9_000)),
    {"om4": (10, 30), "os2": (10, 30)},
    {},
    ("8m", "25m"),
)


def told(choices: Choices, name: str = "choice-undecided") -> list[Diagnostic]:
    found, context = checked(choices.text)
    assert found is not None, [each.message for each in context.sink.sorted()]
    return [each for each in context.sink.sorted() if each.name == name]


def test_a_list_of_media_that_do_as_well() -> None:
    medium, module = told(replace(ALIKE, links=("", "medium in [singlemode, multimode], module in [m-a, m-b, m-c]")))
    assert medium.message == (
        "nothing decides between multimode and singlemode for `net: leaf -- spine`: "
        "equal in power.optics and cables.length"
    )
    assert medium.helps == ("write `medium = multimode`, or an objective that tells them apart",)
    assert module.message.startswith("nothing decides between m-a and m-b for `net: leaf -- spine`: equal in ")


@pytest.mark.parametrize(
    "choices",
    [
        ALIKE,
        replace(ALIKE, links=("", "medium = multimode")),
        replace(ALIKE, links=("", "module in [m-a, m-c]")),
        replace(ALIKE, links=("", "medium in [multimode, aoc]")),
        replace(ALIKE, links=("", "medium in [multimode, singlemode]"), lengths=("8m", "26m"), cables={"om4": (26,)}),
        replace(
            ALIKE, links=("", "medium in [multimode, singlemode]"), policy=("optic_skus <= 1", "media in [multimode]")
        ),
    ],
    ids=["left open", "decided", "watts decide", "one member fits", "metres decide", "a limit forbids the other"],
)
def test_nothing_is_said_where_something_decides(choices: Choices) -> None:
    assert told(choices) == []


def test_a_list_for_all_links_is_one_choice() -> None:
    (only,) = told(replace(ALIKE, policy=("media in [singlemode, multimode]",)))
    assert "`net: n -- leaf` and `net: leaf -- spine`" in only.message


def test_what_the_lock_holds_is_decided() -> None:
    choices = replace(ALIKE, links=("", "module in [m-a, m-b]"))
    held = {"net: n -- leaf": "m-a + jumper-om4 + m-a", "net: leaf -- spine": "m-b + jumper-os2 + m-b"}
    found, context = checked(choices.text, held)
    assert found is not None
    assert [each.name for each in context.sink.sorted() if each.name == "choice-undecided"] == []


def test_contradicting_preferences_name_each_other() -> None:
    wishes = ("prefer many: cables.count >= 200", "prefer few: cables.count <= 10")
    (both, other) = told(replace(ALIKE, statements=wishes), "preference-not-met")
    (note,) = both.notes
    assert note.startswith("it can never hold together with the preference `few` (design.optd:")
    assert "the preference `many`" in other.notes[0]


SECOND = BOXES[BOXES.index("switch_model sw") :].replace("sw {", "sw-hot {").replace("500W", "800W")


def test_why_a_tier_has_no_other_switch() -> None:
    source = ALIKE.text.replace("design d {", f"{SECOND}design d {{", 1)
    study = study_of(source.replace("minimize power.optics", "minimize power.switches\n  minimize power.optics"))
    why = why_not_model(study, "net.spine", "sw-hot")
    assert why is not None
    lines = why_not_model_lines(why)
    assert lines[:2] == [
        "why not sw-hot for net.spine",
        "  the design with it is possible, with the parts that are then best",
    ]
    assert "    net.spine: 1 switch of 8 ports down" in lines
    assert lines[-3:] == [
        "      power.switches  1.5 kW -> 1.8 kW  (+300 W)",
        "      power.optics    256 W  (=)",
        "      cables.length   320 m  (=)",
    ]
    assert why_not_model(study, "net.spine", "no-such") is None
    assert why_not_model(study, "net.core", "sw-hot") is None
    mine = why_not_model(study, "net.spine", "sw")
    assert mine is not None
    assert mine.is_chosen
