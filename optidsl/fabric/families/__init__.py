"""Families of topologies, one module each; `family` finds that of a `fabric.kind` and loads no other."""

from optidsl.fabric.families.registry import family

__all__ = ["family"]
