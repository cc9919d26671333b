"""The parts that cannot serve a class, grouped by the check that stops them, nearest misses first."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import record
from optidsl.optics.candidates import ClassOptions
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Check
from optidsl.optics.why.study import Study

STAGES = ("whole", "fiber", "pair", "direct", "a", "z")
"""Where a part was given up, nearest to a link first: a whole link, the fibre, the modules, a cable, one end."""


@record(frozen=True, slots=True)
class Rejection:
    """A part or combination, the check it fails (or cannot conclude), and the statements against it.

    `stage` is one of `STAGES`; `depth` is the number of checks it passed before.
    """

    stage: str
    name: str
    check: Check
    depth: int
    bars: tuple[Statement, ...] = ()


@record(frozen=True, slots=True)
class RejectedGroup:
    """Rejections of one stage by one check, nearest first. `parts` are different parts, not combinations, where
    single parts were tried."""

    stage: str
    check: str
    verdict: str
    members: tuple[Rejection, ...]

    @property
    def nearest(self) -> Rejection:
        """The one that came nearest."""
        return self.members[0]


def rejections(each: ClassOptions) -> Iterator[Rejection]:
    """Yield everything that was tried on a class in vain."""
    for option in each.options:
        if option.bars:
            yield Rejection(
                "whole",
                option.candidate.name,
                _against(option.candidate.checks),
                len(option.candidate.checks),
                option.bars,
            )
    for unfit in each.unfit:
        yield Rejection(unfit.where, unfit.name, unfit.check, unfit.depth)


def _against(checks: tuple[Check, ...]) -> Check:
    """Return the check that says most of why an option is barred: one that fails before one that is unknown."""
    failed = [check for check in checks if check.verdict == "fails"]
    with_numbers = [check for check in failed if check.margin is not None]
    unknown = [check for check in checks if check.verdict == "unknown"]
    return (with_numbers or failed or unknown)[0]


def rejected(study: Study, row: int) -> tuple[RejectedGroup, ...]:
    """Return the rejected parts of a class in groups: whole links first, then by how far parts came."""
    groups: dict[tuple[str, str, str], list[Rejection]] = {}
    for each in rejections(study.classes[row]):
        groups.setdefault((each.stage, each.check.name, each.check.verdict), []).append(each)
    found = [RejectedGroup(*key, tuple(sorted(members, key=nearness))) for key, members in groups.items()]
    return tuple(sorted(found, key=lambda group: (STAGES.index(group.stage), nearness(group.nearest), group.check)))


def nearness(each: Rejection) -> tuple[int, int, int, int, str]:
    """Sort by stage, fewest statements against it, most checks passed, least shortfall, name."""
    return STAGES.index(each.stage), len(each.bars), -each.depth, abs(each.check.margin or 0), each.name
