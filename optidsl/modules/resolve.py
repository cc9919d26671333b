"""Follow every `use` from the root file; diagnose unknown modules, unknown names and cycles."""

from __future__ import annotations

import posixpath

from optidsl._context import Context
from optidsl.diag import Edit, Fix, Label, Span
from optidsl.modules.load import load_file, load_standard, standard_names
from optidsl.modules.program import BoundUse, LoadedModule, Program
from optidsl.schema.nearest import alternatives, did_you_mean, nearest
from optidsl.syntax import nodes

IMPLICIT_MODULES: tuple[str, ...] = (
    "std.optics-generic",
    "std.optics",
    "std.cables",
    "std.fiber",
    "std.rules",
    "std.sources",
)
"""Modules whose parts the compiler may choose although no file names them, with all that they use themselves."""

SOURCES_MODULE = "std.sources"
"""The module whose sources every `cite` may name without a `use`; it is loaded when the first `cite` is read."""


class _Resolver:
    """One walk over the graph of modules; `stack` is the chain of uses that led here."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.loaded: dict[str, LoadedModule | None] = {}
        self.order: list[LoadedModule] = []
        self.stack: list[tuple[str, nodes.Use]] = []
        self.is_complete = True

    def visit(self, name: str, is_std: bool) -> LoadedModule | None:
        """Load a module and everything it uses; None when it cannot be read."""
        if name in self.loaded:
            return self.loaded[name]
        load = load_standard if is_std else load_file
        module = load(name, self.context)
        self.loaded[name] = module
        if module is None:
            self.is_complete = False
            return None
        module.exports = _exports(module.tree)
        for item in module.tree.items:
            if isinstance(item, nodes.Use):
                self._bind(module, item)
        self.order.append(module)
        return module

    def _bind(self, module: LoadedModule, item: nodes.Use) -> None:
        found = self._target(module, item)
        if found is None:
            self.is_complete = False
            return
        name, is_std = found
        self.stack.append((module.name, item))
        if self._is_cycle(name, item):
            self.is_complete = False
        else:
            target = self.visit(name, is_std)
            if target is not None:
                module.uses.append(BoundUse(item, target))
                self._check_names(item, target)
        self.stack.pop()

    def _is_cycle(self, name: str, item: nodes.Use) -> bool:
        names = [entry[0] for entry in self.stack]
        if name not in names:
            return False
        chain = [*names[names.index(name) :], name]
        uses = [entry[1] for entry in self.stack[names.index(name) : -1]]
        self.context.sink.error(
            "use-cycle",
            f"modules use each other in a circle: {' -> '.join(chain)}",
            item.source_span,
            "closes the circle",
            secondary=tuple(Label(use.source_span, "uses the next module") for use in uses),
        )
        return True

    def _target(self, module: LoadedModule, item: nodes.Use) -> tuple[str, bool] | None:
        """Return the name of the module that a `use` means, and whether it is a standard one."""
        sink = self.context.sink
        if item.names is None and item.alias is None:
            sink.error(
                "use-binds-nothing",
                "this `use` brings no name into the file",
                item.source_span,
                "list names as `{ a, b }`, or name the module with `as`",
            )
            return None
        if item.path is not None:
            return self._file_target(module, item, item.path)
        dotted = ".".join(item.module)
        if item.module[0] != "std":
            sink.error(
                "unknown-module",
                f"unknown module `{dotted}`: packages other than `std` are not part of this edition",
                item.source_span,
                'use a file by its path, as `use "./parts.optd" { a }`',
            )
            return None
        if dotted not in standard_names():
            sink.error(
                "unknown-module",
                f"the standard library has no module `{dotted}`{did_you_mean(dotted, standard_names())}",
                item.source_span,
                "no such module",
                helps=(f"modules: {alternatives(standard_names())}",),
            )
            return None
        return dotted, True

    def _file_target(self, module: LoadedModule, item: nodes.Use, path: str) -> tuple[str, bool] | None:
        if module.is_std:
            self.context.sink.error("unknown-module", "the standard library uses no files", item.source_span)
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(module.path), path))
        if name not in self.loaded and self.context.loader.read(name) is None:
            self.context.sink.error(
                "unknown-module",
                f"there is no file `{path}` (looked for `{name}` in the design's folder)",
                item.source_span,
                "no such file",
            )
            return None
        return name, False

    def _check_names(self, item: nodes.Use, target: LoadedModule) -> None:
        for key in item.names or ():
            if key.text in target.exports:
                continue
            self.is_complete = False
            near = nearest(key.text, target.exports)
            self.context.sink.error(
                "unknown-name",
                f"module `{target.name}` has no `{key.text}`{did_you_mean(key.text, target.exports)}",
                key.span,
                f"did you mean `{near[0]}`?" if near else "not in that module",
                helps=(f"it has: {alternatives(sorted(target.exports))}",),
                fixes=tuple(Fix(f"replace by `{each}`", (Edit(key.span, each),), "unsafe") for each in near[:1]),
            )


def _exports(tree: nodes.Module) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for item in tree.items:
        if isinstance(item, nodes.Let):
            found.setdefault(item.name, item.name_span)
        elif isinstance(item, nodes.Block) and item.label is not None and item.label_span is not None:
            found.setdefault(item.label, item.label_span)
    return found


def resolve(root_path: str, context: Context) -> Program | None:
    """Load the root file and every module it uses.

    Args:
        root_path: path of the root file, as the context's loader knows it.
        context: sources, options and the sink.

    Returns:
        The program, or None when the sink holds an error.
    """
    resolver = _Resolver(context)
    if context.loader.read(root_path) is None:
        context.sink.error("file-not-found", f"there is no file `{root_path}`")
        return None
    root = resolver.visit(posixpath.normpath(root_path), False)
    if root is None or not resolver.is_complete or context.sink.has_errors:
        return None
    resolver.order.remove(root)
    implicit = tuple(name for name in IMPLICIT_MODULES if name not in resolver.loaded and name in standard_names())
    return Program(root, (*resolver.order, root), implicit)


def load_implicit(program: Program, context: Context) -> tuple[LoadedModule, ...]:
    """Load the implicit modules of a program and what they use, in dependency order, without those it has already."""
    resolver = _Resolver(context)
    resolver.loaded.update((module.name, module) for module in program.modules)
    for name in program.implicit:
        resolver.visit(name, True)
    return tuple(resolver.order)
