"""The modes of a model's cages in words."""

from __future__ import annotations

from optidsl.catalog.check_cages import mode_text
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.refusal import gbps


def modes_notes(model: SwitchModel, rate_mbps: int) -> tuple[str, ...]:
    """Return how the cages of a model run, and the mode whose rate is nearest to one that they do not offer."""
    modes = sorted(model.breakout.value, key=lambda mode: (-mode.rate_mbps, mode.ports))
    nearest = min(modes, key=lambda mode: (abs(mode.rate_mbps - rate_mbps), -mode.ports), default=None)
    if nearest is None:
        return ()
    most = max(mode.ports for mode in modes)
    listed = ", ".join(dict.fromkeys(mode_text(mode) for mode in modes))
    return (f"its cages run as {listed}, at most {most}-way; nearest to {gbps(rate_mbps)} is {mode_text(nearest)}",)
