"""Link classes, what could serve each, and the choice: candidates from the whole catalogue, judged and optimised."""

from optidsl.optics.candidates import ClassOptions, Option, candidates
from optidsl.optics.choose import choose
from optidsl.optics.classify import classify
from optidsl.optics.tables import Candidate, Check, Choice, ClassChoice, LinkClass

__all__ = [
    "Candidate",
    "Check",
    "Choice",
    "ClassChoice",
    "ClassOptions",
    "LinkClass",
    "Option",
    "candidates",
    "choose",
    "classify",
]
