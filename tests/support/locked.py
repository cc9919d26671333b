"""A Clos fabric of leaves and spines that tests grow, shrink and rename with a lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from optidsl.api import Options, Result, compile_text

TOLD_ALWAYS = frozenset({"cannot-conclude", "secondary-number", "ports-in-doubt"})
"""What is said of these parts whatever the design is."""

_TEXT = """optd 1
use std.servers  {{ hgx-h100-cx7 }}
use std.switches {{ sn5600 }}
design locked {{
  site lab {{
    hall h1 {{
      row_pitch  = 3m
      rack_pitch = 0.6m
      tray {{ drop = 1.2m, slack = 5% }}
      row a {{ rack gpu-a[1..20] {{ units = 48U }} }}
      row n {{ rack net[1..10] {{ units = 48U }} }}
      row s {{ rack core[1..10] {{ units = 48U }} }}
    }}
  }}
  node gpu[{nodes}] {{
    model = hgx-h100-cx7
    place {{ at = lab.h1.a.gpu-a, per_rack = 4 }}
  }}
  fabric {fabric} {{
    kind             = {kind}
    protocol         = ethernet
    endpoints        = gpu.nic.compute
    oversubscription = 8:1
    tier {leaf}  {{ model = sn5600, {leaf_words}, place {{ at = lab.h1.n.net, per_rack = 2 }} }}
    tier spine {{ model = sn5600, count = {spines}, place {{ at = lab.h1.s.core, spread = rack }} }}
    connect endpoints -- {leaf} {{ rate = 400Gbps }}
    connect {leaf} -- spine {{ rate = 400Gbps }}
  }}
  naming {{ switch = "{naming}" }}
  addressing {{ {addressing} }}
  {more}
  emit = [{emit}]
  minimize power.optics
}}
"""


@dataclass(frozen=True, slots=True)
class Fabric:
    """What the text leaves open; 4 spines and 12 leaves of 16 ports down and 8 up unless said otherwise."""

    nodes: str = "1..24"
    leaves: int = 12
    spines: int = 4
    up: int = 8
    retired: str = ""
    fabric: str = "backend"
    kind: str = "clos"
    leaf: str = "leaf"
    naming: str = "{fabric}-{tier}-{index:03}"
    addressing: str = "mode = unnumbered"
    emit: str = "frr, sonic, cabling"
    more: str = ""

    def text(self) -> str:
        """Return the design."""
        words = f"count = {self.leaves}, down = 16, up = {self.up}"
        if self.retired:
            words += f", retired = [{self.retired}]"
        return _TEXT.format(
            nodes=self.nodes,
            spines=self.spines,
            fabric=self.fabric,
            kind=self.kind,
            leaf=self.leaf,
            leaf_words=words,
            naming=self.naming,
            addressing=self.addressing,
            emit=self.emit,
            more=self.more,
        )

    def but(self, **changes: object) -> Fabric:
        """Return another one."""
        return replace(self, **changes)  # type: ignore[arg-type]


def attempted(fabric: Fabric, lock: str | None = None, today: date | None = None) -> Result:
    """Compile with a lock, whatever comes of it."""
    return compile_text(fabric.text(), options=Options(lock_text=lock, today=today))


def compiled(fabric: Fabric, lock: str | None = None, today: date | None = None) -> Result:
    """Compile with a lock; that must succeed."""
    result = attempted(fabric, lock, today)
    if not result.is_ok:
        raise AssertionError([str(each) for each in result.diagnostics])
    return result


def told(result: Result) -> list[tuple[str, str]]:
    """Return the name and message of what is not said of every such design."""
    return [(each.name, each.message) for each in result.diagnostics if each.name not in TOLD_ALWAYS]


def changed_files(before: Result, after: Result, folder: str = "configs/") -> dict[str, int]:
    """Return the files below a folder that both have and that differ, with the lines taken out and put in."""
    found: dict[str, int] = {}
    for path in sorted(before.files.keys() & after.files.keys()):
        if path.startswith(folder) and before.files[path] != after.files[path]:
            found[path] = changed_lines(before.files[path], after.files[path])
    return found


def changed_devices(before: Result, after: Result) -> dict[str, int]:
    """Return the devices that both have and whose configurations differ, with the lines of all their files."""
    found: dict[str, int] = {}
    for path, count in changed_files(before, after).items():
        device = path.split("/")[1]
        found[device] = found.get(device, 0) + count
    return found


def changed_lines(before: str, after: str) -> int:
    """Return how many lines a diff takes out and puts in."""
    import difflib

    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return sum(line[:1] in ("+", "-") and line[:3] not in ("+++", "---") for line in lines)


def cables(lock: str) -> set[str]:
    """Return the ends of the cables of a lock."""
    return {line.split(" cable ")[0] for line in lock.splitlines() if line.startswith("port ")}
