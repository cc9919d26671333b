"""Small designs as text in which parts compete: invented modules and cables, two segments, limits that may bind."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from optidsl import pipeline
from optidsl._context import Context
from optidsl._pins import Pins
from optidsl.api import TextLoader
from optidsl.optics.why.study import Study, study

BOXES = """optd 1
server_model box {
  units     = 2U
  power_max = 1kW
  nic net {
    rate      = 400Gbps
    lanes     = 4x100Gbps
    accepts   = [osfp]
    cage_power = 20W
    protocols = [ethernet]
    port p1 { cage = "1" }
    port p2 { cage = "2" }
  }
}
switch_model sw {
  protocols = [ethernet]
  cages     = 16
  lanes     = 4x100Gbps
  accepts   = [osfp]
  cage_power { cages = 1..16, power = 20W }
  power_max = 500W
  breakout  = [1x400Gbps]
  port_name = "{{cage}}"
}
"""


@dataclass(frozen=True)
class Module:
    """A module by name, grade, reach in m and watts in mW."""

    name: str
    grade: str
    reach: int
    watts: int

    @property
    def text(self) -> str:
        """The part."""
        medium = "singlemode" if self.grade == "os2" else "multimode"
        return f"""transceiver {self.name} {{
  form_factor = osfp
  lanes       = 4x100Gbps
  modulation  = pam4
  pmd         = "400g-{self.grade}"
  medium      = {medium}
  connector   = mpo-12-apc
  power_max   = {self.watts}mW
  protocols   = [ethernet]
  over {self.grade} {{ reach = {self.reach}m }}
}}
"""


@dataclass(frozen=True)
class Choices:
    """A design: its parts, the lengths of its two kinds of links, and its statements by name."""

    modules: tuple[Module, ...]
    cables: dict[str, tuple[int, ...]]  # lengths in m by grade
    copper: dict[str, tuple[int, ...]]  # lengths in m by name
    lengths: tuple[str, str]  # of the links below and above the leaf
    statements: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()
    links: tuple[str, str] = ("", "")  # more statements of the two connects
    nodes: int = 4
    more: str = ""
    objectives: tuple[str, ...] = field(default=("power.optics", "cables.length"))

    @property
    def text(self) -> str:
        """The source."""
        parts = [module.text for module in self.modules]
        for grade, lengths in self.cables.items():
            medium = "singlemode" if grade == "os2" else "multimode"
            sold = ", ".join(f"{length}m" for length in lengths)
            parts.append(
                f"fiber_cable jumper-{grade} {{\n  grade     = {grade}\n  medium    = {medium}\n"
                f"  connector = mpo-12-apc\n  lengths   = [{sold}]\n}}\n"
            )
        for name, lengths in self.copper.items():
            sold = ", ".join(f"{length}m" for length in lengths)
            parts.append(
                f"direct_cable {name} {{\n  technology    = dac\n  form_factor_a = osfp\n  form_factor_z = osfp\n"
                f"  lanes         = 4x100Gbps\n  protocols     = [ethernet]\n  lengths       = [{sold}]\n"
                "  power_a       = 100mW\n  power_z       = 100mW\n}\n"
            )
        policy = "\n".join(f"    {line}" for line in ("unknown { loss = warn, overload = warn }", *self.policy))
        goals = "\n".join(f"  minimize {each}" for each in self.objectives)
        return f"""{BOXES}{"".join(parts)}design d {{
  node n[1..{self.nodes}] {{ model = box }}
  fabric net {{
    kind             = clos
    protocol         = ethernet
    endpoints        = n.nic.net
    oversubscription = 1:1
    tier leaf {{ model = sw, count = 2 }}
    tier spine {{ model = sw }}
    connect endpoints -- leaf {{ length = {self.lengths[0]}, {self.links[0]} }}
    connect leaf -- spine {{ length = {self.lengths[1]}, {self.links[1]} }}
  }}
  policy {{
{policy}
  }}
{chr(10).join(f"  {each}" for each in self.statements)}
{goals}
{self.more}
}}
"""


def random_choices(seed: int) -> Choices:
    """Return a design with random parts and limits."""
    rng = random.Random(seed)
    modules = tuple(
        Module(f"m{number}", grade, rng.choice((20, 30, 50, 80, 100, 150)), rng.randint(60, 120) * 100)
        for number, grade in enumerate(rng.choices(("om4", "os2"), k=rng.randint(2, 5)))
    )
    cables = {
        "om4": tuple(sorted(rng.sample((3, 5, 10, 15, 20, 30, 50), rng.randint(2, 5)))),
        "os2": tuple(sorted(rng.sample((5, 10, 20, 30, 50, 100), rng.randint(2, 5)))),
    }
    copper = {"dac-a": tuple(sorted(rng.sample((1, 2, 3, 5), rng.randint(1, 3))))} if rng.random() < 0.6 else {}
    lengths = (f"{rng.choice((1, 2, 4, 8, 12))}m", f"{rng.choice((2, 7, 12, 18, 25, 40))}m")
    policy = [f"optic_skus <= {rng.randint(1, 3)}"] if rng.random() < 0.6 else []
    policy += [f"cable_skus <= {rng.randint(1, 2)}"] if rng.random() < 0.4 else []
    statements = [f"require power.optics <= {rng.randint(150, 400)}W"] if rng.random() < 0.5 else []
    objectives = rng.choice((("power.optics", "cables.length"), ("cables.length", "power.optics"), ("power.optics",)))
    return Choices(
        modules,
        cables,
        copper,
        lengths,
        tuple(statements),
        tuple(policy),
        objectives=objectives,
        nodes=rng.randint(2, 6),
    )


def checked(text: str, pins: dict[str, str] | None = None) -> tuple[pipeline.Checked | None, Context]:
    """Check a text, keeping what its layers say."""
    context = Context(TextLoader({"design.optd": text}))
    context.said = {}
    context.pins = Pins(picks=pins or {})
    return pipeline.check("design.optd", context), context


def study_of(text: str) -> Study:
    """Return the choice of a design that has one."""
    found, context = checked(text)
    assert found is not None, [each.message for each in context.sink.sorted()]
    return study(found.design, found.placed, found.choice, context)


def parts_of(text: str) -> dict[str, str] | None:
    """Return the candidate of each class, None when the design has none."""
    found, _ = checked(text)
    return None if found is None else {each.link_class.name: each.candidate.name for each in found.choice.classes}
