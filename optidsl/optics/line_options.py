"""Coherent modules over a line: the candidate, and what its checks rest on."""

from __future__ import annotations

from optidsl.catalog.parts import Fact, FiberCable, Transceiver
from optidsl.optics.check_line import coherent_check, line_checks
from optidsl.optics.check_osnr import signal_checks
from optidsl.optics.classify import ClassView
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Candidate, Check
from optidsl.sema.design import Policy
from optidsl.sema.transport import Line

__all__ = ["coherent_check", "line_candidate", "line_candidate_checks"]


def line_candidate(line: Line, a: Transceiver, z: Transceiver) -> Candidate:
    """Return two modules over a wave of a line, which stands in for the fibre between them."""
    route = line.route
    span = route.origin.span
    grades = dict.fromkeys(each.grade.name for each in route.spans)
    wave = FiberCable(
        name=line.name,
        span=line.origin.span,
        part_numbers=(),
        vendor="",
        grade=Fact("+".join(grades), "", "design", span),
        medium=Fact("singlemode", "", "design", span),
        connector=a.connector,
        polarity=None,
        ends=1,
        lengths_mm=Fact((route.length_mm,), "", "design", span),
        max_total_mm=None,
        part_number_form=None,
    )
    return Candidate(a, z, wave, None, line=line)


def line_candidate_checks(
    policy: Policy, view: ClassView, line: Line, a: Transceiver, z: Transceiver
) -> tuple[list[Check], list[tuple[Check, Statement]]]:
    """Return the checks of two modules over a line, and those that a statement of their own enforces."""
    return list(line_checks(view, line, a, z)), signal_checks(policy, view, line, a, z)
