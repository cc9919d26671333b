"""`optidsl catalog` with files of a team's own parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl.cli.main import main

OWN = """optd 1

source sheet { title = "Our sheet", confidence = vendor-doc }

transceiver own-dr4 {
  vendor       = "ACME"
  part_numbers = ["A-1"]
  protocols    = [ethernet]
  cite sheet {
    form_factor = osfp
    lanes       = 4x100Gbps
    modulation  = pam4
    pmd         = "400g-dr4"
    medium      = singlemode
    connector   = mpo-12-apc
    tx_min      = -2.9dBm
    rx_min      = -6.5dBm
    over os2 { reach = 500m, loss = 3dB }
  }
}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a file of own parts in the folder of work."""
    monkeypatch.chdir(tmp_path)
    Path("own.optd").write_text(OWN, encoding="utf-8")
    return "own.optd"


def test_own_parts_are_linted(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "check", "--with", own]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "own-dr4: rx_min = -6.5 dBm, and tx_min - loss over os2 is -5.9 dBm [budget]"
    assert out[-1] == "1 finding"


def test_own_parts_are_shown_and_found_from_anywhere(
    own: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir("/")
    path = str(tmp_path / own)
    assert main(["catalog", "show", "own-dr4", "--with", path]) == 0
    assert "tx_min          -2.9dBm     vendor-doc  sheet" in capsys.readouterr().out
    assert main(["catalog", "search", "acme", "--with", path]) == 0
    assert capsys.readouterr().out.startswith("own-dr4  transceiver")


def test_what_is_wrong_with_a_file_is_told(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "check", "--with", "none.optd"]) == 2
    assert "none.optd cannot be read" in capsys.readouterr().err
    Path(own).write_text("optd 1\n\ntransceiver x { vendr = 3 }\n", encoding="utf-8")
    assert main(["catalog", "check", "--with", own]) == 1
    assert "`transceiver` has no attribute `vendr` (did you mean `vendor`?)" in capsys.readouterr().err
