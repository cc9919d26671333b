"""Why a class does not have another part, as text."""

from __future__ import annotations

from optidsl._context import Context
from optidsl.optics.text import listing, plural, quantity
from optidsl.optics.why.class_text import filled, rival_lines
from optidsl.optics.why.why_not import Refused, WhyNot

SHOWN = 5


def why_not_lines(why: WhyNot, context: Context, *, is_whole: bool = False) -> list[str]:
    """Return the answer for one class."""
    lines = filled("", f"why not {why.wanted} for {why.name}", "  ")
    if why.is_chosen:
        return [*lines, "  the class has it"]
    if why.price is not None:
        if why.lacks:
            told = f"no usable number for {listing(list(why.lacks), 'and')}, which a requirement rests on"
            lines += filled("  it fits its links, and the design cannot be concluded: ", told, "  ")
        else:
            lines.append("  it fits; the best whole choice with it costs")
        return [*lines, *rival_lines(why.price)]
    if why.limits:
        lines.append("  it fits, and what ties the links of the design together forbids it")
    elif not why.refused:
        lines.append("  it fits alone; no choice for the links that share its cages goes with it")
    for one in why.limits:
        where = "" if one.span is None else f" ({context.sources.where(one.span)})"
        lines += filled("    - ", f"{one.text}{where}", "      ")
    shown = why.refused if is_whole else why.refused[:SHOWN]
    if why.refused:
        lines.append(f"  {plural(len(why.refused), 'candidate')} with it, none fits; nearest first")
    for refused in shown:
        lines += _refused_lines(refused, context)
    left = len(why.refused) - len(shown)
    return [*lines, *((f"    … {left:,} more: --all",) if left else ())]


def _refused_lines(refused: Refused, context: Context) -> list[str]:
    lines = filled("    ", refused.name)
    for check in refused.checks:
        short = ""
        if check.margin is not None and check.verdict == "fails":
            short = f" (short by {quantity(abs(check.margin), check.unit)})"
        lines += filled("      ", f"{check.name}: {check.detail}{short}")
    for one in refused.statements:
        if one.span is not None:
            lines += filled("      ", f"stands on {context.sources.where(one.span)}: {one.text}")
    return lines
