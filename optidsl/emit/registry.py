"""Which emitters there are, and running them.

Those of other distributions are entry points of the group `optidsl.emitters`; one is loaded only when named.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePosixPath

from optidsl._record import record
from optidsl.diag import InternalError, Sink
from optidsl.emit.cabling import BomEmitter, CablingEmitter
from optidsl.emit.cabling.dot import DotEmitter
from optidsl.emit.circuits import CircuitsEmitter
from optidsl.emit.configs.frr import FrrEmitter
from optidsl.emit.configs.infiniband import InfinibandEmitter
from optidsl.emit.configs.sonic import SonicEmitter
from optidsl.emit.protocol import Emitter
from optidsl.emit.report import ReportEmitter
from optidsl.emit.simulators.containerlab import ContainerlabEmitter
from optidsl.emit.simulators.gnpy import GnpyEmitter
from optidsl.emit.simulators.simgrid import SimgridEmitter
from optidsl.plan.model import Plan

GROUP = "optidsl.emitters"
"""The group of entry points that other distributions declare."""

RESERVED = frozenset({"plan.json", ".optidsl-output"})
"""Files of the output folder that no emitter makes."""

BUILT_IN: tuple[Emitter, ...] = (
    CablingEmitter(),
    CircuitsEmitter(),
    BomEmitter(),
    DotEmitter(),
    FrrEmitter(),
    SonicEmitter(),
    InfinibandEmitter(),
    SimgridEmitter(),
    ContainerlabEmitter(),
    GnpyEmitter(),
    ReportEmitter(),
)


ON_REQUEST = frozenset({"dot"})
"""Built-in emitters that run only where they are named."""


def emitter_names() -> list[str]:
    """Return the names of every emitter, built in and installed, sorted; nothing is loaded."""
    return sorted({emitter.name for emitter in BUILT_IN} | {point.name for point in entry_points(group=GROUP)})


@record(frozen=True, slots=True)
class Artefact:
    """A file of the output folder: the name of the emitter that makes it, and its text."""

    maker: str
    text: str


def emit_all(plan: Plan, names: tuple[str, ...] | None, sink: Sink) -> dict[str, str]:
    """Run emitters and return the texts of their files by path; see `artefacts`."""
    return {path: artefact.text for path, artefact in artefacts(plan, names, sink).items()}


def artefacts(plan: Plan, names: tuple[str, ...] | None, sink: Sink) -> dict[str, Artefact]:
    """Run emitters and collect their files.

    Args:
        plan: What is emitted.
        names: Emitters to run; None for every built-in one that applies and is not of `ON_REQUEST`.
        sink: Gets what goes wrong with a name or with an emitter of another distribution.

    Returns:
        Files by path, sorted by path.
    """
    files: dict[str, Artefact] = {}
    for emitter, point in _selected(names, sink):
        for path, text in _files_of(emitter, point, plan, sink, is_named=names is not None):
            if path in files:
                _clash(path, files[path].maker, emitter.name, sink)
            files[path] = Artefact(emitter.name, text)
    return dict(sorted(files.items()))


# ------------------------------------------------------------------ selection


def _selected(names: tuple[str, ...] | None, sink: Sink) -> Iterator[tuple[Emitter, EntryPoint | None]]:
    built_in = {emitter.name: emitter for emitter in BUILT_IN}
    if names is None:
        for emitter in BUILT_IN:
            if emitter.name not in ON_REQUEST:
                yield emitter, None
        return
    for name in dict.fromkeys(names):
        if name in built_in:
            yield built_in[name], None
            continue
        point = _entry_point(name)
        if point is None:
            _unknown(name, sink)
            continue
        loaded = _load(point, sink)
        if loaded is not None:
            yield loaded, point


def _entry_point(name: str) -> EntryPoint | None:
    points = sorted(entry_points(group=GROUP, name=name), key=lambda point: (_distribution(point), point.value))
    return points[0] if points else None


def _unknown(name: str, sink: Sink) -> None:
    known = emitter_names()
    near = difflib.get_close_matches(name, known, 3, 0.7)
    guess = f" (did you mean {' or '.join(f'`{one}`' for one in near)}?)" if near else ""
    sink.error(
        "unknown-emitter", f"there is no emitter `{name}`{guess}", helps=(f"the emitters are {', '.join(known)}",)
    )


def _clash(path: str, first: str, second: str, sink: Sink) -> None:
    who = f"emitter `{first}` writes {path} twice"
    if first != second:
        who = f"emitters `{first}` and `{second}` both write {path}"
    sink.error(
        "artefact-clash",
        f"{who}; every artefact has one maker",
        helps=("give devices names that differ in letters, digits, `.`, `_` and `-`, or leave out one emitter",),
    )


# ------------------------------------------------------------------ emitters of other distributions


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown distribution"


def _failed(point: EntryPoint, what: str, sink: Sink) -> None:
    sink.error(
        "emitter-failed",
        f"emitter `{point.name}` of {_distribution(point)} {what}",
        notes=(f"it is the entry point {point.value} of the group {GROUP}",),
        helps=("leave it out of `emit`, or report this to the makers of that distribution",),
    )


def _load(point: EntryPoint, sink: Sink) -> Emitter | None:
    try:
        loaded = point.load()
        emitter = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:  # noqa: BLE001  a plug-in may fail in any way, and the user must learn which one did
        _failed(point, f"cannot be loaded: {_told(error)}", sink)
        return None
    if isinstance(emitter, Emitter):
        return emitter
    _failed(point, "is no emitter: one has a name, a title, applies(plan) and emit(plan)", sink)
    return None


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _files_of(
    emitter: Emitter, point: EntryPoint | None, plan: Plan, sink: Sink, *, is_named: bool
) -> Iterable[tuple[str, str]]:
    if point is not None:
        return _plugin_files(emitter, point, plan, sink)
    if emitter.applies(plan):
        return _checked(emitter.name, emitter.emit(plan))
    if is_named:
        _not_applicable(emitter, plan, sink)
    return ()


def _not_applicable(emitter: Emitter, plan: Plan, sink: Sink) -> None:
    fabrics = ", ".join(f"{fabric.name} ({fabric.protocol})" for fabric in plan.fabrics) or "none"
    sink.warning(
        "emitter-not-applicable",
        f"emitter `{emitter.name}` was asked for and writes nothing: the plan holds nothing for {emitter.title}",
        notes=(f"the fabrics of the plan: {fabrics}",),
    )


def _plugin_files(emitter: Emitter, point: EntryPoint, plan: Plan, sink: Sink) -> list[tuple[str, str]]:
    try:
        if not emitter.applies(plan):
            _not_applicable(emitter, plan, sink)
            return []
        files = [(path, text) for path, text in emitter.emit(plan)]
    except Exception as error:  # noqa: BLE001  a plug-in may fail in any way, and the user must learn which one did
        _failed(point, f"failed: {_told(error)}", sink)
        return []
    for path, text in files:
        if not _is_artefact(path, text):
            shown = path if str(path).isprintable() else repr(path)
            _failed(
                point, f"yields the path `{shown}`, which is reserved or not below the output folder, or no text", sink
            )
            return []
    return files


def _checked(name: str, files: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for path, text in files:
        if not _is_artefact(path, text):
            raise InternalError(f"emitter {name} yields the path {path!r}")
        yield path, text


def _is_artefact(path: object, text: object) -> bool:
    if not isinstance(path, str) or not isinstance(text, str) or not path or "\\" in path or not path.isprintable():
        return False
    parts = PurePosixPath(path)
    return path not in RESERVED and not parts.is_absolute() and ".." not in parts.parts and str(parts) == path
