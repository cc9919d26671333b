"""plan.json: the same plan back, the same bytes always, clear words for anything else."""

from __future__ import annotations

import json
import re
import time

import jsonschema
import pytest

from optidsl.diag import UsageError
from optidsl.plan.io import content_hash, dump, load
from optidsl.plan.schema import json_schema
from tests.support import frozen

PLANS = {
    "clos": frozen.clos().freeze(),
    "numbered": frozen.clos(mode="numbered").freeze(),
    "rails": frozen.rails().freeze(),
}


@pytest.mark.parametrize("name", PLANS)
def test_load_gives_the_plan_back(name: str) -> None:
    text = dump(PLANS[name])
    again = load(text)
    assert dump(again) == text
    assert again.header == PLANS[name].header
    assert again.parts == PLANS[name].parts
    assert again.devices.name == PLANS[name].devices.name
    assert (again.links.ordered_mm == PLANS[name].links.ordered_mm).all()


def test_each_column_is_one_line() -> None:
    text = dump(PLANS["clos"])
    for name in PLANS["clos"].links.__dataclass_fields__:
        if name == "assembly":  # no cable of this plan has several far ends
            continue
        assert len(re.findall(rf'^    "{name}": \[.*\],?$', text, re.MULTILINE)) >= 1, name
    assert json.loads(text)["links"]["a_port"][:2] == [0, 0]


def test_dump_does_not_depend_on_when_or_how_often() -> None:
    first = dump(frozen.clos().freeze())
    assert first == dump(frozen.clos().freeze())
    assert content_hash(first) == content_hash(dump(load(first)))
    assert re.fullmatch("[0-9a-f]{64}", content_hash(first))


def test_names_outside_ascii_are_kept() -> None:
    plan = PLANS["clos"]
    header = plan.header.model_copy(update={"title": 'Größe "7"\nλ'})
    text = dump(type(plan)(header, *(getattr(plan, name) for name in list(plan.__dataclass_fields__)[1:])))
    assert "Größe" in text
    assert load(text).header.title == 'Größe "7"\nλ'


def edited(**changes: object) -> str:
    content = json.loads(dump(PLANS["clos"]))
    for path, value in changes.items():
        *steps, last = path.split("__")
        place = content
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the plan is damaged: it is not JSON at line 1"),
        ("{\n  oops", "the plan is damaged: it is not JSON at line 2"),
        ("[]", "this is not a plan: it has no `header`"),
        ('{"header": 3}', "this is not a plan: it has no `header`"),
        (
            edited(header__schema_version="2.0"),
            "the plan has schema version 2.0; this program reads 1.0: compile it again",
        ),
        (
            edited(header__schema_version=None),
            "the plan has schema version none; this program reads 1.0: compile it again",
        ),
        (edited(extra=1), "the plan is damaged: `extra`: extra inputs are not permitted"),
        (edited(bom=None), "the plan is damaged: `bom`: field required"),
        (edited(racks__0__units="48"), "the plan is damaged: `racks.0.units`: input should be a valid integer"),
        (edited(links__rail=None), "the plan is damaged: `links` lacks the column `rail`"),
        (edited(links__colour=[1]), "the plan is damaged: `links` has an unknown column `colour`"),
        (edited(links__rail=[1]), "the plan is damaged: column `links.rail` has 1 values, others 32"),
        (edited(links__rail=7), "the plan is damaged: column `links.rail` is not a list"),
        (
            edited(devices__key=[1] * 22),
            "the plan is damaged: column `devices.key` holds something other than strings",
        ),
        (
            edited(devices__unit=[True] * 22),
            "the plan is damaged: column `devices.unit` holds something other than whole numbers",
        ),
        (
            edited(devices__unit=[2**40] * 22),
            "the plan is damaged: column `devices.unit` holds a number beyond int32",
        ),
        (edited(devices=None), "the plan is damaged: `devices` is not an object of columns"),
        (
            edited(links__a_device=[99] * 32),
            "the plan is damaged: `links.a_device` row 0 is 99, outside 0..21",
        ),
        (
            edited(classes__0__fiber="mm-lc"),
            "the plan is damaged: classes.0 names the part `mm-lc`, which is not in parts",
        ),
        (
            edited(classes__0__fiber=""),
            "the plan is damaged: classes.0 has neither a direct-attach cable nor two modules and a fibre",
        ),
        (
            edited(groups__1__first=3),
            "the plan is damaged: group `compute.leaf` begins at device 3, expected 16",
        ),
        (
            edited(fabrics__0__counts=[4]),
            "the plan is damaged: the tiers of fabric `compute` have counts, down or up of another length",
        ),
    ],
)
def test_damage_is_told(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(text)
    assert str(caught.value) == message


def test_schema_accepts_plans_and_refuses_others() -> None:
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for plan in PLANS.values():
        assert list(validator.iter_errors(json.loads(dump(plan)))) == []
    assert list(validator.iter_errors(json.loads(edited(racks__0__units="48"))))
    assert list(validator.iter_errors(json.loads(edited(links__rail=None))))


def test_fifty_thousand_links_are_written_and_read_quickly() -> None:
    plan = frozen.clos(512, 32, 16_384, uplinks=2, rack_pitch_mm=0).freeze()
    start = time.process_time()
    text = dump(plan)
    written = time.process_time()
    load(text)
    assert len(plan.links.segment) == 49_152
    assert written - start < 1.0
    assert time.process_time() - written < 1.5
