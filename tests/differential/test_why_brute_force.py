"""What `explain` says of a choice against brute force and against compiling the design as it would have to be."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from optidsl.optics.why.binding import bonds
from optidsl.optics.why.flips import Flip, Sensitivity
from optidsl.optics.why.rejected import rejected
from optidsl.optics.why.rival import runner_up
from optidsl.optics.why.sensitivity import sensitivity
from optidsl.optics.why.study import Study, names_of, steps
from optidsl.optics.why.study import study as taken
from optidsl.optics.why.why_not import why_not
from tests.support.choices import Choices, checked, random_choices
from tests.support.choices import parts_of as parts_afresh

NO_CHOICE = (3, 4, 10, 27, 31, 37)
"""Seeds of designs in which nothing is possible."""

SEEDS = [seed for seed in range(38) if seed not in NO_CHOICE]


parts_of = cache(parts_afresh)  # several questions lead to the same edited design


@cache
def taken_up(seed: int) -> Study | None:
    """Return the choice of a random design, None where nothing is possible."""
    found, context = checked(random_choices(seed).text)
    return None if found is None else taken(found.design, found.placed, found.choice, context)


def study_at(seed: int) -> Study:
    study = taken_up(seed)
    assert study is not None
    return study


def best_of(study: Study, row: int) -> tuple[int, ...] | None:
    """Return the best whole choice in which a class has another part, by trying every combination."""
    model = study.model
    found = None
    for picks in product(*(range(len(options)) for options in model.options)):
        if picks[row] == study.picks[row] or not model.keeps_ties(picks) or any(True for _ in model.broken(picks)):
            continue
        found = min(found, (model.price(picks), picks)) if found else (model.price(picks), picks)
    return None if found is None else found[1]


def test_designs_in_which_nothing_is_possible_are_known() -> None:
    assert [seed for seed in range(38) if taken_up(seed) is None] == list(NO_CHOICE)
    assert len(SEEDS) >= 30


@pytest.mark.parametrize("seed", SEEDS)
def test_the_runner_up_is_the_second_best_of_all_choices(seed: int) -> None:
    study = study_at(seed)
    for row in range(len(study.classes)):
        other, found = best_of(study, row), runner_up(study, row)
        assert (other is None) == (found is None)
        if other is not None and found is not None:
            assert found.candidate == names_of(study.model, other)[row]
            assert found.steps == steps(study.model, study.picks, study.model, other)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_rejected_is_what_the_checks_reject(seed: int) -> None:
    study = study_at(seed)
    for row, each in enumerate(study.classes):
        groups = rejected(study, row)
        told = {member.name: member.check for group in groups for member in group.members if group.stage == "whole"}
        barred = {option.candidate.name: option for option in each.options if option.bars}
        assert told.keys() == barred.keys()
        for name, check in told.items():
            assert check.verdict != "holds"
            assert check in barred[name].candidate.checks
        others = sorted(member.name for group in groups for member in group.members if group.stage != "whole")
        assert others == sorted(unfit.name for unfit in each.unfit)
        assert all(member.check.verdict == group.verdict for group in groups for member in group.members)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_policy_binds_a_class_where_the_design_without_it_gives_it_other_parts(seed: int) -> None:
    choices, study = random_choices(seed), study_at(seed)
    for word in ("optic_skus", "cable_skus"):
        if not any(line.startswith(word) for line in choices.policy):
            continue
        free = parts_of(replace(choices, policy=tuple(x for x in choices.policy if not x.startswith(word))).text)
        assert free is not None
        for row, each in enumerate(study.classes):
            name = each.view.link_class.name
            found = [bond for bond in bonds(study, row) if bond.statement.topic == word.replace("_", "-")]
            assert bool(found) == (free[name] != study.chosen(row).candidate.name)
            assert all(bond.rival.candidate == free[name] for bond in found)


@pytest.mark.parametrize("seed", SEEDS[:14])
def test_a_part_asked_for_costs_what_the_design_with_it_costs(seed: int) -> None:
    choices, study = random_choices(seed), study_at(seed)
    for row, each in enumerate(study.classes):
        name = each.view.link_class.name
        end = 0 if "n -- leaf" in name else 1
        for module in choices.modules:
            why = why_not(study, row, module.name)
            asked = [f"module = {module.name}" if side == end else "" for side in (0, 1)]
            forced = parts_of(replace(choices, links=(asked[0], asked[1])).text)
            assert why is not None
            both_ends = study.chosen(row).candidate.name.count(module.name) == 2
            if why.is_chosen and both_ends:
                assert forced is not None
            elif why.price is None and not why.is_chosen:
                assert forced is None


# ------------------------------------------------------------------ flips


def edited(choices: Choices, number: Sensitivity, value: Fraction) -> str | None:
    """Return the source with a number at another value."""
    if number.name.endswith(".length"):
        lengths = list(choices.lengths)
        lengths[0 if "n--leaf" in number.name else 1] = f"{float(value / 1000):.3f}m"
        return replace(choices, lengths=(lengths[0], lengths[1])).text
    if number.name.startswith("policy."):
        word = number.name.removeprefix("policy.")
        lines = (f"{word} <= {int(value)}" if line.startswith(word) else line for line in choices.policy)
        return replace(choices, policy=tuple(lines)).text
    if number.name.startswith("power.optics"):
        lines = (re.sub(r"[0-9.]+W", f"{float(value / 1000):.3f}W", line) for line in choices.statements)
        return replace(choices, statements=tuple(lines)).text
    return None


def check_flip(choices: Choices, number: Sensitivity, flip: Flip, usual: dict[str, str]) -> None:
    at = edited(choices, number, flip.last)
    beyond = edited(choices, number, flip.first)
    if at is None or beyond is None or (number.name.startswith("policy.") and flip.first < 1):
        return
    assert parts_of(at) == usual, f"{number.name} at {flip.last}"
    found = parts_of(beyond)
    assert (found is None) == flip.is_end, f"{number.name} at {flip.first}"
    if found is not None:
        assert {name: parts for name, parts in found.items() if usual[name] != parts} == dict(flip.then)


def _chosen(study: Study) -> tuple[str, ...]:
    return names_of(study.model, study.picks)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_flip_holds_on_both_sides_of_the_edited_design(seed: int) -> None:
    choices, study = random_choices(seed), study_at(seed)
    usual = dict(zip((each.view.link_class.name for each in study.classes), _chosen(study), strict=True))
    numbers = sensitivity(study)
    assert numbers
    for number in numbers:
        for flip in (number.down, number.up):
            if flip is not None:
                check_flip(choices, number, flip, usual)
        for end, step in zip(number.ends if seed < 12 else (), (-1, 1), strict=False):
            text = None if end is None or end == 0 else edited(choices, number, end)
            beyond = None if end is None or end == 0 else edited(choices, number, end + step)
            if text is not None and beyond is not None and end is not None and end + step > 0:
                assert parts_of(text) is not None, f"{number.name} at its end {end}"
                assert parts_of(beyond) is None, f"{number.name} beyond its end {end}"
