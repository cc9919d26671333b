"""The catalogue of real parts: typed records in which every number has a source and a confidence."""

from optidsl.catalog.build import build_catalog

__all__ = ["build_catalog"]
