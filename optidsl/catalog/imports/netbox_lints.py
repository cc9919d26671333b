"""What a careful reader objects to in a NetBox device type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from optidsl.catalog.imports.model import Finding, listed
from optidsl.catalog.imports.netbox_ports import Panel

_CAGES_PER_UNIT = 36
"""Cages of the QSFP and OSFP families that a front panel of one rack unit can hold: two rows of 18."""

_SMALL_CAGES_PER_UNIT = 54
"""Cages of the SFP family that a front panel of one rack unit can hold."""

_INFINIBAND_MODEL = re.compile(r"^(M?QM\d{4}|M?SB7\d{3}|Q3[0-9]{3}\b)")
_ETHERNET_MODEL = re.compile(r"^M?SN\d{4}")
_INFINIBAND_WORDS = re.compile(r"\binfiniband\b|\bquantum\b", re.IGNORECASE)


def lint_ports(panel: Panel) -> Iterator[Finding]:
    """Yield a finding when ports are fewer than cages x bores or one is there twice."""
    expected = panel.cages * panel.bores
    if panel.missing:
        per_cage = "" if panel.bores == 1 else f" x {panel.bores} ports"
        message = (
            f"{len({(cage, bore) for _, cage, bore in panel.places})} of {expected} ports "
            f"({panel.cages} cages{per_cage}): {listed(panel.missing)} {'is' if len(panel.missing) == 1 else 'are'} "
            "absent"
        )
        notes = (f"the block has the {panel.cages} cages that the numbering implies",)
        yield Finding("import-ports-missing", "warning", message, "interfaces", "a port is missing", notes)
    counts = Counter(port.name for port, _, _ in panel.places)
    for name in [name for name, count in counts.items() if count > 1]:
        yield Finding(
            "import-duplicate", "warning", f"the file lists {name} {counts[name]} times", name, "more than once"
        )


def lint_protocol(typed: str, model: str, words: str) -> tuple[str, list[Finding]]:
    """Return the protocol, and a finding when the types and the name of the device disagree on it.

    Args:
        typed: what the types of the interfaces say.
        model: the model.
        words: every text of the file that may tell the family.

    Returns:
        What the model's family speaks where its name tells, else what the types say; and the findings.
    """
    by_name = "infiniband" if _INFINIBAND_MODEL.match(model) else "ethernet" if _ETHERNET_MODEL.match(model) else None
    named = {"infiniband": "InfiniBand", "ethernet": "Ethernet"}
    if by_name is not None and by_name != typed:
        message = f"the interfaces are typed as {named[typed]}, and {model} is a switch of the {named[by_name]} family"
        notes = (f"the block says {by_name}",)
        return by_name, [Finding("import-protocol-doubtful", "warning", message, model, named[by_name], notes)]
    if by_name is None and typed == "ethernet" and _INFINIBAND_WORDS.search(words):
        message = f"the interfaces of {model} are typed as Ethernet, and the file speaks of InfiniBand"
        return typed, [Finding("import-protocol-doubtful", "warning", message, model, "", ("the block says ethernet",))]
    return typed, []


def lint_height(height: float | None, panel: Panel) -> tuple[int | None, list[Finding]]:
    """Return the height in rack units when it is stated and plausible, and a finding when it is not.

    Assumes: a front panel holds at most 36 cages of the QSFP or OSFP family, or 54 of the SFP family, per rack unit.
    """
    if height is None:
        return None, [
            Finding("import-height-doubtful", "warning", "the file has no `u_height`: the block has no height")
        ]
    is_small = panel.plug is not None and panel.plug.startswith("sfp")
    most = _SMALL_CAGES_PER_UNIT if is_small else _CAGES_PER_UNIT
    if height <= 0 or height != int(height):
        message = f"`u_height` is {height:g}, which is no number of rack units: the block has no height"
        return None, [Finding("import-height-doubtful", "warning", message, "u_height", f"{height:g}")]
    if panel.cages > most * height:
        message = (
            f"{panel.cages} cages in {height:g} rack unit{'s' if height != 1 else ''}: a unit holds {most} at most, so "
            f"{-(-panel.cages // most)} are needed and the block has no height"
        )
        return None, [Finding("import-height-doubtful", "warning", message, "u_height", f"{height:g}")]
    return int(height), []
