"""Link classes, and the cages that classes share."""

from __future__ import annotations

import numpy as np

from optidsl.optics import classify
from optidsl.optics.classify import views
from tests.support import designs
from tests.support.links import placed_with
from tests.support.parts import dr4, pair, tables_of


def test_one_class_per_segment_and_groups_with_its_extremes() -> None:
    design = pair([dr4()])
    context = designs.context()
    placed = placed_with(tables_of(design, context), [20_000, 40_000])
    placed.lengths.required_mm[1] = 12_000
    classes = classify(design, placed)
    assert [each.name for each in classes] == ["compute: server -- leaf", "compute: leaf -- spine"]
    assert (classes[0].shortest_mm, classes[0].longest_mm) == (12_000, 20_000)
    assert classes[1].links.tolist() == list(range(4, 8))


def test_links_inside_a_rack_are_a_class_of_their_own() -> None:
    design = pair([dr4()])
    context = designs.context()
    placed = placed_with(tables_of(design, context), 20_000)
    placed.lengths.is_same_rack[0] = True
    assert [each.name for each in classify(design, placed)][:2] == [
        "compute: server -- leaf (between racks)",
        "compute: server -- leaf (same rack)",
    ]


def test_every_link_is_in_exactly_one_class() -> None:
    design = designs.superpod(1)
    context = designs.context()
    placed = placed_with(tables_of(design, context), 20_000)
    rows = np.concatenate([each.links for each in classify(design, placed)])
    assert sorted(rows.tolist()) == list(range(len(placed.tables.links.segment)))


def test_classes_that_share_a_cage_share_its_slot_and_count_it_once() -> None:
    # 31 nodes leave ports on the last leaves: fabric managers share twin-port cages with nodes there.
    design = designs.superpod(1)
    context = designs.context()
    placed = placed_with(tables_of(design, context), 20_000)
    dgx, ufm, up = views(design, placed)
    assert dgx.z_slot == ufm.z_slot
    assert dgx.a_slot != ufm.a_slot
    assert up.a_slot not in (dgx.z_slot, dgx.a_slot)
    every = np.concatenate([dgx.z_owned, ufm.z_owned])
    assert len(np.unique(every)) == len(every) == len(np.union1d(dgx.z.cages, ufm.z.cages))


def test_rails_of_a_twin_port_cage_are_not_bore_aligned_and_straight_uplinks_are() -> None:
    design = designs.superpod(1)
    context = designs.context()
    placed = placed_with(tables_of(design, context), 20_000)
    dgx, _, up = views(design, placed)
    assert not dgx.is_bore_aligned
    assert up.is_bore_aligned
