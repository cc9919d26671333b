"""Drive programs that nobody here wrote, so that they judge the artefacts the compiler emits.

Every module of this package wraps one engine. An engine or a folder of public test data that is
missing fails the test when the environment variable ``CI`` is set, and skips it with the reason otherwise.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
ENGINE_PATH = os.pathsep.join(
    [os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/frr"]
)


def is_ci() -> bool:
    """Tell whether a missing engine is a failure here.

    Returns:
        True when ``CI`` is set to anything but an empty string, ``0`` or ``false``.
    """
    return os.environ.get("CI", "").strip().lower() not in ("", "0", "false")


def unavailable(reason: str) -> NoReturn:
    """Fail in CI, skip elsewhere.

    Args:
        reason: what is missing and how to get it.
    """
    if is_ci():
        pytest.fail(f"CI needs every engine: {reason}", pytrace=False)
    pytest.skip(reason)


def require_engine(program: str, package: str) -> str:
    """Find the program that a test runs.

    Args:
        program: its name, or an absolute path.
        package: the Debian package that has it.

    Returns:
        The absolute path of the program.
    """
    path = shutil.which(program, path=ENGINE_PATH)
    if path is None:
        unavailable(f"{program} is not installed (apt-get install {package}, or make engines)")
    return path


def require_root() -> None:
    """Require what network namespaces need: the superuser."""
    if os.geteuid() != 0:
        unavailable("network namespaces need root: run the tests as root or with sudo")


def _folder(variable: str, default: str, what: str) -> Path:
    named = os.environ.get(variable)
    folder = Path(named) if named else (CHECKOUT / default)
    if not folder.is_dir():
        unavailable(f"{what} not found in {folder}: .ci/public gets them, {variable} names their folder")
    return folder.resolve()


def yang_folder(family: str) -> Path:
    """Find the YANG models of one family.

    Args:
        family: ``sonic`` or ``openconfig``.

    Returns:
        The folder ``$OPTIDSL_YANG/<family>``; by default that of ``../shared/yang`` beside the checkout.
    """
    folder = _folder("OPTIDSL_YANG", "../shared/yang", "public YANG models") / family
    if not any(folder.glob("*.yang")):
        unavailable(f"no YANG models in {folder}: .ci/public gets them, OPTIDSL_YANG names their folder")
    return folder


def schema_path(name: str) -> Path:
    """Find one published schema.

    Args:
        name: the file's name, such as ``clab.schema.json``.

    Returns:
        Its path in ``$OPTIDSL_SCHEMAS``; by default in ``../shared/schemas`` beside the checkout.
    """
    path = _folder("OPTIDSL_SCHEMAS", "../shared/schemas", "published schemas") / name
    if not path.is_file():
        unavailable(f"{path} is missing: .ci/public gets it, OPTIDSL_SCHEMAS names its folder")
    return path
