"""What a difference says, section by section, as lines and tables that the renderers print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optidsl._record import record
from optidsl._version import __version__
from optidsl.difference.headline import is_additive
from optidsl.difference.model import CableWork, Difference, ModuleWork, Work
from optidsl.difference.names import by_prefix, folded, listed, within
from optidsl.difference.waves import rollout_lines
from optidsl.difference.words import counted, metres, signed

Row = tuple[str, ...]

NAMES = 400
"""Characters of a list of names in a line."""

_ROWS = 200
"""Rows of a long table that are made; fewer are printed."""

_CAUSES = 200
"""Causes that are printed; thirty fill a comment."""


@record(frozen=True, slots=True)
class Line:
    """A line; `depth` 0 is a point, 1 what belongs to it. `is_source` is to be copied into a design."""

    text: str
    depth: int = 0
    is_source: bool = False


@record(frozen=True, slots=True)
class Section:
    """Lines, then a table whose first row is its head. `is_open` is read at once, the rest on demand.

    `limit` is the number of characters that it may take where space is short, `rows` how many rows of its table a
    terminal gets, `left` how many more rows there are than the table has.
    """

    title: str
    lines: tuple[Line, ...] = ()
    table: tuple[Row, ...] = ()
    is_open: bool = False
    limit: int = 4000
    rows: int = 40
    left: int = 0


def sections(difference: Difference) -> list[Section]:
    """Return the sections that have something to say, in the order in which a reviewer reads."""
    found = [
        _unexplained(difference),
        _rewritten(difference),
        _moved(difference),
        _groups(difference),
        Section("By cause", tuple(_causes(difference)), is_open=True, limit=14_000),
        _flips(difference),
        _figures(difference),
        _bom(difference),
        *_records(difference, is_detail=False),
        Section("Rollout", tuple(Line(*each) for each in rollout_lines(difference)), limit=7_000),
        _numbers(difference),
        _files(difference),
        _cables(difference),
        *_records(difference, is_detail=True),
    ]
    return [each for each in found if each.lines or len(each.table) > 1]


# ------------------------------------------------------------------ what a reviewer must not miss


def _unexplained(difference: Difference) -> Section:
    lines = tuple(Line(text) for text in difference.unexplained)
    return Section("Changes that no statement explains", lines, is_open=True, limit=4000)


def _moved(difference: Difference) -> Section:
    if not difference.moved:
        return Section("Renames")
    what = "something" if len(difference.moved) == 1 else counted(len(difference.moved), "thing")
    head = Line(f"{what} goes while its like comes; if it is a rename, this keeps its names, numbers and cables:")
    return Section(
        "Renames", (head, *(Line(text, 1, is_source=True) for text in difference.moved)), is_open=True, limit=2000
    )


def _groups(difference: Difference) -> Section:
    groups = difference.groups
    if not groups:
        return Section("Affected")
    names = folded(group.name for group in groups)
    text = within(names, 12_000)
    if sum(len(name) + 2 for name in names) > 12_000:
        text, left = by_prefix([group.name for group in groups], 12_000)
        text += f", and {counted(left, 'group')} more whose names do not fit" if left else ""
    return Section(f"Affected ({counted(len(groups), 'group')})", (Line(text),), is_open=True, limit=13_000)


# ------------------------------------------------------------------ causes


def _causes(difference: Difference) -> Iterator[Line]:
    shown = [
        cause
        for cause in difference.causes
        if cause.kind != "unexplained" and (cause.kind != "ports" or cause.work != Work())
    ]
    for cause in shown[:_CAUSES]:
        yield Line(f"{cause.title} ({cause.where})" if cause.where else cause.title)
        for text in work_lines(cause.work, is_shared=cause.kind in _OF_ALL):
            yield Line(text, 1)
    if not is_additive(difference.work, difference.causes):
        modules = within([_module(each) for each in difference.work.modules], NAMES)
        yield Line(f"net of all these, modules that one frees serving another: {modules}")
    if len(shown) > _CAUSES:
        yield Line(f"and {counted(len(shown) - _CAUSES, 'more statement')}: see --format json")


_OF_ALL = ("addressing", "emit", "header", "naming")
"""Causes that may concern every device: those that change for another one too are told there."""


def work_lines(work: Work, *, is_shared: bool = False) -> Iterator[str]:
    """Yield a line for each kind of work; of a shared cause, devices that change for another too are not listed."""
    if work.cables.total:
        yield f"cables: {cable_words(work.cables)}"
    if work.modules:
        yield f"modules: {within([_module(each) for each in work.modules], NAMES)}"
    for verb, names in (("rack", work.rack), ("unrack", work.unrack)):
        if names:
            yield f"{verb} {_boxes(names)}"
    if work.reseat:
        yield f"reseat (another rack or unit) {_boxes(work.reseat)}"
    if work.replace:
        yield f"replace by another model {_boxes(work.replace)}"
    if work.configs:
        what = "configurations that change" + (" for this alone" if is_shared else "")
        yield f"{what}: {counted(len(work.configs), 'device')}: {listed(work.configs, NAMES)}"
    sessions = [(work.resets, "reset"), (work.opened, "new"), (work.closed, "end")]
    if any(count for count, _ in sessions):
        yield "sessions: " + ", ".join(f"{count:,} {word}" for count, word in sessions if count)


def _boxes(names: Sequence[str]) -> str:
    return f"{counted(len(names), 'box', 'boxes')}: {listed(names, NAMES)}"


def _module(each: ModuleWork) -> str:
    verbs = [(each.buy, "buy"), (each.free, "free"), (each.move, "move")]
    return f"{each.part} " + " and ".join(f"{verb} {count:,}" for count, verb in verbs if count)


def cable_words(work: CableWork) -> str:
    """Return what is to be done with cables: `pull 12 (1,020 m), move 4 (3 at one end, 1 at both)`."""
    found = []
    if work.pull:
        found.append(f"pull {work.pull:,}" + ("" if work.relength or work.exchange else f" ({metres(work.pull_mm)})"))
    if work.remove:
        found.append(
            f"remove {work.remove:,}" + ("" if work.relength or work.exchange else f" ({metres(work.remove_mm)})")
        )
    if work.move:
        ends = [(work.move_one_end, "at one end"), (work.move_both_ends, "at both ends")]
        words = ", ".join(f"{count:,} {word}" for count, word in ends if count)
        found.append(f"move {work.move:,} ({words})")
    if work.relength:
        found.append(f"re-length {work.relength:,}")
    if work.exchange:
        found.append(f"exchange {work.exchange:,} for another part")
    if work.relength or work.exchange:
        found.append(f"{metres(work.pull_mm)} of cable in, {metres(work.remove_mm)} out")
    return ", ".join(found)


# ------------------------------------------------------------------ figures and tables


def _flips(difference: Difference) -> Section:
    rows = [
        (
            each.text if not each.name else each.name,
            _verdict(each.before, each.slack_before),
            _verdict(each.after, each.slack_after) + (" (held before)" if each.has_flipped else ""),
            each.where,
        )
        for each in difference.requirements
    ]
    broken = any(each.has_flipped for each in difference.requirements)
    return Section("Requirements", (), (("requirement", "before", "after", "line"), *rows), is_open=broken, limit=4000)


def _verdict(verdict: str, slack: str) -> str:
    if not verdict:
        return "not there"
    return f"{verdict}, {slack} left" if slack and verdict == "holds" else verdict


def _figures(difference: Difference) -> Section:
    alike: dict[Row, list[str]] = {}
    for each in difference.figures:
        is_rack = each.name.startswith(_OF_RACK)
        alike.setdefault((each.before, each.after, each.note, "" if is_rack else each.name), []).append(each.name)
    rows = [(_figure_name(names), *values[:3]) for values, names in alike.items()]
    return Section("Figures", (), (("figure", "before", "after", "note"), *rows), is_open=len(rows) <= 20, limit=6000)


_OF_RACK = "power of rack "


def _figure_name(names: list[str]) -> str:
    """Return the name of figures that have the same values: those of racks are told once."""
    if len(names) == 1:
        return names[0]
    return f"power of each of {len(names):,} racks: {listed([name.removeprefix(_OF_RACK) for name in names], 120)}"


def _bom(difference: Difference) -> Section:
    """Return the lines of the bill of material that differ; columns without an entry are left out."""
    head = ("part", "part number", "length", "before", "after", "change", "price of all", "in stock")
    rows = [
        (
            each.part if each.category != "fee" else f"fee: {each.part}",
            each.part_number,
            metres(each.length_mm) if each.length_mm else "",
            f"{each.before:,}",
            f"{each.after:,}",
            signed(each.delta),
            f"{each.total} {each.currency}" if each.total else "",
            "" if each.stock is None else f"{each.stock:,}",
        )
        for each in difference.bom
    ]
    used = [place for place in range(len(head)) if any(row[place] for row in rows)]
    table = tuple(tuple(row[place] for place in used) for row in (head, *rows))
    return Section("Bill of material", (), table if rows else (), limit=5000)


_DETAILS = ("Design", "Racks", "Signals", "Checks", "Parts")
"""Records of which a reviewer reads last, those "in detail" aside."""


def _records(difference: Difference, *, is_detail: bool) -> Iterator[Section]:
    """Yield a table for each kind of record with fields that differ; a column without an entry is left out."""
    kinds = dict.fromkeys(each.section for each in difference.records)
    for kind in kinds:
        if is_detail != (kind in _DETAILS or kind.endswith("in detail")):
            continue
        mine = [each for each in difference.records if each.section == kind]
        table: list[Row] = [("of", "what", "before", "after")]
        table += [(each.of, each.what, _clipped(each.before), _clipped(each.after)) for each in mine[:_ROWS]]
        if not any(row[1] for row in table[1:]):
            table = [(row[0], *row[2:]) for row in table]
        yield Section(kind, (), tuple(table), limit=2000, rows=12, left=max(len(mine) - _ROWS, 0))


_VALUE = 100
"""Characters of a value in a table."""


def _clipped(text: str) -> str:
    return text if len(text) <= _VALUE else f"{text[: _VALUE - 1]}…"


def _numbers(difference: Difference) -> Section:
    rows = [(each.what, each.of, each.before, each.after) for each in difference.renumbered[:_ROWS]]
    left = max(len(difference.renumbered) - _ROWS, 0)
    return Section("Names and numbers", (), (("what", "of", "before", "after"), *rows), limit=3000, left=left)


def _files(difference: Difference) -> Section:
    lines = tuple(Line(path) for path in difference.files)
    return Section("Files of a subnet manager that change", lines, limit=1500)


def _rewritten(difference: Difference) -> Section:
    if not difference.rewritten:
        return Section("Artefacts")
    count = counted(len(difference.rewritten), "file")
    told = (
        f"{count} kept with the plan in service: optidsl {__version__} makes another text of the same plan (an older "
        f"version made it, or somebody edited it): {listed(difference.rewritten, 1500)}"
    )
    return Section("Artefacts that change although the design does not", (Line(told),), is_open=True, limit=2500)


def _cables(difference: Difference) -> Section:
    rows = []
    for each in difference.cables[:_ROWS]:
        ends = each.ends or each.was
        was = each.was if each.kind == "move" else None
        rows.append(
            (
                each.kind,
                _ends(ends),
                f"{each.part or each.was_part} {metres(each.length_mm if each.part else each.was_length_mm)}",
                _ends(was)
                if was
                else (f"{each.was_part} {metres(each.was_length_mm)}" if each.part and each.was_part else ""),
            )
        )
    return Section(
        "Cables",
        (),
        (("work", "cable", "part", "before"), *rows),
        limit=4500,
        rows=12,
        left=max(len(difference.cables) - _ROWS, 0),
    )


def _ends(ends: object) -> str:
    if not isinstance(ends, tuple):
        return ""
    return " -- ".join(f"{end.name}:{end.port}" for end in ends)
