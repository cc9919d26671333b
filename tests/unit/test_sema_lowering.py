"""What a program says arrives in the records of the design, in their units."""

from __future__ import annotations

from fractions import Fraction
from importlib import metadata

import pytest

from optidsl.schema.emitters import EMITTER_GROUP
from optidsl.sema.design import Affine, Metric
from tests.support.programs import design_of, elaborate_text

SITE = """
  site dc1 {
    title = "Data centre 1"
    power <= 480kW
    pue = 1.25 ± 0.05
    hall h1 {
      row_pitch = 3m, rack_pitch = 0.6m
      tray { drop = 1.2m, slack = 5% }
      row a {
        rack gpu[1..4] { units = 48U, power <= 44kW }
        rack mgmt { units = 42U }
      }
      row b { rack net["x", "y"] { units = 48U } }
    }
    hall h2 { row_pitch = 3m, rack_pitch = 0.6m, tray { drop = 1m, dress = 0.5m } }
    pathway { from = h1, to = h2, length = 80m }
  }
"""
NODES = """
  node gpu[1..16] {
    model = box
    place { at = dc1.h1.a.gpu, per_rack = 4, spread = row, fill = top_down, start = 5U }
  }
"""
FABRIC = """
  fabric compute {
    kind = clos, protocol = infiniband
    endpoints = gpu.nic.compute
    oversubscription <= 2:1
    planes = 2
    tier leaf { model = sw, count <= 8, place { at = dc1.h1.b.net["y"] } }
    tier spine { model = sw, down = 32, up = 0 }
    connect leaf -- spine { rate = 400Gbps, medium in [multimode, singlemode], length <= 50m, parallel = 2 }
  }
"""


def test_place() -> None:
    design = design_of(SITE, uses="")
    (site,) = design.sites
    assert (str(site.address), site.title, site.power_mw.upper) == ("spec.dc1", "Data centre 1", 480_000_000)
    assert (site.pue_low, site.pue_high) == (Fraction(6, 5), Fraction(13, 10))
    first, second = site.halls
    assert (first.row_pitch_mm, first.rack_pitch_mm) == (3000, 600)
    assert (first.tray.drop_mm, first.tray.slack, first.tray.dress_mm) == (1200, Fraction(1, 20), 300)
    assert second.tray.dress_mm == 500
    assert [str(row.address) for row in first.rows] == ["spec.dc1.h1.a", "spec.dc1.h1.b"]
    assert [(rack.keys, rack.units) for row in first.rows for rack in row.racks] == [
        ((1, 2, 3, 4), 48),
        ((), 42),
        (("x", "y"), 48),
    ]
    assert first.rows[0].racks[0].power_mw.upper == 44_000_000
    (path,) = site.pathways
    assert (str(path.a), str(path.z), path.length_mm) == ("spec.dc1.h1", "spec.dc1.h2", 80_000)


def test_nodes_and_their_place() -> None:
    design = design_of(SITE + NODES, uses="box")
    (gpu,) = design.nodes
    assert (gpu.name, gpu.model.name, gpu.keys) == ("gpu", "box", tuple(range(1, 17)))
    assert gpu.place is not None
    assert [str(rack) for rack in gpu.place.racks] == ["spec.dc1.h1.a.gpu"]
    assert (gpu.place.per_rack, gpu.place.spread, gpu.place.fill) == (4, "row", "top_down")
    assert (gpu.place.start_unit, gpu.place.rack_keys) == (5, None)


def test_a_hall_stands_for_its_racks() -> None:
    design = design_of(SITE + "node n[1..2] { model = box, place { at = dc1.h1 } }", uses="box")
    assert design.nodes[0].place is not None
    assert [rack.parts[-1] for rack in design.nodes[0].place.racks] == ["gpu", "mgmt", "net"]


def test_fabric() -> None:
    design = design_of(SITE + NODES + FABRIC)
    (fabric,) = design.fabrics
    assert (fabric.name, fabric.kind, fabric.protocol, fabric.planes) == ("compute", "clos", "infiniband", 2)
    assert (fabric.oversubscription.value, fabric.oversubscription.upper) == (None, 2)
    assert [(e.node, e.nic) for e in fabric.endpoints] == [(0, "compute")]
    leaf, spine = fabric.tiers
    assert (leaf.name, leaf.count.upper, leaf.count.value) == ("leaf", 8, None)
    assert leaf.model.value is not None
    assert leaf.model.value.name == "sw"
    assert leaf.place is not None
    assert leaf.place.rack_keys == ("y",)
    assert (spine.down.value, spine.up.value, spine.place) == (32, 0, None)
    assert fabric.tier_count.value == 2


def test_every_pair_of_neighbours_has_a_connect() -> None:
    design = design_of(SITE + NODES + FABRIC)
    edge, core = design.fabrics[0].connects
    assert (edge.a, edge.z, edge.rate_mbps.is_open, edge.connections) == ("endpoints", "leaf", True, 2)
    assert (core.a, core.z, core.rate_mbps.value) == ("leaf", "spine", 400_000)
    assert core.medium.options == ("multimode", "singlemode")
    assert (core.length_mm.upper, core.length_mm.value, core.parallel.value) == (50_000, None, 2)


def test_slots_say_where_they_were_written() -> None:
    design = design_of(SITE + NODES + FABRIC)
    leaf = design.fabrics[0].tiers[0]
    assert leaf.count.span is not None
    assert leaf.count.span.end - leaf.count.span.start == len("count <= 8")
    assert leaf.down.span is None


def test_rules_have_defaults() -> None:
    design = design_of("", uses="")
    expected = {"reach": "stop", "loss": "stop", "overload": "warn", "cage_power": "stop", "rack_power": "warn"}
    expected |= {"features": "warn", "linear": "stop"}
    assert expected.items() <= design.policy.unknown.items()
    assert (design.policy.margin_mdb.lower, design.policy.origin) == (0, None)
    assert (design.addressing.loopback, design.addressing.mode, design.addressing.mtu) == (
        "10.250.0.0/16",
        "unnumbered",
        9216,
    )
    assert (design.asn.leaf_first, design.asn.leaf_last) == (4_200_001_000, 4_200_009_999)
    assert design.naming.switch == "{fabric}-{tier}{index:03}"
    assert design.emit is None


def test_rules_as_written() -> None:
    design = design_of(
        """
        emit = [bom, "cabling"]
        policy {
          optic_skus <= 3, margin >= 1.5dB, form_factors in [osfp, "qsfp112"]
          unknown { reach = warn }
        }
        addressing { loopback = 10.9.0.0/16, mode = numbered }
        asn { spine = 65000, leaf = 65001..65100 }
        naming { switch = "{site}-{index:03}{{x}}" }
        """,
        uses="",
    )
    assert design.emit == ("bom", "cabling")
    assert (design.policy.optic_skus.upper, design.policy.margin_mdb.lower) == (3, 1500)
    assert design.policy.form_factors.options == ("osfp", "qsfp112")
    assert (design.policy.unknown["reach"], design.policy.unknown["loss"]) == ("warn", "stop")
    assert design.addressing.loopback == "10.9.0.0/16"
    assert (design.asn.spine, design.asn.leaf_first, design.asn.leaf_last) == (65000, 65001, 65100)
    assert design.naming.switch == "{site}-{index:03}{{x}}"


def test_names_of_instances_are_unique() -> None:
    design = design_of(
        """
        component Pod {
          node gpu[1..4] { model = box }
          fabric f { kind = clos, protocol = ethernet, endpoints = gpu.nic.compute, tier leaf { model = sw } }
          require f.leaf.count <= 2
        }
        for p in 1..2 { Pod "pod{p}" { } }
        """
    )
    assert [node.name for node in design.nodes] == ["pod1.gpu", "pod2.gpu"]
    assert [fabric.name for fabric in design.fabrics] == ["pod1.f", "pod2.f"]
    assert [r.conditions[0].expression.terms[0][0].name for r in design.requirements] == [
        "fabric.pod1.f.tier.leaf.count",
        "fabric.pod2.f.tier.leaf.count",
    ]
    assert len(design.nodes[0].origin.via) == 2  # the loop, then the instance


def test_racks_of_a_component_stand_in_its_row() -> None:
    design = design_of(
        """
        component Bank { rack gpu[1..2] { units = 48U } }
        site dc { hall h {
          row_pitch = 3m, rack_pitch = 60cm, tray { drop = 1m }
          row a { Bank "left" { }, rack net { units = 48U }, Bank "right" { } }
        } }
        """,
        uses="",
    )
    assert [str(rack.address) for rack in design.sites[0].halls[0].rows[0].racks] == [
        "spec.dc.h.a.left.gpu",
        "spec.dc.h.a.net",
        "spec.dc.h.a.right.gpu",
    ]


def _conditions(text: str) -> list[tuple[Affine, str]]:
    design = design_of(text, uses="")
    return [(c.expression, c.relation) for requirement in design.requirements for c in requirement.conditions]


def test_conditions_are_in_base_units() -> None:
    assert _conditions("require power.optics <= 2kW") == [
        (Affine(Fraction(2_000_000), ((Metric("power.optics"), Fraction(-1)),)), ">=")
    ]
    assert _conditions("require cables.length / 2 > 3km") == [
        (Affine(Fraction(-3_000_000), ((Metric("cables.length"), Fraction(1, 2)),)), ">")
    ]


def test_terms_of_one_quantity_are_joined() -> None:
    assert _conditions("require cables.count + cables.count - optics.count <= 4") == [
        (
            Affine(Fraction(4), ((Metric("cables.count"), Fraction(-2)), (Metric("optics.count"), Fraction(1)))),
            ">=",
        )
    ]


def test_terms_that_cancel_are_decided_now() -> None:
    assert _conditions("require cables.count - cables.count <= 4") == []


def test_a_tolerance_gives_its_worst_corner() -> None:
    found = _conditions("let extra = 2kW ± 1kW\nrequire power.optics + extra <= 10kW")
    assert found == [(Affine(Fraction(7_000_000), ((Metric("power.optics"), Fraction(-1)),)), ">=")]


def test_a_factor_with_a_tolerance_gives_every_corner() -> None:
    found = _conditions("let pue = 1.2..1.4\nrequire power.it * pue <= 10kW")
    assert sorted(expression.terms[0][1] for expression, _ in found) == [Fraction(-7, 5), Fraction(-6, 5)]


def test_preferences_have_weights_and_objectives_an_order() -> None:
    design = design_of(
        """
        prefer few: bom.optics.skus <= 2 { weight = 3 }
        require soft: cables.count <= 9 { severity = warn, because = "trays" }
        maximize cables.count
        minimize power.optics
        """,
        uses="",
    )
    few, soft = design.requirements
    assert (few.name, few.weight, few.is_warning) == ("few", 3, False)
    assert (soft.weight, soft.is_warning, soft.because) == (None, True, "trays")
    assert [objective.text for objective in design.objectives] == ["maximize cables.count", "minimize power.optics"]
    assert design.objectives[0].expression.terms == ((Metric("cables.count"), Fraction(-1)),)


def test_params_are_recorded() -> None:
    design = design_of("param su: Int in 1..4 = 1\nrequire cables.count <= su", uses="", params={"su": "1 + 2"})
    assert [(param.name, param.value) for param in design.params] == [("su", "3")]


@pytest.mark.parametrize("lanes", ["2000x100Gbps", "8x2000000Gbps"])
def test_lanes_beyond_any_port(lanes: str) -> None:
    _, context = elaborate_text(f"let lanes = {lanes}\nassert lanes == 1x1Gbps", uses="")
    assert [(found.name, found.message) for found in context.sink.sorted()] == [
        ("out-of-range", f"`{lanes}` is beyond any port: at most 1024 lanes of 1 Pbps make sense")
    ]


def test_a_param_of_many_digits_is_refused_shortly() -> None:
    _, context = elaborate_text("param n: Int = 3\nassert n > 0", uses="", params={"n": "9" * 6000})
    (found,) = context.sink.sorted()
    assert found.name == "bad-param"
    assert found.message == f"the value of param `n` is not one expression: `{'9' * 60}…`"
    assert found.notes == ("a number of 6,000 characters is too long: at most 100",)


def test_an_installed_emitter_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint("netbox", "nowhere:Emitter", EMITTER_GROUP)
    monkeypatch.setattr(metadata, "entry_points", lambda group: (point,) if group == EMITTER_GROUP else ())
    assert design_of("emit = [bom, netbox]", uses="").emit == ("bom", "netbox")
