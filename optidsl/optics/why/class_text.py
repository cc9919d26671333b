"""Why a class of links has its parts, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from optidsl._context import Context
from optidsl.optics.text import listing, plural, quantity
from optidsl.optics.why.binding import Bond
from optidsl.optics.why.decided import Decision
from optidsl.optics.why.link_class import ClassWhy
from optidsl.optics.why.rejected import RejectedGroup, Rejection
from optidsl.optics.why.rival import Rival
from optidsl.optics.why.study import Step, difference

COLUMNS = 100
SHOWN = 8
"""Groups of rejected parts that are told without `--all`."""

_STAGES = {
    "whole": ", where all parts fit",
    "fiber": " on the fibre",
    "pair": " facing each other",
    "direct": "",
    "a": " at the near end",
    "z": " at the far end",
}


def class_lines(why: ClassWhy, context: Context, *, is_whole: bool = False) -> list[str]:
    """Return the lines that follow the parts and checks of a class."""
    lines = [*decision_lines(why.decisions, context)]
    if why.pinned is not None:
        lines += ["  the lock keeps this choice; without it", *rival_lines(why.pinned)]
    lines += _runner_up_lines(why, context)
    lines += _bond_lines(why.bonds, context)
    lines += rejected_lines(why, is_whole=is_whole)
    return [*lines, *((f"  {why.limit}",) if why.limit else ())]


def decision_lines(decisions: Sequence[Decision], context: Context) -> list[str]:
    """Return who decided each attribute; losing layers follow the one that won."""
    lines = ["  decided by"]
    width = max((len(each.what) for each in decisions), default=0) + 2
    for each in decisions:
        lines += filled(f"    {each.what:<{width}}", f"{each.value}, {by_words(each)}")
        for lost in each.said[1:]:
            where = "" if lost.span is None else f" ({context.sources.where(lost.span)})"
            lines += filled(f"    {'':<{width}}", f"over `{lost.text}` of {lost.layer}{where}")
    return lines


def by_words(each: Decision) -> str:
    """Return who decided in words."""
    layer = "" if each.layer in ("", "own body") else f", {each.layer}"
    if each.by == "source":
        return f"written at {each.where}{layer}"
    if each.by == "default":
        return f"by {each.reason}"
    written = f" ({each.where}{layer})" if each.where else ""
    return f"by the {each.by}: {each.reason}{written}" if each.reason else f"by the {each.by}{written}"


def _runner_up_lines(why: ClassWhy, context: Context) -> list[str]:
    if why.runner_up is None:
        if why.limit:
            return []
        told = f"{why.n_open} of {why.n_tried} combinations fit" if why.n_open > 1 else "no other combination fits"
        more = ", no other meets the limits of the whole design" if why.n_open > 1 else ""
        return [f"  runner-up    none: {told}{more}"]
    locked = ", as without the lock" if context.pins.picks else ""
    return [f"  runner-up of {plural(why.n_open, 'combination')} that fit{locked}", *rival_lines(why.runner_up)]


def rival_lines(rival: Rival) -> list[str]:
    """Return another choice with what changes in each objective."""
    lines = filled("    ", rival.candidate)
    lines += step_lines(rival.steps)
    lacks = list(dict.fromkeys(name for step in rival.steps for name in step.lacks))
    if lacks:
        lines += filled("      ", f"no usable number for {listing(lacks, 'and')}")
    if rival.is_tie:
        lines.append("      equal in every objective: the first by name is taken")
    if rival.others:
        lines += filled("      with it change ", "; ".join(rival.others))
    return lines


def step_lines(steps: Sequence[Step]) -> list[str]:
    """Return what changes in each objective."""
    width = max((len(step.objective) for step in steps), default=0)
    return [f"      {step.objective:<{width}}  {_step(step)}" for step in steps]


def _step(step: Step) -> str:
    if not step.difference and not step.lacks:
        return f"{step.chosen}  (=)"
    return f"{step.chosen} -> {step.other}  ({difference(step)})"


def _bond_lines(bonds: Sequence[Bond], context: Context) -> list[str]:
    if not bonds:
        return ["  binding      nothing: without any one statement the same parts are chosen"]
    lines = ["  binding (without it, other parts would be chosen)"]
    for bond in bonds:
        where = "" if bond.statement.span is None else f" ({context.sources.where(bond.statement.span)})"
        lines += filled("    - ", f"{bond.statement.text}{where}", "      ")
        gain = next((step for step in bond.rival.steps if step.difference), None)
        gained = "" if gain is None else f", {gain.objective} {difference(gain)}"
        lines += filled("      ", f"without: {bond.rival.candidate}{gained}")
        if bond.check is not None:
            lines += filled("      ", f"{bond.check.name}: {bond.check.detail}")
    return lines


def rejected_lines(why: ClassWhy, *, is_whole: bool) -> list[str]:
    """Return the rejected parts: a line a group, or every one of them."""
    if not why.rejected:
        return []
    count = sum(len(group.members) for group in why.rejected)
    lines = [f"  rejected {count:,} of {why.n_tried:,} tried, nearest first"]
    shown = why.rejected if is_whole else why.rejected[:SHOWN]
    for group in shown:
        lines += _group_lines(group, is_whole=is_whole)
    left = why.rejected[len(shown) :]
    if left:
        lines.append(f"    … {sum(len(group.members) for group in left):,} more by {plural(len(left), 'check')}: --all")
    return lines


def _group_lines(group: RejectedGroup, *, is_whole: bool) -> Iterator[str]:
    count = len(group.members)
    verb = ("fails" if count == 1 else "fail") if group.verdict == "fails" else "cannot conclude on"
    yield f"    {plural(count, _noun(group))} {verb} {group.check}{_STAGES[group.stage]}"
    for member in group.members if is_whole else group.members[:1]:
        yield from filled("      ", f"{told(member)}")


def _noun(group: RejectedGroup) -> str:
    return {"a": "module", "z": "module", "pair": "pair", "direct": "cable"}.get(group.stage, "combination")


def told(each: Rejection) -> str:
    """Return one rejection in words, with its margin where there is one."""
    short = ""
    if each.check.margin is not None and each.check.verdict == "fails":
        short = f" (short by {quantity(abs(each.check.margin), each.check.unit)})"
    name = "" if each.check.detail.startswith(each.name) else f"{each.name}: "
    others = [bar.text for bar in each.bars if bar.topic not in ("length", "line")]
    more = f"; also {'; '.join(others[:2])}" if len(each.bars) > 1 and others else ""
    return f"{name}{each.check.detail}{short}{more}"


def filled(head: str, text: str, rest: str | None = None) -> list[str]:
    """Wrap a text after a head, within the columns of a terminal."""
    indent = " " * len(head) if rest is None else rest
    return wrap(
        text,
        COLUMNS,
        initial_indent=head,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head.rstrip()]


__all__ = ["by_words", "class_lines", "decision_lines", "filled", "rejected_lines", "told"]
