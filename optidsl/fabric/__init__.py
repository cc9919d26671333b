"""Topology families: from an elaborated design to devices, port maps and links as columns."""

from optidsl.fabric.metrics import metrics
from optidsl.fabric.synthesize import synthesize

__all__ = ["metrics", "synthesize"]
