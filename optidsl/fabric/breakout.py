"""What limits how the cages of a box run, in words: pipelines, splits, the seats that the author names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.box import Box
from optidsl.fabric.refusal import count_of, gbps


def seat_notes(box: Box) -> tuple[str, ...]:
    """Return what limits the seats of a box, as notes; none where every cage may run as it likes."""
    limits = seat_limits(box)
    rate = gbps(box.down_mbps)
    return (f"a `{box.model.name}` at {rate} has {count_of(box.capacity, 'port')}: {limits}",) if limits else ()


def seats_text(box: Box, down: int, up: int) -> str:
    """Return the cages that ports of both sides take, for a message."""
    down_cages = box.cages_for(down, 0)
    text = f"{count_of(down_cages, 'cage')} as {box.per_down}x{gbps(box.down_mbps)}"
    if up:
        text += f" and {box.cages_for(down, up) - down_cages} as {box.per_up}x{gbps(box.up_mbps)}"
    return text


def seat_limits(box: Box) -> str:
    """Return what limits the seats of a box: its model, and the author."""
    limits = [limits_text(box.model)] if box.banks else []
    if box.pins is not None:
        for side, cages in (("down", box.pins.down), ("up", box.pins.up)):
            if cages:
                numbers = cages_text(sorted(cage + 1 for cage in cages))
                limits.append(f"the tier seats {count_of(len(cages), 'cage')} {side} ({numbers})")
    return ", and ".join(limits)


def limits_text(model: SwitchModel) -> str:
    """Return what limits the splitting of a model's cages, as a clause; "" where nothing does."""
    parts: list[str] = []
    for each in model.pipelines:
        is_whole = (each.first, each.last) == (1, model.cages.value)
        among = "" if is_whole else f" of cages {each.first}..{each.last}"
        every = "every cage" if each.cages == 1 else f"every {each.cages} neighbouring cages"
        parts.append(f"a pipeline serves {every}{among} and runs at most {each.max_ports.value} ports")
    if model.splits:
        cages = sorted({cage for run in model.splits for cage in range(run.first, run.last + 1, run.step)})
        parts.append(f"only cages {cages_text(cages)} may run more than one port")
    return ", and ".join(parts)


def cages_text(cages: Sequence[int]) -> str:
    """Return cage numbers for a sentence: `1, 3, …, 63` where many are evenly spaced, else the first of them."""
    if len(cages) > 3 and len({b - a for a, b in pairwise(cages)}) == 1:
        joint = f"{cages[0]}..{cages[-1]}"
        return joint if cages[1] - cages[0] == 1 else f"{cages[0]}, {cages[1]}, …, {cages[-1]}"
    return ", ".join(str(cage) for cage in cages[:8]) + (", …" if len(cages) > 8 else "")
