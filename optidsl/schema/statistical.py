"""The kind that asks for a statistical sum of losses."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import ATTENUATION, GAIN, NUM

STATISTICAL = Kind(
    "statistical",
    "Insertion loss as mean plus `k` standard deviations, from your own measurements; without it every loss is at its "
    "worst at once. What is left out stays at its worst.",
    ("policy",),
    (
        Attribute("connector_mean", GAIN, "The mean loss of a mated connection.", is_required=True, minimum="0dB"),
        Attribute("connector_sigma", GAIN, "The standard deviation of that loss.", is_required=True, minimum="0.001dB"),
        Attribute("attenuation_mean", ATTENUATION, "The mean loss of fibre per length.", minimum="0dB/km"),
        Attribute("attenuation_sigma", ATTENUATION, "The standard deviation of that loss.", minimum="0.001dB/km"),
        Attribute("splice_mean", GAIN, "The mean loss of a splice.", minimum="0dB"),
        Attribute("splice_sigma", GAIN, "The standard deviation of that loss.", minimum="0.001dB"),
        Attribute("k", NUM, "How many standard deviations above the mean.", default="3", minimum="0"),
    ),
    label="none",
)
