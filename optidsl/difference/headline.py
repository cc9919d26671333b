"""One line that says what a change asks for."""

from __future__ import annotations

from optidsl.difference.model import Cause, GroupChange, RecordChange, Work
from optidsl.difference.names import folded
from optidsl.difference.words import counted, metres

_SHOWN = 3


def headline(
    work: Work,
    causes: tuple[Cause, ...],
    groups: tuple[GroupChange, ...],
    records: tuple[RecordChange, ...],
    rewritten: tuple[str, ...],
) -> str:
    """Return `+1 compute.spine: pull 12 cables (1,020 m), buy 24 modules, 12 devices change, no session resets`.

    Modules to buy are said to be net where a cause frees what another one takes.
    """
    what = _what(causes, groups) or (_which(records) if records or not rewritten else "")
    if not what:
        files = counted(len(rewritten), "artefact")
        return f"the design does not change, {files} {'does' if len(rewritten) == 1 else 'do'}"
    todo = _todo(work, "" if is_additive(work, causes) else " net")
    if not todo:
        return f"{what}: no work on cables, modules, boxes or configurations"
    has_sessions = bool(work.resets or work.opened or work.closed or work.configs)
    resets = [f"{counted(work.resets, 'session')} reset" + ("s" if work.resets == 1 else "")] if work.resets else []
    silent = ["no session resets"] if has_sessions and not work.resets else []
    return f"{what}: {', '.join([*todo, *resets, *silent])}"


def is_additive(work: Work, causes: tuple[Cause, ...]) -> bool:
    """Tell whether the modules to buy of the causes add up to those of the whole work."""
    return sum(cause.work.modules_to_buy for cause in causes) == work.modules_to_buy


def _which(records: tuple[RecordChange, ...]) -> str:
    kinds = [each.section[0].lower() + each.section[1:] for each in records if not each.section.endswith("in detail")]
    names = list(dict.fromkeys(kinds)) or ["details"]
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    names = [*names[:_SHOWN], *more]
    verb = "differs" if names == ["design"] else "differ"
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names) + f" {verb}"


def _what(causes: tuple[Cause, ...], groups: tuple[GroupChange, ...]) -> str:
    alike: dict[tuple[str, int], list[str]] = {}
    for group in groups:
        for sign, count in (("+", group.added), ("-", group.removed)):
            if count:
                alike.setdefault((sign, count), []).append(group.name)
    grown = [f"{sign}{count:,} {name}" for (sign, count), names in alike.items() for name in folded(names)]
    if grown:
        more = [f"{counted(len(grown) - _SHOWN, 'more group')}"] if len(grown) > _SHOWN else []
        return ", ".join([*grown[:_SHOWN], *more])
    titles = [cause.title for cause in causes if cause.kind != "unexplained"]
    if not titles:
        return "" if not causes else causes[0].title
    if len(titles) == 1:
        return titles[0] if len(titles[0]) < 160 else f"{titles[0][:159]}…"
    return f"{counted(len(titles), 'statement')} differ"


def _todo(work: Work, net: str) -> list[str]:
    cables = work.cables
    pairs = (
        (cables.pull, f"pull {counted(cables.pull, 'cable')}"),
        (cables.remove, f"remove {counted(cables.remove, 'cable')}"),
        (cables.move, f"move {counted(cables.move, 'cable')}"),
        (cables.relength, f"re-length {counted(cables.relength, 'cable')}"),
        (cables.exchange, f"exchange {counted(cables.exchange, 'cable')}"),
        (work.modules_to_buy, f"buy {counted(work.modules_to_buy, 'module')}{net}"),
        (len(work.replace), f"replace {counted(len(work.replace), 'box', 'boxes')}"),
        (len(work.reseat), f"reseat {counted(len(work.reseat), 'box', 'boxes')}"),
        (len(work.configs), f"{counted(len(work.configs), 'device')} change" + ("s" if len(work.configs) == 1 else "")),
    )
    found = [words for count, words in pairs if count]
    brings = ("pull ", "re-length ", "exchange ")
    first = next((place for place, words in enumerate(found) if words.startswith(brings)), None)
    if cables.pull_mm and first is not None:
        is_all = not (cables.relength or cables.exchange)
        found[first] += f" ({metres(cables.pull_mm)}{'' if is_all else ' of new cable'})"
    return found
