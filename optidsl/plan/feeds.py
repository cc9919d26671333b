"""Power feeds as records of the plan: what each carries, with every feed live and with any other one failed.

A device shares its draw equally among its live feeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from optidsl._context import Context
from optidsl._record import record
from optidsl.diag import Label
from optidsl.plan.draws import Draws, device_draws
from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.feed_sets import feed_sets, silence, silent_racks
from optidsl.plan.feed_words import feed_words, power_text
from optidsl.plan.model import PlanCheck, PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart, PlanRack
from optidsl.sema.design import Design
from optidsl.sema.feeds import Feed

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class PlanFeeds:
    """The feeds of a plan, and a check of each that has a limit."""

    feeds: tuple[PlanFeed, ...] = ()
    checks: tuple[PlanCheck, ...] = ()


@record(frozen=True, slots=True)
class _Judged:
    """A feed with its loads in mW, rounded up; `lacks` says why they are a lower bound ("" where they are exact)."""

    feed: Feed
    path: str
    load_mw: int
    worst_mw: int
    worst_without: str
    lacks: str

    @property
    def verdict(self) -> str:
        cap = self.feed.power_mw
        if cap is not None and max(self.load_mw, self.worst_mw) > cap:
            return "fails"
        return "unknown" if self.lacks else "holds"


def plan_feeds(
    design: Design,
    parts: Mapping[str, PlanPart],
    racks: Sequence[PlanRack],
    groups: Sequence[PlanGroup],
    classes: Sequence[PlanClass],
    devices: PlanDevices,
    links: PlanLinks,
    context: Context,
) -> PlanFeeds | None:
    """Return the feeds of every site with what they carry; None after errors in the sink."""
    stated = [(site.address.parts[-1], feed) for site in design.sites for feed in site.feeds]
    if not stated:
        return PlanFeeds()
    bare = [
        PlanFeed(
            name=feed.name,
            site=site,
            power_cap_mw=feed.power_mw,
            load_mw=None,
            worst_mw=None,
            source_ref=context.sources.where(feed.span),
        )
        for site, feed in stated
    ]
    draws = device_draws(parts, groups, classes, devices, links)
    judged = list(_judge(bare, [feed for _, feed in stated], draws, racks, groups, devices))
    _report(judged, design, context)
    if context.sink.has_errors:
        return None
    feeds = tuple(
        each
        if one.lacks
        else each.model_copy(
            update={"load_mw": one.load_mw, "worst_mw": one.worst_mw, "worst_without": one.worst_without}
        )
        for each, one in zip(bare, judged, strict=True)
    )
    return PlanFeeds(feeds, tuple(_checks(feeds, judged)))


def _judge(
    bare: Sequence[PlanFeed],
    feeds: Sequence[Feed],
    draws: Draws,
    racks: Sequence[PlanRack],
    groups: Sequence[PlanGroup],
    devices: PlanDevices,
) -> Iterator[_Judged]:
    """Yield what every feed carries, and what is not known of it."""
    found = feed_sets(bare, racks, groups, devices)
    drawn = [int(draws.power_mw[found.of == row].sum()) for row in range(len(found.sets))]
    silent = silent_racks(racks, devices, np.flatnonzero(found.of < 0))
    for row, each in enumerate(bare):
        mine = [number for number, own in enumerate(found.sets) if row in own]
        rows = np.flatnonzero(np.isin(found.of, mine))
        lacks = [field for field, of in draws.lacks if np.isin(of, rows).any()]
        here = [rack for rack in silent if rack < 0 or racks[rack].site == each.site]
        words = [f"no usable number for {', '.join(dict.fromkeys(lacks))}"] if lacks else []
        words += [silence(racks, here)] if here else []
        load = _load(found.sets, drawn, row, -1)
        worst, without = load, ""
        for other, failed in enumerate(bare):
            if other != row and failed.site == each.site and (after := _load(found.sets, drawn, row, other)) > worst:
                worst, without = after, failed.path
        yield _Judged(feeds[row], each.path, ceil(load), ceil(worst), without, "; ".join(words))


def _load(sets: Sequence[tuple[int, ...]], drawn: Sequence[int], feed: int, failed: int) -> Fraction:
    """Return what a feed carries in mW while another has failed (-1: none): equal shares of the live feeds."""
    total = Fraction(0)
    for own, power_mw in zip(sets, drawn, strict=True):
        if feed in own:
            total += Fraction(power_mw, len(own) - (failed in own))
    return total


# ------------------------------------------------------------------ what is said


def _report(judged: Sequence[_Judged], design: Design, context: Context) -> None:
    unsure: dict[str, list[_Judged]] = {}
    for each in judged:
        if each.verdict == "fails":
            _overloaded(each, context)
        elif each.verdict == "unknown" and each.feed.power_mw is not None:
            unsure.setdefault(each.lacks, []).append(each)
    put = context.sink.error if design.policy.unknown.get("rack_power", "warn") == "stop" else context.sink.warning
    for lacks, alike in unsure.items():
        first, *others = [(each.feed.power_span or each.feed.span, _limit(each.feed)) for each in alike]
        names = " and ".join(each.path for each in alike)
        message = f"cannot conclude on the power of feed{'s' if others else ''} {names}: {lacks}"
        put("cannot-conclude", message, *first, secondary=tuple(Label(*other) for other in others))


def _limit(feed: Feed) -> str:
    return f"at most {power_text(feed.power_mw or 0)}"


def _overloaded(each: _Judged, context: Context) -> None:
    """Report the load with every feed live where that is too much, else the worst with another feed failed."""
    cap = each.feed.power_mw or 0
    is_failure = each.load_mw <= cap
    carried = each.worst_mw if is_failure else each.load_mw
    when = f"when {each.worst_without} has failed" if is_failure else "with every feed live"
    least = "at least " if each.lacks else ""
    over = f"{power_text(carried - cap)} too much"
    message = f"feed {each.path} carries {least}{power_text(carried)} {when}, its limit is {power_text(cap)}: {over}"
    notes = [f"with every feed live it carries {least}{power_text(each.load_mw)}"] if is_failure else []
    if not is_failure and each.worst_without:
        notes.append(f"when {each.worst_without} has failed it carries {least}{power_text(each.worst_mw)}")
    notes += [each.lacks] if each.lacks else []
    span = each.feed.power_span or each.feed.span
    context.sink.error("feed-overloaded", message, span, _limit(each.feed), notes=tuple(notes))


def _checks(feeds: Sequence[PlanFeed], judged: Sequence[_Judged]) -> Iterator[PlanCheck]:
    for feed, one in zip(feeds, judged, strict=True):
        if feed.power_cap_mw is not None:
            yield PlanCheck(
                name="feed-power",
                link_class=-1,
                verdict="unknown" if one.lacks else "holds",
                detail=f"feed {feed.path}: {feed_words(feed)}",
                margin=None,
                unit="",
                missing=one.lacks,
                source="",
                confidence="",
            )
