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

SLOW_FILES = frozenset(
    {
        "test_catalog_entries.py",
        "test_choice_explained.py",
        "test_cli.py",
        "test_cli_fix.py",
        "test_cli_output.py",
        "test_cli_plan.py",
        "test_difference_complete.py",
        "test_difference_markdown.py",
        "test_fabric_keep.py",
        "test_fabric_links.py",
        "test_fabric_pipelines.py",
        "test_family_bcube.py",
        "test_family_custom.py",
        "test_family_dragonfly.py",
        "test_family_dragonfly_plus.py",
        "test_family_fields.py",
        "test_family_rails.py",
        "test_feeds.py",
        "test_governance.py",
        "test_growth_parts.py",
        "test_joint.py",
        "test_joint_bounds.py",
        "test_joint_parts.py",
        "test_lock_freed.py",
        "test_lock_moved.py",
        "test_locked_growth.py",
        "test_locked_sizes.py",
        "test_optics_reseat.py",
        "test_plan_growth.py",
        "test_plan_money.py",
        "test_policy_choice.py",
        "test_proofs_tests.py",
        "test_proofs_traffic.py",
        "test_protocols.py",
        "test_sema_modules.py",
        "test_solve_bounds.py",
        "test_syntax_tables.py",
        "test_units_uncertain.py",
        "test_why.py",
        "test_why_not_large.py",
    }
)
"""Files of unit tests that take more than a second or two: whole designs, compiled many times."""


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
            if folder == "unit" and item.path.name in SLOW_FILES:
                item.add_marker("slow")
    if "bench" not in config.getoption("markexpr"):
        benches = [item for item in items if item.get_closest_marker("bench")]
        items[:] = [item for item in items if not item.get_closest_marker("bench")]
        config.hook.pytest_deselected(items=benches)
