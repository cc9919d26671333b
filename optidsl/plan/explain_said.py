"""Who said what: attributes of the design by path, and requirements by name."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Said
from optidsl.optics.why.as_json import Plain, plain
from optidsl.optics.why.class_text import filled
from optidsl.optics.why.flips_text import flip_lines
from optidsl.optics.why.sensitivity import sensitivity
from optidsl.optics.why.slack import Slack, slacks
from optidsl.optics.why.slack_text import slack_lines
from optidsl.optics.why.study import Study

Told = tuple[list[str], Plain]
"""Lines, and the same as plain values."""


def explain_said(study: Study, what: str) -> Told | None:
    """Return who decided an attribute, `policy.optic_skus`, or every attribute of a block, `policy`; with its slack."""
    said = study.context.said or {}
    paths = [what] if what in said else [path for path in said if path.startswith(f"{what}.")]
    table = _slack_of(study, what)
    others = [*_param_lines(study, what), *_promised_lines(study, what)]
    if not paths and not table and not others:
        return None
    lines = [what, *others]
    for path in paths:
        lines += _said_lines(study, path, path.removeprefix(f"{what}."), said[path])
    document: dict[str, Plain] = {
        "path": what,
        "text": list(others),
        "said": {path: plain(said[path], study.context) for path in paths},
    }
    if table:
        moved = [each for one in dict.fromkeys(row.name for row in table) for each in sensitivity(study, one) or ()]
        lines += ["", *slack_lines(table, study.context), "", *(flip_lines(moved, study.context) if moved else ())]
        document["slack"] = plain(table, study.context)
        document["sensitivity"] = plain(moved, study.context)
    while lines and not lines[-1]:
        lines.pop()
    return lines, document


def _param_lines(study: Study, what: str) -> list[str]:
    """Return the value of a parameter of the design; who gave it stands among what was said."""
    return [f"  param, {param.value} in this design" for param in study.design.params if param.name == what]


def _promised_lines(study: Study, what: str) -> list[str]:
    """Return a requirement that only the finished network can answer."""
    lines: list[str] = []
    for each in study.design.promised:
        if what in (each.name, each.text):
            where = study.context.sources.where(each.span)
            lines += filled("  ", f"{each.verb} {each.text} ({where}), judged on the finished network", "      ")
            if each.because:
                lines += filled("  ", f"because: {each.because}", "      ")
    return lines


def _slack_of(study: Study, what: str) -> list[Slack]:
    names = {what, what.removeprefix(f"{study.design.name}.")}
    return [each for each in slacks(study) if each.name in names or each.text in names]


def _said_lines(study: Study, path: str, name: str, said: Sequence[Said]) -> list[str]:
    """Return the winning statement, then the layers that it went over."""
    lines: list[str] = []
    for number, each in enumerate(said):
        where = "" if each.span is None else f" ({study.context.sources.where(each.span)})"
        layer = "" if each.layer == "own body" else f", {each.layer}"
        head = "  " if number == 0 else "    over "
        text = f"{name}{each.text}" if each.text.startswith(":") else f"{name} {each.text}"
        lines += filled(head, f"{text}{layer}{where}", "      ")
    return lines
