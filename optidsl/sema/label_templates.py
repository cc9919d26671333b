"""The formats in templates of cable labels: a width where a field is a number or ends in one, none elsewhere."""

from __future__ import annotations

import re
from string import Formatter

from optidsl.diag import Sink, Span
from optidsl.schema.project import LABEL_NUMBERS

_WIDTH = re.compile(r"0?[1-9]")


def check_label_template(sink: Sink, template: str, span: Span | None) -> None:
    """Report the first format that its field does not take, and what cannot be printed."""
    if not template.isprintable() or not template.strip():
        sink.error("label-template", f"a cable label cannot be printed from {template!r}", span)
        return
    for _, name, form, _ in Formatter().parse(template):
        if not name or not form:
            continue
        if name.removeprefix("far_") not in LABEL_NUMBERS:
            sink.error("bad-format", f"the format `{form}` does not fit: {{{name}}} is text and takes no format", span)
            return
        if _WIDTH.fullmatch(form) is None:
            sink.error("bad-format", f"the format `{form}` does not fit: {{{name}}} takes a width (`02`)", span)
            return
