"""Renderers: each turns a list of diagnostics into one text. The model knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optidsl.diag.model import Diagnostic
from optidsl.diag.render.concise import render_concise
from optidsl.diag.render.github import render_github
from optidsl.diag.render.json_lines import render_json
from optidsl.diag.render.places import Places
from optidsl.diag.render.sarif import render_sarif
from optidsl.diag.render.text import render_text

Renderer = Callable[[Sequence[Diagnostic], Places], str]

RENDERERS: dict[str, Renderer] = {
    "text": render_text,
    "concise": render_concise,
    "json": render_json,
    "sarif": render_sarif,
    "github": render_github,
}

__all__ = ["RENDERERS", "Places", "Renderer", "render_text"]
