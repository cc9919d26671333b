"""Records of what governs parts: versions a rule speaks of, and what a design lets pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from optidsl._record import record
from optidsl.diag import Span

Versions = dict[str, str]
"""Version by family of firmware, as the policy states them."""

_VERSION = r"\d+(\.\d+)*(-\d+)?"


def version_key(text: str) -> tuple[int, ...] | None:
    """Return a version as numbers to compare, or None when it is not numbers with dots between.

    `28.38.1002` is `(28, 38, 1002)`; a build (`4.15.0-5`) is one more number; missing numbers at the end are zeros.
    """
    if re.fullmatch(_VERSION, text) is None:
        return None
    numbers = [int(number) for number in text.replace("-", ".").split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def is_before(version: str, other: str) -> bool:
    """Tell whether a version is older than another; both are well-formed."""
    return (version_key(version) or ()) < (version_key(other) or ())


@record(frozen=True, slots=True)
class Firmware:
    """The versions of a family that a rule speaks of; "" where it says nothing.

    `first` and `last`: seen in, still listed in. `fixed`: the first version without it. `least`: the version needed.
    """

    family: str
    first: str = ""
    last: str = ""
    fixed: str = ""
    least: str = ""


@record(frozen=True, slots=True)
class Waiver:
    """What a design lets pass until a day (ISO 8601): a check's unknown answer, a failing `require`, a rule."""

    name: str
    of: str
    at: str
    until: str
    because: str
    span: Span
    of_span: Span | None = None  # where `of` and `at` stand; None where they do not
    at_span: Span | None = None

    def covers(self, parts: Sequence[str], boxes: Sequence[str]) -> bool:
        """Tell whether it is meant for one of these parts in one of these boxes."""
        return (not self.of or self.of in parts) and (not self.at or self.at in boxes)


@record(frozen=True, slots=True)
class Approval:
    """A team's word on a part; `until` is the last day it holds ("": without end). `at` is where the verdict stands."""

    part: str
    span: Span
    verdict: Literal["approved", "rejected"]
    because: str
    until: str
    at: Span
