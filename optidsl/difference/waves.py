"""A rollout in words: what is prepared, the waves, what is left to do; waves that are alike are told once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from optidsl.difference.model import CableWork, Difference, Rollout, Wave
from optidsl.difference.names import listed
from optidsl.difference.words import counted, metres, percent

_NAMES = 300


def rollout_lines(difference: Difference) -> Iterator[tuple[str, int]]:
    """Yield the steps of a rollout as text and depth."""
    plan = difference.rollout
    boxes, cables = plan.prepare.rack, plan.prepare.cables
    if plan.disturbed:
        yield _bound(plan), 0
    if boxes or cables.pull:
        yield "prepare, with everything in service:", 0
    if boxes:
        yield f"rack and configure {counted(len(boxes), 'box', 'boxes')}: {_of(boxes)}", 1
    if cables.pull:
        yield f"pull {counted(cables.pull, 'cable')} ({metres(cables.pull_mm)}) to free ports", 1
    if plan.pushes:
        devices = f"{counted(len(plan.pushes), 'device')}: {_of(plan.pushes)}"
        yield f"push configurations, nothing drained, one device and a check first: {devices}", 0
    yield from _waves(plan)
    if plan.finish.unrack:
        yield f"finish: unrack {counted(len(plan.finish.unrack), 'box', 'boxes')}: {_of(plan.finish.unrack)}", 0
    if plan.waves:
        yield _ROLLBACK, 0


_ROLLBACK = (
    "to roll a wave back: its cables to their old ports, the configurations of before, then undrain; no later wave has "
    "begun"
)


def _of(names: tuple[str, ...]) -> str:
    return listed(names, _NAMES)


def _bound(plan: Rollout) -> str:
    words = counted(plan.disturbed, "cable")
    verb = "does" if plan.disturbed == 1 else "do"
    if plan.bound == plan.disturbed:
        return f"{words} in service {verb} not stay as before: the fewest possible"
    return f"{words} in service {verb} not stay as before; at least {plan.bound:,} must"


def _waves(plan: Rollout) -> Iterator[tuple[str, int]]:
    numbered = list(enumerate(plan.waves, start=1))
    for _, run in groupby(numbered, key=lambda each: _kind(each[1])):
        alike = list(run)
        yield (_title([place for place, _ in alike], [wave for _, wave in alike]), 0)
        for text in _steps([wave for _, wave in alike]):
            yield (text, 1)


def _kind(wave: Wave) -> tuple[object, ...]:
    return wave.fabric, wave.plane, len(wave.drain), wave.cables.move, wave.cables.total, wave.floor


def _title(places: list[int], waves: list[Wave]) -> str:
    first = waves[0]
    number = f"wave {places[0]}" if len(places) == 1 else f"waves {places[0]}-{places[-1]}, one after the other"
    where = f" ({first.fabric}" + (f", plane {first.plane})" if first.plane >= 0 else ")") if first.fabric else ""
    if not first.fabric:
        return f"{number}: nodes, as jobs allow: {_of(first.drain)}"
    names = _of(tuple(name for wave in waves for name in wave.drain))
    each = f"{len(first.drain)} at a time: " if len(first.drain) > 1 and len(waves) > 1 else ""
    return f"{number}{where}: {each}{names}"


def _steps(waves: list[Wave]) -> Iterator[str]:
    per = "each time: " if len(waves) > 1 else ""
    first = waves[0]
    if first.fabric:
        worst = min(waves, key=lambda wave: wave.share[0] * 10**9 // max(wave.share[1], 1))
        kept = percent(worst.share)
        floor = percent(worst.floor)
        below = worst.share[0] * worst.floor[1] < worst.floor[0] * worst.share[1]
        word = "LESS than" if below else "no less than"
        at = f" at {worst.at}" if worst.at else ""
        if worst.share[0]:
            yield f"drain; {kept} of the links upwards stay{at}, {word} one failure leaves ({floor})"
        else:
            yield f"drain; what has no other way is cut off meanwhile{at}: move its work first"
    work = [text for text in (_cables(first.cables),) if text]
    configs = max(wave.config_count for wave in waves)
    if configs:
        most = "up to " if any(wave.config_count != configs for wave in waves) else ""
        work.append(f"push the configuration of {most}{counted(configs, 'device')} for these ports")
    resets = sum(wave.resets for wave in waves)
    if resets:
        work.append(f"{counted(resets, 'session')} reset" + (" in all" if len(waves) > 1 else ""))
    yield per + "; ".join([*work, "verify links and sessions", "undrain what stays"])


def _cables(work: CableWork) -> str:
    verbs = (
        (work.move, "move"),
        (work.remove, "unplug"),
        (work.pull, "plug"),
        (work.relength, "re-length"),
        (work.exchange, "exchange"),
    )
    found = [f"{verb} {count:,}" for count, verb in verbs if count]
    return "cables: " + ", ".join(found) if found else ""
