"""Evaluated parts of standard modules, kept between runs: they depend on the text of the standard library alone."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable

from optidsl._context import ParseCache
from optidsl._version import __version__
from optidsl.schema.entity import Entity

_DAMAGED = (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError, KeyError)

Parts = tuple[Entity, ...]


def kept_parts(
    cache: ParseCache | None, key: str, evaluate: Callable[[], Parts], is_sound: Callable[[], bool] | None = None
) -> Parts:
    """Return what is kept under a key, or evaluate and keep it, unless `is_sound` then says that it has errors."""
    name = f"parts-{__version__}-{key}"
    kept = None if cache is None else cache.get(name)
    parts = None if kept is None else _load(kept)
    if parts is not None:
        return parts
    parts = evaluate()
    if cache is not None and (is_sound is None or is_sound()):
        cache.put(name, pickle.dumps(parts, protocol=4))
    return parts


def _load(kept: bytes) -> Parts | None:
    """Return the parts of these bytes, or None when they are damaged; only classes of this package are built."""
    try:
        parts = _PackageOnly(io.BytesIO(kept)).load()
    except _DAMAGED:
        return None
    is_good = isinstance(parts, tuple) and all(isinstance(part, Entity) for part in parts)
    return parts if is_good else None


class _PackageOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if module.startswith("optidsl.") or (module, name) == ("fractions", "Fraction"):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a catalogue")
