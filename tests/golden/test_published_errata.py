"""Printed figures stated as expectations fail exactly where the print is wrong."""

from __future__ import annotations

import re

import pytest

from optidsl.api import compile_text
from tests.golden.test_published_families import DESIGNS

TEXT = (DESIGNS / "errata.optd").read_text(encoding="utf-8")
PRINTED_WRONG = ["distance.round-trip", "interruptions.faulty-gpu", "rack-bandwidth.rounded"]


def failed(text: str) -> list[str]:
    """Return the names of the expectations that do not hold."""
    errors = [each.message for each in compile_text(text).diagnostics if each.severity == "error"]
    names = [re.match(r"the expectation `([\w.-]+)` does not hold", message) for message in errors]
    assert all(names), errors
    return sorted(name[1] for name in names if name is not None)


def test_only_what_was_printed_wrong_fails() -> None:
    assert failed(TEXT) == PRINTED_WRONG


def test_what_is_told_of_an_erratum() -> None:
    messages = [each.message for each in compile_text(TEXT).diagnostics if each.severity == "error"]
    assert (
        "the expectation `distance.round-trip` does not hold: `2 * 4.9us/km * 100km <= 500us` is 980 us <= 500 us, "
        "480 us too much"
    ) in messages


@pytest.mark.parametrize(
    ("printed", "misprint", "name"),
    [
        ("compute.leaf.count == 8", "compute.leaf.count == 9", "superpod.leaves"),
        ("compute.spine.count == 4", "compute.spine.count == 3", "superpod.spines"),
        ("links(compute) == 256 + 256", "links(compute) == 256 + 252", "superpod.links"),
        ("round(35 / 419, 3) == 0.084", "round(35 / 419, 3) == 0.085", "interruptions.network"),
    ],
)
def test_a_misprint_fails_in_its_own_cell(printed: str, misprint: str, name: str) -> None:
    assert TEXT.count(printed) == 1
    assert failed(TEXT.replace(printed, misprint)) == sorted([*PRINTED_WRONG, name])
