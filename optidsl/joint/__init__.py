"""Shape, placement and parts together: the best network of all that the author leaves open, and proof of it."""

from optidsl.joint.check import check_open

__all__ = ["check_open"]
