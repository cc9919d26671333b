"""The version, as a constant: reading package metadata costs five times a bare start-up."""

__version__ = "0.1.0"
