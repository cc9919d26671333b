"""Diagnostics: what is wrong, where, by how much, and what would make it right.

The model knows nothing of rendering; renderers read the model. A diagnostic is identified by a kebab-case
name that never changes and has a page in `pages/NAME.md` (what, why, example, fix).
"""

from optidsl._errors import GaveUp, InternalError, OptidslError, UsageError
from optidsl.diag.model import Diagnostic, Edit, Fix, Label, Severity, Span
from optidsl.diag.sink import Sink

__all__ = [
    "Diagnostic",
    "Edit",
    "Fix",
    "GaveUp",
    "InternalError",
    "Label",
    "OptidslError",
    "Severity",
    "Sink",
    "Span",
    "UsageError",
]
