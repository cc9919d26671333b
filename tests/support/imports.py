"""Device files of other projects, and the part that an import of one makes."""

from __future__ import annotations

from optidsl._context import Context
from optidsl.catalog.imports import Imported, render
from optidsl.catalog.parts import SwitchModel
from optidsl.modules import resolve
from optidsl.sema import elaborate

DESIGN = """optd 1
use std.servers   {{ dgx-h100 }}
use "./part.optd" {{ {name} }}
design imported {{
  node n {{ model = dgx-h100 }}
  fabric f {{
    kind      = clos
    protocol  = {protocol}
    endpoints = n.nic.compute
    tier leaf {{ model = {name} }}
  }}
}}
"""


class Files:
    """A loader of a few texts."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def read(self, path: str) -> str | None:
        return self.texts.get(path)


def part_of(imported: Imported) -> SwitchModel:
    """Print an imported switch, compile what was printed, and return the part."""
    assert imported.switch is not None
    text = render(imported.switch, 'some "folder"/{file}.json', "imported-model")
    design = DESIGN.format(name="imported-model", protocol=imported.switch.protocols[0])
    context = Context(Files({"design.optd": design, "part.optd": text}))
    program = resolve("design.optd", context)
    assert program is not None
    elaborated = elaborate(program, context)
    assert [d.message for d in context.sink.sorted()] == []
    assert elaborated is not None
    source = elaborated.catalog.sources["imported-model-file"]
    assert source.at == 'some "folder"/{file}.json'
    return elaborated.catalog.switches["imported-model"]


def names_of(imported: Imported) -> list[str]:
    return [finding.name for finding in imported.findings]


def netbox(interfaces: list[tuple[str, str]], model: str = "X-1", **more: str) -> str:
    lines = ["---", "manufacturer: Acme", f"model: {model}"]
    lines += [f"{key}: {value}" for key, value in more.items()]
    lines += ["interfaces:", *(f"  - name: {name}\n    type: {kind}" for name, kind in interfaces)]
    return "\n".join(lines) + "\n"


def quantum(absent: tuple[str, ...] = ()) -> str:
    names = [f"P{cage}.{bore}" for cage in range(32) for bore in range(2)]
    return netbox([(name, "400gbase-x-osfp") for name in names if name not in absent], "QM9700", u_height="1")
