"""Halls, rows, racks and trays: where devices stand, and how long every cable is."""

from optidsl.layout.explain import explain_length
from optidsl.layout.loads import RackLoads, rack_loads
from optidsl.layout.place import place

__all__ = ["RackLoads", "explain_length", "place", "rack_loads"]
