"""Power feeds, added up again: who hangs on which, what each carries, and what is left when one fails."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.feed_words import power_text
from optidsl.plan.verify.plugs import plugs_by_class
from optidsl.plan.verify.view import I64, Mask, View, finding, number


def feed_findings(view: View) -> list[Diagnostic]:
    """Check what every feed of the plan carries; none where it has no feeds."""
    feeds = view.plan.feeds
    if not feeds:
        return []
    hung = [_hung(view, feed) for feed in feeds]
    fed = np.add.reduce([mask.astype(np.int64) for mask in hung])
    draw, is_doubtful = _draws(view)
    findings: list[Diagnostic] = []
    for row, feed in enumerate(feeds):
        after = {
            other.path: ceil(_load(draw, hung[row], fed - hung[number].astype(np.int64)))
            for number, other in enumerate(feeds)
            if number != row and other.site == feed.site
        }
        load = ceil(_load(draw, hung[row], fed))
        is_known = not (is_doubtful & hung[row]).any() and not _is_silent(view, feed.site)
        findings += _recorded(feed, load, after, is_known=is_known) or _overload(feed, load, after)
    return findings


def _hung(view: View, feed: PlanFeed) -> Mask:
    """Return which devices hang on a feed, shape `(n_devices,)`."""
    plan = view.plan
    has = [rack.site == feed.site and feed.name in rack.feeds for rack in plan.racks]
    by_rack = np.array([*has, False], dtype=bool)[plan.devices.rack]  # devices without a rack read the last entry
    takes = np.array([not group.feeds or feed.name in group.feeds for group in plan.groups], dtype=bool)
    return np.asarray(by_rack & takes[plan.devices.group])


def _is_silent(view: View, site: str) -> bool:
    """Tell whether a device stands in a rack of the site that states no feeds, or in no rack."""
    plan = view.plan
    silent = np.array([*(rack.site == site and not rack.feeds for rack in plan.racks), True], dtype=bool)
    return bool(silent[plan.devices.rack].any())


def _draws(view: View) -> tuple[I64, Mask]:
    """Return what devices draw at most in mW, and which of them have something of which no figure is known."""
    devices = view.plan.devices
    models = [number(view.part(group.model), "power_max_mw") for group in view.plan.groups]
    draw = np.array([power or 0 for power in models], dtype=np.int64)[devices.group]
    is_doubtful = np.array([power is None for power in models], dtype=bool)[devices.group]
    filled: dict[int, int] = {}
    for _, plugs in plugs_by_class(view):
        for plug in plugs:
            cages = plug.ends.cage_id[plug.rows]
            if plug.power_mw is None:
                is_doubtful[cages // view.stride] = True
            for cage in np.unique(cages).tolist():
                filled.setdefault(cage, plug.power_mw or 0)
    at = np.fromiter(filled, dtype=np.int64, count=len(filled))
    np.add.at(draw, at // view.stride, np.fromiter(filled.values(), dtype=np.int64, count=len(filled)))
    return draw, is_doubtful


def _load(draw: I64, hung: Mask, live: I64) -> Fraction:
    """Return what a feed carries when its devices share their draw among so many live feeds, in mW."""
    counts = np.unique(live[hung]).tolist()
    return sum((Fraction(int(draw[hung & (live == n)].sum()), n) for n in counts), Fraction(0))


def _recorded(feed: PlanFeed, load: int, after: dict[str, int], *, is_known: bool) -> list[Diagnostic]:
    """Compare what the plan records with the sums."""
    declared = f"declared at {feed.source_ref}"
    if not is_known:
        if feed.load_mw is None:
            return []
        message = f"feed {feed.path}: the plan records a load, and lacks a figure that it rests on"
        return [finding("feed-mismatch", message, declared)]
    worst = max([load, *after.values()])
    if (feed.load_mw, feed.worst_mw) == (load, worst) and (
        after.get(feed.worst_without) == worst if feed.worst_without else worst == load
    ):
        return []
    shown = [("nothing" if power is None else power_text(power)) for power in (feed.load_mw, feed.worst_mw)]
    sums = f"its devices draw {power_text(load)}, and {power_text(worst)} after the worst failure"
    message = f"feed {feed.path}: the plan records {shown[0]} and {shown[1]}, {sums}"
    return [finding("feed-mismatch", message, declared)]


def _overload(feed: PlanFeed, load: int, after: dict[str, int]) -> list[Diagnostic]:
    cap = feed.power_cap_mw
    without = max(after, key=lambda path: after[path], default="")
    if cap is None or max(load, after.get(without, 0)) <= cap:
        return []
    carried, when = (load, "with every feed live") if load > cap else (after[without], f"when {without} has failed")
    over = f"{power_text(carried - cap)} over"
    message = f"feed {feed.path} carries {power_text(carried)} {when}, its limit is {power_text(cap)}: {over}"
    return [finding("feed-overloaded", message, f"declared at {feed.source_ref}")]
