"""Rules, lint, search and descriptions over a small catalogue."""

from __future__ import annotations

import json

from optidsl.catalog import build_catalog
from optidsl.catalog.lint import count_by_confidence, lint
from optidsl.catalog.parts import Catalog
from optidsl.catalog.rules import rules_about, selects
from optidsl.catalog.search import search
from optidsl.catalog.show import describe, describe_json, suggest
from optidsl.diag import Sink
from optidsl.schema.entity import Entity
from tests.support.entities import attr, entity, module, source, switch


def rule(name: str, kind: str, a: str, b: str, verdict: str = "forbidden") -> Entity:
    return entity(
        "rule", name, cite="sheet", kind=f"'{kind}", a=f"'{a}", b=f"'{b}", verdict=f"'{verdict}", reason="'because"
    )


def catalog_of(*entities: Entity) -> Catalog:
    sink = Sink()
    made = build_catalog([source("sheet"), source("blog", "secondary"), *entities], sink)
    assert sink.sorted() == []
    return made


def over(grade: str, reach: str, loss: str | None = None) -> Entity:
    attrs = {"reach": reach} | ({} if loss is None else {"loss": loss})
    return entity("over", grade, cite="sheet", **attrs)


TWIN = module("twin", over("os2", "500m", "3.0dB"), bores=attr(2), tx_min="-2.9dBm", rx_min="-5.9dBm")
SINGLE = module("single", over("os2", "100m"), lanes="4x100Gbps", form_factor="'osfp-rhs", vendor="'ACME")
SLOW = module("slow", lanes="8x50Gbps", pmd="'400g-sr8")


def test_selector_words_all_hold() -> None:
    parts = catalog_of(TWIN, SINGLE).transceivers
    assert selects("transceiver bores=1 lanes=4x100Gbps form_factor=osfp-rhs", parts["single"])
    assert not selects("transceiver bores=1 lanes=4x100Gbps form_factor=osfp-rhs", parts["twin"])
    assert selects("twin", parts["twin"])
    assert not selects("switch_model", parts["twin"])
    assert selects("vendor=ACME protocols=ethernet lane=100Gbps", parts["single"])


def test_facing_rules_hold_both_ways_and_cage_rules_do_not() -> None:
    faces = rule("f", "faces", "lane=100Gbps", "lane=50Gbps")
    cage = rule("c", "in-cage", "transceiver bores=1", "switch_model")
    catalog = catalog_of(TWIN, SLOW, SINGLE, switch("box"), faces, cage)
    twin, slow, single = (catalog.transceivers[name] for name in ("twin", "slow", "single"))
    box = catalog.switches["box"]
    assert [r.name for r in rules_about(catalog, "faces", twin, slow)] == ["f"]
    assert [r.name for r in rules_about(catalog, "faces", slow, twin)] == ["f"]
    assert rules_about(catalog, "faces", twin, single) == ()
    assert [r.name for r in rules_about(catalog, "in-cage", single, box)] == ["c"]
    assert rules_about(catalog, "in-cage", twin, box) == ()
    assert rules_about(catalog, "in-cage", box, single) == ()


def test_sound_catalogue_has_no_findings() -> None:
    catalog = catalog_of(TWIN, SINGLE, switch("box"), rule("r", "in-cage", "single", "box"))
    assert lint(catalog) == []


def test_budget_law() -> None:
    off = module("off", over("os2", "500m", "3.1dB"), tx_min="-2.9dBm", rx_min="-5.9dBm")
    found = lint(catalog_of(off))
    assert [str(finding) for finding in found] == [
        "off: rx_min = -5.9 dBm, and tx_min - loss over os2 is -6 dBm [budget]"
    ]


def test_budget_law_needs_all_three_numbers() -> None:
    assert lint(catalog_of(module("m", over("os2", "500m", "3.1dB"), tx_min="-2.9dBm"))) == []


def test_number_without_a_source() -> None:
    found = lint(catalog_of(module("m", power_max=attr("9W"))))
    assert [str(finding) for finding in found] == ["m: power_max = 9W has no source [unsourced]"]


def test_confidence_above_the_source() -> None:
    found = lint(catalog_of(module("m", power_max=attr("9W", "blog", "vendor-doc"))))
    assert [str(finding) for finding in found] == [
        "m: power_max claims to be vendor-doc, and its source blog is secondary [firmer-than-source]"
    ]


def test_zero_dbm_is_a_level_and_zero_decibel_is_a_blank() -> None:
    found = lint(catalog_of(module("m", over("os2", "500m", "0dB"), tx_max="0dBm")))
    assert [finding.check for finding in found] == ["zero"]


def test_rules_and_faces_name_parts_that_exist() -> None:
    far = module("m", entity("faces", "ghost", cite="sheet", reach="1m"))
    found = lint(catalog_of(far, rule("r", "in-cage", "spirit", "switch_model")))
    assert [str(finding) for finding in found] == [
        "m: there is no transceiver ghost [faces]",
        "r: there is no part or kind spirit [selector]",
    ]


def test_counts_by_confidence() -> None:
    assert count_by_confidence(catalog_of(module("m", cite="blog", power_max=attr("9W")))) == {
        "secondary": 6,
        "design": 1,
    }


def test_search_takes_every_word() -> None:
    catalog = catalog_of(TWIN, SINGLE, SLOW, switch("box"))
    assert [hit.name for hit in search(catalog, "dr4 OSFP-RHS")] == ["single"]
    assert [hit.name for hit in search(catalog, "acme")] == ["single"]
    assert [(hit.name, hit.kind) for hit in search(catalog, "ethernet box")] == [("box", "switch_model")]
    assert search(catalog, "dr4 nonsense") == []
    assert len(search(catalog, "")) == 4


def test_search_puts_names_first() -> None:
    catalog = catalog_of(module("a-slow"), SLOW, module("slower"))
    assert [hit.name for hit in search(catalog, "slow")] == ["slow", "slower", "a-slow"]


def test_search_summary_has_the_figures() -> None:
    hits = search(catalog_of(TWIN), "twin")
    assert hits[0].summary == "osfp, 2x 400g-dr4, mpo-12-apc, 500m os2"


def test_description_has_unit_source_and_confidence() -> None:
    text = describe(catalog_of(TWIN, rule("r", "in-cage", "twin", "switch_model")), "twin")
    assert text is not None
    lines = text.splitlines()
    assert lines[0] == "twin  (transceiver)"
    assert "  over os2 loss   3dB         vendor-doc  sheet" in lines
    assert "  tx_min          -2.9dBm     vendor-doc  sheet" in lines
    assert "  forbidden: twin in-cage switch_model: because (sheet)" in lines
    assert lines[-1] == "  sheet (vendor-doc): Sheet of sheet"


def test_description_as_json() -> None:
    text = describe_json(catalog_of(SINGLE), "single")
    assert text is not None
    document = json.loads(text)
    assert document["kind"] == "transceiver"
    reach = {"name": "over os2 reach", "value": "100m", "source": "sheet", "confidence": "vendor-doc"}
    assert reach in document["facts"]


def test_unknown_part() -> None:
    catalog = catalog_of(TWIN, SINGLE)
    assert describe(catalog, "twim") is None
    assert describe_json(catalog, "twim") is None
    assert suggest(catalog, "twim") == "twin"
    assert suggest(catalog, "something-else-entirely") is None
