"""Turn a text into a parsed module, from the parse cache when it has been parsed before."""

from __future__ import annotations

from functools import lru_cache, partial

import optidsl.syntax as syntax
from optidsl._context import Context
from optidsl._digest import digest
from optidsl._resources import stdlib_module, stdlib_modules
from optidsl._version import __version__
from optidsl.diag import Edit, Fix, Sink, Span
from optidsl.modules.program import LoadedModule
from optidsl.syntax import nodes

EDITION = 1


@lru_cache(maxsize=1)
def standard_names() -> tuple[str, ...]:
    """Return the dotted names of the standard modules, sorted: a module's place here is its file number."""
    return tuple(stdlib_modules())


@lru_cache(maxsize=1)
def _standard_texts() -> dict[str, tuple[str, str]]:
    return {name: found for name in standard_names() if (found := stdlib_module(name)) is not None}


@lru_cache(maxsize=1)
def standard_digest() -> str:
    """Return a hash of the whole standard library: what is made from it alone may be kept under it."""
    texts = "\0".join(f"{name}\0{text}" for name, (_, text) in _standard_texts().items())
    return digest(texts)


def add_standard_sources(context: Context) -> None:
    """Make every text of the standard library known to the context, so that spans in it can be shown."""
    for number, (path, text) in enumerate(_standard_texts().values()):
        context.sources.add_standard(number, path, text)


def load_file(path: str, context: Context) -> LoadedModule | None:
    """Load and parse a file of the design; None when there is no such file or it does not parse."""
    text = context.loader.read(path)
    if text is None:
        return None
    file = context.sources.add(path, text)
    return _module(path, path, text, file, False, context)


def load_standard(dotted: str, context: Context) -> LoadedModule | None:
    """Load and parse a module of the standard library; None when it has none of that name."""
    found = _standard_texts().get(dotted)
    if found is None:
        return None
    path, text = found
    file = context.sources.add_standard(standard_names().index(dotted), path, text)
    return _module(dotted, path, text, file, True, context)


def _module(name: str, path: str, text: str, file: int, is_std: bool, context: Context) -> LoadedModule | None:
    text_digest = digest(text)
    tree = _parse(text, file, text_digest, is_std, context)
    if tree is None:
        return None
    context.sources.name_blocks(file, lru_cache(maxsize=None)(partial(_blocks, tree, text)))
    if tree.edition is None and not is_std:
        _warn_without_edition(tree, context)
    return LoadedModule(name, path, text, file, text_digest, tree, is_std)


def _blocks(tree: nodes.Module, text: str, offset: int) -> str:
    from optidsl.modules.written import blocks_around

    return blocks_around(tree, text, offset)


def _parse(text: str, file: int, text_digest: str, is_std: bool, context: Context) -> nodes.Module | None:
    if is_std:
        kept = _parsed_standard(text, file) if context.parse_cache is None else None
        if kept is not None:
            return kept
    cache = context.parse_cache
    key = f"ast-{__version__}-{EDITION}-{file}-{text_digest}"
    if cache is not None:
        kept_bytes = cache.get(key)
        loaded = None if kept_bytes is None else syntax.load_module(kept_bytes)
        if loaded is not None:
            return loaded
    sink = Sink()
    tree = syntax.parse(text, file, sink)
    for diagnostic in sink.sorted():
        context.sink.emit(diagnostic)
    if cache is not None and tree is not None and not sink.sorted():
        cache.put(key, syntax.dump_module(tree))
    return tree


@lru_cache(maxsize=64)
def _parsed_standard(text: str, file: int) -> nodes.Module | None:
    sink = Sink()
    tree = syntax.parse(text, file, sink)
    return None if sink.sorted() else tree


def _warn_without_edition(tree: nodes.Module, context: Context) -> None:
    start = Span(tree.span.file, tree.span.start, tree.span.start)
    context.sink.warning(
        "missing-edition",
        f"the file does not name its edition of the language: write `optd {EDITION}` in its first line",
        start,
        "edition goes here",
        fixes=(Fix(f"add `optd {EDITION}`", (Edit(start, f"optd {EDITION}\n\n"),), "safe"),),
    )
