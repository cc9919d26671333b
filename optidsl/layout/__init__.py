"""Halls, rows, racks and trays: where devices stand, and how long every cable is."""

from optidsl.layout.place import place

__all__ = ["place"]
