"""Semantics: scopes, types, evaluation, layers, and the lowering of a program to a design."""

from optidsl.sema.elaborate import elaborate
from optidsl.sema.standard import standard_catalog

__all__ = ["elaborate", "standard_catalog"]
