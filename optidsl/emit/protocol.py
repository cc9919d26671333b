"""What an emitter is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from optidsl.plan.model import Plan


@runtime_checkable
class Emitter(Protocol):
    """Turn a plan into files. Its docstring lists what it reads of the plan and the files it makes.

    The same plan gives the same bytes: no time, host, path, hash order or random number reaches a file.
    """

    @property
    def name(self) -> str:
        """The word that selects it, in `emit = […]` and `--emit`."""
        ...

    @property
    def title(self) -> str:
        """What it makes, in a few words."""
        ...

    def applies(self, plan: Plan) -> bool:
        """Tell whether the plan holds anything for it."""
        ...

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield `(path relative to the output folder, text)` for every file."""
        ...
