"""Records of what the catalogue tells besides parts to choose: classes of modules, adapters, figures to look up."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.catalog.parts import Fact, Lanes
from optidsl.diag import Span


@record(frozen=True, slots=True)
class Pmd:
    """A class of module by what one bore speaks (`400g-dr4`); `lanes` are those of one bore."""

    name: str
    span: Span
    speaks: str
    lanes: Fact[Lanes]
    modulation: Fact[str]
    medium: Fact[str] | None
    baud_kbaud: Fact[int] | None
    sff8024: Fact[str] | None
    fec: Fact[str] | None
    linear: Fact[bool] | None


@record(frozen=True, slots=True)
class NicModel:
    """A network adapter as it is sold."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    protocols: tuple[str, ...]
    ports: Fact[int] | None
    rate_mbps: Fact[int] | None  # the most of one port
    accepts: Fact[tuple[str, ...]] | None
    host: Fact[str] | None


@record(frozen=True, slots=True)
class Reference:
    """A figure to look up: one `value`, or a range or bound of `least` and `most`, in `unit`."""

    name: str
    span: Span
    subject: Fact[str]
    value: Fact[Fraction] | None
    least: Fact[Fraction] | None
    most: Fact[Fraction] | None
    unit: Fact[str]
    conditions: Fact[str] | None


@record(frozen=True, slots=True)
class Reliability(Reference):
    """A figure on failures, as published."""


Entry = Pmd | NicModel | Reference
