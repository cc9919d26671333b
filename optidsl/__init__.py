"""optidsl: a language and compiler for the optical networks of AI clusters.

The public API is what this module names: `compile_text` and `compile_file` (text to plan), `check_text`,
`format_source`, `load_plan`, `Plan`, `Diagnostic`. Everything else may change without notice.
"""

from __future__ import annotations

from optidsl._version import __version__

TYPE_CHECKING = False  # the constant of `typing`, without its import

if TYPE_CHECKING:
    from optidsl.api import Result, check_file, check_text, compile_file, compile_text, format_source, load_plan
    from optidsl.diag import Diagnostic
    from optidsl.plan.model import Plan

__all__ = [
    "Diagnostic",
    "Plan",
    "Result",
    "__version__",
    "check_file",
    "check_text",
    "compile_file",
    "compile_text",
    "format_source",
    "load_plan",
]


def __getattr__(name: str) -> object:
    """Import a public name on first use: `import optidsl` alone costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'optidsl' has no attribute {name!r}")
    if name == "Diagnostic":
        from optidsl.diag import Diagnostic

        return Diagnostic
    if name == "Plan":
        from optidsl.plan.model import Plan

        return Plan
    from optidsl import api

    return getattr(api, name)
