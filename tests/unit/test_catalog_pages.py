"""The example on each of the catalogue's explain pages triggers exactly the diagnostic that it explains."""

from __future__ import annotations

import re

import pytest

from optidsl._context import Context
from optidsl.diag import pages
from optidsl.modules import resolve
from optidsl.sema import elaborate

NAMES = ["part-incomplete", "part-inconsistent", "duplicate-part", "unknown-source", "unknown-selector"]

DESIGN = """
use std.servers {{ dgx-h100 }}

{example}

design d {{
  node n {{ model = dgx-h100 }}
}}
"""


class OneFile:
    """A loader of one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> str | None:
        return self.text if path == "design.optd" else None


@pytest.mark.parametrize("name", NAMES)
def test_example(name: str) -> None:
    page = pages.page(name)
    assert page is not None
    found = re.search(r"```optd\n(.*?)```", page, re.DOTALL)
    assert found is not None
    context = Context(OneFile("optd 1\n" + DESIGN.format(example=found[1])))
    program = resolve("design.optd", context)
    assert program is not None
    assert elaborate(program, context) is None
    assert [d.name for d in context.sink.sorted()] == [name]
