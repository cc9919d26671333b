"""The kinds that describe scale-up networks: links between GPUs inside a server, and over the servers of a rack."""

from __future__ import annotations

from optidsl.schema.model import Attribute, Kind
from optidsl.schema.types import INT, RATE, listof, ref, word

SCALE_UP_KINDS = ("switched", "full_mesh", "mesh", "torus")

SCALE_UP = Kind(
    "scale_up",
    "The links between GPUs that no fabric carries, as NVLink: `scale_up nvlink { links = 18, rate = 400Gbps }`.",
    ("server_model",),
    (
        Attribute(
            "kind",
            word(*SCALE_UP_KINDS),
            "`switched`: every link of a GPU leads to a switch chip. `full_mesh`: every two GPUs of the server are "
            "joined. `mesh`, `torus`: GPUs at the points of a grid are joined to their neighbours.",
            default="switched",
        ),
        Attribute("links", INT, "Links of a GPU; of a grid also those that lead out of it.", minimum="1"),
        Attribute("rate", RATE, "The rate of one link in each direction.", minimum="1Mbps"),
        Attribute("dims", listof(INT), "GPUs along each axis of a `mesh` or `torus`, as `[4, 4, 4]`."),
        Attribute("switches", INT, "Switch chips in the server; none where a `scale_up_domain` has them.", minimum="1"),
        Attribute("switch_ports", INT, "Links that a switch chip takes.", minimum="1"),
    ),
    is_part=True,
)

SCALE_UP_DOMAIN = Kind(
    "scale_up_domain",
    "Servers whose GPUs are joined by switch chips outside them, so many servers after another: "
    "`scale_up_domain nvl72 { nodes = tray, per_domain = 18, switches = 18 }`.",
    ("design",),
    (
        Attribute("nodes", ref("node"), "The servers; their model states a `scale_up`.", is_required=True),
        Attribute("per_domain", INT, "Servers of a domain, in the order of their keys.", is_required=True, minimum="1"),
        Attribute("switches", INT, "Switch chips of a domain.", is_required=True, minimum="1"),
        Attribute("switch_ports", INT, "Links that a switch chip takes.", minimum="1"),
        Attribute("within", word("rack", "row", "hall"), "What the servers of a domain must stand in together."),
    ),
)

SLICE = Kind(
    "slice",
    "Cubes of an `ocs_torus` that its switches join to a torus: `slice big { dims = [8, 16, 16] }`. Cubes of no slice "
    "have no circuits. Another `dims` is another patch of the same cables.",
    ("fabric",),
    (
        Attribute("dims", listof(INT), "Chips along each axis, whole cubes.", is_required=True),
        Attribute(
            "cubes",
            listof(INT),
            "The cubes, from 1 in the order of the endpoints, the first axis fastest; the next that are free when "
            "absent.",
        ),
    ),
)

KINDS: tuple[Kind, ...] = (SCALE_UP, SCALE_UP_DOMAIN, SLICE)
