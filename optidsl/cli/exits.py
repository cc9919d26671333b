"""Exit codes."""

EXIT_OK = 0
EXIT_ERRORS = 1
EXIT_USAGE = 2
EXIT_INTERNAL = 3
EXIT_GAVE_UP = 4
EXIT_CHANGES = 5
"""Of `plan --exit-code`, where something changes."""
