"""The program: every module that is used, with its `use` items bound to modules."""

from __future__ import annotations

from optidsl._record import field, record
from optidsl.diag import Span
from optidsl.syntax import nodes


@record(frozen=True, slots=True)
class BoundUse:
    """A `use` item and the module it means."""

    item: nodes.Use
    target: LoadedModule


@record(slots=True)
class LoadedModule:
    """A parsed file. `name` is dotted for the standard library and the path for files; `digest` is of its text."""

    name: str
    path: str
    text: str
    file: int
    digest: str
    tree: nodes.Module
    is_std: bool
    uses: list[BoundUse] = field(default_factory=list)
    exports: dict[str, Span] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """What the file says: its items, sorted, without comments."""
        from optidsl.modules.written import content

        return content(self.tree, self.text)


@record(frozen=True, slots=True)
class Program:
    """`modules` are in dependency order, the root last.

    `implicit` names the standard modules whose parts the compiler may choose although no file uses them; they are not
    loaded here (`load_implicit`), for what they hold can be kept from an earlier run.
    """

    root: LoadedModule
    modules: tuple[LoadedModule, ...]
    implicit: tuple[str, ...]

    @property
    def sources(self) -> tuple[LoadedModule, ...]:
        """The design's own files, the standard library's left out."""
        return tuple(module for module in self.modules if not module.is_std)
