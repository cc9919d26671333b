"""Which of a SONiC platform's interfaces are the cages of the fabric, and what they can all do."""

from __future__ import annotations

from collections import Counter

from optidsl._record import record, replace
from optidsl.catalog.imports.model import LANE_RATES_MBPS, Finding, listed, rate_text

Mode = tuple[int, int, int]
"""Ports, rate in Mbit/s, and how many lanes of the cage they use together: 0 for all of them."""

_FEW_PORTS = 4
_SLOW_SHARE = 4


@record(frozen=True, slots=True)
class SonicMode:
    """A breakout mode; `lanes` is how many of the cage's it uses, when the file says so and it is not all of them."""

    text: str
    ports: int
    rate_mbps: int
    lanes: int | None
    aliases: tuple[str, ...]

    @property
    def key(self) -> Mode:
        """Return ports, rate and lanes, by which modes of different cages are the same."""
        return self.ports, self.rate_mbps, self.lanes or 0


@record(frozen=True, slots=True)
class SonicCage:
    """An entry of `interfaces`: its front index once for each lane, its lanes, its modes."""

    name: str
    index: tuple[int, ...]
    lanes: tuple[int, ...]
    modes: tuple[SonicMode, ...]

    @property
    def rate_mbps(self) -> int:
        """Return the most that the cage carries."""
        return max((mode.ports * mode.rate_mbps for mode in self.modes), default=0)


@record(frozen=True, slots=True)
class Chosen:
    """The cages that the block describes, all alike, with the modes that every one of them has."""

    cages: tuple[SonicCage, ...]
    lanes: int
    lane_mbps: int
    modes: tuple[Mode, ...]
    others: tuple[SonicCage, ...]


def choose(cages: list[SonicCage], findings: list[Finding]) -> Chosen | None:
    """Return the cages of the kind that carries most, with their modes; None when no mode fits any.

    Cages are of one kind when they have equally many lanes and carry as much. A few slow ports beside them are for
    management; anything else that is left out is reported, as one block describes one kind of cage.
    """
    sound = _sound(cages, findings)
    kinds: dict[tuple[int, int], list[SonicCage]] = {}
    for cage in sound:
        kinds.setdefault((len(cage.lanes), cage.rate_mbps), []).append(cage)
    (lanes, rate_mbps), main = max(kinds.items(), key=lambda kind: (kind[0][1] * len(kind[1]), kind[0]))
    if rate_mbps == 0:
        return None
    others = [cage for cage in sound if (len(cage.lanes), cage.rate_mbps) != (lanes, rate_mbps)]
    _report_others(main, others, findings)
    modes = _shared_modes(main, findings)
    if not modes:
        return None
    lane_mbps = max(_lane_rate(lanes, mode) for mode in main[0].modes)
    return Chosen(tuple(main), lanes, lane_mbps, modes, tuple(others))


def _lane_rate(lanes: int, mode: SonicMode) -> int:
    """Return the rate of a lane, in Mbit/s, when a cage runs a mode (a fraction is rounded down)."""
    return mode.ports * mode.rate_mbps // (mode.lanes or lanes)


def _sound(cages: list[SonicCage], findings: list[Finding]) -> list[SonicCage]:
    """Return the cages with the modes that their lanes can carry; report each other mode once."""
    sound: list[SonicCage] = []
    refused: dict[tuple[str, str, int], list[str]] = {}
    for cage in cages:
        kept: list[SonicMode] = []
        for mode in cage.modes:
            why = _misfit(len(cage.lanes), mode)
            if why is None:
                kept.append(replace(mode, lanes=None) if mode.lanes == len(cage.lanes) else mode)
            else:
                refused.setdefault((mode.text, why, len(cage.lanes)), []).append(cage.name)
        sound.append(SonicCage(cage.name, cage.index, cage.lanes, tuple(kept)))
    for (text, why, lanes), names in refused.items():
        message = f"{listed(names, 2)} cannot run as {text} on {lanes} lane{'s' if lanes > 1 else ''}: {why}"
        findings.append(Finding("import-mode-misfit", "warning", message, names[0], "this interface"))
    return sound


def _misfit(lanes: int, mode: SonicMode) -> str | None:
    used = mode.lanes or lanes
    if used > lanes:
        return f"the mode takes {used} lanes"
    if used % mode.ports:
        return f"{used} lanes cannot be shared equally by {mode.ports} ports"
    if mode.ports * mode.rate_mbps % used or _lane_rate(lanes, mode) not in LANE_RATES_MBPS:
        return f"there is no lane of {rate_text(mode.ports * mode.rate_mbps // used)}"
    if len(mode.aliases) != mode.ports:
        return f"the mode has {mode.ports} ports and {len(mode.aliases)} aliases"
    return None


def _shared_modes(main: list[SonicCage], findings: list[Finding]) -> tuple[Mode, ...]:
    """Return the modes that every cage has, in the order of the file; report those that only some have."""
    counts = Counter(key for cage in main for key in {mode.key for mode in cage.modes})
    order = dict.fromkeys(mode.key for cage in main for mode in cage.modes)
    partial = [key for key in order if counts[key] < len(main)]
    for key in partial:
        without = next(cage for cage in main if key not in {mode.key for mode in cage.modes})
        text = f"{key[0]}x{rate_text(key[1])}" + (f" on {key[2]} lanes" if key[2] else "")
        message = f"{counts[key]} of {len(main)} cages can run as {text}: the block leaves the mode out"
        findings.append(Finding("import-cages-differ", "warning", message, without.name, f"cannot run as {text}"))
    return tuple(key for key in order if counts[key] == len(main))


def _report_others(main: list[SonicCage], others: list[SonicCage], findings: list[Finding]) -> None:
    if not others:
        return
    names = listed([cage.name for cage in others])
    slow = max(cage.rate_mbps for cage in others) * _SLOW_SHARE <= main[0].rate_mbps
    if slow and len(others) <= _FEW_PORTS:
        message = f"{names} {'is' if len(others) == 1 else 'are'} no part of the fabric: not in the block"
        findings.append(Finding("import-ports-left-out", "note", message, others[0].name, "a slow port"))
        return
    counts = Counter((len(cage.lanes), cage.rate_mbps) for cage in (*main, *others))
    kinds = listed([f"{count} of {lanes} lanes and {rate_text(rate)}" for (lanes, rate), count in counts.items()])
    message = f"the cages are not alike ({kinds}): the block describes the {len(main)} that carry most together"
    helps = ("describe the others in a model of their own, if the fabric uses them",)
    label = "the first of the others"
    findings.append(Finding("import-cages-differ", "warning", message, others[0].name, label, helps=helps))
