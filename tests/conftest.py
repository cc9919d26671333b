"""What all tests share: the folder of a test decides its marker."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
MARKER_BY_FOLDER = {
    "engine": "runs a program nobody here wrote",
    "bench": "measures, and is no gate",
    "golden": "compares committed artefacts byte for byte",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let goldens be written anew, on request."""
    parser.addoption("--update-goldens", action="store_true", help="write what the examples compile to now")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, whatever the configuration file lists."""
    for name, meaning in MARKER_BY_FOLDER.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    config.addinivalue_line("markers", "slow: takes more than a second or two")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by its folder; leave benchmarks out unless they are asked for.

    Args:
        config: of this run.
        items: the tests found; benchmarks are taken out in place.
    """
    for item in items:
        if item.path.is_relative_to(TESTS):
            folder = item.path.relative_to(TESTS).parts[0]
            if folder in MARKER_BY_FOLDER:
                item.add_marker(folder)
    if "bench" not in config.getoption("markexpr"):
        benches = [item for item in items if item.get_closest_marker("bench")]
        items[:] = [item for item in items if not item.get_closest_marker("bench")]
        config.hook.pytest_deselected(items=benches)
