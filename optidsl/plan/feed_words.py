"""What the power feeds of a plan carry, in words."""

from __future__ import annotations

from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.model import Plan


def power_text(power_mw: int) -> str:
    """Return a power in mW as people write it, exactly: `412.5 kW`, `0.4 W`."""
    digits, unit = (6, "kW") if power_mw >= 1_000_000 else (3, "W")
    whole, rest = divmod(power_mw, 10**digits)
    decimals = f".{rest:0{digits}}".rstrip("0") if rest else ""
    return f"{whole:,}{decimals} {unit}"


def feed_words(feed: PlanFeed) -> str:
    """Return what a feed carries: `205 kW of 400 kW, 410 kW when dc.b has failed`."""
    limit = "" if feed.power_cap_mw is None else f" of {power_text(feed.power_cap_mw)}"
    if feed.load_mw is None or feed.worst_mw is None:
        return f"load not known{limit}"
    worst = f", {power_text(feed.worst_mw)} when {feed.worst_without} has failed" if feed.worst_without else ""
    return f"{power_text(feed.load_mw)}{limit}{worst}"


def device_feeds(plan: Plan, device: int) -> tuple[str, ...]:
    """Return the feeds that a device hangs on, () where the plan does not say."""
    rack = int(plan.devices.rack[device])
    if rack < 0 or not plan.racks[rack].feeds:
        return ()
    return plan.groups[int(plan.devices.group[device])].feeds or plan.racks[rack].feeds


def feed_lines(plan: Plan, device: int) -> list[str]:
    """Return the line that names the feeds of a device; none where the plan has no feeds."""
    if not plan.feeds:
        return []
    return [f"  feeds      {', '.join(device_feeds(plan, device)) or 'not stated'}"]


def explain_feed(plan: Plan, what: str) -> list[str] | None:
    """Return what there is to say of a feed by its path, `dc.a`; None where there is none of that name."""
    feed = next((feed for feed in plan.feeds if feed.path == what), None)
    if feed is None:
        return None
    here = [row for row in range(len(plan.devices.name)) if _hangs_on(plan, row, feed)]
    alone = [row for row in here if len(device_feeds(plan, row)) == 1]
    lines = [f"feed {feed.path}: {feed_words(feed)}, written at {feed.source_ref}"]
    lines.append(f"  devices    {len(here)} hang on it, {len(alone)} of them on no other")
    if alone:
        names = ", ".join(plan.devices.name[row] for row in alone[:6])
        lines.append(f"  it alone   {names}" + (f" and {len(alone) - 6} more" if len(alone) > 6 else ""))
    return lines


def _hangs_on(plan: Plan, device: int, feed: PlanFeed) -> bool:
    rack = int(plan.devices.rack[device])
    return rack >= 0 and plan.racks[rack].site == feed.site and feed.name in device_feeds(plan, device)
