"""Renderers: each turns a list of diagnostics into one text. The model knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from optidsl.diag.model import Diagnostic
from optidsl.diag.render.places import Places

Renderer = Callable[[Sequence[Diagnostic], Places], str]

_MODULES = {
    "text": "text",
    "concise": "concise",
    "json": "json_lines",
    "sarif": "sarif",
    "github": "github",
}

FORMS: tuple[str, ...] = tuple(_MODULES)

__all__ = ["FORMS", "Places", "Renderer", "renderer"]


def renderer(form: str) -> Renderer:
    """Return the renderer of one of `FORMS`; only its module is imported."""
    module = import_module(f"optidsl.diag.render.{_MODULES[form]}")
    found: Renderer = getattr(module, f"render_{form}")
    return found
