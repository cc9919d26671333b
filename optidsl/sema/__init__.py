"""Semantics: scopes, types, evaluation, layers, and the lowering of a program to a design."""

from optidsl.sema.elaborate import elaborate

__all__ = ["elaborate"]
