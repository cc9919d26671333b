"""Configurations: a typed record of each switch first, its text second."""
