"""The kinds that describe real parts. A part is one block; adding one needs no Python.

An attribute inside `cite SOURCE { … }` has that source and its confidence; one outside is the author's own statement.
Child blocks (`over`, `faces`, `cage_power`, `nic`, `port`) may stand in a `cite` as well and then have its source.
"""

from __future__ import annotations

from optidsl.schema.cages import KINDS as CAGE_KINDS
from optidsl.schema.coherent import GLASS
from optidsl.schema.coherent import KINDS as COHERENT_KINDS
from optidsl.schema.governance import CONDITIONS, FAMILY
from optidsl.schema.governance import KINDS as GOVERNING_KINDS
from optidsl.schema.model import Attribute, Kind
from optidsl.schema.offer import CABLE_LATENCY, OFFER
from optidsl.schema.reference import KINDS as REFERENCE_KINDS
from optidsl.schema.signal import ATTENUATOR, SIGNAL
from optidsl.schema.types import (
    ATTENUATION,
    GAIN,
    INT,
    LANES,
    LENGTH,
    LEVEL,
    POWER,
    RACK_UNITS,
    RATE,
    STRING,
    Type,
    listof,
    part,
    word,
)

ANY_WORD = Type("Word")
"""A bare word: form factors, connectors, grades and PMDs, which no table closes."""

MEDIUM = word("multimode", "singlemode")
PROTOCOLS = listof(word("infiniband", "ethernet", "ici"))

VENDOR = Attribute("vendor", STRING, "Who makes it.", default='""')
PART_NUMBERS = Attribute(
    "part_numbers", listof(STRING), "What to order, and other names; of a cable one for each length, in order."
)
PROTOCOL = Attribute("protocols", PROTOCOLS, "The protocols it carries.", is_required=True)

TRANSCEIVER = Kind(
    "transceiver",
    "A pluggable optical module.",
    ("module", "design"),
    (
        VENDOR,
        PART_NUMBERS,
        Attribute(
            "form_factor",
            ANY_WORD,
            "The plug: `osfp` (with its own heat sink), `osfp-rhs` (flat top), `qsfp-dd`, `qsfp112`, …",
            is_required=True,
        ),
        Attribute("bores", INT, "Separate fibre ports of the module: 2 for a twin-port one.", default="1"),
        Attribute("lanes", LANES, "Lanes of the whole module, as `8x100Gbps`.", is_required=True),
        Attribute("modulation", ANY_WORD, "`nrz`, `pam4`, ….", is_required=True),
        Attribute(
            "pmd",
            ANY_WORD,
            "What one bore speaks, as `400g-dr4`; both ends of a link speak the same.",
            is_required=True,
        ),
        Attribute("medium", MEDIUM, "The kind of fibre.", is_required=True),
        Attribute(
            "connector", ANY_WORD, "The plug of one bore with its polish: `mpo-12-apc`, `lc-upc`.", is_required=True
        ),
        Attribute("wavelength", STRING, "The wavelengths, in nanometres or by the name of the grid."),
        Attribute("fec", ANY_WORD, "The forward error correction the host must run, as `rs-544`."),
        Attribute("min_length", LENGTH, "The shortest fibre it may face."),
        Attribute("power_max", POWER, "The most the module draws."),
        Attribute("power_typ", POWER, "What the module draws typically."),
        Attribute("tx_min", LEVEL, "The least average launch power of a lane."),
        Attribute("tx_max", LEVEL, "The most average launch power of a lane."),
        Attribute("rx_min", LEVEL, "The least average power a lane's receiver needs."),
        Attribute("rx_max", LEVEL, "The most average power a lane's receiver bears (overload)."),
        Attribute("rx_damage", LEVEL, "The average power that damages a lane's receiver."),
        Attribute("channel_connections", INT, "Mated connections in the channel that the reach figures assume."),
        Attribute("channel_connection_loss", GAIN, "The loss of each connection that the reach figures assume."),
        *SIGNAL,
        PROTOCOL,
    ),
    is_part=True,
)

OVER = Kind(
    "over",
    "What a transceiver promises over one grade of fibre: `over os2 { reach = 500m, loss = 3dB }`.",
    ("transceiver",),
    (
        Attribute("reach", LENGTH, "The longest fibre.", is_required=True),
        Attribute("loss", GAIN, "The most insertion loss of the channel."),
        Attribute("connections", GAIN, "The share of `loss` that `reach` leaves to connections and splices."),
    ),
    is_part=True,
)

FACES = Kind(
    "faces",
    "The reach towards a named part at the far end, where it differs: `faces mms4x00-ns400 { reach = 100m }`.",
    ("transceiver",),
    (Attribute("reach", LENGTH, "The longest fibre towards that part.", is_required=True),),
    is_part=True,
)

FIBER_CABLE = Kind(
    "fiber_cable",
    "A fibre assembly with the lengths it is sold in.",
    ("module", "design"),
    (
        VENDOR,
        PART_NUMBERS,
        Attribute("grade", ANY_WORD, "The fibre's grade, the name of a `fiber_grade`.", is_required=True),
        Attribute("medium", MEDIUM, "The kind of fibre.", is_required=True),
        Attribute("connector", ANY_WORD, "The plug at each end, with its polish.", is_required=True),
        Attribute("polarity", ANY_WORD, "The fibre mapping, as `type-b`."),
        Attribute("ends", INT, "Far ends: 1 straight, 2 for a 1:2 splitter.", default="1"),
        Attribute("lengths", listof(LENGTH), "The lengths it is sold in; a length is unknown without them."),
        Attribute("max_total", LENGTH, "The longest channel it may be part of, panels and trunks included."),
        Attribute("part_number_form", STRING, "The orderable number of a length, over {m} (metres) and {cm}."),
    ),
    is_part=True,
)

DIRECT_CABLE = Kind(
    "direct_cable",
    "A cable with its plugs on: DAC, ACC, AEC or AOC.",
    ("module", "design"),
    (
        VENDOR,
        PART_NUMBERS,
        Attribute("technology", word("dac", "acc", "aec", "aoc"), "What it is.", is_required=True),
        Attribute("form_factor_a", ANY_WORD, "The plug of the near end.", is_required=True),
        Attribute("form_factor_z", ANY_WORD, "The plug of each far end.", is_required=True),
        Attribute("lanes", LANES, "Lanes of the near end.", is_required=True),
        Attribute("bores", INT, "Ports of the near cage that it serves.", default="1"),
        Attribute("ends", INT, "Far ends.", default="1"),
        Attribute("lengths", listof(LENGTH), "The lengths it is sold in."),
        Attribute("power_a", POWER, "The most the near plug draws."),
        Attribute("power_z", POWER, "The most each far plug draws."),
        CABLE_LATENCY,
        PROTOCOL,
    ),
    is_part=True,
)

FIBER_GRADE = Kind(
    "fiber_grade",
    "A grade of fibre.",
    ("module", "design"),
    (
        Attribute("medium", MEDIUM, "The kind of fibre.", is_required=True),
        Attribute("attenuation", ATTENUATION, "The most loss per length at `wavelength`.", is_required=True),
        Attribute(
            "wavelength",
            LENGTH,
            "Where the attenuation holds, and in longer bands; light of a shorter one needs a grade of its own.",
            is_required=True,
        ),
        *GLASS,
    ),
    is_part=True,
)

CONNECTOR = Kind(
    "connector",
    "A connector type: body, then polish.",
    ("module", "design"),
    (Attribute("loss", GAIN, "The most loss of a mated pair.", is_required=True),),
    is_part=True,
)

SWITCH_MODEL = Kind(
    "switch_model",
    "A switch. Cages are numbered from 1.",
    ("module", "design"),
    (
        VENDOR,
        PART_NUMBERS,
        PROTOCOL,
        Attribute("cages", INT, "How many cages serve the fabric.", is_required=True),
        Attribute("lanes", LANES, "Lanes of one cage.", is_required=True),
        Attribute("accepts", listof(ANY_WORD), "The form factors the cages take.", is_required=True),
        Attribute(
            "breakout", listof(LANES), "How a cage may run: `[1x800Gbps, 2x400Gbps]`, ports by rate.", is_required=True
        ),
        Attribute("max_ports", INT, "The most logical ports of the box."),
        Attribute("units", RACK_UNITS, "The height."),
        Attribute("power_typ", POWER, "What the box draws typically, without modules."),
        Attribute("power_max", POWER, "The most the box draws."),
        Attribute(
            "port_name",
            STRING,
            "A port's name, over {cage} {cage0} {bore} {bore0} {letter} {lane} {port} {port0}, {cage_lane} (its first "
            "lane in the cage, from 1), and {column} {column0} {row} (A, B) of cages in two rows.",
            is_required=True,
        ),
        Attribute("port_alias", STRING, "A port's second name, over the same fields.", default='""'),
        Attribute("sonic_platform", STRING, "The folder of the SONiC platform."),
        Attribute("sonic_hwsku", STRING, "The SONiC hardware SKU."),
        Attribute("device_id", STRING, "The InfiniBand device id, as `0xd2f2`."),
        Attribute("fec", ANY_WORD, "The forward error correction that its ports run, as `rs-544`."),
        Attribute("insertion_loss", GAIN, "Of an optical circuit switch: the most that light loses from port to port."),
        Attribute("airflow", word("normal", "reverse"), "The way the air goes, in the maker's word."),
        *OFFER,
        FAMILY,
    ),
    is_part=True,
)

CAGE_POWER = Kind(
    "cage_power",
    "The most a module may draw in some cages; the later of two that name a cage holds: "
    "`cage_power { cages = 1..61, step = 4, power = 21W }`.",
    ("switch_model", "variant"),
    (
        Attribute("cages", INT, "The first and the last cage, as `first..last`.", "nature", is_required=True),
        Attribute("step", INT, "Every how many-th cage from the first.", default="1"),
        Attribute("power", POWER, "The most the module may draw.", is_required=True),
        Attribute("note", STRING, "On what the limit rests, as `with two 3 kW supplies`; told with it.", default='""'),
    ),
    label="none",
    is_part=True,
)

SERVER_MODEL = Kind(
    "server_model",
    "A server or an appliance: what stands at the edge of a fabric.",
    ("module", "design"),
    (
        VENDOR,
        PART_NUMBERS,
        Attribute("gpus", INT, "How many GPUs it has."),
        Attribute("units", RACK_UNITS, "The height."),
        Attribute("power_max", POWER, "The most it draws."),
    ),
    is_part=True,
)

NIC = Kind(
    "nic",
    "Ports of a server that are alike and serve one purpose: `compute`, `storage`, ….",
    ("server_model",),
    (
        Attribute("rate", RATE, "The rate of one port.", is_required=True),
        Attribute("lanes", LANES, "Lanes of one port, as `4x100Gbps`.", is_required=True),
        Attribute("modes", listof(LANES), "How else a port may run, by lanes: `[2x100Gbps]` is 200G on two of four."),
        Attribute("accepts", listof(ANY_WORD), "The form factors the cages take.", is_required=True),
        Attribute("bores_per_cage", INT, "Ports that share a cage.", default="1"),
        PROTOCOL,
        Attribute("cage_power", POWER, "The most a module may draw in a cage."),
        Attribute(
            "adapter", part("nic_model"), "The adapter that it is; rate, plugs and protocols must agree with it."
        ),
        Attribute("fec", ANY_WORD, "The forward error correction that its ports run, as `rs-544`."),
        *OFFER,
        FAMILY,
    ),
    is_part=True,
)

PORT = Kind(
    "port",
    "One network port of a server: where it is, and whom it serves.",
    ("nic",),
    (
        Attribute("cage", STRING, "The cage as printed on the box.", is_required=True),
        Attribute("bore", INT, "The port within its cage, from 1.", default="1"),
        Attribute("gpu", INT, "The GPU it serves, from 0."),
        Attribute("rail", INT, "The rail it belongs to, from 0; its GPU's number when absent."),
        Attribute("device", STRING, "The RDMA device, as `mlx5_0`."),
    ),
    is_part=True,
)

RULE = Kind(
    "rule",
    "A compatibility rule that no attribute can say. `a` and `b` select parts: words that must all hold, each a part's "
    'name, a kind, or `attribute=value` (`"transceiver bores=1 form_factor=osfp-rhs"`).',
    ("module", "design"),
    (
        Attribute(
            "kind",
            word("faces", "in-cage", "over-cable", "same-module"),
            "`faces`: module a opposite module "
            "b. `in-cage`: module a in box b. `over-cable`: module a on cable b. `same-module`: cables a and b "
            "on the bores of one module.",
            is_required=True,
        ),
        Attribute("a", STRING, "The module.", is_required=True),
        Attribute("b", STRING, "What it meets.", is_required=True),
        Attribute(
            "verdict",
            word("forbidden", "warn", "limited", "beta", "allowed"),
            "What follows. `limited` and `beta` are the maker's words for its support, and warn.",
            is_required=True,
        ),
        Attribute("reason", STRING, "Why, in a few words.", is_required=True),
        *CONDITIONS,
    ),
    is_part=True,
)

CITE = Kind(
    "cite",
    "The source of the attributes and blocks inside it.",
    (
        "transceiver",
        "fiber_cable",
        "direct_cable",
        "fiber_grade",
        "connector",
        "attenuator",
        "switch_model",
        "server_model",
        "over",
        "faces",
        "cage_power",
        *(kind.name for kind in CAGE_KINDS),
        *(kind.name for kind in COHERENT_KINDS),
        "nic",
        "port",
        "scale_up",
        "rule",
        *(kind.name for kind in REFERENCE_KINDS),
    ),
    (
        Attribute(
            "confidence",
            word("standard", "vendor-doc", "secondary", "unverified"),
            "How far a check may rest on these numbers; the source's own when absent.",
        ),
    ),
)

KINDS: tuple[Kind, ...] = (
    TRANSCEIVER,
    OVER,
    FACES,
    FIBER_CABLE,
    DIRECT_CABLE,
    FIBER_GRADE,
    CONNECTOR,
    ATTENUATOR,
    SWITCH_MODEL,
    CAGE_POWER,
    *CAGE_KINDS,
    SERVER_MODEL,
    NIC,
    PORT,
    RULE,
    *GOVERNING_KINDS,
    *COHERENT_KINDS,
    CITE,
)
