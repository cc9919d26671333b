"""What a stage may see besides its input: no globals, no files, no clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from optidsl._pins import Pins
from optidsl._record import field, record
from optidsl.diag import Sink, Span
from optidsl.source import SourceMap

if TYPE_CHECKING:
    from datetime import date


class Loader(Protocol):
    """Read source texts; the command line supplies one over files, tests one over a dict."""

    def read(self, path: str) -> str | None:
        """Return the text at a path relative to the design's folder, or None when there is none."""
        ...


class ParseCache(Protocol):
    """Keep the bytes of parsed modules between runs, by a key made from their text; losing them only costs time."""

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key, or None."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep a value."""
        ...


@record(slots=True)
class Options:
    """What the caller chose; every field has the value of a plain `compile`."""

    environment: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    solve: bool = True
    rlimit: int = 50_000_000
    lock_text: str | None = None
    locked: bool = False
    upgrade: tuple[str, ...] = ()  # paths under which what the lock holds may move: a fabric, a tier, links, `all`
    tests: tuple[str, ...] | None = None  # names of the tests to run, () for none; None: all
    phase: str | None = None  # of growth: the artefacts are of what stands then; None: of the last
    as_of_phase: str | None = None  # whose values the params have; None: the last
    today: date | None = None  # what waivers and approvals end by; None: nothing ends


@record(frozen=True, slots=True)
class Said:
    """What one layer says of an attribute: the layer in words, the place, and the text ("<= 3") after the name.

    A default of the schema stands nowhere: its span is None.
    """

    layer: str
    span: Span | None
    text: str


@record(slots=True)
class Context:
    """Sources, options and the sink of one compilation."""

    loader: Loader
    options: Options = field(default_factory=Options)
    sources: SourceMap = field(default_factory=SourceMap)
    sink: Sink = field(default_factory=Sink)
    progress: Callable[[str], None] = lambda stage: None
    parse_cache: ParseCache | None = None
    said: dict[str, tuple[Said, ...]] | None = None  # by path of an attribute, strongest first; None: nobody asked
    pins: Pins = field(default_factory=Pins)  # what the lock holds, after `moved` was applied
    calendar: Callable[[], date] | None = None  # asked for the day where `options.today` is None and something ends
