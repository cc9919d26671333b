"""The kinds that say how the cages of a switch model run: modes, pipelines, splits, co-packaged optics, variants."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import INT, LANES, POWER, STRING, listof, word

MODE = Kind(
    "mode",
    "One more way to run a cage, on fewer lanes than it has: `mode { run = 1x400Gbps, lanes = 4 }`.",
    ("switch_model",),
    (
        Attribute("run", LANES, "Ports by rate.", is_required=True),
        Attribute("lanes", INT, "How many lanes of the cage the ports use together.", is_required=True, minimum="1"),
    ),
    label="none",
    is_part=True,
)

PIPELINE = Kind(
    "pipeline",
    "Neighbouring cages share a pipeline of the switch chip, which runs so many ports and no more: "
    "`pipeline { cages = 2, max_ports = 10 }`.",
    ("switch_model",),
    (
        Attribute("cages", INT, "How many neighbouring cages share one.", is_required=True, minimum="1"),
        Attribute("max_ports", INT, "The most logical ports of one pipeline.", is_required=True, minimum="1"),
        Attribute("among", INT, "The first and the last cage it speaks of; all of them when absent.", "nature"),
    ),
    label="none",
    is_part=True,
)

SPLIT = Kind(
    "split",
    "The cages that may run more than one port, where not all may: `split { cages = 1..63, step = 2 }`.",
    ("switch_model",),
    (
        Attribute("cages", INT, "The first and the last cage, as `first..last`.", "nature", is_required=True),
        Attribute("step", INT, "Every how many-th cage from the first.", default="1", minimum="1"),
    ),
    label="none",
    is_part=True,
)

ENGINE = Kind(
    "engine",
    "Co-packaged optics: one optical engine serves so many neighbouring ports, and they fail together.",
    ("switch_model",),
    (Attribute("ports", INT, "Front ports of one engine.", is_required=True, minimum="1"),),
    label="none",
    is_part=True,
)

LASER = Kind(
    "laser",
    "Co-packaged optics: one laser module feeds so many neighbouring ports, and they fail together.",
    ("switch_model",),
    (Attribute("ports", INT, "Front ports of one laser module.", is_required=True, minimum="1"),),
    label="none",
    is_part=True,
)

VARIANT = Kind(
    "variant",
    "The same box ordered otherwise, as `variant reverse-airflow { airflow = reverse }`; a tier names it with "
    "`variant = reverse-airflow`. What it states holds instead of what the model states, its cage limits all together.",
    ("switch_model",),
    (
        Attribute("part_numbers", listof(STRING), "What to order."),
        Attribute("airflow", word("normal", "reverse"), "The way the air goes, in the maker's word."),
        Attribute("power_typ", POWER, "What the box draws typically, without modules."),
        Attribute("power_max", POWER, "The most the box draws."),
    ),
    is_part=True,
)

KINDS: tuple[Kind, ...] = (MODE, PIPELINE, SPLIT, ENGINE, LASER, VARIANT)
