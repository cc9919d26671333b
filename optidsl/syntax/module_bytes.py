"""A parsed module as bytes, so that a caller can keep it by the hash of its text."""

from __future__ import annotations

import io
import pickle

from optidsl.diag import Span
from optidsl.syntax import nodes

_FORM = b"optd-ast-2\n"


def dump_module(module: nodes.Module) -> bytes:
    """Return a module as bytes for `load_module`."""
    return _FORM + pickle.dumps(module, protocol=4)


def load_module(kept: bytes) -> nodes.Module | None:
    """Return the module of these bytes, or None when they are cut, foreign or of another version.

    Only the classes of the syntax tree are ever built from the bytes.
    """
    if not kept.startswith(_FORM):
        return None
    try:
        module = _NodesOnly(io.BytesIO(kept[len(_FORM) :])).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError, KeyError):
        return None
    return module if isinstance(module, nodes.Module) else None


class _NodesOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if module == nodes.__name__ and not name.startswith("_"):
            found = getattr(nodes, name)
            if isinstance(found, type):
                return found
        if (module, name) == (Span.__module__, Span.__name__):
            return Span
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a syntax tree")
