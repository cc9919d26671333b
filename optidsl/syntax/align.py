"""Line up the cells of neighbouring lines."""

from __future__ import annotations

from optidsl._record import field, record


@record(slots=True)
class Entry:
    """The lines of one item or comment.

    Neighbours of one `group` stand in columns: always the first cell, the others too when their `shape` is the same.
    `has_plain_head` says that the first cell belongs to the shape as well.
    """

    lines: list[str]
    is_after_blank: bool = False
    comment: str | None = None
    comment_column: int = 0
    group: tuple[str, ...] | None = None
    cells: list[str] = field(default_factory=list)
    shape: tuple[tuple[str, ...], ...] = ()
    has_plain_head: bool = False

    def add(self, text: str) -> None:
        """Append to the last line."""
        self.lines[-1] += text
        if self.cells:
            self.cells[-1] += text


def aligned(entries: list[Entry], width: int) -> list[str]:
    """Return the lines of entries, runs of neighbours aligned, comments behind them put back."""
    run: list[Entry] = []
    for entry in [*entries, Entry([], is_after_blank=True)]:
        if run and (entry.is_after_blank or entry.group is None or entry.group != run[-1].group):
            _align(run, width)
            run = []
        if entry.group is not None:
            run.append(entry)
    result: list[str] = []
    for entry in entries:
        if entry.is_after_blank:
            result.append("")
        result += entry.lines
        if entry.comment is not None:
            line = result[-1]
            column = max(entry.comment_column, len(line) + 2)
            result[-1] = line + " " * (column - len(line)) + entry.comment
    return result


def _align(run: list[Entry], width: int) -> None:
    tabular = [entry for entry in run if len(entry.cells) > 1]
    if not tabular:
        return
    is_table = len({entry.shape for entry in tabular}) == 1
    first = max(len(entry.cells[0]) for entry in tabular)
    if tabular[0].has_plain_head:
        if not is_table:
            return
    else:
        for entry in tabular:
            entry.cells[0] = entry.cells[0].ljust(first)
    if is_table:
        _tabulate(tabular, width)
    for entry in tabular:
        entry.lines = [" ".join(entry.cells)]


def _tabulate(run: list[Entry], width: int) -> None:
    columns = range(len(run[0].cells) - 1)
    widths = [max(len(entry.cells[i]) for entry in run) for i in columns]
    padded = [[*(cell.ljust(w) for cell, w in zip(e.cells, widths, strict=False)), e.cells[-1]] for e in run]
    if all(len(" ".join(cells)) <= width for cells in padded):
        for entry, cells in zip(run, padded, strict=True):
            entry.cells = cells
