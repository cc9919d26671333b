"""One answer to `explain PATH`: what the plan knows of a thing, and why it is so."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from optidsl._record import record, replace
from optidsl.diag import UsageError
from optidsl.optics.text import plural
from optidsl.optics.why.as_json import Plain, plain
from optidsl.optics.why.class_text import class_lines, decision_lines, filled
from optidsl.optics.why.link_class import CHOSEN, ClassWhy, why_class
from optidsl.optics.why.paths import dotted, rows_of
from optidsl.optics.why.rival import runner_up
from optidsl.optics.why.shape import Weighed, why_shape
from optidsl.optics.why.study import Study
from optidsl.optics.why.why_not import known_words, why_not
from optidsl.optics.why.why_not_model import why_not_model, why_not_model_lines
from optidsl.optics.why.why_not_text import why_not_lines
from optidsl.plan.explain import class_lines_of, explain, names, wrapped
from optidsl.plan.explain_device import device_decisions
from optidsl.plan.explain_said import explain_said
from optidsl.plan.model import Plan

if TYPE_CHECKING:
    from optidsl.joint.words import Considered

SHOWN = 8
"""Shapes that are told without `--all`."""


@record(frozen=True, slots=True)
class Answer:
    """An answer as lines and as plain values."""

    lines: list[str]
    document: Plain


def answer(
    plan: Plan, study: Study, considered: Sequence[Considered], what: str, *, is_whole: bool = False
) -> Answer | None:
    """Return why a thing of the design is as it is; None when there is no such thing."""
    return (
        _classes(plan, study, what, is_whole=is_whole)
        or _shape(plan, study, considered, what, is_whole=is_whole)
        or _thing(plan, study, what)
        or _said(study, what)
    )


def why_not_answer(study: Study, path: str, wanted: str, *, is_whole: bool = False) -> Answer | None:
    """Return why the links or the tier that a path names do not have a part; None when it names neither.

    Raises:
        UsageError: when nothing of that name was tried on any of them.
    """
    rows, _ = rows_of(study, path)
    if not rows:
        model = why_not_model(study, path, wanted)
        return (
            None
            if model is None
            else Answer(why_not_model_lines(model), {"path": path, "why_not": plain(model, study.context)})
        )
    found = [why for why in (why_not(study, row, wanted) for row in rows) if why is not None]
    if not found:
        known = [word for row in rows for word in known_words(study, row)]
        names = difflib.get_close_matches(wanted, list(dict.fromkeys(known)), 3, 0.5)
        words = f" (did you mean {' or '.join(names)}?)" if names else ""
        raise UsageError(f"no part, medium or candidate of that name was tried on {path}: {wanted}{words}")
    lines = [line for why in found for line in why_not_lines(why, study.context, is_whole=is_whole)]
    return Answer(lines, {"path": path, "why_not": plain(found, study.context)})


def near(plan: Plan, study: Study, what: str) -> list[str]:
    """Return up to three names near a wrong one."""
    design = study.design
    wanted = [each.name for each in design.requirements if each.name]
    wanted += [each.name for each in design.promised if each.name]
    known = [*names(plan), *(dotted(study, row) for row in range(len(study.classes))), *(study.context.said or {})]
    known = list(dict.fromkeys((*known, *wanted)))
    ending = [name for name in known if name.endswith(f".{what}")]
    return ending[:3] or difflib.get_close_matches(what, known, 3, 0.5)


def _classes(plan: Plan, study: Study, what: str, *, is_whole: bool) -> Answer | None:
    rows, attribute = rows_of(study, what)
    if not rows:
        return None
    lines: list[str] = []
    documents: list[Plain] = []
    for row in rows:
        why = why_class(study, row)
        if attribute:
            why = of_attribute(study, row, why, attribute)
            lines.append(f"{attribute} of links {why.name}")
        else:
            lines += class_lines_of(plan, row, is_whole=is_whole)
        is_fixed = attribute in ("length", "rate")
        told = decision_lines(why.decisions, study.context) if is_fixed else None
        lines += class_lines(why, study.context, is_whole=is_whole) if told is None else told
        documents.append(plain(why, study.context))
    return Answer(lines, {"path": what, "classes": documents})


def of_attribute(study: Study, row: int, why: ClassWhy, attribute: str) -> ClassWhy:
    """Return what concerns one attribute of a class; its runner-up is the best choice with another value of it."""
    decisions = tuple(each for each in why.decisions if each.what == attribute)
    if attribute not in CHOSEN:
        return replace(why, decisions=decisions, runner_up=None, bonds=(), rejected=())
    return replace(why, decisions=decisions, runner_up=runner_up(study, row, CHOSEN[attribute]))


def _shape(plan: Plan, study: Study, considered: Sequence[Considered], what: str, *, is_whole: bool) -> Answer | None:
    names = dict.fromkeys(each.fabric for each in considered)
    weighed_of = {name: _weighed([each for each in considered if each.fabric == name]) for name in names}
    why = why_shape(study.placed.tables, what, study.context, weighed_of)
    if why is None:
        return None
    text = explain(plan, why.name) if what == why.name else None
    if text is not None and any(each.what == "model" and each.by == "compiler" for each in why.decisions):
        text = re.sub(r"(?m)^(  model [^,\n]+), written at ", r"\1; the tier is written at ", text)
    lines = [what] if text is None else [short for line in text.splitlines() for short in wrapped(line)]
    lines += decision_lines(why.decisions, study.context)
    weighed = [each for each in considered if each.fabric == why.fabric]
    lines += _considered_lines(weighed, [each.text for each in study.design.objectives], is_whole=is_whole)
    if weighed and plan.header.shapes:
        lines += filled("    of the whole design: ", plan.header.shapes, "    ")
    document: dict[str, Plain] = {"path": what, "shape": plain(why, study.context)}
    document["considered"] = plain(weighed, study.context)
    return Answer(lines, document)


def _weighed(shapes: Sequence[Considered]) -> Weighed:
    """Return what the best other shapes come to, by path of the attribute in which they differ from the chosen one."""
    chosen = next((each for each in shapes if each.is_chosen), None)
    rivals: dict[str, str] = {}
    if chosen is not None:
        for what, value in chosen.decided:
            others = [each for each in shapes if dict(each.decided).get(what, value) != value]
            ordered = sorted(others, key=lambda each: any(" >= " in value or " <= " in value for value in each.values))
            best = next((each for each in ordered if not each.out), others[0] if others else None)
            if best is not None:
                told = f"out: {best.out}" if best.out else ", ".join(best.values)
                if not best.out and any(" >= " in value or " <= " in value for value in best.values):
                    told = f"not weighed in full, {told}"
                mine = f"{', '.join(chosen.values)}; " if chosen.values else ""
                rivals[f"{chosen.fabric}.{what}"] = (
                    f"{mine}next with {dict(best.decided)[what]}: {told}" if told else ""
                )
    return Weighed(len(shapes), rivals)


def _considered_lines(weighed: Sequence[Considered], objectives: Sequence[str], *, is_whole: bool) -> list[str]:
    """Return the shapes that were weighed, the chosen one first: values of the objectives, or why one is out."""
    if not weighed:
        return []
    by = ", ".join(objectives) or "the fewest switches, then links"
    lines = filled(f"  {plural(len(weighed), 'shape')} weighed by ", by)
    ordered = sorted(weighed, key=lambda each: (not each.is_chosen, bool(each.out)))
    shown = ordered if is_whole else ordered[:SHOWN]
    for each in shown:
        mark = "chosen" if each.is_chosen else "out" if each.out else ""
        told = each.out or ", ".join(each.values)
        lines += filled(f"    {mark:<7}", f"{each.words}: {told}" if told else each.words)
    left = len(ordered) - len(shown)
    return [*lines, *((f"    … {left:,} more: --all",) if left else ())]


def _thing(plan: Plan, study: Study, what: str) -> Answer | None:
    text = explain(plan, what)
    if text is None:
        return None
    lines = [short for line in text.splitlines() for short in wrapped(line)]
    document: dict[str, Plain] = {"path": what, "text": plain(text.splitlines(), study.context)}
    if what in plan.devices.name:
        decisions = device_decisions(plan, plan.devices.name.index(what), study.context)
        lines += decision_lines(decisions, study.context)
        document["decisions"] = plain(decisions, study.context)
    return Answer(lines, document)


def _said(study: Study, what: str) -> Answer | None:
    told = explain_said(study, what)
    return None if told is None else Answer(*told)
