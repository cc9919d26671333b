"""What `optidsl plan` compares with: a plan that is committed, compiled from a revision, or in a file."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from optidsl._context import Context, Options
from optidsl._record import record
from optidsl.cli.files import FileCache, cache_folder, read_text
from optidsl.cli.revisions import Revision, is_blob
from optidsl.diag import UsageError

if TYPE_CHECKING:
    from optidsl.plan.model import Plan

COMMITTED = "generated/plan.json"
"""Where `compile` leaves the plan, beside the design."""


Differs = Callable[[str, str], bool]
"""Tells whether an artefact, by its path, is there and is another text."""


@record(frozen=True, slots=True)
class Base:
    """A plan to compare with, and the artefacts that are kept beside it: None where there are none."""

    plan: Plan
    differs: Differs | None = None


def base_plan(design: Path, base: str | None, options: Options) -> Base:
    """Return the plan to compare a design with.

    Args:
        design: The design's path.
        base: A git revision, a plan.json, or a folder that holds one. None: the plan.json beside the design, or HEAD.
        options: How the design is compiled, for a revision that has no plan.json that fits its sources.

    Raises:
        UsageError: There is no such thing, or it cannot be read or compiled.
    """
    from optidsl.plan.io import load

    if base is not None:
        file = _plan_file(Path(base))
        if file is not None:
            return _loaded(file)
        if base.endswith(".json"):
            raise UsageError(f"there is no plan {base}")
        return _at_revision(design, Revision(design.parent, base), options)
    beside = design.parent / COMMITTED
    if beside.is_file():
        try:
            return Base(load(read_text(beside)), _in_folder(beside.parent))
        except UsageError as error:
            if "schema version" not in str(error):
                raise UsageError(f"{beside}: {error}") from error
    try:
        revision = Revision(design.parent, "HEAD")
    except UsageError as error:
        raise UsageError(
            f"there is nothing to compare {design} with: no {beside} of this version, and no commit to look in; "
            "compile it first, or name BASE"
        ) from error
    return _at_revision(design, revision, options)


def _plan_file(path: Path) -> Path | None:
    """Return the plan.json that a path names or holds."""
    if path.is_file():
        return path
    return next((file for file in (path / "plan.json", path / COMMITTED) if file.is_file()), None)


def _loaded(file: Path) -> Base:
    from optidsl.plan.io import load

    try:
        return Base(load(read_text(file)), _in_folder(file.parent))
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error


def _in_folder(folder: Path) -> Differs:
    def differs(path: str, text: str) -> bool:
        file = folder / path
        return file.is_file() and file.read_bytes().replace(b"\r\n", b"\n") != text.encode("utf-8")

    return differs


# ------------------------------------------------------------------ revisions


def _at_revision(design: Path, revision: Revision, options: Options) -> Base:
    """Return the plan that a revision has: the one committed where it fits the sources, else compiled from them."""
    source = revision.read(design.name)
    if source is None:
        raise UsageError(f"{revision.name} has no {design.name}: there is nothing to compare with")
    committed = _committed(revision)
    if committed is None:
        return Base(_compiled(design, revision, options))
    blobs = revision.blobs(posixpath.dirname(COMMITTED))

    def differs(path: str, text: str) -> bool:
        return path in blobs and not is_blob(blobs[path], text)

    return Base(committed, differs)


def _committed(revision: Revision) -> Plan | None:
    """Return the plan.json of a revision, if it is of this version and of the sources there."""
    from optidsl.plan.io import load

    text = revision.read(COMMITTED)
    if text is None:
        return None
    try:
        plan = load(text)
    except UsageError:
        return None
    for source in plan.header.sources:
        there = revision.read(source.path)
        if there is None or _hash_of(there) != source.sha256:
            return None
    return plan


def _hash_of(text: str) -> str:
    """Return the hash of what a source says, as a plan has it; "" where it does not parse."""
    from optidsl.diag import Sink
    from optidsl.modules.written import content
    from optidsl.syntax import parse

    tree = parse(text, 0, Sink())
    return "" if tree is None else hashlib.sha256(content(tree, text).encode("utf-8")).hexdigest()


def _compiled(design: Path, revision: Revision, options: Options) -> Plan:
    """Compile the design of a revision with its lock; what stops it is told in one line."""
    import optidsl.pipeline as pipeline

    folder = cache_folder()
    own = Options(environment=options.environment, params=dict(options.params), rlimit=options.rlimit)
    own.lock_text = revision.read("optidsl.lock")
    own.tests = ()
    context = Context(loader=revision, options=own, parse_cache=None if folder is None else FileCache(folder))
    plan = pipeline.plan(design.name, context)
    if plan is None:
        errors = [each for each in context.sink.sorted() if each.severity == "error"]
        more = f" ({len(errors) - 1} more errors)" if len(errors) > 1 else ""
        raise UsageError(f"the design of {revision.name} does not compile: {errors[0].message}{more}")
    return plan
