"""Waivers in words, as every report prints them."""

from __future__ import annotations

from optidsl.plan.model import Plan, PlanWaiver


def excuse(check: str, link_class: str) -> str:
    """Return what a waiver covers, in words: `cage-power of compute: leaf -- spine`."""
    return f"{check} of {link_class}"


def waiver_lines(plan: Plan) -> list[str]:
    """Return one line for each waiver: what it excuses, until when and why."""
    return [waiver_line(each) for each in plan.waivers]


def waiver_line(waiver: PlanWaiver) -> str:
    """Return what a waiver excuses, until when and why."""
    return f"{waiver_what(waiver)} until {waiver.until}: {waiver.because}"


def waiver_what(waiver: PlanWaiver) -> str:
    """Return what a waiver is of: `cage-power for dac-1 in qm9700`."""
    of = f" for {waiver.of}" if waiver.of else ""
    at = f" in {waiver.at}" if waiver.at else ""
    return f"{waiver.name}{of}{at}"
