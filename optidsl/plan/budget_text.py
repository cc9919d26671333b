"""`explain budget`: which link is meant, and its budget as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optidsl._record import fields
from optidsl.plan.budget import LengthLimit, Line, LinkBudget, Waterfall, budget_of
from optidsl.plan.explain_line import explain_signal
from optidsl.plan.model import Plan, PlanCheck

_MARK = {"holds": "ok", "fails": "FAILS", "unknown": "unknown"}
_UNITS = {"mdB": "dB", "mdBm": "dBm"}


def explain_budget(plan: Plan, what: str, form: str = "text", links: NDArray[np.intp] | None = None) -> str | None:
    """Return the optical budget of a link, or None when `what` names none.

    Args:
        plan: the plan.
        what: `device:port`, the id of a cable (`device:port--device:port`), or two devices with a space between.
        form: `text` or `json`.
        links: the rows that `what` means, when the caller has found them already.
    """
    found = find_links(plan, what) if links is None else links
    if found is None or not found.size:
        return None
    link = int(found[int(np.argmax(plan.links.ordered_mm[found]))])
    name = link_name(plan, link)
    if plan.classes[int(plan.links.link_class[link])].line:
        return _over_line(plan, int(plan.links.link_class[link]), name, form)
    budget = budget_of(plan, link, name)
    if budget is None:
        direct = plan.classes[int(plan.links.link_class[link])].direct
        message = f"{name} is a direct-attach cable ({direct}): light, if any, stays inside it"
        return f"{message}\n" if form == "text" else f"{json.dumps({'link': name, 'direct': direct}, indent=2)}\n"
    if form == "json":
        return json.dumps(_plain(budget), indent=2, ensure_ascii=False) + "\n"
    return "\n".join(_text(plan, budget, int(found.size))) + "\n"


def _over_line(plan: Plan, row: int, name: str, form: str) -> str:
    """Return what arrives over a line: noise in place of loss."""
    line = plan.classes[row].line
    signal = next((signal for signal in plan.signals if signal.link_class == row), None)
    if form == "json":
        content = {"link": name, "line": line, "signal": None if signal is None else signal.model_dump()}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    told = ["  a figure is missing for its OSNR"] if signal is None else explain_signal(signal)
    return "\n".join([f"{name}: a wave of line {line}", *told]) + "\n"


def find_links(plan: Plan, what: str) -> NDArray[np.intp] | None:
    """Return the rows of the links that a path names, None when it names none."""
    words = what.split()
    if len(words) == 2:
        rows = [plan.devices.name.index(word) if word in plan.devices.name else -1 for word in words]
        return None if -1 in rows else _between(plan, rows[0], rows[1])
    ends = [_port(plan, end) for end in what.strip().split("--")]
    if None in ends or len(ends) > 2:
        return None
    found = [_at(plan, *end) for end in ends if end is not None]
    return found[0] if len(found) == 1 else np.intersect1d(found[0], found[1])


def _between(plan: Plan, one: int, other: int) -> NDArray[np.intp]:
    a, z = plan.links.a_device, plan.links.z_device
    return np.flatnonzero(((a == one) & (z == other)) | ((a == other) & (z == one)))


def _port(plan: Plan, end: str) -> tuple[int, int] | None:
    """Return device and port of `device:port`; of `port+port` the first."""
    device, _, ports = end.strip().rpartition(":")
    if device not in plan.devices.name:
        return None
    row = plan.devices.name.index(device)
    columns = plan.groups[int(plan.devices.group[row])].ports
    port = ports.split("+")[0]
    index = next((i for i, name in enumerate(columns.name) if port and port in (name, columns.alias[i])), None)
    return None if index is None else (row, index)


def _at(plan: Plan, device: int, port: int) -> NDArray[np.intp]:
    links = plan.links
    at_a = (links.a_device == device) & (links.a_port == port)
    return np.flatnonzero(at_a | ((links.z_device == device) & (links.z_port == port)))


def link_name(plan: Plan, link: int) -> str:
    """Return `device:port -- device:port`."""
    links = plan.links
    ends = (
        (int(links.a_device[link]), int(links.a_port[link])),
        (int(links.z_device[link]), int(links.z_port[link])),
    )
    names = [
        f"{plan.devices.name[device]}:{plan.groups[int(plan.devices.group[device])].ports.name[port]}"
        for device, port in ends
    ]
    return " -- ".join(names)


# ------------------------------------------------------------------ text


def _text(plan: Plan, budget: LinkBudget, n_links: int) -> Iterator[str]:
    yield f"budget {budget.link}"
    if n_links > 1:
        yield f"  the longest of {n_links} cables between them"
    yield f"  links      {budget.links_of}"
    yield f"  parts      {budget.parts}"
    length = f"{budget.length_mm / 1000:g} m ordered" if budget.length_mm >= 0 else "unknown"
    yield f"  length     {length}"
    yield f"  losses     {budget.method}"
    yield from _lines("insertion loss", budget.losses)
    yield "  reach"
    for limit in budget.limits:
        yield _reach_line(limit)
    for waterfall in budget.waterfalls:
        yield from _lines(waterfall.title, waterfall.lines)
    yield f"  checks of {budget.links_of}, its longest and its shortest cable"
    for check in budget.checks:
        yield f"    {_check_line(check)}"
    if budget.unknown:
        yield f"  unknown    {', '.join(budget.unknown)}"


def _lines(title: str, lines: tuple[Line, ...]) -> Iterator[str]:
    yield f"  {title}"
    width = max(len(line.label) for line in lines)
    for line in lines:
        figure = "unknown" if line.value is None else f"{_figure(line)} {_UNITS[line.unit]}"
        text = f"    {line.label:<{width}}  {figure:>12}  {_origin(line)}"
        yield text.rstrip()


def _figure(line: Line) -> str:
    return f"{(line.value or 0) / 1000:.3f}"


def _origin(line: Line) -> str:
    if line.missing:
        return f"(missing: {line.missing})"
    if line.is_sum:
        return "="
    return _cited(line.source, line.confidence)


def _reach_line(limit: LengthLimit) -> str:
    figure = "unknown" if limit.value is None else f"{limit.value / 1000:g} m"
    return f"    {limit.label}  {figure}  {_cited(limit.source, limit.confidence)}".rstrip()


def _cited(source: str, confidence: str) -> str:
    if confidence == "design":
        return f"[{source or 'the design'}]"
    return f"[{source}, {confidence}]" if confidence else ""


def _check_line(check: PlanCheck) -> str:
    missing = f"  (missing: {check.missing})" if check.missing else ""
    return f"{_MARK[check.verdict]:<8} {check.name:<15} {check.detail}{missing}"


def _plain(value: object) -> object:
    """Return records as plain objects for JSON."""
    if isinstance(value, PlanCheck):
        return value.model_dump()
    if isinstance(value, LinkBudget | Waterfall | Line | LengthLimit):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
