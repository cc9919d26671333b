"""The standard library against the table of facts it restates: one line per number, with source and confidence.

The table is not part of the project; `OPTIDSL_FACTS` names its folder. Without it these tests are skipped.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from optidsl.catalog.facts import PrintedFact, everything, facts_of
from tests.support.fact_map import TABLES, left_out
from tests.support.library import standard

FOLDER = Path(os.environ.get("OPTIDSL_FACTS", Path(__file__).resolve().parents[3] / "shared" / "facts"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the facts base is not here (OPTIDSL_FACTS)")

FIELDS: dict[str, tuple[str, ...]] = {
    "lanes": ("lanes", "lane_gbps", "lanes_per_cage", "cage_gbps", "rates", "fabric_ports"),
    "wavelength": ("wavelength_nm",),
    "reach": ("reach_m", "max", "min"),
    "loss": ("il_max_db", "max"),
    "connections": ("conn_splice_alloc_db",),
    "min_length": ("min_m",),
    "power_max": ("power_max_w", "value"),
    "power_typ": ("power_typ_w",),
    "power_split": ("breakout",),
    "tx_min": ("tx_avg_min_dbm",),
    "tx_max": ("tx_avg_max_dbm",),
    "rx_min": ("rx_avg_min_dbm",),
    "rx_max": ("rx_avg_max_dbm",),
    "rx_damage": ("rx_damage_dbm",),
    "baud": ("baud_gbd",),
    "tx_oma_min": ("tx_oma_min_dbm",),
    "tx_oma_max": ("tx_oma_max_dbm",),
    "tx_oma_tdecq_min": ("tx_oma_minus_tdecq_min_dbm",),
    "tdecq_max": ("tdecq_max_db",),
    "er_min": ("er_min_db",),
    "rx_oma_max": ("rx_oma_max_dbm",),
    "rx_sens_oma": ("rx_sens_oma_dbm",),
    "rx_stressed_oma": ("rx_sens_stressed_oma_dbm",),
    "prefec_ber": ("prefec_ber_max",),
    "sff8024": ("sff8024_id",),
    "lengths": ("lengths_m", "max_m", "wire_awg"),
    "max_total": ("max_m",),
    "power_a": ("power_end_a_w",),
    "power_z": ("power_end_a_w", "power_end_b_w"),
    "attenuation": ("max",),
    "cages": ("cages", "fabric_ports"),
    "breakout": ("breakout_modes", "cage_gbps", "fabric_ports"),
    "max_ports": ("max_logical_ports", "fabric_ports"),
    "cage_power": ("module_w_max",),
    "units": ("u",),
    "pipeline": ("max_logical_ports",),
    "engine": ("aux_ports", "port_naming", "value"),
    "laser": ("aux_ports", "value"),
    "rate": ("rates",),
    "ports": ("ports",),
    "host": ("host_if",),
    "value": ("value", "typ", "max", "min"),
    "least": ("value", "typ", "max", "min"),
    "most": ("value", "typ", "max", "min"),
    "gpus": ("ports",),
    "modes": ("rates",),
    "osnr_min": ("osnr_min_db", "rx_avg_min_dbm"),
    "spacing": ("channel_ghz",),
    "penalty": ("cd_max_ps_nm", "pmd_max_ps"),
    "loss_max": ("il_max_db",),
    "window": ("rx_avg_min_dbm",),
    "dispersion": ("typ",),
    "pmd_coefficient": ("typ",),
    "effective_area": ("typ",),
    "latency": ("typ",),
}
"""Attribute as the catalogue prints it to the fields of the table that may hold its number."""

WORDS = frozenset(
    {
        *(
            "form_factor",
            "form_factor_a",
            "form_factor_z",
            "modulation",
            "pmd",
            "medium",
            "connector",
            "fec",
            "accepts",
        ),
        *("technology", "polarity", "grade", "subject", "conditions", "linear", "built_in", "airflow", "speaks"),
        *("features", "linear_host", "protocols"),
    }
)
"""Attributes without a number of their own."""

ELSEWHERE: dict[tuple[str, str], str] = {
    ("z9864f", "*cage_power*"): "the watts of every cage: the rows K005 and K006",
    ("*", "coherent penalty at pdl *"): "the note of its row",
    ("openzrp-400", "coherent tx_osnr"): "the note of its row",
    ("openzrp-400", "baud"): "60.138546798 Gbaud, to the kilobaud",
    ("*zr-02313lhh", "baud"): "478.75 Gb/s of the note, four bits to a symbol and two polarisations",
    ("open*", "lanes"): "one carrier of the row's rate",
    ("std-medium-gain", "*"): "the amplifier of the same file, which the row does not speak of",
    ("nzdf", "effective_area"): "the same file; the row has the standard fibre's",
    ("lof", "effective_area"): "the same file; the row has the standard fibre's",
    ("*", "channel_connections"): "two per patch panel of the row `panels`: 2 panels are 4 connections",
    ("*", "channel_connection_loss"): "the rows conn-mpo-low and conn-lc-b",
    (
        "*",
        "nic compute lanes",
    ): "what the line of modules for these cages runs on: four lanes of 100G (200G for XDR, 50G for HDR)",
    ("dgx-h100", "nic storage lanes"): "as its compute ports",
    ("dgx-h100", "nic inband lanes"): "as its compute ports",
    ("ufm-appliance", "nic fabric ports"): "the one port that the reference design cables",
    ("mca4j80", "lanes"): "the line sells it between twin-port cages, which have eight",
    ("mca4k50", "lanes"): "the line sells it between twin-port cages, which have eight",
    ("osfp-800g-aec", "lanes"): "800G in lanes of 100G",
    ("ds4101", "lanes"): "2x400G on eight lanes",
    ("qm9700", "breakout"): "64 ports of 400G in 32 cages",
    ("qm9790", "breakout"): "64 ports of 400G in 32 cages",
    ("q3400-ra", "breakout"): "144 ports of 800G in 72 cages",
    ("q3450-ld", "breakout"): "144 ports of 800G",
    ("as9726-32d", "breakout"): "its port file lists ports of 400G only",
    ("q3450-ld", "laser"): "18 laser modules for 144 ports: 8 each",
    ("q3450-ld", "lanes"): "XDR: four lanes of 200G to a port, as the rows of 800GBASE-DR4",
    ("gb200-nvl72-tray", "nic storage lanes"): "NDR200: two lanes of 100G",
    ("hgx-h100-cx7", "nic compute modes"): "200G on a 1:2 splitter lights two lanes: the rows of the 400G modules",
    ("gb300-nvl72-tray", "gpus"): "the components page; the row speaks of the ConnectX-8 alone",
}
"""Numbers that rest on a known document, and on no field of their own row."""

NUMBER = re.compile(r"(?<![\w.])[-<>=]*\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)


MODE = re.compile(r"\d+x\d+(?=$|[^\dx])")


class Row:
    """One line of the table."""

    def __init__(self, line: dict[str, str]) -> None:
        self.table, self.id, self.field = line["table"], line["id"], line["field"]
        self.value, self.source, self.confidence = line["value"], line["source"].lower(), line["confidence"]


@cache
def rows() -> tuple[Row, ...]:
    with (FOLDER / "facts_long.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Row(line) for line in csv.DictReader(file))


@cache
def known_sources() -> frozenset[str]:
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(line["source_id"].lower() for line in csv.DictReader(file))


@cache
def rows_of_parts() -> dict[str, list[Row]]:
    """Return the lines that each part restates; a `reference` restates the row of its name."""
    parts: dict[tuple[str, str], tuple[str, ...]] = {
        (table, row): names for table, found in TABLES.items() for row, names in found.items()
    }
    result: dict[str, list[Row]] = defaultdict(list)
    for row in rows():
        for name in (*parts.get((row.table, row.id), ()), *((row.id,) if row.table == "fibre" else ())):
            result[name].append(row)
    return result


def numbers(text: str) -> set[Decimal]:
    """Return every number in a text; `OM3:70` and `8x100Gbps` give theirs, a sign counts, `<0.1` is 0.1."""
    spaced = re.sub(r"(?<=[\d.])x(?=\d)|[:;/=,()]|\.\.|(?<=\d)-(?=\d)|[a-z]{2,}(?=\d)", " ", text, flags=re.IGNORECASE)
    return {Decimal(found.lstrip("<>=")).normalize() for found in NUMBER.findall(spaced)}


def wanted(fact: PrintedFact) -> set[Decimal]:
    """Return the numbers of a fact; the unit of a figure to look up may have some of its own."""
    return numbers(fact.text.split()[0] if key_of(fact) in ("value", "least", "most") else fact.text)


def kilo(found: set[Decimal]) -> set[Decimal]:
    """Return numbers with what they are in thousands, and in each other's products and quotients: 8 x 100 is 800."""
    return (
        found
        | {a * b for a in found for b in found if 1 < a <= 144 and b > 1}
        | {(a / b).normalize() for a in found for b in found if b and a > b}
    )


def key_of(fact: PrintedFact) -> str:
    words = fact.name.split()
    if fact.name == "pmd" and "ps/" in fact.text:
        return "pmd_coefficient"
    if words[0] == "nic":
        return {"ports": "ports", "rate": "rate", "lanes": "lanes", "accepts": "accepts"}.get(words[-1], words[-1])
    if words[0] in ("coherent", "variant"):
        return words[1] if words[0] == "coherent" else words[2]
    return words[-1] if words[0] in ("over", "faces") else words[0]


def in_grade(row: Row, fact: PrintedFact) -> str:
    """Return what a field says of the grade of fibre that a fact is about: `OM3:70;OM4:100` over om4 is `100`."""
    words = fact.name.split()
    grade = words[1].upper().replace("INDOOR-OUTDOOR", "0.5DB/KM") if words[0] == "over" else ""
    pieces = dict(piece.split(":", 1) for piece in row.value.split(";") if ":" in piece)
    named = {key.strip().upper(): text for key, text in pieces.items()}
    return named.get(grade, row.value if not named or not grade else "")


def is_elsewhere(part: str, fact: PrintedFact) -> bool:
    return any(fnmatchcase(part, name) and fnmatchcase(fact.name, fact_name) for name, fact_name in ELSEWHERE)


def complaint(part: str, fact: PrintedFact) -> str | None:
    """Return what is wrong with a number of a part: no row has it, or a row has it with another source."""
    key = key_of(fact)
    fields = FIELDS.get(key)
    if fields is None:
        return f"{part}.{fact.name}: the test knows no field for `{key}`"
    own = [row for row in rows_of_parts().get(part, []) if row.field in fields]
    from_source = [row for row in rows() if row.source == fact.source]
    same = [row for row in own if row.source == fact.source]
    candidates = same or own or from_source
    if key == "breakout":
        found = {mode for row in candidates for mode in MODE.findall(row.value)}
        is_there = set(MODE.findall(fact.text)) <= found
    else:
        text = {number for row in candidates for number in numbers(in_grade(row, fact))}
        is_there = wanted(fact) <= (kilo(text) if key in ("lanes", "rate", "cages") else text)
    if is_there:
        return None
    near = "; ".join(f"{row.field} = {row.value} ({row.source})" for row in own) or "no row"
    return f"{part}.{fact.name} = {fact.text} ({fact.source}): {near}"


def test_every_number_is_one_of_the_table() -> None:
    found = [
        text
        for part in everything(standard())
        for fact in facts_of(part)
        if key_of(fact) not in WORDS
        and fact.source in known_sources()
        and wanted(fact)
        and not is_elsewhere(part.name, fact)
        and (text := complaint(part.name, fact)) is not None
    ]
    assert found == []


def test_no_number_is_firmer_than_its_row() -> None:
    firmness = {"standard": 0, "vendor-doc": 1, "secondary": 2, "unverified": 3}
    best: dict[str, int] = {}
    for row in rows():
        best[row.source] = min(best.get(row.source, 3), firmness[row.confidence])
    for source in standard().sources.values():
        if source.name in best:
            assert firmness[source.confidence] >= best[source.name], source.name
            assert source.confidence != "unverified", source.name


def test_sources_have_the_confidence_of_the_index() -> None:
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        index = {line["source_id"].lower(): line["confidence"] for line in csv.DictReader(file)}
    found = {name: source.confidence for name, source in standard().sources.items() if name in index}
    assert found == {name: index[name] for name in found}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_row_is_restated_or_left_out_with_a_reason(table: str) -> None:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        ids = [line[0] for line in reader]
    names = {part.name for part in everything(standard())}
    stated = {row for row, parts in TABLES[table].items() if parts}
    if table == "fibre":
        stated |= {row for row in ids if row in names}
    left = left_out().get(table, {})
    assert [row for row in ids if row not in stated and row not in left] == []
    assert [row for row in (*stated, *left) if row not in ids] == []
    assert sorted(stated & set(left)) == []
    assert all(reason for reason in left.values())


def test_every_part_of_the_map_exists() -> None:
    names = {part.name for part in everything(standard())}
    assert [name for found in TABLES.values() for parts in found.values() for name in parts if name not in names] == []


def test_what_is_elsewhere_is_in_the_library() -> None:
    facts = [(part.name, fact.name) for part in everything(standard()) for fact in facts_of(part)]
    unused = [key for key in ELSEWHERE if not any(fnmatchcase(a, key[0]) and fnmatchcase(b, key[1]) for a, b in facts)]
    assert unused == []


def test_a_mistyped_number_is_found() -> None:
    part = standard().transceivers["qsfp-dd-400g-dr4"]
    sound = next(fact for fact in facts_of(part) if fact.name == "tx_min")
    assert complaint(part.name, sound) is None
    wrong = PrintedFact(sound.name, "-2.8dBm", sound.source, sound.confidence)
    assert complaint(part.name, wrong) == ("qsfp-dd-400g-dr4.tx_min = -2.8dBm (ec-dr4): tx_avg_min_dbm = -2.9 (ec-dr4)")


def test_host_ports_are_those_of_the_table() -> None:
    by_port: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows():
        if row.table == "host_ports":
            by_port[row.id][row.field] = row.value
    nic = standard().servers["dgx-h100"].nic("compute")
    assert nic is not None
    stated = {(port.cage, f"P{port.bore}", str(port.gpu), port.device) for port in nic.ports}
    assert stated == {(row["cage"], row["bore"], row["gpu"], row["rdma_dev"]) for row in by_port.values()}
