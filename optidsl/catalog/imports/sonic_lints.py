"""What a careful reader objects to in a SONiC platform file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from optidsl.catalog.imports.model import Finding, listed
from optidsl.catalog.imports.sonic_cages import Chosen, SonicCage

_SHOWN = 6


def lint_repeats(cages: list[SonicCage], repeated: list[str]) -> Iterator[Finding]:
    """Yield keys, lanes and aliases that occur twice where each must be unique."""
    if repeated:
        keys = listed([f"`{key}`" for key in repeated])
        message = f"the file has {keys} twice in one object: the later holds, the earlier is lost"
        yield Finding("import-duplicate", "warning", message, f'"{repeated[0]}"', "the first of them")
    owners: dict[int, list[str]] = {}
    for cage in cages:
        for lane in cage.lanes:
            owners.setdefault(lane, []).append(cage.name)
    shared: dict[tuple[str, ...], list[str]] = {}
    for lane, claims in owners.items():
        if len(claims) > 1:
            shared.setdefault(tuple(dict.fromkeys(claims)), []).append(str(lane))
    for names, twice in shared.items():
        what = f"{'lane' if len(twice) == 1 else 'lanes'} {listed(twice, 8)}"
        message = f"{what} {'belongs' if len(twice) == 1 else 'belong'} to {listed(names)}"
        message += " twice" if len(names) == 1 else ": a lane has one owner"
        yield Finding("import-duplicate", "warning", message, names[-1], f"{what} again")
    yield from _aliases(cages)


def _aliases(cages: list[SonicCage]) -> Iterator[Finding]:
    owned: dict[str, str] = {}
    shared: dict[tuple[str, str], list[str]] = {}
    for cage in cages:
        for alias in dict.fromkeys(alias for mode in cage.modes for alias in mode.aliases):
            before = owned.setdefault(alias, cage.name)
            if before != cage.name:
                shared.setdefault((before, cage.name), []).append(alias)
    for (before, after), twice in shared.items():
        what = f"alias{'' if len(twice) == 1 else 'es'} {listed(twice)}"
        yield Finding(
            "import-duplicate", "warning", f"{before} and {after} both have the {what}", after, f"{what} again"
        )


def lint_cages(cages: list[SonicCage], chosen: Chosen) -> Iterator[Finding]:
    """Yield oddities of the numbering: gaps, lanes without an index, an index that many share."""
    for cage in cages:
        if len(cage.index) not in (1, len(cage.lanes)) or len(set(cage.index)) > 1:
            index = ",".join(str(number) for number in cage.index)
            message = f"{cage.name} has {len(cage.lanes)} lanes and the front index {index}: it needs one for each lane"
            yield Finding("import-cages-differ", "warning", message, cage.name, "index and lanes disagree")
    numbers = [cage.index[0] for cage in cages]
    first, last = min(numbers), max(numbers)
    low = min(first, 1)
    there = set(numbers)
    expected = last - low + 1
    if expected > len(there):
        absent = [str(number) for number in islice((n for n in range(low, last) if n not in there), _SHOWN)]
        rest = expected - len(there) - len(absent)
        names = listed([*absent, f"{rest} more"] if rest else absent, _SHOWN + 1)
        message = (
            f"the front indices run to {last} and {names} {'is' if expected - len(there) == 1 else 'are'} absent: "
            f"{expected} were expected, {len(there)} are there"
        )
        yield Finding("import-ports-missing", "warning", message)
    shared = Counter(cage.index[0] for cage in chosen.cages)
    number, most = max(shared.items(), key=lambda item: (item[1], -item[0]))
    if most > 1:
        message = (
            f"up to {most} interfaces share a front index ({number}): the block counts every one of the "
            f"{len(chosen.cages)} as a cage"
        )
        helps = ("a front panel like this has no cage for each port; check what its ports plug into",)
        yield Finding("import-cages-differ", "warning", message, chosen.cages[0].name, helps=helps)
