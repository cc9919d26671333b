"""The templates, `*.j2`. They print what they are given; undefined names are errors."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> Template:
    """Return a template by its file's name without `.j2`."""
    # Jinja is heavy and only needed when something is emitted through it.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(  # artefacts are configurations, not HTML: nothing is to be escaped
        autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    text = resources.files(__name__).joinpath(f"{name}.j2").read_text(encoding="utf-8")
    return environment.from_string(text)
