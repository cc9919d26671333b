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
from optidsl.plan.model import Plan, PlanCheck, PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart, PlanRack
from optidsl.sema.design import Design
from optidsl.sema.feeds import Feed

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class PlanFeeds:
    """The feeds of a plan, and a check of each that has a limit."""

    feeds: tuple[PlanFeed, ...] = ()
    checks: tuple[PlanCheck, ...] = ()


@record(frozen=True, slots=True)
class _Carried:
    """What a feed carries in mW, rounded up; `lacks` says why that is a lower bound ("" where it is exact)."""

    path: str
    load_mw: int
    worst_mw: int
    worst_without: str
    lacks: str

    def on(self, feed: PlanFeed) -> PlanFeed:
        """Return a feed with what it carries, None where that is not known."""
        loads = {"load_mw": self.load_mw, "worst_mw": self.worst_mw, "worst_without": self.worst_without}
        return feed.model_copy(update={"load_mw": None, "worst_mw": None, "worst_without": ""} if self.lacks else loads)


@record(frozen=True, slots=True)
class _Judged:
    """A feed of the design with what it carries."""

    feed: Feed
    carried: _Carried

    @property
    def verdict(self) -> str:
        cap, own = self.feed.power_mw, self.carried
        if cap is not None and max(own.load_mw, own.worst_mw) > cap:
            return "fails"
        return "unknown" if own.lacks else "holds"


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
            source_ref=context.sources.written(feed.span),
        )
        for site, feed in stated
    ]
    draws = device_draws(parts, groups, classes, devices, links)
    carried = list(_carried(bare, draws, racks, groups, devices))
    _report([_Judged(feed, each) for (_, feed), each in zip(stated, carried, strict=True)], design, context)
    return None if context.sink.has_errors else _with_checks(bare, carried)


def standing_feeds(part: Plan) -> PlanFeeds:
    """Return the feeds of a part of a plan with what they carry then; what nobody knows of it stays unknown."""
    draws = device_draws(part.parts, part.groups, part.classes, part.devices, part.links)
    return _with_checks(part.feeds, list(_carried(part.feeds, draws, part.racks, part.groups, part.devices)))


def _with_checks(bare: Sequence[PlanFeed], carried: Sequence[_Carried]) -> PlanFeeds:
    feeds = tuple(one.on(each) for each, one in zip(bare, carried, strict=True))
    return PlanFeeds(feeds, tuple(_checks(feeds, carried)))


def _carried(
    bare: Sequence[PlanFeed],
    draws: Draws,
    racks: Sequence[PlanRack],
    groups: Sequence[PlanGroup],
    devices: PlanDevices,
) -> Iterator[_Carried]:
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
        yield _Carried(each.path, ceil(load), ceil(worst), without, "; ".join(words))


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
            unsure.setdefault(each.carried.lacks, []).append(each)
    put = context.sink.error if design.policy.unknown.get("rack_power", "warn") == "stop" else context.sink.warning
    for lacks, alike in unsure.items():
        first, *others = [(each.feed.power_span or each.feed.span, _limit(each.feed)) for each in alike]
        names = " and ".join(each.carried.path for each in alike)
        message = f"cannot conclude on the power of feed{'s' if others else ''} {names}: {lacks}"
        put("cannot-conclude", message, *first, secondary=tuple(Label(*other) for other in others))


def _limit(feed: Feed) -> str:
    return f"at most {power_text(feed.power_mw or 0)}"


def _overloaded(each: _Judged, context: Context) -> None:
    """Report the load with every feed live where that is too much, else the worst with another feed failed."""
    cap = each.feed.power_mw or 0
    is_failure = each.carried.load_mw <= cap
    carried = each.carried.worst_mw if is_failure else each.carried.load_mw
    when = f"when {each.carried.worst_without} has failed" if is_failure else "with every feed live"
    least = "at least " if each.carried.lacks else ""
    over = f"{power_text(carried - cap)} too much"
    message = (
        f"feed {each.carried.path} carries {least}{power_text(carried)} {when}, its limit is {power_text(cap)}: {over}"
    )
    notes = [f"with every feed live it carries {least}{power_text(each.carried.load_mw)}"] if is_failure else []
    if not is_failure and each.carried.worst_without:
        notes.append(
            f"when {each.carried.worst_without} has failed it carries {least}{power_text(each.carried.worst_mw)}"
        )
    notes += [each.carried.lacks] if each.carried.lacks else []
    span = each.feed.power_span or each.feed.span
    context.sink.error("feed-overloaded", message, span, _limit(each.feed), notes=tuple(notes))


def _checks(feeds: Sequence[PlanFeed], carried: Sequence[_Carried]) -> Iterator[PlanCheck]:
    for feed, one in zip(feeds, carried, strict=True):
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
