"""The second opinion on a plan, from the plan alone: every rule written again over the plan's own columns."""

from optidsl.plan.verify.second_opinion import verify

__all__ = ["verify"]
