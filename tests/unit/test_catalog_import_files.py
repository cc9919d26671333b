"""`optidsl catalog import`, and the device files that the projects themselves publish."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from optidsl.catalog.imports import import_switch
from optidsl.cli.main import main
from tests.support.imports import names_of, part_of, quantum
from tests.support.library import standard

ROOT = Path(__file__).resolve().parents[2]

# ------------------------------------------------------------------ the command


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "QM9700.yaml"
    file.write_text(quantum(("P22.1", "P23.0")), encoding="utf-8")
    assert main(["catalog", "import", str(file), "--name", "my-quantum"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("optd 1\n")
    assert "switch_model my-quantum {" in captured.out
    assert f'at         = "{file}"' in captured.out
    assert "warning[import-ports-missing]: 62 of 64 ports" in captured.err
    assert "--> " in captured.err


@pytest.mark.parametrize(
    ("content", "arguments", "code", "words"),
    [
        (b"{", [], 1, "error[import-unreadable]"),
        (b"{}", ["--format", "netbox"], 1, "it has no `model`"),
        (b"\xff", [], 2, "is not UTF-8 text"),
        (None, [], 2, "cannot be read"),
    ],
)
def test_command_refuses(
    content: bytes | None,
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    assert main(["catalog", "import", str(file), *arguments]) == code
    captured = capsys.readouterr()
    assert (captured.out, words in captured.err) == ("", True)


# ------------------------------------------------------------------ the projects' own files


def folder(variable: str, name: str) -> list[Path]:
    """Return the files of a folder of device files; none when there is none, unless CI names the variable."""
    found = Path(os.environ.get(variable, ROOT.parent / "shared" / name))
    if not found.is_dir() and "CI" in os.environ and variable in os.environ:
        raise FileNotFoundError(f"{variable} names no folder: {found}")
    return sorted(found.iterdir()) if found.is_dir() else []


PLATFORMS = [path for path in folder("OPTIDSL_PLATFORMS", "platforms") if path.name.endswith("platform.json")]
OTHERS = [path for path in folder("OPTIDSL_PLATFORMS", "platforms") if not path.name.endswith("platform.json")]
DEVICE_TYPES = [path for path in folder("OPTIDSL_DEVICETYPES", "devicetypes") if path.suffix in {".yml", ".yaml"}]

ALIASES_TWICE = {"x86_64-mlnx_msn4600c-r0.platform.json"}
"""Ethernet160 of the SN4600C has the aliases of Ethernet164 in its mode of two ports."""

WITHOUT_PORTS = {"x86_64-dell_z9664f-r0.platform.json", "x86_64-nexthop_5010-r0.platform.json"}


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.name)
def test_every_platform(path: Path) -> None:
    found = import_switch(path.read_text(encoding="utf-8"), str(path))
    if path.name in WITHOUT_PORTS:
        assert names_of(found) == ["import-no-ports"]
        return
    part = part_of(found)
    assert part.sonic_platform == path.name.removesuffix(".platform.json")
    assert part.cages.value >= 32
    rates = {mode.ports * mode.rate_mbps for mode in part.breakout.value}
    assert max(rates) <= part.lanes.value.count * part.lanes.value.rate_mbps
    assert ("import-duplicate" in names_of(found)) == (path.name in ALIASES_TWICE)
    assert len(found.findings) <= 8


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_other_files_of_a_platform_are_refused(path: Path) -> None:
    found = import_switch(path.read_text(encoding="utf-8"), str(path))
    assert found.switch is None
    assert names_of(found)[-1] in {"import-unreadable", "import-no-ports"}


@pytest.mark.parametrize("path", DEVICE_TYPES, ids=lambda path: path.name)
def test_every_device_type(path: Path) -> None:
    part = part_of(import_switch(path.read_text(encoding="utf-8"), str(path)))
    assert part.cages.value in {32, 64}
    assert part.accepts.value


BAD_FILES = {
    "SN4600C.yml": [
        "eth0 is no part of the fabric: not in the block",
        "64 cages in 1 rack unit: a unit holds 36 at most, so 2 are needed and the block has no height",
    ],
    "SN3700.yml": ["eth0 is no part of the fabric: not in the block"],
    "SN4700.yml": ["eth0 is no part of the fabric: not in the block"],
}
"""What is wrong with each device type, word for word: one library gives the 64 cages of the SN4600C one rack unit."""


@pytest.mark.parametrize("path", DEVICE_TYPES, ids=lambda path: path.name)
def test_what_is_odd_about_every_device_type(path: Path) -> None:
    found = import_switch(path.read_text(encoding="utf-8"), str(path))
    assert [finding.message for finding in found.findings] == BAD_FILES[path.name]


def test_a_quantum_that_lacks_two_ports_and_is_typed_as_ethernet() -> None:
    found = import_switch(quantum(("P22.1", "P23.0")), "QM9700.yaml")
    assert [(finding.name, finding.message) for finding in found.findings] == [
        ("import-ports-missing", "62 of 64 ports (32 cages x 2 ports): P22.1 and P23.0 are absent"),
        (
            "import-protocol-doubtful",
            "the interfaces are typed as Ethernet, and QM9700 is a switch of the InfiniBand family",
        ),
    ]
    assert part_of(found).protocols == ("infiniband",)


SAME = {
    "x86_64-mlnx_msn4600c-r0": "sn4600c",
    "x86_64-mlnx_msn4700-r0": "sn4700",
    "x86_64-nvidia_sn5400-r0": "sn5400",
    "x86_64-nvidia_sn5600-r0": "sn5600",
    "x86_64-nvidia_sn5610n-r0": "sn5610n",
    "x86_64-nvidia_sn5640-r0": "sn5640",
    "x86_64-nvidia_sn6600_ld-r0": "sn6600-ld",
    "x86_64-nvidia_sn6810_ld-r0": "sn6810-ld",
    "x86_64-arista_7060x6_64pe": "dcs-7060x6-64pe",
    "x86_64-micas_m2-w6940-128x1-fr4-r0": "m2-w6940-128x1-fr4",
    "x86_64-ufispace_s9321_64e-r0": "s9321-64e",
}
"""Platforms whose switch is in the standard library."""


@pytest.mark.parametrize(
    "path",
    [path for path in PLATFORMS if path.name.removesuffix(".platform.json") in SAME],
    ids=lambda path: path.name,
)
def test_the_library_says_what_the_platform_file_says(path: Path) -> None:
    imported = part_of(import_switch(path.read_text(encoding="utf-8"), str(path)))
    own = standard().switches[SAME[path.name.removesuffix(".platform.json")]]
    assert (own.cages.value, own.lanes.value) == (imported.cages.value, imported.lanes.value)
    assert own.port_name == imported.port_name
    whole = {(mode.ports, mode.rate_mbps) for mode in own.breakout.value if not mode.lanes}
    assert whole <= {(mode.ports, mode.rate_mbps) for mode in imported.breakout.value}
